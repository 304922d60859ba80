"""Who takes messages in tests: an SMTP server and a web server on this machine, as real ones are."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import create_connection
from threading import Event, Thread

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Mailbox:
    """What an SMTP server took; while it refuses it answers with a number of its own."""

    taken: list[Envelope] = field(default_factory=list)
    refuses: str = ""
    port: int = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - their name
        if self.refuses:
            return self.refuses
        self.taken.append(envelope)
        return "250 OK"


class MailServer(Controller):
    """On a port that is free now, which the library asks to be named beforehand."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        # It counts as started once it has greeted somebody.
        with create_connection((self.hostname, self.port), 10) as line:
            assert line.recv(1024).startswith(b"220")


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = MailServer(box, hostname="127.0.0.1", port=0)
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Post:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    def is_signed_with(self, secret: str) -> bool:
        """As a receiver checks it (https://www.standardwebhooks.com/)."""
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return self.headers["webhook-signature"] == f"v1,{expected}"


@dataclass
class Desk:
    """A web server that takes posts, and answers what it is told to: `hangs` until it is told to stop."""

    port: int = 0
    status: int = 202
    location: str = ""
    hangs: bool = False
    posts: list[Post] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    def url(self, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/hooks/mailroll?key=hush"


@contextmanager
def desk() -> Iterator[Desk]:
    made = Desk()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            made.posts.append(Post(self.path, headers, body))
            if made.hangs:
                made.over.wait()
                self.close_connection = True
                return
            self.send_response(made.status)
            if made.location:
                self.send_header("Location", made.location)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - their name
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        made.port = server.server_port
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield made
        finally:
            made.over.set()
            server.shutdown()
            thread.join()
