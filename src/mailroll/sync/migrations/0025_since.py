from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("sync", "0024_totals"),)

    operations = (
        migrations.AddField(model_name="steadystate", name="since", field=models.TextField(default="", db_default="")),
    )
