"""What can go wrong with the PostgreSQL of the wheel, by what the caller can do next."""


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot be used: `code`, one sentence in `message`, the way out in `help`."""

    def __init__(self, code: str, message: str, way_out: str) -> None:
        super().__init__(f"{message} {way_out}")
        self.code = code
        self.message = message
        self.help = way_out


class NotInstalledError(EmbeddedError):
    """Install the extra, or name another PostgreSQL."""


class RefusedError(EmbeddedError):
    """A person must change something outside: a folder, an account, the version of the data."""


class NotReadyError(EmbeddedError):
    """The server did not do what was asked in time: look at its log, or wait and ask again."""
