"""Servers tell where they listen."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gateway", "0004_missing_rows"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListeningPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("machine", models.TextField()),
                ("place", models.TextField()),
                ("told_at", models.DateTimeField()),
            ],
            options={
                "constraints": (models.UniqueConstraint(fields=("machine", "place"), name="place_once_a_machine"),),
            },
        ),
    ]
