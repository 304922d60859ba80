"""What is known around an organization: of a few names, which are above or below it; of all, whether they moved."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroll.directory import tree
from mailroll.directory.models import Domain, DomainAlias, Organization
from tests.directory import forests

_NAMES = [f"d{number}.example" for number in range(8)]


def _name(organizations: list[Organization], owners: list[int]) -> None:
    """Every other name is an alias of the domain before it."""
    for name, alias, owner in zip(_NAMES[::2], _NAMES[1::2], owners, strict=True):
        domain = Domain.objects.create(name=name, organization=organizations[owner])
        DomainAlias.objects.create(name=alias, domain=domain)


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(forests.parents(rings=True), st.data(), st.sets(st.sampled_from([*_NAMES, "elsewhere.example"])))
def test_of_the_names_asked_for_those_above_and_below_are_told(
    above: forests.Parents, data: st.DataObject, among: set[str]
) -> None:
    owners = data.draw(st.lists(st.integers(0, len(above) - 1), min_size=4, max_size=4))
    with transaction.atomic():
        organizations = forests.make(above)
        _name(organizations, owners)
        for place, organization in enumerate(organizations):
            around = {
                name
                for names, owner in zip(zip(_NAMES[::2], _NAMES[1::2], strict=True), owners, strict=True)
                for name in names
                if owner in forests.line(above, place) or place in forests.line(above, owner)
            }
            assert tree.names_around(organization, among) == around & among
            _moves_with(organization, around)
        transaction.set_rollback(True)


def _moves_with(organization: Organization, around: set[str]) -> None:
    """The stamp is another exactly where the names around are others."""
    stamp = tree.stamp_around(organization)
    for name in _NAMES[1::2]:
        with transaction.atomic():
            DomainAlias.objects.filter(name=name).update(name="renamed.example")
            assert (tree.stamp_around(organization) != stamp) == (name in around)
            transaction.set_rollback(True)
