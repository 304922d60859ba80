"""A slapd of a test's own: loaded from an LDIF as the recipe says, asked with ldapsearch."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.gateways_real.servers import debian, processes
from tests.ports import reserved_port


@dataclass(frozen=True, slots=True)
class Slapd:
    """A running slapd."""

    root: Path
    url: str

    def search(self, asked: str, *attributes: str) -> list[str]:
        """Return the lines of what is found, page by page as gateways ask."""
        words = [str(self.root / "usr/bin/ldapsearch"), "-x", "-LLL", "-o", "ldif-wrap=no", "-E", "pr=900/noprompt"]
        found = _run(self.root, *words, "-H", self.url, "-b", "dc=mailroll", asked, *attributes)
        return [line for line in found.splitlines() if line and not line.startswith("#")]


@contextmanager
def started(root: Path, folder: Path, configuration: str, ldif: Path) -> Iterator[Slapd]:
    """Load an LDIF with slapadd and serve it until the block ends."""
    schema, modules = root / "etc/ldap/schema", root / "usr/lib/ldap"
    text = configuration.replace("/etc/ldap/schema", str(schema)).replace("/usr/lib/ldap", str(modules))
    file = folder / "slapd.conf"
    file.write_text(text, encoding="utf-8")
    (folder / "mailroll").mkdir()
    _run(root, str(root / "usr/sbin/slapadd"), "-q", "-f", str(file), "-l", str(ldif))
    port = reserved_port()
    url = f"ldap://127.0.0.1:{port}"
    words = [str(root / "usr/sbin/slapd"), "-d", "0", "-h", url, "-f", str(file)]
    with processes.running(words, debian.environment(root), folder / "slapd.log", lambda: processes.listens(port)):
        yield Slapd(root, url)


def _run(root: Path, *words: str) -> str:
    done = subprocess.run(  # noqa: S603 - the words are ours
        words, env=debian.environment(root), check=False, text=True, capture_output=True, cwd=os.sep
    )
    if done.returncode:
        raise RuntimeError(f"{words[0]}: {done.stderr or done.stdout}")
    return done.stdout
