"""OData query options, checked as strictly as Graph checks them."""

from http import HTTPStatus
from urllib.parse import quote

from mailroll_simulator.errors import GraphError, bad_request, unknown_property, unsupported_query
from mailroll_simulator.graph.wire import GraphRequest
from mailroll_simulator.schema import ObjectType

LARGEST_PAGE = 999
_SAFE = "$,:/()'@*!"
_DEFAULT_PAGE = 100

LIST = frozenset(("$select", "$filter", "$search", "$top", "$orderby", "$count", "$skiptoken"))
PLAIN_LIST = frozenset(("$select", "$top", "$skiptoken"))
ONE = frozenset(("$select",))
EXPANDED = frozenset(("$expand",))
NONE = frozenset[str]()


def check(request: GraphRequest, known: frozenset[str]) -> None:
    """Refuse options that the route does not have, and any that is given twice."""
    names = [name for name, _ in request.query]
    for name in names:
        if name in known:
            continue
        if name in {"$skip", "$search", "$expand", "$filter", "$orderby", "$top", "$count"}:
            raise unsupported_query(f"The query option '{name}' is not supported by this resource.")
        raise bad_request(f"The query parameter '{name}' is not supported.")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise bad_request(
            f"Query option '{twice}' was specified more than once, but it must be specified at most once."
        )


def top(request: GraphRequest) -> int:
    given = request.option("$top")
    if given is None:
        return _DEFAULT_PAGE
    if not (given.lstrip("-").isascii() and given.lstrip("-").isdigit()):
        raise bad_request(f"Invalid value '{given}' for $top query option found. It must be a non-negative integer.")
    if not 1 <= int(given) <= LARGEST_PAGE:
        raise unsupported_query(
            f"Invalid page size specified: '{given}'. Must be between 1 and {LARGEST_PAGE} inclusive."
        )
    return int(given)


def selected(request: GraphRequest, kind: ObjectType) -> tuple[str, ...] | None:
    """Give the properties asked for, each once; None where $select is missing."""
    given = request.option("$select")
    if given is None:
        return None
    names = tuple(dict.fromkeys(name.strip() for name in given.split(",")))
    for name in names:
        if name not in kind.properties:
            raise unknown_property(name, kind.name)
    return names


def of_a_list(names: tuple[str, ...] | None, kind: ObjectType) -> None:
    """Refuse properties that only the answer about one object can hold."""
    if names is not None and not kind.single.isdisjoint(names):
        raise GraphError(HTTPStatus.NOT_IMPLEMENTED, "NotImplemented", "This operation target is not yet supported.")


def counted(request: GraphRequest) -> bool:
    """Whether a count is to be given: without the header `$count=true` is silently ignored."""
    given = request.option("$count")
    if given not in {None, "true", "false"}:
        raise bad_request(f"Invalid value '{given}' for $count query option found.")
    return given == "true" and request.advanced


def spelt(query: tuple[tuple[str, str], ...]) -> str:
    """Write a query string the way Graph's own links are written."""
    return "&".join(f"{quote(name, safe='$')}={quote(value, safe=_SAFE)}" for name, value in query)


def spelt_path(path: str) -> str:
    return quote(path, safe=_SAFE)
