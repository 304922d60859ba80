from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("sync", "0038_bucket_tries"),)

    operations = tuple(
        migrations.AddField(
            model_name="steadystate", name=name, field=models.CharField(max_length=64, default="", db_default="")
        )
        for name in ("ground", "beside")
    )
