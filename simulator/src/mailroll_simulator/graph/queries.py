"""Listings of directory objects with $select, $filter, $search, $orderby and $count."""

from collections.abc import Callable

from mailroll_simulator.errors import GraphError, bad_request, denied, unsupported_query
from mailroll_simulator.graph import filters, options, paging, search
from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.filter_rules import ORDERS
from mailroll_simulator.graph.paging import Source
from mailroll_simulator.graph.permissions import BASIC_USER, SIGN_INS, USERS
from mailroll_simulator.graph.shapes import Shape, Writer
from mailroll_simulator.graph.wire import Page
from mailroll_simulator.objects import DirectoryObject
from mailroll_simulator.schema import ObjectType

_ORDER_PARTS = 2


def objects(call: Call, source: Source, kind: ObjectType, collection: str) -> Page:
    """List objects of one kind."""
    options.check(call.request, options.LIST)
    names = selected(call, kind)
    options.of_a_list(names, kind)
    return ordered(call, source, kind, shape(call, kind, names), projected(collection, names))


def shape(call: Call, kind: ObjectType, names: tuple[str, ...] | None) -> Shape:
    """Give how objects are written; by default, users show no more than the app's permissions open."""
    if names is None and kind.name == "user" and not call.may(USERS):
        return Shape(kind, tuple(name for name in kind.default if name in BASIC_USER))
    return Shape(kind, names)


def selected(call: Call, kind: ObjectType) -> tuple[str, ...] | None:
    """Read $select; refuse properties of users that the app's permissions do not show."""
    names = options.selected(call.request, kind)
    if kind.name != "user" or names is None:
        return names
    if "signInActivity" in names and not call.may(SIGN_INS):
        raise denied()
    if not call.may(USERS) and not BASIC_USER.issuperset(names):
        raise denied()
    return names


def projected(collection: str, names: tuple[str, ...] | None) -> str:
    """Give the collection as the context names it: with what was selected."""
    return collection if names is None else f"{collection}({','.join(names)})"


def ordered(call: Call, source: Source, kind: ObjectType, writer: Writer, context: str) -> Page:
    test = where(call, kind)
    order, descending = _order(call, kind)
    if order is not None and test is not None and not advanced(call):
        raise _header_missing("$orderby together with $filter")
    return paging.listing(call, source, writer, context=context, test=test, order=order, descending=descending)


def where(call: Call, kind: ObjectType) -> Callable[[DirectoryObject], bool] | None:
    """Read $filter and $search; refuse what only the advanced engine answers where that was not asked for."""
    text = call.request.option("$filter")
    searched = _searched(call, kind)
    if text is None:
        return searched
    found = filters.parse(text, kind)
    if found.advanced is not None and not advanced(call):
        raise _header_missing(f"'{found.advanced}' in $filter")
    if searched is None:
        return found.test
    return lambda item: searched(item) and found.test(item)


def _searched(call: Call, kind: ObjectType) -> Callable[[DirectoryObject], bool] | None:
    text = call.request.option("$search")
    if text is None:
        return None
    if not call.request.advanced:
        raise unsupported_query("$search is supported only with the header 'ConsistencyLevel: eventual'.")
    return search.parse(text, kind)


def advanced(call: Call) -> bool:
    return call.request.advanced and (call.request.option("$count") == "true" or call.request.path.endswith("/$count"))


def _header_missing(what: str) -> GraphError:
    return unsupported_query(
        f"{what} is supported only with the header 'ConsistencyLevel: eventual' and the query option '$count=true'."
    )


def _order(call: Call, kind: ObjectType) -> tuple[Callable[[DirectoryObject], str] | None, bool]:
    text = call.request.option("$orderby")
    if text is None:
        return None, False
    parts = text.split()
    if not 1 <= len(parts) <= _ORDER_PARTS or parts[1:] not in ([], ["asc"], ["desc"]):
        raise bad_request(f"Syntax error in '{text}' of $orderby.")
    name = parts[0]
    if name not in kind.properties:
        raise bad_request(f"Could not find a property named '{name}' on type 'microsoft.graph.{kind.name}'.")
    if name not in ORDERS[kind.name]:
        raise unsupported_query(f"Sorting by '{name}' is not supported for resource '{kind.name.capitalize()}'.")
    return lambda item: item.text(name).casefold(), parts[1:] == ["desc"]
