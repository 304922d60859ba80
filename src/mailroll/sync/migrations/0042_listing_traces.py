"""What stands for each object of a listing goes where PostgreSQL keeps no log: it is written anew by each run that
changes anything, and can be had again from a directory. As bytes that are not made smaller, as in 0041.
"""

import django.db.models.deletion
from django.db import migrations, models

_TABLE = """
    ALTER TABLE sync_listingtrace SET UNLOGGED;
    ALTER TABLE sync_listingtrace ALTER COLUMN trace SET STORAGE EXTERNAL, ALTER COLUMN marks SET STORAGE EXTERNAL;
    ALTER TABLE sync_listingtrace ADD CONSTRAINT listingtrace_of_state
        FOREIGN KEY (domain_id) REFERENCES sync_steadystate (domain_id) ON DELETE CASCADE;
    INSERT INTO sync_listingtrace (domain_id, trace, marks)
        SELECT domain_id, trace, marks FROM sync_steadystate WHERE trace IS NOT NULL AND marks IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = (("sync", "0041_packed_as_they_are"),)

    operations = (
        migrations.CreateModel(
            name="ListingTrace",
            fields=[
                (
                    "steady",
                    models.OneToOneField(
                        db_column="domain_id",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="listed",
                        serialize=False,
                        to="sync.steadystate",
                    ),
                ),
                ("trace", models.BinaryField()),
                ("marks", models.BinaryField()),
            ],
        ),
        migrations.RunSQL(_TABLE, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="steadystate", name="trace"),
        migrations.RemoveField(model_name="steadystate", name="marks"),
    )
