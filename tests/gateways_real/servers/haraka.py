"""A Haraka of a test's own: the plugin of the recipe and no other, SMTP on a loopback port."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.gateways_real.servers import processes
from tests.ports import reserved_port


@contextmanager
def started(modules: Path, folder: Path, files: Mapping[str, str]) -> Iterator[int]:
    """Run Haraka with the files of a recipe; return its port."""
    port = reserved_port()
    for name in ("config", "plugins", "queue"):
        (folder / name).mkdir()
    # What Haraka reads at each connection; `haraka -i` would write it.
    shutil.copy(modules / "Haraka/config/connection.ini", folder / "config")
    own = {"smtp.ini": f"listen=127.0.0.1:{port}\nnodes=0\n", "me": "gateway.example\n", "plugins": "mailroll\n"}
    for path, text in {**{f"config/{name}": text for name, text in own.items()}, **files}.items():
        (folder / path).write_text(text, encoding="utf-8")
    words: list[str | Path] = ["node", modules / "Haraka/bin/haraka", "-c", folder]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    with processes.running(words, environment, folder / "output", lambda: processes.listens(port)):
        yield port
