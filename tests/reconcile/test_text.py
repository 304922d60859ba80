"""Text that looks equal is equal, and no text harms the words beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.reconcile.text import alike, folded, is_showable, is_storable, shown, storable, tidy

NAMES = (
    "\u5c71\u7530\u3000\u592a\u90ce",  # the blank of Japanese names
    "Anne\u00a0Marie",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # a joiner that Persian spelling wants
    "\u0dc1\u0dca\u200d\u0dbb\u0dd3",  # and one that Sinhala wants
    "\u05e9\u05e8\u05d4\u200f",
    "Donau\u00addampf",
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sales ", "Sales"),
        ("Sales\u00a0", "Sales"),
        ("\ufeffSales\u3000", "Sales"),
        ("Bu\u0308ro", "B\u00fcro"),
        ("Bad\u00a0Homburg", "Bad  Homburg"),
        ("\u05e9\u05e8\u05d4\u200f", "\u05e9\u05e8\u05d4"),
        ("Sa\u00adles", "Sales"),
    ],
)
def test_what_looks_equal_is_equal(one: str, other: str) -> None:
    assert alike(one) == alike(other)


def test_names_are_one_whatever_the_case_and_what_differs_stays_apart() -> None:
    assert folded("B\u00dcRO ") == folded("bu\u0308ro")
    assert folded("Stra\u00dfe") == folded("STRASSE")
    assert folded("\u0645\u06cc\u200c\u062e") != folded("\u0645\u06cc\u062e")
    assert folded("Buro") != folded("B\u00fcro")


@given(st.text())
def test_every_form_is_its_own_form(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert alike(alike(text)) == alike(text) == alike(tidy(text))
    assert folded(tidy(text)) == folded(text)
    assert shown(shown(text)) == shown(text)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_real_people_can_be_shown_and_are_shown_as_they_are(name: str) -> None:
    assert is_showable(name)
    assert shown(name) == name


@pytest.mark.parametrize("text", ["a\0b", "a\nb", "a\x1b[2Jb", "a\x9fb", "a\ud800b"])
def test_control_characters_and_halves_of_characters_cannot(text: str) -> None:
    assert not is_showable(text)


def test_what_turns_the_words_beside_it_is_seen_and_turns_nothing() -> None:
    assert shown("Contoso\u202egpj.exe\u2066") == "Contoso\ufffdgpj.exe\ufffd"
    assert shown("a\x1b[2J\tb\n") == "a\ufffd[2J\tb\n"


def test_what_no_database_holds_is_replaced() -> None:
    assert storable("a\0\ud800\u00e9") == "a\ufffd\ufffd\u00e9"


def test_what_no_column_takes_is_not_storable() -> None:
    assert is_storable("Ann\u0001 \u00e9")
    assert not is_storable("a\0b")
    assert not is_storable("\ud800")
