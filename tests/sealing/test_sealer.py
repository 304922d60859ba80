"""What is sealed opens with our keys, in its own place, and nowhere else."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from mailroll.sealing import MisplacedError, Sealer, SealingError, WrongKeyError

KEY, OTHER = (Fernet.generate_key().decode() for _ in range(2))
PLACE = "connection:1:secret"

contexts = st.text(st.characters(codec="utf-8"), max_size=40)


@given(secret=st.binary(), context=contexts)
def test_what_is_sealed_opens_in_its_place(secret: bytes, context: str) -> None:
    sealer = Sealer([KEY])
    assert sealer.open(sealer.seal(secret, context), context) == secret


@given(secret=st.binary(), places=st.lists(contexts, min_size=2, max_size=2, unique=True))
def test_what_is_sealed_opens_in_no_other_place(secret: bytes, places: list[str]) -> None:
    sealer = Sealer([KEY])
    with pytest.raises(MisplacedError):
        sealer.open(sealer.seal(secret, places[0]), places[1])


def test_a_secret_that_continues_its_context_does_not_fit_the_longer_context() -> None:
    sealer = Sealer([KEY])
    with pytest.raises(MisplacedError):
        sealer.open(sealer.seal("bc", "a"), "ab")


@given(garbage=st.text())
def test_what_was_never_sealed_does_not_open(garbage: str) -> None:
    with pytest.raises(WrongKeyError):
        Sealer([KEY]).open(garbage, PLACE)


def test_text_is_sealed_as_utf8() -> None:
    sealer = Sealer([KEY])
    assert sealer.open(sealer.seal("größer", PLACE), PLACE).decode() == "größer"


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    sealer = Sealer([KEY])
    assert sealer.seal("secret", PLACE) != sealer.seal("secret", PLACE)


def test_another_installation_cannot_open_it() -> None:
    with pytest.raises(WrongKeyError) as caught:
        Sealer([OTHER]).open(Sealer([KEY]).seal("secret", PLACE), PLACE)
    assert caught.value.code == "sealing_wrong_key"
    assert "a key this installation does not have" in caught.value.message
    assert "MAILROLL_SECRET_KEY" in caught.value.help


def test_an_earlier_key_still_opens_and_the_first_one_seals() -> None:
    old = Sealer([KEY]).seal("secret", PLACE)
    both = Sealer([OTHER, KEY])
    assert both.open(old, PLACE) == b"secret"
    assert Sealer([OTHER]).open(both.seal("secret", PLACE), PLACE) == b"secret"


def test_after_rotation_the_earlier_key_is_needed_no_more() -> None:
    old = Sealer([KEY]).seal("secret", PLACE)
    assert Sealer([OTHER]).open(Sealer([OTHER, KEY]).rotate(old, PLACE), PLACE) == b"secret"


def test_rotation_does_not_carry_a_secret_to_another_place() -> None:
    sealer = Sealer([KEY])
    with pytest.raises(MisplacedError):
        sealer.rotate(sealer.seal("secret", PLACE), "connection:2:secret")


def test_without_keys_there_is_no_sealer() -> None:
    with pytest.raises(SealingError, match="No key was given"):
        Sealer([])


@pytest.mark.parametrize("bad", ["hidden", "hidden" * 8, "größer-hidden", "", KEY[:-4]], ids=range(5))
def test_a_bad_key_is_named_by_its_number_and_not_shown(bad: str) -> None:
    with pytest.raises(SealingError) as caught:
        Sealer([KEY, bad])
    told = f"{caught.value} {caught.value!r} {caught.value.__cause__!r}"
    assert "number 2" in caught.value.message
    assert "hidden" not in told
    assert KEY not in told


def test_a_sealer_does_not_show_its_keys() -> None:
    assert repr(Sealer([KEY, OTHER])) == "Sealer(2 keys)"
