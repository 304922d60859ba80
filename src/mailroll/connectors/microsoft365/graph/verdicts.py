"""What an answer of Graph that is not 200 becomes, by status and outer code; its texts are ignored, they change.

Codes: Microsoft Graph "error responses" (concepts/errors) and "throttling guidance" (concepts/throttling).
"""

import base64
import binascii
import json
import re
from typing import Final

from mailroll.connectors.base import NoMailboxes
from mailroll.connectors.microsoft365.graph.permissions import fix_for, permission_for
from mailroll.connectors.microsoft365.http.channel import REDIRECTS, HttpAnswer
from mailroll.connectors.microsoft365.http.patience import LATER, Passing, wait_asked
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent, NotVerified, Retry

PERMISSION_MISSING: Final = "permission_missing"
THROTTLED: Final = "throttled"
NO_EXCHANGE: Final = "OrganizationFromTenantGuidNotFound"
"""What Exchange answers with 401 about a tenant without it (python-o365#757, msgraph-sdk-dotnet#1920)."""
_WRONG_CLOUD: Final = b"InvalidCloudInstance"
"""Beside the code InvalidAuthenticationToken: the token is one of another cloud."""
_CODE: Final = re.compile(r"[A-Za-z0-9_.]{1,64}", re.ASCII)
_CLAIMS: Final = re.compile(r'claims="([A-Za-z0-9+/_=-]{1,8192})"', re.ASCII)
_TRANSIENT: Final = frozenset({408, 409, 423, 500, 502, 503, 504, 507, 509})
"""A question changes nothing: a conflict, a lock or a full store is somebody else's doing, and passes."""
APPLICATION_PAUSE_MOST: Final = 3_600.0
"""Seconds that an application pauses in all tenants at the most, whatever an answer says: nobody's list shall be old
for days for one header. Then it is asked again; a person can do so at any time."""
_REPORT: Final = "If this comes again, report it with the request's id."


_LOST_TOKEN: Final = frozenset({"directory_expiredpagetoken", "directorypagetokennotfoundexception"})
"""Stale, and out of the answer to a retried request (concepts/paging, "Error handling"). In lower case."""
_LOST_CHANGES: Final = frozenset({"resyncrequired", "syncstatenotfound"})
"""What an expired delta token is answered with, by "a 40X-series error" (concepts/delta-query-overview, "Token
duration"; concepts/errors has the first). Seen written as SyncStateNotFound, too (microsoft-graph-docs#2350)."""
_BAD_REQUEST: Final = frozenset({"Request_BadRequest", "BadRequest", "UnknownError", ""})
"""A link is sent as it came, so what is wrong with it is its token; seen: Request_BadRequest, "The page token is not
valid", and no code at all, "Invalid Skip Token" (microsoft-graph-docs#8612)."""


class Expired(Retry):
    """The link of the next page holds no longer: the reading has to begin again."""


class NoSuchObject(Broken):
    """The directory itself says that it has no such object."""


def verdict(answer: HttpAnswer, path: str, *, now: float, is_link: bool = False) -> MailrollError | Passing:
    """Return the error for an answer. `path` below the version tells which permission a refusal is about.

    `is_link`: what was asked for is the next page as an answer named it.
    """
    code = error_code(answer.body)
    quoted = f" with {code}" if code else ""
    match answer.status:
        case 401:
            return _unauthorized(answer, code)
        case 403:
            return _forbidden(answer, path, code)
        case 429:
            message = "Microsoft Graph asks for a pause"
            cure = "Automatic sync goes on by itself once the pause is over; else try again then."
            wait = wait_asked(answer.headers, now=now)
            if wait is not None and is_of_application(answer):
                wait = min(wait, APPLICATION_PAUSE_MOST)
            return Passing(Retry(THROTTLED, f"{message}{answer.trail}.", cure, after=LATER), wait=wait, throttled=True)
        case status if _lost_its_place(status, code, is_link=is_link):
            return Expired(
                "reading_expired",
                f"Microsoft Graph lost its place in a listing again and again{answer.trail}.",
                "The next reading begins anew, by itself.",
                after=LATER,
            )
        case status if status in _TRANSIENT:
            busy = Retry(
                "graph_unavailable",
                f"Microsoft Graph answers {status} again and again{answer.trail}.",
                "This passes by itself.",
                after=LATER,
            )
            return Passing(busy, wait=wait_asked(answer.headers, now=now))
        case 404 if code == "Request_ResourceNotFound":
            return NoSuchObject("object_absent", f"The directory has no such object{answer.trail}.")
        case status if status in REDIRECTS:
            return Broken(
                "redirect_refused",
                "Microsoft Graph wanted to redirect, which it never does by itself.",
                "Nothing was sent there. Look for a proxy or a sign-in page in between.",
            )
        case status:
            return Broken("graph_refused", f"Microsoft Graph answered {status}{quoted}{answer.trail}.", _REPORT)


def _lost_its_place(status: int, code: str, *, is_link: bool) -> bool:
    """Whether Graph no longer knows where a listing was, so that it has to begin again."""
    if status in {400, 404, 410} and code.lower() in _LOST_TOKEN:
        return True
    if is_link and 400 <= status < 500 and code.lower() in _LOST_CHANGES:  # noqa: PLR2004 - HTTP's own
        return True
    return is_link and (status == 410 or (status == 400 and code in _BAD_REQUEST))  # noqa: PLR2004 - HTTP's own


def permission_missing(name: str, trail: str = "") -> NeedsConsent:
    return NeedsConsent(
        PERMISSION_MISSING,
        f"The permission {name} is missing{trail}.",
        fix_for(name),
    )


def no_exchange(trail: str = "") -> NoMailboxes:
    return NoMailboxes(
        "no_exchange",
        f"Exchange Online does not know this tenant{trail}.",
        "Where the tenant has no plan with Exchange Online, there is nothing to do; else ask Microsoft's support.",
    )


def error_code(body: bytes) -> str:
    """Return the outer code of an error body, or "" where there is none: gateways send HTML or nothing."""
    try:
        error = json.loads(body.decode())["error"]["code"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return error if isinstance(error, str) and _CODE.fullmatch(error) else ""


def challenge(answer: HttpAnswer) -> str | None:
    """Return the claims that a new token must carry, where the answer demands some (claims challenge)."""
    for value in answer.headers.getall("WWW-Authenticate", ()):
        match = _CLAIMS.search(value)
        if match is None:
            continue
        try:
            padded = match.group(1) + "=" * (-len(match.group(1)) % 4)
            claims = base64.b64decode(padded.replace("-", "+").replace("_", "/"), validate=True).decode()
            if isinstance(json.loads(claims), dict):
                return claims
        except (binascii.Error, ValueError, RecursionError):
            continue
    return None


def _unauthorized(answer: HttpAnswer, code: str) -> MailrollError:
    if code == "Authorization_IdentityNotFound":
        # The token is fresh, so the sign-in service knows the application, and Graph's directory lags behind a consent:
        # seen for half a minute to several minutes (Azure/Microsoft365R#184, microsoftgraph/msgraph-sdk-php#230). Where
        # the application was removed or disabled, the sign-in service says so itself before long.
        return Retry(
            "consent_spreading",
            f"Microsoft Graph does not know this application in the tenant yet{answer.trail}.",
            "After a consent this takes some minutes and passes by itself. If it stays so, consent again.",
            after=LATER,
        )
    if code == NO_EXCHANGE:
        return no_exchange(answer.trail)
    if _WRONG_CLOUD in answer.body:
        return NotVerified(
            "wrong_cloud",
            f"The tenant lives in another cloud of Microsoft's{answer.trail}.",
            "Check that the connection names the cloud the tenant lives in.",
        )
    if challenge(answer) is not None:
        return _conditional(answer)
    return NeedsConsent(
        "token_refused",
        f"Microsoft Graph refuses this application's token, a fresh one too{answer.trail}.",
        "Check that the application is enabled in the tenant, and consent again.",
    )


def _forbidden(answer: HttpAnswer, path: str, code: str) -> NeedsConsent:
    if challenge(answer) is not None or "insufficient_claims" in answer.headers.get("WWW-Authenticate", ""):
        return _conditional(answer)
    if code == "Authorization_IdentityNotFound":
        return NeedsConsent(
            "consent_missing",
            f"Microsoft Graph does not know this application in the tenant{answer.trail}.",
            "If consent was just granted, wait some minutes; else let an administrator grant it.",
        )
    return permission_missing(permission_for(path), answer.trail)


def _conditional(answer: HttpAnswer) -> NeedsConsent:
    return NeedsConsent(
        "conditional_access",
        f"A Conditional Access policy of the tenant blocks this application{answer.trail}.",
        "Let an administrator of the tenant except this application, or its addresses, from the policy.",
    )


def is_of_application(answer: HttpAnswer) -> bool:
    """Whether an application is to pause in all tenants (throttling-limits, "Throttled responses requests")."""
    return answer.headers.get("x-ms-throttle-scope", "").startswith("Application/")
