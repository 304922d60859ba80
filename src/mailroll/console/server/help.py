"""`/help/`: the documentation as a site, out of the wheel. Nobody signs in for it, and it knows nothing of anybody.

`make dist` builds it (`tools/site`); a checkout has it once `make docs` was run, and says so until then.
"""

import asyncio
import os
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Final

from django.urls import Resolver404, resolve

from mailroll.console.middleware.headers import HEADERS
from mailroll.console.server.asgi import (
    Application,
    Receive,
    Scope,
    Send,
    SentFile,
    answer,
    answer_file,
    answer_page,
    header,
)

FOLDER: Final = Path(__file__).parents[1] / "help_pages"
PREFIX: Final = "/help/"

_AT_HAND: Final = 200
"""Files that are kept in memory once they were asked for: all pages of the site, 4 MB."""


class Help:
    """Answers for the site, and hands everything else on."""

    def __init__(self, inner: Application, folder: Path = FOLDER) -> None:
        self._inner = inner
        # Only what there is has a name here: no path leads out of the folder.
        self._files: Mapping[str, Path] = {
            file.relative_to(folder).as_posix(): file
            for place, _, names in os.walk(folder)
            for file in (Path(place, name) for name in names)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        is_help = path == PREFIX.rstrip("/") or path.startswith(PREFIX)
        if scope["type"] != "http" or not is_help or scope["method"] not in {"GET", "HEAD"}:
            await self._inner(scope, receive, send)
            return
        name = path.removeprefix(PREFIX)
        if not self._files and not _is_page_of_the_console(path):
            await answer_page(send, HTTPStatus.NOT_FOUND, "help_missing")
        elif (file := self._files.get(f"{name}index.html" if not name or name.endswith("/") else name)) is not None:
            await _send(scope, send, await asyncio.to_thread(_read, file))
        elif f"{name}/index.html" in self._files or (self._files and f"{path}/" == PREFIX):
            # Links of a page are seen from its folder.
            await answer(send, HTTPStatus.PERMANENT_REDIRECT, b"", {**HEADERS, "Location": f"{path}/"})
        else:
            # The Console has pages of its own there, and one for what is not there.
            await self._inner(scope, receive, send)


def _is_page_of_the_console(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


async def _send(scope: Scope, send: Send, file: SentFile) -> None:
    tag = f'"{file.digest}"'
    headers = {"Cache-Control": "public, no-cache", "ETag": tag}
    if header(scope, b"if-none-match") == tag.encode():
        headers |= {**HEADERS, "Content-Type": file.kind, "Vary": "Accept-Encoding"}
        await answer(send, HTTPStatus.NOT_MODIFIED, b"", headers)
    else:
        await answer_file(scope, send, file, headers)


@lru_cache(maxsize=_AT_HAND)
def _read(file: Path) -> SentFile:
    return SentFile.of(file.name, file.read_bytes())
