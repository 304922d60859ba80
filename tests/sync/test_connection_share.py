"""Workers and the Console leave each other connections to the database: each may take half."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from mailroll.reconcile.errors import BadInput
from mailroll.sync.workers.connection_share import BESIDE_PAGES, BESIDE_RUNS, expect_console, expect_workers
from tests.cli.commands import mailroll

pytestmark = pytest.mark.django_db


def share() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_connections")
        whole = int(cursor.fetchone()[0])
        cursor.execute("SHOW superuser_reserved_connections")
        return (whole - int(cursor.fetchone()[0])) // 2


@pytest.mark.parametrize(
    ("expect", "beside"),
    [(partial(expect_workers, processes=1), BESIDE_RUNS), (expect_console, BESIDE_PAGES)],
    ids=["workers", "console"],
)
def test_half_of_the_connections_is_taken_and_one_more_is_refused(expect: Callable[[int], None], beside: int) -> None:
    expect(share() - beside)
    with pytest.raises(BadInput) as refused:
        expect(share() - beside + 1)
    assert refused.value.code == "too_many_connections"
    assert str(share()) in refused.value.message


def test_processes_that_would_take_every_connection_do_not_start() -> None:
    answer = mailroll("worker", "--concurrency", "4", "--processes", "64")
    assert answer.exit_code == 1
    assert "--processes" in answer.err
