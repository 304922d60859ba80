"""A second factor is demanded of roles, by level, from an organization downwards, and never less below."""

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings as DjangoSettings

from mailroll.accounts import demands, second_factor
from mailroll.accounts.models import Membership, Operator, Role, SignInPolicy
from mailroll.audit.models import AuditEntry
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import Refused
from mailroll.settings import Demand, Settings

pytestmark = pytest.mark.django_db
_NUMBERS = count()


@pytest.fixture
def provider() -> Organization:
    return Organization.objects.create(name="Northgate")


@pytest.fixture
def customer(provider: Organization) -> Organization:
    return Organization.objects.create(name="Brightwater", parent=provider)


def _held(place: Organization, role: Role) -> Operator:
    made = Operator.objects.create(email=f"o{next(_NUMBERS)}@example.com")
    Membership.objects.create(operator=made, organization=place, role=role.value)
    return made


def _owing(place: Organization) -> set[Role]:
    return {role for role in Role if second_factor.demanded(_held(place, role))}


def test_a_new_installation_demands_one_of_administrators_and_technicians(
    customer: Organization, settings: DjangoSettings
) -> None:
    fresh = Settings.read({"HOME": "/home/ada"})
    settings.MAILROLL = replace(settings.MAILROLL, second_factor=fresh.second_factor)
    assert _owing(customer) == {Role.ADMINISTRATOR, Role.TECHNICIAN}
    settings.MAILROLL = replace(settings.MAILROLL, second_factor=Demand.NOBODY)
    assert _owing(customer) == set()


@pytest.mark.parametrize("level", list(Demand))
def test_a_level_reaches_whom_it_names_there_and_below(
    provider: Organization, customer: Organization, level: Demand
) -> None:
    boss = _held(provider, Role.ADMINISTRATOR)
    demands.demand(provider, level, by=boss)
    assert _owing(provider) == _owing(customer) == set(second_factor.DEMANDED_OF[level])
    assert _owing(Organization.objects.create(name="Elsewhere")) == set()


def test_a_customer_demands_more_than_its_provider_and_never_less(
    provider: Organization, customer: Organization
) -> None:
    boss, local = _held(provider, Role.ADMINISTRATOR), _held(customer, Role.ADMINISTRATOR)
    demands.demand(provider, Demand.ADMINISTRATORS, by=boss)
    with pytest.raises(Refused) as problem:
        demands.demand(customer, Demand.NOBODY, by=local)
    assert problem.value.code == "demand_weaker"
    assert demands.demand_on(customer).choices == (Demand.ADMINISTRATORS, Demand.TECHNICIANS, Demand.EVERYBODY)
    assert demands.demand_on(customer).by == provider
    demands.demand(customer, Demand.EVERYBODY, by=local)
    assert _owing(customer) == set(Role)
    assert _owing(provider) == {Role.ADMINISTRATOR}
    demands.demand(customer, Demand.ADMINISTRATORS, by=local)
    demands.demand(provider, Demand.EVERYBODY, by=boss)
    # What a customer chose before its provider asked for more is no way round it.
    assert _owing(customer) == set(Role)
    assert AuditEntry.objects.filter(action="organization.second_factor_demand").count() == 4


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(upper=st.sampled_from(Demand), lower=st.none() | st.sampled_from(Demand))
def test_what_holds_is_the_stricter_of_all_above(
    provider: Organization, customer: Organization, upper: Demand, lower: Demand | None
) -> None:
    for place, level in ((provider, upper), (customer, lower)):
        SignInPolicy.objects.filter(organization=place).delete()
        if level is not None:
            SignInPolicy.objects.create(organization=place, demand=level.value)
    owed = second_factor.DEMANDED_OF[upper] | second_factor.DEMANDED_OF[lower or Demand.NOBODY]
    assert _owing(customer) == set(owed)
    assert set(second_factor.DEMANDED_OF[demands.demand_on(customer).level]) == set(owed)
