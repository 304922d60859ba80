"""Exim asks by the recipes, and a sender sees the answers."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mailroll.gateway.recipes import render
from tests.gateway.conftest import ALIAS, NAME, SHOWN, Shelf
from tests.gateways_real.conftest import Database
from tests.gateways_real.servers import exim
from tests.gateways_real.servers.exim import Exim
from tests.gateways_real.servers.smtp import said

REPLIES = {
    f"bob@{NAME}": "250",
    f"BOB@{NAME.upper()}": "250",
    f"bob@{ALIAS}": "250",
    f"bob+news@{NAME}": "250",
    f"postmaster@{NAME}": "250",
    f"leaving@{NAME}": "250",
    f"left@{NAME}": "450 4.2.1",
    f"joiner@{NAME}": "450 4.2.1",
    f"gone@{NAME}": "550 5.1.1",
    f"nobody@{NAME}": "550 5.1.1",
    f"o'neil@{NAME}": "550 5.1.1",
    f"bob@mail.{NAME}": "550",
    "bob@elsewhere.example": "550",
}


def by_pgsql(root: Path, folder: Path, database: Database) -> AbstractContextManager[Exim]:
    main, acl = render("exim-pgsql", database.place)
    return exim.started(root, folder, main.text, acl.text)


def test_the_database_answers_each_kind_of_recipient(root: Path, folder: Path, database: Database, roll: Shelf) -> None:
    with by_pgsql(root, folder, database) as running:
        assert said(running.port, *REPLIES) == REPLIES
        letters = {f"bob@{SHOWN}": "250", f"nobody@{SHOWN}": "550 5.1.1"}
        assert said(running.port, *letters) == letters
        roll.set(read_at=datetime.now(UTC) - timedelta(days=4))
        stale = {f"bob@{NAME}": "250", f"nobody@{NAME}": "451 4.3.0"}
        assert said(running.port, *stale) == stale


def test_a_database_that_is_down_refuses_nobody(root: Path, folder: Path, database: Database, roll: Shelf) -> None:
    with by_pgsql(root, folder, database) as running:
        database.line.cut()
        down = {f"bob@{NAME}": "451", f"nobody@{NAME}": "451"}
        assert said(running.port, *down) == down
