"""Listings that hold objects of several kinds: members of groups, and what somebody is a member of."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from uuid import NAMESPACE_URL, uuid5

from mailroll_simulator.errors import unknown_property, unsupported_query
from mailroll_simulator.graph import options, permissions, queries
from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.paging import Listed, listing
from mailroll_simulator.graph.shapes import Mixed, Shape, directory_role
from mailroll_simulator.graph.wire import Page
from mailroll_simulator.objects import DirectoryObject, Group, Role, User
from mailroll_simulator.schema import ObjectType, object_type
from mailroll_simulator.values import Json

_MIXED_LIST = frozenset(("$select", "$top", "$count", "$skiptoken"))


class DirectoryRole(DirectoryObject):
    """An activated directory role, as memberships show it."""

    @classmethod
    def of(cls, role: Role, tenant_id: str) -> "DirectoryRole":
        properties: dict[str, Json] = {
            "description": f"Holders of the role {role.label}.",
            "displayName": role.label,
            "roleTemplateId": role.value,
        }
        return cls(str(uuid5(NAMESPACE_URL, f"{tenant_id}/{role.value}")), properties)

    @property
    def type_name(self) -> str:
        return "directoryRole"


def mixed(call: Call, items: Sequence[DirectoryObject]) -> Page:
    """List objects of several kinds; of those that the app may not read, only kind and id."""
    options.check(call.request, _MIXED_LIST)
    names, shapes = shapes_of(call)
    return listing(call, Listed(items), Mixed(shapes), context=queries.projected("directoryObjects", names))


def cast(call: Call, items: Iterable[DirectoryObject], kind: ObjectType, collection: str) -> Page:
    """List only the objects of one kind, as far as Graph does so without its eventual index."""
    options.check(call.request, options.LIST)
    found = Listed([item for item in items if item.type_name == kind.name])
    if not queries.advanced(call):
        _check_plain_cast(call, found, kind)
    names = options.selected(call.request, kind)
    options.of_a_list(names, kind)
    shape = Shape(kind, names, readable=call.may(permissions.BY_KIND[kind.name]))
    return queries.ordered(call, found, kind, shape, queries.projected(collection, names))


def _check_plain_cast(call: Call, found: Listed, kind: ObjectType) -> None:
    """Refuse a cast that does not ask for the eventual index, wherever it was seen refused.

    1. With $filter or $orderby (concepts/aad-advanced-queries).
    2. Where a group has no member of the kind, as one that cannot hold any: "an OData cast that represents an
       unsupported member type returns a 400 Bad Request" (group-list-transitivemembers), and groups without a nested
       one (microsoft-graph-docs-contrib#1517, microsoft-graph-docs#11881). Users were seen to be an empty list there.
    3. On page two: a nextLink carries no header (microsoft-graph-docs-contrib#1801).
    """
    if any(call.request.option(name) for name in ("$filter", "$orderby")):
        raise unsupported_query(
            "An OData cast with $filter or $orderby needs the header 'ConsistencyLevel: eventual' and '$count=true'."
        )
    if call.request.option("$skiptoken") is not None or (kind.name != "user" and not found.size):
        raise unsupported_query("Invalid search request.")


def shapes_of(call: Call) -> tuple[tuple[str, ...] | None, dict[str, Shape]]:
    """Give $select and the shape of each kind under it: a kind shows those of the properties that it has."""
    kinds = (object_type("user"), object_type("group"), object_type("orgContact"), directory_role())
    given = call.request.option("$select")
    names = None if given is None else tuple(dict.fromkeys(name.strip() for name in given.split(",")))
    for name in names or ():
        if not any(name in kind.properties for kind in kinds):
            raise unknown_property(name, "directoryObject")
    for kind in kinds:
        options.of_a_list(names, kind)
    return names, {
        kind.name: Shape(
            kind,
            None if names is None else tuple(name for name in names if name in kind.properties),
            typed=True,
            readable=call.may(permissions.BY_KIND[kind.name]),
        )
        for kind in kinds
    }


def direct(call: Call, group: Group) -> Iterator[DirectoryObject]:
    """Give the live members of a group; a hidden membership needs a permission of its own."""
    if group.text("visibility") == "HiddenMembership" and not call.may(permissions.HIDDEN_MEMBERS):
        return
    for identifier in group.members:
        found = call.tenant.find(identifier)
        if found is not None:
            yield found


def transitive(call: Call, group: Group) -> list[DirectoryObject]:
    """Give direct and nested members, each once; groups that hold each other end nothing in a loop."""
    seen: dict[str, DirectoryObject] = {}
    waiting = deque([group])
    while waiting:
        for member in direct(call, waiting.popleft()):
            if member.id not in seen:
                seen[member.id] = member
                if isinstance(member, Group):
                    waiting.append(member)
    return list(seen.values())


def groups_and_roles(call: Call, member: User) -> list[DirectoryObject]:
    return [*call.tenant.groups_of(member.id), *_roles(call, member)]


def transitive_groups_and_roles(call: Call, member: User) -> list[DirectoryObject]:
    seen: dict[str, DirectoryObject] = {}
    waiting = deque([member.id])
    while waiting:
        for group in call.tenant.groups_of(waiting.popleft()):
            if group.id not in seen:
                seen[group.id] = group
                waiting.append(group.id)
    return [*seen.values(), *_roles(call, member)]


def _roles(call: Call, member: User) -> list[DirectoryObject]:
    return [DirectoryRole.of(role, call.tenant.id) for role in member.roles]
