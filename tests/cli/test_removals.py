"""Pausing removals from the command line."""

import pytest

from tests.cli.commands import mailroll
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)


def test_removals_are_paused_listed_and_resumed(customer: Customer) -> None:
    made = mailroll("removals", "pause", "--domain", DOMAIN, "--reason", "A move", "--json")
    assert (made.exit_code, made.document) == (0, {"of": DOMAIN, "paused": True, "new": True})
    assert mailroll("removals", "pause", "--everywhere", "--reason", "A move").out == (
        "Removals of every organization are paused.\n"
    )
    listed = mailroll("removals", "list", "--json").document["pauses"]
    assert [(one["of"], one["reason"]) for one in listed] == [(DOMAIN, "A move"), ("every organization", "A move")]
    assert mailroll("removals", "resume", "--domain", DOMAIN).out == f"Removals of {DOMAIN} go on.\n"
    assert mailroll("removals", "resume", "--everywhere").exit_code == 0
    assert mailroll("removals", "list").out == "No removals are paused.\n"


def test_it_has_to_be_said_of_what(customer: Customer) -> None:
    for options in ([], ["--everywhere", "--domain", DOMAIN]):
        refused = mailroll("removals", "pause", "--reason", "A move", *options, "--json")
        assert (refused.exit_code, refused.document["error"]["code"]) == (1, "pause_of_what")
