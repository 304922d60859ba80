"""What is explained is what mail servers are told: the answer is the gateway's own, and a step says what settled it."""

from datetime import timedelta

import pytest

from mailroll.directory import edit
from mailroll.directory.models import Serving
from mailroll.gateway import recipients
from mailroll.gateway.answers import Answer, Because, Verdict
from mailroll.insight.why import gateway_verdict
from mailroll.insight.why.addresses import explain
from tests.directory.rolls import ACTING, NOON
from tests.gateway.conftest import ALIAS, NAME, SHOWN, Shelf, shelf

__all__ = ["shelf"]

HOUR = timedelta(hours=1)
ENDED = f"ended@{NAME}"


def _codes(address: str) -> set[str]:
    return {reason["code"] for reason in explain(address, NOON).reasons}


@pytest.fixture
def filled(shelf: Shelf) -> Shelf:
    """Addresses in every part of their life, in a domain that was read an hour ago."""
    shelf.set(read_at=NOON - HOUR)
    shelf.has(f"ann@{NAME}")
    shelf.has(f"list@{ALIAS}")
    shelf.has(f"unsure@{NAME}", -30 * HOUR)
    shelf.has(f"ending@{NAME}", -2 * HOUR, -HOUR)
    shelf.has(f"later@{NAME}", -30 * HOUR, -29 * HOUR)
    shelf.has(ENDED, -90 * HOUR, -89 * HOUR)
    shelf.awaits(f"waits@{NAME}")
    return shelf


@pytest.mark.parametrize("serving", list(Serving))
@pytest.mark.parametrize("read", [timedelta(hours=1), timedelta(hours=73)])
def test_explain_and_the_gateway_agree(filled: Shelf, serving: Serving, read: timedelta) -> None:
    filled.set(serving=serving, read_at=NOON - read)
    known = ("ann", "ann+tag", "list", "unsure", "ending", "later", "ended", "waits", "waits+tag")
    for local in (*known, "nobody", "postmaster", "b c", "*"):
        for name in (NAME, SHOWN, ALIAS, "elsewhere.example"):
            address = f"{local}@{name}"
            told, why = recipients.ask(address, NOON), explain(address, NOON)
            # An address in U-labels is explained under its one canonical form.
            assert (told.answer, told.because, why.accepted) == (
                why.verdict.answer,
                why.verdict.because,
                told.answer is Answer.ACCEPT,
            ), address
            assert why.steps, address


@pytest.mark.parametrize(
    ("local", "code"),
    [
        ("ann", "held_by_user"),
        ("ann+x", "plus_addressing"),
        ("unsure", "address_ending"),
        ("ending", "address_ending"),
        ("later", "address_put_off"),
        ("ended", "address_ended"),
        ("waits", "address_waits"),
        ("nobody", "not_in_list"),
        ("postmaster", "postmaster"),
    ],
)
def test_a_step_says_what_settled_it(filled: Shelf, local: str, code: str) -> None:
    assert code in _codes(f"{local}@{NAME}")


def test_times_of_an_end_are_told(filled: Shelf) -> None:
    ends = {
        "ending": NOON + 22 * HOUR,
        "later": NOON + 18 * HOUR,
        "ended": NOON - 42 * HOUR,
    }
    for local, at in ends.items():
        said = " ".join(reason["message"] for reason in explain(f"{local}@{NAME}", NOON).reasons)
        assert f"{at:%Y-%m-%d %H:%M} UTC" in said


def test_a_domain_that_is_not_simply_served_says_so(filled: Shelf) -> None:
    nobody = f"nobody@{NAME}"
    filled.set(serving=Serving.WATCH)
    assert {"watched", "not_in_list"} <= _codes(nobody)
    assert "watched" not in _codes(f"ann@{NAME}")
    filled.set(serving=Serving.PASS)
    assert "passed_through" in _codes(nobody)
    filled.set(serving=Serving.SERVE, read_at=NOON - 73 * HOUR)
    assert "list_stale" in _codes(nobody)
    filled.clear()
    filled.set(read_at=NOON)
    assert "list_empty" in _codes(nobody)


def test_a_list_that_was_never_read_is_not_said_to_have_been(shelf: Shelf) -> None:
    (step,) = gateway_verdict.tell(Verdict(Answer.CANNOT_SAY, Because.STALE, shelf.domain.id), shelf.domain)
    assert (step.at, step.code) == (None, "list_stale")
    assert "No source of" in step.message


def test_an_alias_domain_that_nobody_verified_is_not_served(shelf: Shelf) -> None:
    edit.add_domain_alias(shelf.domain, "unproved.example", ACTING)
    why = explain("ann@unproved.example", NOON)
    assert (why.verdict.because, why.accepted) == (Because.NO_DOMAIN, False)
    assert "not_in_list" in {reason["code"] for reason in why.reasons}


@pytest.mark.parametrize(
    "text", ["", "@", "bob", "a\0b@c.example", "\ud800@c.example", "x" * 10_000, "\u202ea@b.example"]
)
def test_no_text_is_too_odd_to_be_explained(db: None, text: str) -> None:
    assert not explain(text, NOON).accepted
