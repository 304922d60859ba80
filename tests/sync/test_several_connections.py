"""A domain that is read from several connections costs what changed in any of them, too."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Final

import pytest
from pytest_django import Settings

from mailroll.connections import sources
from mailroll.directory.models import Address
from mailroll.sync.models import ListingTrace, Run, RunState, SteadyState
from mailroll.sync.runs import decide
from mailroll_simulator import Simulator, Tenant
from tests.sync import world
from tests.sync.test_amending import BESIDE, BY_ID, agreed, effect, listed, looked_at_in_full
from tests.sync.test_busy import STEPS, looked_at
from tests.sync.test_footing import CHANGES
from tests.sync.test_siblings import other_connection
from tests.sync.test_since import DELTAS, by_schedule
from tests.sync.test_unchanged import anew, listings
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE: Final = 24
TURNS: Final = 6
OTHER_ID: Final = "22222222-3333-4444-8555-666666666666"
PER_CONNECTION: Final = 12
"""Requests of a run that asks each connection by id: changes, what no listing shows, and the objects."""


@pytest.fixture
def tenant() -> Tenant:
    made = world.tenant(PEOPLE)
    made.add_group("All staff", kind="distribution", local="all")
    made.add_contact("Cleaner", mail=f"cleaner@{DOMAIN}")
    return made


@pytest.fixture
def other() -> Tenant:
    """Another tenant with people of the domain."""
    made = Tenant("Brightwater Freight", "freight.onmicrosoft.com", OTHER_ID, Random(8))
    made.add_domain(DOMAIN, default=True)
    for number in range(PEOPLE):
        made.add_user(f"Person of freight {number}", local=f"f{number}")
    made.add_group("Drivers", kind="distribution", local="drivers")
    made.add_contact("Garage", mail=f"garage@{DOMAIN}")
    return made


@pytest.fixture
def simulator(tenant: Tenant, other: Tenant, settings: Settings) -> Iterator[Simulator]:
    with world.simulated(tenant, other) as running:
        settings.MAILROLL = replace(
            settings.MAILROLL,
            custom_login_url=running.login_url,
            custom_graph_url=running.graph_url,
            custom_ca_file=running.ca_file,
        )
        yield running


def begin(customer: Customer, *also: Tenant) -> Customer:
    """Read the domain from further connections too, and list everybody until it is enough to ask by id."""
    for each in also:
        sources.add(customer.domain, other_connection(customer, each), customer.acting)
    customer.domain.refresh_from_db()
    assert customer.sync().state == RunState.APPLIED
    for _ in range(6):
        if not listed(by_schedule(customer)[1]):
            return customer
    raise AssertionError


@pytest.fixture
def both(customer: Customer, other: Tenant) -> Customer:
    """A customer whose domain is read from two tenants."""
    return begin(customer, other)


def by_id(customer: Customer) -> tuple[Run, list[str]]:
    run, questions = by_schedule(customer)
    assert (looked_at(run), listed(questions)) == (True, False), questions
    return run, questions


def test_a_change_in_one_tenant_costs_a_few_requests_to_each(both: Customer, other: Tenant) -> None:
    for number in range(3):
        other.add_user(f"Joiner {number}", local=f"joiner{number}")
        run, questions = by_id(both)
        assert (run.state, effect(run)) == (RunState.APPLIED, {"create": 1})
        told = next(each for each in run.findings if each["code"] == "changes_told")
        assert told["facts"]["told"] == "1 object"
        # The other tenant is asked for nobody: nothing that it shows is reached.
        assert Counter(questions) == Counter([*DELTAS * 2, *BESIDE * 2, BY_ID, "/$batch"])
    assert listed(by_schedule(both)[1]) is False
    assert Counter(by_schedule(both)[1]) == Counter(DELTAS * 2)
    assert both.preview().state == RunState.UNCHANGED


def test_who_holds_an_address_in_one_tenant_is_asked_for_where_somebody_of_another_wants_it(
    both: Customer, other: Tenant
) -> None:
    holder, wanted = both.tenant.user(f"p3@{DOMAIN}"), f"p3@{DOMAIN}"
    other.add_user("Joiner", local="joiner", aliases=[wanted])
    run, _ = by_id(both)
    assert wanted in set(run.skips.values_list("address", flat=True))
    assert both.roll()[wanted].display_name == "Person 3"
    # Once the holder is gone, whoever stood in line gets it, without a listing.
    both.tenant.delete_user(holder)
    by_id(both)
    by_id(both)
    taken = Address.objects.get(address=wanted)
    assert (taken.user.display_name, taken.ending_since) == ("Joiner", None)
    assert both.preview().state == RunState.UNCHANGED


def test_a_story_of_changes_in_any_of_them_leaves_what_a_look_at_everything_would(
    customer: Customer, other: Tenant
) -> None:
    """Of three connections two read one tenant."""
    begin(customer, other, customer.tenant)
    chance, told = Random(3), 0
    for _ in range(TURNS):
        for _ in range(chance.randint(0, 3)):
            chance.choice(CHANGES)(chance.choice((customer.tenant, other)), chance)
        run, questions = by_schedule(customer, seconds=chance.choice(STEPS))
        assert run.state in {RunState.APPLIED, RunState.UNCHANGED, RunState.HELD}, run.error
        if looked_at(run) and not listed(questions):
            told += 1
            assert len(questions) <= PER_CONNECTION * 3, questions
        waiting = agreed(run, looked_at_in_full(customer))
        if waiting is not None and chance.random() < 0.5:
            decide.release(waiting.id, "They left.", customer.acting)
    assert told >= TURNS // 3


def test_what_is_listed_is_compared_with_what_each_of_them_showed(customer: Customer, other: Tenant) -> None:
    begin(customer, other)
    assert customer.sync().state == RunState.UNCHANGED
    # Cursors are new, so that both are listed; only who is new is compared.
    other.change_user(f"f2@{DOMAIN}", displayName="Somebody Else")
    customer.tenant.delete_user(f"p2@{DOMAIN}")
    run, questions = by_schedule(customer, seconds=300)
    assert (run.state, effect(run)) == (RunState.APPLIED, {"update": 1, "retire": 1})
    assert (looked_at(run), Counter(questions)["/users"]) == (True, 2)
    run, questions = by_schedule(customer, seconds=300)
    assert (run.state, looked_at(run), Counter(questions)["/users"]) == (RunState.UNCHANGED, True, 2)
    # Both settle together, however busy each of them is.
    for number in range(4):
        (customer.tenant, other)[number % 2].add_user(f"Joiner {number}", local=f"joiner{number}")
        run, questions = by_schedule(customer, seconds=300)
        assert (effect(run), looked_at(run)) == ({"create": 1}, True)
    assert not listed(questions)
    # Whatever is damaged of one of them, everything is compared.
    ListingTrace.objects.update(trace=bytes(ListingTrace.objects.get().trace)[:-32])
    SteadyState.objects.update(since="")
    other.add_user("Late joiner", local="late")
    run, _ = by_schedule(customer, seconds=300)
    assert (effect(run), looked_at(run)) == ({"create": 1}, False)


def test_while_one_of_them_fails_nobody_of_it_goes_and_the_others_are_compared_in_full(
    both: Customer, other: Tenant
) -> None:
    roll = both.roll().keys()
    for number, path in enumerate(("/users/delta", BY_ID)):
        other.delete_user(f"f{number}@{DOMAIN}")
        both.simulator.faults.on("throttle", path=path, retry_after=600, tenant=other.id)
        run, _ = by_schedule(both)
        assert (run.state, looked_at(run), effect(run)) == (RunState.UNCHANGED, False, {})
        assert {each["trusted"] for each in run.sources} == {True, False}
        assert both.roll().keys() == roll
        both.simulator.faults.off("throttle")
        run, _ = by_schedule(both)
        assert effect(run) == {"retire": 1}
        roll = both.roll().keys()
        anew()
        both.sync()
        for _ in range(4):
            by_schedule(both)


def test_where_one_of_them_contradicts_itself_all_are_listed(both: Customer, other: Tenant) -> None:
    user = other.user(f"f1@{DOMAIN}")
    other.change_user(user, proxyAddresses=[f"SMTP:f1@{DOMAIN}", f"smtp:new@{DOMAIN}"])
    both.simulator.faults.on("stale_row", path=BY_ID, user=user.id)
    before = listings(both)
    run, _ = by_schedule(both)
    assert (effect(run), listings(both)) == ({"update": 1}, before + 2)
    assert f"new@{DOMAIN}" in set(Address.objects.filter(ending_since=None).values_list("address", flat=True))
