"""What is said where a message could not be brought to its channel."""


class NotSent(Exception):
    """A message did not arrive; the text is for the page of channels, and holds no part of an address."""
