"""The words of ASGI, as far as they are used here (asgi.readthedocs.io, "HTTP & WebSocket ASGI Message Format")."""

import gzip
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final, Self

from django.template.loader import render_to_string

from mailroll.console.middleware.headers import HEADERS

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".yml": "text/plain; charset=utf-8",
}

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def header(scope: Scope, name: bytes) -> bytes | None:
    """Return the value of a header that may stand once; of several, none is believed."""
    values = [value for key, value in scope["headers"] if key == name]
    return values[0] if len(values) == 1 else None


def visitor(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


async def answer(send: Send, status: int, body: bytes, headers: dict[str, str]) -> None:
    all_headers = {**headers, "Content-Length": str(len(body))}
    lines = [(name.lower().encode(), value.encode()) for name, value in all_headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body})


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it is sent, packed too; `digest` is of its content, and `name` has a part of it inside."""

    name: str
    content: bytes
    packed: bytes
    kind: str
    digest: str

    @classmethod
    def of(cls, name: str, content: bytes) -> Self:
        path, digest = PurePosixPath(name), hashlib.sha256(content).hexdigest()[:16]
        hashed = path.with_name(f"{path.stem}.{digest[:12]}{path.suffix}")
        kind = _TYPES.get(path.suffix, "application/octet-stream")
        # No time in it: the same content is packed to the same bytes.
        return cls(str(hashed), content, gzip.compress(content, mtime=0), kind, digest)


async def answer_file(scope: Scope, send: Send, file: SentFile, headers: dict[str, str]) -> None:
    """Answer with a file, packed for whoever takes that: every browser does, and Python brings gzip along."""
    all_headers = {**HEADERS, "Content-Type": file.kind, "Vary": "Accept-Encoding", **headers}
    if b"gzip" in (header(scope, b"accept-encoding") or b""):
        await answer(send, 200, file.packed, all_headers | {"Content-Encoding": "gzip"})
    else:
        await answer(send, 200, file.content, all_headers)


async def answer_page(send: Send, status: int, name: str, **context: object) -> None:
    """Answer with a page that asks nothing of session or database."""
    page = render_to_string(f"console/errors/{name}.html", context).encode()
    headers = {**HEADERS, "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    if status == 503:  # noqa: PLR2004 - as RFC 9110 numbers it
        headers["Retry-After"] = "5"
    await answer(send, status, page, headers)
