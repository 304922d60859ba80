"""Logs beside the roll: packed or not, cut short, without end; told are those whom a gateway would refuse."""

import gzip
import lzma
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest

from mailroll.directory.models import Serving
from mailroll.gateway.compare import Comparison, Log, compare, comparison
from tests.directory.rolls import NOON
from tests.gateway.conftest import ALIAS, NAME, SHOWN, Shelf
from tests.gateway.test_answers import fill

NAMES = frozenset({NAME, SHOWN, ALIAS})


def line(address: str, day: int = 1, month: str = "Mar") -> str:
    told = f"to=<{address}>, relay=o[192.0.2.1]:25, status=sent (250)"
    return f"{month} {day:2} 09:00:00 mx postfix/smtp[8]: 4C1D2E: {told}\n"


def run(*files: Path, days: int = 30, names: frozenset[str] = NAMES) -> Comparison:
    return compare([Log(file) for file in files], names, NOON, NOON.date(), days)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "mail.log"


def told(done: Comparison) -> dict[str, int]:
    return {one.address.partition("@")[0]: one.messages for one in done.missed}


def test_those_are_told_whom_the_roll_would_refuse(shelf: Shelf, log: Path) -> None:
    fill(shelf)
    known = ("bob", "BOB", "bob+x", "leaving", "left", "joiner", "postmaster")
    wanted = [*known, "list", "list+a", "list+b", "List", "gone"]
    log.write_text("".join(line(f"{one}@{NAME}") for one in wanted) + line(f"list@{SHOWN}", 2) + line("x@z.example"))
    done = run(log)
    assert told(done) == {"list": 5, "gone": 1}
    first, second = done.missed
    assert (first.last, first.ended, second.ended) == (NOON.date(), False, True)
    assert (done.messages, done.elsewhere) == (len(wanted) + 1, 1)


@pytest.mark.parametrize("serving", [Serving.WATCH, Serving.PASS])
def test_a_domain_that_is_not_served_yet_is_judged_as_if_it_were(shelf: Shelf, log: Path, serving: Serving) -> None:
    fill(shelf)
    shelf.set(serving=serving)
    log.write_text(line(f"bob@{NAME}") + line(f"list@{NAME}"))
    assert told(run(log)) == {"list": 1}


def test_a_domain_that_was_not_read_lately_is_judged_by_what_it_has(shelf: Shelf, log: Path) -> None:
    fill(shelf)
    shelf.set(read_at=NOON - timedelta(days=300))
    log.write_text(line(f"bob@{NAME}") + line(f"list@{NAME}"))
    assert told(run(log)) == {"list": 1}


def test_days_beyond_those_asked_for_do_not_count(shelf: Shelf, log: Path) -> None:
    log.write_text(line(f"list@{NAME}", 1) + line(f"list@{NAME}", 1, "Feb") + line(f"list@{NAME}", 10, "Jan"))
    done = run(log)
    assert (told(done), done.older) == ({"list": 2}, 1)
    assert told(run(log, days=365)) == {"list": 3}


def test_logs_are_read_packed_and_as_windows_writes_them(shelf: Shelf, tmp_path: Path) -> None:
    text = line(f"list@{NAME}")
    trace = f"Received,RecipientAddress,Status\r\n2026-03-01T09:00:00,list@{NAME},Delivered\r\n"
    files = [tmp_path / name for name in ("a", "b", "c", "d", "e")]
    for file, content in zip(
        files,
        (
            text.encode(),
            gzip.compress(text.encode()),
            lzma.compress(text.encode()),
            trace.encode("utf-16"),
            trace.encode("utf-8-sig"),
        ),
        strict=True,
    ):
        file.write_bytes(content)
    for file in files:
        assert told(run(file)) == {"list": 1}, file.name
    assert told(run(*files)) == {"list": 5}


def test_what_is_cut_short_counts_as_far_as_it_goes_and_is_told(shelf: Shelf, log: Path) -> None:
    whole = gzip.compress("".join(line(f"list{one}@{NAME}") for one in range(5000)).encode())
    log.write_bytes(whole[: len(whole) // 2])
    read = Log(log)
    done = compare([read], NAMES, NOON, NOON.date(), 30)
    assert read.broken
    assert 0 < done.recipients < 5000


def test_a_file_that_is_not_there_is_told(shelf: Shelf, log: Path) -> None:
    read = Log(log)
    assert compare([read], NAMES, NOON, NOON.date(), 30).recipients == 0
    assert read.broken == "No such file or directory"


def test_lines_that_cannot_be_read_are_counted(shelf: Shelf, log: Path) -> None:
    bad = line(f"list@{NAME}").replace("Mar", "Xyz").encode()
    log.write_bytes(b"\xff\xfd\n" + bad + b"x" * 300_000 + b"\n" + line(f"list@{NAME}").encode())
    done = run(log)
    assert (done.unreadable, told(done)) == (2, {"list": 1})


def test_recipients_are_counted_up_to_a_bound(shelf: Shelf, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "RECIPIENTS_MAX", 3)
    log.write_text("".join(line(f"list{one % 5}@{NAME}") for one in range(10)))
    done = run(log)
    assert (done.recipients, done.messages, done.uncounted) == (3, 6, 4)


def test_memory_does_not_grow_with_the_log(shelf: Shelf, log: Path) -> None:
    block = "".join(
        f"Mar  1 09:00:00 mx postfix/smtpd[9]: connect from unknown[192.0.2.{one}]\n" * 3 + line(f"p{one}@{NAME}")
        for one in range(200)
    ).encode()
    with gzip.open(log, "wb", 1) as packed:
        for _ in range(8_000_000 // len(block)):
            packed.write(block)
        packed.write(b"x" * 10_000_000)
    tracemalloc.start()
    try:
        done = run(log)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (done.recipients, done.unreadable) == (200, 1)
    assert peak < 2_500_000
