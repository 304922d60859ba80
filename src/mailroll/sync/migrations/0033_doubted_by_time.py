from django.db import migrations

# Home counts the runs of a day; those in doubt are few, and findings are wide. `insight/overview.runs_of` asks so.
_INDEX = """
    CREATE INDEX run_doubted_by_time ON sync_run (started_at) INCLUDE (id, domain_id, state, waits_in_id)
     WHERE parent_id IS NULL AND sync_doubted(findings)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sync", "0032_unit_buckets"),
    ]

    operations = [migrations.RunSQL(_INDEX, "DROP INDEX run_doubted_by_time")]
