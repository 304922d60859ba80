"""Confirms what ends of users made by hand: no reading ever would."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("directory", "0018_has_source"),)

    operations = (
        migrations.RunSQL(
            "UPDATE directory_address a SET confirmed_at = a.ending_since FROM directory_user u"
            " WHERE u.id = a.user_id AND u.domain_id = a.domain_id AND u.owner_id IS NULL"
            " AND a.ending_since IS NOT NULL AND a.confirmed_at IS NULL",
            migrations.RunSQL.noop,
        ),
    )
