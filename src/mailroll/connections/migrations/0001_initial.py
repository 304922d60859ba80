"""The tables come from `sync` with their rows: the models part first, then each table takes its new name."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directory", "0010_static_upload"),
        ("sync", "0008_import_runs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Source",
                    fields=[
                        (
                            "owner",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="source",
                                serialize=False,
                                to="directory.owner",
                            ),
                        ),
                        ("kind", models.TextField(db_default="microsoft365", default="microsoft365")),
                        ("tenant", models.TextField(blank=True, db_default="", default="")),
                        ("group", models.TextField()),
                        ("precedence", models.PositiveIntegerField()),
                        ("enabled", models.BooleanField(db_default=True, default=True)),
                        ("adopts", models.BooleanField(db_default=False, default=False)),
                        ("filter", models.JSONField(blank=True, null=True)),
                        ("groups", models.BooleanField(db_default=True, default=True)),
                        ("contacts", models.BooleanField(db_default=True, default=True)),
                        ("guests", models.BooleanField(db_default=False, default=False)),
                        ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "domain",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sources",
                                to="directory.domain",
                            ),
                        ),
                    ],
                    options={"db_table": "sync_source"},
                ),
                migrations.CreateModel(
                    name="Connection",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("kind", models.TextField()),
                        ("cloud", models.TextField()),
                        ("login_url", models.TextField()),
                        ("graph_url", models.TextField()),
                        ("ca_file", models.TextField(blank=True)),
                        ("tenant_id", models.TextField()),
                        ("client_id", models.TextField()),
                        ("credential_kind", models.TextField()),
                        ("sealed_credential", models.TextField(blank=True)),
                        ("hybrid", models.BooleanField(db_default=False, default=False)),
                        ("credential_ends_at", models.DateTimeField(blank=True, null=True)),
                        ("consent", models.JSONField(default=dict)),
                        ("health", models.JSONField(default=dict)),
                        ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="connections",
                                to="directory.organization",
                            ),
                        ),
                    ],
                    options={"db_table": "sync_connection"},
                ),
                migrations.CreateModel(
                    name="CertificateDraft",
                    fields=[
                        (
                            "source",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="draft",
                                serialize=False,
                                to="connections.source",
                            ),
                        ),
                        ("certificate", models.TextField()),
                        ("sealed_key", models.TextField()),
                        ("ends_at", models.DateTimeField()),
                        ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={"db_table": "sync_certificatedraft"},
                ),
                migrations.AddField(
                    model_name="source",
                    name="connection",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sources",
                        to="connections.connection",
                    ),
                ),
                migrations.CreateModel(
                    name="ConsentLink",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("token_hash", models.BinaryField(max_length=32, unique=True)),
                        ("sealed_token", models.TextField()),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("sent_to", models.TextField(blank=True)),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        ("opened_at", models.DateTimeField(blank=True, null=True)),
                        ("accepted_at", models.DateTimeField(blank=True, null=True)),
                        ("refused", models.JSONField(blank=True, null=True)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "domain",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.domain"
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links",
                                to="connections.source",
                            ),
                        ),
                    ],
                    options={"db_table": "sync_consentlink"},
                ),
                migrations.CreateModel(
                    name="ConsentAttempt",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("start", models.UUIDField(unique=True)),
                        ("origin", models.TextField()),
                        ("cloud", models.TextField()),
                        ("client_id", models.TextField()),
                        ("step", models.TextField()),
                        ("hand_over_hash", models.BinaryField(max_length=32, null=True, unique=True)),
                        ("signin_hash", models.BinaryField(max_length=32, null=True, unique=True)),
                        ("consent_hash", models.BinaryField(max_length=32, null=True, unique=True)),
                        ("browser_hash", models.BinaryField(max_length=32, null=True)),
                        ("sealed", models.TextField(blank=True)),
                        ("tenant_id", models.TextField(blank=True)),
                        ("object_id", models.TextField(blank=True)),
                        ("account", models.TextField(blank=True)),
                        ("role", models.TextField(blank=True)),
                        ("refusal", models.JSONField(blank=True, null=True)),
                        ("waits", models.JSONField(blank=True, null=True)),
                        ("tries", models.PositiveIntegerField(default=0)),
                        ("next_try_at", models.DateTimeField(blank=True, null=True)),
                        ("started_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("accepted_at", models.DateTimeField(blank=True, null=True)),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "domain",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.domain"
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attempts",
                                to="connections.source",
                            ),
                        ),
                        (
                            "link",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attempts",
                                to="connections.consentlink",
                            ),
                        ),
                    ],
                    options={"db_table": "sync_consentattempt"},
                ),
                migrations.AddConstraint(
                    model_name="source",
                    constraint=models.UniqueConstraint(
                        fields=("domain", "precedence"), name="source_precedence_once_a_domain"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="source",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("enabled", False), ("connection__isnull", False), _connector="OR"),
                        name="source_connected_where_enabled",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="connection",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("credential_kind__in", ["secret", "certificate", "installation"])),
                        name="connection_credential",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="connection",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sealed_credential", ""), _negated=True),
                            ("credential_kind", "installation"),
                            _connector="OR",
                        ),
                        name="connection_credential_sealed",
                    ),
                ),
                migrations.AddIndex(
                    model_name="consentlink",
                    index=models.Index(fields=["source", "-created_at"], name="consent_link_by_source"),
                ),
                migrations.AddIndex(
                    model_name="consentattempt",
                    index=models.Index(fields=["source", "-started_at"], name="consent_attempt_by_source"),
                ),
                migrations.AddConstraint(
                    model_name="consentattempt",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "step__in",
                                ["handed-over", "signing-in", "redeeming", "consenting", "waiting", "done", "refused"],
                            )
                        ),
                        name="consent_attempt_step_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="consentattempt",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("link__isnull", True), ("operator__isnull", False)),
                            models.Q(("link__isnull", False), ("operator__isnull", True)),
                            _connector="OR",
                        ),
                        name="consent_attempt_by_operator_or_link",
                    ),
                ),
            ],
        ),
        migrations.AlterModelTable(name="source", table=None),
        migrations.AlterModelTable(name="connection", table=None),
        migrations.AlterModelTable(name="certificatedraft", table=None),
        migrations.AlterModelTable(name="consentlink", table=None),
        migrations.AlterModelTable(name="consentattempt", table=None),
    ]
