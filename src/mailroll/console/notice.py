"""A message that outlives a page which only waits: it is shown there, and again where that leads to."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest

STAYS: Final = "stays"
"""The tag of such a message. Where it is shown it also takes the focus, for what was pressed is on another page."""


def carry_on(request: HttpRequest) -> None:
    """Keep these messages for the next page, once they were shown on this one."""
    for message in list(messages.get_messages(request)):
        if STAYS in message.tags.split():
            messages.add_message(request, message.level, message.message, message.extra_tags or "")
