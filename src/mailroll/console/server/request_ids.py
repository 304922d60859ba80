"""Every request has an id: the one that a trusted web server in front gave it, else one of ours.

The answer names it (`X-Request-ID`), and so does every line that is logged meanwhile: from what a person saw, or from
the log of the web server, it is one search to what happened here.
"""

import re
import secrets
from collections.abc import Sequence
from typing import Final

from mailroll import log_context
from mailroll.console.server.asgi import Application, Message, Receive, Scope, Send, header, visitor
from mailroll.measures.admission import is_within
from mailroll.settings.environment import Network

_NAME: Final = b"x-request-id"
# What nginx ($request_id) and Caddy ({http.request.uuid}) make, and no address.
_SANE: Final = re.compile(rb"[0-9A-Za-z_-]{8,64}")


class RequestIds:
    """Stands before everything else."""

    def __init__(self, inner: Application, trusted: Sequence[Network] = ()) -> None:
        self._inner, self._trusted = inner, trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        request = self._trusted_id(scope) or secrets.token_hex(8)

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (_NAME, request.encode())]}
            await send(message)

        with log_context.bound(request=request):
            await self._inner(scope, receive, named)

    def _trusted_id(self, scope: Scope) -> str:
        request_id = header(scope, _NAME) or b""
        return request_id.decode() if _SANE.fullmatch(request_id) and is_within(visitor(scope), self._trusted) else ""
