"""What gateways asked is kept small, counted by day, and let go of in time."""

from datetime import timedelta
from uuid import uuid4

import pytest

from mailroll.directory import edit
from mailroll.directory.models import Domain, Serving
from mailroll.gateway import demand
from mailroll.gateway.answers import Answer, Because, Verdict, answer
from mailroll.gateway.models import SAMPLE, KnownAddress, RefusedAddress
from mailroll.gateway.recipients import StoredRoll
from tests.directory.rolls import ACTING, NOON
from tests.gateway.conftest import NAME, SHOWN, Shelf
from tests.gateway.test_answers import DAY, fill


def count(tally: demand.AskedTally, *questions: str, at: timedelta = timedelta(), name: str = "") -> None:
    roll, now = StoredRoll(), NOON + at
    for question in questions:
        tally.add(answer(question, roll, now), question, roll, now, ("socketmap", name))


@pytest.fixture
def tally(shelf: Shelf) -> demand.AskedTally:
    fill(shelf)
    return demand.AskedTally()


def test_answers_are_counted_by_day(shelf: Shelf, tally: demand.AskedTally) -> None:
    count(tally, f"bob@{NAME}", f"BOB@{SHOWN}", f"nobody@{NAME}", f"left@{NAME}", "bob@elsewhere.example", "bob")
    demand.flush(tally.take(), NOON)
    count(tally, f"bob@{NAME}")
    demand.flush(tally.take(), NOON + DAY)
    first, second = demand.lately(shelf.domain, 7, NOON + DAY)[1].values()
    assert (first, second) == ({"accept": 2, "later": 1, "unknown": 1}, {"accept": 1})
    assert list(demand.lately(shelf.domain, 1, NOON + DAY)[1].values()) == [second]


def test_a_known_address_has_its_last_day_and_a_count_of_seven(shelf: Shelf, tally: demand.AskedTally) -> None:
    for after, times in ((0, 3), (2, 1), (2, 1), (8, 5), (1, 1)):
        count(tally, *[f"bob+tag@{NAME}"] * times)
        demand.flush(tally.take(), NOON + after * DAY)
    kept = KnownAddress.objects.get()
    assert (kept.address, kept.last_on, kept.counts) == (
        f"bob@{NAME}",
        (NOON + 8 * DAY).date(),
        [6, 0, 0, 0, 0, 0, 2],
    )
    for after, expected in ((8, 8), (9, 6), (14, 6), (15, 0)):
        found = demand.of_address(f"bob@{NAME}", shelf.domain.id, NOON + after * DAY)
        assert found == demand.Asked(kept.last_on, expected, known=True)


def test_refused_addresses_are_a_sample(shelf: Shelf, tally: demand.AskedTally) -> None:
    count(tally, *(f"n{number:04}@{SHOWN}" for number in range(SAMPLE - 1)))
    demand.flush(tally.take(), NOON)
    count(tally, *(f"m{number}@{NAME}" for number in range(9)), f"n0000@{NAME}")
    demand.flush(tally.take(), NOON + DAY)
    assert RefusedAddress.objects.count() == SAMPLE
    assert demand.of_address(f"n0000@{NAME}", shelf.domain.id, NOON + DAY) == demand.Asked(NOON + DAY, 2, known=False)
    demand.flush(tally.take(), NOON + 7.5 * DAY)
    assert set(RefusedAddress.objects.values_list("address", flat=True)) == {f"m0@{NAME}", f"n0000@{NAME}"}


def test_memory_is_bounded_while_the_database_is_away(shelf: Shelf, tally: demand.AskedTally) -> None:
    count(tally, *(f"n{number}@{NAME}" for number in range(SAMPLE + 9)), "x" * 10_000 + f"@{NAME}")
    odd = Verdict(Answer.UNKNOWN, Because.NOT_LISTED, shelf.domain.id)
    tally.add(odd, f"a\0b@{NAME}", StoredRoll(), NOON, ("socketmap", ""))
    taken = tally.take()
    count(tally, f"other@{NAME}", f"n1@{NAME}", f"bob@{NAME}")
    tally.give_back(taken)
    (sample,) = tally.refused.values()
    assert (len(sample), sample[f"n1@{NAME}"]) == (SAMPLE, (2, False))
    assert sum(tally.answers.values()) == SAMPLE + 14


def test_who_asked_last_is_known_by_kind_and_name(shelf: Shelf, tally: demand.AskedTally) -> None:
    count(tally, f"bob@{NAME}")
    count(tally, f"nobody@{NAME}", at=DAY, name="mx1")
    demand.flush(tally.take(), NOON + DAY)
    count(tally, f"bob@{NAME}", at=-DAY, name="mx1")
    demand.flush(tally.take(), NOON + DAY)
    found = [(one.kind, one.name, one.last_at) for one in demand.last_asked(shelf.domain)]
    assert found == [("socketmap", "mx1", NOON + DAY), ("socketmap", "", NOON)]
    askers, _ = demand.lately(shelf.domain, 7, NOON + DAY)
    assert [(one.kind, one.name, one.last_at) for one in askers] == found


def test_a_watched_domain_lists_whom_it_would_refuse(shelf: Shelf, tally: demand.AskedTally) -> None:
    shelf.set(serving=Serving.WATCH)
    count(tally, f"bob@{NAME}", f"once@{NAME}", f"twice@{NAME}", f"twice@{NAME}")
    demand.flush(tally.take(), NOON)
    assert [(one.address, one.count) for one in demand.would_refuse(shelf.domain)] == [
        (f"twice@{NAME}", 2),
        (f"once@{NAME}", 1),
    ]
    assert demand.lately(shelf.domain, 7, NOON)[1] == {NOON.date(): {demand.WOULD_REFUSE: 3, "accept": 1}}


def test_an_organization_can_have_no_addresses_kept(shelf: Shelf, tally: demand.AskedTally) -> None:
    count(tally, f"bob@{NAME}", f"nobody@{NAME}")
    demand.flush(tally.take(), NOON)
    edit.keep_asked(shelf.domain.organization, ACTING, on=False)
    count(tally, f"bob@{NAME}", f"nobody@{NAME}")
    demand.flush(tally.take(), NOON)
    assert (KnownAddress.objects.count(), RefusedAddress.objects.count()) == (0, 0)
    assert list(demand.lately(shelf.domain, 7, NOON)[1].values()) == [{"accept": 2, "unknown": 2}]
    assert demand.last_asked(shelf.domain)


def test_a_domain_that_is_gone_is_passed_over_and_takes_what_was_kept_along(
    shelf: Shelf, tally: demand.AskedTally
) -> None:
    tally.answers[uuid4(), "accept"] = 1
    count(tally, f"bob@{NAME}", f"nobody@{NAME}")
    demand.flush(tally.take(), NOON)
    edit.remove_domain(Domain.objects.get(), ACTING)
    assert (KnownAddress.objects.count(), RefusedAddress.objects.count()) == (0, 0)
