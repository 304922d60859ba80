"""What stands for the objects of a listing: equal where they are, byte for byte, and never equal otherwise."""

import json

from hypothesis import given
from hypothesis import strategies as st

from mailroll.connectors.microsoft365.decode import PageSplitter
from mailroll.connectors.microsoft365.imprint import Imprint

OBJECTS = st.lists(
    st.fixed_dictionaries({"id": st.integers(0, 5), "displayName": st.text(max_size=3)}), max_size=8
).map(lambda found: [json.dumps(each).encode() for each in found])
"""Few ids, so that one comes twice, as it was or changed."""


def page(objects: list[bytes]) -> bytes:
    return b'{"@odata.context": "c", "value": [' + b", ".join(objects) + b"]}"


def digest(*pages: list[bytes]) -> str | None:
    imprint = Imprint()
    for each in pages:
        imprint.add(page(each))
    return imprint.digest()


@given(OBJECTS, st.randoms(use_true_random=False), st.integers(1, 4))
def test_neither_the_order_nor_the_pages_nor_a_second_showing_counts(objects, random, size) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    again = [*objects, *objects[:2]]
    random.shuffle(again)
    pages = [again[start : start + size] for start in range(0, len(again), size)]
    assert digest(*pages) == digest(objects)


@given(OBJECTS)
def test_a_listing_too_long_to_be_sorted_at_once_has_the_same_imprint(objects: list[bytes]) -> None:
    imprint = Imprint(at_once=0)
    imprint.add(page(objects))
    assert imprint.digest() == digest(objects)


@given(OBJECTS, OBJECTS)
def test_equal_imprints_are_equal_sets_of_objects(one: list[bytes], other: list[bytes]) -> None:
    assert (digest(one) == digest(other)) == (set(one) == set(other))


def test_the_same_object_written_otherwise_is_another() -> None:
    assert digest([b'{"id": 1, "mail": null}']) != digest([b'{"mail": null, "id": 1}'])


def test_objects_that_were_taken_apart_before_make_the_same_imprint() -> None:
    body = page([b'{"id": "0B0D7B0A-9D43-4B9F-8B0E-3D1F5A6C7E8D", "mail": null}', b'{"id": 1}'])
    one, other = Imprint(), Imprint()
    one.add(body)
    other.add(body, PageSplitter().decode(body, "/users").objects)
    assert (one.digest(), one.pages) == (other.digest(), other.pages)
    # Where only the standard library reads a page, it counts as one that cannot be taken apart.
    lone = page([rb'{"id": "\ud800"}'])
    other.add(lone, PageSplitter().decode(lone, "/users").objects)
    assert other.digest() is None


def test_an_empty_listing_has_an_imprint() -> None:
    assert digest([]) == digest() is not None


def test_a_page_that_cannot_be_taken_apart_leaves_no_imprint() -> None:
    for body in (page([rb'{"id": "\ud800"}']), b'{"error": {"code": "x"}}', b"[]", b'{"value": ['):
        imprint = Imprint()
        imprint.add(page([b'{"id": 1}']))
        imprint.add(body)
        assert imprint.digest() is None, body
