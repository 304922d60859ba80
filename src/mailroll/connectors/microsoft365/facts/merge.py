"""An object as a listing would show it, from what it was and what a delta round told of it.

What Microsoft's pages promise of an entry ("user: delta", "group: delta", "orgContact: delta", section Response):

1. A property that changed has its new value, null included; one that did not has its old value, or with
   `Prefer: return=minimal` is left out. The overview promises less: "at least the properties that have been updated".
2. A property that was never set is left out, where a listing shows null, or an empty list.

So what is left out is as it was; and of an object that was not known it was never set.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args

import msgspec

from mailroll.connectors.microsoft365.facts.attributes import Detailed
from mailroll.connectors.microsoft365.facts.repair import read_loosely
from mailroll.connectors.microsoft365.facts.wire import GraphContact, GraphGroup
from mailroll.reconcile.model import ExternalId

MEMBERS: Final = "members@delta"
REMOVED: Final = "@removed"
_TYPE: Final = "@odata.type"  # only where it is a derived one
_NO_OBJECT: Final = "this is no JSON object"


def merged(raw: bytes | None, entry: bytes, properties: Iterable[str]) -> bytes:
    """Return an entry on top of what the object was; `properties` are those that a listing shows.

    Of a property that is an object what is left out stays as well: the pages above do not tell whether it comes whole.
    """
    listed_properties = (*properties, _TYPE)
    delta = parsed(entry)
    before = {name: _EMPTY.get(name) for name in listed_properties if name != _TYPE} if raw is None else parsed(raw)
    return written(_laid(before, {name: delta[name] for name in delta if name in listed_properties}))


def parsed(item: bytes) -> dict[str, Any]:
    """Read an object; raises `ValueError` where it is none."""
    try:
        document = msgspec.json.decode(item)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # A lone surrogate is for the decoder of objects to mend.
        try:
            document = read_loosely(item)
        except (ValueError, RecursionError) as fault:
            raise ValueError(_NO_OBJECT) from fault
    if not isinstance(document, dict):
        raise ValueError(_NO_OBJECT)  # noqa: TRY004 - as of all else that is no object
    return document


def written(item: Mapping[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(item)
    except UnicodeEncodeError:
        return json.dumps(item).encode()


def members(tenant: str, entries: Iterable[Mapping[str, Any]]) -> tuple[tuple[ExternalId, ...], tuple[ExternalId, ...]]:
    """Return who joined and who left, of the last word on each."""
    last = {str(entry["id"]).lower(): REMOVED in entry for entry in entries}
    joined, left = (
        [ExternalId(f"{tenant}:{name}") for name in last if last[name] is is_removed] for is_removed in (False, True)
    )
    return tuple(joined), tuple(left)


def _laid(before: Mapping[str, Any], delta: Mapping[str, Any]) -> dict[str, Any]:
    laid = dict(before)
    for name, value in delta.items():
        earlier = before.get(name)
        laid[name] = _laid(earlier, value) if isinstance(value, dict) and isinstance(earlier, dict) else value
    return laid


def _lists(kind: type[msgspec.Struct]) -> Iterable[str]:
    fields = msgspec.structs.fields(kind)
    return (
        field.encode_name
        for field in fields
        if any(getattr(argument, "__origin__", None) is list for argument in get_args(field.type))
    )


_EMPTY: Final[Mapping[str, list[Any]]] = {
    name: [] for kind in (Detailed, GraphGroup, GraphContact) for name in _lists(kind)
}
"""A listing shows lists that were never set as empty ones."""
