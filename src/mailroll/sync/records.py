"""What records show of addresses, beside what the roll has; and which of them are rooms."""

from collections.abc import Container, Iterable
from dataclasses import replace

from mailroll.connectors.base import WantedObjects
from mailroll.directory.load import StandingObject
from mailroll.reconcile.addresses import Address, AddressFault, ProxyRole, canonical
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ObjectType, Reading, Record


def lacks(record: Record, standing: StandingObject) -> bool:
    """Whether an object is shown without an address that the roll has of it. What was not sent is not lacking."""
    if record.proxies is UNSET:
        return False
    # Most are written as the roll has them, and need not be brought into that form.
    written = {proxy.text for proxy in record.proxies if proxy.role is not ProxyRole.OTHER}
    return not standing.addresses <= written and not standing.addresses <= addresses(record)


def shows_more(answer: Record | None, listed: Record, standing: StandingObject) -> bool:
    """Whether an object that is asked for still has an address that the listing lacked."""
    return answer is not None and bool((addresses(answer) - addresses(listed)) & standing.addresses)


def addresses(record: Record) -> frozenset[Address]:
    proxies = () if record.proxies is UNSET else record.proxies
    texts = (canonical(proxy.text) for proxy in proxies if proxy.role is not ProxyRole.OTHER)
    return frozenset(text for text in texts if not isinstance(text, AddressFault))


def place(records: Iterable[Record], rooms: frozenset[Address]) -> tuple[Record, ...]:
    """Mark the rooms; places have ids of their own, so it is the address that tells."""
    if not rooms:
        return tuple(records)
    return tuple(replace(record, place=True) if _is_room(record, rooms) else record for record in records)


def _is_room(record: Record, rooms: frozenset[Address]) -> bool:
    return record.type is ObjectType.USER and not rooms.isdisjoint(addresses(record))


def types(wanted: WantedObjects) -> frozenset[ObjectType]:
    """The types of object that a reading lists: nobody of another type is missed by it."""
    also = ((wanted.groups, ObjectType.GROUP), (wanted.contacts, ObjectType.CONTACT))
    return frozenset({ObjectType.USER, *(type_ for there, type_ in also if there)})


def names(readings: Iterable[Reading], ids: Container[str]) -> dict[str, str]:
    """What people know these objects by: a name, or an address of whatever domain."""
    found: dict[str, str] = {}
    for snapshot in (one.snapshot for one in readings if one.snapshot is not None):
        found |= {one.id: name(one) for one in snapshot.records if one.id in ids}
        for broken in snapshot.unreadable:
            if broken.id is not None and broken.id in ids:
                found[broken.id] = broken.name or next(iter(broken.addresses), "")
    return found


def name(record: Record) -> str:
    """What people know an object by."""
    proxies = () if record.proxies is UNSET else record.proxies
    told = (record.display_name, record.mail, *(one.text for one in proxies if one.role is not ProxyRole.OTHER))
    return next((one for one in told if one is not UNSET and one), "")
