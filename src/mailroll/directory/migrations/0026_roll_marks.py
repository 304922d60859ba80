"""Marks of whoever wrote a roll, left by triggers, and what a roll was when it was last looked through."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

_SQL = Path(__file__).with_name("0026_roll_marks.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = (("directory", "0025_names_by_shape"),)

    operations = (
        migrations.CreateModel(
            name="RollMark",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "domain",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="directory.domain",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RollSurvey",
            fields=[
                (
                    "domain",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="survey",
                        serialize=False,
                        to="directory.domain",
                    ),
                ),
                ("marks", models.TextField()),
                ("rows", models.TextField()),
            ],
        ),
        migrations.RunSQL(_SQL, "DROP FUNCTION directory_mark_roll() CASCADE"),
    )
