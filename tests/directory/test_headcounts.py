"""Who is beside some users of a roll is counted as if one counted them all, whatever is kept of an earlier count."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroll.directory import headcounts, load
from mailroll.directory.models import Owner, RollCount, User
from mailroll.reconcile.model import Current, Headcount, Kind, ObjectType, Sum
from tests.directory.rolls import NOON, Roll

PEOPLE = tuple(f"p{number}" for number in range(6))


def _counted(current: Current, ids: Collection[UUID]) -> Headcount:
    """Count the long way, user by user."""
    sources: dict[UUID, Sum] = {}
    people = {False: Sum(), True: Sum()}
    for user in current.users:
        if user.id in ids:
            continue
        state = user.state
        one = Sum() if state.retired else Sum(1, int(state.billable), len(set(state.addresses)))
        if state.owner is None:
            people[state.kind is Kind.STATIC] += one
        else:
            sources[state.owner] = sources.get(state.owner, Sum()) + one
    return Headcount(sources, people[False], people[True], owned=bool(sources))


_person = st.tuples(
    st.sampled_from(("source", "other", None)),
    st.sampled_from((Kind.USER, Kind.STATIC)),
    st.sampled_from((None, *ObjectType)),
    *(st.booleans(),) * 3,
)


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(people=st.dictionaries(st.sampled_from(PEOPLE), _person), some=st.sets(st.sampled_from(PEOPLE)))
def test_the_others_are_all_but_some(
    roll: Roll, people: dict[str, tuple[str | None, Kind, ObjectType | None, bool, bool, bool]], some: set[str]
) -> None:
    with transaction.atomic():
        other = Owner.objects.create(domain=roll.domain, label="Other")
        owners = {"source": roll.owner.id, "other": other.id, None: None}
        for name, (owner, kind, type_, billable, retired, aliased) in people.items():
            state = roll.state(
                name, name, *([f"{name}.alias"] if aliased else ()), kind=kind, billable=billable, object_type=type_
            )
            roll.has((name, state))
            User.objects.filter(id=roll.key(name)).update(
                owner=owners[owner],
                retired_at=NOON if retired else None,
                external_id=state.external_id if owner else None,
            )
        ids = [roll.key(name) for name in some]
        for is_kept in (False, True):
            assert RollCount.objects.filter(domain=roll.domain).exists() is is_kept
            loaded = load.users(roll.domain.id, ids)
            assert headcounts.rest(roll.domain.id, loaded) == _counted(roll.current(), ids)
            managed = Counter(user.state.owner for user in roll.current().users if not user.state.retired)
            assert headcounts.managed_by_owner(roll.domain.id) == {
                owner: number for owner, number in managed.items() if owner is not None
            }
            one = load.census(roll.domain.id, [roll.owner.id])
            assert one == _types(roll.current(), roll.owner.id)
            headcounts.keep(roll.domain.id)
        transaction.set_rollback(True)


def _types(current: Current, owner: UUID) -> dict[ObjectType, int]:
    found: dict[ObjectType, int] = {}
    for user in current.users:
        if user.state.owner == owner and not user.state.retired:
            type_ = user.state.object_type or ObjectType.USER
            found[type_] = found.get(type_, 0) + 1
    return found


@pytest.mark.django_db
def test_a_count_of_an_earlier_roll_is_not_gone_by(roll: Roll) -> None:
    roll.has(("ann", roll.state("ann", "ann")))
    headcounts.keep(roll.domain.id)
    assert headcounts.types(roll.domain.id, [roll.owner.id]) == {ObjectType.USER: 1}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE directory_address SET ending_since = now() WHERE domain_id = %s", [roll.domain.id])
    assert headcounts.types(roll.domain.id, [roll.owner.id]) is None
    assert headcounts.rest(roll.domain.id, ()).whole == Sum(1, 1, 0)
    headcounts.keep(roll.domain.id)
    assert headcounts.rest(roll.domain.id, ()).whole == Sum(1, 1, 0)


@pytest.mark.django_db
def test_whom_owners_keep_is_not_counted_again_where_that_is_kept(roll: Roll) -> None:
    roll.has(("ann", roll.state("ann", "ann")))
    headcounts.keep(roll.domain.id)
    counts = RollCount.objects.get(domain=roll.domain).counts
    RollCount.objects.update(counts=[[*row[:4], 7, *row[5:]] for row in counts])
    assert headcounts.managed_by_owner(roll.domain.id) == {roll.owner.id: 7}
    User.objects.update(retired_at=NOON)
    assert headcounts.managed_by_owner(roll.domain.id) == {}
