"""Refusals of the sign-in service, sorted by what can be done about them.

Numbers: Microsoft Entra "authentication and authorization error codes" (identity-platform/reference-error-codes); those
that it lacks have their source beside them. Microsoft may change numbers and texts, and one OAuth `error` stands for
many causes: a number that is not listed is told as unknown, and only an answer without any is judged by its `error`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mailroll.connectors.microsoft365.http.channel import THROTTLED, TROUBLE
from mailroll.connectors.microsoft365.http.patience import LATER, Passing
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent, NotVerified, Retry


@dataclass(frozen=True, slots=True)
class RefusalKind:
    """A kind of refusal: the error it becomes, and the AADSTS numbers and OAuth errors that mean it, with blanks."""

    error: type[NeedsConsent | NotVerified | Broken | Retry]
    code: str
    message: str
    help: str
    numbers: str = ""
    oauth: str = ""


_CONSENT_AGAIN: Final = "Let an administrator of the tenant grant consent again, and wait a few minutes."
_TENANT_ID: Final = "Check the tenant ID, and that the connection names the cloud the tenant lives in."
_NEW_SECRET: Final = "Make a new client secret in the app registration and store it in the connection."  # noqa: S105
_LOOK_UP: Final = "Microsoft explains its numbers at https://login.microsoftonline.com/error. Report it if it stays."

REFUSALS: Final = (
    RefusalKind(
        Retry,
        "login_unavailable",
        "The sign-in service of Microsoft is busy or away.",
        "This passes by itself.",
        # 90006, 90090 and 90091: Graph's directory cannot be asked; 90012: a timeout. 50033 and 50087 are documented as
        # transient, although the latter speaks of signing out.
        "50033 50087 90006 90012 90024 90033 90055 90090 90091",
        oauth="temporarily_unavailable server_error",
    ),
    RefusalKind(
        NeedsConsent,
        "consent_missing",
        "The tenant has not consented to this application, or withdrew it.",
        _CONSENT_AGAIN,
        "65001 65004 90093 90094 90095 90099",
        oauth="consent_required access_denied interaction_required",
    ),
    RefusalKind(
        # "The service principal name is already present": two consents at once, or one soon after a removal, which
        # takes 5 to 15 minutes (veeam.com/kb4871). It comes with invalid_client (Microsoft Q&A 2337285).
        NeedsConsent,
        "consent_unfinished",
        "The tenant still holds an earlier entry of this application, so the consent could not be finished.",
        "Wait a quarter of an hour, then consent again.",
        "650051",
    ),
    RefusalKind(
        NeedsConsent,
        "app_not_in_tenant",
        "The application is not known in this tenant.",
        f"Check the application ID and the tenant ID. {_CONSENT_AGAIN}",
        "700016 7000229 700011 70001",
        oauth="unauthorized_client",
    ),
    RefusalKind(
        NeedsConsent,
        "app_disabled",
        "The application is disabled.",
        "Enable it: in the tenant under enterprise applications, or where it is registered.",
        "7000112",
    ),
    RefusalKind(
        NeedsConsent,
        "secret_wrong",
        "The client secret is not the right one.",
        f"Often the ID of the secret was copied and not its value. {_NEW_SECRET}",
        "7000215",
    ),
    RefusalKind(
        NeedsConsent,
        "secret_expired",
        "The client secret has expired.",
        _NEW_SECRET,
        "7000222",
    ),
    RefusalKind(
        NeedsConsent,
        "certificate_unknown",
        "The certificate of this connection is not one the application knows.",
        "Upload it in the app registration, and wait some minutes after an upload.",
        "700027 50012 50048",
    ),
    RefusalKind(
        # "Client assertion is not within its valid time range" (Azure/aks-set-context#101). This machine made it, and
        # makes those for every other tenant: no person at any of them can mend it, and once it is, all can be read.
        Broken,
        "clock_wrong",
        "The signed request is outside its time range.",
        "Set the clock of this machine.",
        "700024",
    ),
    RefusalKind(
        NeedsConsent,
        "credential_refused",
        "The application's credential was refused.",
        "Check that the registration is a confidential client, and renew its secret or certificate.",
        "7000218 700025",
        oauth="invalid_client",
    ),
    RefusalKind(
        NeedsConsent,
        "app_not_assigned",
        "The tenant demands an assignment, and the application has none.",
        'Assign it, or switch "assignment required" off under enterprise applications.',
        "50105",
    ),
    RefusalKind(
        NeedsConsent,
        "graph_not_in_tenant",
        "Microsoft Graph is not available to this application in the tenant.",
        "Add Microsoft Graph permissions to the registration and consent again.",
        "500011 65005 650052 650056 650057",
        oauth="invalid_resource",
    ),
    RefusalKind(
        NeedsConsent,
        "graph_disabled",
        "Microsoft Graph is switched off in the tenant, or a subscription of the tenant has lapsed.",
        "Let an administrator enable Microsoft Graph under enterprise applications, and look at the subscriptions.",
        "500014 50001 650054",
    ),
    RefusalKind(
        NeedsConsent,
        "conditional_access",
        "A Conditional Access policy of the tenant blocks this application.",
        "Let an administrator of the tenant except this application, or its addresses, from the policy.",
        "53000 53001 53002 53003 53004 530032 530034 530035 53010 53011 50072 50074 50076 50079 50158",
    ),
    RefusalKind(
        NeedsConsent,
        "tenant_restricted",
        "Tenant restrictions or a cross-tenant policy block this application.",
        "Let the administrators of the tenant and of this network allow it.",
        "500021 500022 500212 500213",
    ),
    RefusalKind(
        NotVerified,
        "tenant_not_found",
        "There is no such tenant in this cloud.",
        _TENANT_ID,
        "90002 50059 50128",
    ),
    RefusalKind(
        # "This resource is not available", of tenants that Microsoft decommissioned
        # (AzureAD/microsoft-authentication-library-for-dotnet#5251).
        NotVerified,
        "tenant_closed",
        "Microsoft says that this tenant is not available: it was closed.",
        "Ask its owner where its mailboxes are now, and connect that tenant.",
        "5000224",
    ),
    RefusalKind(
        # 900439: jgraph/drawio#1066. 700023: the audience of an assertion that a certificate signed is none of this
        # cloud's (AzureAD/microsoft-authentication-library-for-dotnet#2746).
        NotVerified,
        "wrong_cloud",
        "The tenant lives in another cloud of Microsoft's.",
        _TENANT_ID,
        "900382 90038 900432 900433 900439 700023",
    ),
    RefusalKind(
        NotVerified,
        "account_elsewhere",
        "The account that was used belongs to another tenant.",
        "Sign in with an administrator of the tenant that owns the domain.",
        "50020 16000 16003 51004 90072",
    ),
    RefusalKind(
        NotVerified,
        "account_refused",
        "Microsoft does not let this account sign in: it is disabled, or its password is wrong or expired.",
        "Sign in with another administrator's account.",
        "50034 50055 50057 50126",
    ),
    RefusalKind(
        NotVerified,
        "sign_in_spent",
        "This sign-in was used already, took too long, or was withdrawn.",
        "Start again.",
        "54005 501481 50173 70000 700005 70008 700082 70043",
    ),
    RefusalKind(
        Broken,
        "address_not_registered",
        "The registration does not list the address to which Microsoft was to send the browser back.",
        "Add the redirect URI to the registration, exactly as the page about connecting shows it.",
        "50011 500112 900971",
    ),
    RefusalKind(
        Broken,
        "app_single_tenant",
        "The registration is for its own tenant only.",
        "Let the registration accept accounts of any organization, or register the application in this tenant.",
        "50194",
    ),
    RefusalKind(
        Broken,
        "login_refused",
        "The sign-in service refused the request itself.",
        "This is a fault of this program or of the cloud's hosts as configured: report it with the numbers.",
        "70011 700022 28002 1002012 900144 90014 9002313 9001023 50196",
        oauth="invalid_request invalid_scope unsupported_grant_type",
    ),
    RefusalKind(
        Broken,
        "login_unknown",
        "The sign-in service refused for a reason that this version does not know.",
        _LOOK_UP,
    ),
)

_BY_NUMBER: Final = {int(number): refusal for refusal in REFUSALS for number in refusal.numbers.split()}
_BY_OAUTH: Final = {word: refusal for refusal in REFUSALS for word in refusal.oauth.split()}
_BUSY, _UNKNOWN = REFUSALS[0], REFUSALS[-1]
_TRACE: Final = re.compile(r"[0-9A-Fa-f-]{36}", re.ASCII)
_NUMBER: Final = re.compile(r"AADSTS([0-9]{4,8})", re.ASCII)


def refused(status: int, body: Mapping[str, Any], *, wait: float | None) -> MailrollError | Passing:
    """Return the error for an answer other than 200. `body` is {} where it was no JSON object.

    No word of the description is passed on: it holds line breaks, and may hold what was sent.
    """
    numbers = numbers_in(body)
    word = str(body.get("error", ""))
    kind = _BUSY if status == THROTTLED or status in TROUBLE else _kind(numbers, word)
    message = f"{kind.message}{_trail(numbers, body.get('trace_id'))}"
    if issubclass(kind.error, Retry):
        error = Retry(kind.code, message, kind.help, after=LATER)
        return Passing(error, wait=wait, throttled=status == THROTTLED)
    return kind.error(kind.code, message, kind.help)


def _kind(numbers: Sequence[int], word: str) -> RefusalKind:
    """Return the first number's that is known; where none is, `error` only tells whether it passes by itself."""
    kinds = [_BY_NUMBER[number] for number in numbers if number in _BY_NUMBER]
    if kinds:
        return kinds[0]
    by_word = _BY_OAUTH.get(word, _UNKNOWN)
    return by_word if by_word is _BUSY or not numbers else _UNKNOWN


def numbers_in(body: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the AADSTS numbers of an answer: those listed, then those in its text."""
    listed = body.get("error_codes")
    numbers = [number for number in listed if isinstance(number, int)] if isinstance(listed, list) else []
    text = body.get("error_description")
    if isinstance(text, str):
        numbers += [int(number) for number in _NUMBER.findall(text[:1000])]
    return tuple(dict.fromkeys(numbers))


def _trail(numbers: tuple[int, ...], trace: object) -> str:
    parts = [f"AADSTS{number}" for number in numbers[:3]]
    if isinstance(trace, str) and _TRACE.fullmatch(trace):
        parts.append(f"trace {trace}")
    return f" ({', '.join(parts)})" if parts else ""
