"""Lets Microsoft's library, which is synchronous, send through our channel, and to the sign-in host alone."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from yarl import URL

from mailroll.connectors.microsoft365.aadsts import refused
from mailroll.connectors.microsoft365.channel import OK, REDIRECTS, Answer, Channel
from mailroll.connectors.microsoft365.patience import Clock
from mailroll.connectors.microsoft365.retry_after import retry_after
from mailroll.connectors.microsoft365.settings import Credential, Secret
from mailroll.reconcile.errors import Broken

Sending = Callable[[str, str, Mapping[str, str], bytes | None], Coroutine[Any, Any, Answer]]
"""Method, URL, headers and body of a request to the sign-in host; raises for every answer but 200."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in the shape that msal reads."""

    status_code: int
    text: str
    headers: Mapping[str, str]

    def raise_for_status(self) -> None:
        """Do nothing: whatever is not 200 was raised before."""


class Carrier:
    """An HTTP client as msal wants it, for use in a thread: the loop that waits for the thread does the sending."""

    def __init__(self, sending: Sending) -> None:
        self._sending = sending
        self._loop = asyncio.get_running_loop()

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, **_: object) -> Reply:
        return self._run(self._sending("GET", url, headers or {}, None))

    def post(
        self, url: str, *, headers: Mapping[str, str] | None = None, data: Mapping[str, str], **_: object
    ) -> Reply:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._run(self._sending("POST", url, {**(headers or {}), **form}, urlencode(data).encode()))

    def close(self) -> None:
        """Do nothing: the session belongs to whoever opened it."""

    def _run(self, sending: Coroutine[Any, Any, Answer]) -> Reply:
        try:
            answer = asyncio.run_coroutine_threadsafe(sending, self._loop).result()
        except CancelledError as fault:
            raise malformed() from fault
        return Reply(answer.status, answer.body.decode(), {})


async def sent(  # noqa: PLR0917 - where it may go, and what goes there
    channel: Channel,
    login: str,
    home: str,
    clock: Clock,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes | None,
) -> Answer:
    """Send what msal wants sent, but only to the sign-in host and below the path `home`; a JSON object comes back."""
    target = URL(url)
    if target.origin() != URL(login).origin() or not target.path.lower().startswith(home):
        raise Broken(
            "link_to_other_host",
            "The sign-in service named an address that is not on the sign-in host of this connection.",
            "No credential was sent there. Check the sign-in URL of the connection.",
        )
    answer = await channel.send(method, target, headers=headers, body=body)
    if answer.status in REDIRECTS:
        raise Broken("redirect_refused", "The sign-in service wanted to redirect.", "No proxy may change answers.")
    content = json_object(answer)
    if answer.status != OK:
        asked = retry_after(answer.headers.getall("Retry-After", ()), now=clock.time())
        raise refused(answer.status, content, asked=asked)
    if not content or "error" in content:
        raise malformed()
    return answer


def credential_for(credential: Credential) -> str | dict[str, str]:
    if isinstance(credential, Secret):
        return credential.value
    return {"private_key": credential.key, "public_certificate": credential.certificate}


def json_object(answer: Answer) -> dict[str, Any]:
    try:
        content = json.loads(answer.body.decode()) if answer.is_json else {}
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def malformed() -> Broken:
    return Broken(
        "answer_malformed",
        "The sign-in service did not answer as the protocol promises.",
        "If a proxy stands between this machine and Microsoft, let it pass the sign-in host untouched.",
    )
