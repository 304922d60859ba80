"""What was deleted and can be restored: /directory/deletedItems."""

from mailroll_simulator.graph import options, paging, permissions, queries
from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.paging import Listed
from mailroll_simulator.graph.shapes import Shape
from mailroll_simulator.graph.wire import Page
from mailroll_simulator.schema import object_type


def users(call: Call) -> Page:
    call.need(permissions.USERS)
    return _deleted(call, "user", "users")


def groups(call: Call) -> Page:
    call.need(permissions.DELETED_GROUPS)
    return _deleted(call, "group", "groups")


def _deleted(call: Call, name: str, collection: str) -> Page:
    options.check(call.request, options.PLAIN_LIST)
    kind = object_type(name)
    names = queries.selected(call, kind)
    options.of_a_list(names, kind)
    items = Listed([one.item for one in call.tenant.deleted.values() if one.item.type_name == name])
    return paging.listing(call, items, Shape(kind, names), context=queries.projected(collection, names))
