"""A pause of removals is a row that says who and why, in place of a mark that nothing ever set."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = (("directory", "0015_retired_ending"),)

    operations = (
        migrations.CreateModel(
            name="Pause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "domain",
                    models.ForeignKey(
                        "directory.domain",
                        django.db.models.deletion.CASCADE,
                        null=True,
                        blank=True,
                        related_name="pauses",
                        db_index=False,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        "directory.organization",
                        django.db.models.deletion.CASCADE,
                        null=True,
                        blank=True,
                        related_name="pauses",
                        db_index=False,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("actor", models.TextField()),
                ("reason", models.TextField()),
            ],
            options={
                "constraints": (
                    models.UniqueConstraint(fields=("domain", "organization"), name="pause_once", nulls_distinct=False),
                    models.CheckConstraint(
                        condition=Q(domain__isnull=True) | Q(organization__isnull=True), name="pause_of_one_thing"
                    ),
                ),
            },
        ),
        migrations.RemoveField("domain", "frozen"),
    )
