"""Asks a gateway's questions by each way that gateways can ask, and says what came of each in words."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Final

from mailroll.accounts import tokens
from mailroll.accounts.tokens import TokenPurpose
from mailroll.audit.actor import Acting
from mailroll.directory.models import Domain
from mailroll.gateway import endpoints
from mailroll.gateway.endpoints import Server
from mailroll.gateway.inside import Inside
from mailroll.gateway.verify import QuestionKind, VerifyQuestion, WayOutcome, from_roll, verify
from mailroll.gateway.ways import Effect, HttpWay, SocketmapWay, Way

PATIENCE: Final = 2.0
"""Seconds for one answer of a server: somebody looks at the page meanwhile."""

_WHO: Final = {
    QuestionKind.KNOWN: "A known user",
    QuestionKind.ALIAS: "An alias",
    QuestionKind.TAG: "A user with a plus-tag",
    QuestionKind.POSTMASTER: "Postmaster",
    QuestionKind.RETIRED: "A retired user",
    QuestionKind.UNKNOWN: "An unknown address",
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
class CheckedWay:
    """A way of asking, and its answers. `silent`: one question got no answer, so no more were asked."""

    title: str
    lines: tuple[CheckedAnswer, ...] = ()
    silent: bool = False
    elsewhere: str = ""
    """How to ask where it cannot be asked from here; then there are no answers."""

    @property
    def good(self) -> int:
        return sum(line.good for line in self.lines)


@dataclass(frozen=True, slots=True)
class GatewayCheck:
    """Everything that was asked at one time."""

    at: datetime
    ways: tuple[CheckedWay, ...]

    @property
    def servers(self) -> bool:
        return len(self.ways) > 1


def check(domain: Domain, acting: Acting) -> GatewayCheck:
    """Ask about somebody of each kind: the database's function, and each server that tells where it answers.

    Addresses come out of the roll and places out of what servers told, never out of a request.
    """
    questions = tuple(from_roll(domain, acting))
    servers = endpoints.servers(acting.now())
    with ExitStack() as stack:
        token = ""
        if any(server.place.startswith("http:") and server.reached_at for server in servers):
            token = stack.enter_context(tokens.lent(domain.organization, TokenPurpose.GATEWAY, acting.now()))
        return GatewayCheck(
            acting.now(),
            (
                ask("PostgreSQL, by its function gateway.access", Inside(), questions),
                *(_ask_server(domain, server, token, questions) for server in servers),
            ),
        )


def ask(title: str, way: Way, questions: Sequence[VerifyQuestion]) -> CheckedWay:
    """Ask one way until it gives no answer: whoever does not answer once would be waited for again and again."""
    lines = []
    for question in questions:
        began = perf_counter()
        for outcome in verify((way,), (question,)):
            lines.append(_line(outcome, perf_counter() - began))
            if outcome.reply.effect is Effect.NO_ANSWER:
                return CheckedWay(title, tuple(lines), silent=True)
    return CheckedWay(title, tuple(lines))


def _ask_server(domain: Domain, server: Server, token: str, questions: Sequence[VerifyQuestion]) -> CheckedWay:
    kind, _, place = server.place.partition(":")
    over_http = kind == "http"
    title = f"{f'HTTP, {server.place}' if over_http else f'Socketmap, {place}'} on {server.machine}"
    if server.reached_at is None:
        option = f"--http {server.place} --token-file FILE" if over_http else f"--socketmap {place}"
        return CheckedWay(title, elsewhere=f"mailroll gateway verify {domain.name} {option}")
    if over_http:
        return ask(title, HttpWay(server.reached_at, token, PATIENCE), questions)
    return ask(title, SocketmapWay(f"{server.reached_at.partition(':')[2]}:check", PATIENCE), questions)


def _line(outcome: WayOutcome, seconds: float) -> CheckedAnswer:
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
