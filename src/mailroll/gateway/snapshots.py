"""Copies of the roll on disk: whole, checked, the last two kept. A server starts from one without any database."""

import hashlib
import logging
import mmap
import os
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from mailroll.directory.models import Serving
from mailroll.disk import whole_file
from mailroll.gateway.answers import Life, Served
from mailroll.gateway.copy import DomainCopy, Image, Position, RollCopy

KEPT: Final = 2

_MAGIC: Final = b"mailroll roll 2\n"
"""Begins each file; the number is that of the form."""
_DIGEST: Final = 32
_log = logging.getLogger(__name__)


class StoredDomain(msgspec.Struct, array_like=True):
    """A `DomainCopy` as the file has it."""

    id: UUID
    name: str
    serving: str
    plus_tags: bool
    has_source: bool
    read_at: datetime | None
    stale_after: timedelta
    names: list[tuple[str, str]]
    lines: bytes
    kept: dict[str, tuple[datetime | None, datetime | None]]
    waiting: list[str]


class StoredCopy(msgspec.Struct, array_like=True):
    """A `RollCopy` as the file has it; `count` is how many addresses it holds."""

    count: int
    database: str
    snapshot: str
    at: datetime
    domains: list[StoredDomain]


class SnapshotError(Exception):
    """A file is not what it should be, and nothing of it may be used."""


def write(folder: Path, roll: RollCopy) -> Path:
    """Write a copy beside the others and move it in place at once, then remove those before the last two.

    What a process left that was killed while it wrote goes first: it names people who may have been erased since.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for unfinished in folder.glob(".roll-*"):
        unfinished.unlink(missing_ok=True)
    files = _files(folder)
    target = folder / f"roll-{(_number(files[0]) if files else 0) + 1:08}"
    with whole_file(target) as file:
        digest = hashlib.sha256()
        file.write(_MAGIC + bytes(_DIGEST))
        for piece in _body(roll):
            digest.update(piece)
            file.write(piece)
        file.seek(len(_MAGIC))
        file.write(digest.digest())
    for old in _files(folder)[KEPT:]:
        old.unlink(missing_ok=True)
    return target


def newest(folder: Path) -> RollCopy | None:
    """Read the newest copy that is good; what is not is named in the log and passed over."""
    for path in _files(folder):
        try:
            return read(path)
        except (SnapshotError, OSError) as error:
            _log.warning("the snapshot %s is of no use: %s", path, error)
    return None


def read(path: Path) -> RollCopy:
    """Read one file; raises `SnapshotError` where it was cut short, is damaged, or of another version."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size <= len(_MAGIC) + _DIGEST:
            raise SnapshotError("it was cut short")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content, memoryview(content) as view:
            begin = len(_MAGIC) + _DIGEST
            if content[: len(_MAGIC)] != _MAGIC:
                raise SnapshotError("it is of another version")
            with view[begin:] as body:
                if hashlib.sha256(body).digest() != content[len(_MAGIC) : begin]:
                    raise SnapshotError("its checksum is wrong")
                try:
                    stored_copy = msgspec.msgpack.decode(body, type=StoredCopy)
                except msgspec.DecodeError as error:
                    raise SnapshotError(str(error)) from error
    roll = RollCopy(
        Position(stored_copy.database, stored_copy.snapshot, stored_copy.at), map(_domain, stored_copy.domains)
    )
    if roll.addresses != stored_copy.count:
        raise SnapshotError("it does not hold as many addresses as it says")
    return roll


def _body(roll: RollCopy) -> Iterator[bytes | memoryview]:
    """Encode a `StoredCopy` piece by piece: as one piece, the addresses would stand in memory twice or three times."""
    if roll.position is None:
        raise RuntimeError("a copy that was never filled is not kept")
    # Changes go on meanwhile, and are in the next one.
    captured_domains = [
        (roll_domain, dict(roll_domain.changes), roll_domain.image) for roll_domain in roll.domains.values()
    ]
    count = sum(_extent(image, changes).addresses for _, changes, image in captured_domains)
    yield _array(len(StoredCopy.__struct_fields__))
    yield from map(_encoded, (count, roll.position.database, roll.position.snapshot, roll.position.at))
    yield _array(len(captured_domains))
    for domain_copy, changes, image in captured_domains:
        served_domain = domain_copy.served
        yield _array(len(StoredDomain.__struct_fields__))
        for part in (
            served_domain.id,
            served_domain.name,
            served_domain.serving.value,
            served_domain.plus_tags,
            served_domain.has_source,
            served_domain.read_at,
            served_domain.stale_after,
            list(domain_copy.names),
        ):
            yield _encoded(part)
        # A text of octets, with its length in four of them: msgpack, "bin 32".
        yield b"\xc6" + _extent(image, changes).size.to_bytes(4)
        yield from image.pieces(changes)
        yield _encoded({address: (life.ending_since, life.confirmed_at) for address, life in domain_copy.kept.items()})
        yield _encoded(sorted(domain_copy.waiting))


class _Extent(NamedTuple):
    """How many addresses there are, and how many bytes their lines have."""

    addresses: int
    size: int


def _extent(image: Image, changes: Mapping[str, Life | None]) -> _Extent:
    had = {address: image.find(address) for address in changes}
    new = sum(life is not None and had[address] is None for address, life in changes.items())
    removals = sum(life is None and had[address] is not None for address, life in changes.items())
    return _Extent(len(image) + new - removals, sum(map(len, image.pieces(changes))))


def _array(length: int) -> bytes:
    """Begin an array of msgpack: "array 32"."""
    return b"\xdd" + length.to_bytes(4)


def _encoded(part: object) -> bytes:
    return msgspec.msgpack.encode(part)


def _domain(stored_domain: StoredDomain) -> DomainCopy:
    return DomainCopy(
        Served(
            stored_domain.id,
            stored_domain.name,
            Serving(stored_domain.serving),
            stored_domain.plus_tags,
            stored_domain.has_source,
            stored_domain.read_at,
            stored_domain.stale_after,
            empty=True,
        ),
        tuple(stored_domain.names),
        Image(stored_domain.lines),
        kept={address: Life(*life) for address, life in stored_domain.kept.items()},
        waiting=set(stored_domain.waiting),
    )


def _files(folder: Path) -> list[Path]:
    """List the snapshots of a folder, the newest first."""
    return sorted((path for path in folder.glob("roll-*") if path.name[5:].isdecimal()), key=_number, reverse=True)


def _number(path: Path) -> int:
    return int(path.name[5:])
