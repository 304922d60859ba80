"""What a mail server is told: by a table, and alike from Python and from the database."""

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroll.directory.models import Serving
from mailroll.gateway.answers import Answer, Because, answer, split
from mailroll.gateway.recipients import StoredRoll
from tests.directory.rolls import NOON
from tests.gateway.conftest import ALIAS, NAME, SHOWN, Shelf, sql

HOUR = timedelta(hours=1)
DAY = 24 * HOUR

LOCALS = ["bob", "ann", "bob+news", "+bob", "postmaster", "o'neil", "zoë"]
NAMES = [NAME, SHOWN, ALIAS, "elsewhere.example", f"sub.{ALIAS}"]
lives = st.one_of(
    st.just((None, None)),
    st.tuples(st.integers(-80, 2).map(lambda hours: hours * HOUR), st.none()),
    st.tuples(*[st.integers(-80, 2).map(lambda hours: hours * HOUR)] * 2),
)
held = st.dictionaries(st.tuples(st.sampled_from(LOCALS), st.sampled_from([NAME, ALIAS])), lives, max_size=4)
locals_asked = st.sampled_from([*LOCALS, "BOB", "bob+", "bob+a+b", ""])
names_asked = st.sampled_from([*NAMES, "", "Books.Example"])
odd = ["bob", "@", f"@{NAME}", f"a@b@{ALIAS}", '"a b"@books.example', f"bob@{ALIAS}.", "x" * 10_000 + f"@{ALIAS}"]
asked = st.one_of(
    st.tuples(locals_asked, names_asked).map("@".join),
    st.text(st.characters(max_codepoint=127, exclude_characters="\0"), max_size=12),
    st.sampled_from(odd),
)
ways = st.tuples(
    st.sampled_from(Serving),
    st.booleans(),
    st.booleans(),
    st.none() | st.sampled_from([-100 * HOUR, -72 * HOUR, -HOUR, timedelta(), HOUR]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    held,
    st.sets(st.sampled_from([f"{local}@{name}" for local in LOCALS for name in (NAME, ALIAS)]), max_size=2),
    ways,
    st.lists(asked, max_size=5),
)
def test_database_and_python_answer_alike(
    shelf: Shelf,
    has: dict[tuple[str, str], tuple[timedelta | None, timedelta | None]],
    waiting: set[str],
    way: tuple[Serving, bool, bool, timedelta | None],
    questions: list[str],
) -> None:
    shelf.clear()
    for (local, name), life in has.items():
        shelf.has(f"{local}@{name}", *life)
    for address in waiting:
        shelf.awaits(address)
    serving, tags, source, read = way
    shelf.set(serving=serving, plus_tags=tags, has_source=source, read_at=None if read is None else NOON + read)
    for question in [*questions, *(f"{local}@{name}" for local, name in has), *waiting]:
        verdict = answer(question, StoredRoll(), NOON)
        expected = None if verdict.because is Because.NO_ADDRESS else verdict.answer.value
        assert sql("answer", question) == expected, question


@pytest.mark.parametrize(
    ("question", "expected", "because"),
    [
        (f"bob@{NAME}", Answer.ACCEPT, Because.LISTED),
        (f"BOB@{SHOWN}", Answer.ACCEPT, Because.LISTED),
        ("bob@BÜCHER.example", Answer.ACCEPT, Because.LISTED),
        (f"bob+news@{SHOWN}", Answer.ACCEPT, Because.LISTED),
        (f"bob+@{SHOWN}", Answer.ACCEPT, Because.LISTED),
        (f"+bob@{SHOWN}", Answer.UNKNOWN, Because.NOT_LISTED),
        (f"bob@{ALIAS}", Answer.UNKNOWN, Because.NOT_LISTED),
        (f"sales@{ALIAS}", Answer.ACCEPT, Because.LISTED),
        (f"leaving@{NAME}", Answer.ACCEPT, Because.ENDING),
        (f"unconfirmed@{NAME}", Answer.ACCEPT, Because.ENDING),
        (f"left@{NAME}", Answer.LATER, Because.LATER),
        (f"left+tag@{NAME}", Answer.LATER, Because.LATER),
        (f"gone@{NAME}", Answer.UNKNOWN, Because.ENDED),
        (f"joiner@{NAME}", Answer.LATER, Because.WAITING),
        (f"postmaster@{NAME}", Answer.ACCEPT, Because.POSTMASTER),
        (f"Postmaster@{ALIAS}", Answer.ACCEPT, Because.POSTMASTER),
        (f"nobody@{NAME}", Answer.UNKNOWN, Because.NOT_LISTED),
        ("bob@elsewhere.example", Answer.NOT_OURS, Because.NO_DOMAIN),
        (f"bob@sub.{NAME}", Answer.NOT_OURS, Because.NO_DOMAIN),
        (f"@{NAME}", Answer.NOT_OURS, Because.NO_ADDRESS),
        ("bob@", Answer.NOT_OURS, Because.NO_ADDRESS),
        ("bob", Answer.NOT_OURS, Because.NO_ADDRESS),
    ],
)
def test_the_table_of_answers(shelf: Shelf, question: str, expected: Answer, because: Because) -> None:
    fill(shelf)
    verdict = answer(question, StoredRoll(), NOON)
    assert (verdict.answer, verdict.because) == (expected, because)


def fill(shelf: Shelf) -> None:
    """One address in each stage of its life."""
    shelf.has(f"bob@{NAME}")
    shelf.has(f"sales@{ALIAS}")
    shelf.has(f"leaving@{NAME}", -HOUR, -HOUR)
    shelf.has(f"unconfirmed@{NAME}", -9 * DAY)
    shelf.has(f"left@{NAME}", -25 * HOUR, -25 * HOUR)
    shelf.has(f"gone@{NAME}", -49 * HOUR, -49 * HOUR)
    shelf.awaits(f"joiner@{NAME}")
    shelf.set(read_at=NOON - HOUR)


@pytest.mark.parametrize(
    ("columns", "because"),
    [({"read_at": NOON - 73 * HOUR}, Because.STALE), ({"read_at": NOON + HOUR}, Because.STALE)],
)
def test_an_old_list_still_says_yes_and_never_no(shelf: Shelf, columns: dict[str, object], because: Because) -> None:
    fill(shelf)
    shelf.set(**columns)
    assert answer(f"bob@{NAME}", StoredRoll(), NOON).answer is Answer.ACCEPT
    assert answer(f"left@{NAME}", StoredRoll(), NOON).answer is Answer.LATER
    verdict = answer(f"nobody@{NAME}", StoredRoll(), NOON)
    assert (verdict.answer, verdict.because) == (Answer.CANNOT_SAY, because)
    shelf.set(stale_after=200 * HOUR, read_at=NOON - 73 * HOUR)
    assert answer(f"nobody@{NAME}", StoredRoll(), NOON).answer is Answer.UNKNOWN


def test_a_list_whose_source_was_never_read_says_no_to_nobody(shelf: Shelf) -> None:
    """Also where somebody is in it by hand."""
    fill(shelf)
    shelf.set(has_source=True, read_at=None)
    assert answer(f"bob@{NAME}", StoredRoll(), NOON).answer is Answer.ACCEPT
    verdict = answer(f"nobody@{NAME}", StoredRoll(), NOON)
    assert (verdict.answer, verdict.because) == (Answer.CANNOT_SAY, Because.STALE)
    shelf.set(has_source=False)
    assert answer(f"nobody@{NAME}", StoredRoll(), NOON).answer is Answer.UNKNOWN


def test_a_list_without_anybody_in_service_says_no_to_nobody(shelf: Shelf) -> None:
    assert answer(f"nobody@{NAME}", StoredRoll(), NOON).because is Because.EMPTY
    shelf.has(f"gone@{NAME}", -90 * HOUR, -90 * HOUR)
    assert answer(f"gone@{NAME}", StoredRoll(), NOON).answer is Answer.CANNOT_SAY


def test_a_watched_domain_says_yes_and_marks_whom_it_would_refuse(shelf: Shelf) -> None:
    fill(shelf)
    shelf.set(serving=Serving.WATCH)
    known, unknown = (answer(f"{local}@{NAME}", StoredRoll(), NOON) for local in ("bob", "nobody"))
    assert (known.answer, known.refused) == (Answer.ACCEPT, False)
    assert (unknown.answer, unknown.refused, unknown.because) == (Answer.ACCEPT, True, Because.NOT_LISTED)


def test_tags_can_be_switched_off(shelf: Shelf) -> None:
    fill(shelf)
    shelf.set(plus_tags=False)
    assert answer(f"bob+news@{NAME}", StoredRoll(), NOON).answer is Answer.UNKNOWN


def test_another_customers_list_is_not_asked(shelf: Shelf) -> None:
    """An address that lies in a domain of another customer is no address of the one that was asked about."""
    fill(shelf)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE directory_domainalias SET proved_at = NULL")
    assert answer(f"sales@{ALIAS}", StoredRoll(), NOON).answer is Answer.NOT_OURS


@given(st.text())
def test_no_text_is_too_odd_to_be_parted(text: str) -> None:
    local, name = split(text)
    assert local.count("@") >= text.count("@") - 1
    assert "@" not in name
