"""Whose a domain is: a name may be added by many, and belongs to the one that proved it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.connections import new_domains
from mailroll.connections.models import DnsProof
from mailroll.connections.ownership import watch
from mailroll.directory import edit, queries
from mailroll.directory.models import Domain, Organization, ProvedBy, Serving
from mailroll.reconcile.errors import BadInput, MailrollError, NotVerified, Refused
from mailroll.sync.models import Trigger
from mailroll.sync.runs import ask
from tests.connections.test_new_domains import _administrator
from tests.connections.zones import Odd, Zones, serving
from tests.directory.rolls import NOON

NAME = "birch.example"

pytestmark = pytest.mark.django_db


class Clock:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> Acting:
        return Acting("test:priya", lambda: self.time)

    def pass_by(self, by: timedelta) -> None:
        self.time += by


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def _server() -> Iterator[Zones]:
    with serving() as zones:
        yield zones


@pytest.fixture
def zones(_server: Zones, settings: Settings) -> Zones:
    for kept in (_server.txt, _server.cname, _server.odd, _server.asked):
        kept.clear()
    settings.MAILROLL = replace(settings.MAILROLL, resolver=(_server.server,))
    return _server


def _customer(name: str, clock: Clock) -> Organization:
    provider = Organization.objects.filter(parent=None).first() or edit.add_organization("Northgate IT", clock())
    return edit.add_organization(name, clock(), parent=provider)


def _added(customer: Organization, clock: Clock, name: str = NAME) -> Domain:
    return new_domains.add_domain(customer, name, _administrator(customer), clock())


@pytest.fixture
def domain(clock: Clock) -> Domain:
    """What the administrator of a customer has just added."""
    return _added(_customer("Birch Ltd", clock), clock)


def _write(zones: Zones, domain: Domain, name: str = NAME) -> None:
    record = watch.record(DnsProof.objects.get(domain=domain, name=name))
    zones.write(record.name, *(one for (one,) in zones.txt.get(record.name, [])), record.value)


def _actions(domain: Domain) -> list[str]:
    kept = AuditEntry.objects.filter(organization=domain.organization_id, action__startswith="domain.")
    return [entry.action for entry in kept.order_by("id")]


def test_an_unproved_domain_has_no_list_and_no_runs(domain: Domain, clock: Clock) -> None:
    assert (domain.proved_at, domain.path) == (None, f"{domain.organization_id}:{NAME}")
    assert queries.accepted(domain) == frozenset()
    with pytest.raises(edit.Malformed, match="Nobody has proved yet"):
        edit.add_user(domain, f"ann@{NAME}", clock())
    for refused in (
        lambda: edit.add_group(domain, "Night shift", clock()),
        lambda: edit.add_domain_alias(domain, "other.example", clock(), proved=True),
        lambda: ask.for_run(domain, Trigger.PREVIEW, clock()),
        lambda: edit.set_serving(domain, edit.ServingWay(Serving.PASS, plus_tags=True, stale_hours=72), clock()),
    ):
        with pytest.raises(Refused) as caught:
            refused()
        assert caught.value.code == "domain_unproved"
    with pytest.raises(IntegrityError), transaction.atomic():
        Domain.objects.filter(id=domain.id).update(has_source=True)


def test_a_rival_keeps_nobody_out_and_each_has_a_record_of_its_own(domain: Domain, clock: Clock, zones: Zones) -> None:
    rival = _added(_customer("Rival Ltd", clock), clock)
    _write(zones, domain)
    with pytest.raises(NotVerified) as caught:
        watch.check(rival, NAME, clock())
    assert caught.value.code == "dns_other_value"
    watch.check(domain, NAME, clock())
    domain.refresh_from_db()
    rival.refresh_from_db()
    assert (domain.proved_by, domain.proved_at, domain.path) == (ProvedBy.DNS, NOON, NAME)
    assert (rival.proved_at, rival.claimed_at) == (None, None)
    edit.add_user(domain, f"ann@{NAME}", clock())


def test_one_name_is_once_in_an_organization(domain: Domain, clock: Clock) -> None:
    with pytest.raises(Refused) as caught:
        edit.add_domain(domain.organization, NAME, clock(), proved=False)
    assert caught.value.code == "domain_exists"


def test_who_adds_a_name_learns_not_whether_it_is_another_s(domain: Domain, clock: Clock) -> None:
    assert edit.prove_domain(domain, ProvedBy.TENANT, clock())
    assert _added(_customer("Rival Ltd", clock), clock).proved_at is None


def test_a_second_proof_takes_nothing_and_both_are_told(domain: Domain, clock: Clock, zones: Zones) -> None:
    assert edit.prove_domain(domain, ProvedBy.TENANT, clock())
    second = _added(_customer("Second Ltd", clock), clock)
    _write(zones, second)
    for _ in range(2):
        with pytest.raises(Refused) as caught:
            watch.check(second, NAME, clock())
        assert caught.value.code == "domain_proved_elsewhere"
        clock.pass_by(timedelta(minutes=1))
    second.refresh_from_db()
    assert (second.proved_at, second.claimed_at) == (None, NOON)
    assert _actions(second) == ["domain.added", "domain.claimed"]
    assert _actions(domain) == ["domain.added", "domain.proved", "domain.claimed_elsewhere"]
    told = AuditEntry.objects.get(action="domain.claimed_elsewhere")
    assert "Second" not in f"{told.actor}{told.details}"
    assert queries.domain(NAME).id == domain.id


def test_once_the_first_is_gone_the_second_has_it_by_its_next_look(domain: Domain, clock: Clock, zones: Zones) -> None:
    edit.prove_domain(domain, ProvedBy.TENANT, clock())
    second = _added(_customer("Second Ltd", clock), clock)
    _write(zones, second)
    with pytest.raises(Refused):
        watch.check(second, NAME, clock())
    edit.remove_domain(domain, clock())
    clock.pass_by(timedelta(minutes=10))
    assert watch.check_waiting(clock.time) == 1
    second.refresh_from_db()
    assert (second.proved_by, second.claimed_at) == (ProvedBy.DNS, None)


def test_a_worker_looks_later_and_later_and_stops_after_a_month(domain: Domain, clock: Clock, zones: Zones) -> None:
    DnsProof.objects.update(created_at=clock.time)
    looks = []
    for _ in range(60 * 24 * 12):
        if watch.check_waiting(clock.time):
            looks.append(clock.time - NOON)
        (proof,) = DnsProof.objects.all()
        if proof.next_at is None:
            break
        clock.time = proof.next_at
    apart = [after - before for before, after in pairwise(looks)]
    assert looks[0] == timedelta(minutes=5)
    assert apart == sorted(apart)
    assert apart[-1] == timedelta(hours=12)
    assert len(looks) < 100
    assert timedelta(days=30) < looks[-1] < timedelta(days=31)
    kept = DnsProof.objects.get()
    assert kept.error is not None
    assert kept.error["code"] == "dns_no_name"


def test_a_worker_finds_what_was_written_meanwhile(domain: Domain, clock: Clock, zones: Zones) -> None:
    _write(zones, domain)
    assert watch.check_waiting(clock.time) == 0
    clock.pass_by(timedelta(minutes=5))
    assert watch.check_waiting(clock.time) == 1
    domain.refresh_from_db()
    assert domain.proved_by == ProvedBy.DNS
    entry = AuditEntry.objects.get(action="domain.proved")
    assert (entry.actor, entry.details) == (watch.DNS_CLOCK, {"by": "dns"})
    clock.pass_by(timedelta(days=1))
    assert watch.check_waiting(clock.time) == 0


def test_whoever_clicks_twice_is_asked_to_wait(domain: Domain, clock: Clock, zones: Zones) -> None:
    for code in ("dns_no_name", "dns_too_soon"):
        with pytest.raises(MailrollError) as caught:
            watch.check(domain, NAME, clock())
        assert caught.value.code == code
    assert len(zones.asked) == 1
    clock.pass_by(watch.APART)
    with pytest.raises(NotVerified):
        watch.check(domain, NAME, clock())


def test_what_was_found_is_kept_for_the_page(domain: Domain, clock: Clock, zones: Zones) -> None:
    zones.odd[f"_mailroll-challenge.{NAME}"] = Odd.FAILS
    with pytest.raises(MailrollError):
        watch.check(domain, NAME, clock())
    proof = watch.waiting(domain, NAME)
    assert proof is not None
    assert proof.error is not None
    assert (proof.asked_at, proof.error["code"]) == (NOON, "dns_server_failure")


def test_an_alias_domain_is_proved_by_its_own_record(domain: Domain, clock: Clock, zones: Zones) -> None:
    edit.prove_domain(domain, ProvedBy.DNS, clock())
    new_domains.register_alias(domain, "birch.test", clock(), proved=False)
    assert queries.accepted(domain) == {NAME}
    _write(zones, domain, "birch.test")
    watch.check(domain, "birch.test", clock())
    assert queries.accepted(domain) == {NAME, "birch.test"}
    assert watch.waiting(domain, "birch.test") is None
    with pytest.raises(BadInput):
        watch.check(domain, "birch.test", clock())


def test_an_alias_domain_that_is_another_s_domain_stays_there(domain: Domain, clock: Clock, zones: Zones) -> None:
    edit.prove_domain(domain, ProvedBy.DNS, clock())
    new_domains.register_alias(domain, "oak.example", clock(), proved=False)
    edit.add_domain(_customer("Oak Ltd", clock), "oak.example", clock())
    _write(zones, domain, "oak.example")
    with pytest.raises(Refused) as caught:
        watch.check(domain, "oak.example", clock())
    assert caught.value.code == "domain_proved_elsewhere"
    assert queries.accepted(domain) == {NAME}


def test_a_name_that_is_another_s_alias_domain_stays_there(domain: Domain, clock: Clock) -> None:
    oak = edit.add_domain(_customer("Oak Ltd", clock), "oak.example", clock())
    edit.add_domain_alias(oak, NAME, clock(), proved=True)
    assert not edit.prove_domain(domain, ProvedBy.DNS, clock())
    assert _actions(oak)[-1] == "domain.claimed_elsewhere"


def test_a_domain_is_named_with_its_organization_while_nobody_proved_it(domain: Domain, clock: Clock) -> None:
    rival = _added(_customer("Rival Ltd", clock), clock)
    with pytest.raises(BadInput) as caught:
        queries.domain(NAME)
    assert caught.value.code == "domain_unproved"
    assert queries.domain(f"Birch Ltd/{NAME}").id == domain.id
    assert queries.domain(f"{rival.organization_id}/{NAME.upper()}").id == rival.id
    assert queries.domain(str(rival.id)).id == rival.id
    edit.prove_domain(rival, ProvedBy.TOP, clock())
    assert queries.domain(NAME).id == rival.id
