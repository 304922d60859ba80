"""What is kept of what gateways asked."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0017_keeps_asked"),
        ("gateway", "0001_functions"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("answer", models.TextField()),
                ("count", models.PositiveBigIntegerField()),
                (
                    "domain",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.domain",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("domain", "day", "answer"), name="answers_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Asker",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField()),
                ("name", models.TextField(blank=True, db_default="", default="")),
                ("last_at", models.DateTimeField()),
                (
                    "domain",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.domain",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("domain", "kind", "name"), name="asker_once_a_domain")],
            },
        ),
        migrations.CreateModel(
            name="KnownAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.TextField(db_collation="C")),
                ("last_on", models.DateField(db_index=True)),
                ("counts", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                (
                    "domain",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.domain",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("domain", "address"), name="known_once_a_domain")],
            },
        ),
        migrations.CreateModel(
            name="RefusedAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.TextField(db_collation="C")),
                ("watched", models.BooleanField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField(db_index=True)),
                ("count", models.PositiveBigIntegerField()),
                (
                    "domain",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.domain",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("domain", "address"), name="refused_once_a_domain")],
            },
        ),
    ]
