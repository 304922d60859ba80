"""Connections, sources, consent and uploads have moved to apps of their own, tables and rows with them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0001_initial"),
        ("directory", "0010_static_upload"),
        ("sync", "0008_import_runs"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="mailboxpurpose",
                    name="connection",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="purposes",
                        to="connections.connection",
                    ),
                ),
                migrations.AlterField(
                    model_name="sample",
                    name="connection",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="sample",
                        serialize=False,
                        to="connections.connection",
                    ),
                ),
                migrations.DeleteModel(name="CertificateDraft"),
                migrations.DeleteModel(name="ConsentAttempt"),
                migrations.DeleteModel(name="ConsentLink"),
                migrations.DeleteModel(name="Source"),
                migrations.DeleteModel(name="Connection"),
                migrations.DeleteModel(name="StaticUpload"),
            ],
        ),
    ]
