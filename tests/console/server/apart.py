"""The Console in a process of its own, as `mailroll web` starts it, with its use of the machine in view."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from threading import Event

from django.db import connection

from tests.ports import reserved_port

PATIENCE = 300
MANY_FILES = 4096


@dataclass(frozen=True)
class Console:
    """Where it listens, and which process it is."""

    port: int
    pid: int

    def visit(self, path: str = "/account/login/", *, source: str = "127.0.0.2", cookie: str = "") -> tuple[int, str]:
        """Load a page as somebody at another address; returns its status and text."""
        visitor = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE, source_address=(source, 0))
        try:
            visitor.request("GET", path, headers={"Host": f"localhost:{self.port}", "Cookie": cookie})
            answer = visitor.getresponse()
            return answer.status, answer.read().decode()
        finally:
            visitor.close()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def forget_peak(self) -> int:
        """Begin to measure the highest use of memory anew; returns what is in use. See proc(5), clear_refs."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")
        return self.most_memory

    @property
    def most_memory(self) -> int:
        """MiB, at the highest."""
        return self._told("status", "VmHWM:") >> 10

    @property
    def written(self) -> int:
        """Bytes written to files, pipes among them."""
        return self._told("io", "wchar:")

    @property
    def files(self) -> int:
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    def _told(self, file: str, name: str) -> int:
        lines = Path(f"/proc/{self.pid}/{file}").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(name))


def of_database(name: str) -> int:
    """How many connections another program holds to the database of this test."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s "
            "AND pid <> pg_backend_pid()",
            [name],
        )
        (number,) = cursor.fetchone()
    return int(number)


@contextmanager
def served(folder: Path, database_url: str, *, files: int = 1024, **settings: str) -> Iterator[Console]:
    """Run it with a limit of open files, until left."""
    port = reserved_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAILROLL_")}
    environment |= {"DATABASE_URL": f"{database_url}&application_name=walls", "MAILROLL_DATA_DIR": str(folder / "data")}
    words = [
        "sh",
        "-c",
        f'ulimit -n {files}; exec "$0" "$@"',
        sys.executable,
        "-m",
        "mailroll",
        "web",
        "--port",
        str(port),
    ]
    # To a file: a pipe that nobody reads stops whoever writes to it.
    with (folder / "told").open("wb") as told:
        process = subprocess.Popen(words, env=environment | settings, stdout=told, stderr=told)  # noqa: S603
    try:
        _until_open(port, process)
        yield Console(port, process.pid)
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _until_open(port: int, process: "subprocess.Popen[bytes]") -> None:
    pause = Event()
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), PATIENCE).close()
        except ConnectionRefusedError:
            pause.wait(0.05)
        else:
            return
