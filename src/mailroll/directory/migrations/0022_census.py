"""How many users each domain has, kept by triggers; organizations by name."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Lower

_SQL = Path(__file__).with_name("0022_census.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = (("directory", "0021_kept"),)

    operations = (
        migrations.CreateModel(
            name="Census",
            fields=[
                (
                    "domain",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="census",
                        serialize=False,
                        to="directory.domain",
                    ),
                ),
                ("users", models.BigIntegerField()),
                ("billable", models.BigIntegerField()),
                ("retired", models.BigIntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name="organization",
            index=models.Index(Lower("name"), name="organization_by_name"),
        ),
        migrations.AddIndex(
            model_name="organization",
            index=models.Index(fields=["name", "id"], name="organization_in_order"),
        ),
        migrations.RunSQL(_SQL, "DROP FUNCTION directory_keep_census() CASCADE"),
    )
