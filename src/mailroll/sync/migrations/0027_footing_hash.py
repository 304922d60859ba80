from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("sync", "0026_footing"),)

    operations = (
        migrations.AddField(
            model_name="steadystate",
            name="footing_hash",
            field=models.CharField(max_length=64, default="", db_default=""),
        ),
    )
