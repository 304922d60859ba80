"""How a domain stands, in one word: the most pressing thing is the one that is said."""

from datetime import timedelta

import pytest

from mailroll.connections import check, sources
from mailroll.connections.models import Connection
from mailroll.connections.sources import SourceSwitch
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.insight import overview
from mailroll.insight.overview import Cause, Health, ShownStanding
from mailroll.sync.models import Schedule
from mailroll.sync.schedules import schedule
from tests.sync.world import DOMAIN, Customer


def _standing(customer: Customer) -> ShownStanding:
    return overview.standing(Domain.objects.get(id=customer.domain.id), customer.time())


@pytest.fixture
def running(customer: Customer) -> Customer:
    """A customer whose domain is synced by itself, and was a moment ago."""
    customer.sync()
    schedule.switch_on_unseen(customer.domain, customer.acting)
    return customer


def test_a_domain_that_was_never_read_has_not_begun(customer: Customer) -> None:
    one = _standing(customer)
    assert (one.health, one.cause, one.users, one.previewed) == (Health.BEGIN, None, 0, False)


def test_a_preview_is_no_beginning_but_it_is_known(customer: Customer) -> None:
    customer.preview()
    one = _standing(customer)
    assert (one.health, one.previewed) == (Health.BEGIN, True)


def test_a_domain_that_is_synced_by_hand_is_off(customer: Customer) -> None:
    customer.sync()
    one = _standing(customer)
    assert (one.health, one.users, one.billable, one.sources) == (Health.OFF, 12, 12, 1)


def test_a_domain_that_is_synced_by_itself_is_healthy(running: Customer) -> None:
    assert _standing(running).health is Health.OK


def test_removals_that_wait_are_held(running: Customer) -> None:
    for number in range(5):
        running.tenant.delete_user(f"p{number}@{DOMAIN}")
    running.sync()
    one = _standing(running)
    assert (one.health, one.cause, one.removals, one.users) == (Health.HELD, Cause.HELD, 5, 12)


def test_a_run_that_failed_comes_before_what_is_held(running: Customer) -> None:
    for number in range(5):
        running.tenant.delete_user(f"p{number}@{DOMAIN}")
    running.sync()
    running.time.pass_(hours=1)
    running.simulator.faults.on("malformed_json")
    running.sync()
    assert _standing(running).cause is Cause.FAILED


def test_what_only_a_person_can_mend_is_a_failure(running: Customer) -> None:
    Schedule.objects.filter(domain=running.domain).update(paused={"code": "consent_missing"})
    one = _standing(running)
    assert (one.health, one.cause) == (Health.FAILED, Cause.NO_ACCESS)


def test_a_missing_permission_wants_attention(running: Customer) -> None:
    running.tenant.principals[running.connection.client_id].roles = ("User.Read.All", "Organization.Read.All")
    check.check(running.connection, running.domain, running.acting)
    assert _standing(running).cause is Cause.PERMISSION


@pytest.mark.parametrize(("left", "cause"), [(timedelta(days=6), Cause.CREDENTIAL), (timedelta(days=8), None)])
def test_a_credential_wants_a_person_from_a_week_before_its_end(
    running: Customer, left: timedelta, cause: Cause | None
) -> None:
    Connection.objects.update(credential_ends_at=running.time() + left)
    assert _standing(running).cause is cause


def test_a_run_that_nobody_takes_up_is_late(running: Customer) -> None:
    running.time.pass_(hours=3)
    one = _standing(running)
    assert (one.health, one.cause, one.stale) == (Health.LATE, Cause.LATE, False)


def test_a_list_that_was_to_be_fresh_is_stale_after_a_day(running: Customer) -> None:
    running.time.pass_(hours=25)
    assert _standing(running).stale


def test_what_presses_comes_first_and_the_rest_by_name(running: Customer) -> None:
    for number in range(5):
        running.tenant.delete_user(f"p{number}@{DOMAIN}")
    running.sync()
    for name in ("zebra.example", "aspen.example"):
        edit.add_domain(running.domain.organization, name, running.acting)
    every = overview.standings(Domain.objects.all(), running.time())
    assert [one.domain.name for one in every] == [DOMAIN, "aspen.example", "zebra.example"]


def test_many_domains_cost_no_more_questions_than_one(
    running: Customer, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(20):
        edit.add_domain(running.domain.organization, f"d{number}.example", running.acting)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(overview.standings(Domain.objects.all(), running.time())) == 21


def test_a_domain_whose_sources_are_off_never_grows_old(running: Customer) -> None:
    running.time.pass_(hours=30)
    assert _standing(running).stale
    sources.set_switch(running.source, SourceSwitch.ENABLED, running.acting, on=False)
    running.domain.refresh_from_db()
    one = _standing(running)
    assert (one.health, one.stale, one.read_at) == (Health.OFF, False, None)
