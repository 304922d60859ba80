"""The trail's table comes from `accounts` with its rows: the models part first, then the table takes its new name."""

import django.db.models.fields.json
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0005_audit_by_user"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="AuditEntry",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("actor", models.TextField()),
                        ("organization", models.UUIDField(null=True)),
                        ("action", models.TextField()),
                        ("subject", models.TextField()),
                        ("details", models.JSONField(default=dict)),
                    ],
                    options={
                        "db_table": "accounts_auditentry",
                        "indexes": [
                            models.Index(fields=["organization", "-id"], name="audit_by_organization"),
                            models.Index(
                                django.db.models.fields.json.KeyTextTransform("user", "details"),
                                models.OrderBy(models.F("id"), descending=True),
                                name="audit_by_user",
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.AlterModelTable(name="auditentry", table=None),
    ]
