from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("sync", "0027_footing_hash"),)

    operations = (
        migrations.AddField(
            model_name="schedule",
            name="rung",
            field=models.PositiveIntegerField(default=0, db_default=0),
        ),
        migrations.AddField(
            model_name="schedule",
            name="failing",
            field=models.JSONField(null=True, blank=True),
        ),
    )
