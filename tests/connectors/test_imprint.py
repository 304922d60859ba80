"""What stands for the objects of a listing: equal where they are, byte for byte, and never equal otherwise."""

import json
import re
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.connectors import base
from mailroll.connectors.base import ObjectTrace
from mailroll.connectors.microsoft365.facts.attributes import Chosen
from mailroll.connectors.microsoft365.facts.decode import PageDecoder, PageSplitter
from mailroll.connectors.microsoft365.facts.products import PRODUCTS, Product
from mailroll.connectors.microsoft365.facts.wire import Envelope, GraphUser
from mailroll.connectors.microsoft365.listing import imprint as imprints
from mailroll.connectors.microsoft365.listing import tape as tapes
from mailroll.connectors.microsoft365.listing.imprint import Imprint, basis
from mailroll.connectors.microsoft365.listing.objects import as_bytes
from mailroll.connectors.microsoft365.listing.tape import Tape
from tests.connectors.hostile import guid

OBJECTS = st.lists(
    st.fixed_dictionaries({"id": st.integers(0, 5), "displayName": st.text(max_size=3)}), max_size=8
).map(lambda found: [json.dumps(each).encode() for each in found])
"""Few ids, so that one comes twice, as it was or changed."""
TRACED = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), max_size=12).map(
    lambda found: [json.dumps({"id": guid(number), "displayName": "x" * length}).encode() for number, length in found]
)
"""Of all lengths, so that blocks end anywhere."""
DECODER = PageDecoder(GraphUser, mends=True)
ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f-]{27}")


def page(objects: list[bytes]) -> bytes:
    return b'{"@odata.context": "c", "value": [' + b", ".join(objects) + b"]}"


def noted(tape: Tape, objects: list[bytes], size: int) -> None:
    """Note a listing as a skimming does."""
    for start in range(0, len(objects), size) or [0]:
        body = page(objects[start : start + size])
        tape.note("users", body, PageSplitter().decode(body, "/users").objects)


def decoded(tape: Tape, objects: list[bytes], size: int) -> None:
    """Note a listing as a reading does that makes records of it."""
    for start in range(0, len(objects), size) or [0]:
        body = page(objects[start : start + size])
        tape.note("users", body, DECODER.decode(body, "/users").objects)


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


@given(OBJECTS, OBJECTS, st.integers(1, 4))
def test_what_an_earlier_listing_showed_changes_no_imprint(one: list[bytes], other: list[bytes], size: int) -> None:
    before = Tape()
    noted(before, one, size)
    for listing in (one, one[:-1], one + other, other, one[1:] + one[:1]):
        marked, plain = Tape((), before.marks()), Tape()
        noted(marked, listing, size)
        noted(plain, listing, size)
        # Of another listing nobody knows as long as there are objects that nobody looked at.
        assert marked.digests() == plain.digests() or (listing != one and marked.digests() == {"users": None})
        assert marked.marks() == plain.marks()
        assert marked.digests() == plain.digests()
        assert (marked.trace(), marked.objects()) == (plain.trace(), plain.objects())


@given(TRACED, TRACED, st.integers(1, 4))
def test_a_trace_comes_out_the_same_beside_an_earlier_one_and_tells_what_is_new(
    one: list[bytes], other: list[bytes], size: int
) -> None:
    before = Tape()
    noted(before, one, size)
    earlier = before.trace()
    assert earlier is not None
    for listing in (one, one[1:], one + other, other, other[:1] + one, one[1:] + one[:1], []):
        marked, plain = Tape((), before.marks()), Tape()
        noted(marked, listing, size)
        noted(plain, listing, size)
        beside, alone = marked.trace(earlier.joined), plain.trace()
        assert beside is not None
        assert alone is not None
        assert (beside.joined, beside.ids) == (alone.joined, alone.ids)
        assert (marked.digests(), marked.marks()) == (plain.digests(), plain.marks())
        is_other = {ID.search(each).group(0) for each in set(one) ^ set(listing)}  # type: ignore[union-attr]
        twice = {ID.search(each).group(0) for each in (*one, *listing) if max(one.count(each), listing.count(each)) > 1}  # type: ignore[union-attr]
        others = {str(UUID(bytes=each)).encode() for each in beside.others or ()}
        if earlier.ids is not None and beside.ids is not None:
            assert is_other <= others <= is_other | twice


@given(TRACED, TRACED, TRACED, st.integers(1, 4))
def test_of_a_large_listing_beside_an_earlier_one_the_imprint_is_of_one_set(
    one: list[bytes], other: list[bytes], third: list[bytes], size: int
) -> None:
    before = Tape()
    noted(before, one, size)
    earlier = before.trace()
    assert earlier is not None
    sets: dict[str | None, set[bytes]] = {digest(one): set(one)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imprints, "_SORTED_BESIDE_EARLIER", 0)
        for listing in (one, one[::-1], other, third, one + other, one + third, third[1:] + one):
            tape = Tape((), before.marks())
            noted(tape, listing, size)
            assert tape.trace(earlier.joined) is not None
            imprint = tape.digests()["users"]
            assert tape.marks()["users"].digest == imprint
            assert sets.setdefault(imprint, set(listing)) == set(listing)
            is_once = len(one) == len(set(one)) and len(listing) == len(set(listing))
            assert imprint == digest(one) or set(listing) != set(one) or not is_once
            again = Tape((), tape.marks())
            noted(again, listing, size)
            assert again.digests() == tape.digests()


@given(TRACED, st.integers(1, 4), st.permutations(("digests", "marks", "trace", "objects")))
def test_what_was_put_off_comes_out_the_same_whoever_asks_first(
    one: list[bytes], size: int, questions: list[str]
) -> None:
    at_once, later = Tape(), Tape(is_put_off=True)
    decoded(at_once, one, size)
    decoded(later, one, size)
    for question in questions:
        assert getattr(later, question)() == getattr(at_once, question)()
    ids = {UUID(guid(number)).bytes for number in range(3)}
    assert list(later.picked("users", ids)) == list(at_once.picked("users", ids))


@given(TRACED, TRACED, st.integers(1, 4))
def test_what_was_put_off_is_compared_with_an_earlier_trace(one: list[bytes], other: list[bytes], size: int) -> None:
    before, at_once, later = Tape(), Tape(), Tape(is_put_off=True)
    noted(before, other, size)
    earlier = before.trace()
    assert earlier is not None
    decoded(at_once, one, size)
    decoded(later, one, size)
    assert later.trace(earlier.joined) == at_once.trace(earlier.joined)


def test_a_page_that_cannot_be_taken_apart_shows_although_nobody_looked() -> None:
    later = Tape(is_put_off=True)
    later.note("users", page([b'{"id": 1}']))
    assert later.objects() == 1
    later.note("users", page([rb'{"displayName": "\ud800"}']) + b"[")
    assert later.objects() is None


def picked(tape: Tape, objects: list[bytes]) -> set[bytes]:
    """Return what a tape gives of objects that have the ids of these."""
    ids = {UUID(ID.search(each).group(0).decode()).bytes for each in objects}  # type: ignore[union-attr]
    pages = [(PageSplitter().decode(body, "/users").objects, places) for body, places in tape.picked("users", ids)]
    return {as_bytes(raws[place]) for raws, places in pages for place in places}


@given(TRACED, TRACED, TRACED, st.integers(1, 4), st.sampled_from((0, 60, imprints._HELD_MAX)))
def test_what_is_picked_is_what_came_whether_its_block_is_held_or_not(
    one: list[bytes], other: list[bytes], wanted: list[bytes], size: int, most: int
) -> None:
    before = Tape()
    noted(before, one, size)
    earlier = before.trace()
    assert earlier is not None
    for listing in (one, one + other, other, [*other[:1], *one]):
        tape = Tape((), before.marks())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(imprints, "_HELD_MAX", most)
            noted(tape, listing, size)
        trace = tape.trace(earlier.joined)
        assert trace is not None
        if trace.ids is not None:  # with two versions of one nobody picks
            names = {ID.search(each).group(0) for each in wanted}  # type: ignore[union-attr]
            assert picked(tape, wanted) == {each for each in listing if ID.search(each).group(0) in names}  # type: ignore[union-attr]


def test_for_an_object_that_changed_no_page_is_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    objects = [json.dumps({"id": guid(number), "displayName": "x" * number}).encode() for number in range(200)]
    before = Tape()
    noted(before, objects, 100)
    again = Tape((), before.marks())
    changed = objects[7].replace(b"xxx", b"y")
    noted(again, [*objects[:7], changed, *objects[8:]], 100)
    assert again.trace(before.trace().joined) is not None  # type: ignore[union-attr]
    monkeypatch.setattr(tapes, "_unpacked", None)
    assert picked(again, [changed]) == {changed}


def test_a_trace_without_marks_is_compared_as_a_whole() -> None:
    """Marks that are not what was written are taken for none."""
    first, second, third = (json.dumps({"id": guid(number)}).encode() for number in range(3))
    before, again = Tape(), Tape()
    noted(before, [first, second], 2)
    noted(again, [second, third], 2)
    earlier = before.trace()
    assert earlier is not None
    found = again.trace(earlier.joined)
    assert found is not None
    assert found.others == frozenset({UUID(guid(0)).bytes, UUID(guid(2)).bytes})


def test_of_a_listing_that_was_not_asked_for_again_all_objects_are_gone() -> None:
    before = Tape()
    noted(before, [json.dumps({"id": guid(0)}).encode()], 1)
    body = page([json.dumps({"id": guid(1)}).encode()])
    again = Tape((), before.marks())
    again.note("groups", body, PageSplitter().decode(body, "/groups").objects)
    earlier = before.trace()
    assert earlier is not None
    found = again.trace(earlier.joined)
    assert found is not None
    assert found.others == frozenset({UUID(guid(0)).bytes, UUID(guid(1)).bytes})


def test_a_page_with_objects_that_nobody_looked_at_is_not_told() -> None:
    before = Tape()
    noted(before, [b'{"id": 1}'], 1)
    again = Imprint(before.marks()["users"])
    again.add(page([b'{"id": 1}']))
    with pytest.raises(RuntimeError):
        again.page(0)


@given(OBJECTS, OBJECTS)
def test_a_page_that_comes_behind_a_digest_is_part_of_the_next_one(one: list[bytes], other: list[bytes]) -> None:
    imprint = Imprint()
    imprint.add(page(one))
    assert imprint.digest() == digest(one)
    imprint.add(page(other))
    assert imprint.digest() == digest(one, other)


@given(OBJECTS.filter(bool), st.integers(1, 4))
def test_of_a_listing_that_came_again_no_object_is_looked_at(objects: list[bytes], size: int) -> None:
    before = Tape()
    noted(before, objects, size)
    again = Imprint(before.marks()["users"])
    pages = [objects[start : start + size] for start in range(0, len(objects), size)]
    for each in pages:
        again.add(page(each), PageSplitter().decode(page(each), "/users").objects)
    assert again.gaps() == [*range(len(pages))]
    assert again.digest() == digest(objects)


def test_a_page_of_which_nothing_can_be_told_is_none_that_came_before() -> None:
    before = Tape()
    before.note("users", page([]))
    tape = Tape((), before.marks())
    lone = page([rb'{"id": "\ud800"}'])
    tape.note("users", lone, PageSplitter().decode(lone, "/users").objects)
    assert tape.digests() == {"users": None}
    assert tape.marks() == {}


def test_the_same_object_written_otherwise_is_another() -> None:
    assert digest([b'{"id": 1, "mail": null}']) != digest([b'{"mail": null, "id": 1}'])


def test_objects_that_were_taken_apart_before_make_the_same_imprint() -> None:
    body = page([b'{"id": "0B0D7B0A-9D43-4B9F-8B0E-3D1F5A6C7E8D", "mail": null}', b'{"id": 1}'])
    one, other = Imprint(), Imprint()
    one.add(body)
    other.add(body, PageSplitter().decode(body, "/users").objects)
    assert (one.digest(), one.page(0)) == (other.digest(), other.page(0))
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


@given(st.lists(st.sampled_from([*(guid(n) for n in range(4)), guid(10).upper(), "x", "", f"{guid(1)}\n"]), max_size=6))
def test_objects_that_have_told_their_ids_by_then_make_the_same_imprint(ids: list[str]) -> None:
    body = page([json.dumps({"id": each, "displayName": "Ann"}).encode() for each in ids])
    one, other = Imprint(), Imprint()
    one.add(body)
    other.add(body, msgspec.json.decode(body, type=Envelope[GraphUser]).value or ())
    assert other.page(0) == one.page(0)
    assert (other.digest(), other.trace()) == (one.digest(), one.trace())
    assert (one.trace() is None) == any(len(each) != 36 for each in ids)


def test_where_an_object_of_a_page_is_spoiled_ids_are_those_of_the_objects_as_they_came() -> None:
    bodies = [json.dumps({"id": guid(number)}).encode() for number in (1, 2)]
    whole, rest = Imprint(), Imprint()
    whole.add(page(bodies))
    rest.add(page(bodies), msgspec.json.decode(page(bodies[1:]), type=Envelope[GraphUser]).value or ())
    assert rest.page(0) == whole.page(0)


def test_a_basis_tells_products_of_a_tenant_from_those_that_are_well_known() -> None:
    sku = next(iter(PRODUCTS))
    fewer = {key: each for key, each in PRODUCTS.items() if key != sku}
    for products in (fewer, {**PRODUCTS, sku: Product("OWN")}, {**PRODUCTS, "x": Product("X")}):
        assert basis("t", (), Chosen(products=products)) != basis("t", (), Chosen())
    assert basis("t", (), Chosen(products=dict(PRODUCTS))) == basis("t", (), Chosen())


@pytest.mark.parametrize("many", [0, 100])
def test_a_trace_tells_whether_an_object_came_in_two_versions(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    monkeypatch.setattr(base, "_MANY", many)
    pairs = [bytes([number]) * 16 + b"a" * 16 for number in range(9)]
    assert ObjectTrace(b"".join(pairs), None).is_clear
    assert ObjectTrace(b"".join([*pairs, pairs[3]]), None).is_clear
    odd = ObjectTrace(b"".join([*pairs, bytes([3]) * 16 + b"b" * 16]), None)
    assert not odd.is_clear
    assert odd.ids is None
    assert not odd.is_clear


@pytest.mark.parametrize("number", [0, 1, 499, 500, 501, 1_003])
def test_a_trace_tells_the_ids_of_however_many_objects(number: int) -> None:
    ids = [place.to_bytes(16, "big") for place in range(number)]
    assert ObjectTrace(b"".join(key + b"h" * 16 for key in ids), None).ids == frozenset(ids)


def test_of_a_trace_whose_ids_are_known_nothing_is_taken_apart_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "_MANY", 0)
    trace = ObjectTrace(bytes(32), None)
    assert trace.ids == frozenset({bytes(16)})
    monkeypatch.setattr(base, "ObjectTrace", None)
    assert trace.is_clear
