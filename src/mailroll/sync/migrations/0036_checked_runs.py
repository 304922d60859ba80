"""That changes and skips belong to a run is checked once for each statement, in place of keys that look at each row."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

_SQL = Path(__file__).with_name("0036_checked_runs.sql").read_text(encoding="utf-8")
_FUNCTIONS = "sync_check_run(), sync_check_gone_run(), sync_check_emptied_runs(), sync_refuse_other_run()"


class Migration(migrations.Migration):
    dependencies = (("sync", "0035_change_summary"),)

    operations = (
        migrations.AlterField(
            model_name="runchange",
            name="run",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="changes",
                to="sync.run",
            ),
        ),
        migrations.AlterField(
            model_name="runskip",
            name="run",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="skips",
                to="sync.run",
            ),
        ),
        migrations.RunSQL(_SQL, f"DROP FUNCTION {_FUNCTIONS} CASCADE"),
    )
