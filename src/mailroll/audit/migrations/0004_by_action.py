"""The latest entries of one action are found by an index: few of a long trail are acts that could do harm."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("audit", "0003_others_apart"),)

    operations = (
        migrations.AddIndex(
            model_name="auditentry", index=models.Index(fields=["action", "-id"], name="audit_by_action")
        ),
    )
