"""The routes below /groups and /contacts."""

from collections.abc import Callable, Iterable

from mailroll_simulator import errors
from mailroll_simulator.graph import expand, members, options, permissions, queries, singles, users
from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.shapes import Shape
from mailroll_simulator.graph.wire import GraphResponse, Page
from mailroll_simulator.objects import DirectoryObject, Group
from mailroll_simulator.schema import object_type

_COLLECTIONS = {"user": "users", "group": "groups"}


def groups(call: Call) -> Page:
    call.need(permissions.GROUPS_BASIC)
    options.check(call.request, options.LIST | options.EXPANDED)
    kind = object_type("group")
    names = queries.selected(call, kind)
    options.of_a_list(names, kind)
    context = queries.projected("groups", names)
    return queries.ordered(call, call.tenant.groups, kind, expand.shape(call, names), context)


def count(call: Call) -> GraphResponse:
    call.need(permissions.GROUPS_BASIC)
    return users.counted(call, call.tenant.groups, "group")


def group(call: Call) -> GraphResponse:
    call.need(permissions.GROUPS_BASIC)
    options.check(call.request, options.ONE | options.EXPANDED)
    kind = object_type("group")
    names = options.selected(call.request, kind)
    found = found_group(call)
    unified = "Unified" in (found.properties.get("groupTypes") or ())  # type: ignore[operator]
    if names is not None and not kind.single.isdisjoint(names) and not unified:
        raise errors.no_mailbox()
    return singles.entity(
        call, f"{queries.projected('groups', names)}/$entity", expand.shape(call, names).values(found)
    )


def direct_members(call: Call) -> Page:
    call.need(permissions.MEMBERS)
    return members.mixed(call, list(members.direct(call, found_group(call))))


def direct_users(call: Call) -> Page:
    return _cast(call, members.direct, "user")


def direct_groups(call: Call) -> Page:
    return _cast(call, members.direct, "group")


def transitive_members(call: Call) -> Page:
    call.need(permissions.MEMBERS)
    return members.mixed(call, members.transitive(call, found_group(call)))


def transitive_users(call: Call) -> Page:
    return _cast(call, members.transitive, "user")


def transitive_groups(call: Call) -> Page:
    return _cast(call, members.transitive, "group")


def _cast(call: Call, reach: Callable[[Call, Group], Iterable[DirectoryObject]], kind: str) -> Page:
    call.need(permissions.MEMBERS)
    return members.cast(call, reach(call, found_group(call)), object_type(kind), _COLLECTIONS[kind])


def found_group(call: Call) -> Group:
    found = call.tenant.groups.get(call.arguments["id"])
    if found is None:
        raise errors.not_found(call.arguments["id"])
    return found


def contacts(call: Call) -> Page:
    call.need(permissions.CONTACTS)
    return queries.objects(call, call.tenant.contacts, object_type("orgContact"), "contacts")


def contact(call: Call) -> GraphResponse:
    call.need(permissions.CONTACTS)
    options.check(call.request, options.ONE)
    kind = object_type("orgContact")
    names = options.selected(call.request, kind)
    found = call.tenant.contacts.get(call.arguments["id"])
    if found is None:
        raise errors.not_found(call.arguments["id"])
    return singles.entity(call, f"{queries.projected('contacts', names)}/$entity", Shape(kind, names).values(found))
