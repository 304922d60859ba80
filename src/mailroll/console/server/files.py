"""Our stylesheets, scripts and pictures: under names that change with their content, so that browsers keep them a year.

They are few and small, so they are read, named and packed once, when the process starts: an installation has no step
that collects files, and the wheel holds them as they are written.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Final

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import StaticFilesStorage

from mailroll.console.server.asgi import Application, Receive, Scope, Send, SentFile, answer_file

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK: Final = "public, no-cache"
_LINK: Final = re.compile(r'url\("([^"#:]+)"\)')


class HashedFiles(StaticFilesStorage):
    """Tells templates where the files are."""

    def url(self, name: str | None) -> str:
        file = shipped().get(name or "")
        return f"{settings.STATIC_URL}{file.name if file else name}"


class Files:
    """Answers for the files, and hands everything else on."""

    def __init__(self, inner: Application) -> None:
        self._inner = inner
        self._known = {file.name: (file, _FOR_EVER) for file in shipped().values()}
        # Whoever knows a plain name, such as an older page, gets what it is now.
        self._known |= {name: (file, _ASK) for name, file in shipped().items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        known_file = self._known.get(path.removeprefix(settings.STATIC_URL))
        if known_file is None or not path.startswith(settings.STATIC_URL) or scope.get("method") not in {"GET", "HEAD"}:
            await self._inner(scope, receive, send)
            return
        file, cache_control = known_file
        await answer_file(scope, send, file, {"Cache-Control": cache_control})


@cache
def shipped() -> Mapping[str, SentFile]:
    """Return every file by its plain name. Stylesheets come last: they name others."""
    files: dict[str, SentFile] = {}
    for name, content in sorted(_static_files(), key=lambda pair: (pair[0].endswith(".css"), pair[0])):
        if name not in files:
            files[name] = _ship(name, content, files)
    return files


def _static_files() -> Iterator[tuple[str, bytes]]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            with storage.open(name) as file:
                yield name, file.read()


def _ship(name: str, content: bytes, files: Mapping[str, SentFile]) -> SentFile:
    path = PurePosixPath(name)

    def renamed(link: re.Match[str]) -> str:
        other = files.get(str(path.parent / link[1]))
        return f'url("{settings.STATIC_URL}{other.name}")' if other else link[0]

    return SentFile.of(name, _LINK.sub(renamed, content.decode()).encode() if path.suffix == ".css" else content)
