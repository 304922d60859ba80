"""Tokens from the command line: shown once, listed without their text, revoked."""

import pytest

from mailroll.directory import edit
from tests.cli.commands import mailroll
from tests.directory.rolls import ACTING

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_token_is_made_listed_and_revoked() -> None:
    edit.add_organization("Brightwater", ACTING)
    assert mailroll("token", "list").out == "No token yet.\n"
    made = mailroll("token", "add", "mx1", "--organization", "brightwater", "--expires", "2999-01-01", "--json")
    assert made.exit_code == 0
    text = made.document.pop("token")
    assert text.startswith("mailroll_")
    (listed,) = mailroll("token", "list", "--json").document
    assert listed["organizations"] == ["Brightwater"]
    assert listed["expires_at"] == "2999-01-01T00:00:00+00:00"
    shown = mailroll("token", "list").out
    assert "works until 2999-01-01" in shown
    assert text not in shown + str(listed)
    revoked = mailroll("token", "revoke", "mx1", "--json")
    assert revoked.document["revoked_at"] is not None
    assert "revoked" in mailroll("token", "list").out
    again = mailroll("token", "revoke", "mx1", "--json")
    assert (again.exit_code, again.document["error"]["code"]) == (1, "token_unknown")
    wrong = mailroll("token", "add", "mx1", "--organization", "brightwater", "--expires", "soon", "--json")
    assert (wrong.exit_code, wrong.document["error"]["code"]) == (1, "expiry_malformed")
