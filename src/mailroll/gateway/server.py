"""The process that gateways ask: listeners over one copy of the roll, which outlives the database behind it."""

import asyncio
import ctypes
import os
import resource
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from mailroll.gateway import places, snapshots
from mailroll.gateway.admissions import Admissions
from mailroll.gateway.copy import RollCopy, ServerClock
from mailroll.gateway.demand import AskedTally
from mailroll.gateway.keeper import Keeper
from mailroll.gateway.places import SocketPlace
from mailroll.gateway.socketmap import Connections, Maps

FIRST: Final = 5.0
"""Seconds for a database to give the first list to a server that has none, before it answers that it cannot say.

Not at once: a Postfix that was told so about a domain keeps it for that address in each process of smtpd that asked,
up to 100 sessions long or until it idles for 100 seconds (`smtpd_resolve.c` caches what failed; `max_use`, `max_idle`).
"""


@dataclass(frozen=True, slots=True)
class Service:
    """What every listener answers from."""

    roll: RollCopy
    tally: AskedTally = field(default_factory=AskedTally)
    clock: ServerClock = field(default_factory=ServerClock)
    admissions: Admissions = field(default_factory=Admissions)


class Listener(Protocol):
    """One way in. What it enters into the stack is closed when the server stops, the last one first."""

    async def start(self, service: Service, stack: AsyncExitStack) -> str:
        """Begin to answer, and return where."""


@dataclass(frozen=True, slots=True)
class SocketmapServer:
    """Answers Postfix: see `socketmap`."""

    place: SocketPlace
    most: int
    mode: int = 0o660

    async def start(self, service: Service, stack: AsyncExitStack) -> str:
        loop = asyncio.get_running_loop()
        connections = Connections(Maps(service.roll, service.tally, service.clock), self.most)
        opened = places.listen(self.place, self.mode)
        server = await loop.create_server(connections.conversation, sock=opened, backlog=places.BACKLOG)
        stack.push_async_callback(_closed, server, opened, connections)
        if self.place.path is not None:
            stack.callback(self.place.path.unlink, missing_ok=True)
        connections.start()
        socket_place = (
            SocketPlace(host=self.place.host, port=opened.getsockname()[1]) if self.place.host else self.place
        )
        return f"socketmap:{socket_place}"


async def _closed(server: asyncio.Server, opened: socket.socket, connections: Connections) -> None:
    # A connection that was taken in is lost where its server closes before its turn: asyncio of Python 3.11 asserts.
    asyncio.get_running_loop().remove_reader(opened)
    await asyncio.sleep(0)
    server.close()
    await connections.stop()
    await server.wait_closed()


def serve(listeners: Sequence[Listener], folder: Path, tell: Callable[[str], None]) -> None:
    """Answer until SIGTERM or SIGINT: from the newest snapshot at once, and from the database as soon as it is there.

    `tell` is given a line for each place once all of them answer.
    """
    _have_room()
    give_back_memory()
    service = Service(snapshots.newest(folder) or RollCopy())
    keeper = Keeper(service.roll, service.tally, service.clock, folder, service.admissions)
    asyncio.run(_serve(listeners, service, keeper, tell))


async def _serve(listeners: Sequence[Listener], service: Service, keeper: Keeper, tell: Callable[[str], None]) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop.set)
    async with AsyncExitStack() as stack:
        keeper.start()
        stack.push_async_callback(loop.run_in_executor, None, keeper.stop)
        if service.roll.position is None:
            await _any(stop.wait(), loop.run_in_executor(None, keeper.tried.wait, FIRST))
        bound_places = [await listener.start(service, stack) for listener in listeners]
        keeper.tell(bound_places)
        for line in bound_places:
            tell(f"Answering on {line}")
        notify("READY=1")
        await stop.wait()
        notify("STOPPING=1")


async def _any(*waited: Awaitable[object]) -> None:
    """Wait for the first of them, and let go of the others."""
    tasks = [asyncio.ensure_future(awaitable) for awaitable in waited]
    _, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()


def notify(state: str) -> None:
    """Tell systemd, where it is the one that started this process: sd_notify(3)."""
    if path := os.environ.get("NOTIFY_SOCKET"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.connect("\0" + path[1:] if path.startswith("@") else path)
            out.send(state.encode())


def give_back_memory() -> None:
    """Have glibc give large pieces back as they are freed.

    By itself it raises its threshold up to 32 MB (mallopt(3), M_MMAP_THRESHOLD), and what a reading of a million
    addresses was built in stays with the process: 30 MB. Not below what asyncio takes hold of for every read, 256 KiB
    (`max_size` in its selector_events): asking the kernel for that each time halves the answers a second.
    """
    with suppress(AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE)


_M_MMAP_THRESHOLD: Final = -3
LARGE: Final = 1024 * 1024
"""Bytes."""


def _have_room() -> None:
    """Allow as many open files as this process may: a connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
