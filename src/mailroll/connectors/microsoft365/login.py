"""Signing in as the application: Microsoft's own library makes the requests, our channel carries them."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any, Final

import msal

from mailroll.connectors.microsoft365.carrier import Carrier, credential_for, malformed, sent
from mailroll.connectors.microsoft365.channel import Answer, Channel
from mailroll.connectors.microsoft365.patience import Clock, Patience
from mailroll.connectors.microsoft365.settings import Settings

_MARGIN: Final = 300.0
"""Seconds before its end at which a token is no longer used: a page may take that long, tries included."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]+", re.ASCII)  # RFC 6750 section 2.1


class Login:
    """Keeps one token. It is opaque: only Graph reads it, so a wrong tenant shows in `/organization` alone."""

    def __init__(self, settings: Settings, channel: Channel, patience: Patience, clock: Clock) -> None:
        self._settings = settings
        self._channel = channel
        self._patience = patience
        self._clock = clock
        self._turn = asyncio.Lock()
        self._app: msal.ConfidentialClientApplication | None = None
        self._token = ""
        self._good_until = 0.0

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
        carrier = Carrier(self.carry)
        try:
            given = await asyncio.to_thread(self._ask, carrier, claims)
            token, lifetime = given["access_token"], float(given["expires_in"])
        except (ValueError, KeyError, TypeError) as fault:  # how msal meets an answer that is none
            raise malformed() from fault
        if not isinstance(token, str) or not _TOKEN.fullmatch(token) or lifetime <= 0:
            raise malformed()
        self._token = token
        self._good_until = self._clock.monotonic() + max(lifetime - _MARGIN, lifetime / 2)

    def _ask(self, carrier: Carrier, claims: str | None) -> Mapping[str, Any]:
        """Run in a thread: msal is synchronous. Failures are raised by the carrier, so msal never stores one."""
        cloud = self._settings.cloud
        if self._app is None:
            self._app = msal.ConfidentialClientApplication(
                self._settings.client,
                client_credential=credential_for(self._settings.credential),
                authority=f"{cloud.login}/{self._settings.tenant}",
                instance_discovery=False,  # else it asks a host of the global cloud about every other one
                azure_region=False,  # else an environment variable chooses the host
                http_client=carrier,
            )
        self._app.http_client.http_client = carrier
        self._app.remove_tokens_for_client()
        return self._app.acquire_token_for_client([cloud.scope], claims_challenge=claims)

    async def carry(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """Send what msal wants sent, but to the sign-in host and the tenant of this connection only."""
        cloud, home = self._settings.cloud, f"/{self._settings.tenant}/"
        return await sent(self._channel, cloud.login, home, self._clock, method, url, headers, body)
