"""Access: roles reach downwards, never up or sideways, and agree with a model that walks the tree in Python."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroll.accounts import access
from mailroll.accounts.models import Membership, Operator, Role
from mailroll.directory.models import Domain, Organization

pytestmark = pytest.mark.django_db

Question = Callable[[Operator, Organization], bool]

_NEEDED: dict[Question, Role] = {
    access.may_view: Role.VIEWER,
    access.may_run: Role.TECHNICIAN,
    access.may_edit: Role.TECHNICIAN,
    access.may_release: Role.TECHNICIAN,
    access.may_connect: Role.ADMINISTRATOR,
    access.may_invite: Role.ADMINISTRATOR,
    access.may_set_up: Role.TECHNICIAN,
    access.may_issue: Role.ADMINISTRATOR,
    access.may_settle: Role.ADMINISTRATOR,
    access.may_audit: Role.ADMINISTRATOR,
}


@dataclass(frozen=True)
class _World:
    """`parents[n]` is the place of n's parent, before it, or None; `held` maps (operator, organization) to a role."""

    parents: tuple[int | None, ...]
    held: dict[tuple[int, int], Role]
    active: tuple[bool, bool]

    def role(self, operator: int, organization: int) -> Role | None:
        if not self.active[operator]:
            return None
        found: list[Role] = []
        place: int | None = organization
        while place is not None:
            if (operator, place) in self.held:
                found.append(self.held[operator, place])
            place = self.parents[place]
        return max(found, key=list(Role).index, default=None)


@st.composite
def _worlds(draw: st.DrawFn) -> _World:
    size = draw(st.integers(1, 9))
    parents = tuple(draw(st.none() | st.integers(0, n - 1)) if n else None for n in range(size))
    places = st.tuples(st.integers(0, 1), st.integers(0, size - 1))
    held = draw(st.dictionaries(places, st.sampled_from(Role), max_size=6))
    return _World(parents, held, draw(st.tuples(st.booleans(), st.just(True))))


def _stored(world: _World) -> tuple[list[Operator], list[Organization]]:
    organizations: list[Organization] = []
    for place, parent in enumerate(world.parents):
        above = None if parent is None else organizations[parent]
        organizations.append(Organization.objects.create(name=f"O{place}", parent=above))
    operators = [Operator.objects.create_user(f"{uuid4()}@example.com", is_active=active) for active in world.active]
    for (operator, organization), role in world.held.items():
        Membership.objects.create(
            operator=operators[operator], organization=organizations[organization], role=role.value
        )
    return operators, organizations


@given(world=_worlds())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_question_is_answered_as_by_walking_the_tree(world: _World) -> None:
    operators, organizations = _stored(world)
    for number, operator in enumerate(operators):
        roles = [world.role(number, place) for place in range(len(organizations))]
        assert [access.role_in(operator, organization) for organization in organizations] == roles
        for question, needed in _NEEDED.items():
            expected = [role is not None and list(Role).index(role) >= list(Role).index(needed) for role in roles]
            assert [question(operator, organization) for organization in organizations] == expected
        for needed in Role:
            reached = {
                organization
                for organization, role in zip(organizations, roles, strict=True)
                if role in needed.included_in
            }
            assert set(access.organizations_as(operator, needed)) == reached
        assert set(access.organizations(operator)) == {
            organization for organization, role in zip(organizations, roles, strict=True) if role is not None
        }


def test_a_chain_of_fifty_organizations_costs_one_query() -> None:
    operators, organizations = _stored(
        _World((None, *range(50)), {(0, 0): Role.VIEWER, (0, 30): Role.TECHNICIAN}, (True, True))
    )
    Domain.objects.bulk_create(
        Domain(organization=organization, name=f"d{place}.example") for place, organization in enumerate(organizations)
    )
    with CaptureQueriesContext(connection) as queries:
        assert access.domains(operators[0]).filter(name__startswith="d4").count() == 11
        assert access.role_in(operators[0], organizations[50]) is Role.TECHNICIAN
    assert len(queries) == 2


def test_a_stranger_sees_no_domain() -> None:
    operators, organizations = _stored(_World((None, 0), {(0, 0): Role.ADMINISTRATOR}, (True, True)))
    Domain.objects.create(organization=organizations[1], name="a.example")
    assert access.domains(operators[0]).count() == 1
    assert access.domains(operators[1]).count() == 0


def test_an_operator_switched_off_a_moment_ago_sees_nothing_though_the_object_at_hand_is_old() -> None:
    operators, organizations = _stored(_World((None,), {(0, 0): Role.ADMINISTRATOR}, (True, True)))
    Operator.objects.filter(id=operators[0].id).update(is_active=False)
    assert operators[0].is_active
    assert not access.may_view(operators[0], organizations[0])
    assert not access.organizations(operators[0]).exists()


def test_a_role_is_looked_up_once_for_a_page_and_anew_for_the_next() -> None:
    operators, (place,) = _stored(_World((None,), {(0, 0): Role.VIEWER}, (True, True)))
    with access.remembered():
        assert access.may_view(operators[0], place)
        Membership.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            assert access.may_view(operators[0], place)
            assert not access.may_view(operators[1], place)
        assert len(queries) == 1
    assert not access.may_view(operators[0], place)


def test_whoever_stands_on_top_of_all_they_administer_has_every_top_above_it() -> None:
    held = {(0, 0): Role.ADMINISTRATOR, (0, 1): Role.ADMINISTRATOR, (1, 1): Role.ADMINISTRATOR}
    operators, (_, lower) = _stored(_World((None, 0), held, (True, True)))
    assert access.stands_on_top_of_all(operators[0])
    assert not access.stands_on_top_of_all(operators[1])
    Membership.objects.filter(operator=operators[1]).update(role=Role.VIEWER)
    assert access.stands_on_top_of_all(operators[1])
    assert not access.stands_on_top(operators[1], lower)


def test_a_ring_of_parents_ends() -> None:
    operators, (first, second) = _stored(_World((None, 0), {(0, 1): Role.VIEWER}, (True, True)))
    Organization.objects.filter(id=first.id).update(parent=second)
    assert set(access.organizations(operators[0])) == {first, second}
    assert access.role_in(operators[0], first) is Role.VIEWER
