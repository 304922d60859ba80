"""Asks a gateway's questions and holds the answers against the roll: of users, aliases, tags, who left, and nobody."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

from mailroll.audit.actor import Acting
from mailroll.directory.lifecycle import Stage, stage
from mailroll.directory.models import Address, Domain
from mailroll.gateway.recipients import ask
from mailroll.gateway.ways import Effect, Reply, Way, effect_of
from mailroll.reconcile.addresses import Address as AddressText

_TAG = "mailroll-verify"
_LOOKED_AT = 200
"""Rows that are looked at for somebody whose time is over."""


class QuestionKind(StrEnum):
    """Whom a question is about."""

    KNOWN = "a known user"
    ALIAS = "an alias"
    TAG = "with a plus-tag"
    POSTMASTER = "postmaster"
    RETIRED = "a retired user"
    UNKNOWN = "nobody"


@dataclass(frozen=True, slots=True)
class VerifyQuestion:
    """An address, and what its sender should get."""

    kind: QuestionKind
    address: str
    expected: Effect


@dataclass(frozen=True, slots=True)
class WayOutcome:
    """What a way of asking answered to a question."""

    question: VerifyQuestion
    way: str
    reply: Reply

    @property
    def good(self) -> bool:
        return self.reply.effect is self.question.expected


def verify(ways: Sequence[Way], questions: Iterable[VerifyQuestion]) -> tuple[WayOutcome, ...]:
    """Ask each question by each way. A tag is left out where the gateway takes it off before it asks."""
    return tuple(
        WayOutcome(question, way.name, way.ask(question.address))
        for question in questions
        for way in ways
        if way.takes_tags_off or question.kind is not QuestionKind.TAG
    )


def from_roll(domain: Domain, acting: Acting) -> Iterator[VerifyQuestion]:
    """Find somebody of each kind in the roll of a domain, with what the one rule answers for them now."""
    for kind, address in _somebody(domain, acting):
        yield VerifyQuestion(kind, address, effect_of(ask(address, acting.now()).answer))


def from_known(address: AddressText) -> Iterator[VerifyQuestion]:
    """Make what questions one can from an address that is known to exist, where there is no roll to look at."""
    local, _, name = address.rpartition("@")
    yield VerifyQuestion(QuestionKind.KNOWN, address, Effect.ACCEPTED)
    yield VerifyQuestion(QuestionKind.POSTMASTER, f"postmaster@{name}", Effect.ACCEPTED)
    if "+" not in local:
        yield VerifyQuestion(QuestionKind.TAG, f"{local}+{_TAG}@{name}", Effect.ACCEPTED)
    yield VerifyQuestion(QuestionKind.UNKNOWN, _unknown_address(name), Effect.REFUSED)


def _somebody(domain: Domain, acting: Acting) -> Iterator[tuple[QuestionKind, str]]:
    rows = Address.objects.filter(domain=domain)
    serving = rows.filter(ending_since=None)
    if (primary := serving.filter(is_primary=True).order_by("address").first()) is not None:
        local, _, name = primary.address.rpartition("@")
        yield QuestionKind.KNOWN, primary.address
        if "+" not in local:
            yield QuestionKind.TAG, f"{local}+{_TAG}@{name}"
    if (alias := serving.filter(is_primary=False).order_by("address").first()) is not None:
        yield QuestionKind.ALIAS, alias.address
    now = acting.now()
    for row in rows.exclude(ending_since=None).order_by("ending_since")[:_LOOKED_AT]:
        if stage(row.ending_since, row.confirmed_at, now) is Stage.ENDED:
            yield QuestionKind.RETIRED, row.address
            break
    yield QuestionKind.POSTMASTER, f"postmaster@{domain.name}"
    yield QuestionKind.UNKNOWN, _unknown_address(domain.name)


def _unknown_address(name: str) -> str:
    return f"nobody-{uuid4().hex[:16]}@{name}"
