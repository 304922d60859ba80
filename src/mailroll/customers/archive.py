"""Everything of an organization and all below it as one zip file, read in one snapshot and written as it is read."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from typing import Any, Final, Protocol
from uuid import UUID

from django.db import connection, transaction

from mailroll.accounts import trail_files
from mailroll.accounts.trail import Audience
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.audit.notes import note
from mailroll.customers.extracts import EXTRACTS, Extract
from mailroll.directory import tree
from mailroll.directory.models import Organization
from mailroll.reconcile.cells import write_line

FORMAT: Final = 1
"""Counts up where a program that reads an export has to change."""
MANIFEST: Final = "manifest.json"
_PART: Final = 64 * 1024
_LARGE: Final = 2000
"""Rows that are fetched at a time."""
# Without a time of their own, two exports of the same are the same octets but for the manifest.
_AT: Final = (1980, 1, 1, 0, 0, 0)


class Row(Protocol):
    """What a database hands over of a row."""

    def __iter__(self) -> Iterator[Any]: ...


def note_export(organization: Organization, acting: Acting) -> None:
    with transaction.atomic():
        note(acting, "organization.exported", organization)


def pieces(organization: Organization, audience: Audience, at: datetime, *, size: int = _PART) -> Iterator[bytes]:
    """Yield the archive as it is made, `size` bytes or more at a time.

    The audit log is in it as its reader may see it. The transaction lasts until the last piece was taken, so whoever
    takes them hurries, or keeps a file.
    """
    buffer = _Buffer(size)
    with _snapshot(), zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        places = list(tree.below(organization).order_by("id").values_list("id", flat=True))
        files: dict[str, dict[str, object]] = {}
        for extract in EXTRACTS:
            yield from _file(archive, buffer, files, f"{extract.name}.jsonl", _json_lines(extract, places))
            if extract.sheet:
                yield from _file(archive, buffer, files, f"{extract.name}.csv", _sheet(extract, places))
        entries = AuditEntry.objects.filter(organization__in=places)
        log = trail_files.as_json_lines(entries, audience)
        yield from _file(archive, buffer, files, "audit.jsonl", log)
        manifest = {
            "format": FORMAT,
            "mailroll": version("mailroll"),
            "organization": {"id": str(organization.id), "name": organization.name},
            "organizations": len(places),
            "at": at.astimezone(UTC).isoformat(),
            "files": files,
        }
        with archive.open(_entry(MANIFEST), "w") as file:
            file.write((json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode())
    yield buffer.taken()


class _Buffer(io.RawIOBase):
    """Where the archive is written to: it can only go on, and what was written is taken away at once."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept = bytearray()
        self._passed = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._kept += data
        return len(data)

    def tell(self) -> int:
        return self._passed + len(self._kept)

    @property
    def full(self) -> bool:
        return len(self._kept) >= self._size

    def taken(self) -> bytes:
        chunk = bytes(self._kept)
        self._passed += len(chunk)
        self._kept.clear()
        return chunk


@contextmanager
def _snapshot() -> Iterator[None]:
    """See the database as it is at one moment."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _file(
    archive: zipfile.ZipFile, buffer: _Buffer, files: dict[str, dict[str, object]], name: str, lines: Iterable[str]
) -> Iterator[bytes]:
    digest, number, size = hashlib.sha256(), 0, 0
    with archive.open(_entry(name), "w", force_zip64=True) as file:
        for line in lines:
            data = line.encode()
            file.write(data)
            digest.update(data)
            number, size = number + 1, size + len(data)
            if buffer.full:
                yield buffer.taken()
    files[name] = {"lines": number, "bytes": size, "sha256": digest.hexdigest()}


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _AT)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _json_lines(extract: Extract, places: list[UUID]) -> Iterator[str]:
    """A row a line, as PostgreSQL itself writes it."""
    for (line,) in _rows(f"SELECT row_to_json(row)::text FROM ({extract.select}) AS row", places):  # noqa: S608
        yield f"{line}\n"


def _sheet(extract: Extract, places: list[UUID]) -> Iterator[str]:
    """Lines for a spreadsheet; no cell of them is a formula."""
    # Text is what PostgreSQL makes of every type; a mark at the beginning has spreadsheets read it as UTF-8.
    heads: list[str] = []
    rows = _rows(extract.select, places, heads)
    first = next(rows, None)
    yield "\N{BYTE ORDER MARK}" + write_line(heads)
    for row in chain([] if first is None else [first], rows):
        yield write_line(map(_cell, row))


def _rows(statement: str, places: list[UUID], heads: list[str] | None = None) -> Iterator[Row]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, {"places": places})
        if heads is not None:
            heads.extend(column.name for column in cursor.description or ())
        while batch := cursor.fetchmany(_LARGE):
            yield from batch


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return " ".join(map(str, value))
        case datetime():
            return value.astimezone(UTC).isoformat()
        case _:
            return str(value)
