"""The family of errors, told apart by what the caller can do next."""

from dataclasses import dataclass


class MailrollError(Exception):
    """An error with a stable code, one sentence on what happened, and one on what to do.

    The message and the help are read by people and may appear on a screen: they never hold a credential.
    """

    def __init__(self, code: str, message: str, help: str = "") -> None:  # noqa: A002 - the word of the contract
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help

    def __str__(self) -> str:
        return f"{self.message} {self.help}".rstrip()

    def as_json(self) -> dict[str, str]:
        """The error as rows keep it and other programs read it."""
        return {"code": self.code, "message": self.message, "help": self.help}


class Retry(MailrollError):
    """The other side is busy or away: try again after `after` seconds.

    `came_further`: a reading, which got further than the one before it, and goes on from there.
    """

    came_further = False

    def __init__(self, code: str, message: str, help: str = "", *, after: float) -> None:  # noqa: A002
        super().__init__(code, message, help)
        self.after = after


class NeedsConsent(MailrollError):
    """Consent, a permission or the credential is missing or refused: a person has to act, retrying is useless."""


class NotVerified(MailrollError):
    """What was read cannot be tied to the tenant or the domain it should belong to."""


@dataclass(frozen=True, slots=True)
class FilterProblem:
    """What is wrong at one place of a filter: a path such as `all[0].any[2].value`, a code, and a sentence."""

    path: str
    code: str
    message: str


class BadFilter(MailrollError):
    """A filter names an unknown field or operator, or a value of the wrong type: every problem with its place."""

    def __init__(
        self,
        code: str,
        message: str,
        help: str = "",  # noqa: A002
        *,
        problems: tuple[FilterProblem, ...] = (),
    ) -> None:
        super().__init__(code, message, help)
        self.problems = problems


class Broken(MailrollError):
    """The answer is not what the protocol promises: nothing of it may be used."""


class BadInput(MailrollError):
    """What the caller gave is malformed or names nothing that exists."""


class Refused(MailrollError):
    """A rule forbids it in the present state: the plan moved on, a run is under way, a hold is not for release."""
