"""What is on disk is whole or not used, and the one before it is."""

import stat
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from mailroll.directory.models import Serving
from mailroll.gateway import snapshots
from mailroll.gateway.answers import Life, Served, answer
from mailroll.gateway.copy import IN_SERVICE, DomainCopy, Image, Position, RollCopy
from tests.directory.rolls import NOON

ONE = UUID(int=1)


def roll(local: str = "bob") -> RollCopy:
    served = Served(ONE, "books.example", Serving.SERVE, True, True, NOON, timedelta(hours=72), empty=False)
    one = DomainCopy(
        served,
        (("books.example", "books.example"), ("bücher.example", "xn--bcher-kva.example")),
        Image(f"\n{local}@books.example\t\n".encode()),
        changes={"ann@books.example": Life(NOON, None)},
        kept={"kept@books.example": IN_SERVICE},
        waiting={"joiner@books.example"},
    )
    return RollCopy(Position("1/2", "10:20:11", NOON), [one])


def test_a_copy_comes_back_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "gateway"
    path = snapshots.write(folder, roll())
    back = snapshots.newest(folder)
    assert back is not None
    assert back.position == roll().position
    for asked in ("bob", "ann", "kept", "joiner", "nobody", "bob+x"):
        for name in ("books.example", "bücher.example"):
            assert answer(f"{asked}@{name}", back, NOON) == answer(f"{asked}@{name}", roll(), NOON)
    assert back.domains[ONE].in_service == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_last_two_are_kept(tmp_path: Path) -> None:
    for local in ("one", "two", "three"):
        snapshots.write(tmp_path, roll(local))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["roll-00000002", "roll-00000003"]
    back = snapshots.newest(tmp_path)
    assert back is not None
    assert back.life(ONE, "three@books.example") == IN_SERVICE


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (lambda content: content[:20], "cut short"),
        (lambda content: b"", "cut short"),
        (lambda content: content[:-1], "checksum"),
        (lambda content: content[:-9] + b"x" + content[-8:], "checksum"),
        (lambda content: content.replace(b"roll 2\n", b"roll 1\n"), "another version"),
        (lambda content: b"\0" * len(content), "another version"),
    ],
)
def test_what_is_not_whole_is_refused_and_the_last_good_one_used(tmp_path: Path, harm: object, why: str) -> None:
    assert callable(harm)
    snapshots.write(tmp_path, roll("good"))
    path = snapshots.write(tmp_path, roll("bad"))
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(snapshots.SnapshotError, match=why):
        snapshots.read(path)
    back = snapshots.newest(tmp_path)
    assert back is not None
    assert back.life(ONE, "good@books.example") == IN_SERVICE


def test_what_a_killed_process_left_half_written_does_not_stay_on_disk(tmp_path: Path) -> None:
    left_file = tmp_path / ".roll-00000001.99"
    left_file.write_bytes(b"bob@books.example")
    snapshots.write(tmp_path, roll())
    assert not left_file.exists()


def test_what_a_process_left_half_written_is_no_snapshot(tmp_path: Path) -> None:
    (tmp_path / ".roll-00000001.99").write_bytes(b"half")
    (tmp_path / "roll-x").write_bytes(b"")
    assert snapshots.newest(tmp_path) is None
    assert snapshots.newest(tmp_path / "nowhere") is None
