"""Who may be asked what their mailboxes are for, while few records are held."""

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.reconcile.model import ExternalId, Outline, Record
from mailroll.sync.purposes import candidates
from mailroll.sync.purposes.candidates import Candidates, telling, trusty
from tests.reconcile.world import record

_COMMONS: Final = tuple(
    replace(record("", plan=plan), id=ExternalId(""), account_enabled=enabled, synced=synced)
    for plan in (True, False)
    for enabled in (True, False)
    for synced in (True, None)
)
_pages = st.lists(st.lists(st.sampled_from(_COMMONS), max_size=9), max_size=6)


def everybody(_: Outline) -> bool:
    return True


def listed(pages: list[list[Record]], order: list[int]) -> list[list[Outline]]:
    numbers = iter(order)
    return [[Outline(ExternalId(f"o{next(numbers):03d}"), "", None, [], common) for common in page] for page in pages]


@given(_pages, st.permutations(range(54)), st.integers(0, 4))
def test_whoever_is_no_candidate_on_a_page_is_none_in_the_end(
    pages: list[list[Record]], order: list[int], most: int
) -> None:
    held, seen = Candidates(most), list[Record]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "_SPARE", 0)
        for page in listed(pages, order):
            due = held.among(page, everybody)
            held.take([one.record for one in page if one.id in due])
            seen += [one.record for one in page]
    wanted = {one.id for rank in (telling, trusty) for one in sorted(seen, key=rank)[:most]}
    assert wanted <= {one.id for one in held.held()}


@given(_pages, st.lists(st.integers(0, 9), min_size=54, max_size=54), st.integers(0, 4))
def test_an_object_in_several_versions_takes_one_place(pages: list[list[Record]], keys: list[int], most: int) -> None:
    held, versions = Candidates(most), list[Record]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "_SPARE", 0)
        for page in listed(pages, keys):
            due = held.among(page, everybody)
            held.take([outline.record for outline in page if outline.id in due])
            versions += [outline.record for outline in page]
    kept = {version.id for version in held.held()}
    for rank in (telling, trusty):
        foremost = [*dict.fromkeys(version.id for version in sorted(versions, key=rank))]
        assert kept.issuperset(foremost[:most])


def test_versions_of_one_object_bar_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "_SPARE", 0)
    held = Candidates(2)
    versions, (later,) = listed([[_COMMONS[0]] * 7, [_COMMONS[0]]], [0, 0, 0, 0, 0, 0, 0, 1])
    held.take([outline.record for outline in versions])
    assert held.among([later], everybody) == {"o001"}


def test_two_versions_on_one_page_leave_the_next_object_its_place() -> None:
    (page,) = listed([[_COMMONS[0]] * 3], [0, 0, 1])
    assert Candidates(2).among(page, everybody) == {"o000", "o001"}


def test_whoever_is_not_asked_takes_nobodys_place() -> None:
    (page,) = listed([[_COMMONS[0]] * 9], [*range(9)])
    assert Candidates(2).among(page, lambda one: one.id > "o004") == {"o005", "o006"}


def test_where_nobody_may_be_asked_no_object_is_looked_at() -> None:
    (page,) = listed([[_COMMONS[0]] * 9], [*range(9)])
    assert Candidates(0).among(page, lambda one: pytest.fail(f"{one.id} was looked at")) == set()


def test_behind_the_first_pages_few_are_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "_SPARE", 0)
    held, alike = Candidates(1), _COMMONS[0]
    pages = listed([[alike] * 9] * 6, [*range(54)])
    assert [len(held.among(page, everybody)) for page in pages] == [1] * 6
    for page in pages[:3]:
        held.take([page[0].record])
    assert [len(held.among(page, everybody)) for page in pages] == [1, 0, 0, 0, 0, 0]
