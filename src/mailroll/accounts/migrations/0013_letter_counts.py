"""Counts of letters, by sender, receiver and network."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_owned_secrets"),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterCount",
            fields=[
                ("key", models.CharField(db_collation="C", max_length=64, primary_key=True, serialize=False)),
                ("letters", models.PositiveIntegerField()),
                ("began_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
