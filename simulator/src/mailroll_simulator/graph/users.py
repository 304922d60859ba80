"""The routes below /users."""

from http import HTTPStatus

from mailroll_simulator import errors
from mailroll_simulator.errors import GraphError
from mailroll_simulator.graph import members, options, paging, permissions, queries, singles
from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.wire import GraphResponse, Page
from mailroll_simulator.objects import User
from mailroll_simulator.schema import object_type
from mailroll_simulator.values import Json


def users(call: Call) -> Page:
    call.need(permissions.USERS_BASIC)
    return queries.objects(call, call.tenant.users, object_type("user"), "users")


def count(call: Call) -> GraphResponse:
    call.need(permissions.USERS)
    return counted(call, call.tenant.users, "user")


def counted(call: Call, source: paging.Source, kind: str) -> GraphResponse:
    options.check(call.request, frozenset(("$filter",)))
    if not call.request.advanced:
        raise GraphError(HTTPStatus.BAD_REQUEST, "Request_BadRequest", "$count is not currently supported.")
    return singles.number(paging.count(source, queries.where(call, object_type(kind))))


def user(call: Call) -> GraphResponse:
    call.need(permissions.USERS_BASIC)
    options.check(call.request, options.ONE)
    kind = object_type("user")
    names = queries.selected(call, kind)
    found = found_user(call)
    values = queries.shape(call, kind, names).values(found)
    if names is not None and "mailboxSettings" in names:
        values["mailboxSettings"] = settings_of(call, found)
    return singles.entity(call, f"{queries.projected('users', names)}/$entity", values)


def mailbox_settings(call: Call) -> GraphResponse:
    options.check(call.request, options.ONE)
    names = options.selected(call.request, object_type("mailboxSettings"))
    settings = settings_of(call, _mailbox_owner(call))
    shown = settings if names is None else {name: settings.get(name) for name in names}
    return singles.entity(call, f"{_path(call)}/mailboxSettings", shown)


def mailbox_setting(call: Call) -> GraphResponse:
    """Answer for one property of the settings: its bare value."""
    options.check(call.request, options.NONE)
    name = call.arguments["property"]
    if name not in object_type("mailboxSettings").properties:
        raise errors.unknown_segment(name)
    settings = settings_of(call, _mailbox_owner(call))
    return singles.entity(call, f"{_path(call)}/mailboxSettings/{name}", {"value": settings.get(name)})


def member_of(call: Call) -> Page:
    call.need(permissions.MEMBERSHIPS)
    return members.mixed(call, members.groups_and_roles(call, found_user(call)))


def transitive_member_of(call: Call) -> Page:
    call.need(permissions.MEMBERSHIPS)
    return members.mixed(call, members.transitive_groups_and_roles(call, found_user(call)))


def found_user(call: Call) -> User:
    key = call.arguments["id"]
    found = call.tenant.users.get(key) or (call.tenant.users.by_upn(key) if "@" in key else None)
    if found is None:
        raise errors.not_found(key)
    return found


def settings_of(call: Call, owner: User) -> dict[str, Json]:
    """Give the settings of the user's mailbox; a GraphError where there is none to be read.

    Exchange has the word here: it refuses with codes of its own, also an app without the permission.
    """
    if not call.tenant.exchange:
        raise errors.no_exchange()
    if owner.barred or owner.on_premises or not call.may(permissions.MAILBOX_SETTINGS):
        raise errors.access_denied()
    if owner.purpose is None and owner.text("userType") == "Guest":
        raise GraphError(HTTPStatus.NOT_FOUND, "ResourceNotFound", "Resource could not be discovered.")
    if owner.purpose is None:
        raise errors.no_mailbox()
    return {
        "archiveFolder": None,
        "timeZone": "GMT Standard Time",
        "delegateMeetingMessageDeliveryOptions": "sendToDelegateOnly",
        "dateFormat": "dd/MM/yyyy",
        "timeFormat": "HH:mm",
        "userPurpose": owner.purpose,
        "automaticRepliesSetting": {"status": "disabled", "externalAudience": "all"},
        "language": {"locale": "en-GB", "displayName": "English (United Kingdom)"},
        "workingHours": None,
    }


def _mailbox_owner(call: Call) -> User:
    if not call.may(permissions.MAILBOX_SETTINGS):
        raise errors.access_denied()
    key = call.arguments["id"]
    try:
        return found_user(call)
    except GraphError as error:
        raise GraphError(HTTPStatus.NOT_FOUND, "ErrorInvalidUser", f"The requested user '{key}' is invalid.") from error


def _path(call: Call) -> str:
    return f"users('{call.arguments['id']}')"
