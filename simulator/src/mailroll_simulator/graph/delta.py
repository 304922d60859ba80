"""Delta rounds over users, groups and contacts: first everything, later what has changed since.

From Microsoft's pages "Use delta query to track changes" (learn.microsoft.com/graph/delta-query-overview),
"user: delta", "group: delta" and "orgContact: delta":

- `$deltatoken=latest` gives no object and a deltaLink. All other options are part of the tokens and not given again.
- `$filter` takes ids alone, 50 at the most; `$top`, `$orderby` and `$expand` are not supported. `$select` says what is
  tracked; `id` always comes, and `members` of groups is selectable. That `$top` is refused and not overlooked is this
  simulator's choice, as the pages do not say.
- A token of a directory object holds for seven days. Where the service lost it, it answers 410 with a Location that has
  an empty token; an expired one gets "a 40X-series error", here the same.
- What changed is told "with varying delays": here after as long as a new object takes to come in listings.
"""

import re

import msgspec

from mailroll_simulator import errors
from mailroll_simulator.errors import bad_request, denied, unknown_property, unsupported_query
from mailroll_simulator.graph import options, permissions
from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.delta_rounds import Asked, Round
from mailroll_simulator.graph.marks import Mark, unseal
from mailroll_simulator.graph.wire import GraphRequest, Page
from mailroll_simulator.schema import ObjectType, object_type

_KNOWN = frozenset(("$select", "$filter", "$skiptoken", "$deltatoken"))
_LIFE = 7 * 24 * 3600
_MOST_IDS = 50
_ONE_ID = r"id\s+eq\s+'[^']+'"
_IDS = re.compile(rf"\s*{_ONE_ID}(?:\s+or\s+{_ONE_ID})*\s*")
_RELATIONS = {"user": "manager", "group": "members"}


def users(call: Call) -> Page:
    call.need(permissions.USERS_BASIC)
    return _round(call, object_type("user"), "users").page(call.tenant.users)


def groups(call: Call) -> Page:
    call.need(permissions.GROUPS_BASIC)
    return _round(call, object_type("group"), "groups").page(call.tenant.groups)


def contacts(call: Call) -> Page:
    call.need(permissions.CONTACTS)
    return _round(call, object_type("orgContact"), "contacts").page(call.tenant.contacts)


def _round(call: Call, kind: ObjectType, collection: str) -> Round:
    """Find out which round is meant: one going on, one after another, or a first one."""
    request = call.request
    options.check(request, _KNOWN)
    given = request.option("$skiptoken") or request.option("$deltatoken")
    tenant = call.tenant
    if given and given != "latest":
        if len(request.query) > 1:
            raise bad_request("The options of a delta query are in its token and cannot be given again.")
        mark = _read(call, given)
        return Round(call, kind, collection, msgspec.json.decode(mark.query, type=Asked), mark)
    named = _named(request)
    asked = Asked(_selected(call, kind, named), _ids(request.option("$filter")), named)
    mark = Mark(
        "skip",
        tenant.id,
        request.path,
        call.world.clock.timestamp(),
        msgspec.json.encode(asked).decode(),
        since=_told(call) if given == "latest" else None,
        until=_told(call),
        epoch=tenant.delta_epoch,
    )
    return Round(call, kind, collection, asked, mark)


def _read(call: Call, text: str) -> Mark:
    mark = unseal(text)
    kind = "skip" if call.request.option("$skiptoken") else "delta"
    if mark is None or (mark.kind, mark.tenant, mark.path) != (kind, call.tenant.id, call.request.path):
        raise bad_request("Badly formed token.")
    if mark.epoch != call.tenant.delta_epoch or call.world.clock.timestamp() - mark.issued > _LIFE:
        raise errors.resync(f"{call.request.path}?$deltatoken=")
    if mark.kind == "delta":
        return msgspec.structs.replace(mark, since=mark.until, until=max(mark.until, _told(call)))
    return mark


def _told(call: Call) -> int:
    """Give the position up to which changes are told by now."""
    if not call.tenant.late:
        return len(call.tenant.changes.entries)  # whatever the clock does
    return call.tenant.changes.position(call.world.clock.timestamp() - call.tenant.late)


def _named(request: GraphRequest) -> tuple[str, ...] | None:
    given = request.option("$select")
    return None if given is None else tuple(dict.fromkeys(name.strip() for name in given.split(",")))


def _selected(call: Call, kind: ObjectType, named: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if named is None:
        return None
    names = tuple(dict.fromkeys(("id", *named)))
    relation = _RELATIONS.get(kind.name)
    for name in names:
        if name not in kind.properties and name != relation:
            raise unknown_property(name, kind.name)
    options.of_a_list(names, kind)
    if kind.name == "user" and not call.may(permissions.USERS) and not permissions.BASIC_USER.issuperset(names):
        raise denied()
    return names


def _ids(text: str | None) -> frozenset[str] | None:
    if text is None:
        return None
    if not _IDS.fullmatch(text):
        raise unsupported_query("A delta query can be filtered only by ids, as in: id eq 'a' or id eq 'b'.")
    found = frozenset(one.lower() for one in re.findall(r"'([^']+)'", text))
    if len(found) > _MOST_IDS:
        raise unsupported_query(f"A delta query can be filtered by {_MOST_IDS} ids at most.")
    return found
