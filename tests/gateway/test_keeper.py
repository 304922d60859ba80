"""The thread beside the server: it goes on after any error, and leaves what it knows on disk."""

import threading
from pathlib import Path

import pytest
from django.db import connection

from mailroll.directory import edit
from mailroll.gateway import keeper as keeper_module
from mailroll.gateway import snapshots
from mailroll.gateway.answers import Because, answer
from mailroll.gateway.copy import RollCopy
from mailroll.gateway.keeper import Keeper
from mailroll.gateway.models import AnswerCount
from mailroll.gateway.server import Service
from tests.directory.rolls import ACTING, NOON
from tests.gateway.conftest import NAME, Shelf

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shelf(transactional_db: None, shelf: Shelf) -> Shelf:
    return shelf


def until(true: object) -> None:
    assert callable(true)
    never = threading.Event()
    for _ in range(6000):
        if true():
            return
        never.wait(0.05)
    pytest.fail("it never came to be")


def test_it_follows_flushes_and_leaves_a_snapshot(shelf: Shelf, tmp_path: Path) -> None:
    service = Service(RollCopy())
    keeper = Keeper(service.roll, service.tally, service.clock, tmp_path, service.admissions)
    keeper.start()
    try:
        until(lambda: service.roll.position is not None)
        shelf.has(f"bob@{NAME}")
        until(lambda: answer(f"bob@{NAME}", service.roll, NOON).because is Because.LISTED)
        now = service.clock()
        verdict = answer(f"bob@{NAME}", service.roll, now)
        service.tally.add(verdict, f"bob@{NAME}", service.roll, now, ("socketmap", ""))
    finally:
        keeper.stop()
    assert AnswerCount.objects.get().count == 1
    back = snapshots.newest(tmp_path)
    assert back is not None
    assert answer(f"bob@{NAME}", back, NOON).because is Because.LISTED


@pytest.mark.parametrize("stays", [True, False])
def test_who_was_erased_is_in_no_copy_on_disk_though_nothing_changes_behind_it(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, stays: bool
) -> None:
    if stays:
        monkeypatch.setattr(keeper_module, "SNAPSHOT_EVERY", 0.0)

    def copies_naming_bob() -> list[Path]:
        return [path for path in tmp_path.glob("roll-*") if b"bob@" in path.read_bytes()]

    shelf.has(f"bob@{NAME}")
    service = Service(RollCopy())
    keeper = Keeper(service.roll, service.tally, service.clock, tmp_path, service.admissions)
    keeper.start()
    try:
        until(copies_naming_bob)
        edit.remove_domain(shelf.domain, ACTING)
        until(lambda: shelf.domain.id not in service.roll.domains)
        if stays:
            until(lambda: not copies_naming_bob())
    finally:
        keeper.stop()
    assert copies_naming_bob() == []
    assert snapshots.newest(tmp_path) is not None


def test_it_goes_on_when_its_session_ends_or_a_table_is_away(
    shelf: Shelf, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    service = Service(RollCopy())
    keeper = Keeper(service.roll, service.tally, service.clock, tmp_path, service.admissions)
    keeper.start()
    try:
        until(lambda: service.roll.position is not None)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE gateway.feed RENAME TO feed_away")
            until(lambda: "ages" in caplog.text)
            cursor.execute("ALTER TABLE gateway.feed_away RENAME TO feed")
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE '%%gateway%%' AND pid <> pg_backend_pid() AND datname = current_database()"
                " AND backend_type = 'client backend'"
            )
        shelf.has(f"bob@{NAME}")
        until(lambda: answer(f"bob@{NAME}", service.roll, NOON).because is Because.LISTED)
    finally:
        keeper.stop()
    assert "answers again" in caplog.text
