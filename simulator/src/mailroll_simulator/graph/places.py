"""The routes below /places: rooms and room lists, which Exchange keeps and pages in a way of its own."""

import json
from collections.abc import Iterable, Sequence
from http import HTTPStatus

from mailroll_simulator.errors import GraphError, bad_request, no_exchange
from mailroll_simulator.graph import options, permissions, queries
from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.paging import limited
from mailroll_simulator.graph.shapes import Shape
from mailroll_simulator.graph.wire import Page
from mailroll_simulator.objects import DirectoryObject
from mailroll_simulator.schema import object_type
from mailroll_simulator.values import Json

_KNOWN = frozenset(("$select", "$top", "$skip", "$count"))


def rooms(call: Call) -> Page:
    return _places(call, "room", "places/microsoft.graph.room", call.tenant.rooms.values())


def room_lists(call: Call) -> Page:
    return _places(call, "roomList", "places/microsoft.graph.roomList", call.tenant.room_lists.values())


def rooms_of_list(call: Call) -> Page:
    """List the rooms of a list, which is named by its mail address (place-list)."""
    tenant, mail = call.tenant, call.arguments["mail"].lower()
    found = [room for room, of in tenant.rooms_in.items() if mail in of]
    collection = f"places('{mail}')/microsoft.graph.roomList/rooms"
    if mail not in tenant.room_lists:
        _check(call)
        raise GraphError(HTTPStatus.NOT_FOUND, "ErrorItemNotFound", "The specified object was not found in the store.")
    return _places(call, "room", collection, (tenant.rooms[room] for room in found))


def _places(call: Call, kind: str, collection: str, places: Iterable[dict[str, Json]]) -> Page:
    """Give one page: by $top and $skip, and without a link to the next one.

    That no nextLink comes, whatever is left, is told again and again (microsoft-graph-docs#6427, #9923, #18604,
    msgraph-sdk-powershell#2260). $filter works there too, and is not simulated.
    """
    _check(call)
    options.check(call.request, _KNOWN)
    names = options.selected(call.request, object_type(kind))
    shape = Shape(object_type(kind), names)
    every: Sequence[dict[str, Json]] = list(places)
    start = _skip(call)
    shown = every[start : start + limited(call, options.top(call.request))]
    here = f"{call.root}{call.request.path}"
    return Page(
        context=call.context(queries.projected(collection, names)),
        items=[shape.encode(DirectoryObject(str(place["id"]), place)) for place in shown],
        number=1,
        here=here,
        first=here,
        resume=lambda _: here,
        count=len(every) if call.request.option("$count") == "true" else None,
    )


def _check(call: Call) -> None:
    """Refuse as the service of places does: in words of its own (microsoft-graph-docs#5640)."""
    if not call.may(permissions.PLACES):
        roles = " ".join(sorted(call.bearer.roles))
        what = f"place.read.all permission is required to read company places, scopes/roles provided: {roles}"
        message = json.dumps({"code": "invalid_permissions", "message": f"{what} IsAppOnly:True"})
        raise GraphError(HTTPStatus.FORBIDDEN, "UnknownError", message)
    if not call.tenant.exchange:
        raise no_exchange()


def _skip(call: Call) -> int:
    given = call.request.option("$skip") or "0"
    if not (given.isascii() and given.isdigit()):
        raise bad_request(f"Invalid value '{given}' for $skip query option found. It must be a non-negative integer.")
    return int(given)
