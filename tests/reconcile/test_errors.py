"""Errors say what happened and what to do, and the family says what the caller can do."""

from mailroll.reconcile.errors import Broken, MailrollError, Retry


def test_an_error_reads_as_what_happened_and_what_to_do() -> None:
    error = Broken("cut_off", "The answer ended early.", "Try again.")
    assert str(error) == "The answer ended early. Try again."
    assert str(Broken("cut_off", "The answer ended early.")) == "The answer ended early."
    assert error.as_json() == {"code": "cut_off", "message": "The answer ended early.", "help": "Try again."}
    assert (error.code, error.message, error.help) == ("cut_off", "The answer ended early.", "Try again.")


def test_an_error_that_passes_says_when_to_try_again() -> None:
    error = Retry("busy", "Busy.", after=2.5)
    assert isinstance(error, MailrollError)
    assert error.after == 2.5
