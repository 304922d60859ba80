"""An administrator signs in at Microsoft and consents: where to send the browser, and what came back with it.

Flow: authorization code with PKCE at `organizations`, which tells the tenant; then the admin consent page of that
tenant. What the consent page sends back can be forged by anybody: it is compared, never believed.
"""

import asyncio
import hashlib
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from mailroll.connectors.microsoft365.aadsts import numbers_in, refused
from mailroll.connectors.microsoft365.channel import Channel, Timeouts
from mailroll.connectors.microsoft365.clouds import Cloud
from mailroll.connectors.microsoft365.login import Carrier, json_object
from mailroll.connectors.microsoft365.patience import LATER, Clock, Passing, SystemClock
from mailroll.connectors.microsoft365.settings import GUID, Credential
from mailroll.connectors.microsoft365.signin_token import Expected, Person, SigningKeys, flawed, person
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent, NotVerified, Retry

__all__ = ["Person", "Registration", "SignIn", "SigningKeys", "authorize_url", "consent_url", "consented", "refusal"]

SCOPES: Final = ("openid", "profile")
"""Nothing but who it is. No offline_access: a refresh token that is not there cannot be stolen."""
TIMEOUTS: Final = Timeouts(connect=5.0, idle=10.0, total=20.0)
"""Seconds: a person waits in front of it."""
_ANY: Final = "organizations"
_DECLINED: Final = frozenset({65004})
_NOT_ADMINISTRATOR: Final = frozenset({90093, 90094, 90095, 90099})
_OTHER_DIRECTORY: Final = frozenset({50020, 16000, 16003, 51004, 90072})
_BAD_REQUEST: Final = 400


@dataclass(frozen=True, slots=True)
class Registration:
    """The application as Microsoft knows it, with the one address that it sends people back to."""

    client: str
    cloud: Cloud
    redirect_uri: str
    credential: Credential = field(repr=False)


def authorize_url(registration: Registration, *, state: str, nonce: str, verifier: str) -> str:
    """Return where to sign in. Which account is always asked: the one at hand is seldom the administrator's."""
    challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": registration.client,
        "response_type": "code",
        "response_mode": "query",
        "redirect_uri": registration.redirect_uri,
        "scope": " ".join(SCOPES),
        "state": state,
        "nonce": shown_nonce(nonce),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "prompt": "select_account",
    }
    return f"{registration.cloud.front}/{_ANY}/oauth2/v2.0/authorize?{urlencode(asked)}"


def consent_url(registration: Registration, *, tenant: str, account: str, state: str) -> str:
    """Return where an administrator of the tenant accepts all that the registration declares."""
    asked = {
        "client_id": registration.client,
        "redirect_uri": registration.redirect_uri,
        "scope": registration.cloud.scope,
        "state": state,
        **({"login_hint": account} if account else {}),
    }
    return f"{registration.cloud.front}/{tenant}/v2.0/adminconsent?{urlencode(asked)}"


def shown_nonce(nonce: str) -> str:
    """Return the nonce as it is sent: msal compares the hash, so that the kept one never leaves the server."""
    return hashlib.sha256(nonce.encode("ascii")).hexdigest()


def refusal(told: Mapping[str, str]) -> MailrollError:
    """Return what an error that a browser brought back means. No word of its description is passed on."""
    body = {"error": told.get("error", ""), "error_description": told.get("error_description", "")}
    numbers = frozenset(numbers_in(body))
    if numbers & _NOT_ADMINISTRATOR:
        return not_administrator("")
    if numbers & _OTHER_DIRECTORY:
        return NotVerified(
            "account_elsewhere",
            "The account that was used belongs to another tenant.",
            "Sign in with an administrator of the tenant that owns the domain.",
        )
    known = {"access_denied", "permission_denied", "consent_required"}
    if numbers & _DECLINED or (body["error"] in known and not numbers):
        return NeedsConsent(
            "declined",
            "The request was declined at Microsoft.",
            "Connect again, and press Accept; or let another administrator do it.",
        )
    fault = refused(_BAD_REQUEST, body, asked=None)
    return fault.error if isinstance(fault, Passing) else fault


def not_administrator(account: str) -> NotVerified:
    who = f"You signed in as {account}. That account" if account else "The account that signed in"
    return NotVerified(
        "not_administrator",
        f"{who} is not a Global Administrator or Privileged Role Administrator, and nobody else may accept for "
        "the whole tenant (AADSTS90094).",
        "Sign in with an administrator's account. A role that has to be activated first counts once it is active.",
    )


def consented(told: Mapping[str, str], tenant: str) -> None:
    """Check what the consent page sent back against the tenant that the sign-in proved; raises where they differ.

    An error comes with `admin_consent=True`, too, so it is looked for first.
    """
    if "error" in told:
        raise refusal(told)
    if told.get("admin_consent", "").lower() != "true":
        raise Broken("callback_malformed", "Microsoft did not say that consent was given.", "Start again.")
    named = told.get("tenant", "").strip().lower()
    if not GUID.fullmatch(named):
        raise NotVerified(
            "callback_tenant_missing",
            "Microsoft did not say for which tenant consent was given.",
            "Start again. If it happens again, the address you came back with was changed on its way.",
        )
    if named != tenant:
        raise NotVerified(
            "callback_tenant_differs",
            "Consent was reported for another tenant than the one you signed in to.",
            "Start again, with one account all the way. Nobody can connect a tenant by changing an address.",
        )


class SignIn:
    """Redeems what a browser brought back from the sign-in page."""

    def __init__(self, registration: Registration, keys: SigningKeys, channel: Channel, clock: Clock) -> None:
        self._registration = registration
        self._keys = keys
        self._authority = f"{registration.cloud.login}/{_ANY}"
        self._carrier = Carrier(channel, clock, self._authority)
        self._clock = clock

    @classmethod
    @asynccontextmanager
    async def open(
        cls, registration: Registration, keys: SigningKeys, *, clock: Clock | None = None
    ) -> AsyncIterator["SignIn"]:
        async with Channel.open(registration.cloud, TIMEOUTS) as channel:
            yield cls(registration, keys, channel, clock or SystemClock())

    async def redeem(self, code: str, *, nonce: str, verifier: str) -> Person:
        """Redeem a code, once: it is worthless afterwards, so nothing is tried again."""
        try:
            async with asyncio.timeout(TIMEOUTS.total):
                token = await asyncio.to_thread(self._ask, code, nonce, verifier)
                expected = Expected(self._registration.client, self._registration.cloud.login, shown_nonce(nonce))
                return await person(token, expected, self._keys, self._published, self._clock)
        except Passing as passing:
            raise passing.error from passing
        except TimeoutError as fault:
            raise Retry(
                "login_too_slow", "Microsoft did not answer in time.", "Try again in some minutes.", after=LATER
            ) from fault

    def _ask(self, code: str, nonce: str, verifier: str) -> str:
        """Run in a thread: msal is synchronous. What it keeps is thrown away with it."""
        flow = {
            "state": "-",  # ours was checked and spent before
            "nonce": nonce,
            "code_verifier": verifier,
            "redirect_uri": self._registration.redirect_uri,
            "scope": list(SCOPES),
        }
        try:
            app = self._carrier.application(self._registration.client, self._registration.credential)
            given = app.acquire_token_by_auth_code_flow(flow, {"state": "-", "code": code})
            token = given["id_token"]
        except (ValueError, KeyError, TypeError) as fault:
            raise self._carrier.malformed("is not what the protocol promises") from fault
        except RuntimeError as fault:  # how msal says that the nonce is another
            raise flawed("nonce", "it was made for another sign-in") from fault
        if not isinstance(token, str):
            raise self._carrier.malformed("has no id token")
        return token

    async def _published(self) -> Sequence[Mapping[str, Any]]:
        url = f"{self._authority}/discovery/v2.0/keys"
        keys = json_object(
            await self._carrier.send("the signing keys", "GET", url, {"Accept": "application/json"})
        ).get("keys")
        if not isinstance(keys, list):
            raise self._carrier.malformed("has no list of keys")
        return [each for each in keys if isinstance(each, dict)]
