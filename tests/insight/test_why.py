"""Why an address is accepted or not, and why a user is as it is: every sentence holds for the runs behind it."""

import pytest

from mailroll.connections.models import Source
from mailroll.directory import edit
from mailroll.insight.why.address_sayings import AddressSaying
from mailroll.insight.why.addresses import Why, explain
from mailroll.insight.why.user_sayings import UserSaying
from mailroll.insight.why.users import explain_user
from mailroll.sync.models import Run, RunState, Trigger
from mailroll.sync.runs import decide
from tests.sync.world import DOMAIN, Customer

JOINER = f"joiner@{DOMAIN}"


def _why(customer: Customer, address: str) -> dict[str, str]:
    """The sentences by their codes."""
    return _sentences(explain(address, customer.time()))


def _sentences(why: Why) -> dict[str, str]:
    return {reason["code"]: reason["message"] for reason in why.reasons}


def _headlines(customer: Customer, address: str) -> list[str]:
    return [step.headline for step in explain_user(customer.user(address), customer.time()).links]


@pytest.fixture
def joining(customer: Customer) -> Customer:
    """A domain in step with its tenant, and one who has joined since."""
    customer.sync()
    customer.tenant.add_user("New Joiner", local="joiner", aliases=[f"new@{DOMAIN}"])
    customer.time.pass_(minutes=5)
    return customer


def test_who_waits_in_a_preview_is_said_to(joining: Customer) -> None:
    joining.preview()
    for address in (JOINER, f"new@{DOMAIN}"):
        said = _why(joining, address)
        assert said["waits_in_preview"] == "A preview of 2026-11-23 09:05 UTC would add it."
        assert "not_listed" not in said


def test_what_a_held_plan_or_a_run_under_way_adds_is_said_to_wait_there(joining: Customer) -> None:
    run = joining.preview()
    Run.objects.filter(id=run.id).update(state=RunState.HELD)
    assert {"waits_in_held_plan"} == _why(joining, JOINER).keys() - {"not_in_list", "address_waits"}
    Run.objects.filter(id=run.id).update(state=RunState.APPLYING, trigger=Trigger.MANUAL)
    assert {"run_under_way"} == _why(joining, JOINER).keys() - {"not_in_list", "address_waits"}


def test_a_reading_whose_plan_came_to_nothing_did_show_the_address(joining: Customer) -> None:
    first = joining.preview()
    joining.time.pass_(hours=25)
    assert "was not applied in time" in _why(joining, JOINER)["plan_not_applied"]
    decide.discard(joining.preview().id, joining.acting)
    said = _why(joining, JOINER)
    assert said["plan_not_applied"] == (
        "The last reading, of 2026-11-24 10:05 UTC, showed it, but its plan was discarded, so it was not added."
    )
    assert "not_listed" not in said
    assert first.state == RunState.PLANNED


def test_an_older_preview_and_a_newer_reading_are_both_told(joining: Customer) -> None:
    joining.preview()
    joining.tenant.delete_user(JOINER)
    joining.time.pass_(minutes=5)
    joining.preview()
    assert {"waits_in_preview", "not_listed"} <= _why(joining, JOINER).keys()


def test_who_is_to_go_is_not_said_to_be_matched(customer: Customer) -> None:
    customer.tenant.add_guest("A Guest", mail="guest@outside.example", proxyAddresses=[f"SMTP:guest@{DOMAIN}"])
    customer.sync()
    for number in range(5):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    customer.preview()
    assert "leaves_in_preview" in _why(customer, f"p1@{DOMAIN}")
    for _ in range(2):
        customer.time.pass_(minutes=5)
        customer.sync()
        why = explain(f"p1@{DOMAIN}", customer.time())
        assert why.accepted
        assert _sentences(why)["managed"] == "The source “Office 365” kept it, and no longer does."
        assert "removal_waits" in _sentences(why)
        headlines = _headlines(customer, f"p1@{DOMAIN}")
        assert "Its removal waits for a decision" in headlines
        assert not any("matches" in headline for headline in headlines)
        # What waits for a person is a run without a reading of its own.
        assert "guest" in _why(customer, f"guest@{DOMAIN}")


def test_the_last_change_is_told_with_its_time(customer: Customer) -> None:
    customer.sync()
    assert _why(customer, f"p1@{DOMAIN}")["new_at_source"] == (
        "Last changed 2026-11-23 09:00 UTC: Microsoft 365 has it and the list does not."
    )


def test_a_reading_without_one_mailbox_says_so_beside_what_it_did_not_show(customer: Customer) -> None:
    for number in range(12):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    customer.sync()
    assert {"not_listed", "no_mailbox_in_domain"} <= _why(customer, f"p1@{DOMAIN}").keys()


def test_what_a_person_removed_since_the_reading_is_not_said_to_have_been_missing_there(customer: Customer) -> None:
    user = edit.add_user(customer.domain, f"fax@{DOMAIN}", customer.acting, aliases=[f"fax2@{DOMAIN}"])
    customer.sync()
    edit.remove_user(customer.domain, user, customer.acting)
    for address in (f"fax@{DOMAIN}", f"fax2@{DOMAIN}"):
        assert _why(customer, address).keys() == {"not_in_list", "removed_by_hand"}


def test_a_source_that_is_switched_off_or_was_not_read_matches_nobody(customer: Customer) -> None:
    customer.sync()
    Source.objects.update(enabled=False)
    assert "is switched off" in _why(customer, f"p1@{DOMAIN}")["managed"]
    Source.objects.update(enabled=True)
    (source,) = Run.objects.get().sources
    Run.objects.update(sources=[{**source, "answered": False}])
    assert "did not reach that source" in _why(customer, f"p1@{DOMAIN}")["managed"]
    assert "Source 1, Office 365, was not read" in _headlines(customer, f"p1@{DOMAIN}")


def test_every_saying_is_for_one_face_at_least() -> None:
    assert all(saying.value.sentence or saying.value.headline for saying in (*AddressSaying, *UserSaying))


def test_a_source_in_doubt_matches_nobody_and_says_since_when(customer: Customer) -> None:
    customer.sync()
    good = customer.time()
    customer.time.pass_(hours=1)
    customer.tenant.unverify_domain(DOMAIN)
    customer.sync()
    (origin, *_) = explain_user(customer.user(f"p1@{DOMAIN}"), customer.time()).links
    name = customer.source.owner.label
    assert origin.message == (
        f"The source “{name}” keeps it. Its last reading, of 2026-11-23 10:00 UTC, is in doubt."
        " Its last good reading was that of 2026-11-23 09:00 UTC."
    )
    assert (origin.headline, origin.at) == (f"The last reading of source 1, {name}, is in doubt", good)
