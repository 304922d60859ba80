"""POST checkMemberGroups and getMemberGroups of a user: ids of the groups that hold them, nested or not."""

from http import HTTPStatus

from mailroll_simulator.errors import GraphError, bad_request
from mailroll_simulator.graph import members, options, permissions
from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.json_bodies import json_object
from mailroll_simulator.graph.users import found_user
from mailroll_simulator.graph.wire import GraphResponse
from mailroll_simulator.objects import Group

_MOST_CHECKED, _MOST_GIVEN = 20, 11_000


def check(call: Call) -> GraphResponse:
    """Give those of the groups asked about that hold the user."""
    asked = _body(call, "groupIds")
    if not isinstance(asked, list) or not all(isinstance(one, str) for one in asked):
        raise bad_request("The parameter 'groupIds' must be a collection of identifiers.")
    if not 1 <= len(asked) <= _MOST_CHECKED:
        raise GraphError(
            HTTPStatus.BAD_REQUEST, "Request_BadRequest", f"1 to {_MOST_CHECKED} groups can be checked at once."
        )
    wanted = {one.lower() for one in asked}
    return _ids(call, [group.id for group in _groups(call) if group.id.lower() in wanted])


def every(call: Call) -> GraphResponse:
    """Give all groups that hold the user, or only those for security."""
    security = _body(call, "securityEnabledOnly")
    if not isinstance(security, bool):
        raise bad_request("The parameter 'securityEnabledOnly' must be a boolean.")
    found = [group.id for group in _groups(call) if not security or group.properties.get("securityEnabled")]
    if len(found) > _MOST_GIVEN:
        raise GraphError(
            HTTPStatus.BAD_REQUEST,
            "Directory_ResultSizeLimitExceeded",
            "The result size limit of this request is exceeded.",
        )
    return _ids(call, found)


def _body(call: Call, name: str) -> object:
    """Give the one parameter of the body."""
    call.need(permissions.MEMBERSHIPS)
    options.check(call.request, options.NONE)
    body = json_object(call.request)
    unknown = body.keys() - {name}
    if unknown:
        raise bad_request(f"The parameter '{min(unknown)}' in the request payload is not a valid parameter.")
    return body.get(name)


def _groups(call: Call) -> list[Group]:
    found = members.transitive_groups_and_roles(call, found_user(call))
    return [one for one in found if isinstance(one, Group)]


def _ids(call: Call, found: list[str]) -> GraphResponse:
    return GraphResponse.of({"@odata.context": call.context("Collection(Edm.String)"), "value": found})
