"""Rooms, as the service of places lists them: by $top and $skip, as no answer of it names a next page."""

from typing import Final

from mailroll.connectors.microsoft365.facts import wire
from mailroll.connectors.microsoft365.facts.decode import PageDecoder
from mailroll.connectors.microsoft365.graph.transport import Transport
from mailroll.connectors.microsoft365.http.channel import malformed
from mailroll.reconcile.addresses import Address, AddressFault, canonical

PAGE_SIZE: Final = 100
"""The documented size of a page (place-list); more than it was seen to work, and is promised nowhere."""

_ROOM: Final = PageDecoder(wire.Room)
_PATH: Final = f"places/microsoft.graph.room?$select=id,emailAddress&$top={PAGE_SIZE}"


async def rooms(transport: Transport) -> frozenset[Address]:
    """Return the addresses of all rooms.

    Asked until a page brings nothing new: a nextLink never comes (microsoft-graph-docs#6427, #9923, #18604,
    msgraph-sdk-powershell#2260), a short page is no promise that it is the last, and $skip might be ignored. Lists of
    rooms add none. Absence proves nothing: rooms that are hidden from the address list are left out.
    """
    rooms_by_id: dict[str, wire.Room] = {}
    skip = 0
    while True:
        answer = await transport.get(f"{_PATH}&$skip={skip}")
        page = _ROOM.decode(answer.body, answer.call)
        if page.spoiled:
            cure = f"{page.spoiled[0].message} Nothing of the answer is used."
            raise malformed(answer.call, "has an object that cannot be read", cure)
        fresh = {room.id: room for room in page.objects if room.id not in rooms_by_id}
        if not fresh:
            break
        rooms_by_id |= fresh
        skip += len(page.objects)
    addresses = {canonical(room.email_address) for room in rooms_by_id.values() if room.email_address}
    return frozenset(address for address in addresses if not isinstance(address, AddressFault))
