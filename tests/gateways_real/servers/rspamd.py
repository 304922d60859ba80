"""An Rspamd of a test's own: the rules of a recipe and nothing else, asked over HTTP as a mail server asks."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.gateways_real.servers import debian, processes
from tests.ports import reserved_port

_MESSAGE = b"From: someone@sender.example\r\nTo: x@y.example\r\nSubject: Hello\r\n\r\nHello.\r\n"


@dataclass(frozen=True, slots=True)
class Rspamd:
    """A running Rspamd."""

    folder: Path
    port: int

    @property
    def log(self) -> str:
        log = self.folder / "rspamd.log"
        return log.read_text(errors="replace") if log.exists() else ""

    def symbols(self, *recipients: str) -> set[str]:
        """Have a message to some recipients checked; return the names of what was found."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.putrequest("POST", "/checkv2")
            for name, value in (("From", "someone@sender.example"), ("IP", "192.0.2.1")):
                line.putheader(name, value)
            for recipient in recipients:
                line.putheader("Rcpt", recipient)
            line.putheader("Content-Length", str(len(_MESSAGE)))
            line.endheaders(_MESSAGE)
            found: dict[str, object] = json.loads(line.getresponse().read())["symbols"]
        finally:
            line.close()
        return {name for name in found if name.startswith("MAILROLL")}


@contextmanager
def started(root: Path, folder: Path, multimap: str, composites: str) -> Iterator[Rspamd]:
    """Run Rspamd with the two files of a recipe. Only its controller fetches maps, and it is the one that is asked."""
    port, share = reserved_port(), root / "usr/share/rspamd"
    for name in ("run", "db"):
        (folder / name).mkdir(exist_ok=True)
    # The whole list of public suffixes takes minutes to compile on a busy machine.
    (folder / "suffixes").write_text("example\n", encoding="ascii")
    (folder / "rspamd.conf").write_text(
        f"""
options {{
  pidfile = "{folder}/run/rspamd.pid";
  control_socket = "{folder}/run/control.sock mode=0600";
  tempdir = "{folder}/run";
  hs_cache_dir = "{folder}/db";
  maps_cache_dir = "{folder}/db";
  url_tld = "{folder}/suffixes";
  map_watch_interval = 1s;
  map_watch_min_interval = 1s;
  filters = [];
  dns {{ nameserver = ["127.0.0.1"]; timeout = 100ms; retransmits = 1; }}
}}
logging {{ type = "file"; filename = "{folder}/rspamd.log"; level = "info"; }}
worker "controller" {{
  bind_socket = "127.0.0.1:{port}"; count = 1; secure_ip = "127.0.0.1"; static_dir = "{share}/www";
}}
modules {{ path = "{share}/plugins/multimap.lua"; }}
lua = "{share}/rules/rspamd.lua";
multimap {{
{multimap}
}}
composites {{
{composites}
}}
""",
        encoding="utf-8",
    )
    places = {
        **dict.fromkeys(("CONFDIR", "LOCAL_CONFDIR", "LOGDIR"), folder),
        "RUNDIR": folder / "run",
        "DBDIR": folder / "db",
        "SHAREDIR": share,
        "PLUGINSDIR": share / "plugins",
        "RULESDIR": share / "rules",
        "LUALIBDIR": share / "lualib",
        "WWWDIR": share / "www",
    }
    words: list[str | Path] = [root / "usr/bin/rspamd", "--insecure", "--no-fork", "--config", folder / "rspamd.conf"]
    words += [f"--var={name}={place}" for name, place in places.items()]
    with processes.running(words, debian.environment(root), folder / "output", lambda: processes.listens(port)):
        yield Rspamd(folder, port)
