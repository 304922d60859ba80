"""How many organizations people reach by their roles, however these lie above and below each other."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
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
        found = {one.operator.name: one.reaches for one in roster.everybody(by)}
        reached = {
            f"p{number}": sum(bool(forests.line(above, place) & places) for place in range(len(above)))
            for number, places in enumerate(held)
        }
        assert found == {"administrator": len(above), **reached}
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_people_stand_by_role_then_by_what_they_reach_then_by_the_letters_of_their_address() -> None:
    top, inner, other = forests.make([None, 0, None])
    by = _operator("administrator")
    Membership.objects.create(operator=by, organization=top, role=Role.ADMINISTRATOR)
    Membership.objects.create(operator=by, organization=other, role=Role.ADMINISTRATOR)
    for name, organization, role in (
        ("b-1", inner, Role.VIEWER), ("b1", inner, Role.VIEWER), ("b_1", inner, Role.VIEWER), ("z", top, Role.VIEWER),
        ("off", top, Role.VIEWER), ("tom", inner, Role.TECHNICIAN), ("ruth", other, Role.ADMINISTRATOR),
    ):  # fmt: skip
        Membership.objects.create(operator=_operator(name), organization=organization, role=role)
    Membership.objects.create(operator=Operator.objects.get(name="tom"), organization=top, role=Role.VIEWER)
    Operator.objects.filter(name="off").update(is_active=False)
    Operator.objects.filter(name="z").update(last_login=NOW - roster.LONG - timedelta(days=1))
    Operator.objects.filter(name="b1").update(created_at=NOW, last_login=None)
    Authenticator.objects.create(user=by, type=Authenticator.Type.WEBAUTHN, data={})
    Authenticator.objects.create(user=Operator.objects.get(name="z"), type=Authenticator.Type.RECOVERY_CODES, data={})
    people = roster.compose(by, NOW).people
    names = {person.id: person.name for person in Operator.objects.all()}
    assert [(names[person.operator], person.standing.role.value[:1], person.reaches) for person in people] == [
        ("administrator", "a", 3), ("ruth", "a", 1), ("tom", "t", 2), ("z", "v", 2),
        ("b-1", "v", 1), ("b1", "v", 1), ("b_1", "v", 1), ("off", "v", 0),
    ]  # fmt: skip
    assert [names[person.operator] for person in people if person.standing.has_factor] == ["administrator"]
    assert [names[person.operator] for person in people if person.standing.unseen] == ["z"]
    assert [names[person.operator] for person in people if not person.standing.is_active] == ["off"]
    (tom,) = (line for line in roster.everybody(by) if line.operator.name == "tom")
    assert [role.role for role in tom.roles] == [Role.TECHNICIAN, Role.VIEWER]


@pytest.mark.django_db
@pytest.mark.parametrize("picked", [0, 200])
def test_whoever_lost_their_roles_since_they_were_ranked_is_left_out(
    monkeypatch: pytest.MonkeyPatch, picked: int
) -> None:
    monkeypatch.setattr(roster, "_PICKED", picked)
    (top,) = forests.make([None])
    by, viewer = _operator("administrator"), _operator("viewer")
    Membership.objects.create(operator=by, organization=top, role=Role.ADMINISTRATOR)
    Membership.objects.create(operator=viewer, organization=top, role=Role.VIEWER)
    people = roster.compose(by, NOW).people
    Membership.objects.filter(operator=viewer).delete()
    Membership.objects.create(operator=_operator("newcomer"), organization=top, role=Role.VIEWER)
    assert [line.operator.id for line in roster.lines(by, people) if isinstance(line, roster.Colleague)] == [by.id]


@pytest.mark.django_db
def test_in_a_ring_of_organizations_each_reaches_all_of_it_once() -> None:
    top, one, other = forests.make([None, 2, 1])
    by, viewer = _operator("administrator"), _operator("viewer")
    Membership.objects.create(operator=by, organization=top, role=Role.ADMINISTRATOR)
    Membership.objects.create(operator=viewer, organization=one, role=Role.VIEWER)
    assert other.parent_id == one.id
    assert {one.operator.name: one.reaches for one in roster.everybody(by)} == {
        "administrator": 1,
        "viewer": 2,
    }
