"""What is kept of a connection's mailboxes says the same packed as it does row by row."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from mailroll.reconcile.model import ExternalId, Purpose
from mailroll.sync.models import PurposeState
from mailroll.sync.purposes.cache import KeptPurpose
from mailroll.sync.purposes.packed import PackedPurposes, Row, microseconds, moment_of

EARLIEST, LATEST = datetime(2026, 1, 1), datetime(2027, 1, 1)  # noqa: DTZ001 - the zone is added by the strategy
_moments = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))
_said = st.one_of(
    st.tuples(st.just(PurposeState.KNOWN), st.sampled_from(Purpose), st.just(0)),
    st.tuples(st.just(PurposeState.NONE), st.none(), st.just(0)),
    st.tuples(st.just(PurposeState.UNKNOWN), st.none(), st.integers(1, 40)),
)
_keys = st.integers(0, 2**64 - 1).map("{:016x}".format)
_kept = st.builds(lambda said, key, at: KeptPurpose(said[0], said[1], key, said[2], at), _said, _keys, _moments)
_all = st.dictionaries(st.integers(0, 400).map("tenant:object {}".format).map(ExternalId), _kept, max_size=30)


def row_of(key: ExternalId, row: KeptPurpose) -> Row:
    form = f"{row.state.value} {row.tries} {row.purpose.value if row.purpose else ''}"
    return key, row.key, microseconds(row.asked_at), form


def packed(kept: dict[ExternalId, KeptPurpose]) -> PackedPurposes:
    return PackedPurposes(row_of(key, row) for key, row in kept.items())


@given(_all, _moments, _keys)
def test_each_answer_says_what_its_row_says(kept: dict[ExternalId, KeptPurpose], now: datetime, key: str) -> None:
    answers = packed(kept)
    assert len(answers) == len(kept)
    assert answers.get(ExternalId("nobody")) is None
    for object_id, row in kept.items():
        answer = answers.get(object_id)
        assert answer is not None
        assert answer.form.state is row.state
        assert answer.form.answer is row.answer(row.key)
        assert (answer.key == int(key, 16)) is (row.key == key)
        assert answer.is_fresh(microseconds(now)) is row.fresh(now)
        assert moment_of(answer.until) == row.until


@given(_all, _all)
def test_those_are_others_who_say_something_else_or_nothing_any_more(
    before: dict[ExternalId, KeptPurpose], now: dict[ExternalId, KeptPurpose]
) -> None:
    later = {**dict(list(before.items())[::2]), **now}
    asked_again = {key: replace(row, asked_at=LATEST.replace(tzinfo=UTC)) for key, row in later.items()}
    others = {
        key
        for key in later.keys() | before.keys()
        if key not in later or key not in before or replace(later[key], asked_at=before[key].asked_at) != before[key]
    }
    assert packed(before).others(row_of(key, row) for key, row in asked_again.items()) == set(map(hash, others))


def test_a_key_that_is_none_of_ours_fails_nothing() -> None:
    moment = EARLIEST.replace(tzinfo=UTC)
    keys = ("asked", "-1", "", "0")
    rows = {ExternalId(key): KeptPurpose(PurposeState.KNOWN, Purpose.ROOM, key, 0, moment) for key in keys}
    answers = packed(rows)
    assert len(answers) == 4
    assert answers.others(row_of(key, row) for key, row in rows.items()) == set()
