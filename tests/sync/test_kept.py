"""Who a person restored stays until the source lists it again or somebody lifts the mark, and everything says so."""

import pytest

from mailroll.directory import edit
from mailroll.insight import history
from mailroll.insight.why.addresses import explain
from mailroll.insight.why.users import explain_user
from mailroll.sync.models import RunSkip, RunState
from tests.sync.world import DOMAIN, Customer

P1 = f"p1@{DOMAIN}"
SAID = "A person restored it, so no run retires it until the source “Office 365” lists it again."


@pytest.fixture
def restored(customer: Customer) -> Customer:
    """A domain whose source lost somebody, whom a person restored."""
    customer.sync()
    customer.tenant.delete_user(P1)
    customer.time.pass_(minutes=15)
    customer.sync()
    assert customer.user(P1).retired_at is not None
    edit.restore(customer.domain, customer.user(P1).id, customer.acting)
    return customer


def _said(customer: Customer) -> list[str]:
    return [reason["message"] for reason in explain(P1, customer.time()).reasons]


def test_before_the_next_reading_the_page_says_that_the_source_lost_it(restored: Customer) -> None:
    lost = "Source 1, Office 365, no longer keeps it"
    assert explain_user(restored.user(P1), restored.time()).links[0].headline == lost
    restored.tenant.restore_user(str(restored.user(P1).external_id).partition(":")[2])
    restored.time.pass_(minutes=15)
    restored.preview()
    said = explain_user(restored.user(P1), restored.time())
    assert said.links[0].headline == "Source 1, Office 365, matches"
    assert "Kept since it was restored" in [step.headline for step in said.links]


def test_no_run_retires_who_was_restored_and_each_says_why(restored: Customer) -> None:
    for _ in range(2):
        restored.time.pass_(minutes=15)
        run = restored.sync()
        assert (run.state, run.counts["retire"]) == (RunState.UNCHANGED, 0)
        assert RunSkip.objects.get(run=run, address=P1).reason["code"] == "kept"
    assert not restored.user(P1).pinned
    assert SAID in _said(restored)
    headlines = [step.headline for step in explain_user(restored.user(P1), restored.time()).links]
    assert headlines[0] == "Source 1, Office 365, no longer keeps it"
    assert "Kept since it was restored" in headlines
    assert "Mail for it is accepted" in headlines


def test_the_mark_ends_when_the_source_lists_it_again(restored: Customer) -> None:
    restored.tenant.restore_user(str(restored.user(P1).external_id).partition(":")[2])
    restored.time.pass_(minutes=15)
    assert restored.sync().counts["update"] == 1
    assert not restored.user(P1).kept
    assert SAID not in _said(restored)
    changes = explain_user(restored.user(P1), restored.time()).known.changes
    events = history.of_user(restored.domain, restored.user(P1).id, changes)
    assert "Listed again" in [event.headline for event in events]
    restored.tenant.delete_user(P1)
    restored.time.pass_(minutes=15)
    assert restored.sync().counts["retire"] == 1


def test_the_next_run_retires_who_is_no_longer_kept(restored: Customer) -> None:
    edit.unkeep(restored.domain, restored.user(P1).id, restored.acting)
    assert SAID not in _said(restored)
    restored.time.pass_(minutes=15)
    assert restored.sync().counts["retire"] == 1


def test_where_the_source_is_removed_nothing_says_that_it_goes(restored: Customer) -> None:
    restored.source.delete()
    said = explain_user(restored.user(P1), restored.time())
    assert said.links[0].detail == "No run retires it."
    assert any("until another source lists it" in step.message for step in said.steps)
    edit.unkeep(restored.domain, restored.user(P1).id, restored.acting)
    assert explain_user(restored.user(P1), restored.time()).links[0].detail == "The next run plans to retire it."
