"""Two customers read by one connection of their provider: neither learns from any page that there is the other."""

import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mailroll.accounts import trail
from mailroll.accounts.models import Membership, Operator, Role
from mailroll.audit.models import AuditEntry
from mailroll.connections import check, sources
from mailroll.connections.models import Source
from mailroll.directory import edit
from mailroll.directory.models import Organization
from mailroll.reconcile.filters.counter import MEMBERSHIP
from mailroll.sync.models import RunProgress, RunState, RunStep, Schedule
from mailroll.sync.runs import make
from mailroll.sync.samples import counts, intake, view
from mailroll.sync.schedules import schedule
from mailroll.sync.states import begin
from mailroll_simulator import Tenant
from tests.console.pages import words
from tests.sync.world import Customer

BIRCH, CEDAR = "birch.example", "cedar.example"
CEDARS_PEOPLE = 37


@pytest.fixture
def tenant(tenant: Tenant) -> Tenant:
    """One tenant for several customers, as a provider with a tenant of its own may have it."""
    for name, number in ((BIRCH, 3), (CEDAR, CEDARS_PEOPLE)):
        tenant.add_domain(name)
        for one in range(number):
            tenant.add_user(f"{name[0].upper()} {one}", local=f"u{one}", domain=name)
    tenant.add_group("Birch office", kind="distribution", local="office", domain=BIRCH, members=())
    tenant.add_group("Cedar board", kind="distribution", local="board", domain=CEDAR, members=())
    return tenant


@pytest.fixture
def birch(customer: Customer) -> Customer:
    return _below(customer, "Birch Ltd", BIRCH)


@pytest.fixture
def cedar(customer: Customer) -> Customer:
    return _below(customer, "Cedar Ltd", CEDAR)


@pytest.fixture
def viewer(birch: Customer, cedar: Customer) -> Client:
    return _signed_in("vic@birch.example", birch.domain.organization, Role.TECHNICIAN)


def _below(customer: Customer, name: str, domain: str) -> Customer:
    """Have a customer of the provider read by the provider's connection."""
    organization = edit.add_organization(name, customer.acting, parent=customer.domain.organization)
    made = edit.add_domain(organization, domain, customer.acting)
    source = sources.add(made, customer.connection, customer.acting)
    customer.connection.refresh_from_db()
    check.check(customer.connection, made, customer.acting)
    return replace(customer, domain=made, source=source)


def _signed_in(email: str, organization: Organization, role: Role) -> Client:
    made = Operator.objects.create_user(email, name=email.partition("@")[0].title())
    Membership.objects.create(operator=made, organization=organization, role=role)
    client = Client()
    client.force_login(made)
    return client


def _source(source: Source) -> str:
    return reverse("console:source", args=[source.domain.name, source.owner_id])


def _knows_nothing(response: Any) -> str:
    """The page is there, and names neither the other customer nor a number of its people."""
    assert response.status_code == 200
    page = words(response)
    assert not re.search(rf"cedar|\b{CEDARS_PEOPLE}\b", page, re.IGNORECASE), page
    assert "None of your domains here" not in page
    return page


def test_a_source_names_only_domains_that_the_reader_may_see(birch: Customer, viewer: Client) -> None:
    page = _knows_nothing(viewer.get(_source(birch.source)))
    assert f"{BIRCH} This domain 3" in page


def test_a_source_names_the_others_to_the_provider(birch: Customer, cedar: Customer) -> None:
    provider = _signed_in("priya@northgate.example", birch.connection.organization, Role.VIEWER)
    page = words(provider.get(_source(birch.source)))
    assert f"{CEDAR} Also in this Console {CEDARS_PEOPLE}" in page


def test_who_accepted_is_named_only_to_those_who_have_the_connection(birch: Customer, viewer: Client) -> None:
    birch.connection.consent = {"by": "admin@cedar.example", "role": "Global Administrator", "at": "2026-11-20T08:00Z"}
    birch.connection.save()
    page = _knows_nothing(viewer.get(_source(birch.source)))
    assert "An administrator of the tenant" in page
    provider = _signed_in("priya@northgate.example", birch.connection.organization, Role.VIEWER)
    assert "admin@cedar.example" in words(provider.get(_source(birch.source)))


def test_a_run_tells_of_no_domain_of_another_customer(birch: Customer, viewer: Client) -> None:
    for run in (make.preview(birch.domain, birch.acting), make.run(birch.domain, birch.acting)):
        assert "tenant_domain_not_here" not in {one["code"] for one in run.findings}
        _knows_nothing(viewer.get(reverse("console:run", args=[BIRCH, run.id])))
    _knows_nothing(viewer.get(reverse("console:user-sync", args=[BIRCH])))


def test_a_reading_under_way_does_not_tell_how_large_the_tenant_is(birch: Customer, viewer: Client) -> None:
    run = make.run(birch.domain, birch.acting)
    run.pk, run.number, run.state, run.finished_at = uuid4(), run.number + 1, "", None
    run._state.adding = True
    begin(run, RunState.READING, birch.time())
    RunProgress.objects.create(run=run, step=RunStep.READ, objects_read=4321, done=4321, updated_at=birch.time())
    page = words(viewer.get(reverse("console:run", args=[BIRCH, run.id])))
    assert "Every page to the end." in page
    assert "4,321" not in page


def test_groups_to_choose_from_are_those_of_ones_own_domain(birch: Customer, cedar: Customer) -> None:
    view.sampled(birch.source, frozenset(), birch.acting)
    intake.take(birch.connection.id, birch.time())
    offered = counts.offers(birch.source, birch.acting)[MEMBERSHIP]
    assert [name for name, _ in offered] == ["Birch office"]


def test_neither_trail_names_who_works_for_the_other(birch: Customer, cedar: Customer, viewer: Client) -> None:
    for one in (birch, cedar):
        kept = Schedule.objects.create(domain=one.domain, jitter=0.0, paused={"code": "x", "message": "x", "help": "x"})
        assert kept.paused
    viewer.post(reverse("console:source-check", args=[BIRCH, birch.source.owner_id]))
    entries = AuditEntry.objects.filter(action="automatic.resumed")
    actors = dict(entries.values_list("subject", "actor"))
    assert actors == {BIRCH: "operator:vic@birch.example", CEDAR: f"connection:{birch.connection.id}"}
    # Nor from where they work.
    entry = entries.get(subject=CEDAR)
    assert entry.client
    _signed_in("ann@cedar.example", cedar.domain.organization, Role.ADMINISTRATOR)
    of_cedar = Operator.objects.get(email="ann@cedar.example")
    assert trail.visible(of_cedar).filter(id=entry.id).exists()
    assert trail.Audience(of_cedar).origin(entry) == ("", "")
    assert schedule.view(cedar.domain, cedar.time()).paused is None


def test_connections_lists_nothing_of_the_provider_to_a_customer(birch: Customer, viewer: Client) -> None:
    page = _knows_nothing(viewer.get(reverse("console:connections")))
    assert "Nothing is connected yet" in page
    assert viewer.get(reverse("console:connection", args=[birch.connection.id])).status_code == 404
