"""Where the drill takes place: a folder with nothing of this checkout, and the commands of the page that tells it."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mailroll import embedded
from tests.gateways_real.servers import processes
from tests.gateways_real.servers.web import Ports
from tests.ports import reserved_port

PAGE = Path(__file__).parents[2] / "docs/how-to/drill.md"
URL = "https://console.localhost"
"""Not localhost itself, where the simulated Microsoft 365 is: the browser is told to stay with https."""
BLOCKS: dict[str, str] = dict(
    re.findall(r"<!-- drill: (\S+) -->\n```\w+\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
)
_LOG_SHOWN = 3000


@dataclass
class Stand:
    """The folder, what runs there until something ends it, and what was learnt on the way."""

    root: Path
    folder: Path
    ports: Ports
    places: dict[str, str]
    """What the page calls each place, and where it is here: ports are free ones, so that nothing else is in the way."""
    shell: str = ""
    """What every terminal begins with."""
    starts: int = 0
    taken: set[str] = field(default_factory=set)
    """The blocks of the page that were needed."""

    @property
    def url(self) -> str:
        return self.places[URL]

    def text(self, name: str) -> str:
        """The block of the page of this name, with places as they are here."""
        self.taken.add(name)
        text = BLOCKS[name]
        for said, here in self.places.items():
            text = text.replace(said, here)
        return text

    def begin_terminals_with(self, name: str) -> None:
        self.shell += self.text(name)

    def run(self, name: str, *, code: int = 0) -> str:
        """Type a block of the page, and return what it printed."""
        return self.type(name, self.text(name), code=code)

    def works(self, name: str) -> bool:
        return self._typed(name, self.text(name)).returncode == 0

    def type(self, name: str, text: str, *, code: int = 0) -> str:
        """Type what is not on the page."""
        done = self._typed(name, text)
        assert done.returncode == code, f"{name}: exit code {done.returncode}\n{done.stdout[-_LOG_SHOWN:]}"
        return done.stdout

    def _typed(self, name: str, text: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(  # noqa: S603 - the words are ours
            self._words(text),
            cwd=self.folder,
            env=self._environment(),
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        (self.folder / f"{name}.log").write_text(done.stdout, encoding="utf-8")
        return done

    def start(self, stack: ExitStack, name: str, ready: Callable[[str], object]) -> str:
        """Start what a block of the page starts, until the stack is closed; return what it said until it was ready."""
        self.starts += 1
        log = self.folder / f"{name}-{self.starts}.log"
        # In place of the shell: who ends it ends the command itself.
        words = self._words(f"exec {self.text(name)}")
        stack.enter_context(
            processes.running(words, self._environment(), log, lambda: ready(log.read_text(encoding="utf-8")))
        )
        return log.read_text(encoding="utf-8")

    def document(self, file: str) -> Any:
        return json.loads((self.folder / file).read_text(encoding="utf-8"))

    def _words(self, text: str) -> list[str]:
        return ["/bin/bash", "-euo", "pipefail", "-c", f"cd {self.folder}\n{self.shell}{text}"]

    def _environment(self) -> dict[str, str]:
        """Nothing of the checkout, and of whoever runs this only what leads to package registries."""
        kept = {name: value for name, value in os.environ.items() if name.startswith(("UV_", "SSL_", "XDG_CACHE"))}
        own = {"PATH": f"{self.folder}/tools:/usr/bin:/bin", "HOME": str(Path.home()), "LANG": "C.UTF-8"}
        return kept | own | {"PYTHONUNBUFFERED": "1"}


@contextmanager
def stand(root: Path, mail_port: int) -> Iterator[Stand]:
    """Make one, and take it away again; where something failed its logs are shown, and the folder stays."""
    # Below /tmp itself: the accounts of the database and of mail servers must be able to reach the folder.
    folder = Path(tempfile.mkdtemp(prefix="mailroll-drill-", dir="/tmp"))
    folder.chmod(0o755)
    (folder / "tools").mkdir()
    (folder / "tools/uv").symlink_to(Path(sys.prefix) / "bin/uv")
    try:
        yield Stand(root, folder, *_places(mail_port))
    except BaseException:
        for log in sorted(folder.glob("*.log"), key=lambda one: one.stat().st_mtime):
            print(f"\n--- {log}\n{log.read_text(encoding='utf-8', errors='replace')[-_LOG_SHOWN:]}")
        print(f"\nAll of it is still in {folder}.")
        raise
    finally:
        for home in folder.glob("*/postgresql.alive"):
            embedded.stop(home.parent)
    shutil.rmtree(folder)


def _places(mail_port: int) -> tuple[Ports, dict[str, str]]:
    plain, safe, console, socketmap, http = _ports(5)
    return Ports(plain, safe, console), {
        URL: f"{URL}:{safe}",
        "127.0.0.1:2525": f"127.0.0.1:{mail_port}",
        "--port 8000": f"--port {console}",
        "127.0.0.1:20025": f"127.0.0.1:{socketmap}",
        "127.0.0.1:20026": f"127.0.0.1:{http}",
    }


def _ports(number: int) -> set[int]:
    """So many free ports: of one that nobody listens at yet, the next call does not know that it is taken."""
    found: set[int] = set()
    while len(found) < number:
        found.add(reserved_port())
    return found
