"""Who may be asked what their mailboxes are for, while few records are held."""

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.model import ExternalId, Outline, Purpose, Record
from mailroll.sync.purposes import candidates
from mailroll.sync.purposes.candidates import AskingTurn, Candidates, asked_before, has_address_in, trust
from tests.reconcile.world import record

_COMMONS: Final = tuple(
    replace(record("", plan=plan), id=ExternalId(""), account_enabled=enabled, synced=synced)
    for plan in (True, False)
    for enabled in (True, False)
    for synced in (True, None)
)
_pages = st.lists(st.lists(st.sampled_from(_COMMONS), max_size=9), max_size=6)


_answers = st.lists(st.sampled_from(("", "", "known", "none", "expired", "changed")), min_size=54, max_size=54)
_FRESH: Final = {
    (id(common), is_known): replace(common, purpose=Purpose.USER if is_known else None)
    for common in _COMMONS
    for is_known in (True, False)
}
_TURNS: Final = {id(common): AskingTurn.of_new(common) for common in _COMMONS} | {
    id(_FRESH[id(common), is_known]): AskingTurn(None, trust(common, is_known=is_known))
    for common in _COMMONS
    for is_known in (True, False)
}


def everybody(_: Outline) -> bool:
    return True


def turn(common: Record) -> AskingTurn:
    return _TURNS[id(common)]


def listed(pages: list[list[Record]], order: list[int]) -> list[list[Outline]]:
    numbers = iter(order)
    return [[Outline(ExternalId(f"o{next(numbers):03d}"), "", None, [], common) for common in page] for page in pages]


@given(_pages, st.permutations(range(54)), st.integers(0, 4), _answers)
def test_whoever_is_no_candidate_on_a_page_is_none_in_the_end(
    pages: list[list[Record]], order: list[int], most: int, answers: list[str]
) -> None:
    held, seen, kept = Candidates(most), list[tuple[AskingTurn, Record]](), iter(answers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "_SPARE", 0)
        for page in listed(pages, order):
            outlines, records = list[Outline](), list[tuple[AskingTurn, Record]]()
            for one in page:
                answer = next(kept)
                if answer in {"expired", "changed"}:
                    # Whoever is due again stands where it stood when it was asked, and is told by a record.
                    again = asked_before(int(one.id[1:]) // 9, is_same=answer == "expired")
                    records.append((AskingTurn(again, trust(one.common, is_known=True)), one.record))
                else:
                    common = _FRESH[id(one.common), answer == "known"] if answer else one.common
                    outlines.append(one._replace(common=common))
            seen += records + [(turn(one.common), one.record) for one in outlines]
            near = held.among(outlines, turn, everybody)
            held.take([*records, *((turn(one.common), one.record) for one in outlines if one.id in near)])
    due = sorted((place.due, one.id) for place, one in seen if place.due is not None)
    trusted = sorted((place.trust, one.id) for place, one in seen)
    assert {key for _, key in (*due[:most], *trusted[:most])} <= {one.id for one in held.held()}


@given(_pages, st.lists(st.integers(0, 9), min_size=54, max_size=54), st.integers(0, 4))
def test_an_object_in_several_versions_takes_one_place(pages: list[list[Record]], keys: list[int], most: int) -> None:
    held, versions = Candidates(most), list[Outline]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "_SPARE", 0)
        for page in listed(pages, keys):
            due = held.among(page, turn, everybody)
            held.take([(turn(outline.common), outline.record) for outline in page if outline.id in due])
            versions += page
    kept = {version.id for version in held.held()}
    for order in (0, 1):
        foremost = sorted((turn(version.common)[order], version.id) for version in versions)
        assert kept.issuperset([*dict.fromkeys(key for _, key in foremost)][:most])


def test_versions_of_one_object_bar_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "_SPARE", 0)
    held = Candidates(2)
    versions, (later,) = listed([[_COMMONS[0]] * 7, [_COMMONS[0]]], [0, 0, 0, 0, 0, 0, 0, 1])
    held.take([(turn(outline.common), outline.record) for outline in versions])
    assert held.among([later], turn, everybody) == {"o001"}


def test_two_versions_on_one_page_leave_the_next_object_its_place() -> None:
    (page,) = listed([[_COMMONS[0]] * 3], [0, 0, 1])
    assert Candidates(2).among(page, turn, everybody) == {"o000", "o001"}


def test_whoever_is_not_asked_takes_nobodys_place() -> None:
    (page,) = listed([[_COMMONS[0]] * 9], [*range(9)])
    assert Candidates(2).among(page, turn, lambda one: one.id > "o004") == {"o005", "o006"}


def test_where_nobody_may_be_asked_no_object_is_looked_at() -> None:
    (page,) = listed([[_COMMONS[0]] * 9], [*range(9)])
    assert Candidates(0).among(page, turn, lambda one: pytest.fail(f"{one.id} was looked at")) == set()


def test_behind_the_first_pages_few_are_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "_SPARE", 0)
    held, alike = Candidates(1), _COMMONS[0]
    pages = listed([[alike] * 9] * 6, [*range(54)])
    assert [len(held.among(page, turn, everybody)) for page in pages] == [1] * 6
    for page in pages[:3]:
        held.take([(turn(alike), page[0].record)])
    assert [len(held.among(page, turn, everybody)) for page in pages] == [1, 0, 0, 0, 0, 0]


def test_an_address_in_an_international_domain_is_here_in_either_labels() -> None:
    accepts = frozenset({DomainName("xn--bcher-kva.example"), DomainName("ok.example")})
    for text in ("SMTP:jo@bücher.example", "smtp:jo@BÜCHER.example ", "jo@XN--BCHER-KVA.example", "SMTP:jo@OK.example"):
        assert has_address_in(accepts, ["smtp:jo@other.example", text]), text
    # A letter that only looks like one of ours, and a name that is none.
    for text in ("SMTP:jo@o\u212a.example", "SMTP:jo@ü\u3002example", "bücher.example", "jo@"):
        assert not has_address_in(accepts, [text]), text
