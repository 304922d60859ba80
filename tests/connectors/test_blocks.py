"""Blocks of a page: a few objects each, which stay what they are wherever they stand."""

from hypothesis import given
from hypothesis import strategies as st

from mailroll.connectors.microsoft365.listing import blocks

PAGES = st.lists(st.binary(min_size=1, max_size=40), max_size=80)


@given(PAGES)
def test_each_object_of_a_page_is_in_one_block(page: list[bytes]) -> None:
    marks = list(blocks.apart(blocks.marks(page)))
    assert sum(map(blocks.objects, marks)) == len(page)
    assert all(1 <= blocks.objects(mark) <= 16 for mark in marks)


@given(PAGES, PAGES)
def test_equal_marks_are_equal_objects_in_the_same_order(one: list[bytes], other: list[bytes]) -> None:
    assert (blocks.marks(one) == blocks.marks(other)) == (one == other)


@given(PAGES)
def test_objects_before_a_block_are_counted(page: list[bytes]) -> None:
    joined = blocks.marks(page)
    before = 0
    for mark in blocks.apart(joined):
        same = blocks.marks(page[blocks.places(joined)[mark] :][: blocks.objects(mark)])
        assert (same, blocks.places(joined)[mark] <= len(page)) == (mark, True)
        before += blocks.objects(mark)
    assert before == len(page)


def test_an_object_that_comes_in_between_makes_one_block_another() -> None:
    page = [b"x" * (number % 23 + 1) for number in range(200)]
    before = set(blocks.apart(blocks.marks(page)))
    after = set(blocks.apart(blocks.marks([*page[:3], b"new", *page[3:]])))
    assert len(after - before) == 1


def test_where_all_are_as_long_as_each_other_blocks_end_all_the_same() -> None:
    marks = list(blocks.apart(blocks.marks([b"x" * 7] * 70)))
    assert list(map(blocks.objects, marks)) == [16, 16, 16, 16, 6]
