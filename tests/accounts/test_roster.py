"""How many organizations people reach by their roles, however these lie above and below each other."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroll.accounts import roster
from mailroll.accounts.models import Membership, Operator, Role
from tests.directory import forests

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def _operator(name: str) -> Operator:
    return Operator.objects.create(email=f"{name}@northgate.example", name=name, password="!")


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(forests.parents(rings=False), st.data())
def test_who_reaches_an_organization_by_several_roles_reaches_it_once(
    above: forests.Parents, data: st.DataObject
) -> None:
    everybody = st.lists(st.sets(st.integers(0, len(above) - 1), min_size=1, max_size=3), max_size=4)
    held = data.draw(everybody)
    with transaction.atomic():
        organizations, by = forests.make(above), _operator("administrator")
        tops = {place for place, parent in enumerate(above) if parent is None}
        Membership.objects.bulk_create(
            Membership(operator=by, organization=organizations[top], role=Role.ADMINISTRATOR) for top in tops
        )
        for number, places in enumerate(held):
            operator = _operator(f"p{number}")
            Membership.objects.bulk_create(
                Membership(operator=operator, organization=organizations[place], role=Role.VIEWER) for place in places
            )
        found = {one.operator.name: one.reaches for one in roster.compose(by, NOW).colleagues}
        reached = {
            f"p{number}": sum(bool(forests.line(above, place) & places) for place in range(len(above)))
            for number, places in enumerate(held)
        }
        assert found == {"administrator": len(above), **reached}
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_in_a_ring_of_organizations_each_reaches_all_of_it_once() -> None:
    top, one, other = forests.make([None, 2, 1])
    by, viewer = _operator("administrator"), _operator("viewer")
    Membership.objects.create(operator=by, organization=top, role=Role.ADMINISTRATOR)
    Membership.objects.create(operator=viewer, organization=one, role=Role.VIEWER)
    assert other.parent_id == one.id
    assert {one.operator.name: one.reaches for one in roster.compose(by, NOW).colleagues} == {
        "administrator": 1,
        "viewer": 2,
    }
