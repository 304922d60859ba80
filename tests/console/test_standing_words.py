"""What home and the User Sync tab say of a domain and its sources is true in every state that they can be in."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mailroll.connections import health, sources
from mailroll.connections.models import Source
from mailroll.connections.sources import SourceSwitch
from mailroll.directory import edit
from mailroll.reconcile.errors import NeedsConsent
from mailroll.sync import schedule
from mailroll.sync.models import Run, RunState, Schedule
from tests.console.pages import words
from tests.sync.world import DOMAIN, PERMISSIONS, Customer

TAB = f"/domains/{DOMAIN}/user-sync/"
LOST = {"name": "MailboxSettings.Read", "state": "missing", "required": False, "lost_at": "2026-11-28T03:00:00+00:00"}
WITHDRAWN = "Consent was withdrawn by an administrator of Brightwater."
REFUSED = {"code": "consent_missing", "message": WITHDRAWN, "help": "Grant it again."}


pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def healthy(customer: Customer) -> Customer:
    customer.sync()
    schedule.switch_on_unseen(customer.domain, customer.acting)
    return customer


def _keep(customer: Customer, **health: object) -> None:
    customer.connection.health = {**customer.connection.health, **health}
    customer.connection.save()


def _url(name: str, source: Source) -> str:
    return reverse(f"console:{name}", args=[DOMAIN, source.owner_id])


def test_a_healthy_domain_is_called_so_everywhere(healthy: Customer, owner: Client) -> None:
    assert "Domains in order 1 of 1" in words(owner.get("/"))
    assert "brightwater.example Healthy" in words(owner.get(TAB))
    for page in ("source", "source-filters", "source-destination"):
        assert "Connected to Office 365" in words(owner.get(_url(page, healthy.source)))


def test_a_recommended_permission_that_was_taken_away_shows_in_health(healthy: Customer, owner: Client) -> None:
    _keep(healthy, state="lessened", permissions=[LOST])
    tab, home = words(owner.get(TAB)), words(owner.get("/"))
    assert "Permission lost Tenant 11111111-2222-4333-8444-555555555555 does not grant MailboxSettings.Read." in tab
    assert "brightwater.example A permission is missing" in tab
    assert "Microsoft 365 does not grant MailboxSettings.Read" in home
    assert "Domains in order 0 of 1" in home
    assert "Attention 1" in home


def test_a_recommended_permission_that_was_never_there_is_no_trouble(healthy: Customer, owner: Client) -> None:
    _keep(healthy, state="ok", permissions=[{key: LOST[key] for key in LOST if key != "lost_at"}])
    assert "Connected to Office 365" in words(owner.get(TAB))
    assert "Domains in order 1 of 1" in words(owner.get("/"))


def test_after_consent_was_withdrawn_no_page_of_the_source_says_connected(healthy: Customer, owner: Client) -> None:
    _keep(healthy, state="refused", error=REFUSED)
    for page in (TAB, _url("source", healthy.source), _url("source-destination", healthy.source)):
        said = words(owner.get(page))
        assert "Access refused" in said
        assert "Connected to Office 365" not in said
    assert WITHDRAWN in words(owner.get(TAB))


def test_after_consent_was_withdrawn_no_permission_is_called_granted(healthy: Customer, owner: Client) -> None:
    """A refusal is a check, too: what was granted when somebody was last let in is not granted by it."""
    pages = (_url("source", healthy.source), reverse("console:connection", args=[healthy.connection.id]))
    granted = [{"name": name, "state": "granted", "required": True} for name in PERMISSIONS]
    _keep(healthy, state="ok", permissions=granted, checked_at=timezone.now().isoformat())
    for page in pages:
        assert "User.Read.All Granted Reads users" in words(owner.get(page))
    assert "7 of 7" in words(owner.get("/connections/"))
    refusal = NeedsConsent("consent_missing", WITHDRAWN)
    _keep(healthy, **health.of_refusal(refusal, timezone.now(), healthy.connection.health))
    for page in pages:
        said = words(owner.get(page))
        assert "without an answer on permissions" in said
        assert "User.Read.All Granted when last told Reads users" in said
    said = words(owner.get("/connections/"))
    assert "Access refused Not known now" in said
    assert "7 of 7" not in said


def test_a_refusal_is_told_once_on_the_tab(healthy: Customer, owner: Client) -> None:
    """Seen: one cause as two findings, with the same sentence in the row of the source."""
    _keep(healthy, state="refused", error=REFUSED)
    Schedule.objects.update(paused=REFUSED)
    assert words(owner.get(TAB)).count(WITHDRAWN) == 1


def test_only_the_source_that_was_not_read_says_so(healthy: Customer, owner: Client) -> None:
    second = sources.add(healthy.domain, healthy.connection, healthy.acting)
    sources.rename(sources.find(healthy.domain, second.owner_id), "Clinicians", healthy.acting)
    rows = [
        {"id": str(healthy.source.owner_id), "name": "Office 365", "answered": True, "trusted": True},
        {"id": str(second.owner_id), "name": "Clinicians", "answered": False, "trusted": False},
    ]
    Run.objects.update(sources=rows)
    said = words(owner.get(TAB))
    assert said.count("Not read at the last run") == 1
    assert said.count("Connected to Office 365") == 1
    Run.objects.update(sources=[rows[0], {**rows[1], "answered": True}])
    assert "Its last answer is in doubt" in words(owner.get(TAB))


def test_in_order_are_those_that_are_called_healthy(healthy: Customer, owner: Client) -> None:
    edit.add_domain(healthy.domain.organization, "aspen.example", healthy.acting)
    home = words(owner.get("/"))
    assert "Domains in order 1 of 2" in home
    assert "Healthy 1" in home
    schedule.switch_off(healthy.domain, healthy.acting)
    assert "Domains in order 0 of 2" in words(owner.get("/"))


def test_a_first_preview_under_way_is_not_in_order_yet(customer: Customer, owner: Client) -> None:
    owner.post(f"{TAB}preview/")
    home = words(owner.get("/"))
    assert "Sync running" in home
    assert "Domains in order 0 of 1" in home


def test_a_run_that_leaves_removals_waiting_is_not_fine(healthy: Customer, owner: Client) -> None:
    for number in range(5):
        healthy.tenant.delete_user(f"p{number}@{DOMAIN}")
    healthy.tenant.add_user("New Joiner", local="joiner")
    healthy.sync()
    assert "Runs since midnight 2 1 fine, 1 held" in words(owner.get("/"))


def test_a_last_run_that_is_held_has_removed_nobody(healthy: Customer, owner: Client) -> None:
    for number in range(5):
        healthy.tenant.delete_user(f"p{number}@{DOMAIN}")
    healthy.sync()
    said = words(owner.get(TAB))
    assert "Last run Held: 5 removals" in said
    assert "5 removed" not in said


def test_removals_that_wait_beside_addresses_stop_nothing_else(healthy: Customer, owner: Client) -> None:
    """Seen: “Nothing was changed” and “Waits for you” above a run whose other changes had been applied."""
    person = healthy.tenant.user(f"p9@{DOMAIN}")
    aliases = [f"smtp:p9.{letter}@{DOMAIN}" for letter in "abcdefgh"]
    healthy.tenant.change_user(person, proxyAddresses=[f"SMTP:p9@{DOMAIN}", *aliases])
    healthy.sync()
    healthy.tenant.change_user(person, proxyAddresses=[f"SMTP:p9@{DOMAIN}"])
    healthy.tenant.add_user("New Joiner", local="joiner")
    for number in range(5):
        healthy.tenant.delete_user(f"p{number}@{DOMAIN}")
    assert healthy.sync().state == RunState.APPLIED
    assert f"joiner@{DOMAIN}" in healthy.roll()
    home = words(owner.get("/"))
    assert "Held: 5 removals" in home
    assert "Nobody was removed, mail is accepted as before." in home
    assert "Nothing was changed" not in home
    assert "Waits for you" not in home


def test_a_run_whose_reading_is_in_doubt_is_not_fine(customer: Customer, owner: Client) -> None:
    for number in range(12):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    customer.sync()
    assert "Runs since midnight 1 1 in doubt" in words(owner.get("/"))


def test_a_preview_is_no_run_that_was_fine(healthy: Customer, owner: Client) -> None:
    healthy.tenant.add_user("New Joiner", local="joiner")
    healthy.preview()
    assert "Runs since midnight 1 1 fine" in words(owner.get("/"))


def test_the_steps_have_the_numbers_that_they_are_called_by(customer: Customer, owner: Client) -> None:
    tab = words(owner.get(TAB))
    assert "see step 2." in tab
    assert "2. Look at a preview" in tab
    sources.set_switch(customer.source, SourceSwitch.ENABLED, customer.acting, on=False)
    tab = words(owner.get(TAB))
    assert "Connect a source first: see step 1." in tab
    assert "1. Connect a source" in tab


def test_automatic_without_a_source_to_read_promises_no_run(healthy: Customer, owner: Client) -> None:
    sources.set_switch(healthy.source, SourceSwitch.ENABLED, healthy.acting, on=False)
    tab = words(owner.get(TAB))
    assert "On. Nothing runs until a source is connected and switched on." in tab
    assert "Next run No source is on" in tab


def test_a_run_that_is_late_has_no_next_time_in_the_past(healthy: Customer, owner: Client) -> None:
    Schedule.objects.update(next_run_at=timezone.now() - timedelta(hours=2))
    tab = words(owner.get(TAB))
    assert "The next one is late: no worker has taken it up." in tab
    assert "Next run Late" in tab


def test_the_next_run_is_told_in_the_zone_of_the_reader(healthy: Customer, owner: Client) -> None:
    owner.cookies["mailroll_zone"] = "Pacific/Auckland"
    page = words(owner.post(f"{TAB}interval/", {"minutes": "120"}, follow=True))
    next_run = Schedule.objects.get().next_run_at
    assert next_run is not None
    assert "UTC" not in page
    local = next_run.astimezone(ZoneInfo("Pacific/Auckland"))
    assert page.split("Saved. Next run ", 1)[1].split(". ", 1)[0].endswith(f"{local:%H:%M}")


def test_a_source_is_renamed_where_it_is_connected(healthy: Customer, owner: Client) -> None:
    assert "Rename" not in words(owner.get(_url("source-destination", healthy.source)))
    assert "Rename" in words(owner.get(_url("source", healthy.source)))
    page = owner.post(_url("source-name", healthy.source), {"name": "Clinicians"}, follow=True)
    assert "Its name is Clinicians now." in words(page)
    assert page.redirect_chain == [(_url("source", healthy.source), 302)]


def test_everything_is_in_order_is_never_said_beside_a_held_mark(
    healthy: Customer, owner: Client, answered: Callable[[], UUID]
) -> None:
    for number in range(5):
        healthy.tenant.delete_user(f"p{number}@{DOMAIN}")
    healthy.sync()
    owner.post(f"{TAB}sync/")
    run = reverse("console:run", args=[DOMAIN, answered()])
    for page in ("/", TAB, run):
        said = words(owner.get(page))
        assert "5 removals wait for you" in said
        assert "Everything is as it should be" not in said
        assert "Nothing needs you" not in said
