"""Where a server listens, as people write it: `unix:PATH` and `inet:HOST:PORT`."""

import ipaddress
import os
import socket
import stat
from dataclasses import dataclass
from pathlib import Path

from mailroll.reconcile.errors import BadInput

BACKLOG = 512


@dataclass(frozen=True, slots=True)
class SocketPlace:
    """A path, or a host with its port."""

    path: Path | None = None
    host: str = ""
    port: int = 0

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"unix:{self.path}" if self.path else f"inet:{host}:{self.port}"


def parse(text: str, *, anywhere: bool = False) -> SocketPlace:
    """Read a place. Beyond this machine only where that is wanted: the protocol knows neither names nor passwords."""
    kind, _, rest = text.partition(":")
    if kind == "unix" and rest.startswith("/"):
        return SocketPlace(path=Path(rest))
    host, _, port = rest.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if kind != "inet" or not host or not port.isascii() or not port.isdigit() or int(port) > 65_535:  # noqa: PLR2004
        raise BadInput("place_malformed", f"{text} is no place to listen at.", "Write unix:/PATH or inet:HOST:PORT.")
    if not anywhere and not is_loopback(host):
        raise BadInput(
            "place_open",
            f"{host} may be reached from other machines, and whoever reaches it may ask for every address.",
            "Listen on 127.0.0.1 or a unix socket, or add --allow-remote behind a firewall.",
        )
    return SocketPlace(host=host, port=int(port))


def listen(place: SocketPlace, mode: int) -> socket.socket:
    """Open a listening socket. A socket file of a server that is no more goes; nothing else that is there does."""
    if place.path is not None:
        return _listen_at(place.path, mode)
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((place.host, place.port))
        opened.listen(BACKLOG)
    except OSError as error:
        opened.close()
        raise _bad_place(place, error) from error
    return opened


def _listen_at(path: Path, mode: int) -> socket.socket:
    _clear(path)
    opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # Nobody may come in before it has the mode that is wanted.
    before = os.umask(0o777 & ~mode)
    try:
        opened.bind(str(path))
        opened.listen(BACKLOG)
    except OSError as error:
        opened.close()
        raise _bad_place(SocketPlace(path=path), error) from error
    finally:
        os.umask(before)
    return opened


def _clear(path: Path) -> None:
    try:
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise BadInput("place_taken", f"{path} is there already, and is no socket.", "Give another path.")
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as other:
        try:
            other.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
        except OSError as error:
            raise _bad_place(SocketPlace(path=path), error) from error
    raise BadInput("place_taken", f"Another server listens at {path}.", "Stop it first, or give another path.")


def _bad_place(place: SocketPlace, error: OSError) -> BadInput:
    return BadInput("place_taken", f"{place} cannot be listened at: {error.strerror}.", "Give another place.")


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
