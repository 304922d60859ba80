"""Indexes for the order of runs: a table whose rows have just changed takes none in the same transaction."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = (("sync", "0014_run_number"),)

    operations = (
        migrations.RemoveIndex("run", "run_held_by_domain"),
        migrations.AddIndex("run", models.Index(fields=("domain", "-number"), name="run_in_order")),
        migrations.AddIndex(
            "run",
            models.Index(fields=("domain", "-number"), condition=Q(state="held"), name="run_held_in_order"),
        ),
    )
