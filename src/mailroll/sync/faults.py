"""What is kept of a fault that nobody foresaw."""

from mailroll.schema.outage import outage
from mailroll.sealing import MisplacedError, WrongKeyError


def unexpected(error: Exception) -> dict[str, str]:
    """A fault nobody foresaw, as a run keeps it: its kind only, as its text may hold anything.

    Of the database itself it is told whether it was away, or its disk full; and of a credential that it does not open.
    """
    if isinstance(error, WrongKeyError | MisplacedError):
        return {"code": error.code, "message": error.message, "help": error.help}
    away = outage(error)
    if away is not None:
        return away.as_json()
    return {
        "code": "internal_error",
        "message": f"Something broke on our side ({type(error).__name__}). The list is as it was.",
        "help": "Look into the log, and report it with the number of the run.",
    }
