"""Would mail for this address be accepted? The gateway's own answer, how it came about, and what else there is to know.

An address of a domain that the reader may not see is answered like one of a domain that is nowhere: by what was typed
alone, after the same questions to the database.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from django.db.models import F, QuerySet

from mailroll.directory import queries
from mailroll.directory.models import Domain
from mailroll.gateway.answers import REPLIES, Answer, Because, Verdict
from mailroll.gateway.demand import Asked, of_address
from mailroll.insight.near import near
from mailroll.insight.why import addresses, gateway_verdict
from mailroll.insight.why.address_sayings import AddressSaying
from mailroll.insight.why.addresses import Why
from mailroll.insight.why.sayings import Mark
from mailroll.insight.why.steps import WhyStep
from mailroll.reconcile.addresses import (
    Address,
    AddressFault,
    DomainFault,
    bare,
    domain_of,
    given,
    is_onmicrosoft,
    mail_domain,
)
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.reconcile.text import trimmed
from mailroll.sync.models import Run

LONGEST: Final = 1_000
"""Characters of a question; the longest address has 254."""


class Headline(Enum):
    """What stands above the answer, and how good or bad it is."""

    ACCEPTED = "Accepted", Mark.OK
    PASSED = "Accepted, as all mail is let through", Mark.ATTENTION
    WATCHED = "Accepted, as the domain is only watched", Mark.ATTENTION
    ENDING = "Accepted, and it ends", Mark.ATTENTION
    WAITS = "Not accepted yet: it waits to be added", Mark.ATTENTION
    PUT_OFF = "Put off: it has ended", Mark.ATTENTION
    STALE = "Cannot say: the list is too old", Mark.ATTENTION
    UNREAD = "Cannot say: there is no reading to go by", Mark.ATTENTION
    EMPTY = "Cannot say: nobody is in the list", Mark.ATTENTION
    FILTERED = "Not accepted: left out by a filter", Mark.FAILED
    REFUSED = "Not accepted", Mark.FAILED
    UNPROVED = "Not served: the name is not verified", Mark.FAILED
    NOT_HERE = "Not in this Console", Mark.INFO
    NO_ADDRESS = "Not an address", Mark.ATTENTION

    def __init__(self, words: str, mark: Mark) -> None:
        self.words = words
        self.mark = mark


_BY_GROUND: Final = {
    Because.PASSED: Headline.PASSED,
    Because.ENDING: Headline.ENDING,
    Because.WAITING: Headline.WAITS,
    Because.LATER: Headline.PUT_OFF,
    Because.STALE: Headline.STALE,
    Because.EMPTY: Headline.EMPTY,
    Because.NO_DOMAIN: Headline.UNPROVED,
}
_REPLACEABLE: Final = frozenset({Answer.UNKNOWN, Answer.LATER, Answer.CANNOT_SAY})


@dataclass(frozen=True, slots=True)
class LookUp:
    """The answer for one text. `domain` is None where there is none that the reader may see, and `address` where it is
    no address.

    `until`: when an address that ends is no longer accepted. `run` is the one that says so: whose plan would add it
    (`waits`), else the last reading. `may_be_static`: whether somebody could accept it by hand.
    """

    text: str
    address: Address | None
    domain: Domain | None
    headline: Headline
    answer: Answer
    because: Because
    steps: tuple[WhyStep, ...]
    user: queries.ListedUser | None = None
    until: datetime | None = None
    run: Run | None = None
    waits: bool = False
    near: tuple[str, ...] = ()
    asked: Asked | None = None
    may_be_static: bool = False

    @property
    def accepted(self) -> bool:
        return self.answer is Answer.ACCEPT

    @property
    def reply(self) -> str:
        """What a mail server is told, in words."""
        return REPLIES[self.answer]

    @property
    def reasons(self) -> list[dict[str, str]]:
        """The steps as other programs read them, each a code and a sentence."""
        return [{"code": step.code, "message": step.message} for step in self.steps if step.message]


def look_up(text: str, within: QuerySet[Domain], now: datetime) -> LookUp:
    """Answer for whatever somebody typed. `within`: the domains that the reader may see. Total: raises over no text."""
    text = trimmed(text)[:LONGEST]
    address = given(text)
    domain = _domain(text, within)
    explanation = None if domain is None else addresses.explain(text, now)
    if domain is None or explanation is None or explanation.domain is None or explanation.domain.id != domain.id:
        return _nothing(text, address)
    return _build_lookup(text, None if isinstance(address, AddressFault) else address, domain, explanation, now)


def _domain(text: str, within: QuerySet[Domain]) -> Domain | None:
    """Find the domain that a text names among those that may be seen, by its own name first."""
    name = mail_domain(bare(text).rpartition("@")[2])
    if isinstance(name, DomainFault):
        return None
    domains = within.select_related("organization")
    by_alias = domains.filter(aliases__name=name).order_by(F("aliases__proved_at").asc(nulls_last=True))
    return queries.by_path(domains, name).first() or by_alias.first()


def _nothing(text: str, address: Address | AddressFault) -> LookUp:
    """Answer where there is nothing to tell but what was typed."""
    if isinstance(address, AddressFault):
        step = WhyStep.of_reason(Reason.of(ReasonCode(address.value)), mark=Mark.FAILED)
        return LookUp(text, None, None, Headline.NO_ADDRESS, Answer.NOT_OURS, Because.NO_ADDRESS, (step,))
    name = domain_of(address)
    step = (
        WhyStep.say(AddressSaying.ONMICROSOFT)
        if is_onmicrosoft(name)
        else WhyStep.say(AddressSaying.DOMAIN_NOT_HERE, domain=name)
    )
    return LookUp(text, address, None, Headline.NOT_HERE, Answer.NOT_OURS, Because.NO_DOMAIN, (step,))


def _build_lookup(text: str, address: Address | None, domain: Domain, explanation: Why, now: datetime) -> LookUp:
    verdict = explanation.verdict
    missing = address is not None and explanation.user is None
    times = None if address is None else _times(address, domain, verdict, now)
    return LookUp(
        text=text,
        address=address,
        domain=domain,
        headline=_headline(verdict, explanation, domain),
        answer=verdict.answer,
        because=verdict.because,
        steps=(_domain_step(domain), *explanation.steps, *([] if times is None else [_asked_step(times)])),
        user=explanation.user,
        until=gateway_verdict.accepted_until(verdict),
        run=explanation.waits_in or explanation.reading,
        waits=explanation.waits_in is not None,
        near=near(address, domain) if address is not None and missing and verdict.answer in _REPLACEABLE else (),
        asked=times,
        may_be_static=address is not None
        and missing
        and verdict.answer in _REPLACEABLE
        and queries.accepts(domain, domain_of(address)),
    )


def _headline(verdict: Verdict, explanation: Why, domain: Domain) -> Headline:
    if verdict.refused:
        return Headline.WATCHED
    if verdict.because is Because.STALE and domain.read_at is None:
        return Headline.UNREAD
    if verdict.because in _BY_GROUND:
        return _BY_GROUND[verdict.because]
    if verdict.answer is Answer.ACCEPT:
        return Headline.ACCEPTED
    if explanation.waits_in is not None:
        return Headline.WAITS
    filtered = any(step.code == ReasonCode.FILTERED_OUT for step in explanation.steps)
    return Headline.FILTERED if filtered else Headline.REFUSED


def _domain_step(domain: Domain) -> WhyStep:
    if domain.read_at is None:
        return gateway_verdict.unread(AddressSaying.DOMAIN_UNREAD, AddressSaying.DOMAIN_RESTORED, domain)
    return WhyStep.say(
        AddressSaying.DOMAIN_HERE, domain.read_at, domain=domain.name, allowed=gateway_verdict.hours(domain.stale_after)
    )


def _times(address: Address, domain: Domain, verdict: Verdict, now: datetime) -> Asked | None:
    """How often it was asked for: what is accepted is counted without its tag, what is refused as it was asked."""
    if verdict.answer is Answer.ACCEPT and not verdict.refused and verdict.address is not None:
        return of_address(verdict.address, domain.id, now)
    return of_address(address, domain.id, now)


def _asked_step(times: Asked) -> WhyStep:
    saying = AddressSaying.ASKED_KNOWN if times.known else AddressSaying.ASKED_REFUSED
    # Of an address that is known the day alone is kept.
    at = times.last if isinstance(times.last, datetime) else None
    last = f"{times.last:%Y-%m-%d}" if at is None else f"{times.last:%Y-%m-%d %H:%M} UTC"
    times_ = "once" if times.count == 1 else f"{times.count:,} times"
    return WhyStep.say(saying, at, times=times_, last=last)
