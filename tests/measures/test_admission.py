"""Who may read the metrics: what is set has to hold, and where nothing is, nobody may."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from mailroll.measures import table
from mailroll.measures.accumulator import Accumulator
from mailroll.measures.admission import Admission, Admittance

TOKEN = "a token of many characters"
BEARER = f"Bearer {TOKEN}"
OFFICE = (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    return file


@pytest.mark.parametrize(
    ("given", "entry"),
    [
        (BEARER, Admittance.GRANTED), (f"bearer  {TOKEN} ", Admittance.GRANTED), (f"{BEARER}s", Admittance.WRONG_TOKEN),
        (BEARER[:-1], Admittance.WRONG_TOKEN),
        (TOKEN, Admittance.WRONG_TOKEN),
        (f"Basic {TOKEN}", Admittance.WRONG_TOKEN),
        ("Bearer", Admittance.WRONG_TOKEN), ("", Admittance.WRONG_TOKEN), ("Bearer \xff\udcff", Admittance.WRONG_TOKEN),
    ],
)  # fmt: skip
def test_the_token_is_brought_as_a_bearer_and_whole(kept: Path, given: str, entry: Admittance) -> None:
    assert Admission(kept).judge(given, None) is entry


@pytest.mark.parametrize(
    ("visitor", "entry"),
    [
        ("10.1.2.3", Admittance.GRANTED), ("::ffff:10.1.2.3", Admittance.GRANTED), ("fd00::1%eth0", Admittance.GRANTED),
        ("10.2.0.1", Admittance.WRONG_PLACE), ("::1", Admittance.WRONG_PLACE), ("", Admittance.WRONG_PLACE),
        (None, Admittance.WRONG_PLACE), ("mail.example", Admittance.WRONG_PLACE),
    ],
)  # fmt: skip
def test_a_network_is_that_of_whoever_asks(visitor: str | None, entry: Admittance) -> None:
    assert Admission(networks=OFFICE).judge("", visitor) is entry


def test_where_both_are_set_both_have_to_hold(kept: Path) -> None:
    both = Admission(kept, OFFICE)
    assert both.judge(BEARER, "10.1.0.1") is Admittance.GRANTED
    assert both.judge(BEARER, "192.0.2.1") is Admittance.WRONG_PLACE
    assert both.judge("", "10.1.0.1") is Admittance.WRONG_TOKEN


def test_without_either_nobody_may() -> None:
    assert Admission().is_off
    assert Admission().judge(BEARER, "127.0.0.1") is Admittance.OFF


@pytest.mark.parametrize("content", [None, b"", b"short", b"\xff" * 30])
def test_a_token_that_is_missing_or_can_be_guessed_opens_nothing(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    given = "Bearer " + (content or b"").decode("latin-1")
    assert Admission(file).judge(given, None) is Admittance.NO_TOKEN_KEPT


def test_a_token_that_is_changed_holds_from_the_next_question_on(kept: Path) -> None:
    admission = Admission(kept)
    kept.write_text("another token of many characters")
    assert admission.judge(BEARER, None) is Admittance.WRONG_TOKEN
    assert admission.judge("Bearer another token of many characters", None) is Admittance.GRANTED


def test_what_could_not_be_written_down_is_counted_with_what_came_since() -> None:
    counted = Accumulator()
    counted.add(table.GRAPH_REQUESTS, "ok", amount=3)
    taken = counted.take()
    counted.add(table.GRAPH_REQUESTS, "ok")
    counted.give_back(taken)
    assert counted.take() == {("mailroll_graph_requests_total", ("ok",)): 4}
    with pytest.raises(ValueError, match=r"^\(\)$"):
        counted.add(table.GRAPH_REQUESTS)


def test_no_metric_stands_in_the_tables_twice_and_no_label_names_anybody() -> None:
    every = (*table.CONSOLE, *table.GATEWAY)
    assert len({measure.name for measure in every}) == len(every)
    labels = {label for measure in every for label in measure.labels}
    assert labels == {"health", "cause", "reason", "hours", "trigger", "outcome", "answer", "status", "state", "way"}
