import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0001_initial"),
        ("sync", "0010_decisions_asked"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailboxAccess",
            fields=[
                (
                    "connection",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="mailbox_access",
                        serialize=False,
                        to="connections.connection",
                    ),
                ),
                ("grants", models.CharField(max_length=16)),
                ("refusal", models.JSONField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("asked_at", models.DateTimeField()),
            ],
        ),
    ]
