"""The page of one run, as it stands: under way, as a preview that nobody opened yet, failed."""

from uuid import uuid4

import pytest
from django.test import Client

from mailroll.connections.models import Source
from mailroll.directory.models import Owner, User
from mailroll.sync.models import Run, RunProgress, RunState, RunStep, Trigger
from tests.console.pages import buttons, words
from tests.console.test_runs import _url
from tests.sync.world import DOMAIN, Customer


def begin(customer: Customer) -> None:
    """A preview of twelve who would be added."""
    customer.preview()


@pytest.fixture
def run(customer: Customer) -> Run:
    return Run.objects.get(domain=customer.domain)


def test_a_run_that_never_was_is_not_here(customer: Customer, owner: Client) -> None:
    assert owner.get(_url(uuid4())).status_code == 404


def test_a_run_under_way_shows_its_steps(customer: Customer, owner: Client) -> None:
    now = customer.time()
    run = Run.objects.create(
        domain=customer.domain,
        trigger=Trigger.MANUAL,
        state=RunState.READING,
        actor="operator:tom@northgate.example",
        fence=9,
        revision=1,
        started_at=now,
    )
    RunProgress.objects.create(
        run=run,
        step=RunStep.READ,
        done=2997,
        total=4800,
        objects_read=2997,
        updated_at=now,
        began={"connect": str(now)},
    )
    page = owner.get(_url(run))
    assert "Sync running" in words(page)
    assert "2,997 of about 4,800 objects read" in words(page)
    steps = "Connect (done)|Read Microsoft 365|Match and place|Compare with the list|Check limits|Apply, all or nothing"
    listed = words(page).partition("objects read")[2]
    places = [listed.index(step) for step in steps.split("|")]
    assert places == sorted(places)
    assert "Cancel run" in buttons(page)
    assert b'http-equiv="refresh"' in page.content
    moving = owner.get(_url(run, "progress/"), {"said": "connect"})
    assert b'hx-swap-oob="innerHTML">Read Microsoft 365<' in moving.content
    assert b"hx-swap-oob" not in owner.get(_url(run, "progress/"), {"said": "read"}).content
    RunProgress.objects.update(step=RunStep.APPLY)
    assert "Cancel run" not in buttons(owner.get(_url(run)))


def test_the_poll_ends_with_the_run(run: Run, owner: Client) -> None:
    ended = owner.get(_url(run, "progress/"))
    assert (ended.status_code, ended.headers["HX-Refresh"]) == (286, "true")


def test_a_run_that_has_ended_cannot_be_cancelled(run: Run, owner: Client) -> None:
    page = owner.post(_url(run, "cancel/"), follow=True)
    assert "applies its changes at this moment, or has ended" in words(page)


@pytest.mark.parametrize(
    "told", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Dest": "image"}, {"Sec-Purpose": "prefetch;prerender"}]
)
def test_a_preview_counts_as_looked_at_only_by_who_goes_there(run: Run, owner: Client, told: dict[str, str]) -> None:
    assert owner.get(_url(run), headers=told).status_code == 200
    run.refresh_from_db()
    assert run.opened_at is None
    owner.get(_url(run), headers={"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document"})
    run.refresh_from_db()
    assert run.opened_at is not None


def test_changes_are_searched_and_picked(run: Run, owner: Client) -> None:
    assert "1 of 1 change" in words(owner.get(_url(run), {"q": "p11@"}))
    assert "Nothing here matches \N{LEFT SINGLE QUOTATION MARK}nobody\N{RIGHT SINGLE QUOTATION MARK}." in words(
        owner.get(_url(run), {"q": "nobody"})
    )
    assert "3 of 12 changes · Show all 12" in words(owner.get(_url(run), {"action": "add", "kind": "user"}))
    assert "Nothing here matches." in words(owner.get(_url(run), {"action": "remove"}))
    hostile = {
        "q": "'\"<b>",
        "action": "x",
        "kind": "../",
        "page": "9" * 40,
        "all": "x",
        "group": "%",
        "cause": "%",
        "billing": "x",
    }
    assert owner.get(_url(run), hostile).status_code == 200


def test_a_reading_in_doubt_is_not_called_well_or_whole(run: Run, owner: Client) -> None:
    Run.objects.filter(id=run.id).update(
        state=RunState.UNCHANGED,
        findings=[{"code": "source_empty", "level": "holds-removals", "facts": {}, "of": "reading"}],
    )
    run.changes.all().delete()
    page = words(owner.get(_url(run)))
    assert "Nothing changes, as the reading is in doubt." in page
    assert "Everything is as it should be" not in page
    Run.objects.filter(id=run.id).update(
        findings=[{"code": "type_unread", "level": "warning", "facts": {"what": "groups", "why": ""}, "of": "reading"}]
    )
    page = words(owner.get(_url(run)))
    assert "Nothing changes, but something needs a look." in page
    assert "in full" not in page
    assert "The whole answer arrived" not in page


def test_a_run_names_the_sources_that_it_was_made_with(run: Run, owner: Client) -> None:
    Owner.objects.update(label="Renamed since")
    Source.objects.update(enabled=False)
    assert "from Office 365, by" in words(owner.get(_url(run)))
    Run.objects.update(sources=[])
    assert "from Office 365" not in words(owner.get(_url(run)))


def test_a_mark_on_nothing_is_not_here(run: Run, owner: Client) -> None:
    for position in ("", "99", "-1", "x", "9" * 40):
        assert owner.post(_url(run, "mark/"), {"position": position, "mark": "pin"}).status_code == 404
    assert "has no user" in words(owner.post(_url(run, "mark/"), {"position": "0", "mark": "pin"}, follow=True))
    assert not User.objects.exists()


def test_a_failed_run_says_what_happened_and_what_to_do(run: Run, owner: Client) -> None:
    run.state = RunState.FAILED
    run.error = {"code": "throttled", "message": "Microsoft 365 did not answer.", "help": "Try again at 09:19."}
    run.save()
    said = words(owner.get(_url(run)))
    assert "Microsoft 365 did not answer. Try again at 09:19. The list stays as it was" in said
    assert "Failed: Microsoft 365 did not answer." in words(owner.get(f"/domains/{DOMAIN}/runs/"))
