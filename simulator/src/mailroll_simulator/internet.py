"""How the simulated Graph reaches others: by HTTPS, and nobody but those whose place on the loopback it was told."""

import ssl
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from socket import create_connection
from urllib.parse import urlsplit

_MOST = 64 * 1024


class Unreachable(Exception):
    """Nobody answered: no such name, no trusted certificate, no HTTP, or not in time."""

    def __init__(self, text: str, *, late: bool = False) -> None:
        super().__init__(text)
        self.late = late


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody answered."""

    status: int
    content_type: str
    body: bytes


@dataclass(slots=True)
class Internet:
    """Names that stand for ports of the loopback, and the authority that signs for them."""

    ports: dict[str, int] = field(default_factory=dict)
    ca_file: Path | None = None

    def post(self, url: str, body: bytes, content_type: str, *, within: float) -> Reply:
        """Post once, following nothing; raises `Unreachable`."""
        parts = urlsplit(url)
        name = (parts.hostname or "").lower()
        if parts.scheme != "https" or name not in self.ports:
            raise Unreachable(f"nobody is known at {url}")
        context = ssl.create_default_context(cafile=self.ca_file)
        target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        try:
            with closing(_Line(name, self.ports[name], context, within)) as line:
                line.request("POST", target, body, {"Content-Type": content_type})
                answer = line.getresponse()
                return Reply(answer.status, answer.headers.get("Content-Type", ""), answer.read(_MOST))
        except TimeoutError as error:
            raise Unreachable(f"{name} took longer than {within:.0f} s", late=True) from error
        except (OSError, HTTPException) as error:
            raise Unreachable(f"{name}: {error}") from error


class _Line(HTTPSConnection):
    """Connects to the loopback, and holds the certificate there against the name."""

    def __init__(self, name: str, place: int, context: ssl.SSLContext, within: float) -> None:
        super().__init__(name, timeout=within, context=context)
        self._place, self._tls = place, context

    def connect(self) -> None:
        self.sock = self._tls.wrap_socket(
            create_connection(("127.0.0.1", self._place), self.timeout), server_hostname=self.host
        )
