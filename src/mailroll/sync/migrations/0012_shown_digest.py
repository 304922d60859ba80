"""A run keeps the digest of the plan that people were shown, where less of it took effect."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sync", "0011_mailbox_access")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="shown_digest",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
