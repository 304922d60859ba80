"""POST /directoryObjects/getByIds: objects of several kinds by their ids, as many as there still are."""

import re
from http import HTTPStatus

from mailroll_simulator.errors import GraphError, bad_request, denied
from mailroll_simulator.graph import options, permissions, queries
from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.json_bodies import json_object
from mailroll_simulator.graph.members import shapes_of
from mailroll_simulator.graph.wire import Page

_MOST = 1000
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_KINDS = {"user": "user", "group": "group", "contact": "orgContact", "orgContact": "orgContact"}
_OTHER_TYPES = frozenset("directoryObject device servicePrincipal application directoryRole administrativeUnit".split())


def by_ids(call: Call) -> Page:
    """Answer in any order, leaving out what is not there.

    1. Read ids and types, strictly.
    2. Refuse where the app may read none of the types.
    3. Find the live objects of these types, shuffle them, and write those not readable as kind and id.
    """
    options.check(call.request, options.ONE)
    body = json_object(call.request)
    unknown = body.keys() - {"ids", "types"}
    if unknown:
        raise bad_request(f"The parameter '{min(unknown)}' in the request payload is not a valid parameter.")
    ids, kinds = _ids(body.get("ids")), _kinds(body.get("types"))
    if not any(call.may(permissions.BY_KIND[kind]) for kind in kinds):
        raise denied()
    names, shapes = shapes_of(call)
    found = [item for identifier in ids if (item := call.tenant.find(identifier)) and item.type_name in kinds]
    call.chance.shuffle(found)
    link = call.root + call.request.path
    return Page(
        context=call.context(queries.projected("directoryObjects", names)),
        items=[shapes[item.type_name].encode(item) for item in found],
        number=1,
        here=link,
        first=link,
        resume=lambda _: link,
    )


def _ids(given: object) -> list[str]:
    if not isinstance(given, list) or not given or not all(isinstance(one, str) for one in given):
        raise _refused("The parameter 'ids' must be a collection of one or more identifiers.")
    if len(given) > _MOST:
        raise _refused(f"Too many identifiers were specified: {len(given)}. The most is {_MOST}.")
    wrong = next((one for one in given if not _GUID.fullmatch(one)), None)
    if wrong is not None:
        raise _refused(f"Invalid GUID:{wrong}")
    return list(dict.fromkeys(one.lower() for one in given))


def _kinds(given: object) -> frozenset[str]:
    if given is None:
        return frozenset(_KINDS.values())
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise _refused("The parameter 'types' must be a collection of resource types.")
    wrong = next((one for one in given if one not in _KINDS and one not in _OTHER_TYPES), None)
    if wrong is not None:
        raise _refused(f"The specified type '{wrong}' is not a resource type of the directory.")
    if not given or "directoryObject" in given:
        return frozenset(_KINDS.values())
    return frozenset(_KINDS[one] for one in given if one in _KINDS)


def _refused(message: str) -> GraphError:
    return GraphError(HTTPStatus.BAD_REQUEST, "Request_BadRequest", message)
