"""Objects of one type: listed to the end, or asked for by id. Any doubt is an error."""

import json
from collections.abc import AsyncIterator, Callable, Collection, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar
from urllib.parse import quote

import msgspec

from mailroll.connectors.base import RecordPage
from mailroll.connectors.microsoft365.facts.decode import Decoded, PageDecoder, PageSplitter
from mailroll.connectors.microsoft365.facts.merge import parsed
from mailroll.connectors.microsoft365.facts.records import unreadable
from mailroll.connectors.microsoft365.facts.repair import identified
from mailroll.connectors.microsoft365.graph.transport import Transport, call_of
from mailroll.connectors.microsoft365.graph.verdicts import PERMISSION_MISSING, Expired, NoSuchObject
from mailroll.connectors.microsoft365.http.channel import TooLarge, malformed
from mailroll.connectors.microsoft365.listing.listings import PAGE_SIZE, PAGE_SIZES, follow, pages
from mailroll.connectors.microsoft365.listing.tape import Tape
from mailroll.reconcile.addresses import Address, domain_of, u_labels
from mailroll.reconcile.errors import NeedsConsent
from mailroll.reconcile.model import ExternalId, ObjectType, Outline, Record, Unreadable

IDS_MAX: Final = 1_000
"""Ids that one question may hold (directoryObject: getByIds)."""
SINGLY_MAX: Final = 200
"""Ids that are asked for one by one where asking for many is not permitted."""

_SPLITTER: Final = PageSplitter()

_T = TypeVar("_T", bound=msgspec.Struct)
_I = TypeVar("_I")


@dataclass(frozen=True, slots=True)
class ObjectSort(Generic[_T]):
    """A type of object: `path` where it is listed, `name` as `getByIds` calls it, and how one becomes a record."""

    type: ObjectType
    path: str
    name: str
    select: str
    decoder: PageDecoder[_T]
    record: Callable[[str, _T], Record | Unreadable]
    at_once: int = IDS_MAX
    """Ids of one question: fewer where each answer is long."""
    outlines: Callable[[str, Sequence[_T], Container[int]], tuple[Sequence[Outline], Sequence[int]]] | None = None
    """What makes outlines of a page, and says of which places of it records have to be made."""


class Objects(Generic[_T]):
    """The objects of one sort in one tenant."""

    def __init__(self, tenant: str, transport: Transport, sort: ObjectSort[_T]) -> None:
        self.type = sort.type
        self._tenant = tenant
        self._transport = transport
        self._sort = sort
        self._select = f"$select={sort.select}"

    async def listed(self, tape: Tape, *, outlined: bool = False) -> AsyncIterator[RecordPage]:
        """Yield every object, some of them more than once: the last word on an id is the one that counts.

        `tape`: what an earlier reading came to, and what this one does. `outlined`: in outline, where that is possible.
        Objects move between pages while a listing goes on, and a listing may have to begin again. What was in the part
        before and is gone since stays in the reading: the next one will miss it.
        """
        path = f"{self._sort.path}?{self._select}&$top={PAGE_SIZE}"
        async for page in pages(self._transport, path, self._sort.decoder, tape):
            yield self._page(page, outlined=outlined)

    async def counted(self, tape: Tape) -> AsyncIterator[int]:
        """Follow the listing as `listed` does, and yield how many objects each page has; none is decoded."""
        path = f"{self._sort.path}?{self._select}&$top={PAGE_SIZE}"
        async for page in pages(self._transport, path, _SPLITTER, tape):
            yield len(page.objects)

    def picked(self, tape: Tape, ids: Collection[bytes]) -> list[bytes]:
        """Return some of the objects that a listing has just shown, by the bytes of their ids, as they came."""
        path = f"{self._sort.path}?{self._select}&$top={PAGE_SIZE}"
        raws: list[bytes] = []
        for body, places in tape.picked(path, ids):
            objects = _SPLITTER.decode(body, call_of(path)).objects
            raws += [as_bytes(objects[place]) for place in places]
        return raws

    def decoded(self, objects: Sequence[bytes]) -> RecordPage:
        """Make records of objects that came some time ago."""
        body = b'{"value":[%b]}' % b",".join(objects)
        return self._page(self._sort.decoder.decode(body, f"/{self._sort.path}"))

    async def holding(self, address: Address) -> list[Record]:
        """Return those that have an address. One that cannot be read and whose id can is there all the same.

        `proxyAddresses/any(...)` with `eq` needs no advanced query, so it is not answered from the index that lags
        behind (learn.microsoft.com/graph/aad-advanced-queries, the tables of properties). Whether `SMTP:` equals
        `smtp:` there is not written down, so both are asked for, and a name in U-labels, too.
        """
        local, name = address.rpartition("@")[0], domain_of(address)
        spellings = [
            f"{prefix}:{local}@{domain_name}"
            for domain_name in (name, u_labels(name))
            if domain_name
            for prefix in ("SMTP", "smtp")
        ]
        clauses = (f"proxyAddresses/any(x:x eq '{spelling.replace(chr(39), chr(39) * 2)}')" for spelling in spellings)
        filter_text = quote(" or ".join(clauses), safe="/():")
        path = f"{self._sort.path}?$filter={filter_text}&{self._select}&$top={PAGE_SIZE}"
        records: dict[ExternalId, Record] = {}
        async for page in pages(self._transport, path, self._sort.decoder):
            record_page = self._page(page)
            records |= {record.id: record for record in record_page.records}
            records |= {
                unreadable_object.id: Record(unreadable_object.id, self._sort.type)
                for unreadable_object in record_page.unreadable
                if unreadable_object.id is not None
            }
        return list(records.values())

    async def present(self, ids: Sequence[str]) -> list[bytes]:
        """Return those that exist, as they come.

        `getByIds` is documented as demanding Directory.Read.All, although the type's own permission will do: where it
        is refused, a few are asked for one by one.
        """
        raws: list[bytes] = []
        for chunk in chunks(ids, self._sort.at_once):
            raws += await self._together(chunk)
        return raws

    def known(self, objects: Sequence[bytes]) -> list[Record]:
        """Make records of objects that exist. One that cannot be read is there: a record of which nothing is known."""
        page = self.decoded(objects)
        return [*page.records, *(self._known_to_exist(unreadable_object) for unreadable_object in page.unreadable)]

    async def _together(self, ids: Sequence[str]) -> list[bytes]:
        """Ask for all at once, and in halves where the answer is too large or breaks off between its pages."""
        try:
            return await self._answered(ids)
        except (Expired, TooLarge):
            if len(ids) <= PAGE_SIZES[-1]:
                raise
        return [raw for half in chunks(ids, (len(ids) + 1) // 2) for raw in await self._together(half)]

    async def _answered(self, ids: Sequence[str]) -> list[bytes]:
        question = json.dumps({"ids": ids, "types": [self._sort.name]}).encode()
        try:
            first = await self._transport.get_by_ids(self._select, question)
        except NeedsConsent as refusal:
            if refusal.code != PERMISSION_MISSING or len(ids) > SINGLY_MAX:
                raise
            return [single for name in ids if (single := await self._single(name)) is not None]
        return [as_bytes(raw) async for page in follow(self._transport, first, _SPLITTER) for raw in page.objects]

    async def _single(self, identity: str) -> bytes | None:
        """Return one object; of an answer in which it cannot be found, what is known of it: its id."""
        try:
            answer = await self._transport.get(f"{self._sort.path}/{identity}?{self._select}")
        except NoSuchObject:
            return None
        return answer.body if identity_of(answer.body) is not None else json.dumps({"id": identity}).encode()

    def _known_to_exist(self, unreadable_object: Unreadable) -> Record:
        if unreadable_object.id is None:
            flaw = "has an object without a readable id"
            raise malformed("/directoryObjects/getByIds", flaw, "Nobody is taken for gone. Try again later.")
        return Record(unreadable_object.id, self._sort.type)

    def _page(self, page: Decoded[_T], *, outlined: bool = False) -> RecordPage:
        readable, spoiled = [], [unreadable(self._tenant, spoiled_object) for spoiled_object in page.spoiled]
        outlines: Sequence[Outline] = ()
        places: Sequence[int] = range(len(page.objects))
        if outlined and self._sort.outlines is not None:
            outlines, places = self._sort.outlines(self._tenant, page.objects, page.flaws)
        for place in places:
            record = self._sort.record(self._tenant, page.objects[place])
            if isinstance(record, Record):
                flaws = page.flaws.get(place, ())
                readable.append(replace(record, flaws=(*flaws, *record.flaws)) if flaws else record)
            else:
                spoiled.append(record)
        return RecordPage(tuple(readable), tuple(spoiled), outlines=outlines)


def as_bytes(item: object) -> bytes:
    """Return an object of a page that was split as JSON: as it came, but where only the standard library reads it."""
    return bytes(item) if isinstance(item, msgspec.Raw) else json.dumps(item).encode()


def identity_of(raw: bytes) -> str | None:
    """Return the id of an object, in lower case; None where it cannot be read."""
    try:
        item = parsed(raw)
    except ValueError:
        return None
    return str(item["id"]).lower() if identified(item) else None


def chunks(items: Sequence[_I], size: int) -> Iterator[Sequence[_I]]:
    return (items[start : start + size] for start in range(0, len(items), size))
