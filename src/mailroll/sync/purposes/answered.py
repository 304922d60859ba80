"""Marks objects, as they come, by what their mailboxes told before: nearly all told the same, and need no record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final

from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.model import ExternalId, Outline, Record
from mailroll.sync.models import PurposeState
from mailroll.sync.purposes import cache
from mailroll.sync.purposes.candidates import AskingTurn, asked_before, is_asked_about, trust
from mailroll.sync.purposes.packed import AnswerForm, PackedPurposes, microseconds

_OUTLINE: Final = partial(tuple.__new__, Outline)  # measured, a third of the time
_COMMONS_MAX: Final = 4_096
"""As of the records that outlines have in common: no directory makes us hold more."""


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A page of objects in outline: those that need no record for what is kept of them, and the `others`.

    `fresh`: of those who are not due, when they have to be asked again (microseconds since 1970).
    """

    outlines: Sequence[Outline]
    others: Sequence[Outline] = ()
    fresh: dict[ExternalId, int] = field(default_factory=dict)


class AnsweredObjects:
    """What is kept of the mailboxes of one listing, as it was at one moment (`kept`).

    `accepts`: the names of the domain; whoever has no address there is not asked, and has no answer.
    """

    def __init__(self, kept: PackedPurposes, accepts: frozenset[DomainName], now: datetime) -> None:
        self.kept = kept
        self._accepts = accepts
        self.now = microseconds(now)
        # With the record that it is made of, so that no other one gets its identity.
        self._commons: dict[tuple[int, int], tuple[Record, Record]] = {}
        self._turns: dict[int, AskingTurn] = {}

    def mark(self, outlines: Sequence[Outline]) -> MarkedPage:
        """Give each the answer that is kept of it and holds; whoever is due again is among the others."""
        if not self.kept:
            return MarkedPage(outlines)
        if len(self._commons) > _COMMONS_MAX:
            self._commons.clear()
            self._turns.clear()
        marked: list[Outline] = []
        others: list[Outline] = []
        fresh: dict[ExternalId, int] = {}
        look_up, key_with, now = self.kept.get, cache.key_with, self.now
        for outline in outlines:
            answer = look_up(outline.id)
            if answer is None:
                marked.append(outline)
                continue
            key, name, mail, entries, common = outline
            if answer.key != key_with(common, mail) or not answer.is_fresh(now):
                others.append(outline)
                continue
            fresh[key] = answer.until
            marked.append(_OUTLINE((key, name, mail, entries, self._common(common, answer.form))))
        return MarkedPage(marked, others, fresh)

    def _common(self, common: Record, form: AnswerForm) -> Record:
        pair = self._commons.get((id(common), id(form)))
        if pair is None:
            self._commons[id(common), id(form)] = pair = common, replace(common, purpose=form.answer)
            self._turns[id(pair[1])] = AskingTurn(None, trust(common, is_known=form.state is PurposeState.KNOWN))
        return pair[1]

    def turn(self, common: Record) -> AskingTurn:
        """Where those of a page stand who have a record in common, once they are marked."""
        return self._turns.get(id(common)) or AskingTurn.of_new(common)

    def placed(self, record: Record) -> tuple[AskingTurn, Record]:
        """Return where an object stands whose mailbox is asked at all, and its record with the answer that is kept."""
        answer = self.kept.get(record.id)
        if answer is None:
            return AskingTurn.of_new(record), record
        is_same = answer.key == cache.key_with(record, record.mail)
        due = None if is_same and answer.is_fresh(self.now) else asked_before(answer.asked_at, is_same=is_same)
        if is_same and record.purpose is not answer.form.answer:
            record = replace(record, purpose=answer.form.answer)
        return AskingTurn(due, trust(record, is_known=answer.form.state is PurposeState.KNOWN)), record

    def until(self, record: Record) -> int:
        """When such a one has to be asked again (microseconds since 1970): now, where it is due."""
        answer = self.kept.get(record.id)
        is_due = self.placed(record)[0].due is not None
        return self.now if answer is None or is_due else answer.until

    def records(self, records: Iterable[Record]) -> Sequence[Record]:
        """Return records with the answers that are kept of them and hold, as `mailbox_survey` gives them."""
        if not self.kept:
            return tuple(records)
        accepts = self._accepts
        return [self.placed(record)[1] if is_asked_about(record, accepts) else record for record in records]
