"""What is a run, what it is called, and what became of it: the same on the tab, in the strip, in Activity and there."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from mailroll.console import strip
from mailroll.console.strip import BarLook
from mailroll.console.templatetags.words import in_local_time
from mailroll.insight import overview, run_queries
from mailroll.sync.models import Run, RunState
from mailroll.sync.runs import decide
from mailroll.sync.schedules import schedule
from tests.console.pages import buttons, words
from tests.console.people import PASSWORD
from tests.sync.world import DOMAIN, Customer

TAB = f"/domains/{DOMAIN}/user-sync/"
ACTIVITY = f"/domains/{DOMAIN}/runs/"


pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def held(customer: Customer) -> Run:
    """Five of twelve would be removed; one joined and was let in."""
    return customer.hold()


def _url(run: Run) -> str:
    return f"{ACTIVITY}{run.id}/"


def _looks(customer: Customer) -> list[BarLook]:
    runs = run_queries.recent(customer.domain, 30)
    return [one.look for one in strip.bars(runs, places=len(runs))]


def test_a_preview_is_a_run_once_it_was_applied(customer: Customer, owner: Client) -> None:
    customer.sync()
    customer.tenant.add_user("New Joiner", local="joiner")
    preview = customer.preview()
    assert _looks(customer) == [BarLook.MANY]
    assert "Preview, waiting" in words(owner.get(ACTIVITY))
    decide.apply(preview.id, customer.acting)
    assert _looks(customer) == [BarLook.MANY, BarLook.FEW]
    last = schedule.view(customer.domain, customer.time()).last
    assert last is not None
    assert last.id == preview.id
    assert "Applied today" in words(owner.get(TAB))
    assert "Sync & Save of a preview" in words(owner.get(TAB))
    listed = words(owner.get(ACTIVITY))
    assert "Preview, applied" not in listed
    assert "2 runs: 2 with changes, 0 held or failed, 0 previews" in listed
    page = words(owner.get(_url(preview)))
    assert "Sync & Save of a preview Applied" in page
    since = customer.time.at - timedelta(hours=1)
    assert overview.runs_since([customer.domain], since)[customer.domain.id][0].id == preview.id


def test_who_applied_a_preview_is_told_and_not_who_asked_for_it(
    customer: Customer, owner: Client, answered: Callable[[], UUID]
) -> None:
    preview = customer.preview()
    owner.post(f"{_url(preview)}apply/")
    answered()
    assert "by test:priya. Applied today" in words(owner.get(_url(preview)))
    assert "by you." in words(owner.get(_url(preview)))
    assert "you, Sync & Save of a preview" in words(owner.get(ACTIVITY))


def test_what_was_applied_later_is_the_last_run_whichever_was_read_first(customer: Customer, owner: Client) -> None:
    preview = customer.preview()
    failed = customer.preview()
    Run.objects.filter(id=failed.id).update(
        trigger="automatic", state=RunState.FAILED, error={"code": "x", "message": "No answer came.", "help": ""}
    )
    customer.time.pass_(minutes=3)
    decide.apply(preview.id, customer.acting)
    seen = schedule.view(customer.domain, customer.time())
    assert seen.last is not None
    assert seen.last_read is not None
    assert (seen.last.id, seen.last_read.id) == (preview.id, failed.id)
    assert _looks(customer) == [BarLook.FAILED, BarLook.MANY]
    # What was read last failed all the same, and that is what health is about.
    assert overview.standing(customer.domain, customer.time()).cause is overview.Cause.FAILED
    listed = words(owner.get(ACTIVITY))
    assert listed.index("Sync & Save of a preview") < listed.index("No answer came")


def test_a_release_is_called_one_and_nothing_says_that_removals_wait(
    held: Run, customer: Customer, owner: Client, answered: Callable[[], UUID]
) -> None:
    for page in (owner.get(TAB), owner.get(_url(held))):
        assert "5 removals wait for you" in words(page)
    assert "Applied, removals held" in words(owner.get(TAB))
    assert "The removals wait for a person" in words(owner.get(_url(held)))
    given = {"reason": "The customer agreed", "number": "5", "password": PASSWORD}
    owner.post(f"{_url(held)}release/", given)
    answered()
    parent = run_queries.recent(customer.domain, 5)[1]
    assert parent.waits_in_id == held.id
    for page in (owner.get(TAB), owner.get(_url(held)), owner.get(_url(parent)), owner.get(ACTIVITY), owner.get("/")):
        said = words(page)
        assert "removals wait" not in said.lower()
        assert "removals held" not in said
        assert "that wait" not in said
    told = words(owner.get(_url(held)))
    assert "Release Applied" in told
    assert "Released by you: The customer agreed" in told
    assert "5 of 12 users would be removed; 3 may go in one run. Released since." in told
    assert "Released and applied" in words(owner.get(TAB))
    assert _looks(customer) == [BarLook.MANY, BarLook.FEW, BarLook.SOME]
    assert "you, Release" in words(owner.get(ACTIVITY))


@pytest.mark.parametrize(
    ("state", "became"),
    [
        (RunState.DISCARDED, "Discarded since."),
        (RunState.SUPERSEDED, "A newer reading took its place."),
        (RunState.LAPSED, "Nobody decided in time."),
    ],
)
def test_what_waits_no_more_says_what_became_of_it(
    held: Run, customer: Customer, owner: Client, state: RunState, became: str
) -> None:
    Run.objects.filter(id=held.id).update(state=state, valid_until=None)
    parent = run_queries.recent(customer.domain, 1)[0]
    for run in (held, parent):
        said = words(owner.get(_url(run)))
        assert f"3 may go in one run. {became}" in said
        assert "wait for" not in said
    assert "Held removals" in words(owner.get(_url(held)))
    assert "held" not in words(owner.get(TAB)).partition("Last run")[2].partition("Run history")[0]
    assert _looks(customer)[-1] is BarLook.FEW


def test_a_preview_over_a_limit_does_not_say_that_its_removals_wait_already(customer: Customer, owner: Client) -> None:
    customer.sync()
    for number in range(5):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    page = owner.get(_url(customer.preview()))
    assert "3 may go in one run." in words(page)
    assert "The removals wait for a person" not in words(page)
    assert "Applied as it is, the removals are held for a decision." in words(page)
    assert "Sync & Save: hold the removals, apply the rest" in buttons(page)


def test_a_plan_whose_time_is_over_is_not_called_held(held: Run, customer: Customer, owner: Client) -> None:
    Run.objects.filter(id=held.id).update(valid_until=customer.time() - timedelta(minutes=1))
    said = words(owner.get(ACTIVITY))
    assert "Held: " not in said
    assert "removals held" not in said
    assert "The removals wait for a person" not in words(owner.get(_url(held)))


def test_times_of_findings_are_those_of_the_page(customer: Customer, owner: Client) -> None:
    run = customer.preview()
    since = {"where": f"in {DOMAIN}", "since": "2026-11-01 09:00 UTC"}
    paused = {"code": "removals_paused", "level": "holds-removals", "facts": since, "of": "plan"}
    Run.objects.filter(id=run.id).update(findings=[paused])
    here = timezone.localtime(datetime(2026, 11, 1, 9, tzinfo=UTC))
    with timezone.override("Australia/Eucla"):
        there = timezone.localtime(datetime(2026, 11, 1, 9, tzinfo=UTC))
        assert there.hour != here.hour
        assert in_local_time("since 2026-11-01 09:00 UTC.") == f"since 1 Nov {there:%H:%M}."
    said = words(owner.get(_url(run)))
    assert f"since 1 Nov {here:%H:%M}" in said
    assert "UTC" not in said
    assert in_local_time("2026-13-01 09:00 UTC") == "2026-13-01 09:00 UTC"


def test_a_mark_and_what_follows_it_are_two_words(held: Run, customer: Customer, owner: Client) -> None:
    schedule.switch_on_unseen(customer.domain, customer.acting)
    page = owner.get(TAB).content.decode()
    shown = re.sub(r"<[^>]+>", "", page)
    assert re.search(r"On\.\s+5 removals wait for you; runs go on\.", shown)
