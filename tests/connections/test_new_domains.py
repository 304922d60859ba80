"""How many domains an organization may have that nobody has proved."""

from dataclasses import replace

import pytest
from pytest_django import Settings

from mailroll.accounts.models import Membership, Operator, Role
from mailroll.audit.actor import Acting
from mailroll.connections import new_domains
from mailroll.directory import edit
from mailroll.directory.models import Domain, Organization, ProvedBy
from mailroll.reconcile.errors import Refused

ACTING = Acting("test:priya")
MOST = 3

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(settings: Settings) -> Organization:
    settings.MAILROLL = replace(settings.MAILROLL, unproved_domains=MOST)
    return edit.add_organization("Birch Ltd", ACTING, parent=edit.add_organization("Northgate IT", ACTING))


def _administrator(place: Organization | None) -> Operator:
    assert place is not None
    made = Operator.objects.create_user(f"{place.name.split()[0].lower()}@example.com", "a password of theirs")
    Membership.objects.create(operator=made, organization=place, role=Role.ADMINISTRATOR)
    return made


def test_a_customer_s_administrator_takes_no_name_after_the_other(customer: Organization) -> None:
    own = _administrator(customer)
    for number in range(MOST):
        new_domains.add_domain(customer, f"b{number}.example", own, ACTING)
    with pytest.raises(Refused) as refused:
        new_domains.add_domain(customer, "rival.example", own, ACTING)
    assert refused.value.code == "domains_unproved"
    assert not Domain.objects.filter(name="rival.example").exists()


@pytest.mark.parametrize("by", [ProvedBy.DNS, ProvedBy.TENANT])
def test_a_domain_that_is_proved_does_not_count(customer: Organization, by: ProvedBy) -> None:
    own = _administrator(customer)
    made = [new_domains.add_domain(customer, f"b{number}.example", own, ACTING) for number in range(MOST)]
    assert edit.prove_domain(made[0], by, ACTING)
    assert new_domains.add_domain(customer, "b9.example", own, ACTING).name == "b9.example"


def test_whoever_stands_at_the_top_adds_as_many_as_there_are(customer: Organization) -> None:
    provider = _administrator(customer.parent)
    for number in range(MOST + 2):
        new_domains.add_domain(customer, f"b{number}.example", provider, ACTING)
    made = customer.domains.all()
    assert [(one.proved_by, one.path == one.name) for one in made] == [(ProvedBy.TOP, True)] * (MOST + 2)
