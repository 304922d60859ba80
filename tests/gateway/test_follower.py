"""A copy follows the roll whatever order transactions end in, and believes no loss that nothing accounts for."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mailroll.directory import edit
from mailroll.directory.models import Domain, DomainAlias, Serving
from mailroll.gateway import follower, losses
from mailroll.gateway.answers import Answer, Because, answer
from mailroll.gateway.copy import Position, RollCopy
from mailroll.gateway.follower import follow
from mailroll.gateway.models import MissingRows
from mailroll.gateway.recipients import StoredRoll
from mailroll.reconcile.errors import BadInput
from tests.directory.rolls import ACTING, NOON
from tests.gateway.conftest import ALIAS, NAME, SHOWN, Shelf, sql
from tests.gateway.copies import filled, sessions
from tests.gateway.test_answers import DAY, HOUR, fill

pytestmark = pytest.mark.django_db(transaction=True)
SESSIONS = 3

lives = st.sampled_from([(None, None), (-HOUR, None), (-25 * HOUR, -25 * HOUR), (-90 * HOUR, -90 * HOUR)])
deeds = st.one_of(
    st.tuples(st.just("put"), st.integers(0, 3), lives),
    st.tuples(st.just("delete"), st.integers(0, 3), st.none()),
    st.tuples(st.just("await"), st.integers(0, 3), st.none()),
    st.tuples(st.just("domain"), st.integers(0, 3), st.sampled_from([*Serving])),
    st.sampled_from([("commit", 0, None), ("rollback", 0, None), ("follow", 0, None)]),
)


@pytest.fixture
def shelf(transactional_db: None, shelf: Shelf) -> Shelf:
    return shelf


@pytest.fixture
def at_once(shelf: Shelf) -> Iterator[Shelf]:
    """Several may write addresses of one domain at once, as those do who take them over: nobody has to hold it."""
    checks = ("check_new", "check_changed")
    with connection.cursor() as cursor:
        for check in checks:
            cursor.execute(f"ALTER TABLE directory_address DISABLE TRIGGER {check}")
    yield shelf
    with connection.cursor() as cursor:
        for check in checks:
            cursor.execute(f"ALTER TABLE directory_address ENABLE TRIGGER {check}")


def do(session: Any, who: int, deed: tuple[str, int, Any], shelf: Shelf) -> None:
    """Each session has addresses and a column of its own, so that none waits for another."""
    what, number, value = deed
    address = f"s{who}n{number}@{(NAME, ALIAS)[number % 2]}"
    if what == "put":
        ending, confirmed = (None if one is None else NOON + one for one in value)
        session.execute(
            "INSERT INTO directory_address (address, user_id, domain_id, is_primary, ending_since, confirmed_at)"
            " VALUES (%s, %s, %s, false, %s, %s) ON CONFLICT (address)"
            " DO UPDATE SET ending_since = excluded.ending_since, confirmed_at = excluded.confirmed_at",
            [address, shelf.user, shelf.domain.id, ending, confirmed],
        )
    elif what == "delete":
        session.execute("SELECT set_config('mailroll.departures', 'meant', true)")
        session.execute("DELETE FROM directory_address WHERE address = %s", [address])
        session.execute("DELETE FROM directory_waitingaddress WHERE address = %s", [address])
    elif what == "await":
        session.execute(
            "INSERT INTO directory_waitingaddress (domain_id, address, since) VALUES (%s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [shelf.domain.id, address, NOON],
        )
    elif what == "domain" and who == 0:
        session.execute(
            "UPDATE directory_domain SET serving = %s, has_source = %s, read_at = %s WHERE id = %s",
            [value, number > 1, NOON - (number + 1) * DAY if number % 2 else None, shelf.domain.id],
        )
    elif what == "commit":
        session.commit()
    elif what == "rollback":
        session.rollback()


def compare(roll: RollCopy) -> None:
    asked = [f"s{who}n{n}@{name}" for who in range(SESSIONS) for n in range(4) for name in (NAME, SHOWN, ALIAS)]
    for one in [*asked, f"s0n0+tag@{NAME}", "x@elsewhere.example", f"postmaster@{NAME}", "bob", f"nobody@{SHOWN}"]:
        verdict = answer(one, roll, NOON)
        assert verdict == answer(one, StoredRoll(), NOON), one
        assert sql("answer", one) == (None if verdict.because is Because.NO_ADDRESS else verdict.answer.value), one


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(st.lists(st.tuples(st.integers(0, SESSIONS - 1), deeds), min_size=5, max_size=30))
def test_in_whatever_order_transactions_end(at_once: Shelf, steps: list[tuple[int, tuple[str, int, Any]]]) -> None:
    at_once.clear()
    roll = filled()
    with sessions(SESSIONS) as all_:
        for who, deed in steps:
            if deed[0] == "follow":
                follow(roll)
            else:
                do(all_[who], who, deed, at_once)
        follow(roll)
        for session in reversed(all_):
            session.commit()
            follow(roll)
        compare(roll)
        compare(filled())


def test_the_later_number_may_commit_first(at_once: Shelf) -> None:
    """What a sequence would lose: the first transaction ends after the copy has seen the second."""
    roll = filled()
    with sessions(2) as (early, late):
        do(early, 0, ("put", 0, (None, None)), at_once)
        do(late, 1, ("put", 0, (None, None)), at_once)
        late.commit()
        assert follow(roll)
        early.commit()
        assert follow(roll)
    assert roll.life(at_once.domain.id, f"s0n0@{NAME}") is not None
    assert not follow(roll)


def test_nothing_is_let_go_of_without_an_account(shelf: Shelf) -> None:
    fill(shelf)
    roll = filled()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM directory_address")
    follow(roll)
    assert answer(f"bob@{NAME}", roll, NOON).because is Because.LISTED
    # What was not accepted any more is not missed.
    assert answer(f"gone@{NAME}", roll, NOON).because is Because.NOT_LISTED
    missing = MissingRows.objects.get()
    assert (missing.name, missing.count, missing.sample[0]) == (NAME, 3, f"bob@{NAME}")
    losses.accept(NAME, ACTING)
    follow(roll)
    assert answer(f"bob@{NAME}", roll, NOON).because is Because.EMPTY
    assert not MissingRows.objects.exists()
    with pytest.raises(BadInput, match="Nothing is missing"):
        losses.accept(NAME, ACTING)


def test_an_edit_accounts_for_what_it_takes_and_only_once(shelf: Shelf) -> None:
    user = edit.add_user(shelf.domain, f"bob@{NAME}", ACTING)
    roll = filled()
    edit.remove_user(shelf.domain, user, ACTING)
    follow(roll)
    assert answer(f"bob@{NAME}", roll, NOON).because is Because.EMPTY
    shelf.has(f"bob@{NAME}")
    follow(roll)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM directory_address")
    follow(roll)
    assert answer(f"bob@{NAME}", roll, NOON).because is Because.LISTED


@pytest.mark.parametrize("everything", [True, False])
def test_what_is_read_as_a_whole_is_checked_too(shelf: Shelf, everything: bool) -> None:
    fill(shelf)
    roll = filled()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM directory_address WHERE address LIKE 'bob@%%'")
        if everything:
            cursor.execute("INSERT INTO gateway.feed DEFAULT VALUES")
        else:
            cursor.execute("INSERT INTO gateway.feed (domain_id) VALUES (%s)", [shelf.domain.id])
    follow(roll)
    assert answer(f"bob@{NAME}", roll, NOON).because is Because.LISTED
    shelf.has(f"bob@{NAME}")
    follow(roll)
    assert not MissingRows.objects.exists()
    assert roll.domains[shelf.domain.id].kept == {}


def test_what_vanished_is_kept_when_its_table_is_emptied(shelf: Shelf) -> None:
    fill(shelf)
    roll = filled()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE directory_address")
    follow(roll)
    assert answer(f"bob@{NAME}", roll, NOON).because is Because.LISTED


def test_domains_and_names_that_vanish_are_kept_until_accepted(shelf: Shelf) -> None:
    fill(shelf)
    roll = filled()
    DomainAlias.objects.all().delete()
    follow(roll)
    assert answer(f"sales@{ALIAS}", roll, NOON).because is Because.LISTED
    with connection.cursor() as cursor:
        for table in ("address", "waitingaddress", "user", "group", "domain"):
            cursor.execute(f"DELETE FROM directory_{table}")
    follow(roll)
    assert answer(f"bob@{NAME}", roll, NOON).because is Because.LISTED
    assert answer(f"nobody@{NAME}", roll, NOON).answer is Answer.UNKNOWN
    losses.accept(NAME, ACTING)
    follow(roll)
    assert answer(f"bob@{NAME}", roll, NOON).because is Because.NO_DOMAIN


def test_domains_and_names_go_with_an_edit(shelf: Shelf) -> None:
    shelf.has(f"bob@{NAME}")
    roll = filled()
    edit.remove_domain_alias(shelf.domain, ALIAS, ACTING)
    follow(roll)
    assert answer(f"sales@{ALIAS}", roll, NOON).because is Because.NO_DOMAIN
    edit.remove_domain(Domain.objects.get(), ACTING)
    follow(roll)
    assert answer(f"bob@{NAME}", roll, NOON).because is Because.NO_DOMAIN
    assert roll.domains == {}


def test_an_address_that_moves_is_believed(shelf: Shelf) -> None:
    shelf.has(f"bob@{NAME}")
    roll = filled()
    other = edit.add_domain(shelf.domain.organization, "other.example", ACTING)
    user = edit.add_user(other, "first@other.example", ACTING)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE directory_address SET domain_id = %s, user_id = %s, is_primary = false WHERE address = %s",
            [other.id, user, f"bob@{NAME}"],
        )
    follow(roll)
    assert roll.domains[shelf.domain.id].kept == {}


def test_in_another_database_nothing_accounts_for_a_loss(shelf: Shelf) -> None:
    user = edit.add_user(shelf.domain, f"bob@{NAME}", ACTING)
    roll = filled()
    assert roll.position is not None
    roll.position = Position("another", roll.position.snapshot, roll.position.at)
    edit.remove_user(shelf.domain, user, ACTING)
    follow(roll)
    assert answer(f"bob@{NAME}", roll, NOON).because is Because.LISTED


def test_who_slept_too_long_reads_everything_and_knows_who_left_on_purpose(shelf: Shelf) -> None:
    user = edit.add_user(shelf.domain, f"bob@{NAME}", ACTING)
    shelf.has(f"ann@{NAME}")
    roll = filled()
    assert roll.position is not None
    roll.position = Position(roll.position.database, roll.position.snapshot, roll.position.at - timedelta(days=2))
    edit.remove_user(shelf.domain, user, ACTING)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM gateway.feed")
    follow(roll)
    assert answer(f"bob@{NAME}", roll, NOON).because is Because.NOT_LISTED


def test_many_single_changes_are_written_into_the_image(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "LOOSE", 3)
    roll = filled()
    for number in range(6):
        shelf.has(f"n{number}@{NAME}")
        follow(roll)
    one = roll.domains[shelf.domain.id]
    assert (len(one.image), len(one.changes), one.in_service) == (4, 2, 6)
