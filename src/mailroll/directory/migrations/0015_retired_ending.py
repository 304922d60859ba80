"""Fills in what 0014 made room for: a table whose rows have just changed cannot be altered in the same transaction."""

import idna
from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _note_u_labels(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    for model in ("Domain", "DomainAlias"):
        for row in apps.get_model("directory", model).objects.filter(name__contains="xn--"):
            row.unicode_name = idna.decode(row.name)
            row.save(update_fields=["unicode_name"])


class Migration(migrations.Migration):
    dependencies = (("directory", "0014_ending"),)

    operations = (
        # Not confirmed: the next reading that nobody doubts does that, and until then their mail is accepted.
        migrations.RunSQL(
            "UPDATE directory_address a SET ending_since = u.retired_at FROM directory_user u"
            " WHERE u.id = a.user_id AND u.domain_id = a.domain_id AND u.retired_at IS NOT NULL",
            migrations.RunSQL.noop,
        ),
        migrations.RunPython(_note_u_labels, migrations.RunPython.noop),
    )
