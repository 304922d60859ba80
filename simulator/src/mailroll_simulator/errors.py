"""Errors as Graph answers them."""

from collections.abc import Mapping
from http import HTTPStatus

from mailroll_simulator.values import Json

THROTTLE_SCOPE = "x-ms-throttle-scope"


class GraphError(Exception):
    """An answer other than success: status, code and message, with what else belongs to it."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        inner: Mapping[str, Json] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})
        self.inner = dict(inner or {})

    def scoped(self, scope: str) -> "GraphError":
        """Say in whose name it throttles, where it throttles: an error does not know who asked."""
        if THROTTLE_SCOPE in self.headers:
            self.headers[THROTTLE_SCOPE] = scope
        return self

    def body(self, *, date: str, request_id: str, client_request_id: str) -> dict[str, Json]:
        inner: dict[str, Json] = {
            **self.inner,
            "date": date,
            "request-id": request_id,
            "client-request-id": client_request_id,
        }
        return {"error": {"code": self.code, "message": self.message, "innerError": inner}}


def bad_request(message: str) -> GraphError:
    return GraphError(HTTPStatus.BAD_REQUEST, "BadRequest", message)


def unsupported_query(message: str) -> GraphError:
    return GraphError(HTTPStatus.BAD_REQUEST, "Request_UnsupportedQuery", message)


def unknown_property(name: str, kind: str) -> GraphError:
    return bad_request(
        f"Parsing OData Select and Expand failed: Could not find a property named '{name}' "
        f"on type 'microsoft.graph.{kind}'."
    )


def not_found(identifier: str) -> GraphError:
    return GraphError(
        HTTPStatus.NOT_FOUND,
        "Request_ResourceNotFound",
        f"Resource '{identifier}' does not exist or one of its queried reference-property objects are not present.",
    )


def unknown_segment(segment: str) -> GraphError:
    return bad_request(f"Resource not found for the segment '{segment}'.")


def denied() -> GraphError:
    return GraphError(
        HTTPStatus.FORBIDDEN,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
    )


def identity_not_found() -> GraphError:
    """Refuse an app that the directory does not know (yet): seen with 401 only (Azure/Microsoft365R#184)."""
    return GraphError(
        HTTPStatus.UNAUTHORIZED,
        "Authorization_IdentityNotFound",
        "The identity of the calling application could not be established.",
    )


def bad_token(message: str) -> GraphError:
    challenge = (
        'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", '
        'client_id="00000003-0000-0000-c000-000000000000"'
    )
    return GraphError(
        HTTPStatus.UNAUTHORIZED, "InvalidAuthenticationToken", message, headers={"WWW-Authenticate": challenge}
    )


def expired_page_token() -> GraphError:
    return GraphError(
        HTTPStatus.BAD_REQUEST,
        "Directory_ExpiredPageToken",
        "The specified page token value has expired and can no longer be included in your request.",
    )


def page_token_not_found() -> GraphError:
    """As for a token out of the answer to a retried request (concepts/paging, "Error handling")."""
    return GraphError(
        HTTPStatus.BAD_REQUEST, "DirectoryPageTokenNotFoundException", "The specified page token was not found."
    )


def page_token_not_valid() -> GraphError:
    return GraphError(HTTPStatus.BAD_REQUEST, "Request_BadRequest", "The page token is not valid.")


def no_mailbox() -> GraphError:
    return GraphError(
        HTTPStatus.NOT_FOUND,
        "MailboxNotEnabledForRESTAPI",
        "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
    )


def access_denied() -> GraphError:
    """As Exchange refuses: in its own words, whatever the cause.

    Seen where a policy keeps the app out, for mailboxes on premises with the permission granted
    (microsoft-graph-explorer-v4#1478), and without enough permission (microsoft-graph-docs#3289).
    """
    return GraphError(HTTPStatus.FORBIDDEN, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")


def no_exchange() -> GraphError:
    """As Exchange answers for a tenant that it does not know: one without any Exchange plan."""
    return GraphError(
        HTTPStatus.UNAUTHORIZED,
        "OrganizationFromTenantGuidNotFound",
        "The tenant for tenant guid does not exist.",
    )


def resync(location: str) -> GraphError:
    return GraphError(
        HTTPStatus.GONE,
        "resyncRequired",
        "Resync required. Replace any local items with the server's version.",
        headers={"Location": location},
    )
