"""Long answers in parts, as they are read from the database: none is ever whole in memory."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import HttpRequest, StreamingHttpResponse

_TOGETHER = 500
"""Lines sent at a time."""


_CSV = "text/csv"


def as_file(request: HttpRequest, lines: Iterator[str], name: str, kind: str = _CSV) -> StreamingHttpResponse:
    """Answer with a file of these lines: CSV, or what `kind` says.

    Under ASGI they are taken in a thread of their own, with its own connection: the transaction that a long reading
    holds open is nobody else's.
    """
    return _attached(request, _together(lines, marked=kind == _CSV), name, f"{kind}; charset=utf-8")


def as_archive(request: HttpRequest, pieces: Iterator[bytes], name: str) -> StreamingHttpResponse:
    """Answer with a zip file, in the same way."""
    return _attached(request, pieces, name, "application/zip")


def _attached(request: HttpRequest, pieces: Iterator[bytes], name: str, kind: str) -> StreamingHttpResponse:
    content = _elsewhere(pieces) if isinstance(request, ASGIRequest) else pieces
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(content, content_type=kind, headers=headers)


def _together(lines: Iterator[str], *, marked: bool) -> Iterator[bytes]:
    if marked:
        # The mark at the beginning has spreadsheets read the file as UTF-8.
        yield "\N{BYTE ORDER MARK}".encode()
    while batch := list(islice(lines, _TOGETHER)):
        yield "".join(batch).encode()


async def _elsewhere(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(max_workers=1) as thread:
        try:
            while (part := await loop.run_in_executor(thread, next, parts, None)) is not None:
                yield part
        finally:
            # Also where the reader went away in the middle; waits for a part that is just being read.
            thread.submit(_end, parts)


def _end(parts: Iterator[bytes]) -> None:
    close = getattr(parts, "close", None)
    if close is not None:
        close()
    connection.close()
