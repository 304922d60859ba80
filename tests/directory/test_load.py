"""What is read for a plan, and what one customer may learn of another."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mailroll.directory import load, queries
from mailroll.directory.models import User
from mailroll.reconcile.model import ExternalId
from mailroll.reconcile.plan import Touched
from tests.directory.rolls import TENANT, Roll

pytestmark = pytest.mark.django_db


def test_an_empty_domain_has_an_empty_roll(roll: Roll) -> None:
    assert load.current(roll.domain.id).users == ()


def test_the_roll_of_a_domain_has_nobody_of_another(roll: Roll, other: Roll) -> None:
    ann, bob = roll.state("ann", "ann"), other.state("bob", "bob")
    roll.has(("ann", ann))
    other.has(("bob", bob))
    roll.expect(("ann", ann))
    other.expect(("bob", bob))
    assert load.users(roll.domain.id, [roll.key("ann"), other.key("bob")]) == roll.current().users


def test_a_roll_larger_than_a_round_trip_is_read_whole_and_in_order(
    roll: Roll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "BATCH", 3)
    people = [(f"p{i}", roll.state(f"p{i}", f"p{i}", f"z{i}", f"a{i}")) for i in range(10)]
    roll.has(*people)
    roll.expect(*people)
    ids = [user.id for user in roll.current().users]
    assert ids == sorted(ids)


def test_of_addresses_held_elsewhere_one_learns_only_that(roll: Roll, other: Roll) -> None:
    roll.has(("ann", roll.state("ann", "ann")))
    other.has(("bob", other.state("bob", "bob")))
    wanted = [roll.address("ann"), other.address("bob"), roll.address("free")]
    assert load.elsewhere(roll.domain.id, wanted) == {other.address("bob"): "another domain"}


def test_what_a_plan_touches_is_read_from_rows_as_it_would_be_from_memory(roll: Roll, other: Roll) -> None:
    ann, bob, carl = roll.state("ann", "ann", "info"), roll.state("bob", "bob"), roll.state("carl", "carl")
    roll.has(("ann", ann), ("bob", bob), ("carl", carl))
    other.has(("dan", other.state("dan", "dan")))
    plan = roll.plan(
        roll.change("ann", ann, roll.state("ann", "ann")),
        roll.change("bob", bob, roll.state("bob", "bob", "info", "new")),
        roll.change("eve", None, roll.state("eve", "eve")),
    )
    touched = load.touched(plan)
    assert touched == Touched.within(plan, roll.current())
    assert set(touched.rows) == {roll.key("ann"), roll.key("bob")}
    assert touched.holders == {roll.address("info"): roll.key("ann")}


def test_a_large_plan_touches_nothing_of_an_empty_roll_and_what_there_is_of_another(roll: Roll, other: Roll) -> None:
    other.has(("dan", other.state("dan", "dan")))
    names = [f"p{number}" for number in range(load.SEVERAL + 1)]
    plan = roll.plan(*(roll.change(name, None, roll.state(name, name)) for name in names))
    assert load.touched(plan) == Touched({}, {})
    # Somebody else has one of the addresses by now.
    roll.has(("ann", roll.state("ann", "p7")))
    assert load.touched(plan) == Touched({}, {roll.address("p7"): roll.key("ann")})


EVERYBODY = queries.LISTED.format(users="directory_user u", order="held.chief")


def test_addresses_are_found_by_user_although_statistics_take_the_table_for_empty(roll: Roll) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE directory_user, directory_address")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {EVERYBODY}", [roll.domain.id])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "address_by_user" in plan
    assert "directory_address_pkey" not in plan


def test_who_was_loaded_before_is_not_loaded_again(roll: Roll) -> None:
    roll.has(("ann", roll.state("ann", "ann")), ("bob", roll.state("bob", "bob")))
    ann, bob = roll.key("ann"), roll.key("bob")
    known = {ann: load.users(roll.domain.id, [ann])[0]}
    found = {user.id: user for user in load.joined(roll.domain.id, [ann, bob], (), (), known)}
    assert found[ann] is known[ann]
    assert found == {user.id: user for user in load.joined(roll.domain.id, [ann], (), [roll.address("bob")])}
    objects = [ExternalId(f"{TENANT}:{name}") for name in ("ann", "bob", "nobody")]
    assert found == {user.id: user for user in load.joined(roll.domain.id, [ann], objects, (), known)}
    assert load.joined(roll.domain.id, (), (), ()) == ()


def test_some_users_are_looked_up_and_their_domain_is_not_gone_through(roll: Roll, other: Roll) -> None:
    names = [f"p{number}" for number in range(2_000)]
    other.has(*((f"q{name}", other.state(f"q{name}", name)) for name in names))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE directory_user, directory_address")
    # Of these, statistics know nothing.
    roll.has(*((name, roll.state(name, name)) for name in names))
    few = User.objects.filter(domain=roll.domain).order_by("external_id")[: 2 * load.SEVERAL + 2]
    ids, objects = [user.id for user in few], [ExternalId(str(user.external_id)) for user in few]
    with CaptureQueriesContext(connection) as asked:
        joined_users = load.joined(roll.domain.id, ids[: load.SEVERAL + 1], objects, ())
    assert sorted(user.id for user in joined_users) == sorted(ids)
    nodes = [node for query in asked if "directory_user" in query["sql"] for node in _nodes(query["sql"])]
    assert not [node for node in nodes if node.get("Index Name") == "user_by_name"]
    assert sum(node.get("Rows Removed by Filter", 0) for node in nodes) == 0


def _nodes(query: str) -> Iterator[dict[str, Any]]:
    """Yield the steps that PostgreSQL takes for a query, with all that lie within."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {query}")
        ((plan,),) = cursor.fetchall()
    nodes = [plan[0]["Plan"]]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", ())
        yield node
