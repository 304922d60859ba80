import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("directory", "0021_kept"), ("sync", "0021_change_in_columns"))

    operations = (
        migrations.CreateModel(
            name="SteadyState",
            fields=[
                (
                    "domain",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="steady",
                        serialize=False,
                        to="directory.domain",
                    ),
                ),
                ("place", models.CharField(max_length=64)),
                ("said", models.CharField(max_length=64)),
                ("imprint", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "run",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sync.run"),
                ),
            ],
        ),
    )
