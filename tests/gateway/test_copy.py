"""An image answers as a dict would, however it came to be."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mailroll.gateway.answers import Life
from mailroll.gateway.copy import IN_SERVICE, Image, line

AT = datetime(2026, 3, 2, tzinfo=UTC)
lives = st.one_of(
    st.just(IN_SERVICE),
    st.builds(
        Life,
        st.integers(-(10**12), 10**12).map(lambda number: AT + timedelta(microseconds=number)),
        st.none() | st.just(AT + timedelta(microseconds=1)),
    ),
)
locals_ = st.text(st.sampled_from("ab\\'+-é"), min_size=1, max_size=3)
addresses = st.tuples(locals_, st.sampled_from(["x.example", "x.example.org"])).map("@".join)
tables = st.dictionaries(addresses, lives, max_size=60)
AMOUNT = 5_000


def image(table: dict[str, Life]) -> Image:
    in_order = sorted(table, key=str.encode)
    return Image(("\n" + "".join(line(one, table[one]) for one in in_order)).encode())


def says(made: Image, table: dict[str, Life], questions: set[str]) -> None:
    assert {one: made.find(one) for one in questions} == {one: table.get(one) for one in questions}
    assert len(made) == len(table)
    assert made.in_service == sum(life == IN_SERVICE for life in table.values())
    assert made.lines == image(table).lines


@given(tables, st.dictionaries(addresses, st.none() | lives, max_size=20), st.sets(addresses))
def test_it_answers_before_and_after_changes(
    table: dict[str, Life], changes: dict[str, Life | None], asked: set[str]
) -> None:
    made = image(table)
    says(made, table, {*table, *asked})
    after = {one: life for one, life in {**table, **changes}.items() if life is not None}
    says(made.changed(changes), after, {*table, *changes, *asked})


@given(tables, tables)
def test_it_tells_what_a_newer_one_lacks(old: dict[str, Life], new: dict[str, Life]) -> None:
    missing = {one: life for one, life in old.items() if one not in new}
    assert dict(image(old).missing_in(image(new))) == missing


def test_large_ones_are_searched_and_compared_in_pieces() -> None:
    table = {f"n{number:07}@x.example": IN_SERVICE for number in range(AMOUNT)}
    made = image(table)
    says(made, table, {*list(table)[::97], "a@x.example", "n0000000@x.example.org", "z@x.example"})
    gone = dict.fromkeys(list(table)[::701])
    less = made.changed({**gone, "m@x.example": IN_SERVICE, "z@x.example": IN_SERVICE})
    assert dict(made.missing_in(less)).keys() == gone.keys()
    assert dict(less.missing_in(made)).keys() == {"m@x.example", "z@x.example"}
    assert dict(made.missing_in(Image())).keys() == table.keys()


def test_it_takes_little_more_than_the_text() -> None:
    made = image({f"somebody.number{number:07}@contoso.example": IN_SERVICE for number in range(AMOUNT)})
    beside = sum(first.__sizeof__() for first in made._firsts) + 36 * len(made._starts)
    assert (len(made.lines) + beside) / AMOUNT < len(f"somebody.number{1:07}@contoso.example") + 8
