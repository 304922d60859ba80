"""Ids that are packed are a set of ids, in fewer bytes."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from mailroll.sync.footings.packed_ids import SIZE, PackedIds, apart, bytes_of

_TENANT = UUID(int=1)
# As alike as may be, and as far apart: whoever stands first, last or between is met.
_ids = st.integers(0, 9).flatmap(lambda low: st.sampled_from([0, 1, 255]).map(lambda high: UUID(int=high << 120 | low)))
_keys = st.sets(_ids.map(lambda one: f"{_TENANT}:{one}"))


@given(_keys, _keys, _keys)
def test_whoever_is_taken_away_is_no_more_among_them_and_whoever_comes_is(
    before: set[str], less: set[str], more: set[str]
) -> None:
    packed = PackedIds.of(before)
    after = packed.changed(less, PackedIds.of(more))
    assert after == PackedIds.of(before - less | more)
    assert apart(after.joined) == {bytes_of(key) for key in before - less | more}
    assert after.joined == b"".join(sorted(apart(after.joined)))
    assert len(after) == len(before - less | more) == len(after.joined) // SIZE
    assert packed.among(less) == PackedIds.of(before & less)


def test_who_comes_twice_counts_once() -> None:
    key = f"{_TENANT}:{_TENANT}"
    assert PackedIds.of([key, key]) == PackedIds(_TENANT.bytes)
