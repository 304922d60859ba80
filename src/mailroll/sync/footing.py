"""What a run leaves, so that the next one has to look only at what is new since, and at what it left open.

It is kept with that run's `SteadyState` and counts under the same conditions. Of each object it has the id and a hash
of what was sent, and nothing else; what has to be looked at is in the reading that follows, which lists everybody, or
is asked for by id (`amending`). What was, is kept beside it, and a listing takes it for new.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final
from uuid import UUID

from mailroll.connections import outside
from mailroll.connectors.base import Connector
from mailroll.directory import load
from mailroll.directory.load import StandingObject
from mailroll.reconcile.addresses import Address, domain_of
from mailroll.reconcile.departures import Departures
from mailroll.reconcile.findings import FindingCode
from mailroll.reconcile.model import ExternalId, ObjectType, Reading, Record, RollUser, Scope
from mailroll.reconcile.pipeline import Proposal
from mailroll.reconcile.reasons import Skip
from mailroll.reconcile.storage import sha256
from mailroll.reconcile.touched import Extent, Seeds, Spread, lasting, left_beside
from mailroll.sync.asides import Unsettled
from mailroll.sync.gist import Gist
from mailroll.sync.models import SteadyState
from mailroll.sync.records import addresses

MOST: Final = 1_000
"""What may be left open, and what may be reached in any reading."""
_SHARE: Final = 4
"""The part of a reading, one in so many, that may be reached: what is more is compared sooner with everything."""
_SIZE: Final = 16
TRACED: Final = 2 * _SIZE
"""Bytes of an object in a trace: its id, and a hash of it."""
_COUNTED: Final = frozenset(
    {
        FindingCode.CONFLICTS,
        FindingCode.PROPERTIES_MISSING,
        FindingCode.PROPERTIES_MENDED,
        FindingCode.FILTER_UNDECIDED,
        FindingCode.NO_ADDRESSES_SHOWN,
    }
)
"""Findings that count objects which stay open, so that a part of a reading finds them too."""
_NOTED: Final = frozenset(
    {
        FindingCode.PERMISSION_LOST,
        FindingCode.ALIAS_PROVED_ELSEWHERE,
        FindingCode.ALIAS_NOT_VOUCHED,
        FindingCode.MAILBOXES_SILENT,
    }
)
"""Findings that are noted beside the core, and are the same as long as what counts for everybody is."""


@dataclass(frozen=True, slots=True)
class Footing:
    """`trace` gives what was shown of each object (see `Connector.trace`), joined; None where it is not what was kept.

    Only a listing is compared with it, so it stays in its row until then; `trace_hash` stands for it. `beside`: what
    stands for all else that was said.

    `open`: what has to be looked at, whatever is new. `taking`: how many objects each source took. `left_out`: the
    objects that were left out. `by_id`: those that were asked for by id since everything was listed, so that `trace`
    tells nothing of them. `gone`: those that were told as removed, or are not listed, and did not answer any more.
    `listing` stands for all that was listed.
    """

    trace: Callable[[], bytes | None] = field(repr=False)
    trace_hash: str
    beside: str
    listing: str
    open: Seeds
    taking: Mapping[UUID, int]
    left_out: frozenset[bytes] = field(repr=False)
    by_id: frozenset[bytes] = frozenset()
    gone: frozenset[ExternalId] = frozenset()

    @classmethod
    def of(cls, proposal: Proposal, gist: Gist, unsettled: Unsettled) -> "Footing | None":
        """Return what a run leaves that listed everybody; None where the next one has to look at everything.

        Whoever it changes is open, so that the next one looks at them again (`touched.left_open`).
        """
        if not cls.tells(proposal):
            return None
        return cls._listed(proposal, gist, unsettled, proposal.taking, named(proposal.skips))

    @classmethod
    def _listed(
        cls,
        proposal: Proposal,
        gist: Gist,
        unsettled: Unsettled,
        taking: Mapping[UUID, int],
        left_out: frozenset[bytes],
    ) -> "Footing | None":
        listing = gist.listing()
        if proposal.open is None or gist.trace is None or listing is None:
            return None
        still = proposal.open | Seeds(unsettled.open)
        if len(still) > MOST or len({pair[:_SIZE] for pair in gist.trace}) != len(gist.trace):
            return None
        if min(taking.values(), default=0) <= len(still.objects):
            return None  # the next reading would have to be of everybody (`narrowed`)
        trace = b"".join(sorted(gist.trace))
        mark = hash_of_trace(trace)
        return cls(lambda: trace, mark, gist.beside(), listing, still, taking, left_out, gone=unsettled.gone)

    @staticmethod
    def tells(proposal: Proposal) -> bool:
        """Whether its reading has no finding but those that a part of it makes as well."""
        return all(finding.code in _COUNTED | _NOTED for finding in proposal.reading_findings)

    @classmethod
    def opened(cls, row: SteadyState) -> "Footing | None":
        """Return what is kept in a row; None where there is nothing, or it is not what was written."""
        kept = row.footing
        if kept is None or row.left_out is None:
            return None
        left_out = bytes(row.left_out)
        if row.footing_hash != hash_of(kept, left_out):
            return None
        trace = partial(_kept_trace, row.domain_id, kept["trace"])
        opened, gone = _opened(kept), frozenset(map(ExternalId, kept["gone"]))
        found = cls(trace, kept["trace"], kept["beside"], kept["listing"], *opened, _apart(left_out, _SIZE), gone=gone)
        return found if row.amended is None else found._with(row.amended, row.footing_hash)

    def _with(self, amended: Mapping[str, Any], footing_hash: str) -> "Footing | None":
        """Take in what was asked for by id since; None where that is not what was written."""
        if amended.get("hash") != _hash_of_amended(amended, footing_hash):
            return None
        by_id, left_out = (_apart(bytes.fromhex(amended[name]), _SIZE) for name in ("by_id", "left_out"))
        opened, taking = _opened(amended)
        return replace(
            self,
            open=opened,
            taking=taking,
            left_out=self.left_out - by_id | left_out,
            by_id=by_id,
            gone=frozenset(map(ExternalId, amended["gone"])),
        )

    def amended(
        self, proposal: Proposal, extent: Extent, gone: frozenset[ExternalId], *, stays_open: bool
    ) -> "Footing | None":
        """Return what a run leaves that asked for objects by id; None where the next one has to look at everything.

        Whoever it changes is open, so that the next one looks at them again (`touched.left_open`). `stays_open`: so is
        whoever was, as answers may be behind what was told of them.
        """
        if proposal.open is None:
            return None
        still = proposal.open | self.open if stays_open else proposal.open
        if len(still) > MOST:
            return None
        by_id = self.by_id | {_bytes_of(key) for key in extent.objects}
        taking, left_out = self._of_all(proposal, extent)
        return replace(self, open=still, taking=taking, left_out=left_out, by_id=by_id, gone=gone)

    def listed_anew(self, proposal: Proposal, extent: Extent, gist: Gist, unsettled: Unsettled) -> "Footing | None":
        """Return what a run leaves that listed everybody and looked at some; None as for one that looked at all."""
        return self._listed(proposal, gist, unsettled, *self._of_all(proposal, extent))

    def _of_all(self, proposal: Proposal, extent: Extent) -> tuple[dict[UUID, int], frozenset[bytes]]:
        """Return how many objects each source takes, at the least, and who is left out, where some were looked at."""
        taking = {
            source: number + max(0, self.taking.get(source, 0) - len(extent.objects))
            for source, number in proposal.taking.items()
        }
        return taking, self.left_out - {_bytes_of(key) for key in extent.objects} | named(proposal.skips)

    def values(self) -> dict[str, Any]:
        """What is kept of it in a `SteadyState`, by the names of its columns."""
        footing = {"beside": self.beside, "listing": self.listing, "trace": self.trace_hash, **self._kept()}
        left_out = b"".join(sorted(self.left_out))
        return {
            "footing": footing,
            "trace": self.trace(),
            "left_out": left_out,
            "footing_hash": hash_of(footing, left_out),
            "amended": None,
        }

    def amendments(self, footing_hash: str) -> dict[str, Any]:
        """What is kept of what was asked for by id, beside the footing of that hash, which stays as it is."""
        amended = {
            **self._kept(),
            "by_id": b"".join(sorted(self.by_id)).hex(),
            "left_out": b"".join(sorted(self.left_out & self.by_id)).hex(),
        }
        return {**amended, "hash": _hash_of_amended(amended, footing_hash)}

    def _kept(self) -> dict[str, Any]:
        return {
            "objects": sorted(self.open.objects),
            "users": sorted(map(str, self.open.users)),
            "addresses": sorted(self.open.addresses),
            "taking": {str(source): number for source, number in self.taking.items()},
            "gone": sorted(self.gone),
        }

    @property
    def is_worn(self) -> bool:
        """Whether so many objects were asked for by id that it is time to list all of them."""
        return len(self.by_id) > MOST

    def skipped(self, extent: Extent, skips: Iterable[Skip]) -> int:
        """How many objects are left out, where some were looked at anew."""
        return len(self.left_out - {_bytes_of(key) for key in extent.objects} | named(skips))

    def narrowed(self, readings: Iterable[Reading], extent: Extent) -> tuple[Reading, ...] | None:
        """Say of parts of readings that their sources take more; None where that is not known of one of them."""
        if not all(left_beside(one.source, self.taking, extent) for one in readings):
            return None
        return tuple(Reading(one.source, one.snapshot, more=True) for one in readings)


@dataclass(frozen=True, slots=True)
class Vicinity:
    """What tells how far it is to look. `departures` are those that the plan will be made with.

    `ending`: addresses that end, with who had them.
    """

    scope: Scope
    departures: Departures
    ending: Mapping[Address, UUID]


@dataclass(frozen=True, slots=True)
class Survey:
    """Where a reading is to look for what is new, and for all that it reaches: in the roll of one domain.

    `owners`: whose users are asked for where they are missing. `reach` is looked up once, as soon as anything is new.
    """

    footing: Footing
    domain: UUID
    owners: frozenset[UUID]
    reach: Callable[[], Vicinity]

    async def spread(self, objects: frozenset[ExternalId]) -> Spread:
        """Begin where these objects are new."""
        reach = await outside.later(self.reach)()
        seeds = Seeds(objects) | self.footing.open | lasting(reach.ending, reach.departures)
        return Spread.of(seeds, reach.scope)

    async def lookup(self, seeds: Seeds) -> tuple[RollUser, ...]:
        """Return the users that are among these, or stand for them, or have or had an address of them."""
        return await outside.later(partial(load.joined, self.domain, seeds.users, seeds.objects, seeds.addresses))()

    async def follow(self, connector: Connector, gist: Gist) -> "Found | None":
        """Look at what is new in a listing that was skimmed; None where everything has to be looked at.

        1. Tell which objects are others than they were, and which are there no more.
        2. Look up what those reach, in the listing and in the roll, and what that reaches, to the end.
        """
        trace = gist.trace
        if trace is None or gist.beside() != self.footing.beside:
            return None
        shown = {pair[:_SIZE] for pair in trace}
        if len(shown) != len(trace):
            return None  # one of them is shown twice, in two versions
        kept = await outside.later(self.footing.trace)()
        if kept is None:
            return None
        new = {pair[:_SIZE] for pair in trace ^ _apart(kept, 2 * _SIZE)} | self.footing.by_id
        if not new and gist.listing() != self.footing.listing:
            return None  # the listing is another, and not by any object: nobody knows by what
        most = max(MOST, len(trace) // _SHARE)
        objects = frozenset(ExternalId(f"{gist.tenant}:{UUID(bytes=each)}") for each in new)
        spread = await self.spread(objects)
        accepts = self.reach().scope.accepts
        records: dict[ExternalId, Record] = {}
        while spread.next:
            if len(spread) > most:
                return None
            mine = [key for key in spread.next.objects if key.startswith(f"{gist.tenant}:") and _bytes_of(key) in shown]
            page = await connector.picked(mine)
            if page.unreadable or page.beyond or len(page.records) != len(mine):
                return None
            records |= {record.id: record for record in page.records}
            wanted = {
                address for record in page.records for address in addresses(record) if domain_of(address) in accepts
            }
            spread.follow(await self.lookup(spread.next), wanted)
        return Found(records, spread.extent(), self.standings(spread.extent()))

    def standings(self, extent: Extent) -> dict[ExternalId, StandingObject]:
        """What the roll has of the objects that were reached, as `load.standing` has it."""
        states = [user.state for user in extent.users]
        return {
            state.external_id: StandingObject(state.object_type or ObjectType.USER, frozenset(state.addresses))
            for state in states
            if state.external_id is not None and not state.retired and state.owner in self.owners
        }


@dataclass(frozen=True, slots=True)
class Found:
    """What a directory shows of the objects that were reached, and what the roll has of them."""

    records: dict[ExternalId, Record]
    extent: Extent
    standings: dict[ExternalId, StandingObject]


def named(skips: Iterable[Skip]) -> frozenset[bytes]:
    """The objects that are left out."""
    return frozenset(_bytes_of(skip.external_id) for skip in skips if skip.external_id is not None)


def hash_of(footing: Mapping[str, Any], left_out: bytes) -> str:
    """Stand for all that a row keeps of a footing: one with a part missing would let a change be overlooked."""
    return sha256(footing, [left_out.hex()])


def hash_of_trace(trace: bytes) -> str:
    return hashlib.sha256(trace).hexdigest()


def _kept_trace(domain: UUID, expected: str) -> bytes | None:
    """Return the trace that is kept of a domain; None where it is not what was written, or of another footing."""
    found = SteadyState.objects.filter(domain=domain).values_list("trace", flat=True).first()
    trace = None if found is None else bytes(found)
    return trace if trace is not None and hash_of_trace(trace) == expected else None


def _hash_of_amended(amended: Mapping[str, Any], footing_hash: str) -> str:
    return sha256({name: each for name, each in amended.items() if name != "hash"}, [footing_hash])


def _opened(kept: Mapping[str, Any]) -> tuple[Seeds, dict[UUID, int]]:
    """Return what is open, and how many objects each source takes."""
    open_ = Seeds(
        frozenset(map(ExternalId, kept["objects"])),
        frozenset(map(UUID, kept.get("users", ()))),
        frozenset(map(Address, kept["addresses"])),
    )
    return open_, {UUID(source): int(number) for source, number in kept["taking"].items()}


def _bytes_of(key: str) -> bytes:
    return UUID(key.rpartition(":")[2]).bytes


def _apart(joined: bytes, size: int) -> frozenset[bytes]:
    return frozenset(joined[start : start + size] for start in range(0, len(joined), size))
