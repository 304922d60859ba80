"""What can go wrong with the PostgreSQL of the wheel."""


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot be used: `code`, one sentence in `message`, the way out in `help`."""

    def __init__(self, code: str, message: str, way_out: str) -> None:
        super().__init__(f"{message} {way_out}")
        self.code = code
        self.message = message
        self.help = way_out
