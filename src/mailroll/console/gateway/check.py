"""Asks a gateway's questions for the page, and says what came of each in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Final

from mailroll.audit.acting import Acting
from mailroll.directory.models import Domain
from mailroll.gateway.inside import Inside
from mailroll.gateway.verify import Kind, Outcome, Question, from_roll, verify
from mailroll.gateway.ways import Effect, Way

_WHO: Final = {
    Kind.KNOWN: "A known user",
    Kind.ALIAS: "An alias",
    Kind.TAG: "A user with a plus-tag",
    Kind.POSTMASTER: "Postmaster",
    Kind.RETIRED: "A retired user",
    Kind.UNKNOWN: "An unknown address",
}
_WHAT: Final = {
    Effect.ACCEPTED: "is accepted",
    Effect.LATER: "is put off",
    Effect.REFUSED: "is refused",
    Effect.NO_ANSWER: "gets no answer",
}


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """One question and its answer. Milliseconds are of the whole way there and back."""

    who: str
    address: str
    expected: str
    answered: str
    words: str
    milliseconds: str
    good: bool


@dataclass(frozen=True, slots=True)
class Check:
    """Everything that was asked at one time."""

    at: datetime
    lines: tuple[CheckedAnswer, ...]

    @property
    def good(self) -> int:
        return sum(line.good for line in self.lines)


def check(domain: Domain, acting: Acting, ways: Sequence[Way] = (Inside(),)) -> Check:
    """Ask about somebody of each kind. Addresses come out of the roll, never out of a request; nothing is written."""
    return Check(acting.now(), tuple(_lines(from_roll(domain, acting), ways)))


def _lines(questions: Iterable[Question], ways: Sequence[Way]) -> Iterable[CheckedAnswer]:
    for question in questions:
        for way in ways:
            began = perf_counter()
            for outcome in verify((way,), (question,)):
                yield _line(outcome, perf_counter() - began)


def _line(outcome: Outcome, seconds: float) -> CheckedAnswer:
    question, reply = outcome.question, outcome.reply
    return CheckedAnswer(
        who=_WHO[question.kind],
        address=question.address,
        expected=_WHAT[question.expected],
        answered=_WHAT[reply.effect],
        words=reply.words,
        milliseconds=f"{seconds * 1000:.1f}",
        good=outcome.good,
    )
