"""A process that lives on while its key file is changed goes on with the keys that are in it."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from mailroll.sealing import KEY_FILE, FollowedSealer, LostKeyError, Sealer, WrongKeyError, keys_from, make_key

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


@dataclass
class Own:
    folder: Path
    keys: tuple[str, ...] = ()

    @property
    def file(self) -> Path:
        return self.folder / KEY_FILE

    def write(self, *keys: str) -> None:
        self.file.write_text("\n".join(keys))
        self.file.chmod(0o600)

    def sealer(self) -> FollowedSealer:
        return FollowedSealer(
            lambda: self.keys, lambda: self.file, lambda: Sealer(keys_from(self.keys, None, self.folder))
        )


@pytest.fixture
def own(tmp_path: Path) -> Own:
    return Own(tmp_path)


def test_what_another_process_sealed_with_a_new_key_opens_without_a_restart(own: Own) -> None:
    own.write(OLD)
    sealer = own.sealer()
    assert sealer() is sealer()
    own.write(NEW, OLD)
    assert sealer().open(Sealer([NEW]).seal("secret", "place"), "place") == b"secret"
    assert Sealer([NEW]).open(sealer().seal("later", "place"), "place") == b"later"


@pytest.mark.parametrize("text", ["", "half a ke", "# none\n"])
def test_a_file_that_is_none_changes_nothing_and_is_read_once_it_is_one(own: Own, text: str) -> None:
    own.write(OLD)
    sealer = own.sealer()
    before = sealer()
    own.write(text)
    assert sealer() is before
    own.file.unlink()
    assert sealer() is before
    own.write(NEW)
    with pytest.raises(WrongKeyError):
        sealer().open(before.seal("secret", "place"), "place")


def test_who_never_had_a_key_goes_without(own: Own) -> None:
    sealer = own.sealer()
    with pytest.raises(LostKeyError):
        sealer()
    make_key(own.folder)
    assert sealer().open(sealer().seal("secret", "place"), "place") == b"secret"


def test_keys_that_are_set_are_not_looked_for_in_a_file(own: Own) -> None:
    own.keys = (OLD,)
    sealer = own.sealer()
    before = sealer()
    own.write(NEW)
    assert sealer() is before


def test_who_goes_on_with_the_keys_of_before_says_so_once(own: Own, caplog: pytest.LogCaptureFixture) -> None:
    own.write(OLD)
    sealer = own.sealer()
    before = sealer()
    own.write(NEW, OLD)
    own.file.chmod(0o644)
    assert sealer() is sealer() is before
    (said,) = caplog.messages
    assert said.startswith("the keys of before go on, as the key file was changed: Other users can read the key file")
    own.file.chmod(0o600)
    assert Sealer([NEW]).open(sealer().seal("later", "place"), "place") == b"later"
