"""Runs are numbered in the order in which they begin: clocks jump back, and two runs can have one time."""

from django.db import migrations, models
from django.db.models import Func, Value


class Migration(migrations.Migration):
    dependencies = (("sync", "0013_run_sources"),)

    operations = (
        migrations.RunSQL("CREATE SEQUENCE sync_run_number", "DROP SEQUENCE sync_run_number"),
        # The order is not kept of runs that are there: the part of a run that waits began after it.
        migrations.RunSQL(
            """
            CREATE TEMPORARY TABLE numbered ON COMMIT DROP AS
                SELECT id, nextval('sync_run_number') AS number
                  FROM (SELECT id FROM sync_run ORDER BY started_at, parent_id IS NOT NULL, id) ordered
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            "run",
            "number",
            models.BigIntegerField(db_default=Func(Value("sync_run_number"), function="nextval"), editable=False),
        ),
        migrations.RunSQL(
            """
            UPDATE sync_run SET number = n.number FROM numbered n WHERE n.id = sync_run.id
            """,
            migrations.RunSQL.noop,
        ),
    )
