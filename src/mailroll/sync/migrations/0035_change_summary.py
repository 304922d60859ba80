"""What the changes of a large run come to, kept until one of them is changed or removed."""

import django.db.models.deletion
from django.db import migrations, models

# Whoever reads changes to keep what they come to has the same lock alone, for a moment: they are waited for, and what they
# kept goes with what they read. Those who change changes share it, so none of them waits for another. Few locks, as old
# runs are cleared by thousands.
_SQL = """
    CREATE FUNCTION sync_forget_summaries() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        runs uuid[] := (SELECT array_agg(DISTINCT run_id) FROM changed);
        bucket int;
    BEGIN
        FOR bucket IN SELECT DISTINCT hashtext(run::text) & 63 FROM unnest(runs) run ORDER BY 1 LOOP
            PERFORM pg_advisory_xact_lock_shared(7061303, bucket);
        END LOOP;
        DELETE FROM public.sync_changesummary WHERE run_id = ANY (runs);
        RETURN NULL;
    END
    $$;
    REVOKE ALL ON FUNCTION sync_forget_summaries() FROM PUBLIC;
    CREATE TRIGGER forget_summaries_changed AFTER UPDATE ON sync_runchange
        REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sync_forget_summaries();
    CREATE TRIGGER forget_summaries_gone AFTER DELETE ON sync_runchange
        REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sync_forget_summaries();
"""
_UNDONE = """
    DROP TRIGGER forget_summaries_changed ON sync_runchange;
    DROP TRIGGER forget_summaries_gone ON sync_runchange;
    DROP FUNCTION sync_forget_summaries()
"""


class Migration(migrations.Migration):
    dependencies = (("sync", "0034_standing_sums"),)

    operations = (
        migrations.CreateModel(
            name="ChangeSummary",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="summary", to="sync.run"
                    ),
                ),
                ("digest", models.TextField()),
                ("lines", models.JSONField()),
            ],
        ),
        migrations.RunSQL(_SQL, _UNDONE),
    )
