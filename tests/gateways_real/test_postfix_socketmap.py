"""Postfix asks `mailroll gateway serve` by the recipe: its answers, and its absence. Of a new one the drill asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mailroll.gateway.recipes import EXAMPLE, render
from tests.gateway.conftest import NAME, SHOWN, Shelf
from tests.gateways_real.servers import mailroll, postfix, processes
from tests.gateways_real.servers.postfix import Postfix
from tests.gateways_real.servers.smtp import said
from tests.gateways_real.test_postfix_pgsql import REPLIES
from tests.ports import reserved_port


@contextmanager
def asking(root: Path, folder: Path, port: int) -> Iterator[Postfix]:
    (main,) = render("postfix-socketmap", replace(EXAMPLE, socketmap=f"inet:127.0.0.1:{port}"))
    with postfix.started(postfix.configure(root, folder, main.text, {})) as running:
        yield running


def test_the_server_answers_each_kind_of_recipient(root: Path, folder: Path, roll: Shelf, database_url: str) -> None:
    port = reserved_port()
    letters = {f"bob@{SHOWN}": "250 2.1.5", f"nobody@{SHOWN}": "550 5.1.1"}
    with asking(root, folder, port) as running:
        with mailroll.serving(folder, database_url, port):
            assert said(running.port, *REPLIES) == REPLIES
            assert said(running.port, *letters) == letters
            roll.set(read_at=datetime.now(UTC) - timedelta(days=4))
            stale = {f"bob@{NAME}": "250 2.1.5", f"nobody@{NAME}": "451 4.3.5"}
            processes.wait(lambda: said(running.port, *stale) == stale, "the server knows that nobody reads any more")
        away = {f"bob@{NAME}": "451 4.3.5", f"nobody@{NAME}": "451 4.3.5"}
        assert {code[:3] for code in said(running.port, *away).values()} == {"451"}


def test_a_server_that_comes_back_is_asked_again(root: Path, folder: Path, roll: Shelf, database_url: str) -> None:
    port, bob, robert = reserved_port(), f"bob@{NAME}", f"robert@{NAME}"
    with asking(root, folder, port) as running:
        assert said(running.port, bob)[bob].startswith("451")
        with mailroll.serving(folder, database_url, port):
            assert said(running.port, robert) == {robert: "250 2.1.5"}
            # An smtpd keeps what it could not find out about an address: smtpd_resolve.c. A new one asks again.
            assert running.run("postfix", "reload").returncode == 0
            processes.wait(lambda: said(running.port, bob) == {bob: "250 2.1.5"}, "Postfix asks again")
