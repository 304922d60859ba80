"""A name server on loopback, over UDP and TCP, that answers for names as a test says."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from mailroll.settings import NameServer

_LEFT = 50
"""Ports that are tried: the number that UDP gives may be taken for TCP."""


class Odd(Enum):
    """What else than records a server does."""

    FAILS = dns.rcode.SERVFAIL
    REFUSES = dns.rcode.REFUSED
    IS_SILENT = -1
    TALKS_NONSENSE = -2


@dataclass
class Zones:
    """`txt`: the values of a name, each in the parts it is written in. Names that stand nowhere do not exist.

    `asked` are the questions that came, by name, over UDP and TCP.
    """

    server: NameServer = field(default_factory=lambda: NameServer("127.0.0.1"))
    txt: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    cname: dict[str, str] = field(default_factory=dict)
    odd: dict[str, Odd] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def write(self, name: str, *values: str) -> None:
        self.txt[name] = [(value,) for value in values]

    def answer(self, wire: bytes, way: str) -> bytes | None:
        query = dns.message.from_wire(wire)
        name = query.question[0].name.to_text(omit_final_dot=True)
        self.asked.append((name, way))
        response = dns.message.make_response(query, recursion_available=True)
        match self.odd.get(name):
            case Odd.IS_SILENT:
                return None
            case Odd.TALKS_NONSENSE:
                return wire[:2] + b"\x81\x80" + b"\xff" * 20
            case Odd() as code:
                response.set_rcode(dns.rcode.Rcode(code.value))
                return response.to_wire()
            case None:
                pass
        if name in self.cname:
            response.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", f"{self.cname[name]}."))
            name = self.cname[name]
        if self.txt.get(name):
            rows = [" ".join(f'"{part}"' for part in value) for value in self.txt[name]]
            response.answer.append(dns.rrset.from_text_list(f"{name}.", 60, "IN", "TXT", rows))
        elif name not in self.txt:
            response.set_rcode(dns.rcode.NXDOMAIN)
        if way == "UDP" and len(response.to_wire(max_size=65_535)) > 512:
            response.answer.clear()
            response.flags |= dns.flags.TC
        # dnspython shuffles the records of an answer (want_shuffle of dns.rdataset.Rdataset.to_wire); here they stay.
        return response.to_wire(max_size=65_535, want_shuffle=False)


@contextmanager
def serving() -> Iterator[Zones]:
    zones = Zones()
    udp, tcp = _both(zones)
    zones.server = NameServer("127.0.0.1", udp.server_address[1])
    threads = [threading.Thread(target=one.serve_forever, args=(0.02,)) for one in (udp, tcp)]
    for thread in threads:
        thread.start()
    try:
        yield zones
    finally:
        for one in (udp, tcp):
            one.shutdown()
            one.server_close()
        for thread in threads:
            thread.join()


def _both(zones: Zones) -> tuple[socketserver.UDPServer, socketserver.TCPServer]:
    class Datagram(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            wire, line = self.request
            if (answer := zones.answer(wire, "UDP")) is not None:
                line.sendto(answer, self.client_address)

    class Stream(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            (size,) = struct.unpack("!H", self.rfile.read(2))
            if (answer := zones.answer(self.rfile.read(size), "TCP")) is not None:
                self.wfile.write(struct.pack("!H", len(answer)) + answer)

    for left in reversed(range(_LEFT)):
        udp = socketserver.UDPServer(("127.0.0.1", 0), Datagram)
        try:
            return udp, socketserver.TCPServer(udp.server_address, Stream)
        except OSError:
            udp.server_close()
            if not left:
                raise
    raise AssertionError
