"""The stamp of a roll is another exactly where a row of it was written, in a transaction that was committed."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroll.directory import edit, rollmarks
from mailroll.directory.models import Exemption, Group, Organization, Owner, RollMark, User
from mailroll.reconcile.errors import MailrollError
from mailroll.sync.standings import repair
from tests.directory.rolls import ACTING, Roll

Deed = Callable[[Roll, str], object]

# What the stamp stands for, looked up the long way: every row, and where and by whom it was written.
_ROWS: Final = " UNION ALL ".join(
    f"SELECT '{table}', ctid::text, xmin::text FROM directory_{table} WHERE domain_id = %(domain)s"
    for table in ("user", "address", "group", "owner")
)


def _rows(roll: Roll) -> set[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"domain": roll.domain.id})
        return set(cursor.fetchall())


def _run(statement: str, roll: Roll, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"domain": roll.domain.id, "user": roll.key(name), "name": name})


def _sql(statement: str) -> Deed:
    return lambda roll, name: _run(statement, roll, name)


def _copied(roll: Roll, name: str) -> None:
    with connection.cursor() as cursor, cursor.copy("COPY directory_group (domain_id, name) FROM STDIN") as copy:
        copy.write_row((roll.domain.id, f"Copied {name} {uuid4()}"))


def _applied(roll: Roll, name: str) -> None:
    """Come, or have another name: a plan, as runs and imports apply it."""
    before = roll.states().get(roll.key(name))
    after = roll.state(name, name, display_name="Other" if before and before.display_name != "Other" else name.title())
    if before != after:
        roll.becomes((name, before, after))


def _removed(roll: Roll, name: str) -> None:
    before = roll.states().get(roll.key(name))
    if before is not None:
        roll.becomes((name, before, None))


def _moved(roll: Roll, name: str) -> None:
    to = Organization.objects.get_or_create(name=f"Buyer {name}")[0]
    edit.move_domain(roll.domain, to, ACTING)


DEEDS: Final[tuple[Deed, ...]] = (
    _applied,
    _applied,
    _removed,
    _copied,
    _moved,
    lambda roll, name: edit.add_group(roll.domain, name, ACTING),
    lambda roll, name: edit.pin(roll.domain, roll.key(name), ACTING),
    lambda roll, name: edit.unpin(roll.domain, roll.key(name), ACTING),
    lambda roll, name: edit.remove_user(roll.domain, roll.key(name), ACTING),
    lambda roll, name: edit.restore(roll.domain, roll.key(name), ACTING),
    lambda roll, name: edit.add_alias(roll.domain, roll.key(name), roll.address(f"{name}.alias"), ACTING),
    lambda roll, name: Exemption.objects.get_or_create(domain=roll.domain, external_id=name),
    lambda roll, name: Owner.objects.create(domain=roll.domain, label=name),
    lambda roll, _: list(User.objects.select_for_update().filter(domain=roll.domain)),
    _sql("UPDATE directory_user SET display_name = display_name WHERE id = %(user)s"),
    _sql("UPDATE directory_user SET display_name = %(name)s WHERE id = %(user)s AND display_name <> %(name)s"),
    _sql("DELETE FROM directory_address WHERE user_id = %(user)s AND NOT is_primary"),
    _sql("UPDATE directory_domain SET revision = revision + 1 WHERE id = %(domain)s"),
    _sql("SELECT %(name)s"),
)

_transactions = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from(DEEDS), st.sampled_from(("ann", "bob", "carl"))), min_size=1, max_size=3),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(transactions=_transactions)
def test_it_moves_exactly_where_a_row_was_written_and_kept(
    roll: Roll, other: Roll, transactions: list[tuple[list[tuple[Deed, str]], bool]]
) -> None:
    theirs = rollmarks.stamp(other.domain.id)
    seen: dict[str, set[tuple[str, str, str]]] = {rollmarks.stamp(roll.domain.id): _rows(roll)}
    with transaction.atomic():
        for deeds, is_kept in transactions:
            before = rollmarks.stamp(roll.domain.id)
            with transaction.atomic():
                _do(roll, deeds)
                inside = rollmarks.stamp(roll.domain.id)
                if not is_kept:
                    transaction.set_rollback(True)
            after = rollmarks.stamp(roll.domain.id)
            assert after == (inside if is_kept else before)
            # No stamp comes twice for other rows.
            assert seen.setdefault(after, _rows(roll)) == _rows(roll)
            assert is_kept or inside == before or inside not in seen
        assert rollmarks.stamp(other.domain.id) == theirs
        transaction.set_rollback(True)


def _do(roll: Roll, deeds: Iterable[tuple[Deed, str]]) -> None:
    """Do all of it, and see of each whether it wrote a row."""
    for deed, name in deeds:
        before, rows = rollmarks.stamp(roll.domain.id), _rows(roll)
        with suppress(MailrollError), transaction.atomic():
            deed(roll, name)
        assert (rollmarks.stamp(roll.domain.id) == before) == (_rows(roll) == rows)


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_at_once_each_is_seen_when_it_commits_and_neither_waits(roll: Roll) -> None:
    domain = roll.domain.id
    stamps = [rollmarks.stamp(domain)]
    parameters = connection.get_connection_params()
    one, two = (psycopg.connect(**{**parameters, "cursor_factory": psycopg.Cursor}) for _ in range(2))
    with one, two:
        for number, each in enumerate((one, two)):
            # One that waited for the other would wait for ever, as this is one thread.
            each.execute("SET lock_timeout = '30s'")
            each.execute("INSERT INTO directory_group (domain_id, name) VALUES (%s, %s)", [domain, f"Group {number}"])
        assert rollmarks.stamp(domain) == stamps[0]
        for each in (two, one):
            each.commit()
            stamps.append(rollmarks.stamp(domain))
    assert len(set(stamps)) == len(stamps)
    Group.objects.filter(domain=domain, name="Group 0").delete()
    assert RollMark.objects.filter(domain=domain).count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_empties_a_table_marks_every_roll(roll: Roll, other: Roll) -> None:
    before = {rollmarks.stamp(each.domain.id) for each in (roll, other)}
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE directory_address")
    assert before.isdisjoint(rollmarks.stamp(each.domain.id) for each in (roll, other))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["UPDATE directory_user SET pinned = true", "DELETE FROM directory_user"])
def test_the_repair_of_the_day_finds_who_wrote_past_the_triggers(roll: Roll, other: Roll, statement: str) -> None:
    roll.has(("ann", roll.state("ann", None)))
    for _ in range(2):
        repair.repair()
    theirs, before = rollmarks.stamp(other.domain.id), rollmarks.stamp(roll.domain.id)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE directory_user DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE directory_user ENABLE TRIGGER USER")
    assert rollmarks.stamp(roll.domain.id) == before
    repair.repair()
    after = rollmarks.stamp(roll.domain.id)
    assert after != before
    repair.repair()
    assert (rollmarks.stamp(roll.domain.id), rollmarks.stamp(other.domain.id)) == (after, theirs)


@pytest.mark.django_db(transaction=True)
def test_a_roll_without_a_mark_is_like_no_other_until_it_is_looked_through(roll: Roll) -> None:
    RollMark.objects.all().delete()
    assert rollmarks.stamp(roll.domain.id) != rollmarks.stamp(roll.domain.id)
    repair.repair()
    assert rollmarks.stamp(roll.domain.id) == rollmarks.stamp(roll.domain.id)
