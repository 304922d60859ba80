"""Asks Graph, and can do nothing but ask: GET, and the two POSTs that read: objects by id, and GETs in a batch."""

import json
import uuid
from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

from yarl import URL

from mailroll.connectors.microsoft365.channel import OK, Answer, Channel
from mailroll.connectors.microsoft365.login import Login
from mailroll.connectors.microsoft365.patience import Clock, Patience
from mailroll.connectors.microsoft365.pin import Pin
from mailroll.connectors.microsoft365.verdicts import challenge, verdict
from mailroll.reconcile.errors import Broken

BATCH_MAX: Final = 20
"""Questions that one batch may hold."""
_UNAUTHORIZED: Final = 401
_VERSION: Final = "/v1.0/"
_NOTHING: Final[Mapping[str, str]] = {}
_COUNTING: Final[Mapping[str, str]] = {"ConsistencyLevel": "eventual"}


class Transport:
    """Every method returns a whole answer of status 200 with JSON in it, or raises one of the core's errors."""

    def __init__(
        self, graph: str, channel: Channel, login: Login, *, patience: Patience, clock: Clock, chance: Random
    ) -> None:
        self._pin = Pin(graph)
        self._channel = channel
        self._login = login
        self._patience = patience
        self._clock = clock
        self._chance = chance

    async def get(self, path: str) -> Answer:
        """Ask for a path of ours below the version."""
        return await self._ask("GET", self._pin.own(path))

    async def count(self, path: str) -> Answer:
        """Ask with the header that Graph wants before it counts."""
        return await self._ask("GET", self._pin.own(path), more=_COUNTING)

    async def follow(self, link: str) -> Answer:
        """Ask for a link that Graph gave, whole and unchanged; raises before sending where it leads elsewhere."""
        return await self._ask("GET", self._pin.checked(link))

    async def get_by_ids(self, query: str, body: bytes) -> Answer:
        """Ask for up to 1,000 objects by id: a reading, although it is a POST."""
        return await self._ask("POST", self._pin.own(f"directoryObjects/getByIds?{query}"), body)

    async def batch(self, paths: Sequence[str]) -> Answer:
        """Ask for several paths of ours in one request, each by GET; the place in `paths` is the id of its response."""
        if not 1 <= len(paths) <= BATCH_MAX:
            raise ValueError(paths)
        inside = [
            {"id": str(place), "method": "GET", "url": self._pin.inside(path)} for place, path in enumerate(paths)
        ]
        return await self._ask("POST", self._pin.own("$batch"), json.dumps({"requests": inside}).encode())

    async def _ask(
        self, method: str, url: URL, body: bytes | None = None, *, more: Mapping[str, str] = _NOTHING
    ) -> Answer:
        """Ask until there is an answer. A refused token is renewed once, whatever the number of tries."""
        token = await self._login.token()
        renewed = False

        async def attempt() -> Answer:
            nonlocal token, renewed
            answer = await self._send(method, url, token, body, more)
            if answer.status == _UNAUTHORIZED and not renewed:
                renewed = True
                token = await self._login.renew(challenge(answer))
                answer = await self._send(method, url, token, body, more)
            if answer.status != OK:
                raise verdict(answer, url.path.removeprefix(_VERSION), now=self._clock.time())
            if not answer.is_json:
                raise Broken(
                    "answer_malformed",
                    f"What answered in place of Microsoft Graph is not JSON{answer.trail}.",
                    "Look for a proxy or a sign-in page in between.",
                )
            return answer

        return await self._patience.insist(attempt)

    async def _send(self, method: str, url: URL, token: str, body: bytes | None, more: Mapping[str, str]) -> Answer:
        headers = {
            **more,
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "client-request-id": str(uuid.UUID(int=self._chance.getrandbits(128), version=4)),
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        return await self._channel.send(method, url, headers=headers, body=body)
