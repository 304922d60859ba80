"""A sample as bytes, and back: for each person the properties that are not empty, for all of them what was read."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from mailroll.connectors.base import GroupName
from mailroll.reconcile import kinds
from mailroll.reconcile.addresses import Address, AddressFault, DomainName, ProxyRole, canonical, domain_of
from mailroll.reconcile.filters.counter import SampledPerson
from mailroll.reconcile.known import UNSET, Unset, Value
from mailroll.reconcile.model import ExternalId, Kind, ObjectType, Record, Snapshot

PEOPLE_MAX: Final = 20_000
"""People of a sample. A larger tenant is counted by the first of them: their ids are made at random."""
UNPACKED_MAX: Final = 256 * 1024 * 1024
"""Bytes of a sample; what is larger was not packed here."""

KIND: Final = "kind"
_WITHOUT_A_PERSON: Final = frozenset(
    {Kind.SHARED, Kind.ROOM, Kind.EQUIPMENT, Kind.OTHERS, Kind.SHARED_OR_RESOURCE, Kind.AGENT}
)


class Packed(msgspec.Struct, array_like=True):
    """One person: name, domains of the addresses, whether nobody signs in to it, properties, and what is not known."""

    name: str
    domains: list[str]
    shared: bool
    values: dict[str, Any]
    unknown: list[str]


class Contents(msgspec.Struct):
    """`read`: the properties that were asked for. `members`: places of the people in each group; None if untold."""

    read: list[str]
    people: list[Packed]
    members: dict[str, list[int] | None]
    groups: list[tuple[str, str, str]]
    partial: bool
    read_at: datetime


_CONTENTS: Final = msgspec.msgpack.Decoder(Contents)


def pack(snapshot: Snapshot, attribute_names: Sequence[str], groups: Iterable[GroupName]) -> bytes:
    """Pack the people of a reading, in the order of their ids."""
    users = sorted(
        (record for record in snapshot.records if record.type is ObjectType.USER), key=lambda record: record.id
    )
    people = [(record, addresses) for record in users if (addresses := _addresses(record))]
    kept_people = people[:PEOPLE_MAX]
    place = {record.id: index for index, (record, _) in enumerate(kept_people)}
    contents = Contents(
        read=[*attribute_names, KIND],
        people=[_packed(record, addresses, snapshot, attribute_names) for record, addresses in kept_people],
        members={name: _places(ids, place) for name, ids in snapshot.memberships.items()},
        groups=[(group.id, group.name, group.mail) for group in groups],
        partial=len(people) > len(kept_people),
        read_at=snapshot.read_at,
    )
    return zlib.compress(msgspec.msgpack.encode(contents), 1)


def unpack(data: bytes) -> Contents:
    plain = zlib.decompressobj().decompress(data, UNPACKED_MAX)
    return _CONTENTS.decode(plain)


def people(contents: Contents, accepts: frozenset[DomainName]) -> tuple[SampledPerson, ...]:
    """The people with an address in these domains, as filters see them."""
    members = {name: None if places is None else frozenset(places) for name, places in contents.members.items()}
    empty_values: dict[str, Value | Unset] = dict.fromkeys(contents.read, None)
    return tuple(
        SampledPerson(
            packed.name,
            empty_values | {name: _value(value) for name, value in packed.values.items()} | _not_known(packed),
            packed.shared,
            {name: UNSET if places is None else index in places for name, places in members.items()},
        )
        for index, packed in enumerate(contents.people)
        if not accepts.isdisjoint(packed.domains)
    )


def _packed(record: Record, addresses: Sequence[Address], snapshot: Snapshot, attribute_names: Sequence[str]) -> Packed:
    ruling = kinds.rule(record, hybrid=snapshot.hybrid)
    values: Mapping[str, Value | Unset] = {
        **{name: record.attributes.get(name, UNSET) for name in attribute_names},
        KIND: UNSET if ruling.kind is UNSET else ruling.kind.value,
    }
    return Packed(
        name=record.display_name or addresses[0],
        domains=sorted({domain_of(address) for address in addresses}),
        shared=ruling.kind in _WITHOUT_A_PERSON,
        values={
            name: list(value) if isinstance(value, frozenset) else value
            for name, value in values.items()
            if value is not UNSET and value is not None
        },
        unknown=[name for name, value in values.items() if value is UNSET],
    )


def _addresses(record: Record) -> list[Address]:
    if record.proxies is UNSET:
        return []
    addresses = (canonical(proxy.text) for proxy in record.proxies if proxy.role is not ProxyRole.OTHER)
    return [address for address in addresses if not isinstance(address, AddressFault)]


def _places(ids: frozenset[ExternalId] | Unset, place: Mapping[ExternalId, int]) -> list[int] | None:
    return None if ids is UNSET else sorted(place[object_id] for object_id in ids if object_id in place)


def _not_known(packed: Packed) -> dict[str, Value | Unset]:
    return dict.fromkeys(packed.unknown, UNSET)


def _value(value: Any) -> Value:
    return tuple(map(str, value)) if isinstance(value, list) else value
