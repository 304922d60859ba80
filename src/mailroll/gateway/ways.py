"""Asks as gateways ask: a socketmap, the HTTP look-up, the database, or a table of Postfix through `postmap -q`."""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final, NamedTuple, Protocol
from urllib.parse import quote, urlsplit

import psycopg

from mailroll.gateway.answers import Answer
from mailroll.reconcile.errors import BadInput

PATIENCE: Final = 10.0
"""Seconds: a gateway waits longer, its sender does not like to."""

_REPLY_MAX: Final = 100_000
"""socketmap_table(5): no reply is longer."""


class Effect(StrEnum):
    """What the sender of a message gets."""

    ACCEPTED = "accepted"
    LATER = "later"
    REFUSED = "refused"
    NO_ANSWER = "no answer"


class Reply(NamedTuple):
    """What was answered, in its own words."""

    effect: Effect
    words: str


class Way(Protocol):
    """A way of asking for one address. Never raises over the other side: what goes wrong is a reply."""

    @property
    def name(self) -> str: ...

    @property
    def takes_tags_off(self) -> bool:
        """Whether a plus-tag is taken off here, and not by the gateway before it asks."""

    def ask(self, address: str) -> Reply: ...


_OF_ANSWER: Final = {
    Answer.ACCEPT: Effect.ACCEPTED,
    Answer.NOT_OURS: Effect.REFUSED,
    Answer.LATER: Effect.LATER,
    Answer.UNKNOWN: Effect.REFUSED,
    Answer.CANNOT_SAY: Effect.LATER,
}


def effect_of(answer: Answer) -> Effect:
    """Tell what comes of an answer; what is not ours is refused as relaying by the gateway itself."""
    return _OF_ANSWER[answer]


def of_words(words: str) -> Effect:
    """Tell what Postfix makes of a result of an access table, or of any result of a list."""
    match words[:1]:
        case "4":
            return Effect.LATER
        case "5":
            return Effect.REFUSED
        case "":
            return Effect.NO_ANSWER
    return Effect.ACCEPTED


@dataclass(frozen=True, slots=True)
class SocketmapWay:
    """`inet:HOST:PORT` or `unix:PATH`, and the name of a map behind another colon, `access` where there is none."""

    place: str
    patience: float = PATIENCE
    takes_tags_off: bool = True

    @property
    def name(self) -> str:
        return f"socketmap:{self.place}"

    def ask(self, address: str) -> Reply:
        place, table = _parted(self.place)
        try:
            with _connected(place, self.patience) as line:
                request = f"{table} {address}".encode()
                line.sendall(b"%d:%s," % (len(request), request))
                said = _netstring(line).decode("utf-8", "replace")
        except (OSError, ValueError) as problem:
            return Reply(Effect.NO_ANSWER, str(problem) or type(problem).__name__)
        word, _, rest = said.partition(" ")
        match word:
            case "OK":
                return Reply(of_words(rest), said)
            case "NOTFOUND":
                return Reply(Effect.REFUSED, said)
            case "TEMP":
                return Reply(Effect.LATER, said)
        return Reply(Effect.NO_ANSWER, said)


@dataclass(frozen=True, slots=True)
class HttpWay:
    """The look-up over HTTP, with a token."""

    url: str
    token: str
    patience: float = PATIENCE
    takes_tags_off: bool = True

    @property
    def name(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"

    def ask(self, address: str) -> Reply:
        parts = urlsplit(self.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        line = kind(parts.hostname or "", parts.port, timeout=self.patience)
        try:
            path = f"{parts.path.rstrip('/')}/lookup?address={quote(address, safe='')}"
            line.request("GET", path, headers={"Authorization": f"Bearer {self.token}"})
            answered = line.getresponse()
            body = answered.read(_REPLY_MAX)
            if answered.status != 200:  # noqa: PLR2004 - the status that means yes
                return Reply(Effect.NO_ANSWER, f"{answered.status} {answered.reason}")
            answer = Answer(json.loads(body)["answer"])
        except (OSError, HTTPException, ValueError, KeyError, TypeError) as problem:
            return Reply(Effect.NO_ANSWER, str(problem) or type(problem).__name__)
        finally:
            line.close()
        return Reply(effect_of(answer), answer.value)


@dataclass(frozen=True, slots=True)
class Database:
    """`gateway.access`, asked as the role of a mail server."""

    dsn: str
    takes_tags_off: bool = True

    @property
    def name(self) -> str:
        return "postgresql"

    def ask(self, address: str) -> Reply:
        try:
            with psycopg.connect(self.dsn, connect_timeout=int(PATIENCE), autocommit=True) as line:
                row = line.execute("SELECT gateway.access(%s)", [address]).fetchone()
        except (psycopg.Error, ValueError) as problem:
            return Reply(Effect.NO_ANSWER, str(problem).strip().splitlines()[0] if str(problem).strip() else "error")
        words = "" if row is None or row[0] is None else str(row[0])
        return Reply(of_words(words), words or "no row")


@dataclass(frozen=True, slots=True)
class Postmap:
    """A table as Postfix names it, such as `pgsql:/etc/postfix/mailroll-access.cf`."""

    table: str

    @property
    def name(self) -> str:
        return self.table

    @property
    def takes_tags_off(self) -> bool:
        """In files stands no tag: Postfix takes it off itself, and `postmap -q` does not."""
        return self.table.startswith(("pgsql:", "socketmap:", "proxy:pgsql:", "proxy:socketmap:"))

    def ask(self, address: str) -> Reply:
        # An administrator's PATH may lack the folder that Postfix is in.
        program = shutil.which("postmap") or shutil.which("postmap", path="/usr/sbin:/usr/local/sbin:/sbin")
        if program is None:
            raise BadInput("postmap_missing", "There is no Postfix on this machine.", "Run this where the gateway is.")
        try:
            process = subprocess.run(  # noqa: S603 - the table is the caller's to name, and no shell reads it
                [program, "-q", address, self.table],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=PATIENCE,
            )
        except subprocess.TimeoutExpired:
            return Reply(Effect.NO_ANSWER, f"nothing within {PATIENCE:.0f} seconds")
        words, trouble = (text.decode("utf-8", "replace").strip() for text in (process.stdout, process.stderr))
        if process.returncode == 0:
            return Reply(of_words(words), words)
        # postmap(1): 1 is "not found"; what went wrong is told on stderr, with 1 as well.
        return Reply(Effect.NO_ANSWER, trouble.splitlines()[-1]) if trouble else Reply(Effect.REFUSED, "not found")


def _parted(place: str) -> tuple[str, str]:
    """Part a place from the name of the map behind it."""
    kind, _, rest = place.partition(":")
    if kind == "inet":
        host_and_port, _, last = rest.rpartition(":")
        if not last.isdigit():
            return f"inet:{host_and_port}", last
    elif kind == "unix":
        path, colon, table = rest.rpartition(":")
        if colon:
            return f"unix:{path}", table
    else:
        raise BadInput("place_malformed", f"{place} is no place of a socketmap.", "Write unix:/PATH or inet:HOST:PORT.")
    return place, "access"


@contextmanager
def _connected(place: str, patience: float) -> Iterator[socket.socket]:
    kind, _, rest = place.partition(":")
    if kind == "unix":
        line = socket.socket(socket.AF_UNIX)
        with line:
            line.settimeout(patience)
            line.connect(rest)
            yield line
    else:
        host, _, port = rest.rpartition(":")
        with socket.create_connection((host.strip("[]"), int(port)), patience) as line:
            yield line


def _netstring(line: socket.socket) -> bytes:
    """Read one reply. Raises ValueError for what is none, OSError for a line that breaks."""
    buffer = bytearray()
    while True:
        size, colon, rest = buffer.partition(b":")
        if colon or len(size) > len(str(_REPLY_MAX)):
            length = int(size)
            if length > _REPLY_MAX:
                raise ValueError("a reply beyond measure")
            if len(rest) > length:
                return bytes(rest[:length])
        if not (more := line.recv(4096)):
            raise ConnectionError("the line was closed before an answer")
        buffer += more
