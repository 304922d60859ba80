"""An Exim of a test's own: one configuration file, spool and log below one folder, SMTP on a loopback port."""

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.gateways_real.servers import debian, processes
from tests.ports import reserved_port

_OWNER = "mail"
# Debian's Exim is built to ask for this account at its start, and only its installation makes it.
_BUILT_FOR = "Debian-exim"


@dataclass(frozen=True, slots=True)
class Exim:
    """A running Exim."""

    folder: Path
    port: int

    @property
    def log(self) -> str:
        return "".join(log.read_text(errors="replace") for log in self.folder.glob("*log"))


@contextmanager
def started(root: Path, folder: Path, main: str, acl: str) -> Iterator[Exim]:
    """Run Exim with the lines of a recipe in its main section and in the ACL for recipients."""
    port, owner = reserved_port(), pwd.getpwnam(_OWNER)
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    (folder / "exim.conf").write_text(
        f"""{main}
primary_hostname = gateway.example
exim_user = {_OWNER}
exim_group = {_OWNER}
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
pid_file_path = {folder}/pid
keep_environment =
tls_advertise_hosts =
smtputf8_advertise_hosts = *
local_interfaces = <; [127.0.0.1]:{port}
acl_smtp_rcpt = acl_check_rcpt

begin acl
acl_check_rcpt:
{acl}
accept domains = +relay_to_domains
deny message = relay not permitted
""",
        encoding="utf-8",
    )
    for name, line in (("passwd", f"x:{owner.pw_uid}:{owner.pw_gid}::/:/bin/false"), ("group", f"x:{owner.pw_gid}:")):
        known = Path("/etc", name).read_text(encoding="utf-8")
        (folder / name).write_text(f"{known}{_BUILT_FOR}:{line}\n", encoding="utf-8")
    environment = {
        **debian.environment(root),
        "LD_PRELOAD": str(debian.library(root, "libnss_wrapper.so")),
        "NSS_WRAPPER_PASSWD": f"{folder}/passwd",
        "NSS_WRAPPER_GROUP": f"{folder}/group",
    }
    words: list[str | Path] = [root / "usr/sbin/exim4", "-C", folder / "exim.conf", "-bdf"]
    with processes.running(words, environment, folder / "output", lambda: processes.listens(port)):
        yield Exim(folder, port)
