"""What a run leaves, so that the next one has to look only at what is new since, and at what it left open.

It is kept with that run's `SteadyState` and counts under the same conditions. Of each object that a connection shows it
has the id and a hash of what was sent, and nothing else; what has to be looked at is in the reading that follows, which
lists everybody, or is asked for by id (`amendment`). What was, is kept beside it, and a listing takes it for new.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache, partial
from typing import Any, Final
from uuid import UUID

import psycopg
from django.db import connection
from psycopg import sql

from mailroll.connectors.base import NOTHING_SHOWN, BlockMarks, ListingMarks
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.findings import FindingCode
from mailroll.reconcile.model import ExternalId, Reading, SourceSpec
from mailroll.reconcile.pipeline import Proposal
from mailroll.reconcile.skips import Skips
from mailroll.reconcile.storage import sha256
from mailroll.reconcile.touched import Extent, Seeds, left_beside
from mailroll.sync.footings.packed_ids import SIZE, PackedIds, apart, bytes_of
from mailroll.sync.models import SteadyState
from mailroll.sync.sources.asides import EarlierListing, Unsettled
from mailroll.sync.sources.gist import Gist

MOST: Final = 1_000
"""What may be left open, and what may be reached in any reading."""
_SHARE: Final = 20
"""The part of all that is shown, one in so many, that a listing may leave open. Of a million, 25,000 changes are 3 MB
in the row, each by its object and its user; to compare everybody takes far longer than to read these.
"""
TRACED: Final = 2 * SIZE
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
_OF_TENANTS: Final = frozenset({FindingCode.DOMAIN_UNPROVED, FindingCode.DOMAIN_NOT_HERE})
"""Findings of what tenants have verified, which each run asks for that does not repeat another."""

Traces = Mapping[UUID, bytes]


@dataclass(frozen=True, slots=True)
class Footprint:
    """What one connection showed: `size` bytes of trace, for which `trace_hash` stands, and what stands for the rest.

    `listing` stands for all that was listed, `beside` for all else that was said. `marks`: by what a listing was asked
    with, what stands for all of it, and the bytes of its marks; for these together stands `marks_hash`.
    """

    trace_hash: str
    size: int
    beside: str
    listing: str
    marks_hash: str
    marks: Mapping[str, tuple[str, int]]

    @classmethod
    def of(cls, gist: Gist) -> "tuple[Footprint, bytes] | None":
        """Return it with the trace; None where a reading does not tell, or shows an object in two versions."""
        if gist.trace is None or not gist.trace.is_clear or (listing := gist.listing()) is None:
            return None
        trace, marks = gist.trace.joined, b"".join(block_marks.blocks for _, block_marks in sorted(gist.marks.items()))
        shown = {key: (block_marks.digest, len(block_marks.blocks)) for key, block_marks in gist.marks.items()}
        return cls(_hash(trace), len(trace), gist.beside(), listing, _hash(marks), shown), trace

    def apart(self, marks: bytes) -> ListingMarks:
        """Take marks apart by their listings."""
        listing_marks: dict[str, BlockMarks] = {}
        for key, (digest, size) in sorted(self.marks.items()):
            listing_marks[key], marks = BlockMarks(digest, marks[:size]), marks[size:]
        return listing_marks


@dataclass(frozen=True, slots=True)
class Footing:
    """`of_each`: what each connection showed; `traces` gives what of each object, None where it is not what was kept.

    `shown` gives the marks of what a connection listed. Only listings are compared with marks, and only such as show
    anything new with traces, so both stay in their row until then.

    `open`: what has to be looked at, whatever is new. `taking`: how many objects each source took. `left_out`: the
    objects that were left out. `by_id`: those that were asked for by id since everything was listed, so that no trace
    tells anything of them. `gone`: those that were told as removed, or are not listed, and did not answer any more.
    """

    of_each: Mapping[UUID, Footprint]
    traces: Callable[[], Traces | None] = field(repr=False)
    shown: Callable[[UUID], ListingMarks] = field(repr=False)
    open: Seeds
    taking: Mapping[UUID, int]
    left_out: PackedIds = field(repr=False)
    by_id: frozenset[ExternalId] = frozenset()
    gone: frozenset[ExternalId] = frozenset()

    @classmethod
    def of(
        cls, proposal: Proposal, sources: Sequence[SourceSpec], gists: Mapping[UUID, Gist], unsettled: Unsettled
    ) -> "Footing | None":
        """Return what a run leaves that listed everybody; None where the next one has to look at everything.

        Whoever it changes is open, so that the next one looks at them again (`touched.left_open`).
        """
        if not cls.tells(proposal):
            return None
        return cls._listed(proposal, sources, gists, unsettled, proposal.taking, named(proposal.skips))

    @classmethod
    def _listed(  # noqa: PLR0917 - all that it is made of
        cls,
        proposal: Proposal,
        sources: Sequence[SourceSpec],
        gists: Mapping[UUID, Gist],
        unsettled: Unsettled,
        taking: Mapping[UUID, int],
        left_out: PackedIds,
    ) -> "Footing | None":
        if proposal.open is None:
            return None
        still = proposal.open | Seeds(unsettled.open)
        shown_count = sum(len(gist.trace.joined) for gist in gists.values() if gist.trace is not None) // TRACED
        if len(still) > max(MOST, shown_count // _SHARE):
            return None
        if not all(left_beside(source, taking, Extent(still.objects, ())) for source in sources):
            return None  # the next reading would have to be of everybody (`narrowed`)
        pairs = {key: Footprint.of(gist) for key, gist in gists.items()}
        known_pairs = {key: pair for key, pair in pairs.items() if pair is not None}
        if not known_pairs or known_pairs.keys() != gists.keys():
            return None
        traces = {key: trace for key, (_, trace) in known_pairs.items()}
        footprints = {key: footprint for key, (footprint, _) in known_pairs.items()}
        marks = {key: gist.marks for key, gist in gists.items()}
        return cls(footprints, lambda: traces, marks.__getitem__, still, taking, left_out, gone=unsettled.gone)

    @staticmethod
    def tells(proposal: Proposal) -> bool:
        """Whether its reading has no finding but those that a part of it makes as well."""
        return all(finding.code in _COUNTED | _NOTED | _OF_TENANTS for finding in proposal.reading_findings)

    @classmethod
    def opened(cls, row: SteadyState) -> "Footing | None":
        """Return what is kept in a row; None where there is nothing, or it is not what was written."""
        contents = row.footing
        if contents is None or row.left_out is None:
            return None
        left_out = bytes(row.left_out)
        if row.footing_hash != hash_of(contents, left_out):
            return None
        of_each = {UUID(key): Footprint(**fields) for key, fields in contents["of_each"].items()}
        gone_ids = frozenset(map(ExternalId, contents["gone"]))
        footing = cls(
            of_each,
            cache(partial(_kept_traces, row.domain_id, of_each)),
            partial(_kept_marks, row.domain_id, of_each),
            *_opened(contents),
            PackedIds(left_out),
            gone=gone_ids,
        )
        return footing if row.amended is None else footing._with(row.amended, row.footing_hash)

    def _with(self, amended: Mapping[str, Any], footing_hash: str) -> "Footing | None":
        """Take in what was asked for by id since; None where that is not what was written."""
        if amended.get("hash") != _hash_of_amended(amended, footing_hash):
            return None
        by_id, left_out = _unpacked(amended["by_id"]), PackedIds(bytes.fromhex(amended["left_out"]))
        opened, taking = _opened(amended)
        return replace(
            self,
            open=opened,
            taking=taking,
            left_out=self.left_out.changed(by_id, left_out),
            by_id=by_id,
            gone=frozenset(map(ExternalId, amended["gone"])),
        )

    def amended(
        self,
        proposal: Proposal,
        sources: Sequence[SourceSpec],
        extent: Extent,
        gone_ids: frozenset[ExternalId],
        unsettled: Unsettled,
        *,
        stays_open: bool,
    ) -> "Footing | None":
        """Return what a run leaves that asked for objects by id; None where the next one has to look at everything.

        Whoever it changes is open, so that the next one looks at them again (`touched.left_open`). `stays_open`: so is
        whoever was, as answers may be behind what was told of them.
        """
        if proposal.open is None:
            return None
        still = proposal.open | Seeds(unsettled.open) | (self.open if stays_open else Seeds())
        if len(still) > MOST:
            return None
        taking, left_out = self._of_all(proposal, sources, extent)
        return replace(
            self, open=still, taking=taking, left_out=left_out, by_id=self.by_id | extent.objects, gone=gone_ids
        )

    def listed_anew(
        self,
        proposal: Proposal,
        sources: Sequence[SourceSpec],
        extent: Extent,
        gists: Mapping[UUID, Gist],
        unsettled: Unsettled,
    ) -> "Footing | None":
        """Return what a run leaves that listed everybody and looked at some; None as for one that looked at all."""
        return self._listed(proposal, sources, gists, unsettled, *self._of_all(proposal, sources, extent))

    def _of_all(
        self, proposal: Proposal, sources: Sequence[SourceSpec], extent: Extent
    ) -> tuple[dict[UUID, int], PackedIds]:
        """Return how many objects each source takes, at the least, and who is left out, where some were looked at."""
        taking = {
            source.id: proposal.taking[source.id] + left_beside(source, self.taking, extent) for source in sources
        }
        return taking, self._left_out_beside(extent, proposal.skips)

    def values(self) -> dict[str, Any]:
        """What is kept of it in a `SteadyState`, by the names of its columns."""
        of_each = {str(key): asdict(footprint) for key, footprint in self.of_each.items()}
        footing = {"of_each": of_each, **self._common_values()}
        left_out = self.left_out.joined
        return {
            "footing": footing,
            "left_out": left_out,
            "footing_hash": hash_of(footing, left_out),
            "amended": None,
        }

    def listed(self) -> tuple[bytes, bytes]:
        """What is kept of it in a `ListingTrace`: the traces of all connections, and their marks."""
        traces = self.traces() or {}
        all_marks = (
            block_marks.blocks for key in sorted(self.of_each) for _, block_marks in sorted(self.shown(key).items())
        )
        return b"".join(traces[key] for key in sorted(traces)), b"".join(all_marks)

    def amendments(self, footing_hash: str) -> dict[str, Any]:
        """What is kept of what was asked for by id, beside the footing of that hash, which stays as it is."""
        amended = {
            **self._common_values(),
            "by_id": _packed(self.by_id),
            "left_out": self.left_out.among(self.by_id).joined.hex(),
        }
        return {**amended, "hash": _hash_of_amended(amended, footing_hash)}

    def _common_values(self) -> dict[str, Any]:
        return {
            "objects": sorted(self.open.objects),
            "users": sorted(map(str, self.open.users)),
            "addresses": sorted(self.open.addresses),
            "taking": {str(source): number for source, number in self.taking.items()},
            "gone": sorted(self.gone),
        }

    def earlier(self, connection: UUID) -> EarlierListing:
        return EarlierListing(partial(self.shown, connection), lambda: (self.traces() or {}).get(connection))

    @property
    def is_worn(self) -> bool:
        """Whether so many objects were asked for by id that it is time to list all of them."""
        return len(self.by_id) > MOST

    def skipped(self, extent: Extent, skips: Skips) -> int:
        """How many objects are left out, where some were looked at anew."""
        return len(self._left_out_beside(extent, skips))

    def _left_out_beside(self, extent: Extent, skips: Skips) -> PackedIds:
        return self.left_out.changed(extent.objects, named(skips))

    def narrowed(self, readings: Iterable[Reading], extent: Extent) -> tuple[Reading, ...] | None:
        """Say of parts of readings that their sources take more; None where that is not known of one of them."""
        if not all(
            reading.snapshot is not None and left_beside(reading.source, self.taking, extent) for reading in readings
        ):
            return None
        return tuple(replace(reading, more=True) for reading in readings)


def object_of(tenant: str, raw_id: bytes) -> ExternalId:
    return ExternalId(f"{tenant}:{UUID(bytes=raw_id)}")


def named(skips: Skips) -> PackedIds:
    """The objects that are left out."""
    return PackedIds.of(key for key in skips.ids() if key is not None)


def hash_of(footing: Mapping[str, Any], left_out: bytes) -> str:
    """Stand for all that a row keeps of a footing: one with a part missing would let a change be overlooked."""
    return sha256(footing, [_hash(left_out)])


def _hash(kept: bytes) -> str:
    return hashlib.sha256(kept).hexdigest()


def _kept_traces(domain: UUID, of_each: Mapping[UUID, Footprint]) -> Traces | None:
    """Return the traces that are kept of a domain; None where they are not what was written, or of another footing."""
    traces = _common_values(domain, "trace", {key: kept_footprint.size for key, kept_footprint in of_each.items()})
    is_whole = all(_hash(traces[key]) == footprint.trace_hash for key, footprint in of_each.items())
    return traces if is_whole else None


def _kept_marks(domain: UUID, of_each: Mapping[UUID, Footprint], connection: UUID) -> ListingMarks:
    """Return the marks that are kept of a connection; none where they are not what was written."""
    footprint = of_each.get(connection)
    if footprint is None:
        return NOTHING_SHOWN
    sizes = {key: sum(size for _, size in kept_footprint.marks.values()) for key, kept_footprint in of_each.items()}
    marks = _common_values(domain, "marks", sizes)[connection]
    return footprint.apart(marks) if _hash(marks) == footprint.marks_hash else NOTHING_SHOWN


def _common_values(domain: UUID, column: str, sizes: Mapping[UUID, int]) -> dict[UUID, bytes]:
    """Return what a row has in one column of each connection: `trace` or `marks`.

    It comes as it is: as text it is twice as long, and takes three times as much here and in PostgreSQL.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        query = sql.SQL("SELECT {} FROM sync_listingtrace WHERE domain_id = %s").format(sql.Identifier(column))
        kept = cursor.execute(query, [domain], binary=True).fetchone()
    joined, values = bytes((kept and kept[0]) or b""), dict[UUID, bytes]()
    for key, size in sorted(sizes.items()):
        values[key], joined = joined[:size], joined[size:]
    return values


def _hash_of_amended(amended: Mapping[str, Any], footing_hash: str) -> str:
    return sha256({name: part for name, part in amended.items() if name != "hash"}, [footing_hash])


def _opened(contents: Mapping[str, Any]) -> tuple[Seeds, dict[UUID, int]]:
    """Return what is open, and how many objects each source takes."""
    open_ = Seeds(
        frozenset(map(ExternalId, contents["objects"])),
        frozenset(map(UUID, contents.get("users", ()))),
        frozenset(map(Address, contents["addresses"])),
    )
    return open_, {UUID(source): int(number) for source, number in contents["taking"].items()}


def _packed(keys: Iterable[ExternalId]) -> dict[str, str]:
    """Write down ids by their tenant, which most of them share."""
    by_tenant: defaultdict[str, list[bytes]] = defaultdict(list)
    for key in keys:
        by_tenant[key.partition(":")[0]].append(bytes_of(key))
    return {tenant: b"".join(sorted(ids)).hex() for tenant, ids in by_tenant.items()}


def _unpacked(packed: Mapping[str, str]) -> frozenset[ExternalId]:
    return frozenset(
        object_of(tenant, raw_id) for tenant, hex_ids in packed.items() for raw_id in apart(bytes.fromhex(hex_ids))
    )
