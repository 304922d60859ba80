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
    texts = {proxy.text for proxy in record.proxies if proxy.role is not ProxyRole.OTHER}
    return not standing.addresses <= texts and not standing.addresses <= addresses(record)


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


def types(wanted_objects: WantedObjects) -> frozenset[ObjectType]:
    """The types of object that a reading lists: nobody of another type is missed by it."""
    also = ((wanted_objects.groups, ObjectType.GROUP), (wanted_objects.contacts, ObjectType.CONTACT))
    return frozenset({ObjectType.USER, *(type_ for is_wanted, type_ in also if is_wanted)})


def names(readings: Iterable[Reading], ids: Container[str]) -> dict[str, str]:
    """What people know these objects by: a name, or an address of whatever domain."""
    names_by_id: dict[str, str] = {}
    for snapshot in (reading.snapshot for reading in readings if reading.snapshot is not None):
        names_by_id |= {record.id: name(record) for record in snapshot.records if record.id in ids}
        for unreadable_object in snapshot.unreadable:
            if unreadable_object.id is not None and unreadable_object.id in ids:
                names_by_id[unreadable_object.id] = unreadable_object.name or next(
                    iter(unreadable_object.addresses), ""
                )
    return names_by_id


def name(record: Record) -> str:
    """What people know an object by."""
    proxies = () if record.proxies is UNSET else record.proxies
    candidates = (
        record.display_name,
        record.mail,
        *(proxy.text for proxy in proxies if proxy.role is not ProxyRole.OTHER),
    )
    return next((candidate for candidate in candidates if candidate is not UNSET and candidate), "")
