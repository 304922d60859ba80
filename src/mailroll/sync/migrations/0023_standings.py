"""A row a domain for pages that list domains, and the triggers that write it."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

_SQL = Path(__file__).with_name("0023_standings.sql").read_text(encoding="utf-8")
_COLUMNS = (
    *(
        "domain_id",
        "name",
        "users",
        "billable",
        "sources",
        "has_source",
        "read_at",
        "automatic",
        "paused",
        "next_run_at",
    ),
    *("failed", "doubted", "held_until", "connected", "lacks_permission", "credential_ends_at", "under_way"),
    *("previewed", "held_run_id", "last_run_id", "organization_id"),
)
"""In the order of the table."""
_DOUBTS = (
    *("addresses_not_shown", "domain_not_verified", "filter_decides_nobody", "group_not_told", "listing_incomplete"),
    *("memberships_unchecked", "no_mailbox_in_domain", "object_unreadable", "properties_missing", "source_empty"),
    *("source_unread", "tenant_changed", "type_unread"),
)
"""Findings by which an answer was not whole, not the right one, or had nothing in it; a test knows if one is added."""
_WRITTEN = (
    _SQL.replace("{doubts}", ", ".join(f"'{code}'" for code in _DOUBTS))
    .replace("{columns}", ", ".join(_COLUMNS))
    .replace("{settings}", ", ".join(f"{column} = EXCLUDED.{column}" for column in _COLUMNS[1:]))
)
_TRIGGERS = """
    CREATE TRIGGER mark_standings_new AFTER INSERT ON {0}
        REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sync_mark_standings();
    CREATE TRIGGER mark_standings_gone AFTER DELETE ON {0}
        REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sync_mark_standings();
    CREATE TRIGGER mark_standings_changed AFTER UPDATE ON {0}
        REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sync_mark_standings();
"""
_WATCHED = (
    *("directory_domain", "directory_census", "connections_source"),
    *("sync_schedule", "sync_run", "sync_runrequest"),
)
_FILLED = "SELECT sync_keep_standings(coalesce((SELECT array_agg(id) FROM directory_domain), '{}'))"
_UNDONE = """
    DROP FUNCTION sync_mark_standings() CASCADE;
    DROP TABLE sync_standing_mark;
    DROP FUNCTION sync_settle_standings(), sync_keep_standings(uuid[]), sync_doubted(jsonb)
"""


class Migration(migrations.Migration):
    dependencies = (
        ("connections", "0004_vouched"),
        ("directory", "0022_census"),
        ("sync", "0022_steady_state"),
    )

    operations = (
        migrations.CreateModel(
            name="DomainStanding",
            fields=[
                (
                    "domain",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="directory.domain",
                    ),
                ),
                ("name", models.TextField(db_collation="C")),
                ("users", models.IntegerField()),
                ("billable", models.IntegerField()),
                ("sources", models.PositiveIntegerField()),
                ("has_source", models.BooleanField()),
                ("read_at", models.DateTimeField(null=True)),
                ("automatic", models.BooleanField()),
                ("paused", models.BooleanField()),
                ("next_run_at", models.DateTimeField(null=True)),
                ("failed", models.BooleanField()),
                ("doubted", models.BooleanField()),
                ("held_until", models.DateTimeField(null=True)),
                ("connected", models.BooleanField()),
                ("lacks_permission", models.BooleanField()),
                ("credential_ends_at", models.DateTimeField(null=True)),
                ("under_way", models.BooleanField()),
                ("previewed", models.BooleanField()),
                (
                    "held_run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sync.run",
                    ),
                ),
                (
                    "last_run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sync.run",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="directory.organization",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "name"], name="standing_by_organization"),
                    models.Index(fields=["name"], name="standing_by_name"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", False)), fields=["read_at"], name="standing_by_age"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                fields=["-started_at"],
                include=("id", "domain", "state", "waits_in"),
                condition=models.Q(
                    models.Q(
                        models.Q(("trigger__in", ("preview", "import", "held")), _negated=True),
                        ("state__in", ("applying", "applied")),
                        ("timings__has_key", "apply"),
                        _connector="OR",
                    ),
                    ("parent__isnull", True),
                ),
                name="run_by_time",
            ),
        ),
        migrations.RunSQL(
            [_WRITTEN, *(_TRIGGERS.format(table) for table in _WATCHED), _FILLED],
            _UNDONE,
        ),
    )
