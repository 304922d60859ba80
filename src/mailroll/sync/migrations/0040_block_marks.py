from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("sync", "0039_ground_of_place"),)

    operations = (migrations.AddField(model_name="steadystate", name="marks", field=models.BinaryField(null=True)),)
