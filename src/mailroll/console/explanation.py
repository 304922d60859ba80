"""Where an error is explained: its place in the documentation, to which whatever shows it leads."""

import re
from typing import Final

from django.contrib import messages
from django.http import HttpRequest

from mailroll.reconcile.errors import MailrollError

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{2,60}", re.ASCII)
_ABOUT: Final = "about-"


def page_of(code: str) -> str:
    """Return the address of what is said of a code; of what is none, of all codes."""
    return f"/help/reference/errors/#{code}" if _CODE.fullmatch(code) else "/help/reference/errors/"


def tell_error(request: HttpRequest, error: MailrollError) -> None:
    """Say on the next page what went wrong, with a link to what that means."""
    messages.error(request, str(error), extra_tags=f"{_ABOUT}{error.code}")


def code_of(tags: str) -> str:
    """Return the code that a message is about; empty where it is about none."""
    return next((tag.removeprefix(_ABOUT) for tag in tags.split() if tag.startswith(_ABOUT)), "")
