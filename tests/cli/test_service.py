"""The units of systemd: systemd itself reads them, they are closed off, and what they take away is not missed."""

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from ctypes.util import find_library
from pathlib import Path

import pytest

from mailroll.cli.service.units import units
from tests.cli.commands import mailroll
from tests.cli.test_serve import told, until_answered
from tests.ports import reserved_port

ENOUGH = 2.5
"""An exposure that systemd calls OK ends at 4.9; 10 is none of it."""
KINDS = pytest.mark.parametrize("embedded", [True, False], ids=["embedded", "own database"])
ANALYZE = shutil.which("systemd-analyze")
with_systemd = pytest.mark.skipif(not ANALYZE, reason="systemd-analyze is not here")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    made = tmp_path / "bin/mailroll"
    made.parent.mkdir()
    made.write_text("#!/bin/sh\n")
    made.chmod(0o755)
    return made


def _analyzed(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    assert ANALYZE
    return subprocess.run([ANALYZE, "--no-pager", *map(str, words)], capture_output=True, text=True, check=False)  # noqa: S603


def _written(folder: Path, program: Path, *, embedded: bool) -> list[Path]:
    kind = "--embedded" if embedded else "--own-database"
    answer = mailroll("service", "--write", str(folder), "--program", str(program), kind)
    assert answer.exit_code == 0, answer.err
    return sorted(folder.glob("*.*"))


@with_systemd
@KINDS
def test_systemd_reads_them_without_a_word_and_calls_them_closed(
    tmp_path: Path, program: Path, *, embedded: bool
) -> None:
    folder = tmp_path / "units"
    folder.mkdir()
    files = _written(folder, program, embedded=embedded)
    verified = _analyzed("verify", "--recursive-errors=no", *files)
    assert (verified.returncode, verified.stderr) == (0, "")
    for file in (one for one in files if one.suffix == ".service"):
        rated = _analyzed("security", "--offline=true", f"--threshold={ENOUGH * 10:.0f}", file)
        exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", rated.stdout)
        assert exposure is not None, rated.stderr
        assert float(exposure[1]) < ENOUGH
        assert rated.returncode == 0
    timer = re.search(r"OnCalendar=(.+)", (folder / "mailroll-backup.timer").read_text())
    assert timer is not None
    assert _analyzed("calendar", timer[1]).returncode == 0


@KINDS
def test_every_command_of_a_unit_exists(*, embedded: bool) -> None:
    commands = re.findall(
        r"/opt/mailroll ([a-z]+(?: serve)?)", "".join(units("/opt/mailroll", embedded=embedded).values())
    )
    assert sorted(commands) == sorted(["backup", "gateway serve", *(["serve"] if embedded else ["web", "worker"])])


def test_what_is_there_is_not_lost_unless_it_shall_be(tmp_path: Path, program: Path) -> None:
    folder = tmp_path / "units"
    folder.mkdir()
    web = folder / "mailroll-web.service"
    web.write_text("mine")
    words = ("service", "--write", str(folder), "--program", str(program), "--own-database", "--json")
    refused = mailroll(*words)
    assert (refused.exit_code, refused.document["error"]["code"]) == (3, "service_exists")
    assert [one.name for one in folder.iterdir()] == [web.name]
    assert web.read_text() == "mine"
    written = mailroll(*words, "--force").document
    assert web.name in written["written"]
    assert stat.S_IMODE(web.stat().st_mode) == 0o644
    again = mailroll(*words).document
    assert (again["written"], again["unchanged"]) == ([], written["written"])
    assert all(not one.name.startswith(".") for one in folder.iterdir())


def test_a_link_that_leads_nowhere_is_something_that_is_there(tmp_path: Path, program: Path) -> None:
    """`systemctl mask` makes such links, to /dev/null."""
    folder = tmp_path / "units"
    folder.mkdir()
    (folder / "mailroll-backup.timer").symlink_to("/dev/null")
    refused = mailroll("service", "--write", str(folder), "--program", str(program), "--json")
    assert refused.document["error"]["code"] == "service_exists"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "service_which"),
        (("--print", "--write"), "service_which"),
        (("--print", "--program", "/no/such/mailroll"), "service_program"),
        (("--print", "--program", "mailroll"), "service_program"),
        (("--write", "/no/such/folder", "--program", "/bin/sh"), "service_unwritable"),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], code: str) -> None:
    answer = mailroll("service", *words, "--json")
    assert answer.exit_code == 1
    assert answer.document["error"]["code"] == code


def test_printed_they_are_what_is_written(program: Path) -> None:
    printed: Mapping[str, str] = mailroll(
        "service", "--print", "--program", str(program), "--embedded", "--json"
    ).document
    assert printed == units(str(program), embedded=True)
    text = mailroll("service", "--print", "--program", str(program), "--embedded").out
    assert all(f"# {name}\n{unit}" in text for name, unit in printed.items())


def test_a_path_that_means_something_else_to_systemd_is_refused(tmp_path: Path) -> None:
    odd = tmp_path / "100% mine"
    odd.write_text("#!/bin/sh\n")
    odd.chmod(0o755)
    answer = mailroll("service", "--print", "--program", str(odd), "--json")
    assert answer.document["error"]["code"] == "service_program_name"


@with_systemd
@pytest.mark.skipif(not find_library("seccomp"), reason="libseccomp is not here")
def test_the_console_serves_with_no_more_than_a_unit_leaves_it(database_url: str, tmp_path: Path) -> None:
    """The calls that the unit allows, no executable memory, no privileges: what systemd would do, without systemd."""
    unit = units("/opt/mailroll", embedded=False)["mailroll-web.service"]
    filters: list[str] = []
    for line in re.findall(r"^SystemCallFilter=(.+)$", unit, re.MULTILINE):
        away = "~" if line.startswith("~") else ""
        filters += [f"{away}{name}" for name in line.removeprefix("~").split()]
    port = reserved_port()
    words = [sys.executable, "-m", "tests.cli.confined", *filters, "--"]
    words += [sys.executable, "-m", "mailroll", "web", "--port", str(port)]
    environment = {**os.environ, "DATABASE_URL": database_url, "MAILROLL_DATA_DIR": str(tmp_path / "data")}
    environment.pop("MAILROLL_URL", None)
    process = subprocess.Popen(  # noqa: S603 - the words are ours
        words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        told(process, f"The Console: http://localhost:{port}\n")
        until_answered(port)
        status = Path(f"/proc/{process.pid}/status").read_text()
        assert re.search(r"^Seccomp:\s*2$", status, re.MULTILINE)
        assert re.search(r"^NoNewPrivs:\s*1$", status, re.MULTILINE)
    finally:
        process.terminate()
        process.communicate(timeout=300)


def test_a_backup_gets_a_file_of_its_second_and_the_options_of_the_environment(tmp_path: Path) -> None:
    """The line of the unit, run by the shell that it names."""
    written = tmp_path / "told"
    program = tmp_path / "mailroll"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {written}\n')
    program.chmod(0o755)
    unit = units(str(program), embedded=True)["mailroll-backup.service"]
    line = re.search(r"^ExecStart=/bin/sh -c '(.+)'$", unit, re.MULTILINE)
    assert line is not None
    command = line[1].replace("$$", "$").replace("%%", "%")
    options = "--with-keys --passphrase-file /etc/mailroll/passphrase"
    environment = {"PATH": "/usr/bin:/bin", "BACKUP_OPTIONS": options}
    subprocess.run(["/bin/sh", "-c", command], env=environment, check=True)  # noqa: S603 - the unit's own words
    *before, file = written.read_text().splitlines()
    assert before == ["backup", *options.split()]
    assert re.fullmatch(r"/var/lib/mailroll-backups/mailroll-\d{4}-\d\d-\d\dT\d{6}Z\.backup", file)
