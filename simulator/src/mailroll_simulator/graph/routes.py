"""The paths that this Graph knows, what answers them and what each costs in resource units."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from mailroll_simulator.errors import GraphError, bad_request, unknown_segment
from mailroll_simulator.graph import (
    batch,
    by_ids,
    company,
    deleted,
    delta,
    groups,
    member_groups,
    places,
    subscriptions,
    users,
)
from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.wire import GraphResponse, Page

Handler = Callable[[Call], Page | GraphResponse]

# The form in which a key can hold anything: /users('name@domain').
_KEYED = re.compile(r"(?P<collection>\w+)\('(?P<key>(?:[^']|'')*)'\)")
_DOLLARED = frozenset(("$batch", "$count"))
# SDKs write `graph.`, the alias that Graph's own metadata gives its namespace (Schema Alias="graph").
_NAMESPACES = ("microsoft.graph.", "graph.")
_FUNCTIONS = frozenset(("checkMemberGroups", "delta", "delta()", "getByIds", "getMemberGroups"))
_TYPES = frozenset(("group", "orgContact", "room", "roomlist", "user"))


@dataclass(frozen=True, slots=True)
class Route:
    """One path, its segments either literal or `{argument}`."""

    method: str
    pattern: str
    handler: Handler
    cost: int = 1
    cost_selected: int | None = None  # with $select, where that is another than one less

    @property
    def segments(self) -> list[str]:
        return self.pattern.split("/")[1:]

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """Give the arguments; None where the path is another of that length."""
        found: dict[str, str] = {}
        for mine, given in zip(self.segments, segments, strict=True):
            if mine.startswith("{"):
                if not given:
                    return None
                found[mine.strip("{}")] = given
            elif mine.lower() != given.lower():
                return None
        return found


# Literal paths stand before those with an argument in the same place.
ROUTES = (
    Route("GET", "/organization", company.organization),
    Route("GET", "/domains", company.domains),
    Route("GET", "/domains/{id}", company.domain),
    Route("GET", "/subscribedSkus", company.subscribed_skus, 3),
    Route("GET", "/places/microsoft.graph.room", places.rooms, 0),
    Route("GET", "/places/microsoft.graph.roomlist", places.room_lists, 0),
    Route("GET", "/places/{mail}/microsoft.graph.roomlist/rooms", places.rooms_of_list, 0),
    Route("GET", "/users", users.users, 2),
    Route("GET", "/users/$count", users.count),
    Route("GET", "/users/delta", delta.users, 2),
    Route("GET", "/users/{id}", users.user),
    Route("GET", "/users/{id}/mailboxSettings", users.mailbox_settings, 0),
    Route("GET", "/users/{id}/mailboxSettings/{property}", users.mailbox_setting, 0),
    Route("GET", "/users/{id}/memberOf", users.member_of, 2),
    Route("GET", "/users/{id}/transitiveMemberOf", users.transitive_member_of, 2),
    Route("POST", "/users/{id}/checkMemberGroups", member_groups.check, 4),
    Route("POST", "/users/{id}/getMemberGroups", member_groups.every, 2),
    Route("GET", "/groups", groups.groups),
    Route("GET", "/groups/$count", groups.count),
    Route("GET", "/groups/delta", delta.groups),
    Route("GET", "/groups/{id}", groups.group),
    Route("GET", "/groups/{id}/members", groups.direct_members, 3),
    Route("GET", "/groups/{id}/members/microsoft.graph.user", groups.direct_users, 3),
    Route("GET", "/groups/{id}/members/microsoft.graph.group", groups.direct_groups, 3),
    Route("GET", "/groups/{id}/transitiveMembers", groups.transitive_members, 5),
    Route("GET", "/groups/{id}/transitiveMembers/microsoft.graph.user", groups.transitive_users, 5),
    Route("GET", "/groups/{id}/transitiveMembers/microsoft.graph.group", groups.transitive_groups, 5),
    Route("GET", "/contacts", groups.contacts),
    Route("GET", "/contacts/delta", delta.contacts),
    Route("GET", "/contacts/{id}", groups.contact),
    Route("GET", "/directory/deletedItems/microsoft.graph.user", deleted.users),
    Route("GET", "/directory/deletedItems/microsoft.graph.group", deleted.groups),
    Route("POST", "/directoryObjects/getByIds", by_ids.by_ids, 5, 2),
    Route("POST", "/$batch", batch.batch, 0),
    Route("GET", "/subscriptions", subscriptions.subscriptions),
    Route("POST", "/subscriptions", subscriptions.subscribe),
    Route("GET", "/subscriptions/{id}", subscriptions.subscription),
    Route("PATCH", "/subscriptions/{id}", subscriptions.renew),
    Route("DELETE", "/subscriptions/{id}", subscriptions.delete),
    Route("POST", "/subscriptions/{id}/reauthorize", subscriptions.reauthorize),
)

_BY_LENGTH = {
    length: [route for route in ROUTES if len(route.segments) == length]
    for length in {len(route.segments) for route in ROUTES}
}


def plain(path: str) -> str:
    """Write a path in its one plain form: keys as segments, types with their namespace, functions without."""
    segments: list[str] = []
    for segment in path.split("/"):
        keyed = _KEYED.fullmatch(segment)
        if keyed:
            segments += [keyed["collection"], keyed["key"].replace("''", "'")]
        elif segment.startswith("$") and segment not in _DOLLARED:
            # A name that starts so is a key only in the other form.
            raise unknown_segment(segment)
        else:
            segments.append(_plain_name(segment))
    return "/".join(segments)


def _plain_name(segment: str) -> str:
    """Write a type with its whole namespace and a function without any; a key that only looks so stays."""
    for namespace in _NAMESPACES:
        name = segment.removeprefix(namespace)
        if name == segment:
            continue
        if name in _TYPES:
            return f"{_NAMESPACES[0]}{name}"
        if name in _FUNCTIONS:
            segment = name
    return "delta" if segment == "delta()" else segment


def find(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """Find what answers a plain path; a GraphError as Graph answers where nothing does."""
    segments = path.split("/")[1:]
    alike = _BY_LENGTH.get(len(segments), ())
    found = [(route, arguments) for route in alike if (arguments := route.match(segments)) is not None]
    for route, arguments in found:
        if route.method == method:
            return route, arguments
    if found:
        raise GraphError(
            HTTPStatus.METHOD_NOT_ALLOWED,
            "Request_BadRequest",
            f"Specified HTTP method is not allowed for the request target. The method is {method}.",
            headers={"Allow": ", ".join(sorted({route.method for route, _ in found}))},
        )
    raise _unknown(segments)


def _unknown(segments: list[str]) -> GraphError:
    if not segments or segments == [""]:
        return bad_request("The request holds no resource.")
    if segments[0] == "directory" and segments[-1] == "deletedItems":
        return bad_request(
            "The deleted items can be listed only by their kind, as in deletedItems/microsoft.graph.user."
        )
    for count in range(len(segments), 0, -1):
        if any(route.segments[:count] and _begins(route, segments[:count]) for route in ROUTES):
            return unknown_segment(segments[count] if count < len(segments) else segments[-1])
    return unknown_segment(segments[0])


def _begins(route: Route, segments: list[str]) -> bool:
    own = route.segments[: len(segments)]
    return len(own) == len(segments) and all(
        mine.startswith("{") or mine.lower() == given.lower() for mine, given in zip(own, segments, strict=True)
    )
