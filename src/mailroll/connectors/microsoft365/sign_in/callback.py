"""What a browser brings back from Microsoft beside a code: a consent, or an error in our words.

Anybody can forge it: it is compared, never believed.
"""

from collections.abc import Mapping
from typing import Final

from mailroll.connectors.microsoft365.http.patience import Passing
from mailroll.connectors.microsoft365.settings import GUID
from mailroll.connectors.microsoft365.sign_in.aadsts import numbers_in, refused
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent, NotVerified

_DECLINED: Final = frozenset({65004})
_NOT_ADMINISTRATOR: Final = frozenset({90093, 90094, 90095, 90099})
_BAD_REQUEST: Final = 400


def refusal(query: Mapping[str, str]) -> MailrollError:
    """Return what an error that a browser brought back means. No word of its description is passed on."""
    body = {"error": query.get("error", ""), "error_description": query.get("error_description", "")}
    numbers = frozenset(numbers_in(body))
    if numbers & _NOT_ADMINISTRATOR:
        return not_administrator("")
    consent_errors = {"access_denied", "permission_denied", "consent_required"}
    if numbers & _DECLINED or (body["error"] in consent_errors and not numbers):
        return NeedsConsent(
            "declined",
            "The request was declined at Microsoft.",
            "Connect again, and press Accept; or let another administrator do it.",
        )
    fault = refused(_BAD_REQUEST, body, wait=None)
    return fault.error if isinstance(fault, Passing) else fault


def not_administrator(account: str) -> NotVerified:
    subject = f"You signed in as {account}. That account" if account else "The account that signed in"
    return NotVerified(
        "not_administrator",
        f"{subject} is not a Global Administrator or Privileged Role Administrator, and nobody else may accept for "
        "the whole tenant (AADSTS90094).",
        "Sign in with an administrator's account. A role that has to be activated first counts once it is active.",
    )


def check_consent(query: Mapping[str, str], tenant: str) -> None:
    """Check what the consent page sent back against the tenant that the sign-in proved; raises where they differ.

    An error comes with `admin_consent=True`, too, so it is looked for first.
    """
    if "error" in query:
        raise refusal(query)
    if query.get("admin_consent", "").lower() != "true":
        raise Broken("callback_malformed", "Microsoft did not say that consent was given.", "Start again.")
    reported_tenant = query.get("tenant", "").strip().lower()
    if not GUID.fullmatch(reported_tenant):
        raise NotVerified(
            "callback_tenant_missing",
            "Microsoft did not say for which tenant consent was given.",
            "Start again. If it happens again, the address you came back with was changed on its way.",
        )
    if reported_tenant != tenant:
        raise NotVerified(
            "callback_tenant_differs",
            "Consent was reported for another tenant than the one you signed in to.",
            "Start again, with one account all the way. Nobody can connect a tenant by changing an address.",
        )
