"""The page of one run: live, as a preview, held, done, failed; and the history."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mailroll.accounts.models import Operator
from mailroll.audit.models import AuditEntry
from mailroll.directory.models import Domain, User
from mailroll.insight.why.addresses import explain
from mailroll.sync.models import Run, RunRequest, RunState, Trigger
from mailroll.sync.runs import ask, decide
from tests.console.pages import buttons, words
from tests.console.people import People
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.usefixtures("today")


def _url(run: Run | UUID, step: str = "") -> str:
    return f"/domains/{DOMAIN}/runs/{run.id if isinstance(run, Run) else run}/{step}"


def test_a_run_is_cancelled_before_it_begins(customer: Customer, owner: Client) -> None:
    run = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    page = owner.post(_url(run, "cancel/"), follow=True)
    assert "The run is cancelled. Nothing was changed." in words(page)
    assert "cancelled before it began" in words(page)
    assert customer.everyone() == []


def test_a_run_that_was_joined_leads_to_the_other(customer: Customer, owner: Client) -> None:
    other = customer.sync()
    request = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    RunRequest.objects.update(run=other.id, outcome="joined")
    page = owner.get(_url(request), follow=True)
    assert page.redirect_chain == [(_url(other), 302)]
    assert "already under way" in words(page)


def test_whoever_follows_a_run_whose_worker_died_is_led_to_the_one_that_is_made_again(
    customer: Customer, people: People, owner: Client
) -> None:
    asked = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    first, second, third = customer.sync(), customer.sync(), customer.sync()
    RunRequest.objects.update(run=asked)
    Run.objects.filter(id=first.id).delete()
    first.id, first.error = asked, {"code": "interrupted", "message": "Its process ended.", "help": "Start it again."}
    first.state = RunState.FAILED
    first.save()
    assert "Its process ended. Start it again." in words(owner.get(_url(asked)))
    assert "It is begun again as soon as a worker is free." in words(owner.get(_url(asked)))
    Run.objects.filter(id=second.id).update(state=RunState.FAILED, error=first.error)
    RunRequest.objects.update(run=third.id)
    page = owner.post(f"/domains/{DOMAIN}/user-sync/sync/", follow=True)
    assert page.redirect_chain == [(_url(asked), 302), (_url(third), 302)]
    assert "The process of the first try ended before it did, so this is another." in words(page)
    page = owner.get(_url(second))
    assert "Another one is asked for. See how it goes" in words(page)
    assert f'href="{_url(asked)}"' in page.content.decode()
    RunRequest.objects.update(run=second.id)
    page = owner.get(_url(second))
    assert ("It is begun again" in words(page), "Cancel run" in buttons(page)) == (True, True)
    page = people.client("viewer").get(_url(second))
    assert ("It is begun again" in words(page), "Cancel run" in buttons(page)) == (True, False)
    page = owner.post(_url(second, "cancel/"), follow=True)
    assert "The run is cancelled. Nothing was changed." in words(page)
    assert RunRequest.objects.get().outcome == "cancelled"
    assert "begun again" not in words(page)
    RunRequest.objects.update(outcome="done")
    assert "asked for" not in words(owner.get(_url(asked)))


def test_a_preview_without_changes_says_that_the_settings_changed_since(customer: Customer, owner: Client) -> None:
    customer.sync()
    preview = customer.preview()
    assert preview.state == RunState.UNCHANGED
    assert "settings of this domain have changed" not in words(owner.get(_url(preview)))
    Domain.objects.update(revision=F("revision") + 1)
    assert "The settings of this domain have changed since this reading. Read again." in words(owner.get(_url(preview)))


def test_a_run_that_listed_nobody_does_not_say_that_it_read_everything(customer: Customer, owner: Client) -> None:
    customer.sync()
    run = customer.sync()
    assert run.state == RunState.UNCHANGED
    assert "Read in full" in words(owner.get(_url(run)))
    run.findings = [*run.findings, {"code": "nothing_told", "level": "note", "facts": {}, "of": "reading"}]
    run.save()
    said = words(owner.get(_url(run)))
    assert "Read what changed" in said
    assert "Asked what changed, Microsoft 365 told of nothing, so this run listed nobody." in said
    assert "in full" not in said
    assert "The whole answer arrived" not in said


def test_a_preview_says_everything_before_it_is_applied(customer: Customer, owner: Client) -> None:
    customer.sync()
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    customer.tenant.change_user(f"p2@{DOMAIN}", displayName="Robin Vale")
    customer.tenant.add_user("Amara Osei", local="amara", aliases=[f"osei@{DOMAIN}", f"*@{DOMAIN}"])
    run = customer.preview()
    page = owner.get(_url(run))
    said = words(page)
    assert "Nothing has been written." in said
    assert "Within all limits. 1 removal, the limit is 3. The whole answer arrived." in said
    assert "Microsoft 365 was asked for it by its id and no longer has it." in said
    assert "Mail is accepted for 24 hours more, put off for 24 hours, then refused." in said
    assert "Can be restored, at least until" in said
    assert "from Person 2 to Robin Vale" in said
    assert "1 new mailbox, into Main" in said
    assert "amara@brightwater.example User 1 alias" in said
    assert said.index("p1@") < said.index("p2@") < said.index("amara@")
    assert "3 changes · plan" in said
    assert [label for label in buttons(page) if label.startswith("Sync & Save")] == ["Sync & Save: apply this plan"]
    assert {"Discard", "Read again", "Pin Person 1", "Exempt Robin Vale"} <= set(buttons(page))
    run.refresh_from_db()
    assert run.opened_at is not None


def test_more_changes_are_shown_when_asked_for(customer: Customer, owner: Client) -> None:
    for number in range(20):
        customer.tenant.add_user(f"Joiner {number}", local=f"j{number}")
    run = customer.preview()
    page = words(owner.get(_url(run)))
    assert "Show 29 more" in page
    assert "3 of 32 changes · Show all 32" in page
    assert "1 to 32 of 32 changes" in words(owner.get(_url(run), {"all": "on"}))


def test_skipped_records_are_grouped_with_their_reasons(customer: Customer, owner: Client) -> None:
    customer.tenant.add_user("Star", local="star", aliases=[f"*@{DOMAIN}"])
    page = words(owner.get(_url(customer.preview()), {"action": "skipped"}))
    assert "Address with * 1" in page
    assert "An address with * stands for every address, and is never taken over." in page


def test_nothing_to_do_is_said_in_a_sentence(customer: Customer, owner: Client) -> None:
    customer.sync()
    assert "Everything is as it should be. 12 users, no change." in words(owner.get(_url(customer.preview())))


def test_a_preview_over_the_limit_says_that_it_would_be_held(customer: Customer, owner: Client) -> None:
    customer.sync()
    for number in range(5):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    page = owner.get(_url(customer.preview()))
    assert "5 of 12 users would be removed; 3 may go in one run." in words(page)
    assert "Within all limits." not in words(page)
    assert "Sync & Save: hold the removals, apply the rest" in buttons(page)


def test_a_plan_that_has_moved_on_offers_only_another_reading(customer: Customer, owner: Client) -> None:
    first, second = customer.preview(), customer.preview()
    decide.apply(second.id, customer.acting)
    page = owner.get(_url(first))
    assert "The list has changed since this reading" in words(page)
    assert not [label for label in buttons(page) if label.startswith("Sync & Save")]
    assert "Read again" in buttons(page)


def test_a_mark_is_set_and_makes_a_new_preview(customer: Customer, owner: Client, answered: Callable[[], UUID]) -> None:
    customer.sync()
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    run = customer.preview()
    asked = owner.post(_url(run, "mark/"), {"position": "0", "mark": "pin"})
    waiting = owner.get(asked.headers["Location"])
    assert "Pinned Person 1: no sync removes this user." in words(waiting)
    answered()
    page = owner.get(asked.headers["Location"])
    assert "Pinned Person 1: no sync removes this user." in words(page)
    assert "data-focus" in page.content.decode()
    assert "Pinned Person 1" not in words(owner.get(asked.headers["Location"]))
    assert "Everything is as it should be." in words(page)
    assert User.objects.get(display_name="Person 1").pinned
    assert AuditEntry.objects.get(action="user.pinned").actor == "operator:priya@northgate.example"


def test_who_would_be_added_can_be_left_out_before_and_let_in_again(
    customer: Customer, owner: Client, answered: Callable[[], UUID]
) -> None:
    run = customer.preview()
    assert "Exempt Person 1" in buttons(owner.get(_url(run), {"all": "on"}))
    row = run.changes.get(address=f"p1@{DOMAIN}")
    asked = owner.post(_url(run, "mark/"), {"position": str(row.position), "mark": "exempt"})
    answered()
    page = owner.get(asked.headers["Location"])
    assert "Person 1 is exempt and stays out of the list." in words(page)
    assert "Exempt Person 1" not in buttons(owner.get(asked.headers["Location"], {"all": "on"}))
    customer.sync()
    assert (len(customer.roll()), f"p1@{DOMAIN}" in customer.roll()) == (11, False)
    why = explain(f"p1@{DOMAIN}", customer.time())
    assert "exempt" in {reason["code"] for reason in why.reasons}
    settings = f"/domains/{DOMAIN}/settings/"
    assert f"Person 1 p1@{DOMAIN}" in words(owner.get(settings))
    ended = owner.post(f"{settings}exemptions/end/", {"object": row.external_id}, follow=True)
    assert "Person 1 is no longer exempt" in words(ended)
    assert "has no such exemption" in words(
        owner.post(f"{settings}exemptions/end/", {"object": row.external_id}, follow=True)
    )
    customer.sync()
    assert f"p1@{DOMAIN}" in customer.roll()
    done = AuditEntry.objects.filter(action__startswith="object.").order_by("id")
    assert [(entry.action, entry.details["address"]) for entry in done] == [
        ("object.exempted", f"p1@{DOMAIN}"),
        ("object.unexempted", f"p1@{DOMAIN}"),
    ]


def test_the_history_folds_runs_without_a_change(customer: Customer, owner: Client) -> None:
    customer.time.at = datetime.now(UTC) - timedelta(hours=5)
    customer.sync()
    for _ in range(3):
        customer.time.pass_(hours=1)
        customer.sync()
    Run.objects.filter(state=RunState.UNCHANGED).update(trigger=Trigger.AUTOMATIC)
    page = owner.get(f"/domains/{DOMAIN}/runs/")
    assert "3 runs without change" in words(page)
    assert "Sync & Save" in words(page)
    unfolded = words(owner.get(f"/domains/{DOMAIN}/runs/", {"unfold": "on"}))
    assert unfolded.count("No change") >= 3
    hostile = {"show": "x", "before": "2026-13-45T00:00", "unfold": ""}
    assert owner.get(f"/domains/{DOMAIN}/runs/", hostile).status_code == 200


def test_whoever_asked_for_the_runs_of_a_week_is_looked_up_once(customer: Customer, owner: Client) -> None:
    customer.time.at = datetime.now(UTC) - timedelta(hours=5)
    for number in range(4):
        customer.tenant.add_user(f"New {number}", local=f"n{number}")
        run = customer.sync()
        email = f"clerk{number}@{DOMAIN}"
        Operator.objects.create(email=email, name=f"Clerk {number}")
        Run.objects.filter(id=run.id).update(actor=f"operator:{email}")
    with CaptureQueriesContext(connection) as asked:
        page = words(owner.get(f"/domains/{DOMAIN}/runs/"))
    assert [f"Clerk {number}" in page for number in range(4)] == [True] * 4
    looked_up = [one["sql"] for one in asked.captured_queries if f"clerk0@{DOMAIN}" in one["sql"]]
    assert len(looked_up) == 1
    assert f"clerk3@{DOMAIN}" in looked_up[0]


def test_a_name_from_the_directory_is_never_markup(customer: Customer, owner: Client) -> None:
    customer.tenant.add_user("<script>alert(1)</script>", local="mallory")
    page = owner.get(_url(customer.preview()), {"q": "mallory"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
