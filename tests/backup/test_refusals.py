"""What is no whole backup, or no empty installation, is refused by a code, and nothing has changed."""

import json
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroll.audit.actor import Acting
from mailroll.backup import archive, maker
from mailroll.directory import edit
from mailroll.directory.models import Domain, Organization
from mailroll.reconcile.errors import MailrollError
from mailroll.schema import turns
from tests import emptying
from tests.cli.commands import mailroll
from tests.schema.accounts import superuser

pytestmark = pytest.mark.django_db(transaction=True)

ACTING = Acting("test:setup")
NAME = "brightwater.example"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A backup of one domain, which is still there."""
    made = tmp_path / "mailroll.backup"
    domain = edit.add_domain(edit.add_organization("Brightwater", ACTING), NAME, ACTING)
    for number in range(5):
        edit.add_user(domain, f"p{number}@{NAME}", ACTING)
    maker.make(made, None, ACTING)
    return made


def refused(*words: str) -> str:
    answer = mailroll(*words, "--json")
    assert answer.exit_code != 0
    code: str = answer.document["error"]["code"]
    return code


def contents(file: Path) -> list[bytes]:
    with archive.reading(file) as backup:
        return [backup.raw_manifest, *(b"".join(backup.pieces(part.file)) for part in backup.manifest.parts)]


def rewritten(file: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The same backup with a manifest that somebody changed."""
    other = file.with_suffix(".other")
    with zipfile.ZipFile(file) as of, zipfile.ZipFile(other, "w") as into:
        for name in of.namelist():
            content = of.read(name)
            if name == archive.MANIFEST:
                manifest = json.loads(content)
                change(manifest)
                content = json.dumps(manifest).encode()
            into.writestr(name, content)
    return other


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120)
@given(st.data())
def test_what_is_cut_short_or_damaged_anywhere_is_never_read_as_something_else(file: Path, data: st.DataObject) -> None:
    whole, wanted = file.read_bytes(), contents(file)
    at = data.draw(st.integers(0, len(whole) - 1))
    flip = data.draw(st.integers(0, 255))
    broken = whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :] if flip else whole[:at]
    other = file.with_suffix(".broken")
    other.write_bytes(broken)
    found: object = None
    try:
        found = contents(other)
    except MailrollError as error:
        found = error.code
    right = [wanted] if len(broken) == len(whole) else []
    assert found in [*right, "backup_cut_short", "backup_damaged", "not_a_backup"]


def test_the_command_says_what_is_wrong_with_a_file(file: Path, tmp_path: Path) -> None:
    emptying.empty()
    short = tmp_path / "short"
    short.write_bytes(file.read_bytes()[:-100])
    assert refused("restore", str(short)) == "backup_cut_short"
    assert refused("restore", str(Path(__file__))) == "not_a_backup"
    assert refused("restore", str(tmp_path / "missing")) == "file_unreadable"
    later = rewritten(file, lambda manifest: manifest["migrations"].append(["directory", "9999_later"]))
    assert refused("restore", str(later)) == "backup_newer"
    form = rewritten(file, lambda manifest: manifest.update(form=2))
    assert refused("restore", str(form)) == "backup_newer"
    counts = rewritten(file, lambda manifest: manifest["parts"][-1].update(rows=7))
    assert refused("restore", str(counts)) == "backup_damaged"
    odd = rewritten(file, lambda manifest: manifest["parts"][0].update(table="pg_authid", table_schema="pg_catalog"))
    assert refused("restore", str(odd)) == "backup_damaged"
    assert not Organization.objects.exists()
    assert mailroll("restore", str(file)).exit_code == 0
    assert Domain.objects.get().name == NAME


def test_a_living_installation_is_left_alone(file: Path) -> None:
    edit.add_organization("Another", ACTING)
    assert refused("restore", str(file)) == "restore_not_empty"
    assert Organization.objects.count() == 2


def test_tables_of_another_version_are_not_filled(file: Path) -> None:
    emptying.empty()
    older = rewritten(file, lambda manifest: manifest["migrations"].remove(["directory", "0024_restoration"]))
    assert refused("restore", str(older)) == "restore_other_tables"


def test_of_two_restores_at_once_one_is_refused(file: Path, database_url: str) -> None:
    emptying.empty()
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [turns.RESTORING])
        assert refused("restore", str(file)) == "restore_under_way"
        # By word: of a session that is closed the database hears a moment later.
        other.execute("SELECT pg_advisory_unlock_all()")
    assert mailroll("restore", str(file)).exit_code == 0


def test_a_full_disk_leaves_the_backup_of_before(file: Path, database_url: str) -> None:
    """The limit is that of the process: what it writes ends there, with the error of the system."""
    before = file.read_bytes()
    limited = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))"
    done = subprocess.run(  # noqa: S603 - the words are ours
        [sys.executable, "-c", f"{limited}; from mailroll.cli import main; main()", "backup", str(file), "--json"],
        env={
            "DATABASE_URL": database_url,
            "MAILROLL_DATA_DIR": str(file.parent / "data"),
            "HOME": str(file.parent),
            # Else the limit cuts compiled modules short, for every process that comes after.
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 4096
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (1, "backup_not_written"), done.stderr
    assert file.read_bytes() == before
    assert {each.name for each in file.parent.iterdir()} == {file.name, "data"}


def test_what_is_no_backup_is_not_written_over(file: Path, tmp_path: Path) -> None:
    mine = tmp_path / "notes"
    mine.write_text("mine")
    link = tmp_path / "link"
    link.symlink_to(file)
    for place in (mine, link, tmp_path):
        assert refused("backup", str(place)) == "backup_in_the_way"
    assert refused("backup", str(tmp_path / "missing" / "file")) == "backup_not_written"
    assert mine.read_text() == "mine"


def test_tables_of_another_version_are_not_backed_up(file: Path) -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("directory", "0024_restoration")
    try:
        assert refused("backup", str(file)) == "database_older"
    finally:
        recorder.record_applied("directory", "0024_restoration")


def test_a_table_that_is_somebody_elses_is_not_left_out_in_silence(file: Path) -> None:
    """As where an administrator made one by hand, and gave only rights to it."""
    other = f"other_{uuid4().hex[:12]}"
    with superuser(str(connection.settings_dict["NAME"])) as mighty:
        mighty.execute(f"CREATE ROLE {other}")
        mighty.execute(f"ALTER TABLE directory_staticnote OWNER TO {other}")
        try:
            assert refused("backup", str(file)) == "tables_not_ours"
        finally:
            mighty.execute(f"ALTER TABLE directory_staticnote OWNER TO {connection.settings_dict['USER']}")
            mighty.execute(f"DROP ROLE {other}")
