"""Errors on pages: words first, once a page, and the numbers of Microsoft's support behind Details."""

import re

import pytest
from django.test import Client

from mailroll.connections import check
from mailroll.sync.models import Run, RunState
from mailroll.sync.schedules import schedule
from tests.cli.commands import mailroll
from tests.console.pages import words
from tests.sync.world import DOMAIN, Customer

TAB = f"/domains/{DOMAIN}/user-sync/"
WITHDRAWN = "Consent was withdrawn by an administrator of Brightwater Joinery"
TRACE = "[0-9A-Fa-f]{8}-[0-9A-Fa-f-]{27}"


pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def withdrawn(customer: Customer) -> Run:
    """A customer that was synced by itself until an administrator took the consent away."""
    check.check(customer.connection, customer.domain, customer.acting)
    customer.sync()
    schedule.switch_on_unseen(customer.domain, customer.acting)
    customer.simulator.faults.on("token_error", code=65001)
    run = customer.sync()
    assert run.state == RunState.FAILED
    return run


def _around_details(said: str) -> tuple[str, str]:
    before, _, after = said.partition("Details")
    return before, after


def test_withdrawn_consent_is_said_in_words_once_and_the_numbers_are_behind_details(
    withdrawn: Run, customer: Customer, owner: Client
) -> None:
    check.check(customer.connection, customer.domain, customer.acting)
    pages = (
        f"/domains/{DOMAIN}/runs/{withdrawn.id}/",
        TAB,
        f"/domains/{DOMAIN}/user-sync/sources/{customer.source.owner_id}/",
        f"/connections/{customer.connection.id}/",
    )
    for url in pages:
        page = owner.get(url)
        said = words(page)
        assert said.count(WITHDRAWN) == 1, url
        assert said.count("Details") == 1, url
        before, after = _around_details(said)
        assert "AADSTS" not in before, url
        assert "trace" not in before, url
        assert "Code consent_missing" in after, url
        assert re.search(f"AADSTS65001, trace {TRACE}", after), url
        assert "<details><summary>Details</summary>" in page.content.decode(), url


def test_lists_say_why_without_the_numbers(withdrawn: Run, owner: Client) -> None:
    for url in ("/", f"/domains/{DOMAIN}/runs/"):
        said = words(owner.get(url))
        assert WITHDRAWN in said
        assert "AADSTS" not in said
    assert f"Failed: {WITHDRAWN}." in words(owner.get(f"/domains/{DOMAIN}/runs/"))


def test_a_registration_that_is_gone_is_not_laid_at_the_door_of_an_administrator_alone(customer: Customer) -> None:
    customer.sync()
    customer.simulator.faults.on("token_error", code=700016)
    error = customer.sync().error
    assert error is not None
    assert "or the registration of the application was deleted (AADSTS700016" in error["message"]


def test_consent_that_never_was_is_not_said_to_be_withdrawn(customer: Customer) -> None:
    customer.simulator.faults.on("token_error", code=65001)
    error = customer.sync().error
    assert error is not None
    assert error["message"].startswith("The tenant has not consented")


def test_the_command_line_keeps_the_numbers_for_scripts(withdrawn: Run) -> None:
    assert f"{WITHDRAWN} (AADSTS65001, trace" in mailroll("runs", DOMAIN, "--json").out


def test_an_error_without_numbers_has_its_code_behind_details(customer: Customer, owner: Client) -> None:
    run = customer.preview()
    Run.objects.filter(id=run.id).update(
        state=RunState.FAILED, error={"code": "reading_too_slow", "message": "It was ended.", "help": "Try again."}
    )
    before, after = _around_details(words(owner.get(f"/domains/{DOMAIN}/runs/{run.id}/")))
    assert "It was ended. Try again. The list stays as it was; mail goes on as before." in before
    assert after.strip().startswith("Code reading_too_slow")
    assert "Of Microsoft" not in after
