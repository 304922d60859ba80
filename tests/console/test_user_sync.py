"""The User Sync tab: the slider, the manual sync, and the sources."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from mailroll.audit.models import AuditEntry
from mailroll.connections import sources
from mailroll.connections.models import Source
from mailroll.connections.sources import SourceSwitch
from mailroll.directory.models import Domain, Group, Restoration
from mailroll.sync.models import QuietSpell, Run, RunRequest, RunState, Trigger
from mailroll.sync.schedules import schedule
from tests.console.pages import buttons, words
from tests.console.people import People
from tests.sync.world import DOMAIN, Customer

TAB = f"/domains/{DOMAIN}/user-sync/"


pytestmark = pytest.mark.usefixtures("today")


def _seen(customer: Customer, owner: Client) -> Run:
    run = customer.preview()
    owner.get(f"/domains/{DOMAIN}/runs/{run.id}/")
    return run


def test_the_labels_of_the_tab_are_unique(customer: Customer, owner: Client) -> None:
    page = owner.get(TAB)
    said = buttons(page)
    assert [said.count(label) for label in ("Preview", "Sync & Save")] == [1, 1]
    assert words(page).count("Enable Automatic User Sync") == 1
    assert "Manual Sync" in words(page)
    assert "User Sources" in words(page)


def test_the_first_time_has_four_steps_and_no_slider_yet(customer: Customer, owner: Client) -> None:
    page = owner.get(TAB)
    assert "You can switch it on after you have looked at a preview. That is one click away: see step 2." in words(page)
    assert words(page).count("Look at a preview") == 1
    assert b'role="switch"' in page.content
    assert b"disabled" in page.content.split(b'id="automatic"', 1)[1].split(b">", 1)[0]


def test_a_preview_that_was_opened_unlocks_the_slider(customer: Customer, owner: Client) -> None:
    refused = owner.post(f"{TAB}automatic/", {"automatic": "on"}, follow=True)
    assert "No preview of" in words(refused)
    assert not schedule.view(customer.domain, customer.time()).automatic
    _seen(customer, owner)
    owner.post(f"{TAB}automatic/", {"automatic": "on"})
    assert schedule.view(customer.domain, customer.time()).automatic
    page = words(owner.get(TAB))
    assert "On. Runs every hour, next" in page
    assert "by you." in page
    owner.post(f"{TAB}automatic/", {})
    assert not schedule.view(customer.domain, customer.time()).automatic


def test_after_a_restore_the_tab_says_why_it_is_off_until_a_preview_was_opened(
    customer: Customer, owner: Client
) -> None:
    customer.sync()
    Domain.objects.update(read_at=None)
    Source.objects.update(read_at=None)
    made_at = customer.time() - timedelta(hours=1)
    Restoration.objects.create(at=customer.time(), made_at=made_at, version="0.1", actor="cli:root")
    page = owner.get(TAB)
    assert "Off. This domain was restored from a backup of" in words(page)
    assert "You can switch it on after you have looked at a preview made since." in words(page)
    assert "Last good reading: None since the restore" in words(page)
    assert "None since the restore" in words(owner.get("/"))
    assert "Restored, and not read since." in words(owner.get(f"/domains/{DOMAIN}/gateway/"))
    refused = owner.post(f"{TAB}automatic/", {"automatic": "on"}, follow=True)
    assert "and nobody has looked at a preview since" in words(refused)
    _seen(customer, owner)
    assert "This domain was restored" not in words(owner.get(TAB))
    owner.post(f"{TAB}automatic/", {"automatic": "on"}, follow=True)
    assert schedule.view(customer.domain, customer.time()).automatic


def test_a_preview_under_older_settings_unlocks_nothing(customer: Customer, owner: Client) -> None:
    _seen(customer, owner)
    sources.choose(customer.domain, "microsoft365", customer.acting)
    owner.post(f"{TAB}automatic/", {"automatic": "on"})
    assert not schedule.view(customer.domain, customer.time()).automatic


def test_a_viewer_who_opens_a_preview_unlocks_nothing(customer: Customer, people: People) -> None:
    run = customer.preview()
    people.client("viewer").get(f"/domains/{DOMAIN}/runs/{run.id}/")
    assert not schedule.view(customer.domain, customer.time()).previewed


@pytest.mark.parametrize(
    ("minutes", "kept"), [("30", 30), ("1", 60), ("", 60), ("-5", 60), ("9" * 30, 60), ("\u0661\u0665", 15)]
)
def test_the_interval_is_kept_or_refused(customer: Customer, owner: Client, minutes: str, kept: int) -> None:
    page = owner.post(f"{TAB}interval/", {"minutes": minutes}, follow=True)
    assert schedule.view(customer.domain, customer.time()).interval == kept
    saved = kept == int(minutes) if minutes.isdigit() else False
    assert ("Saved." in words(page)) is saved
    assert ("#interval_out_of_bounds" in page.content.decode()) is not saved


def test_preview_leads_to_the_run_that_was_asked_for(
    customer: Customer, owner: Client, answered: Callable[[], UUID]
) -> None:
    asked = owner.post(f"{TAB}preview/")
    run = RunRequest.objects.get().id
    assert asked.headers["Location"] == f"/domains/{DOMAIN}/runs/{run}/"
    assert "Waiting for its turn" in words(owner.get(asked.headers["Location"]))
    answered()
    assert "12 changes" in words(owner.get(asked.headers["Location"]))


def test_the_button_of_a_preview_applies_that_plan_and_reads_nothing_new(
    customer: Customer, owner: Client, answered: Callable[[], UUID]
) -> None:
    preview = customer.preview()
    customer.tenant.add_user("Late Comer", local="late")
    asked = owner.post(f"/domains/{DOMAIN}/runs/{preview.id}/apply/", follow=True)
    assert "Sync & Save of the plan that was shown" in words(asked)
    answered()
    preview.refresh_from_db()
    assert preview.state == RunState.APPLIED
    assert f"late@{DOMAIN}" not in customer.roll()
    assert AuditEntry.objects.get(action="run.applied").actor == "operator:priya@northgate.example"


def test_the_button_of_the_tab_reads_anew_and_applies_what_was_shown(
    customer: Customer, owner: Client, answered: Callable[[], UUID]
) -> None:
    preview = customer.preview()
    page = owner.get(TAB)
    assert f'name="beside" value="{preview.id}"' in page.content.decode()
    assert "is waiting: 12 to add. Open the preview to apply exactly that." in words(page)
    assert "what is still the same, or removes fewer, is applied; anything else is shown to you first." in words(page)
    owner.post(f"{TAB}sync/", {"beside": str(preview.id)})
    run = Run.objects.get(id=answered())
    assert (run.trigger, run.state, run.digest) == (Trigger.MANUAL, RunState.APPLIED, preview.digest)
    preview.refresh_from_db()
    assert (preview.state, len(customer.roll())) == (RunState.SUPERSEDED, 12)
    assert "is waiting" not in words(owner.get(TAB))


def test_what_goes_beyond_the_preview_that_waits_is_shown_and_waits(
    customer: Customer, owner: Client, answered: Callable[[], UUID]
) -> None:
    preview = customer.preview()
    customer.tenant.add_user("Late Comer", local="late")
    owner.post(f"{TAB}sync/", {"beside": str(preview.id)})
    run = Run.objects.get(id=answered())
    assert (run.trigger, run.state, customer.everyone()) == (Trigger.PREVIEW, RunState.PLANNED, [])
    page = owner.get(f"/domains/{DOMAIN}/runs/{run.id}/")
    assert "This is not what the preview of" in words(page)
    assert "so nothing was applied." in words(page)
    assert "13 to add" in words(owner.get(TAB))
    owner.post(f"/domains/{DOMAIN}/runs/{run.id}/apply/")
    answered()
    assert f"late@{DOMAIN}" in customer.roll()
    assert "This is not what the preview" not in words(owner.get(f"/domains/{DOMAIN}/runs/{run.id}/"))


def test_a_preview_made_since_the_page_was_opened_counts_as_well(
    customer: Customer, owner: Client, answered: Callable[[], UUID]
) -> None:
    assert 'name="beside"' not in owner.get(TAB).content.decode()
    customer.preview()
    customer.tenant.add_user("Late Comer", local="late")
    owner.post(f"{TAB}sync/", {})
    assert Run.objects.get(id=answered()).state == RunState.PLANNED


def test_sync_and_save_makes_a_new_plan_where_none_is_shown(
    customer: Customer, owner: Client, answered: Callable[[], UUID]
) -> None:
    owner.post(f"{TAB}sync/")
    run = Run.objects.get(id=answered())
    assert (run.trigger, run.state) == (Trigger.MANUAL, RunState.APPLIED)
    assert "Last run" in words(owner.get(TAB))
    assert "nothing new" not in words(owner.get(TAB))
    assert run.finished_at is not None
    spell = QuietSpell.objects.create(
        domain=customer.domain, ground="", began_at=run.finished_at, checks=1, checked_at=run.finished_at
    )
    assert "nothing new (1 check since this run)" in words(owner.get(TAB))
    QuietSpell.objects.update(checks=1312)
    assert "nothing new (1,312 checks since this run)" in words(owner.get(TAB))
    # Of a spell before the last run nothing is told.
    QuietSpell.objects.filter(domain=spell.domain_id).update(checked_at=run.started_at - timedelta(seconds=1))
    assert "nothing new" not in words(owner.get(TAB))


def test_a_plan_that_is_none_is_not_taken_for_a_wish_to_sync(customer: Customer, owner: Client) -> None:
    assert owner.post(f"{TAB}sync/", {"beside": "nonsense"}).status_code == 404
    assert owner.post(f"{TAB}sync/", {"beside": str(uuid4())}).status_code == 404
    assert not RunRequest.objects.exists()


def test_two_operators_apply_two_previews_and_only_one_counts(
    customer: Customer, people: People, answered: Callable[[], UUID]
) -> None:
    first, second = customer.preview(), customer.preview()
    people.client("owner").post(f"/domains/{DOMAIN}/runs/{first.id}/apply/")
    answered()
    users = customer.everyone()
    late = people.client("technician").post(f"/domains/{DOMAIN}/runs/{second.id}/apply/", follow=True)
    assert "The list has changed" in words(late)
    assert customer.everyone() == users
    assert AuditEntry.objects.filter(action="run.applied").count() == 1


def test_without_a_source_nothing_can_be_run(customer: Customer, owner: Client) -> None:
    sources.remove_keeping_users(customer.source, customer.acting)
    page = owner.get(TAB)
    assert "No source yet. Add one to say where the people of this domain come from." in words(page)
    assert "there is no source" in words(page)


def test_choosing_office_365_makes_a_source_that_waits(customer: Customer, owner: Client) -> None:
    page = owner.get(f"{TAB}sources/add/")
    assert buttons(page).count("Choose Office 365") == 1
    owner.post(f"{TAB}sources/add/", {"kind": "microsoft365"})
    made = Source.objects.get(connection=None)
    assert not made.enabled
    assert "Not connected" in words(owner.get(TAB))


def test_an_unknown_kind_is_refused(customer: Customer, owner: Client) -> None:
    assert "There is no kind" in words(owner.post(f"{TAB}sources/add/", {"kind": "ldap"}))
    assert Source.objects.count() == 1


def test_arrows_move_a_source_and_keep_the_focus(customer: Customer, owner: Client) -> None:
    second = sources.add(customer.domain, customer.connection, customer.acting)
    sources.rename(sources.find(customer.domain, second.owner_id), "Clinicians", customer.acting)
    page = owner.post(reverse("console:source-order", args=[DOMAIN, second.owner_id]), {"way": "up"}, follow=True)
    assert "Clinicians is now number 1 of 2." in words(page)
    # The end is reached, so its twin has the focus.
    focused = page.content.decode().split("autofocus")[0].rsplit("<button", 1)[1]
    assert "Move Clinicians down" in focused
    assert sources.ordered(customer.domain)[0].owner_id == second.owner_id


def test_a_source_is_switched_off_and_on(customer: Customer, owner: Client) -> None:
    url = reverse("console:source-enabled", args=[DOMAIN, customer.source.owner_id])
    assert "Switched off" in words(owner.post(url, {}, follow=True))
    assert not Source.objects.get().enabled
    assert "Office 365 is read again from the next run on" in words(owner.post(url, {"enabled": "on"}, follow=True))


def test_a_destination_is_chosen_or_made(customer: Customer, owner: Client) -> None:
    url = reverse("console:source-destination", args=[DOMAIN, customer.source.owner_id])
    assert words(owner.get(url)).index("Main") < words(owner.get(url)).index("A new group")
    owner.post(url, {"group": "new", "name": "Clinical", "adopts": "yes"})
    made = Source.objects.get()
    assert (made.group, made.adopts) == ("Clinical", True)
    owner.post(url, {"group": "group:Main", "adopts": "no"})
    made.refresh_from_db()
    assert (made.group, made.adopts) == ("Main", False)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"group": "new", "name": " "}, "name"),
        ({"group": "new", "name": "Main"}, "Main"),
        ({"group": "group:Nowhere"}, "has no group"),
        ({}, "No group was chosen."),
    ],
)
def test_a_destination_that_cannot_be_is_refused(
    customer: Customer, owner: Client, data: dict[str, str], said: str
) -> None:
    page = owner.post(reverse("console:source-destination", args=[DOMAIN, customer.source.owner_id]), data)
    assert page.status_code == 422
    assert said in words(page)
    assert Source.objects.get().group == "Main"
    assert Group.objects.count() == 1


def test_save_and_preview_asks_for_a_preview(customer: Customer, owner: Client) -> None:
    url = reverse("console:source-destination", args=[DOMAIN, customer.source.owner_id])
    owner.post(url, {"group": "group:Main", "preview": "1"})
    assert RunRequest.objects.get().trigger == Trigger.PREVIEW


def test_removing_a_source_asks_what_becomes_of_its_users(customer: Customer, owner: Client) -> None:
    customer.sync()
    url = reverse("console:source-remove", args=[DOMAIN, customer.source.owner_id])
    assert "What becomes of its 12 users?" in words(owner.get(url))
    assert owner.post(url, {}).status_code == 422
    assert Source.objects.exists()
    assert "12 users stay, kept by hand" in words(owner.post(url, {"users": "keep"}, follow=True))
    assert len(customer.roll()) == 12


def test_retiring_the_users_of_a_source_shows_a_preview_and_removes_nobody(
    customer: Customer, owner: Client, answered: Callable[[], UUID]
) -> None:
    customer.sync()
    url = reverse("console:source-remove", args=[DOMAIN, customer.source.owner_id])
    asked = owner.post(url, {"users": "retire"})
    answered()
    page = owner.get(asked.headers["Location"])
    assert "The source that kept it was removed" in words(page)
    assert "held" in words(page)
    assert len(customer.roll()) == 12


def test_help_and_ticket_are_linked_and_lead_where_it_is_set(
    customer: Customer, owner: Client, settings: Settings
) -> None:
    page = owner.get(TAB).content.decode()
    assert 'href="/help/"' in page
    assert 'href="/help/ticket/"' in page
    settings.MAILROLL = replace(
        settings.MAILROLL, help_url="https://help.example/mailroll", ticket_url="mailto:help@example.com"
    )
    page = owner.get(TAB).content.decode()
    assert 'href="https://help.example/mailroll"' in page
    assert 'href="mailto:help@example.com"' in page


def test_a_viewer_sees_the_tab_without_a_button_to_press(customer: Customer, people: People) -> None:
    said = buttons(people.client("viewer").get(TAB))
    assert not {"Preview", "Sync & Save", "Save"} & set(said)


def test_each_source_says_when_it_was_last_read_without_doubt(customer: Customer, owner: Client) -> None:
    customer.sync()
    read = f"{timezone.localtime(customer.time()):%H:%M}"
    customer.time.pass_(minutes=1)
    customer.tenant.unverify_domain(DOMAIN)
    customer.sync()
    assert f"Last good reading: today {read}" in words(owner.get(TAB))
    sources.set_switch(customer.source, SourceSwitch.ENABLED, customer.acting, on=False)
    home = words(owner.get("/"))
    assert "Never" not in home
    assert "No source" in home
