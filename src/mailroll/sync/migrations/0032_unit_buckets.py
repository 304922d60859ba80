from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("sync", "0031_amended"),)

    operations = (
        migrations.CreateModel(
            name="UnitBucket",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("level", models.FloatField()),
                ("granted", models.FloatField()),
                ("rate", models.FloatField()),
                ("filled_at", models.DateTimeField()),
                ("paused_until", models.DateTimeField(null=True)),
            ],
        ),
    )
