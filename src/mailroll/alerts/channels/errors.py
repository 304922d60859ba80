"""What is said where a message could not be brought to its channel."""

from mailroll.reconcile.errors import MailrollError


class NotSent(MailrollError):
    """A message did not arrive; the text is for the page of channels, and holds no part of an address."""
