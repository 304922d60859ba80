"""A Postfix of a test's own: main.cf from a recipe, queue and data below one folder, SMTP on a loopback port."""

import os
import pwd
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.gateways_real.servers import debian, processes
from tests.ports import reserved_port

# Accounts that every Debian has (base-passwd): Postfix's own come with its installation, and nothing is installed.
_OWNER, _GROUP = "mail", "uucp"
_QUEUES = "active bounce corrupt defer deferred flush hold incoming private saved trace".split()
_MASTER = """
{smtp} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
"""


@dataclass(frozen=True, slots=True)
class Postfix:
    """A running Postfix; `folder` holds its configuration."""

    root: Path
    folder: Path
    port: int
    environment: Mapping[str, str] = field(repr=False)

    @property
    def log(self) -> str:
        log = self.folder / "mail.log"
        return log.read_text(errors="replace") if log.exists() else ""

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one of Postfix's commands on this configuration."""
        return subprocess.run(  # noqa: S603 - the words are ours
            [str(self.root / "usr/sbin" / words[0]), "-c", str(self.folder), *words[1:]],
            env=dict(self.environment),
            check=False,
            text=True,
            capture_output=True,
        )

    def ask(self, table: str, key: str) -> subprocess.CompletedProcess[str]:
        """Ask a table as `postmap -q` does: 0 and the answer, 1 for no row."""
        return self.run("postmap", "-q", key, table)


def configure(root: Path, folder: Path, main: str, files: Mapping[str, str]) -> Postfix:
    """Lay out a Postfix: its folders, the recipe's `main` and the files that it names."""
    port = reserved_port()
    owner = pwd.getpwnam(_OWNER)
    for place in ("queue", "data", "meta"):
        (folder / place).mkdir()
    os.chown(folder / "data", owner.pw_uid, owner.pw_gid)
    for name in (*_QUEUES, "maildrop", "public"):
        queue = folder / "queue" / name
        queue.mkdir(mode=0o700)
        os.chown(queue, owner.pw_uid, owner.pw_gid)
    (folder / "queue/pid").mkdir()
    (folder / "meta/postfix-files").touch()
    (folder / "meta/dynamicmaps.cf").write_text(
        f"pgsql {root}/usr/lib/postfix/postfix-pgsql.so dict_pgsql_open\n", encoding="ascii"
    )
    own = {
        "compatibility_level": "3.6",
        "myhostname": "gateway.example",
        "mydestination": "",
        "alias_maps": "",
        "mynetworks_style": "host",
        "mynetworks": "192.0.2.1",
        "inet_interfaces": "127.0.0.1",
        "inet_protocols": "ipv4",
        "queue_directory": f"{folder}/queue",
        "data_directory": f"{folder}/data",
        "meta_directory": f"{folder}/meta",
        "daemon_directory": f"{root}/usr/lib/postfix/sbin",
        "command_directory": f"{root}/usr/sbin",
        "shlib_directory": f"{root}/usr/lib/postfix",
        "mail_owner": _OWNER,
        "setgid_group": _GROUP,
        "maillog_file": f"{folder}/mail.log",
        "maillog_file_prefixes": f"{folder}",
        "import_environment": "MAIL_CONFIG LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME LD_LIBRARY_PATH",
        "relay_transport": "discard:",
    }
    lines = [f"{name} = {value}" for name, value in own.items()]
    (folder / "main.cf").write_text(_each_once("\n".join([*lines, main])), encoding="utf-8")
    (folder / "master.cf").write_text(_MASTER.format(smtp=f"127.0.0.1:{port}"), encoding="ascii")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
        # As the recipes say: proxymap opens tables as Postfix's own account.
        os.chown(folder / name, 0, owner.pw_gid)
        (folder / name).chmod(0o640)
    return Postfix(root, folder, port, {**debian.environment(root), "MAIL_CONFIG": str(folder)})


def _each_once(text: str) -> str:
    """Keep the last word on each parameter, which is the one that holds.

    Of one that stands twice every daemon logs a warning while it starts. Where these fill the socket of the log, which
    holds 10 (net.unix.max_dgram_qlen), before `postlogd` reads it, `postlogd` waits for ever to log its own.
    """
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    last = {entry.partition("=")[0].strip(): entry for entry in re.split(r"\n(?=\S)", "\n".join(lines))}
    return "\n".join(last.values()) + "\n"


@contextmanager
def started(postfix: Postfix) -> Iterator[Postfix]:
    """Run `master` until the block ends."""
    words: list[str | Path] = [postfix.root / "usr/lib/postfix/sbin/master", "-c", postfix.folder, "-d"]
    log = postfix.folder / "master.log"
    with processes.running(words, postfix.environment, log, lambda: processes.listens(postfix.port)):
        yield postfix
