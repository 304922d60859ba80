"""An administrator signs in at Microsoft and consents: where to send the browser, and who came back with a code.

Flow: authorization code with PKCE at `organizations`, which tells the tenant; then the admin consent page of that
tenant.
"""

import asyncio
import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final, Self
from urllib.parse import urlencode

from mailroll.connectors.consent import SignedInPerson
from mailroll.connectors.microsoft365.http.channel import Channel, Timeouts
from mailroll.connectors.microsoft365.http.clouds import Cloud, cloud_of
from mailroll.connectors.microsoft365.http.patience import LATER, Passing, SystemClock, Timer
from mailroll.connectors.microsoft365.settings import Certificate, Credential, Secret
from mailroll.connectors.microsoft365.sign_in import callback
from mailroll.connectors.microsoft365.sign_in.login import Carrier, json_object
from mailroll.connectors.microsoft365.sign_in.signin_token import Expected, SigningKeys, flawed, person
from mailroll.reconcile.errors import BadInput, MailrollError, NotVerified, Retry

SCOPES: Final = ("openid", "profile")
"""Nothing but who it is. No offline_access: a refresh token that is not there cannot be stolen."""
TIMEOUTS: Final = Timeouts(connect=5.0, idle=10.0, total=20.0)
"""Seconds: a person waits in front of it."""
_ANY: Final = "organizations"


@dataclass(frozen=True, slots=True)
class Registration:
    """The application as Microsoft knows it, with the one address that it sends people back to."""

    client: str
    cloud: Cloud
    redirect_uri: str
    credential: Credential = field(repr=False)

    @classmethod
    def parse(cls, values: Mapping[str, str]) -> "Registration":
        hosts = {name: values[name] for name in ("login_url", "graph_url", "ca_file")}
        cloud, problems = cloud_of(values["cloud"], **hosts)
        if cloud is None:
            raise BadInput(
                "registration_malformed", " ".join(problems), "Whoever runs this installation mends its settings."
            )
        credential = (
            Secret(values["secret"])
            if "secret" in values
            else Certificate(values["certificate"], values["certificate_key"])
        )
        cloud = replace(cloud, pages=values["pages_url"])
        return cls(values["client_id"], cloud, values["redirect_uri"], credential)


class EntraSignIn:
    """The sign-in with one registration."""

    def __init__(self, registration: Registration, keys: SigningKeys, clock: Timer) -> None:
        self._registration = registration
        self._keys = keys
        self._authority = f"{registration.cloud.login}/{_ANY}"
        self._clock = clock

    @classmethod
    def parse(cls, registration: Mapping[str, str]) -> Self:
        app_registration = Registration.parse(registration)
        return cls(app_registration, _signing_keys(app_registration.cloud.login), SystemClock())

    def authorize_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """Return where to sign in. Which account is always asked: the one at hand is seldom the administrator's."""
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        parameters = {
            "client_id": self._registration.client,
            "response_type": "code",
            "response_mode": "query",
            "redirect_uri": self._registration.redirect_uri,
            "scope": " ".join(SCOPES),
            "state": state,
            "nonce": shown_nonce(nonce),
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "prompt": "select_account",
        }
        return f"{self._registration.cloud.front}/{_ANY}/oauth2/v2.0/authorize?{urlencode(parameters)}"

    def consent_url(self, *, tenant: str, account: str, state: str) -> str:
        """Return where an administrator of the tenant accepts all that the registration declares."""
        parameters = {
            "client_id": self._registration.client,
            "redirect_uri": self._registration.redirect_uri,
            "scope": self._registration.cloud.scope,
            "state": state,
            **({"login_hint": account} if account else {}),
        }
        return f"{self._registration.cloud.front}/{tenant}/v2.0/adminconsent?{urlencode(parameters)}"

    async def redeem(self, code: str, *, nonce: str, verifier: str) -> SignedInPerson:
        """Redeem a code, once: it is worthless afterwards, so nothing is tried again."""
        registration = self._registration
        try:
            async with asyncio.timeout(TIMEOUTS.total), Channel.open(registration.cloud, TIMEOUTS) as channel:
                carrier = Carrier(channel, self._clock, self._authority)
                token = await asyncio.to_thread(self._ask, carrier, code, nonce, verifier)
                expected = Expected(registration.client, registration.cloud.login, shown_nonce(nonce))
                return await person(token, expected, self._keys, lambda: self._published(carrier), self._clock)
        except Passing as passing:
            raise passing.error from passing
        except TimeoutError as fault:
            raise Retry(
                "login_too_slow", "Microsoft did not answer in time.", "Try again in some minutes.", after=LATER
            ) from fault

    def _ask(self, carrier: Carrier, code: str, nonce: str, verifier: str) -> str:
        """Run in a thread: msal is synchronous. What it keeps is thrown away with it."""
        flow = {
            "state": "-",  # ours was checked and spent before
            "nonce": nonce,
            "code_verifier": verifier,
            "redirect_uri": self._registration.redirect_uri,
            "scope": list(SCOPES),
        }
        try:
            app = carrier.application(self._registration.client, self._registration.credential)
            response = app.acquire_token_by_auth_code_flow(flow, {"state": "-", "code": code})
            token = response["id_token"]
        except (ValueError, KeyError, TypeError) as fault:
            raise carrier.malformed("is not what the protocol promises") from fault
        except RuntimeError as fault:  # how msal says that the nonce is another
            raise flawed("id_token_nonce", "It was made for another sign-in.") from fault
        if not isinstance(token, str):
            raise carrier.malformed("has no id token")
        return token

    async def _published(self, carrier: Carrier) -> Sequence[Mapping[str, Any]]:
        url = f"{self._authority}/discovery/v2.0/keys"
        answer = await carrier.send("the signing keys", "GET", url, {"Accept": "application/json"})
        keys = json_object(answer).get("keys")
        if not isinstance(keys, list):
            raise carrier.malformed("has no list of keys")
        return [key for key in keys if isinstance(key, dict)]

    @staticmethod
    def check_consent(query: Mapping[str, str], tenant: str) -> None:
        callback.check_consent(query, tenant)

    @staticmethod
    def refusal(query: Mapping[str, str]) -> MailrollError:
        return callback.refusal(query)

    @staticmethod
    def not_administrator(account: str) -> NotVerified:
        return callback.not_administrator(account)


def shown_nonce(nonce: str) -> str:
    """Return the nonce as it is sent: msal compares the hash, so that the kept one never leaves the server."""
    return hashlib.sha256(nonce.encode("ascii")).hexdigest()


@cache
def _signing_keys(login: str) -> SigningKeys:  # noqa: ARG001 - a set of keys for each sign-in host
    """Return the published keys of a sign-in host, shared by all requests of this process."""
    return SigningKeys(SystemClock())
