"""What home adds up, kept by triggers: what an organization's domains come to, and how many runs of a day ended well.

And indexes of the few domains that press, and runs that failed.
"""

from pathlib import Path

from django.db import migrations, models

_SQL = Path(__file__).with_name("0034_standing_sums.sql").read_text(encoding="utf-8")
# `insight/overview.runs_of` asks so.
_WELL = """parent_id IS NULL AND state IN ('applied', 'unchanged')
           AND (trigger NOT IN ('preview', 'import', 'held') OR state = 'applied' OR timings ? 'apply')"""
_UNDONE = """
    DROP TRIGGER count_runs_new ON sync_run;
    DROP TRIGGER count_runs_gone ON sync_run;
    DROP TRIGGER count_runs_changed ON sync_run;
    DROP FUNCTION sync_count_runs();
    DROP TRIGGER sum_standings_new ON sync_domainstanding;
    DROP TRIGGER sum_standings_gone ON sync_domainstanding;
    DROP TRIGGER sum_standings_changed ON sync_domainstanding;
    DROP FUNCTION sync_sum_standings()
"""


class Migration(migrations.Migration):
    dependencies = (("sync", "0033_doubted_by_time"),)

    operations = (
        migrations.CreateModel(
            name="StandingSum",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("organization_id", models.UUIDField(db_index=True)),
                ("domains", models.IntegerField()),
                ("users", models.BigIntegerField()),
                ("billable", models.BigIntegerField()),
                ("automatic", models.IntegerField()),
                ("kept", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="RunCount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("slot", models.DateTimeField(db_index=True)),
                ("number", models.IntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                fields=["-started_at"], condition=models.Q(("state", "failed")), name="run_failed_by_time"
            ),
        ),
        migrations.AddIndex(
            model_name="domainstanding",
            index=models.Index(
                fields=["organization", "domain"],
                condition=models.Q(
                    ("paused", True),
                    ("failed", True),
                    ("held_run__isnull", False),
                    ("doubted", True),
                    ("lacks_permission", True),
                    _connector="OR",
                ),
                name="standing_pressing",
            ),
        ),
        migrations.AddIndex(
            model_name="domainstanding",
            index=models.Index(
                fields=["credential_ends_at"],
                condition=models.Q(("credential_ends_at__isnull", False)),
                name="standing_by_credential",
            ),
        ),
        migrations.AddIndex(
            model_name="domainstanding",
            index=models.Index(
                fields=["next_run_at"],
                condition=models.Q(("automatic", True), ("connected", True), ("under_way", False)),
                name="standing_by_next_run",
            ),
        ),
        migrations.RunSQL(_SQL.replace("{well}", _WELL), _UNDONE),
    )
