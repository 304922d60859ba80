"""Debian's packages, fetched by apt and unpacked into a folder of their own.

Nothing is installed: Postfix and Exim exclude each other as packages, installing one would take away the mail server
that the machine may have, and would start services. Unpacked, they lie side by side, and /etc stays as it is.
"""

import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

_CHECKOUT = Path(__file__).parents[3]
_ELSEWHERE = Path("/var/cache/mailroll-test-gateways")
"""For checkouts that the servers' own accounts cannot reach, such as those below /root."""
Wanted = tuple[tuple[str, ...], ...]
# Each line is resolved by itself: what excludes each other never stands in one.
WANTED = (
    ("postfix", "postfix-pgsql"),
    ("exim4-daemon-heavy", "libnss-wrapper"),
    ("rspamd",),
    ("slapd", "ldap-utils"),
    ("nginx",),
    ("caddy",),
    ("prometheus",),  # for its promtool
)
# Versions that the tests were written from: Postfix 3.8, in the next release, sends letters beyond ASCII otherwise.
_RELEASES = ("debian 12",)
_RETRIES = "Acquire::Retries=3"


class NotHereError(Exception):
    """This machine cannot have these servers, and why."""


def unpacked(wanted: Wanted = WANTED) -> Path:
    """Return the folder with the servers' programs, made on the first call. Raises `NotHereError`."""
    _expect_debian_and_root()
    names = " ".join(name for some in wanted for name in some)
    folder = _CHECKOUT / ".gateways" if _open_to_all(_CHECKOUT) else _ELSEWHERE
    here = folder / hashlib.sha256(f"{names} {_release()}".encode()).hexdigest()[:12]
    if not here.exists():
        folder.mkdir(exist_ok=True)
        _make(here, wanted)
    return here


def environment(root: Path) -> dict[str, str]:
    """What the programs need to find their own libraries, and nothing of the caller's."""
    triplet = _output("dpkg-architecture", "-qDEB_HOST_MULTIARCH") or f"{os.uname().machine}-linux-gnu"
    places = ("usr/lib/postfix", "usr/lib/rspamd", f"usr/lib/{triplet}", f"lib/{triplet}", "usr/lib")
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "LD_LIBRARY_PATH": ":".join(str(root / place) for place in places)}


def _open_to_all(folder: Path) -> bool:
    return all(place.stat().st_mode & stat.S_IXOTH for place in (folder, *folder.parents))


def library(root: Path, name: str) -> Path:
    """Find a library of the unpacked ones."""
    return next((root / "usr/lib").rglob(name))


def _expect_debian_and_root() -> None:
    if os.geteuid() != 0:
        raise NotHereError("Real mail servers need root: Postfix's master runs as nobody else.")
    if _release() not in _RELEASES:
        raise NotHereError(f"Real mail servers come from Debian's packages, and this is {_release()}.")


def _release() -> str:
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "not Linux"
    said = {name: value.strip('"') for name, _, value in (line.partition("=") for line in lines)}
    return f"{said.get('ID', '')} {said.get('VERSION_ID', '')}".strip()


def _make(here: Path, wanted: Wanted) -> None:
    """1. Fetch what is missing  2. unpack it beside the final place  3. rename: what has the name is complete."""
    with tempfile.TemporaryDirectory(dir=here.parent) as folder:
        archives, root = Path(folder) / "archives", Path(folder) / "root"
        (archives / "partial").mkdir(parents=True)
        # apt fetches as an account of its own, which has to reach the folder.
        Path(folder).chmod(0o755)
        _apt("update", "-qq", "-o", _RETRIES)
        for some in wanted:
            options = ("-qq", "-y", "--no-install-recommends", "--download-only", "--reinstall")
            _apt("install", *options, "-o", _RETRIES, "-o", f"Dir::Cache::Archives={archives}", *some)
        for archive in sorted(archives.glob("*.deb")):
            _run("dpkg-deb", "--extract", str(archive), str(root))
        root.chmod(0o755)
        root.rename(here)
        shutil.rmtree(archives)


def _apt(*words: str) -> None:
    _run("apt-get", *words)


def _run(*words: str) -> None:
    done = subprocess.run(  # noqa: S603 - the words are ours
        words, check=False, text=True, capture_output=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words[:2])} failed: {(done.stderr or done.stdout).strip()[-2000:]}")


def _output(*words: str) -> str:
    if not shutil.which(words[0]):
        return ""
    return subprocess.run(words, check=False, text=True, capture_output=True).stdout.strip()  # noqa: S603
