"""Rspamd loads the maps by the recipe, tells known recipients from others, and keeps what it has."""

from base64 import b64encode
from dataclasses import replace
from pathlib import Path

from mailroll.gateway.recipes import EXAMPLE, render
from tests.gateways_real.servers import maps, processes, rspamd

# `#` and a key in quotes are how odd local parts are written; a bare name takes everybody of a domain.
PAGES = {
    "/lists/rspamd/recipients.map": 'bob@served.example\n"odd#one@served.example"\nopen.example\n',
    "/lists/rspamd/domains.map": "served.example\n",
}
# A composite takes the place of what it is made of.
KNOWN, UNKNOWN = {"MAILROLL_RECIPIENT", "MAILROLL_DOMAIN"}, {"MAILROLL_UNKNOWN"}


def test_known_recipients_are_told_from_others_also_when_the_server_is_gone(root: Path, folder: Path) -> None:
    with maps.served(PAGES) as server:
        url = server.url
        multimap, composites = render("rspamd", replace(EXAMPLE, http=f"http://mailroll:TOKEN@{url}"))
        with rspamd.started(root, folder, multimap.text, composites.text) as running:
            processes.wait(lambda: running.symbols("bob@served.example") == KNOWN, "the maps are loaded")
            assert running.symbols("BOB@Served.Example") == KNOWN
            assert running.symbols("bob+news@served.example") == KNOWN
            assert running.symbols("odd#one@served.example") == KNOWN
            assert running.symbols("nobody@served.example") == UNKNOWN
            assert running.symbols("nobody@open.example") == {"MAILROLL_RECIPIENT"}
            assert running.symbols("bob@elsewhere.example") == set()
            assert running.symbols("nobody@served.example", "bob@served.example") == KNOWN
    expected = "Basic " + b64encode(b"mailroll:TOKEN").decode()
    assert {(path, who) for _, path, who in server.requests} == {(path, expected) for path in PAGES}
    # The server is gone, and Rspamd starts anew: from its own copy.
    with rspamd.started(root, folder, multimap.text, composites.text) as running:
        processes.wait(lambda: "Connection refused" in running.log, "Rspamd has tried to fetch the maps")
        processes.wait(lambda: running.symbols("bob@served.example") == KNOWN, "the copy is loaded")
        assert running.symbols("nobody@served.example") == UNKNOWN
