"""The table of uploads comes from `sync` with its rows."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0009_exemptions"),
        ("sync", "0008_import_runs"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="StaticUpload",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("name", models.TextField()),
                        ("content", models.BinaryField()),
                        ("uploaded_at", models.DateTimeField()),
                        (
                            "domain",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="static_uploads",
                                to="directory.domain",
                            ),
                        ),
                    ],
                    options={"db_table": "sync_staticupload"},
                ),
            ],
        ),
        migrations.AlterModelTable(name="staticupload", table=None),
    ]
