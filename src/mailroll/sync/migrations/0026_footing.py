from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("sync", "0025_since"),)

    operations = (
        migrations.AddField(model_name="steadystate", name="footing", field=models.JSONField(null=True)),
        migrations.AddField(model_name="steadystate", name="trace", field=models.BinaryField(null=True)),
        migrations.AddField(model_name="steadystate", name="left_out", field=models.BinaryField(null=True)),
    )
