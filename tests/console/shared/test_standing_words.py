"""What home and the User Sync tab say of a domain and its sources is true in every state that they can be in."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mailroll.connections import health, sources
from mailroll.connections.models import Source
from mailroll.connections.sources import SourceSwitch
from mailroll.directory import edit
from mailroll.reconcile.errors import NeedsConsent
from mailroll.sync.models import Run, Schedule
from mailroll.sync.schedules import schedule
from tests.console.pages import words
from tests.sync.world import DOMAIN, PERMISSIONS, Customer

TAB = f"/domains/{DOMAIN}/user-sync/"
LOST = {"name": "MailboxSettings.Read", "state": "missing", "required": False, "lost_at": "2026-11-28T03:00:00+00:00"}
WITHDRAWN = "Consent was withdrawn by an administrator of Brightwater."
REFUSED = {"code": "consent_missing", "message": WITHDRAWN, "help": "Grant it again."}


def begin(customer: Customer) -> None:
    """In step with its tenant, and switched on."""
    customer.sync()
    schedule.switch_on_unseen(customer.domain, customer.acting)


def _keep(customer: Customer, **health: object) -> None:
    customer.connection.health = {**customer.connection.health, **health}
    customer.connection.save()


def _url(name: str, source: Source) -> str:
    return reverse(f"console:{name}", args=[DOMAIN, source.owner_id])


def test_a_healthy_domain_is_called_so_everywhere(customer: Customer, owner: Client) -> None:
    assert "Domains in order 1 of 1" in words(owner.get("/"))
    assert "brightwater.example Healthy" in words(owner.get(TAB))
    for page in ("source", "source-filters", "source-destination"):
        assert "Connected to Office 365" in words(owner.get(_url(page, customer.source)))


def test_a_recommended_permission_that_was_taken_away_shows_in_health(customer: Customer, owner: Client) -> None:
    _keep(customer, state="lessened", permissions=[LOST])
    tab, home = words(owner.get(TAB)), words(owner.get("/"))
    assert "Permission lost Tenant Brightwater Joinery does not grant MailboxSettings.Read." in tab
    assert "brightwater.example A permission is missing" in tab
    assert "Microsoft 365 does not grant MailboxSettings.Read" in home
    assert "Domains in order 0 of 1" in home
    assert "Attention 1" in home


def test_a_recommended_permission_that_was_never_there_is_no_trouble(customer: Customer, owner: Client) -> None:
    _keep(customer, state="ok", permissions=[{key: LOST[key] for key in LOST if key != "lost_at"}])
    assert "Connected to Office 365" in words(owner.get(TAB))
    assert "Domains in order 1 of 1" in words(owner.get("/"))


def test_after_consent_was_withdrawn_no_page_of_the_source_says_connected(customer: Customer, owner: Client) -> None:
    _keep(customer, state="refused", error=REFUSED)
    for page in (TAB, _url("source", customer.source), _url("source-destination", customer.source)):
        said = words(owner.get(page))
        assert "Access refused" in said
        assert "Connected to Office 365" not in said
    assert WITHDRAWN in words(owner.get(TAB))


def test_after_consent_was_withdrawn_no_permission_is_called_granted(customer: Customer, owner: Client) -> None:
    """A refusal is a check, too: what was granted when somebody was last let in is not granted by it."""
    pages = (_url("source", customer.source), reverse("console:connection", args=[customer.connection.id]))
    granted = [{"name": name, "state": "granted", "required": True} for name in PERMISSIONS]
    _keep(customer, state="ok", permissions=granted, checked_at=timezone.now().isoformat())
    for page in pages:
        assert "User.Read.All Granted Reads users" in words(owner.get(page))
    assert "7 of 7" in words(owner.get("/connections/"))
    refusal = NeedsConsent("consent_missing", WITHDRAWN)
    _keep(customer, **health.of_refusal(refusal, timezone.now(), customer.connection.health))
    for page in pages:
        said = words(owner.get(page))
        assert "without an answer on permissions" in said
        assert "User.Read.All Granted when last told Reads users" in said
    said = words(owner.get("/connections/"))
    assert "Access refused Not known now" in said
    assert "7 of 7" not in said


def test_a_refusal_is_told_once_on_the_tab(customer: Customer, owner: Client) -> None:
    """Seen: one cause as two findings, with the same sentence in the row of the source."""
    _keep(customer, state="refused", error=REFUSED)
    Schedule.objects.update(paused=REFUSED)
    said = words(owner.get(TAB))
    assert said.count(WITHDRAWN) == 1
    # Before, it was to be mended and to be waited for, and whoever waited did so for ever.
    assert "On, paused. Nothing is tried by itself: once it is mended, sync by hand, or check the connection" in said


def test_only_the_source_that_was_not_read_says_so(customer: Customer, owner: Client) -> None:
    second = sources.add(customer.domain, customer.connection, customer.acting)
    sources.rename(sources.find(customer.domain, second.owner_id), "Clinicians", customer.acting)
    rows = [
        {"id": str(customer.source.owner_id), "name": "Office 365", "answered": True, "trusted": True},
        {"id": str(second.owner_id), "name": "Clinicians", "answered": False, "trusted": False},
    ]
    Run.objects.update(sources=rows)
    said = words(owner.get(TAB))
    assert said.count("Not read at the last run") == 1
    assert said.count("Connected to Office 365") == 1
    Run.objects.update(sources=[rows[0], {**rows[1], "answered": True}])
    assert "Its last answer is in doubt" in words(owner.get(TAB))


def test_in_order_are_those_that_are_called_healthy(customer: Customer, owner: Client) -> None:
    edit.add_domain(customer.domain.organization, "aspen.example", customer.acting)
    home = words(owner.get("/"))
    assert "Domains in order 1 of 2" in home
    assert "Healthy 1" in home
    schedule.switch_off(customer.domain, customer.acting)
    assert "Domains in order 0 of 2" in words(owner.get("/"))


def test_automatic_without_a_source_to_read_promises_no_run(customer: Customer, owner: Client) -> None:
    sources.set_switch(customer.source, SourceSwitch.ENABLED, customer.acting, on=False)
    tab = words(owner.get(TAB))
    assert "On. Nothing runs until a source is connected and switched on." in tab
    assert "Next run No source is on" in tab


def test_a_run_that_is_late_has_no_next_time_in_the_past(customer: Customer, owner: Client) -> None:
    Schedule.objects.update(next_run_at=timezone.now() - timedelta(hours=2))
    tab = words(owner.get(TAB))
    assert "The next one is late: no worker has taken it up." in tab
    assert "Next run Late" in tab


def test_the_next_run_is_told_in_the_zone_of_the_reader(customer: Customer, owner: Client) -> None:
    owner.cookies["mailroll_zone"] = "Pacific/Auckland"
    page = words(owner.post(f"{TAB}interval/", {"minutes": "120"}, follow=True))
    next_run = Schedule.objects.get().next_run_at
    assert next_run is not None
    assert "UTC" not in page
    local = next_run.astimezone(ZoneInfo("Pacific/Auckland"))
    assert page.split("Saved. Next run ", 1)[1].split(". ", 1)[0].endswith(f"{local:%H:%M}")


def test_a_source_is_renamed_where_it_is_connected(customer: Customer, owner: Client) -> None:
    assert "Rename" not in words(owner.get(_url("source-destination", customer.source)))
    assert "Rename" in words(owner.get(_url("source", customer.source)))
    page = owner.post(_url("source-name", customer.source), {"name": "Clinicians"}, follow=True)
    assert "Its name is Clinicians now." in words(page)
    assert page.redirect_chain == [(_url("source", customer.source), 302)]
