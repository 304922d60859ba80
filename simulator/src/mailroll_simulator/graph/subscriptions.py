"""The routes below /subscriptions: being told of changes of users and groups.

As of "subscription resource type" (api-reference/v1.0/resources/subscription) and its methods; other resources that
Graph would tell of are refused here. What refusals look like: 400 ValidationError and InvalidRequest
(splunk/azure-functions-splunk#26, microsoftgraph/nodejs-webhooks-sample#350, microsoft-graph-docs#4819), 403 and 409
ExtensionError (msgraph-sdk-dotnet#365, msgraph-sdk-go#596; 409 for the same resource and kinds of change:
microsoft-graph-docs-contrib#8573).
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import quote_plus, urlsplit

from mailroll_simulator.errors import GraphError, bad_request
from mailroll_simulator.graph import options, permissions
from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.json_bodies import json_object
from mailroll_simulator.graph.wire import GraphResponse
from mailroll_simulator.internet import Unreachable
from mailroll_simulator.notices import NoticeSubscription
from mailroll_simulator.values import guid

# Least and most minutes of users and groups (concepts/includes/change-notifications-subscription-lifetime).
_LEAST, _MOST = timedelta(minutes=45), timedelta(minutes=41_760)
# An application within a tenant, and all of them (resources/change-notifications-api-overview).
_BY_APP, _BY_TENANT = 100, 1_000
_STATE_MAX: Final = 128
_VALIDATED_WITHIN: Final = 10.0
_KINDS_OF_CHANGE: Final = frozenset(("updated", "deleted"))
_KNOWN: Final = frozenset(
    "changeType notificationUrl lifecycleNotificationUrl resource expirationDateTime clientState "
    "latestSupportedTlsVersion includeResourceData".split()
)
_PERMISSIONS: Final = {
    "users": permissions.USERS,
    # GroupMember.Read.All is not among those that the page names (api/subscription-post-subscriptions).
    "groups": permissions.DELETED_GROUPS,
}


def subscribe(call: Call) -> GraphResponse:
    """Make one, once both addresses have shown that they want it.

    1. Read the body, strictly.
    2. Refuse what the application may not read, what there is already, and too many.
    3. Ask both addresses; that takes a while, and others are answered meanwhile.
    """
    options.check(call.request, options.NONE)
    if call.request.inner:
        raise _invalid("Subscriptions are not made in a batch here.")
    body = json_object(call.request)
    made = _read(call, body)
    _refuse(call, made)

    def finish() -> GraphResponse:
        for url in dict.fromkeys(filter(None, (made.url, made.lifecycle_url))):
            _validate(call, url)
        with call.tenant.lock:
            _refuse(call, made)
            made.position = len(call.tenant.changes.entries)
            call.world.notices.subscriptions[made.id] = made
        return _written(call, made, HTTPStatus.CREATED, shows_state=True)

    return GraphResponse(HTTPStatus.CREATED, later=finish)


def subscriptions(call: Call) -> GraphResponse:
    options.check(call.request, options.NONE)
    found = [one for one in _living(call) if call.may(_PERMISSIONS[one.resource])]
    context = call.context("subscriptions")
    return GraphResponse.of({"@odata.context": context, "value": [one.as_json() for one in found]})


def subscription(call: Call) -> GraphResponse:
    return _written(call, _named(call), HTTPStatus.OK)


def renew(call: Call) -> GraphResponse:
    """Set when it ends; that authorizes it anew, too (concepts/change-notifications-lifecycle-events)."""
    one, body = _named(call), json_object(call.request)
    call.need(_PERMISSIONS[one.resource])
    if unknown := body.keys() - {"expirationDateTime", "notificationUrl"}:
        raise _invalid(f"The property '{min(unknown)}' cannot be changed.")
    one.expires_at = _end(call, body)
    return _written(call, one, HTTPStatus.OK)


def reauthorize(call: Call) -> GraphResponse:
    call.need(_PERMISSIONS[_named(call).resource])
    return GraphResponse(HTTPStatus.NO_CONTENT)


def delete(call: Call) -> GraphResponse:
    one = _named(call)
    with call.world.notices.lock:
        call.world.notices.subscriptions.pop(one.id, None)
    return GraphResponse(HTTPStatus.NO_CONTENT)


def _read(call: Call, body: Mapping[str, object]) -> NoticeSubscription:
    if unknown := body.keys() - _KNOWN:
        raise bad_request(f"The property '{min(unknown)}' does not exist on type 'microsoft.graph.subscription'.")
    resource = _text(body, "resource").strip("/").lower()
    if resource not in _PERMISSIONS:
        raise _invalid(f"Resource '{resource}' is not simulated here; users and groups are.")
    kinds = tuple(kind.strip() for kind in _text(body, "changeType").split(","))
    if wrong := [kind for kind in kinds if kind not in _KINDS_OF_CHANGE]:
        raise _invalid(f"Invalid 'changeType' attribute: '{wrong[0]}'.")
    state = _text(body, "clientState", optional=True)
    if len(state) > _STATE_MAX:
        raise _invalid(f"'clientState' is longer than {_STATE_MAX} characters.")
    urls = [_text(body, "notificationUrl"), _text(body, "lifecycleNotificationUrl", optional=True)]
    for url in filter(None, urls):
        if urlsplit(url).scheme != "https":
            raise _invalid("The notification URL must be HTTPS.")
    return NoticeSubscription(
        id=guid(call.chance),
        tenant=call.tenant,
        client_id=call.bearer.client_id,
        creator_id=call.tenant.principals[call.bearer.client_id].id,
        resource=resource,
        change_types=kinds,
        url=urls[0],
        lifecycle_url=urls[1],
        client_state=state,
        expires_at=_end(call, body),
        position=0,
    )


def _refuse(call: Call, made: NoticeSubscription) -> None:
    """Refuse what may not be, in the words in which the service behind Graph does."""
    if not call.may(_PERMISSIONS[made.resource]):
        raise _extension(HTTPStatus.FORBIDDEN, "Forbidden", "")
    own, every = _living(call), call.world.notices.living(call.tenant)
    if any((one.resource, set(one.change_types)) == (made.resource, set(made.change_types)) for one in own):
        twin = next(one for one in own if one.resource == made.resource)
        what = f"Subscription Id {twin.id} already exists for the requested combination"
        raise _extension(HTTPStatus.CONFLICT, "Conflict", what)
    if len(own) >= _BY_APP or len(every) >= _BY_TENANT:
        raise _extension(HTTPStatus.FORBIDDEN, "Forbidden", "Number of subscriptions has exceeded its limit")


def _validate(call: Call, url: str) -> None:
    """Have an address say a token back (concepts/change-notifications-delivery-webhooks)."""
    token = f"Validation: Testing client application reachability for subscription Request-Id: {guid(call.chance)}"
    mark = "&" if "?" in url else "?"
    try:
        reply = call.world.notices.internet.post(
            f"{url}{mark}validationToken={quote_plus(token)}",
            b"",
            "text/plain; charset=utf-8",
            within=_VALIDATED_WITHIN,
        )
    except Unreachable as error:
        if error.late:
            raise _invalid("Subscription validation request timed out.") from error
        raise _unvalidated() from error
    plain = reply.content_type.partition(";")[0].strip().lower() == "text/plain"
    if reply.status != HTTPStatus.OK or not plain or reply.body != token.encode():
        raise _unvalidated()


def _named(call: Call) -> NoticeSubscription:
    identity = call.arguments["id"].lower()
    found = next((one for one in _living(call) if one.id == identity), None)
    if found is None:
        raise GraphError(HTTPStatus.NOT_FOUND, "ResourceNotFound", "The object was not found.")
    return found


def _living(call: Call) -> list[NoticeSubscription]:
    return call.world.notices.living(call.tenant, call.bearer.client_id)


def _end(call: Call, body: Mapping[str, object]) -> datetime:
    now = call.world.clock.now()
    try:
        wanted = datetime.fromisoformat(_text(body, "expirationDateTime"))
    except ValueError as error:
        raise _invalid("'expirationDateTime' is not a time.") from error
    wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)
    if wanted <= now or wanted - now > _MOST:
        raise _invalid("Subscription expiration can only be 41760 minutes in the future.")
    return max(wanted, now + _LEAST)


def _text(body: Mapping[str, object], name: str, *, optional: bool = False) -> str:
    value = body.get(name)
    if value is None and optional:
        return ""
    if not isinstance(value, str) or not value:
        raise _invalid(f"'{name}' is missing or empty.")
    return value


def _written(call: Call, one: NoticeSubscription, status: int, *, shows_state: bool = False) -> GraphResponse:
    context = call.context("subscriptions/$entity")
    return GraphResponse.of({"@odata.context": context} | one.as_json(shows_state=shows_state), status)


def _invalid(message: str) -> GraphError:
    return GraphError(HTTPStatus.BAD_REQUEST, "InvalidRequest", message)


def _unvalidated() -> GraphError:
    return GraphError(
        HTTPStatus.BAD_REQUEST,
        "ValidationError",
        "Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.",
    )


def _extension(status: int, name: str, reason: str) -> GraphError:
    return GraphError(
        status, "ExtensionError", f"Operation: Create; Exception: [Status Code: {name}; Reason: {reason}]"
    )
