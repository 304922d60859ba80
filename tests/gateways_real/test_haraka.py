"""Haraka asks `mailroll gateway serve` by the plugin of the recipe, and a sender sees what it answers."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mailroll.gateway.recipes import EXAMPLE, render
from tests.gateway.conftest import NAME, SHOWN, Shelf
from tests.gateways_real.servers import haraka, mailroll, processes
from tests.gateways_real.servers.smtp import said
from tests.gateways_real.test_postfix_pgsql import REPLIES
from tests.ports import reserved_port

_WORDS = {
    # Haraka has a code of its own for what it takes, and for who is not to be found anywhere.
    "250 2.1.5": "250",
    "454 4.7.1": "550",
}
ANSWERS = {address: _WORDS.get(codes, codes) for address, codes in REPLIES.items()}


def test_haraka_answers_each_kind_of_recipient(folder: Path, roll: Shelf, database_url: str) -> None:
    place = reserved_port()
    blocks = render("haraka", replace(EXAMPLE, socketmap=f"inet:127.0.0.1:{place}"))
    modules = Path(os.environ["MAILROLL_TEST_HARAKA"]) / "node_modules"
    own = folder / "haraka"
    own.mkdir()
    with haraka.started(modules, own, {block.path: block.text for block in blocks}) as port:
        with mailroll.serving(folder, database_url, place):
            processes.wait(lambda: said(port, f"bob@{NAME}") == {f"bob@{NAME}": "250"}, "the server has read the roll")
            assert said(port, *ANSWERS) == ANSWERS
            letters = {f"bob@{SHOWN}": "250", f"nobody@{SHOWN}": "550 5.1.1"}
            assert said(port, *letters) == letters
            roll.set(read_at=datetime.now(UTC) - timedelta(days=4))
            stale = {f"bob@{NAME}": "250", f"nobody@{NAME}": "450 4.3.0"}
            processes.wait(lambda: said(port, *stale) == stale, "the server knows that nobody reads any more")
        away = {f"bob@{NAME}": "450 4.3.0", f"nobody@{NAME}": "450 4.3.0"}
        assert said(port, *away) == away
