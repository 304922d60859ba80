"""Reads a log piece by piece, packed or not, and tells of each delivery in it; never more than a line in memory."""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from mailroll.gateway.compare import exchange, exim, postfix
from mailroll.gateway.compare.delivery import Calendar, Delivery, SkippedLine

LINE_MAX = 64 * 1024
"""Bytes of a line that are looked at; syslog's own limit is 8 KiB (RFC 5425 and rsyslog)."""

_HEAD = 4096
_PACKED: Mapping[bytes, Callable[[BinaryIO], AbstractContextManager[object]]] = {
    b"\x1f\x8b": lambda plain: gzip.GzipFile(fileobj=plain),
    b"\xfd7zXZ\x00": lzma.LZMAFile,
    b"BZh": bz2.BZ2File,
}
_BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError)


@dataclass(slots=True)
class Log:
    """A log to read. `broken` says afterwards why it could not be read to its end."""

    file: Path
    broken: str | None = None

    def deliveries(self, calendar: Calendar) -> Iterator[Delivery | SkippedLine]:
        """Yield what each line tells; what cannot be read is skipped, and the rest goes on."""
        try:
            with ExitStack() as opened:
                stream = _unpacked(self.file, opened)
                yield from _read_deliveries(stream, calendar)
        except _BROKEN as problem:
            reason = problem.strerror if isinstance(problem, OSError) else None
            self.broken = reason or str(problem) or "it is cut short"


def _unpacked(file: Path, opened: ExitStack) -> io.BufferedReader:
    """Open a file by what it begins with: names of rotated logs say many things."""
    plain = opened.enter_context(file.open("rb"))
    for begin, unpacking in _PACKED.items():
        if plain.peek(len(begin)).startswith(begin):
            unpacked = opened.enter_context(unpacking(plain))
            return opened.enter_context(io.BufferedReader(cast("io.RawIOBase", unpacked), 256 * 1024))
    return plain


def _read_deliveries(stream: io.BufferedReader, calendar: Calendar) -> Iterator[Delivery | SkippedLine]:
    begin = stream.peek(_HEAD)[:_HEAD]
    encoding = _encoding(begin)
    text = begin.decode(encoding, "replace").lstrip("\ufeff")
    first = next((line for line in text.splitlines() if not line.startswith("#TYPE")), "")
    if encoding != "utf-8-sig" or exchange.is_head(first):
        # Its text must not close the stream, which others do.
        lines = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
        try:
            yield from exchange.deliveries(_texts(lines), calendar)
        finally:
            lines.detach()
    else:
        for line in _lines(stream):
            yield _of_line(line, calendar)


def _of_line(line: bytes | None, calendar: Calendar) -> Delivery | SkippedLine:
    if line is None:
        return SkippedLine.UNREADABLE
    delivery = postfix.delivery(line, calendar)
    return exim.delivery(line, calendar) if delivery is SkippedLine.OTHER else delivery


def _lines(stream: io.BufferedReader) -> Iterator[bytes | None]:
    """Yield each line, and None for one that is too long."""
    while line := stream.readline(LINE_MAX):
        if line.endswith(b"\n") or len(line) < LINE_MAX:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(LINE_MAX)
        yield None


def _texts(stream: io.TextIOWrapper) -> Iterator[str]:
    while line := stream.readline(LINE_MAX):
        yield line


def _encoding(begin: bytes) -> str:
    """Tell UTF-16, as Windows PowerShell writes it, from all else."""
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(begin) > 1 and begin[1] == 0:
        return "utf-16-le"
    return "utf-8-sig"
