"""What can go wrong with sealed values and their keys; none of these errors ever holds a secret."""


class SealingError(Exception):
    """A secret can be neither sealed nor opened: `code`, one sentence in `message`, the way out in `help`."""

    def __init__(self, code: str, message: str, way_out: str) -> None:
        super().__init__(f"{message} {way_out}")
        self.code = code
        self.message = message
        self.help = way_out


class WrongKeyError(SealingError):
    """The value was sealed with a key this installation does not have, or was damaged: Fernet tells no difference."""


class LostKeyError(WrongKeyError):
    """There is no key at all: nothing opens, and nothing is sealed."""


class MisplacedError(SealingError):
    """The value is genuine, but was sealed for another place: it was moved or copied."""
