"""Of whom a mailbox told something no record is held either, and nothing comes out otherwise for it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, cast

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from mailroll.connections.access import Access
from mailroll.connectors.base import RecordPage
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, Kind, Outline, Purpose, Record, Snapshot
from mailroll.reconcile.pipeline import Proposal
from mailroll.reconcile.reasons import ReasonCode
from mailroll.sync.models import PurposeState
from mailroll.sync.progress import Progress
from mailroll.sync.purposes import cache, candidates, mailbox_survey
from mailroll.sync.purposes.answered import AnsweredObjects
from mailroll.sync.purposes.cache import KeptPurpose
from mailroll.sync.purposes.candidates import is_asked_about, trust
from mailroll.sync.purposes.packed import PackedPurposes, Row, microseconds
from mailroll.sync.readings.whole_listing import ListingTerms, WholeListing
from mailroll.sync.sources.asides import ReadingQuestion
from tests.reconcile.outcome import advance
from tests.reconcile.test_newcomers import outline_of
from tests.reconcile.test_residents import STEADY, Day, day, days
from tests.reconcile.world import DOMAIN, ask, record, roll, snapshot

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
Kept = dict[ExternalId, KeptPurpose]


def row_of(key: ExternalId, row: KeptPurpose) -> Row:
    form = f"{row.state.value} {row.tries} {row.purpose.value if row.purpose else ''}"
    return key, row.key, microseconds(row.asked_at), form


def packed(kept: Kept) -> PackedPurposes:
    return PackedPurposes(row_of(key, row) for key, row in kept.items())


def answer(one: Record, purpose: Purpose | None = Purpose.USER, **ago: float) -> KeptPurpose:
    state = PurposeState.NONE if purpose is None else PurposeState.KNOWN
    return KeptPurpose(state, purpose, cache.key_of(one), 0, NOW - timedelta(**ago))


@dataclass(frozen=True)
class Answered:
    """A day on whose evening it is known of some objects what their mailboxes are for."""

    day: Day
    kept: Kept
    most: int = 2

    @property
    def shot(self) -> Snapshot:
        assert self.day.reading.snapshot is not None
        return self.day.reading.snapshot

    def known(self, shot: Snapshot) -> Snapshot:
        """A reading with the answers that hold, as the survey gives them: of each version, where it shows several."""
        records: list[Record] = []
        for one in shot.records:
            asked = {one.id: one} if is_asked_about(one, self.day.scope.accepts) else {}
            mine = {key: self.kept[key] for key in asked.keys() & self.kept.keys()}
            alone = mailbox_survey._answered(replace(shot, records=(one,)), mine, mailbox_survey._Keys(asked))
            records += alone.records
        return replace(shot, records=tuple(records))

    def whole(self) -> Proposal:
        return replace(self.day, reading=replace(self.day.reading, snapshot=self.known(self.shot))).whole()

    def listed(self, listing_kept: Kept, *, size: int, outlined: bool = True) -> tuple[WholeListing, list[Record]]:
        """Give a listing the objects page by page, and return it with the records that it holds."""

        def again(ids: AbstractSet[ExternalId]) -> list[Record]:
            return [one for one in self.shot.records if one.id in ids]

        answered = AnsweredObjects(packed(listing_kept), self.day.scope.accepts, NOW)
        listing = WholeListing(self.day.reading.source, cast("ReadingQuestion", None), lambda: terms)
        terms = ListingTerms(self.day.scope, answered, self.most, [])
        listing.start(terms, replace(self.shot, records=()), frozenset(), again)
        held = [one for page in self._pages(size, outlined=outlined) for one in listing.take(page)]
        return listing, [*held, *listing.rest()]

    def _pages(self, size: int, *, outlined: bool) -> Iterator[RecordPage]:
        commons: list[Record] = []
        listed = self.shot.records
        for start in range(0, len(listed), size):
            outlines, records = list[Outline](), list[Record]()
            for one in listed[start : start + size]:
                outline = outline_of(one) if outlined else None
                if outline is None:
                    records.append(one)
                    continue
                if outline.common not in commons:
                    commons.append(outline.common)
                outlines.append(outline._replace(common=commons[commons.index(outline.common)]))
            yield RecordPage(tuple(records), outlines=outlines)
        yield RecordPage((), unreadable=self.shot.unreadable)

    def in_short(self, listing_kept: Kept | None = None, *, size: int = 5, outlined: bool = True) -> Proposal:
        """Plan without records. `listing_kept`: what was known when it was listed, where that is not what is known."""
        before = self.kept if listing_kept is None else listing_kept
        listing, held = self.listed(before, size=size, outlined=outlined)
        assert listing.sieve is not None
        others = listing.terms.answered.kept.others(row_of(key, row) for key, row in self.kept.items())
        held += listing.sieve.shown_as(others)
        proposal, _ = self.day.planned(listing.sieve, held, self.known)
        return proposal


_forms = st.sampled_from(
    [(PurposeState.KNOWN, purpose, 0) for purpose in (Purpose.USER, Purpose.USER, *Purpose)]
    + [(PurposeState.NONE, None, 0), (PurposeState.UNKNOWN, None, 1), (PurposeState.UNKNOWN, None, 9)]
)
_ages = st.sampled_from([timedelta(minutes=5), timedelta(hours=30), timedelta(days=29), timedelta(days=40)])
_rarely = st.integers(0, 7)


@st.composite
def answers(draw: st.DrawFn, listed: Sequence[Record]) -> Kept:
    """What is kept of some objects: fresh or expired, and of some as they were under another licence."""
    kept: dict[ExternalId, KeptPurpose] = {}
    for one in listed:
        if draw(_rarely) < 2:
            continue
        state, purpose, tries = draw(_forms)
        key = cache.key_of(replace(one, mail="another") if draw(_rarely) == 0 else one)
        kept[one.id] = KeptPurpose(state, purpose, key, tries, NOW - draw(_ages))
    return kept


@st.composite
def evenings(draw: st.DrawFn) -> tuple[Answered, Kept]:
    """A day with what mailboxes told, and what they had told when it was listed. The roll may know of it, or not."""
    today = draw(days())
    assert today.reading.snapshot is not None
    shot = replace(
        today.reading.snapshot, records=tuple(replace(one, purpose=UNSET) for one in today.reading.snapshot.records)
    )
    today = replace(today, reading=replace(today.reading, snapshot=shot))
    kept = draw(answers(shot.records))
    if draw(st.booleans()):
        known = Answered(today, kept).known(replace(shot, asked={}, unreadable=()))
        current = advance(today.current, ask(today.current, [replace(today.reading, snapshot=known)], today.scope).plan)
        today = replace(today, current=current)
        if draw(st.booleans()):
            # Somebody's mailbox is for something else by now.
            kept = kept | draw(answers(shot.records[draw(_rarely) :][:2]))
    before = kept | draw(answers(shot.records[draw(_rarely) :][:2])) if draw(_rarely) < 2 else kept
    before = {key: row for key, row in before.items() if draw(_rarely)} if draw(_rarely) < 2 else before
    return Answered(today, kept, draw(st.integers(0, 3))), before


@given(evenings(), st.integers(1, 7), st.booleans())
def test_a_proposal_is_the_same_whether_or_not_records_are_held_of_those_who_told(
    evening: tuple[Answered, Kept], size: int, outlined: bool
) -> None:
    answered, before = evening
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "_SPARE", 0)
        listing, _ = answered.listed(before, size=size, outlined=outlined)
        quick = answered.in_short(before, size=size, outlined=outlined)
    crowd = () if listing.sieve is None else listing.sieve.found.crowd
    event(f"{min(sum(arrival.external_id in before for arrival in crowd), 5)} who told without a record")
    whole = answered.whole()
    assert quick.plan.digest == whole.plan.digest
    assert quick == whole


def due(records: Mapping[ExternalId, Record], kept: Kept) -> list[ExternalId]:
    """Whom the survey would ask, in its order."""
    keys, mine = mailbox_survey._Keys(records), {key: kept[key] for key in records.keys() & kept.keys()}
    every_one = mailbox_survey._due(records, keys, mine, NOW)
    return mailbox_survey._most_telling(every_one, len(records), records, keys, mine)


def witnesses(records: Mapping[ExternalId, Record], kept: Kept) -> list[ExternalId]:
    def rank(key: ExternalId) -> tuple[int, float, ExternalId]:
        return (*trust(records[key], is_known=key in kept and kept[key].state is PurposeState.KNOWN), key)

    return sorted(records, key=rank)


def until(records: Mapping[ExternalId, Record], kept: Kept) -> datetime:
    return NOW if due(records, kept) else min((kept[key].until for key in records), default=_NEVER)


@given(evenings(), st.integers(1, 7), st.booleans())
def test_those_are_asked_next_and_then_who_would_be_if_all_were_held(
    evening: tuple[Answered, Kept], size: int, outlined: bool
) -> None:
    answered, _ = evening
    once = {one.id: one for one in answered.shot.records}
    shot = replace(answered.shot, records=tuple(once.values()), unreadable=())
    answered = replace(answered, day=replace(answered.day, reading=replace(answered.day.reading, snapshot=shot)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "_SPARE", 0)
        listing, held_records = answered.listed(answered.kept, size=size, outlined=outlined)
    most, accepts = answered.most, answered.day.scope.accepts
    every_one = {one.id: one for one in shot.records if is_asked_about(one, accepts)}
    held = {one.id: one for one in held_records if is_asked_about(one, accepts)}
    event(f"{min(len(every_one) - len(held), 5)} are not held")
    assert due(held, answered.kept)[:most] == due(every_one, answered.kept)[:most]
    assert witnesses(held, answered.kept)[:most] == witnesses(every_one, answered.kept)[:most]
    assert min(until(held, answered.kept), listing.others_until or _NEVER) == until(every_one, answered.kept)


def evening(*kept: KeptPurpose | None, most: int = 0) -> Answered:
    rows = {one.id: row for one, row in zip(STEADY, kept, strict=False) if row is not None}
    return Answered(day(), rows, most)


def let_go(one: Answered, *, outlined: bool) -> set[str]:
    """Of whom no record is held, by name. A proposal is the same with and without them."""
    listing, _ = one.listed(one.kept, size=2, outlined=outlined)
    assert listing.sieve is not None
    assert one.in_short(outlined=outlined) == one.whole()
    return {arrival.display_name for arrival in listing.sieve.found.crowd}


EVERYBODY: Final = {one.display_name for one in STEADY}


@pytest.mark.parametrize("outlined", [True, False])
def test_no_record_is_held_whatever_mailboxes_told(monkeypatch: pytest.MonkeyPatch, *, outlined: bool) -> None:
    monkeypatch.setattr(candidates, "_SPARE", 0)
    user, shared = answer(STEADY[0]), answer(STEADY[1], Purpose.SHARED)
    none, silent = answer(STEADY[2], None), replace(answer(STEADY[3]), state=PurposeState.UNKNOWN, purpose=None)
    assert let_go(evening(user, shared, none, silent), outlined=outlined) == EVERYBODY
    expired, changed = answer(STEADY[0], Purpose.ROOM, days=31), replace(answer(STEADY[1], Purpose.ROOM), key="0")
    assert let_go(evening(expired, changed), outlined=outlined) == EVERYBODY
    first = replace(evening(expired, changed), day=day(current=roll()))
    assert let_go(first, outlined=outlined) == EVERYBODY
    kinds = [change.after and change.after.kind for change in first.in_short(outlined=outlined).plan.changes]
    assert sorted(kinds, key=str) == [Kind.ROOM, Kind.UNLICENSED, Kind.USER, Kind.USER]


def test_whoever_told_is_taken_with_that_and_stays_without_a_record_the_next_day() -> None:
    today = evening(*(answer(one, purpose) for one, purpose in zip(STEADY, Purpose, strict=False)))
    current = advance(today.day.current, today.whole().plan)
    tomorrow = replace(today, day=replace(today.day, current=current))
    assert len({user.state.kind for user in current.users}) > 2
    listing, held = tomorrow.listed(today.kept, size=2)
    assert listing.sieve is not None
    _, rest = tomorrow.day.planned(listing.sieve, held)
    assert (held, rest.whole.users) == ([], 4)


def test_whoever_told_that_it_is_for_something_else_is_compared_and_nobody_beside() -> None:
    today = evening(*map(answer, STEADY[:2]), answer(STEADY[2], Purpose.SHARED))
    (change,) = today.in_short().plan.changes
    assert change.after is not None
    assert (change.after.external_id, change.after.kind) == (STEADY[2].id, Kind.SHARED)


def test_whoever_turns_out_to_have_a_rival_is_compared_with_what_its_mailbox_told() -> None:
    rival = record("rival", f"SMTP:rival@{DOMAIN}", f"smtp:steady0@{DOMAIN}")
    today = evening(answer(STEADY[0], None))
    current = advance(today.day.current, today.whole().plan)
    # The rival is no plain object, so its record is held.
    tomorrow = replace(today, day=day(*STEADY, replace(rival, flaws=("display_name",)), current=current))
    assert STEADY[0].id not in {one.id for one in tomorrow.listed(today.kept, size=5)[1]}
    assert tomorrow.in_short() == tomorrow.whole()
    assert {user.state.rule for user in current.users} == {
        ReasonCode.NO_MAILBOX,
        ReasonCode.NO_PLAN,
        ReasonCode.LICENSED,
    }
    assert [change.after and change.after.external_id for change in tomorrow.whole().plan.changes] == [rival.id]


def test_an_answer_that_came_while_it_was_listed_counts_and_so_does_one_that_went() -> None:
    before, today = evening(answer(STEADY[0], Purpose.ROOM)), evening(None, answer(STEADY[1], Purpose.SHARED))
    assert today.in_short(before.kept) == today.whole()
    assert [change.after and change.after.kind for change in today.whole().plan.changes] == [Kind.SHARED]


def test_whoever_is_not_asked_about_has_no_answer_although_the_listing_knew_one() -> None:
    """Its mailbox told another domain. So it is where somebody is held who is asked, and where nobody is."""
    ann = replace(record("ann", "SMTP:ann@far.example"), purpose=Purpose.SHARED)
    accepts = frozenset({DomainName("xn--bcher-kva.example")})
    told = mailbox_survey.with_purposes(
        snapshot(ann), cast("Access", None), accepts, cast("Progress", None), most=0, purposes_stamp=["known"]
    )
    assert [one.purpose for one in told.snapshot.records] == [UNSET]


def test_as_many_are_held_as_may_be_asked_however_many_answers_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "_SPARE", 0)
    expired = [answer(one, days=31 + place) for place, one in enumerate(STEADY)]
    listing, held = evening(*expired, most=1).listed(evening(*expired).kept, size=1)
    assert STEADY[3].id in {one.id for one in held}
    assert len(held) <= 2
    assert listing.others_until == NOW


def test_all_is_known_until_the_first_answer_expires() -> None:
    answers = [answer(one, days=place) for place, one in enumerate(STEADY)]
    listing, held = evening(*answers).listed(evening(*answers).kept, size=3)
    first = min(row.until for row in answers)
    assert (held, listing.others_until) == ([], first)
    assert NOW + timedelta(days=27 - cache.SHARES) < first <= NOW + timedelta(days=27)
    assert evening().listed({}, size=3)[0].others_until == NOW


def test_who_told_on_one_day_is_asked_again_on_several_and_none_later_than_before() -> None:
    """Before, as many as a run may ask came due in one moment, and a joiner waited for all of them."""
    records = [replace(STEADY[0], mail=f"p{number}@{DOMAIN}") for number in range(2_000)]
    in_days = Counter((answer(one).until - NOW).days for one in records)
    assert in_days.keys() == {25, 26, 27, 28, 29, 30}
    assert max(in_days.values()) < 500
    assert answer(STEADY[0], None).until == NOW + timedelta(days=1)
