"""What is missing in the roll is kept for people to see."""

import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gateway", "0003_feed"),
    ]

    operations = [
        migrations.CreateModel(
            name="MissingRows",
            fields=[
                ("domain_id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("count", models.PositiveBigIntegerField()),
                ("sample", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
    ]
