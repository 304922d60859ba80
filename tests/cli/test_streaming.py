"""What a command prints of a large plan is never in memory as a whole."""

import tracemalloc
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from django.db import connection

from mailroll.cli.app import tree
from mailroll.sync.models import Run
from tests.sync.world import Customer

MANY = 2_500


@pytest.mark.django_db(transaction=True)
def test_the_changes_of_a_large_plan_are_printed_as_they_are_read(customer: Customer, tmp_path: Path) -> None:
    first, small, large = (customer.preview() for _ in range(3))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sync_runchange"
            " SELECT (jsonb_populate_record(c, jsonb_build_object('id', -n, 'position', 1000 + n))).*"
            " FROM sync_runchange c, generate_series(1, %s) n WHERE c.run_id = %s AND c.position = 0",
            [MANY, large.id],
        )
    # The first one holds what any command imports and keeps, and would hide what a document takes.
    held = {run: _peak(run, tmp_path / str(run.id)) for run in (first, small, large)}
    # The document alone is larger.
    assert (tmp_path / str(large.id)).stat().st_size > 2_000_000
    assert held[large] - held[small] < 1_000_000, held


def _peak(run: Run, written: Path) -> int:
    """Print a run with every change, as each command about runs does; returns how many octets it held at the most."""
    with written.open("w") as out, redirect_stdout(out):
        tracemalloc.start()
        try:
            with pytest.raises(SystemExit):
                tree(lambda: None).main(["discard", str(run.id), "--json", "--changes"], prog_name="mailroll")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    return peak
