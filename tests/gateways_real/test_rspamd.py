"""Rspamd loads the maps by the recipe, tells known recipients from others, and keeps what it has."""

from base64 import b64encode
from dataclasses import replace
from pathlib import Path

from mailroll.directory import edit
from mailroll.directory.models import Organization
from mailroll.gateway.recipes import EXAMPLE, render
from tests.directory.rolls import ACTING
from tests.gateway.conftest import NAME, Shelf
from tests.gateways_real.servers import maps, processes, rspamd
from tests.gateways_real.test_exports import exported

# A composite takes the place of what it is made of.
KNOWN, UNKNOWN = {"MAILROLL_RECIPIENT", "MAILROLL_DOMAIN"}, {"MAILROLL_UNKNOWN"}


def pages(folder: Path, database_url: str) -> dict[str, str]:
    """The maps as they are exported, under the paths of the recipe."""
    current = exported(folder, database_url, "rspamd") / "current"
    return {f"/lists/rspamd/{name}": (current / name).read_text() for name in ("recipients.map", "domains.map")}


def test_known_recipients_are_told_from_others_also_when_the_server_is_gone(
    root: Path, folder: Path, roll: Shelf, database_url: str
) -> None:
    roll.has(f"odd#one@{NAME}")
    edit.add_domain(Organization.objects.get(), "open.example", ACTING)
    served = pages(folder, database_url)
    with maps.served(served) as server:
        url = server.url
        multimap, composites = render("rspamd", replace(EXAMPLE, http=f"http://mailroll:TOKEN@{url}"))
        with rspamd.started(root, folder, multimap.text, composites.text) as running:
            processes.wait(lambda: running.symbols(f"bob@{NAME}") == KNOWN, "the maps are loaded")
            assert running.symbols(f"BOB@{NAME.upper()}") == KNOWN
            assert running.symbols(f"bob+news@{NAME}") == KNOWN
            assert running.symbols(f"odd#one@{NAME}") == KNOWN
            assert running.symbols(f"nobody@{NAME}") == UNKNOWN
            assert running.symbols("nobody@open.example") == {"MAILROLL_RECIPIENT"}
            assert running.symbols("bob@elsewhere.example") == set()
            assert running.symbols(f"nobody@{NAME}", f"bob@{NAME}") == KNOWN
    expected = "Basic " + b64encode(b"mailroll:TOKEN").decode()
    assert {(path, who) for _, path, who in server.requests} == {(path, expected) for path in served}
    # The server is gone, and Rspamd starts anew: from its own copy.
    with rspamd.started(root, folder, multimap.text, composites.text) as running:
        processes.wait(lambda: "Connection refused" in running.log, "Rspamd has tried to fetch the maps")
        processes.wait(lambda: running.symbols(f"bob@{NAME}") == KNOWN, "the copy is loaded")
        assert running.symbols(f"nobody@{NAME}") == UNKNOWN
