"""How an object of the directory is written: by default, under a $select, or as one the app may not read."""

from collections.abc import Mapping
from functools import cache
from typing import Protocol

import msgspec

from mailroll_simulator.objects import DirectoryObject
from mailroll_simulator.schema import ObjectType, Property, object_type
from mailroll_simulator.values import Json

_NEVER = "0001-01-01T00:00:00Z"


class Writer(Protocol):
    """Writes an object as JSON."""

    def encode(self, item: DirectoryObject) -> bytes: ...


class Shape:
    """One kind of object with the properties to write.

    `sparse` leaves out what was never set, as delta rounds do. `typed` puts the kind in front; a derived kind (an agent
    among users) is named always, as OData demands of whatever is not of the declared type.
    Of an object that is not `readable` all but the id is null.
    """

    def __init__(
        self,
        kind: ObjectType,
        names: tuple[str, ...] | None = None,
        *,
        sparse: bool = False,
        typed: bool = False,
        readable: bool = True,
    ) -> None:
        self.kind = kind
        self.names = kind.default if names is None else names
        self.sparse = sparse
        self.typed = typed
        self.readable = readable
        self.key = (kind.name, self.names, sparse, typed, readable)
        self._unset = [(name, unset(name, kind.properties[name])) for name in self.names]

    def values(self, item: DirectoryObject) -> dict[str, Json]:
        has = item.properties
        named = item.derived_type or (self.kind.odata_type if self.typed else None)
        found: dict[str, Json] = {"@odata.type": named} if named else {}
        for name, nothing in self._unset:
            if name == "id":
                found["id"] = item.id
            elif not self.readable:
                found[name] = None
            elif (value := has.get(name)) is not None:
                found[name] = value
            elif not self.sparse or name in has:
                found[name] = nothing
        return found

    def encode(self, item: DirectoryObject) -> bytes:
        return msgspec.json.encode(self.values(item))


class Mixed:
    """Objects of several kinds, each written in the shape of its own."""

    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self._shapes = shapes

    def values(self, item: DirectoryObject) -> dict[str, Json]:
        return self._shapes[item.type_name].values(item)

    def encode(self, item: DirectoryObject) -> bytes:
        return self._shapes[item.type_name].encode(item)


def unset(name: str, declared: Property) -> Json:
    """Give what a property shows that was never set."""
    if declared.unset is not None or declared.nullable or name == "id":
        return declared.unset
    match declared.type:
        case "Edm.DateTimeOffset":
            return _NEVER
        case "Edm.Int32":
            return 0
        case "Edm.Boolean":
            return False
        case "Edm.String":
            return ""
        case _:
            return None


@cache
def directory_role() -> ObjectType:
    """Give the kind that memberships hold beside groups."""
    group = object_type("group").properties
    names = ("id", "deletedDateTime", "description", "displayName", "roleTemplateId")
    properties = {name: group.get(name, group["displayName"]) for name in names}
    return ObjectType("directoryRole", properties, names, frozenset())
