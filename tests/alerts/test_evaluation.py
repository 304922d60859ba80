"""Every cause raises one alert, is told once, again when it changes, and when it is over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection as database

from mailroll.alerts import evaluation
from mailroll.alerts.attention import Snooze, snooze
from mailroll.alerts.causes import AlertCause, Severity, Turn
from mailroll.alerts.models import Alert
from mailroll.alerts.sentences import describe
from mailroll.connections import attach, check, sources
from mailroll.connections.credentials import Credential
from mailroll.connections.models import Connection
from mailroll.directory import edit
from mailroll.directory.models import Domain, Serving
from mailroll.gateway.demand import WOULD_REFUSE
from mailroll.gateway.models import AnswerCount, Asker
from mailroll.sync.models import Schedule
from mailroll.sync.schedules import schedule
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db


def _look(customer: Customer) -> list[tuple[AlertCause, Turn]]:
    news = evaluation.evaluate(customer.time())
    causes = dict(Alert.objects.filter(id__in=[alert for alert, _ in news]).values_list("id", "cause"))
    return [(AlertCause(causes[alert]), turn) for alert, turn in news]


def _open(cause: AlertCause) -> Alert:
    return Alert.objects.get(cause=cause, ended_at=None)


def _words(cause: AlertCause) -> tuple[str, str, str]:
    alert = _open(cause)
    names = {one.id: one.path for one in Domain.objects.filter(id__in=alert.domains)}
    said = describe(alert, names)
    return said.headline, said.meaning, said.path


@pytest.fixture
def running(customer: Customer) -> Customer:
    """A customer whose domain is synced by itself, and was a moment ago."""
    customer.sync()
    schedule.switch_on_unseen(customer.domain, customer.acting)
    return customer


def test_where_all_is_well_there_is_nothing_to_tell(running: Customer) -> None:
    assert _look(running) == []
    assert evaluation.last_check() == running.time()


def test_removals_that_wait_are_told_once_and_when_it_is_over(running: Customer) -> None:
    for number in range(5):
        running.tenant.delete_user(f"p{number}@{DOMAIN}")
    running.sync()
    assert _look(running) == [(AlertCause.REMOVALS_WAIT, Turn.OPENED)]
    assert _look(running) == []
    title, meaning, path = _words(AlertCause.REMOVALS_WAIT)
    assert title == "5 removals wait for you"
    assert meaning == "Nobody was removed. Decide before 2026-11-24 09:00 UTC, or the plan is dropped."
    assert path.startswith(f"/domains/{DOMAIN}/runs/")
    alert = _open(AlertCause.REMOVALS_WAIT)
    assert (alert.severity, alert.users, alert.domains) == (Severity.DECIDE, 12, [running.domain.id])
    running.time.pass_(hours=25)
    assert (AlertCause.REMOVALS_WAIT, Turn.ENDED) in _look(running)


def test_a_failure_counts_from_the_second_in_a_row_and_ends_with_a_sync_that_works(running: Customer) -> None:
    running.simulator.faults.on("malformed_json")
    running.time.pass_(hours=1)
    running.sync()
    assert _look(running) == []
    running.time.pass_(hours=1)
    running.sync()
    assert _look(running) == [(AlertCause.SYNC_FAILED, Turn.OPENED)]
    assert _words(AlertCause.SYNC_FAILED)[0] == "2 syncs in a row failed"
    running.simulator.faults.off("malformed_json")
    running.sync()
    assert _look(running) == [(AlertCause.SYNC_FAILED, Turn.ENDED)]


def test_domains_that_lost_one_consent_are_one_alert(running: Customer) -> None:
    for name in ("brightwater-two.example", "brightwater-three.example"):
        running.tenant.add_domain(name)
        second = edit.add_domain(running.domain.organization, name, running.acting)
        sources.add(second, running.connection, running.acting)
    running.tenant.principals.clear()
    check.check(running.connection, running.domain, running.acting)
    assert _look(running) == [(AlertCause.NO_ACCESS, Turn.OPENED)]
    alert = _open(AlertCause.NO_ACCESS)
    assert (alert.severity, len(alert.domains), alert.key) == (Severity.URGENT, 3, str(running.connection.id))
    assert _words(AlertCause.NO_ACCESS)[2] == f"/connections/{running.connection.id}/"
    # What is refused is told once, until gateways are told something else because of it.
    running.time.pass_(hours=71)
    assert (AlertCause.NO_ACCESS, Turn.CHANGED) not in _look(running)
    running.time.pass_(hours=2)
    assert (AlertCause.NO_ACCESS, Turn.CHANGED) in _look(running)
    assert "such mail is put off" in _words(AlertCause.NO_ACCESS)[1]
    assert not Alert.objects.filter(cause=AlertCause.LIST_OLD).exists()


def test_a_list_is_old_after_twelve_hours_and_again_once_gateways_cannot_say(running: Customer) -> None:
    Schedule.objects.update(next_run_at=running.time() + timedelta(days=6))
    running.time.pass_(hours=11, minutes=59)
    assert _look(running) == []
    running.time.pass_(minutes=2)
    assert _look(running) == [(AlertCause.LIST_OLD, Turn.OPENED)]
    assert _words(AlertCause.LIST_OLD)[1] == "It was read 2026-11-23 09:00 UTC. Who has joined since may be refused."
    running.time.pass_(hours=60)
    assert _look(running) == [(AlertCause.LIST_OLD, Turn.CHANGED)]
    assert "After 72 hours gateways are not told any more" in _words(AlertCause.LIST_OLD)[1]


def test_what_runs_once_a_day_may_be_a_day_older(running: Customer) -> None:
    schedule.set_interval(running.domain, 24 * 60, running.acting)
    Schedule.objects.update(next_run_at=running.time() + timedelta(days=6))
    running.time.pass_(hours=34)
    assert _look(running) == []
    running.time.pass_(hours=2)
    assert _look(running) == [(AlertCause.LIST_OLD, Turn.OPENED)]


def test_what_nobody_syncs_by_itself_counts_once_gateways_cannot_say(customer: Customer) -> None:
    customer.sync()
    customer.time.pass_(hours=71)
    assert _look(customer) == []
    customer.time.pass_(hours=2)
    assert _look(customer) == [(AlertCause.LIST_OLD, Turn.OPENED)]


def test_late_syncs_are_one_alert_of_their_organization(running: Customer) -> None:
    Schedule.objects.update(next_run_at=running.time())
    running.time.pass_(minutes=29)
    assert _look(running) == []
    running.time.pass_(minutes=2)
    assert _look(running) == [(AlertCause.SYNC_LATE, Turn.OPENED)]
    assert _words(AlertCause.SYNC_LATE)[:2] == (
        "A sync is late",
        "It was due 2026-11-23 09:00 UTC, and no worker has taken it up. The list stays in use.",
    )


def test_a_missing_permission_is_told_by_its_name(running: Customer) -> None:
    running.tenant.principals[running.connection.client_id].roles = ("User.Read.All", "Organization.Read.All")
    check.check(running.connection, running.domain, running.acting)
    assert (AlertCause.PERMISSION_MISSING, Turn.OPENED) in _look(running)
    title, meaning, path = _words(AlertCause.PERMISSION_MISSING)
    assert "Domain.Read.All" in title
    assert "cannot be read until it is granted" in meaning
    assert path == f"/connections/{running.connection.id}/"


def test_a_secret_that_ends_is_told_at_sixty_thirty_seven_and_one_days(running: Customer) -> None:
    ends_at = running.time() + timedelta(days=61)
    Connection.objects.update(credential_ends_at=ends_at)
    told = []
    for day in range(64):
        told += [(day, turn) for cause, turn in _look(running) if cause is AlertCause.SECRET_ENDS]
        running.time.pass_(days=1)
    assert told == [(1, "opened"), (31, "changed"), (54, "changed"), (60, "changed"), (61, "changed")]
    assert _words(AlertCause.SECRET_ENDS)[0] == "The client secret ended 2027-01-23 09:00 UTC"
    Connection.objects.update(credential_ends_at=running.time() + timedelta(days=365))
    assert (AlertCause.SECRET_ENDS, Turn.ENDED) in _look(running)


def test_a_domain_of_the_tenant_that_nobody_has_here_is_told_and_microsofts_own_is_not(running: Customer) -> None:
    running.tenant.add_domain("brightwater-freight.example")
    running.tenant.add_domain("brightwater.test")
    edit.add_domain_alias(running.domain, "brightwater.test", running.acting)
    check.check(running.connection, running.domain, running.acting)
    assert _look(running) == [(AlertCause.DOMAIN_UNKNOWN, Turn.OPENED)]
    title, _, path = _words(AlertCause.DOMAIN_UNKNOWN)
    assert title == "A domain of the tenant is not in this Console: brightwater-freight.example"
    assert path.startswith("/domains/add/?name=brightwater-freight.example&organization=")
    edit.add_domain(running.domain.organization, "brightwater-freight.example", running.acting)
    assert _look(running) == [(AlertCause.DOMAIN_UNKNOWN, Turn.ENDED)]


def test_a_static_address_is_due_on_the_day_that_somebody_said(running: Customer) -> None:
    review = edit.Static(f"all@{DOMAIN}", (), "Tom Ellery", "All staff", date(2026, 11, 24))
    edit.add_static(running.domain, review, running.acting)
    assert _look(running) == []
    running.time.pass_(days=1)
    Schedule.objects.update(next_run_at=running.time() + timedelta(days=6))
    assert (AlertCause.STATIC_DUE, Turn.OPENED) in _look(running)
    assert _words(AlertCause.STATIC_DUE)[0] == "A static address is due for review"


def test_a_gateway_that_asked_before_is_silent_for_all_it_asked_about(running: Customer) -> None:
    top = running.domain.organization
    branch = edit.add_organization("Branch", running.acting, parent=top)
    other = edit.add_domain(branch, "branch.example", running.acting)
    ago = running.time() - timedelta(hours=30)
    for domain, at in ((running.domain, ago), (other, running.time() - timedelta(hours=2))):
        Asker.objects.create(domain=domain, kind="http", name="gw1", last_at=at)
    Asker.objects.create(domain=running.domain, kind="socketmap", last_at=running.time() - timedelta(days=31))
    # It asks for one of them still, so it is no fault of the gateway that nobody writes to the other.
    assert _look(running) == []
    Asker.objects.filter(domain=other).update(last_at=running.time() - timedelta(hours=25))
    assert _look(running) == [(AlertCause.GATEWAY_SILENT, Turn.OPENED)]
    alert = _open(AlertCause.GATEWAY_SILENT)
    assert (alert.organization, set(alert.domains)) == (top, {running.domain.id, other.id})
    assert _words(AlertCause.GATEWAY_SILENT)[0] == "The gateway (http) no longer asks: gw1"
    Asker.objects.filter(domain=other).update(last_at=running.time())
    assert _look(running) == [(AlertCause.GATEWAY_SILENT, Turn.ENDED)]


def test_refusals_that_watch_only_spares_are_told_again_when_they_have_doubled(running: Customer) -> None:
    edit.set_serving(running.domain, edit.ServingWay(Serving.WATCH, plus_tags=True, stale_hours=72), running.acting)
    counted = AnswerCount.objects.create(domain=running.domain, day=running.time().date(), answer=WOULD_REFUSE, count=3)
    assert _look(running) == [(AlertCause.WOULD_REFUSE, Turn.OPENED)]
    for count, turns in ((5, []), (6, [(AlertCause.WOULD_REFUSE, Turn.CHANGED)]), (11, [])):
        running.time.pass_(seconds=1)
        AnswerCount.objects.filter(id=counted.id).update(count=count)
        assert _look(running) == turns
    title, meaning = _words(AlertCause.WOULD_REFUSE)[:2]
    assert title == "Mail servers asked 11 times for addresses that are not in the list"
    # Others may have been, while it was served.
    assert "None of these was refused" in meaning
    edit.set_serving(running.domain, edit.ServingWay(Serving.SERVE, plus_tags=True, stale_hours=72), running.acting)
    assert _look(running) == [(AlertCause.WOULD_REFUSE, Turn.ENDED)]


def test_what_is_put_off_is_told_when_its_time_is_over(running: Customer) -> None:
    Schedule.objects.update(next_run_at=running.time() + timedelta(days=6))
    Connection.objects.update(credential_ends_at=running.time() + timedelta(days=20))
    _look(running)
    snooze(_open(AlertCause.SECRET_ENDS), Snooze.HOUR, running.acting)
    running.time.pass_(minutes=59)
    assert _look(running) == []
    running.time.pass_(minutes=1)
    assert _look(running) == [(AlertCause.SECRET_ENDS, Turn.AGAIN)]
    snooze(_open(AlertCause.SECRET_ENDS), Snooze.CHANGE, running.acting)
    Connection.objects.update(credential_ends_at=running.time() + timedelta(days=6))
    assert _look(running) == [(AlertCause.SECRET_ENDS, Turn.CHANGED)]
    assert not _open(AlertCause.SECRET_ENDS).snoozed_until_change


def test_a_cause_comes_back_as_another_alert(running: Customer) -> None:
    for days, turn in ((20, Turn.OPENED), (100, Turn.ENDED), (20, Turn.OPENED)):
        Connection.objects.update(credential_ends_at=running.time() + timedelta(days=days))
        assert _look(running) == [(AlertCause.SECRET_ENDS, turn)]
    assert Alert.objects.count() == 2


def test_what_is_stored_amiss_of_one_tenant_hides_no_other_cause(
    running: Customer, caplog: pytest.LogCaptureFixture
) -> None:
    Connection.objects.update(
        credential_ends_at=running.time() + timedelta(days=20),
        health={"state": "incomplete", "permissions": [{"name": "x", "required": "perhaps", "state": "missing"}]},
    )
    assert _look(running) == [(AlertCause.SECRET_ENDS, Turn.OPENED)]
    assert "alerts of permission_missing could not be looked for" in caplog.text


def test_another_connection_of_another_customer_is_another_alert(running: Customer) -> None:
    stranger = edit.add_organization("Coldharbour", running.acting)
    domain = edit.add_domain(stranger, "coldharbour.example", running.acting)
    offer = attach.offer(
        stranger, "microsoft365", running.tenant.id, running.connection.client_id, "custom", Credential(secret="y")
    )
    other = attach.attach(None, offer, attach.OnTrust(), running.acting)
    sources.add(domain, other, running.acting)
    Connection.objects.update(credential_ends_at=running.time() + timedelta(days=20))
    _look(running)
    assert {one.organization_id for one in Alert.objects.all()} == {stranger.id, running.domain.organization_id}


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_look_at_once_raise_one_alert(running: Customer) -> None:
    Connection.objects.update(credential_ends_at=running.time() + timedelta(days=20))
    at_once = Barrier(2)

    def look() -> None:
        try:
            at_once.wait()
            evaluation.keep(running.time())
        finally:
            database.close()

    with ThreadPoolExecutor(2) as both:
        for one in [both.submit(look) for _ in range(2)]:
            one.result()
    assert Alert.objects.count() == 1
    running.time.pass_(seconds=59)
    Alert.objects.all().delete()
    evaluation.keep(running.time())
    assert not Alert.objects.exists()
    running.time.pass_(seconds=1)
    evaluation.keep(running.time())
    assert Alert.objects.count() == 1
