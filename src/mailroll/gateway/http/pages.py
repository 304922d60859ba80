"""Lists as they are sent: written once for all who ask for the same, into files that have no name."""

import asyncio
import gzip
import os
import tempfile
import weakref
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from io import TextIOWrapper
from time import monotonic
from typing import IO, Final, TextIO
from uuid import UUID

from django.db import connection

from mailroll.gateway.formats import ListFile
from mailroll.gateway.lists import ListedDomain, Listing
from mailroll.gateway.writer import write

_MOST: Final = 64
"""Pages that are kept."""


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What a page is of: a file of a form, for the domains of some organizations or for one of them."""

    part: ListFile
    organizations: frozenset[UUID]
    domain: str | None
    zipped: bool


class ListPage:
    """A list as octets, which stay readable as long as somebody holds this."""

    def __init__(self, descriptor: int, size: int, etag: str, modified: datetime, domains: frozenset[UUID]) -> None:
        self.size, self.etag, self.modified, self.domains = size, etag, modified, domains
        self._descriptor = descriptor
        weakref.finalize(self, os.close, descriptor)

    def read(self, offset: int, length: int) -> bytes:
        return os.pread(self._descriptor, length, offset)


class NothingToListError(LookupError):
    """No domain is in what was asked for: no list, and not one of nobody."""


class Pages:
    """Makes pages, keeps the last ones, and makes one anew when it is older than `fresh` seconds."""

    def __init__(self, listing: Listing, executor: Executor, *, fresh: float) -> None:
        self._listing, self._executor, self._fresh = listing, executor, fresh
        self._made: OrderedDict[ListRequest, tuple[float, ListPage]] = OrderedDict()
        self._making: dict[ListRequest, asyncio.Task[ListPage]] = {}

    async def page(self, list_request: ListRequest) -> ListPage:
        """Return a page; who asks while it is made waits for the same one."""
        made_at, page = self._made.get(list_request, (0.0, None))
        if page is not None and monotonic() - made_at < self._fresh:
            return page
        if list_request not in self._making:
            task = asyncio.create_task(self._make(list_request, page))
            self._making[list_request] = task
            task.add_done_callback(partial(self._end, list_request))
        # Who goes away in the meantime spoils it for nobody.
        return await asyncio.shield(self._making[list_request])

    def _end(self, list_request: ListRequest, task: asyncio.Task[ListPage]) -> None:
        self._making.pop(list_request, None)
        if not task.cancelled():
            # Also where nobody waits any more who would hear of it.
            task.exception()

    async def _make(self, list_request: ListRequest, last: ListPage | None) -> ListPage:
        loop = asyncio.get_running_loop()
        began_at = monotonic()
        page = await loop.run_in_executor(self._executor, _page, self._listing, list_request)
        if last is not None:
            if last.etag == page.etag:
                page = last
            elif page.modified <= last.modified:
                # Two of one second would be one to who asks by time alone.
                page.modified = last.modified + timedelta(seconds=1)
        self._made[list_request] = began_at, page
        self._made.move_to_end(list_request)
        while len(self._made) > _MOST:
            self._made.popitem(last=False)
        return page


def _page(listing: Listing, list_request: ListRequest) -> ListPage:
    """Write a page, in a thread of its own connection to the database."""
    with tempfile.TemporaryFile() as file:
        try:
            with listing.moment() as moment:
                domains = chosen(moment.domains(), list_request.organizations, list_request.domain)
                if not domains:
                    raise NothingToListError
                with _opened(file, zipped=list_request.zipped) as text:
                    sha256 = write(list_request.part, moment, domains, text).sha256
                at = moment.at.astimezone(UTC).replace(microsecond=0)
        finally:
            connection.close()
        etag = f'"{sha256}-gzip"' if list_request.zipped else f'"{sha256}"'
        domain_ids = frozenset(domain.served.id for domain in domains)
        return ListPage(os.dup(file.fileno()), os.fstat(file.fileno()).st_size, etag, at, domain_ids)


@contextmanager
def _opened(file: IO[bytes], *, zipped: bool) -> Iterator[TextIO]:
    """Open a file for text, and leave it open afterwards."""
    if zipped:
        # No time in it: the same list is the same octets.
        with gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed, _opened_plain(packed) as text:
            yield text
    else:
        with _opened_plain(file) as text:
            yield text
    file.flush()


@contextmanager
def _opened_plain(file: IO[bytes] | gzip.GzipFile) -> Iterator[TextIO]:
    text = TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        yield text
    finally:
        text.detach()


def chosen(domains: Sequence[ListedDomain], organizations: frozenset[UUID], name: str | None) -> list[ListedDomain]:
    """Return the domains of some organizations, or the one of them that has a name."""
    theirs = [domain for domain in domains if domain.organization in organizations]
    return theirs if name is None else [domain for domain in theirs if name in domain.spellings]
