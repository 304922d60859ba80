"""How many users a roll had at its stamp, by who keeps them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("directory", "0026_roll_marks"),)

    operations = (
        migrations.CreateModel(
            name="RollCount",
            fields=[
                (
                    "domain",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="counted",
                        serialize=False,
                        to="directory.domain",
                    ),
                ),
                ("stamp", models.TextField()),
                ("counts", models.JSONField()),
            ],
        ),
    )
