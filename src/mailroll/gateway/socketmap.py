"""Postfix's socketmap protocol: a netstring with the name of a map and a key, and a netstring in answer.

https://www.postfix.org/socketmap_table.5.html: `OK data`, `NOTFOUND `, `TEMP reason`, `PERM reason`; a reply has 100000
characters at most. Postfix keeps a connection for many requests, and sends one after the other.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Final
from uuid import UUID

from mailroll.directory.models import Serving
from mailroll.gateway.answers import ACCESS, CANNOT_SAY, Answer, Because, Roll, Verdict, answer, split
from mailroll.gateway.copy import DomainCopy, RollCopy, ServerClock
from mailroll.gateway.demand import AskedTally

LONGEST: Final = 100_000
"""Bytes of a request; no address is as long by far."""

PATIENCE: Final = 10.0
"""Seconds for the rest of a request, or for a client to read what it asked for."""

IDLE: Final = 600.0
"""Seconds without a request. Postfix itself closes after 10: DICT_SOCKMAP_DEF_MAX_IDLE in its dict_sockmap.c."""

_HIGH: Final = 64 * 1024
"""Bytes that wait to be read by a client before nothing more is read from it."""

_TURNS: Final = 50
_TURN: Final = 0.02
"""How often, and for how many seconds each, it is waited for connections to end with the server."""

_REPEATED: Final = 10_000
"""Questions whose answers are at hand, some 5 MB."""

_LENGTHS: Final[Mapping[bytes, int]] = {b"%d" % length: length for length in range(1, 320)}
"""The lengths that nearly all questions have, as they are written: found in one step instead of being checked."""

_DIGITS: Final = len(str(LONGEST))
_ASKER: Final = ("socketmap", "")


def netstring(text: str) -> bytes:
    data = text.encode()
    return b"%d:%b," % (len(data), data)


_NOT_READY: Final = netstring("TEMP the list of recipients was never read")
_NO_MAP: Final = netstring("PERM no such map: recipients, domains, access")
_OK: Final = netstring("OK OK")
_NOT_FOUND: Final = netstring("NOTFOUND ")
_TEMP: Final = netstring(f"TEMP {CANNOT_SAY[10:]}")

_RECIPIENTS: Final[Mapping[Answer, bytes]] = {
    Answer.ACCEPT: _OK,
    Answer.NOT_OURS: _NOT_FOUND,
    Answer.UNKNOWN: _NOT_FOUND,
    Answer.LATER: netstring("TEMP this mailbox takes no mail at the moment"),
    Answer.CANNOT_SAY: _TEMP,
}
_ACCESS: Final[Mapping[Answer, bytes]] = {
    **{answer_kind: netstring(f"OK {words}") for answer_kind, words in ACCESS.items()},
    Answer.CANNOT_SAY: _TEMP,
}
_YES: Final[Mapping[bytes, bytes]] = {b"recipients": _OK, b"access": _ACCESS[Answer.ACCEPT]}
"""By the name of the map: what is said of somebody in the list."""


class Maps:
    """Answers requests out of the copy of the roll.

    Most mail is for somebody in the list, and for few addresses again and again. So such a yes takes a short way, is
    given alike until anything changes in the roll, and is counted in bulk: what finds, checks and counts each by itself
    takes longer than to read and to answer. All of it in the one thread that answers.
    """

    def __init__(self, roll: RollCopy, tally: AskedTally, clock: ServerClock) -> None:
        self._roll = roll
        self._tally = tally
        self.latency = tally.since_start.latency
        self._clock = clock
        self._accepted: defaultdict[UUID, list[str]] = defaultdict(list)
        self._repeated: dict[bytes, tuple[bytes, str, list[str]]] = {}
        self._domains: dict[str, tuple[DomainCopy, str, list[str]]] = {}
        self._mark = roll.mark
        self._maps: Mapping[bytes, Callable[[str], bytes]] = {
            b"recipients": lambda key: _RECIPIENTS[self._answer(key).answer],
            b"domains": lambda key: _OK if roll.served(split(f"@{key}")[1]) else _NOT_FOUND,
            b"access": lambda key: _in_words(self._answer(key)),
            # As for `access`, to Mailroll itself: no gateway has asked, so nothing is counted.
            b"check": lambda key: _in_words(answer(key, roll, clock())),
        }

    def at_once(self, frame: bytes) -> bytes | None:
        """Answer a whole netstring that asks for somebody in the list; None for all else."""
        if self._mark is not self._roll.mark:
            self._forget()
        if (cached_reply := self._repeated.get(frame)) is not None:
            reply, address, accepted = cached_reply
        else:
            length, _, rest = frame.partition(b":")
            name, _, key = rest[:-1].partition(b" ")
            acceptance = _YES.get(name)
            if acceptance is None or _LENGTHS.get(length) != len(rest) - 1 or rest[-1] != _COMMA or not key.isascii():
                return None
            local, _, domain_name = key.decode("ascii").lower().rpartition("@")
            if (domain_entry := self._domains.get(domain_name) or self._domain(domain_name)) is None:
                return None
            domain, label, accepted = domain_entry
            reply, address = acceptance, f"{local}@{label}"
            life = domain.life(address)
            # As in `answers`: who is in service is accepted, however old the list is, before any tag is looked at.
            if life is None or life.ending_since is not None:
                return None
            if len(self._repeated) >= _REPEATED:
                self._repeated.clear()
            self._repeated[frame] = reply, address, accepted
        accepted.append(address)
        return reply

    def _domain(self, name: str) -> tuple[DomainCopy, str, list[str]] | None:
        """Find a domain whose list counts, its own label, and where it is put down who was accepted."""
        served_domain = self._roll.served(name)
        domain = None if served_domain is None else self._roll.domains.get(served_domain.id)
        if served_domain is None or domain is None or served_domain.serving is Serving.PASS:
            return None
        self._domains[name] = domain_entry = domain, served_domain.name, self._accepted[served_domain.id]
        return domain_entry

    def _forget(self) -> None:
        # The mark first: what changes from here on is found at the next question.
        self._mark = self._roll.mark
        self._repeated.clear()
        self._domains.clear()

    def count(self) -> None:
        """Count who was accepted since this was last done."""
        now = self._clock()
        for domain, addresses in self._accepted.items():
            if addresses:
                self._tally.add_accepted(domain, addresses, now, _ASKER)
                addresses.clear()

    def reply(self, request: bytes) -> bytes:
        """Answer one request; both are the content of netstrings, the reply with its frame."""
        name, _, key = request.partition(b" ")
        lookup = self._maps.get(name)
        if lookup is None:
            return _NO_MAP
        if self._roll.position is None:
            return _NOT_READY
        # What is no UTF-8 is no address of anybody, and goes by the one rule for those.
        return lookup(key.decode("utf-8", "replace"))

    def _answer(self, key: str) -> Verdict:
        roll: Roll = self._roll
        now = self._clock()
        verdict = answer(key, roll, now)
        self._tally.add(verdict, key, roll, now, _ASKER)
        return verdict


def _in_words(verdict: Verdict) -> bytes:
    # Postfix asks for parts of an address too, and goes on to the next where there is nothing: access(5).
    return _NOT_FOUND if verdict.because is Because.NO_ADDRESS else _ACCESS[verdict.answer]


class Connections:
    """All open connections: at most so many, and none that lies about with half a request."""

    def __init__(self, maps: Maps, most: int) -> None:
        self.maps = maps
        self.most = most
        self.open: set[Conversation] = set()
        self.refused = 0
        self._sweeping: asyncio.TimerHandle | None = None

    def conversation(self) -> "Conversation":
        return Conversation(self)

    def start(self) -> None:
        """Look at every connection once a second, which costs less than a timer for each."""
        self.sweep()
        self._sweeping = asyncio.get_running_loop().call_later(1, self.start)

    def sweep(self) -> None:
        self.maps.count()
        now = asyncio.get_running_loop().time()
        for connection in [*self.open]:
            if now - connection.heard_at > (PATIENCE if connection.unfinished else IDLE):
                connection.drop()

    async def stop(self) -> None:
        """Let everybody read what was answered, but not for long."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        for connection in [*self.open]:
            connection.end()
        # Who was on the way in as the door was closed comes too late.
        self.most = 0
        for _ in range(_TURNS):
            await asyncio.sleep(_TURN)
            if not self.open:
                break
        for connection in [*self.open]:
            connection.drop()
        await asyncio.sleep(0)
        self.maps.count()


class Conversation(asyncio.Protocol):
    """One connection."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._maps = connections.maps
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._paused = False
        self.heard_at = self._loop.time()

    @property
    def unfinished(self) -> bool:
        """Whether the client has something to do: to send the rest of a request, or to read."""
        return bool(self._rest) or self._paused

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a stream is expected")
        if len(self._connections.open) >= self._connections.most:
            self._connections.refused += 1
            transport.abort()
            return
        self._transport = transport
        transport.set_write_buffer_limits(high=_HIGH)
        self._connections.open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - how it ended makes no difference
        self._connections.open.discard(self)
        self._transport = None

    def data_received(self, data: bytes) -> None:
        transport = self._transport
        if transport is None:
            return
        began_at = perf_counter()
        has_begun = bool(self._rest)
        if not has_begun and (reply := self._maps.at_once(data)) is not None:
            self.heard_at = self._loop.time()
            transport.write(reply)
            self._maps.latency.observe(perf_counter() - began_at)
            return
        data = self._rest + data if has_begun else data
        replies: list[bytes] = []
        at, end = 0, len(data)
        while at < end:
            colon = data.find(b":", at, at + _DIGITS + 1)
            if colon < 0 and end - at <= _DIGITS and data[at:].isdigit():
                break
            digits = data[at:colon] if colon > at else b""
            # As in the definition, no zero stands before another digit: https://cr.yp.to/proto/netstrings.txt
            if not digits.isdigit() or (digits[0] == _ZERO and len(digits) > 1) or int(digits) > LONGEST:
                self.drop()
                return
            comma = colon + 1 + int(digits)
            if comma >= end:
                break
            if data[comma] != _COMMA:
                self.drop()
                return
            replies.append(self._maps.reply(data[colon + 1 : comma]))
            at = comma + 1
        self._rest = data[at:]
        if replies or not has_begun:
            # The time for a request runs from its first byte, however slowly the rest trickles in.
            self.heard_at = self._loop.time()
        if replies:
            transport.write(replies[0] if len(replies) == 1 else b"".join(replies))
            self._maps.latency.observe((perf_counter() - began_at) / len(replies), len(replies))

    def pause_writing(self) -> None:
        self._paused = True
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._paused = False
        if self._transport is not None:
            self.heard_at = self._loop.time()
            self._transport.resume_reading()

    def drop(self) -> None:
        """Close at once, whatever waits to be read."""
        if self._transport is not None:
            self._transport.abort()

    def end(self) -> None:
        """Close once what was answered is sent."""
        if self._transport is not None:
            self._transport.close()


_COMMA: Final = ord(",")
_ZERO: Final = ord("0")
