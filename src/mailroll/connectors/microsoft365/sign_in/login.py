"""Signing in as the application: Microsoft's own library makes the requests, our channel carries them.

They go to the sign-in host alone, and there below the path of one tenant.
"""

import asyncio
import json
import re
import sys
from collections.abc import Coroutine, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final, cast
from urllib.parse import urlencode

import msal
from yarl import URL

from mailroll.connectors.microsoft365.http.channel import OK, REDIRECTS, Channel, HttpAnswer, malformed
from mailroll.connectors.microsoft365.http.patience import Patience, Timer, wait_asked
from mailroll.connectors.microsoft365.settings import ConnectionSettings, Credential, Secret
from mailroll.connectors.microsoft365.sign_in.aadsts import refused
from mailroll.connectors.microsoft365.sign_in.token_cache import KeptToken, KeptTokens
from mailroll.reconcile.errors import Broken

_MARGIN: Final = 300.0
"""Seconds before its end at which a token is no longer used: a page may take that long, tries included."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]+", re.ASCII)  # RFC 6750 section 2.1

# With each application that it makes msal looks for this package on all paths, and Python keeps no note that there is
# none; that took a fifth of signing in. None in its place ends the search (docs.python.org/3/reference/import.html).
cast("dict[str, ModuleType | None]", sys.modules).setdefault("msal_extensions", None)


@dataclass(frozen=True, slots=True)
class MsalReply:
    """An answer in the shape that msal reads."""

    status_code: int
    text: str
    headers: Mapping[str, str]

    def raise_for_status(self) -> None:
        """Do nothing: whatever is not 200 was raised before."""


class Carrier:
    """An HTTP client as msal wants it, for use in a thread: the loop that waits for the thread does the sending."""

    def __init__(self, channel: Channel, clock: Timer, authority: str) -> None:
        self._channel = channel
        self._clock = clock
        self._authority = authority
        self._call = "the sign-in"
        self._loop = asyncio.get_running_loop()

    def application(self, client: str, credential: Credential) -> msal.ConfidentialClientApplication:
        return msal.ConfidentialClientApplication(
            client,
            client_credential=credential.value
            if isinstance(credential, Secret)
            else {"private_key": credential.key, "public_certificate": credential.certificate},
            authority=self._authority,
            instance_discovery=False,  # else it asks a host of the global cloud about every other one
            azure_region=False,  # else an environment variable chooses the host
            http_client=self,
        )

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, **_: object) -> MsalReply:
        return self._run(self.send("the sign-in configuration", "GET", url, headers or {}))

    def post(
        self, url: str, *, headers: Mapping[str, str] | None = None, data: Mapping[str, str], **_: object
    ) -> MsalReply:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._run(self.send("a token", "POST", url, {**(headers or {}), **form}, urlencode(data).encode()))

    def close(self) -> None:
        """Do nothing: the session belongs to whoever opened it."""

    async def send(
        self, call: str, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> HttpAnswer:
        """Return an answer of status 200 with a JSON object in it; what leads elsewhere is not sent."""
        target, authority = URL(url), URL(self._authority)
        if target.origin() != authority.origin() or not target.path.lower().startswith(f"{authority.path}/"):
            raise Broken(
                "link_to_other_host",
                "The sign-in service named an address that is not on the sign-in host of this connection.",
                "No credential was sent there. Check the sign-in URL of the connection.",
            )
        self._call = f"the request for {call}"
        answer = await self._channel.send(method, target, call=self._call, headers=headers, body=body)
        if answer.status in REDIRECTS:
            raise Broken("redirect_refused", "The sign-in service wanted to redirect.", "No proxy may change answers.")
        content = json_object(answer)
        if answer.status != OK:
            wait = wait_asked(answer.headers, now=self._clock.time())
            raise refused(answer.status, content, wait=wait)
        if not content or "error" in content:
            raise self.malformed("is not JSON as the protocol promises")
        return answer

    def malformed(self, flaw: str) -> Broken:
        """Return the error for the last answer that came."""
        return malformed(self._call, flaw)

    def _run(self, sending: Coroutine[Any, Any, HttpAnswer]) -> MsalReply:
        try:
            answer = asyncio.run_coroutine_threadsafe(sending, self._loop).result()
        except CancelledError as fault:
            raise self.malformed("was broken off") from fault
        return MsalReply(answer.status, answer.body.decode(), {})


class Login:
    """Keeps one token. It is opaque: only Graph reads it, so a wrong tenant shows in `/organization` alone.

    `tokens`: where one of an earlier reading may be, and this one's is left for the next.
    """

    def __init__(
        self,
        settings: ConnectionSettings,
        channel: Channel,
        patience: Patience,
        clock: Timer,
        tokens: KeptTokens | None = None,
    ) -> None:
        self._settings = settings
        self._kept = tokens
        self._carrier = Carrier(channel, clock, f"{settings.cloud.login}/{settings.tenant}")
        self._patience = patience
        self._clock = clock
        self._turn = asyncio.Lock()
        self._app: msal.ConfidentialClientApplication | None = None
        kept_token = None if tokens is None else tokens.take(settings)
        self._token, self._good_until = ("", 0.0) if kept_token is None else (kept_token.value, kept_token.good_until)
        self._is_own = kept_token is None

    @property
    def is_kept(self) -> bool:
        """Whether the token at hand is of an earlier reading: it may be of before what was granted since."""
        return not self._is_own

    def forget(self) -> None:
        """Leave the next reading to sign in anew: something was refused under this token."""
        if self._kept is not None:
            self._kept.drop(self._settings)

    async def token(self) -> str:
        """Return a token that is good for some minutes yet."""
        async with self._turn:
            if not self._token or self._clock.monotonic() >= self._good_until:
                await self._patience.insist(lambda: self._fetch(None))
            return self._token

    async def renew(self, claims: str | None = None) -> str:
        """Return a new token in any case: the one at hand keeps the roles of its day. `claims` answer a challenge."""
        async with self._turn:
            await self._patience.insist(lambda: self._fetch(claims))
            return self._token

    async def _fetch(self, claims: str | None) -> None:
        self._token = ""
        self.forget()
        try:
            response = await asyncio.to_thread(self._ask, claims)
            token, lifetime = response["access_token"], float(response["expires_in"])
        except (ValueError, KeyError, TypeError) as fault:  # how msal meets an answer that is none
            raise self._carrier.malformed("is not what the protocol promises") from fault
        if not isinstance(token, str) or not _TOKEN.fullmatch(token) or lifetime <= 0:
            raise self._carrier.malformed("has no token that can be used")
        self._token = token
        self._good_until = self._clock.monotonic() + max(lifetime - _MARGIN, lifetime / 2)
        self._is_own = True
        if self._kept is not None and claims is None:  # one that answers a challenge is for this reading alone
            self._kept.keep(self._settings, KeptToken(token, self._good_until))

    def _ask(self, claims: str | None) -> Mapping[str, Any]:
        """Run in a thread: msal is synchronous. Failures are raised by the carrier, so msal never stores one."""
        if self._app is None:
            self._app = self._carrier.application(self._settings.client, self._settings.credential)
        self._app.remove_tokens_for_client()
        return self._app.acquire_token_for_client([self._settings.cloud.scope], claims_challenge=claims)


def json_object(answer: HttpAnswer) -> dict[str, Any]:
    try:
        content = json.loads(answer.body.decode()) if answer.is_json else {}
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
