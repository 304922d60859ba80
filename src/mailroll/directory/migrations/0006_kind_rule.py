"""The rule that decided a kind, with what it must have been for the users of before."""

from django.db import migrations, models

_BEFORE = """
    UPDATE directory_user
       SET kind_rule = CASE WHEN kind_by_hand THEN 'kind_by_hand'
                            WHEN kind = 'user' THEN 'licensed_mailbox'
                            ELSE 'no_mailbox_plan' END
     WHERE owner_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0005_retired_by_name")]

    operations = [
        migrations.AddField(
            model_name="user", name="kind_rule", field=models.TextField(blank=True, db_default="", default="")
        ),
        migrations.RunSQL(_BEFORE, migrations.RunSQL.noop),
    ]
