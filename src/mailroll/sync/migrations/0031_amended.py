from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("sync", "0030_quiet_spell"),)

    operations = (migrations.AddField(model_name="steadystate", name="amended", field=models.JSONField(null=True)),)
