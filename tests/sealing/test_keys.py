"""Keys are taken from where the operator put them, or made once, for the owner's eyes only."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from mailroll.sealing import KEY_FILE, LostKeyError, Sealer, SealingError, keys_from, make_key

KEY, OTHER = (Fernet.generate_key().decode() for _ in range(2))

MAKE = """
import sys
from pathlib import Path
from mailroll.sealing import make_key
print(*make_key(Path(sys.argv[1])))
"""


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "keys"
    file.write_text(text)
    file.chmod(mode)
    return file


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_given_keys_are_used_and_no_file_is_made(tmp_path: Path) -> None:
    assert keys_from((KEY, OTHER), None, tmp_path / "data") == (KEY, OTHER)
    assert not (tmp_path / "data").exists()


def test_a_key_file_holds_one_key_per_line(tmp_path: Path) -> None:
    file = written(tmp_path, f"# new\n{KEY}\n\n  {OTHER}  \n")
    assert keys_from((), file, tmp_path / "data") == (KEY, OTHER)
    assert not (tmp_path / "data").exists()


def test_a_key_is_made_once_and_never_by_asking_for_it(tmp_path: Path) -> None:
    with pytest.raises(LostKeyError) as caught:
        keys_from((), None, tmp_path / "data")
    assert caught.value.code == "sealing_key_file_missing"
    assert not (tmp_path / "data").exists()
    keys = make_key(tmp_path / "data")
    assert keys == make_key(tmp_path / "data") == keys_from((), None, tmp_path / "data")
    assert Sealer(keys).open(Sealer(keys).seal("secret", "place"), "place") == b"secret"


def test_a_made_key_is_closed_to_others_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    make_key(tmp_path / "data")
    assert mode(tmp_path / "data") == 0o700
    assert mode(tmp_path / "data" / KEY_FILE) == 0o600
    assert [file.name for file in (tmp_path / "data").iterdir()] == [KEY_FILE]


def test_processes_that_make_a_key_at_once_get_the_same(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MAKE, str(tmp_path / "data")]
    racers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
        for _ in range(6)
    ]
    assert len({racer.communicate()[0] for racer in racers}) == 1
    assert [racer.returncode for racer in racers] == [0] * 6


@pytest.mark.parametrize("given", [0o640, 0o604, 0o660, 0o644])
def test_our_own_key_file_is_refused_once_others_can_read_it(tmp_path: Path, given: int) -> None:
    make_key(tmp_path)
    (tmp_path / KEY_FILE).chmod(given)
    with pytest.raises(SealingError) as caught:
        keys_from((), None, tmp_path)
    assert caught.value.code == "sealing_key_file_open"
    assert f"{given:04o}" in caught.value.message
    assert "chmod 600" in caught.value.help


def test_a_named_key_file_may_be_shared_with_a_group_but_not_with_everybody(tmp_path: Path) -> None:
    file = written(tmp_path, KEY, 0o440)
    assert keys_from((), file, tmp_path) == (KEY,)
    file.chmod(0o444)
    with pytest.raises(SealingError, match="Other users can read"):
        keys_from((), file, tmp_path)


def test_our_own_key_file_is_never_a_link(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).symlink_to(written(tmp_path, KEY))
    with pytest.raises(SealingError, match="cannot be read"):
        keys_from((), None, tmp_path)


def test_a_link_into_nowhere_is_not_followed_to_make_a_key(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SealingError, match="cannot be read"):
        make_key(tmp_path)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    make_key(tmp_path)
    os.chown(tmp_path / KEY_FILE, 12345, -1)
    with pytest.raises(SealingError) as caught:
        keys_from((), None, tmp_path)
    assert caught.value.code == "sealing_key_file_not_ours"


def test_a_data_folder_that_others_can_write_to_gets_no_key(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(SealingError, match="not yours alone"):
        make_key(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_named_file_that_is_missing_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(SealingError, match="cannot be read") as caught:
        keys_from((), tmp_path / "missing", tmp_path)
    assert "missing" in caught.value.message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_a_file_without_a_key_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SealingError, match="holds no key"):
        keys_from((), written(tmp_path, text), tmp_path)


def test_a_folder_in_the_place_of_the_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir(mode=0o700)
    with pytest.raises(SealingError, match="Is a directory"):
        keys_from((), tmp_path / "folder", tmp_path)


def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "")
    with pytest.raises(SealingError):
        make_key(tmp_path / "keys" / "data")


def test_a_file_that_is_no_text_does_not_show_itself_in_the_error(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_bytes(b"\xff\xfehidden\n")
    file.chmod(0o600)
    with pytest.raises(SealingError) as caught:
        Sealer(keys_from((), file, tmp_path))
    assert "hidden" not in str(caught.value)
