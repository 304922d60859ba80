"""A small universe in which everybody wants the same few addresses: builders, strategies and plain readings of truth.

Rolls are reached the way real ones are, by applying proposals one after the other, with people's decisions between.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from random import Random
from typing import Final
from uuid import UUID, uuid5

from hypothesis import strategies as st

from mailroll.reconcile.addresses import (
    Address,
    AddressFault,
    DomainName,
    ProxyAddress,
    ProxyRole,
    canonical,
    domain_of,
)
from mailroll.reconcile.filters.attributes import Attribute, AttributeType
from mailroll.reconcile.filters.judgement import Filter
from mailroll.reconcile.filters.model import RuleOperator
from mailroll.reconcile.filters.parser import parse
from mailroll.reconcile.guards import Limits
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.memberships import Asking, nobody
from mailroll.reconcile.model import (
    EVERYTHING,
    Current,
    ExternalId,
    Headcount,
    Kind,
    ObjectType,
    Purpose,
    Reading,
    Record,
    RollUser,
    Scope,
    Selection,
    Snapshot,
    SourceSpec,
    State,
    Sum,
    Unreadable,
)
from mailroll.reconcile.pipeline import Proposal, Terms, propose
from mailroll.reconcile.reasons import ReasonCode
from tests.reconcile.outcome import hashed

NAMESPACE: Final = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")

DOMAIN: Final = DomainName("d.example")
ALIAS_DOMAIN: Final = DomainName("also.example")
UNPROVED_ALIAS: Final = DomainName("unproved.example")
SIBLING: Final = DomainName("c.example")
FOREIGN: Final = DomainName("foreign.example")
MOERA: Final = DomainName("t.onmicrosoft.com")

TENANT: Final = "aaaaaaaa-0000-4000-8000-000000000001"
OTHER_TENANT: Final = "bbbbbbbb-0000-4000-8000-000000000002"
WRONG_TENANT: Final = "cccccccc-0000-4000-8000-000000000003"

VERIFIED: Final = frozenset({DOMAIN, ALIAS_DOMAIN, SIBLING, MOERA})
SCOPE: Final = Scope(uuid5(NAMESPACE, "domain"), DOMAIN, frozenset({DOMAIN, ALIAS_DOMAIN}), frozenset({SIBLING}))
DIRECTORY: Final = "The Directory"
READ_AT: Final = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)
LIMITS: Final = Limits()


def source(label: str, precedence: int = 1, *, adopts: bool = False) -> SourceSpec:
    return SourceSpec(uuid5(NAMESPACE, f"source {label}"), label, f"Group of {label}", precedence, adopts)


ATTRIBUTES: Final = (
    Attribute("department", AttributeType.TEXT, "Where somebody works."),
    Attribute("memberOf", AttributeType.MEMBERSHIP, "A group."),
    Attribute("kind", AttributeType.TEXT, "The kind.", choices=tuple(kind.value for kind in Kind)),
)


def only(field: str, operator: RuleOperator, value: object) -> Filter:
    """A filter of one rule."""
    rule = {"field": field, "operator": operator.value, "value": list(value) if isinstance(value, tuple) else value}
    return Filter.of(parse({"all": [rule]}, ATTRIBUTES), ATTRIBUTES)


FIRST: Final = source("first", 1)
SECOND: Final = source("second", 2, adopts=True)
OUTSIDE: Final = source("outside", 2)
"""Reads the other tenant; tied with SECOND in precedence, so that only ids decide between them."""

TENANTS: Final = {FIRST.id: TENANT, SECOND.id: TENANT, OUTSIDE.id: OTHER_TENANT}


def oid(name: str, tenant: str = TENANT) -> ExternalId:
    """Name an object of a tenant; the first letters of its id follow the name, so that order is easy to see."""
    return ExternalId(f"{tenant}:{uuid5(NAMESPACE, name)}")


def address(text: str) -> Address:
    """Return the canonical form of a text that is known to be an address."""
    known = canonical(text)
    assert not isinstance(known, AddressFault), text
    return known


def proxies(*texts: str) -> tuple[ProxyAddress, ...]:
    return tuple(ProxyAddress.parse(text) for text in texts)


def record(name: str, *texts: str, tenant: str = TENANT, plan: bool = True) -> Record:
    """A mailbox with the given entries of `proxyAddresses`."""
    return Record(
        oid(name, tenant),
        ObjectType.USER,
        proxies(*texts),
        None,
        name,
        mailbox_plan=plan,
        guest=False,
        account_enabled=True,
        synced=None,
    )


def snapshot(
    *records: Record,
    tenant: str = TENANT,
    verified: frozenset[DomainName] = VERIFIED,
    unreadable: tuple[Unreadable, ...] = (),
    asked: Mapping[ExternalId, Record | None] | None = None,
) -> Snapshot:
    return Snapshot(tenant, tenant, verified, records, unreadable, READ_AT, asked or {})


def state(
    name: str, *texts: str, owner: SourceSpec | None = FIRST, tenant: str = TENANT, retired: bool = False
) -> State:
    """A user's state; the first address is the primary one. Without an owner it is hand-made."""
    held = tuple(address(text) for text in texts)
    return State(
        external_id=oid(name, tenant) if owner else None,
        owner=owner.id if owner else None,
        display_name=name,
        kind=Kind.USER,
        billable=owner is not None and not retired,
        group=owner.group if owner else "Main",
        primary=held[0] if held else None,
        aliases=tuple(sorted(held[1:])),
        retired=retired,
        rule=ReasonCode.LICENSED if owner else None,
        object_type=ObjectType.USER if owner else None,
    )


def user(
    name: str, *texts: str, owner: SourceSpec | None = FIRST, tenant: str = TENANT, retired: bool = False
) -> RollUser:
    """A user of the roll; managed ones have the id that a sync gives them."""
    key = uuid5(SCOPE.id, oid(name, tenant)) if owner else uuid5(NAMESPACE, f"user {name}")
    return hashed(RollUser(key, state(name, *texts, owner=owner, tenant=tenant, retired=retired), ""))


def roll(*users: RollUser, elsewhere: Mapping[Address, str] | None = None) -> Current:
    return Current(tuple(sorted(users, key=lambda one: one.id)), elsewhere=elsewhere or {})


def census(users: Iterable[RollUser]) -> Headcount:
    """Count users one by one, as the roll's own sums have to come out."""
    sources: dict[UUID, Sum] = {}
    people = {False: Sum(), True: Sum()}
    for one in (each.state for each in users if not each.state.retired):
        more = Sum(1, int(one.billable), len(one.addresses))
        if one.owner is None:
            people[one.kind is Kind.STATIC] += more
        else:
            sources[one.owner] = sources.get(one.owner, Sum()) + more
    return Headcount(sources, people[False], people[True], any(one.state.owner is not None for one in users))


def ask(
    current: Current,
    readings: Iterable[Reading],
    scope: Scope = SCOPE,
    limits: Limits = LIMITS,
    asking: Asking = nobody,
) -> Proposal:
    """Go through the whole pipeline once."""
    return propose(readings, current, scope, Terms(1, limits, here=VERIFIED), lambda _: current.elsewhere, asking)


def owners(current: Current) -> dict[Address, list[UUID]]:
    """List who has each address, as many as there are."""
    found: dict[Address, list[UUID]] = {}
    for one in current.users:
        for held in one.state.addresses:
            found.setdefault(held, []).append(one.id)
    return found


def trusted(readings: Iterable[Reading], scope: Scope = SCOPE) -> dict[UUID, Snapshot]:
    """The readings whose tenant and domain are beyond doubt, by source."""
    return {
        reading.source.id: reading.snapshot
        for reading in readings
        if reading.snapshot is not None
        and reading.snapshot.tenant == reading.snapshot.expected_tenant
        and scope.domain in reading.snapshot.verified
    }


def usable(one: Record, scope: Scope, verified: frozenset[DomainName]) -> frozenset[Address]:
    """The addresses of a record that this domain may hold, worked out without the pipeline."""
    if one.proxies is UNSET:
        return frozenset()
    mail = (canonical(proxy.text) for proxy in one.proxies if proxy.role is not ProxyRole.OTHER)
    return frozenset(
        text
        for text in mail
        if not isinstance(text, AddressFault) and domain_of(text) in scope.accepts and domain_of(text) in verified
    )


def versions(shot: Snapshot) -> dict[ExternalId, list[Record]]:
    """Every version of every object that a reading shows."""
    found: dict[ExternalId, list[Record]] = {}
    for one in shot.records:
        found.setdefault(one.id, []).append(one)
    for key, answer in shot.asked.items():
        if answer is not None:
            found.setdefault(key, []).append(answer)
    return found


LOCALS: Final = ("a", "b", "c")
NAMES: Final = ("Ann", "Bob", "Cid", "Dot", "Eve", "Fay")
OTHER_NAMES: Final = ("Gus", "Hal", "Ida")
HAND_NAMES: Final = ("Desk", "Fax")
OBJECTS: Final = {
    TENANT: tuple(oid(name) for name in NAMES),
    OTHER_TENANT: tuple(oid(name, OTHER_TENANT) for name in OTHER_NAMES),
}

_HERE = tuple(f"{prefix}:{local}@{DOMAIN}" for prefix in ("SMTP", "smtp") for local in LOCALS)
_ELSEWHERE = tuple(f"{prefix}:a@{name}" for prefix in ("SMTP", "smtp") for name in (ALIAS_DOMAIN, SIBLING, MOERA))
_ODD = (
    f"smtp:B@{DOMAIN.upper()}",
    f"SMTP: c@{DOMAIN}",
    f"smtp:a@{UNPROVED_ALIAS}",
    f"smtp:a@{FOREIGN}",
    f"smtp:*@{DOMAIN}",
    f"smtp:a b@{DOMAIN}",
    f"smtp:a@{DOMAIN}.",
    f"smtp:{'l' * 65}@{DOMAIN}",
    "SIP:a@d.example",
    "X500:/o=First/ou=Exchange/cn=Recipients/cn=a",
    "smtp:\ud800@d.example",
    "",
)
# Three times the domain's own addresses, so that most people have one and collisions are the rule.
_TEXTS = _HERE * 3 + _ELSEWHERE + _ODD


class Fate(StrEnum):
    """What becomes of one object in one reading."""

    LISTED = "listed"
    GONE = "left out, gone by id"
    UNASKED = "left out, not asked for"
    SLIPPED = "left out, answers by id"
    UNREADABLE = "unreadable"
    TWICE = "listed twice"
    BOTH = "readable and unreadable"


_FATES = (Fate.LISTED,) * 5 + (Fate.GONE,) * 3 + (Fate.TWICE,) * 2 + tuple(Fate)


@dataclass(frozen=True, slots=True)
class Sight:
    """How one object shows in one reading: its fate, and two versions of it."""

    fate: Fate
    one: Record
    other: Record


def _version(chance: Random) -> Record:
    """Any version of an object; what an answer may lack is UNSET now and then."""
    texts = [chance.choice(_TEXTS) for _ in range(chance.choice((0, 1, 1, 2, 3)))]
    return Record(
        ExternalId(""),
        chance.choice((ObjectType.USER,) * 8 + tuple(ObjectType)),
        UNSET if chance.random() < 0.1 else proxies(*texts),
        chance.choice((UNSET, None, f"a@{DOMAIN}", f"b@{DOMAIN}", "nonsense")),
        chance.choice((UNSET, None, "Ann", "Bob", "", "\ud800\x00 {to}")),
        mailbox_plan=chance.choice((True, True, False, UNSET)),
        guest=chance.choice((False, False, False, False, True, UNSET)),
        purpose=chance.choice((UNSET, UNSET, None, *Purpose)),
        place=chance.choice((UNSET, False, False, True)),
        account_enabled=chance.choice((UNSET, None, True, True, False)),
        synced=chance.choice((UNSET, None, None, True, False)),
        mail_enabled=chance.choice((UNSET, True, True, False)),
        attributes={"department": chance.choice(("north", "south", "south", None, UNSET))},
    )


def _sights(chance: Random) -> tuple[Sight, ...]:
    """A wide choice made beforehand, for one draw a whole object is far quicker than ten; the plainest come first."""
    found = [Sight(chance.choice(_FATES), _version(chance), _version(chance)) for _ in range(4000)]
    return tuple(sorted(found, key=lambda sight: (list(Fate).index(sight.fate), len(repr(sight.one)))))


sights = st.sampled_from(_sights(Random(1)))
_ways = {tenant: st.tuples(*([sights] * len(keys))) for tenant, keys in OBJECTS.items()}
_one_in_16 = st.integers(0, 15)


@st.composite
def snapshots(draw: st.DrawFn, tenant: str) -> Snapshot:
    """One reading of one tenant: any object listed, twice, garbled, left out, asked for or not."""
    listed: list[Record] = []
    unreadable: list[Unreadable] = []
    asked: dict[ExternalId, Record | None] = {}
    for key, sight in zip(OBJECTS[tenant], draw(_ways[tenant]), strict=True):
        one, other = replace(sight.one, id=key), replace(sight.other, id=key)
        if sight.fate in {Fate.LISTED, Fate.TWICE, Fate.BOTH}:
            listed.append(one)
        if sight.fate is Fate.TWICE:
            listed.append(other)
        if sight.fate in {Fate.UNREADABLE, Fate.BOTH}:
            unreadable.append(Unreadable(key, "wrong_type", "a number where text belongs"))
        if sight.fate is Fate.SLIPPED:
            asked[key] = one
        if sight.fate is Fate.GONE:
            asked[key] = None
    if draw(_one_in_16) == 1:
        unreadable.append(Unreadable(None, "no_id", "an object without an id"))
    shot = snapshot(*listed, tenant=tenant, unreadable=tuple(unreadable), asked=asked)
    return replace(shot, hybrid=draw(_one_in_5) == 1, memberships=draw(_memberships[tenant]))


_memberships: dict[str, st.SearchStrategy[Mapping[str, frozenset[ExternalId] | Unset]]] = {
    tenant: st.sampled_from(({}, {"Clinic": UNSET}, {"Clinic": frozenset(keys[:2])}))
    for tenant, keys in OBJECTS.items()
}
_snapshots = {tenant: snapshots(tenant) for tenant in OBJECTS}
_trust = st.sampled_from(("fine",) * 12 + ("unread", "unread", "wrong tenant", "not verified", "alias not verified"))
_one_in_5 = st.integers(0, 4)
selections = st.sampled_from(
    (
        EVERYTHING,
        EVERYTHING,
        Selection(guests=True),
        Selection(groups=False, contacts=False),
        Selection(only("department", RuleOperator.IS, "north")),
        Selection(only("department", RuleOperator.IS_NOT, "north"), guests=True),
        Selection(only("memberOf", RuleOperator.IS, "Clinic")),
        Selection(only("kind", RuleOperator.ONE_OF, ("user", "shared"))),
    )
)
_up_to = tuple(st.integers(0, most) for most in range(12))


@st.composite
def readings_of(draw: st.DrawFn, *, doubts: bool = True) -> tuple[Reading, ...]:
    """Readings for some of the sources; those of one tenant mostly share one snapshot."""
    shots = {tenant: draw(strategy) for tenant, strategy in _snapshots.items()}
    found: list[Reading] = []
    for one in (FIRST, SECOND, OUTSIDE):
        shot: Snapshot | None = shots[TENANTS[one.id]]
        if one is SECOND and draw(_one_in_5) == 1:
            shot = draw(_snapshots[TENANT])
        if doubts and shot is not None:
            shot = _doubted(shot, draw(_trust))
        found.append(Reading(replace(one, selection=draw(selections)), shot))
    return tuple(found[: 3 - draw(_up_to[2])])


def _doubted(shot: Snapshot, trust: str) -> Snapshot | None:
    match trust:
        case "unread":
            return None
        case "wrong tenant":
            return replace(shot, tenant=WRONG_TENANT)
        case "not verified":
            return replace(shot, verified=frozenset({MOERA}))
        case "alias not verified":
            return replace(shot, verified=shot.verified - {ALIAS_DOMAIN})
        case _:
            return shot
