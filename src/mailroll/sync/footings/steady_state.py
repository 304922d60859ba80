"""A run of which everything is as it was at the last one finds what that found: nothing to do. So it plans nothing.

What a plan is made of is hashed where a run has nothing to do: our own side of it (`place`), what the directory said,
of its objects and of all else (`imprint`), and what was noted of that (`said`). Where all of it is the same the next
time, so is the plan, as the core knows nothing else. Whatever else a run does, such a run does too.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Final
from uuid import UUID

import psycopg
from django.db import connection

from mailroll.connections import share
from mailroll.connections.models import Source
from mailroll.directory import arrays, model_rows
from mailroll.directory.models import Domain
from mailroll.reconcile.findings import Finding, FindingCode, Level
from mailroll.reconcile.model import Current, ExternalId, Scope, SourceSpec
from mailroll.reconcile.pipeline import Proposal
from mailroll.reconcile.plan import Plan, Touched, fingerprint
from mailroll.reconcile.severity import level
from mailroll.reconcile.skips import Skips
from mailroll.reconcile.storage import sha256
from mailroll.sync import store
from mailroll.sync.footings.footing import TRACED, Footing
from mailroll.sync.models import ListingTrace, Run, SteadyState
from mailroll.sync.purposes import cache, refusals
from mailroll.sync.sources.asides import ReadingQuestion
from mailroll.sync.sources.source_list import Asked

VALID: Final = timedelta(hours=24)
"""How long a plan that was made counts: so often, at the least, everything is compared anew."""
_FORMAT: Final = 8
"""Goes up whenever a plan, what it is made of or what is kept of it comes out otherwise: builds of one release share
the same version. What stands for our own side, and its ground (`ground.values`), are others then.
"""
_UNTOLD: Final = frozenset({FindingCode.DOMAIN_UNPROVED})
"""Findings of what no directory tells when it is over: each run asks for that."""
_OF_ONE: Final = frozenset({FindingCode.CHANGES_TOLD})
"""Findings that tell how one run came to what it says."""
_UNKNOWN: Final = {"ground": "", "beside": ""}
"""Of a place that was worked out while it might have moved: the next run works it out once more."""


_GO_ON: Final = """
    UPDATE sync_steadystate SET since = %(since)s, place = %(place)s, ground = %(ground)s, beside = %(beside)s
     WHERE domain_id = %(domain)s
"""
_LIST: Final = """
    INSERT INTO sync_listingtrace (domain_id, trace, marks) VALUES (%s, %b, %b)
        ON CONFLICT (domain_id) DO UPDATE SET trace = EXCLUDED.trace, marks = EXCLUDED.marks
"""
_LAST: Final = "WHERE t.made_at <= %s AND t.until > %s AND t.domain_id = %s"
# A length is told without reading what is that long.
_OUTLINES: Final = """
    SELECT t.domain_id, t.since, t.imprint, length(l.trace) / %s
      FROM sync_steadystate t LEFT JOIN sync_listingtrace l USING (domain_id)
     WHERE t.made_at <= %s AND t.until > %s AND t.domain_id = ANY(%s::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Steady:
    """What a run with nothing to do was made of, and until when that counts. `since`: see `SteadyState`."""

    place: str
    said: str
    imprint: str
    until: datetime
    since: str = field(default="", repr=False)
    footing: Footing | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SteadyOutline:
    """What of a `SteadyState` is enough to ask a directory without a run. `size`: of the listing, where it is known."""

    since: str = field(repr=False)
    imprint: str
    size: int | None


@dataclass(frozen=True, slots=True)
class OwnSide:
    """What stands for all that our own side brings to a plan: the roll, and whatever is beside it.

    `ground`: by what the next run knows `beside` again, without working it out (`Standpoint`); empty where it cannot.
    """

    roll: str
    beside: str
    ground: str = ""

    @property
    def place(self) -> str:
        return sha256([self.beside, self.roll])

    def values(self) -> dict[str, str]:
        """What is kept of it in a `SteadyState`, by the names of its columns."""
        return {"place": self.place, "ground": self.ground, "beside": self.beside if self.ground else ""}


@dataclass(frozen=True, slots=True)
class Amends:
    """What a run leaves that may have had something to do.

    `place`: what it was made of on our side. `footing_hash`: of the footing that it goes on from, where it asked for
    some objects by id; it is empty where everybody was listed, so that the footing is a new one, and then it has what
    was `said`, the `imprint` of a run that had nothing to do, and when everything was compared. `since` and `until`:
    see `Steady`. `ground` gives what our own side is by now.
    """

    place: str
    footing: Footing = field(repr=False)
    footing_hash: str
    since: str = field(repr=False)
    until: datetime
    ground: Callable[[], OwnSide] = field(repr=False)
    said: str = ""
    imprint: str = ""
    compared_at: datetime | None = None


def beside_roll(domain: Domain, sources: Sequence[Asked], scope: Scope, around: str) -> str:
    """Return what stands for our own side but for the roll; `around` for the names around the domain.

    Limits are part of the program, and so is how records are judged: another release compares anew.
    """
    filters = dict(Source.objects.filter(domain=domain, enabled=True).values_list("owner_id", "filter"))
    connections = {question.access.connection for _, question in sources}
    return sha256(
        [
            release(),
            in_hand(domain, sources),
            [[str(owner), filters[owner]] for owner in sorted(filters)],
            sorted(scope.accepts),
            sorted(scope.siblings),
            sorted(map(str, scope.removed)),
            sorted(scope.exempt),
            sorted(scope.unproved),
            around,
            sorted(map(str, share.borrowed(domain))),
            purposes(connections),
        ]
    )


def in_hand(domain: Domain, sources: Sequence[Asked]) -> list[object]:
    """Stand for what a run has in hand of our own side, as it was when that was asked for."""
    return [str(domain.id), domain.name, domain.revision, [_source(*source_question) for source_question in sources]]


def purposes(connections: Iterable[UUID], beside: Collection[ExternalId] = ()) -> list[object]:
    """Stand for what is known of the mailboxes of these connections, but for those of some objects."""
    return [
        [str(connection), cache.stamp(connection, beside), refusals.stamp(connection)]
        for connection in sorted(connections)
    ]


def said(findings: Iterable[Finding]) -> str:
    """Stand for what a run notes of a reading as a whole."""
    return sha256(store.findings_to_json(findings, ()))


def last(domain: Domain, sources: Sequence[Asked], now: datetime) -> SteadyState | None:
    """Return what the last run with nothing to do was made of, as long as that counts.

    Runs that asked for some objects by id may have gone on from it, and had something to do.
    """
    if not sources:
        return None
    return next(iter(model_rows.select(SteadyState, _LAST, [now, now, domain.id], beside=("run",))), None)


def outlines(domains: Collection[UUID], now: datetime) -> dict[UUID, SteadyOutline]:
    """Return those of domains for which one counts now."""
    with connection.cursor() as cursor:
        cursor.execute(_OUTLINES, [TRACED, now, now, arrays.uuids(domains)])
        return {domain: SteadyOutline(*values) for domain, *values in cursor.fetchall()}


def is_steady(proposal: Proposal, current: Current, sources: Collection[UUID]) -> bool:
    """Whether a run that is made of the same would do the same again, and this one leaves nothing to do.

    1. Nothing is to be changed or held, and no finding may be over without a word.
    2. Nobody doubts a source, so that the list is as young as the reading.
    3. No address ends that a reading has still to confirm.
    """
    return would_repeat(proposal, sources) and not current.ending and not proposal.absent


def would_repeat(proposal: Proposal, sources: Collection[UUID]) -> bool:
    """Whether a run that is made of the same would do the same again, but for addresses that end."""
    if proposal.plan.changes or level(proposal.findings) not in {Level.NOTE, Level.WARNING}:
        return False
    if any(finding.code in _UNTOLD for finding in proposal.findings):
        return False
    return proposal.trusted == frozenset(sources)


def again(run: Run, revision: int) -> Proposal:
    """Return what a run with nothing to do proposed, for one that is made of the same; whom it left out stays there."""
    plan = Plan.of(run.domain_id, revision, run.tenants, ())
    return Proposal(
        plan,
        tuple(finding for finding in store.findings_from_json(run.findings, "reading") if finding.code not in _OF_ONE),
        store.findings_from_json(run.findings, "plan"),
        skips=Skips(),
        unchanged=run.counts["unchanged"],
        before=store.tally_before(run.counts),
        fingerprint=fingerprint(plan, Touched({}, {})),
        trusted=frozenset(source.id for source in store.sources_from_json(run.sources) if source.trusted),
        measured=run.counts["measured"],
    )


def keep(run: Run, steady: Steady, now: datetime) -> None:
    """Keep what a run with nothing to do was made of, in the transaction of the caller, who holds the domain's row."""
    values = {name: getattr(steady, name) for name in ("place", "said", "imprint", "until", "since")} | _UNKNOWN
    footing = steady.footing
    nothing = {"footing": None, "left_out": None, "footing_hash": "", "amended": None}
    values |= nothing if footing is None else footing.values()
    _put(run.domain_id, {"run": run, "made_at": now, **values}, footing)


def _put(domain: UUID, values: Mapping[str, object], footing: Footing | None) -> None:
    """Write the row of a domain, and what its footing is of: 34 MB of a million objects, which are sent as they are.

    Django would write them down as text, several times over, and to update or create, read the row that was there.
    """
    if not SteadyState.objects.filter(domain_id=domain).update(**values):
        SteadyState.objects.create(domain_id=domain, **values)
    if footing is None:
        ListingTrace.objects.filter(steady=domain).delete()
        return
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(_LIST, [domain, *footing.listed()])


@contextmanager
def going_on(run: Run, amends: Amends | None) -> Iterator[None]:
    """Keep with the effect of a run what the next one goes on from, in the transaction of the caller.

    Where our own side is no more what the run was made of, nothing is kept: then the next one reads everything.
    """
    before = None if amends is None else amends.ground()
    yield
    if amends is None or before is None or before.place != amends.place:
        return
    after = amends.ground()
    # Beside the roll, which this run has locked, anybody may have changed something while it wrote.
    if after.beside == before.beside:
        _amend(run, amends, after)


def _amend(run: Run, amends: Amends, ours: OwnSide) -> None:
    """Keep what a run leaves. Where it asked by id, no listing is known that would show what there is now."""
    if not amends.footing_hash:
        values = {name: getattr(amends, name) for name in ("said", "imprint", "since", "until")} | ours.values()
        values |= {"run": run, "made_at": amends.compared_at, **amends.footing.values()}
        _put(run.domain_id, values, amends.footing)
        return
    SteadyState.objects.filter(domain_id=run.domain_id, footing_hash=amends.footing_hash).update(
        run=run,
        **ours.values(),
        imprint="",
        since=amends.since,
        until=amends.until,
        amended=amends.footing.amendments(amends.footing_hash),
    )


@contextmanager
def still_standing(run: Run, ground: Callable[[], OwnSide] | None) -> Iterator[None]:
    """Let what a run kept go on counting behind what it writes after its end, in the transaction of the caller."""
    row = None if ground is None else SteadyState.objects.filter(run=run).only("place").first()
    before = None if row is None or ground is None else ground()
    yield
    if row is None or ground is None or before is None or before.place != row.place:
        return
    after = ground()
    if after.beside == before.beside:
        SteadyState.objects.filter(run=run).update(**after.values())


def go_on(domain: UUID, since: str, ours: OwnSide) -> None:
    """Keep with what the reading after one that said nothing new begins, in the transaction of the caller."""
    values: dict[str, Any] = {"since": since, **ours.values(), "domain": domain}
    with connection.cursor() as cursor:
        cursor.execute(_GO_ON, values)


def release() -> str:
    """What stands for the program that made a plan."""
    return f"{_FORMAT} {_version()}"


@lru_cache(maxsize=1)
def _version() -> str:
    return version("mailroll")


def _source(source: SourceSpec, question: ReadingQuestion) -> list[object]:
    access, wanted_objects, selection = question.access, question.wanted, source.selection
    return [
        [str(source.id), source.label, source.group, source.precedence, source.adopts, source.tenant],
        [selection.groups, selection.contacts, selection.guests],
        [str(access.connection), access.kind, access.tenant, access.hybrid, access.proves],
        [
            sorted(wanted_objects.attributes),
            wanted_objects.groups,
            wanted_objects.contacts,
            sorted(question.memberships),
        ],
    ]
