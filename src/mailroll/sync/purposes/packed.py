"""What is kept of all mailboxes of a connection, packed: there may be a million, and one is looked up as it comes."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection as database
from django.db import transaction

from mailroll.reconcile.model import ExternalId, Purpose
from mailroll.sync.models import PurposeState
from mailroll.sync.purposes.cache import SHARES, Answer, KeptPurpose, days_early, number_of

BATCH: Final = 5_000
"""Rows a round trip."""
_ROW: Final = Struct("=qQqH")
_PARTS: Final = 256
_MICROSECOND: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1) // _MICROSECOND
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FORM: Final = "concat_ws(' ', state, tries, purpose)"
_ROWS: Final = f"""
    SELECT object, key, (extract(epoch FROM asked_at) * 1000000)::bigint, {_FORM}
      FROM sync_mailboxpurpose WHERE connection_id = %s
"""  # noqa: S608 - of our own pieces

Row = tuple[str, str, int, str]
"""Of a mailbox: the object, the key it was asked under, when (microseconds since 1970), state, tries and purpose."""


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What many answers have in common: what they say, and for how long at the most (microseconds).

    `day`: a day where some are asked again earlier (`cache.days_early`), else 0.
    """

    state: PurposeState
    answer: Answer
    patience: int
    day: int

    @classmethod
    def of(cls, text: str) -> "AnswerForm":
        state, tries, *purpose = text.split(" ")
        row = KeptPurpose(
            PurposeState(state), Purpose(purpose[0]) if purpose and purpose[0] else None, "", int(tries), _EPOCH
        )
        return cls(row.state, row.answer(""), row.patience // _MICROSECOND, _DAY * days_early(1, row.state))


class PackedAnswer(NamedTuple):
    """One answer: the key it was given under, and when (microseconds since 1970)."""

    key: int
    asked_at: int
    form: AnswerForm

    def is_fresh(self, now: int) -> bool:
        """As `KeptPurpose.fresh`."""
        return self.asked_at <= now < self.until

    @property
    def until(self) -> int:
        return self.asked_at + self.form.patience - self.key % SHARES * self.form.day


class PackedPurposes:
    """26 bytes of each object, by the hash of its id.

    That one is taken for another is one case in 2^64, and then its key is another, too, so that it is asked again.
    """

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._forms: list[AnswerForm] = []
        self._numbers: dict[str, int] = {}
        self._hashes, self._keys = array("q"), array("Q")
        self._times, self._of_form = array("q"), array("H")
        self._fill(rows)

    def _fill(self, rows: Iterable[Row]) -> None:
        """Sort by parts, so that never are all rows objects at a time."""
        parts = [bytearray() for _ in range(_PARTS)]
        for object_id, key, asked_at, text in rows:
            number = self._numbers.get(text)
            if number is None:
                self._numbers[text] = number = len(self._forms)
                self._forms.append(AnswerForm.of(text))
            mark = hash(object_id)
            parts[(mark >> 56) + _PARTS // 2] += _ROW.pack(mark, number_of(key), asked_at, number)
        for place, part in enumerate(parts):
            for mark, key_number, asked_at, number in sorted(_ROW.iter_unpack(part)):
                self._hashes.append(mark)
                self._keys.append(key_number)
                self._times.append(asked_at)
                self._of_form.append(number)
            parts[place] = bytearray()

    def __len__(self) -> int:
        return len(self._hashes)

    def get(self, object_id: ExternalId) -> PackedAnswer | None:
        place = self._place(hash(object_id))
        if place is None:
            return None
        return PackedAnswer(self._keys[place], self._times[place], self._forms[self._of_form[place]])

    def _place(self, mark: int) -> int | None:
        place = bisect_left(self._hashes, mark)
        return place if place < len(self._hashes) and self._hashes[place] == mark else None

    def others(self, rows: Iterable[Row]) -> set[int]:
        """Return the hashes of objects of which later rows say something else, whenever they were asked."""
        marks: set[int] = set()
        is_there = bytearray(len(self))
        for object_id, key, _, text in rows:
            mark = hash(object_id)
            place = self._place(mark)
            if place is not None:
                is_there[place] = 1
            if place is None or (self._keys[place], self._of_form[place]) != (number_of(key), self._numbers.get(text)):
                marks.add(mark)
        marks.update(self._hashes[place] for place, there in enumerate(is_there) if not there)
        return marks


def rows_of(connection: UUID) -> Iterator[Row]:
    """Yield what is kept of a connection, as it is at one moment."""
    with transaction.atomic(), database.chunked_cursor() as cursor:
        cursor.execute(_ROWS, [connection])
        while rows := cursor.fetchmany(BATCH):
            yield from rows


def microseconds(moment: datetime) -> int:
    """Since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(microseconds_since: int) -> datetime:
    return _EPOCH + microseconds_since * _MICROSECOND
