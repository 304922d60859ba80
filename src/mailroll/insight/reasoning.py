"""Why a user is in the list, as a chain that a person can follow from the source to the mail server."""

from dataclasses import dataclass
from datetime import datetime

from mailroll.connections import filters
from mailroll.connections.models import Source
from mailroll.connectors.words import sentence
from mailroll.directory import queries
from mailroll.directory.lifecycle import GRACE, still_accepted
from mailroll.directory.models import Domain, User
from mailroll.insight import history
from mailroll.reconcile import kinds
from mailroll.reconcile.model import Kind, ObjectType
from mailroll.reconcile.reasons import ReasonCode
from mailroll.sync.models import Run, RunSkip, RunState

_READ = (RunState.APPLIED, RunState.UNCHANGED, RunState.PLANNED, RunState.HELD)


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain. `state` is ok, attention, failed or info; `at` is a time that belongs to the detail."""

    state: str
    fact: str
    detail: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An address of the same object that is not in the list, and why."""

    address: str
    why: str


@dataclass(frozen=True, slots=True)
class Chain:
    """`accepted`: mail for the user's addresses passes at this moment."""

    accepted: bool
    steps: tuple[Step, ...]
    left_out: tuple[LeftOut, ...]
    source: Source | None
    seen_at: datetime | None


def chain(user: User, now: datetime) -> Chain:
    """Follow one user from the source that names it to whether mail for it is accepted."""
    person = queries.listed(user)
    source = Source.objects.select_related("owner", "connection").filter(owner=user.owner_id).first()
    reading = _last_reading(user.domain)
    skips = _skips(reading, user)
    gone = any(code is ReasonCode.PINNED for code, _, _ in skips)
    accepted = bool(person.address) and still_accepted(user.retired_at, now)
    steps = [_origin(user, source, reading, gone=gone), _address(person, skips), _kind(user)]
    steps += _decided(user)
    steps.append(_mail(user, person, now))
    return Chain(
        accepted,
        tuple(steps),
        tuple(LeftOut(address, why) for _, address, why in skips if address and address not in _held(person)),
        source,
        None if source is None or gone or user.retired_at or reading is None else reading.read_at,
    )


def _last_reading(domain: Domain) -> Run | None:
    return Run.objects.filter(domain=domain, state__in=_READ, read_at__isnull=False).order_by("-started_at").first()


def _skips(reading: Run | None, user: User) -> list[tuple[ReasonCode, str, str]]:
    if reading is None or user.external_id is None:
        return []
    rows = RunSkip.objects.filter(run=reading, external_id=user.external_id).order_by("address")
    found = [(row.address, history.reason_of(row)) for row in rows]
    return [(reason.code, address, sentence(reason)) for address, reason in found]


def _held(person: queries.Listed) -> set[str]:
    return {*person.aliases, *([person.address] if person.address else [])}


def _origin(user: User, source: Source | None, reading: Run | None, *, gone: bool) -> Step:
    if user.owner is None:
        return Step("ok", "Made by hand", "No sync changes or removes it. Made", user.created_at)
    if source is None:
        fact = f"Its source {user.owner.label} was removed"
        if user.retired_at is not None:
            return Step("failed", fact, "Retired", user.retired_at)
        return Step("attention", fact, "The next run plans to retire it.")
    read = reading.read_at if reading else None
    if user.retired_at is not None:
        return Step(
            "failed", f"Source {source.precedence}, {user.owner.label}, no longer has it", "Retired", user.retired_at
        )
    if gone:
        return Step("attention", f"Source {source.precedence}, {user.owner.label}, no longer has it", "Last read", read)
    filtered = bool(source.filter) and user.object_type == ObjectType.USER
    takes = f" by its filter, {filters.told(source)}" if filtered else ""
    return Step("ok", f"Source {source.precedence}, {user.owner.label}, matches{takes}", "Last read", read)


def _address(person: queries.Listed, skips: list[tuple[ReasonCode, str, str]]) -> Step:
    if person.address is None:
        return Step("failed", "Its addresses are another user's by now", "Mail for them goes to whoever has them.")
    lost = [address for code, address, _ in skips if code in {ReasonCode.CONFLICT, ReasonCode.CONFLICT_ELSEWHERE}]
    whose = "It was given by hand"
    if person.external_id is not None:
        key = person.external_id.partition(":")[2]
        whose = f"Primary address of object {key[:4]}…{key[-4:]} in Microsoft 365"
    if lost:
        return Step("attention", "The address is its own", f"{whose}. Others have {', '.join(lost)}.")
    return Step("ok", "The address is its own", f"{whose}. No other claim to it.")


def _kind(user: User) -> Step:
    fact = f"Kind is {user.kind.replace('-', ' ')}, so {'billable' if user.billable else 'not billable'}"
    if user.retired_at is not None:
        return Step("info", f"Kind is {user.kind.replace('-', ' ')}", "Retired users are not billed.")
    if user.kind_by_hand:
        return Step("ok", fact, "The kind was set by hand.")
    if not user.kind_rule:
        return Step("ok", fact, "The kind was given when it was added.")
    return Step("ok", fact, sentence(kinds.told(ReasonCode(user.kind_rule), Kind(user.kind))))


def _decided(user: User) -> list[Step]:
    steps: list[Step] = []
    if user.group_by_hand:
        steps.append(Step("info", "The group was chosen by hand", "A sync leaves it there."))
    if user.pinned:
        steps.append(Step("info", "Pinned", "Never removed by a sync."))
    if user.exempt:
        steps.append(Step("info", "Exempt", "A sync changes nothing here."))
    return steps


def _mail(user: User, person: queries.Listed, now: datetime) -> Step:
    if user.retired_at is None:
        if person.address is None:
            return Step("failed", "Nothing is accepted for it", "It has no address.")
        return Step("ok", "Mail for it is accepted", "In the list since", user.created_at)
    until = user.retired_at + GRACE
    if still_accepted(user.retired_at, now):
        return Step("attention", "Mail for it is still accepted", "Until", until)
    return Step("failed", "Mail for it is refused", "Since", until)
