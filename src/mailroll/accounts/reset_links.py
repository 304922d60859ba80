"""The link that sets another password: how old it is, the database's clock tells."""

from datetime import datetime

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from mailroll.audit import clock


class ResetLinks(PasswordResetTokenGenerator):
    """Makes and checks the token of a link, as Django does: it ends with use, and with another password or address.

    By the machine's clock, one that was set back would let a link live longer than the letter says.
    """

    def _now(self) -> datetime:
        return clock.now().replace(tzinfo=None)
