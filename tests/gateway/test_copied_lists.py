"""Lists from the copy in memory hold what lists from the database hold, and what vanished without a reason."""

from datetime import datetime, timedelta

from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroll.gateway.admissions import Admissions
from mailroll.gateway.answers import Life
from mailroll.gateway.copied_lists import CopiedListing
from mailroll.gateway.copy import Position, RollCopy
from mailroll.gateway.follower import copies
from mailroll.gateway.formats import FORMS
from tests.directory.rolls import NOON
from tests.gateway.conftest import NAME, Shelf
from tests.gateway.readers import accepted
from tests.gateway.test_answers import fill, lives
from tests.gateway.test_formats import ADDRESSES, written


def copied() -> RollCopy:
    with connection.cursor() as cursor:
        return RollCopy(Position("here", "1:1:", NOON), copies(cursor, None))


def listed(form: str, roll: RollCopy) -> set[str]:
    with CopiedListing(roll, lambda: NOON, Admissions().belongings).moment() as moment:
        domains = moment.domains()
        return accepted(form, {part.name: "".join(part.write(moment, domains)) for part in FORMS[form].parts})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    st.dictionaries(st.sampled_from(ADDRESSES), lives, max_size=6),
    st.sets(st.sampled_from(ADDRESSES), max_size=2),
    st.booleans(),
    st.sampled_from([None, NOON]),
)
def test_both_lists_hold_the_same(
    shelf: Shelf,
    has: dict[str, tuple[timedelta | None, timedelta | None]],
    waiting: set[str],
    source: bool,
    read_at: datetime | None,
) -> None:
    shelf.clear()
    shelf.set(has_source=source, read_at=read_at)
    for address, life in has.items():
        shelf.has(address, *life)
    for address in waiting:
        shelf.awaits(address)
    roll = copied()
    for form in FORMS:
        assert _told_apart(form, listed(form, roll)) == _told_apart(form, accepted(form, written(form))), form


def _told_apart(form: str, addresses: set[str]) -> set[str]:
    """What a reader tells apart: LDAP folds every letter, so one of two spellings stands for both in an entry."""
    return {one.casefold() for one in addresses} if form == "ldif" else addresses


def test_what_vanished_without_a_reason_is_listed_still(shelf: Shelf) -> None:
    fill(shelf)
    roll = copied()
    roll.change(shelf.domain.id, {f"bob@{NAME}": None}, {f"bob@{NAME}": Life(None, None)})
    assert f"bob@{NAME}" in listed("texthash", roll)
    roll.change(shelf.domain.id, {f"bob@{NAME}": None}, {})
    assert f"bob@{NAME}" not in listed("texthash", roll)
