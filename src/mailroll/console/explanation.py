"""How a page says an error, and where it is explained: its place in the documentation."""

import re
from dataclasses import dataclass
from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from mailroll.accounts.refusals import ABOUT
from mailroll.directory import edit
from mailroll.reconcile.errors import MailrollError

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{2,60}", re.ASCII)


def page_of(code: str) -> str:
    """Return the address of what is said of a code; of what is none, of all codes."""
    return f"/help/reference/errors/#{code}" if _CODE.fullmatch(code) else "/help/reference/errors/"


def tell_error(request: HttpRequest, error: MailrollError, words: str = "") -> None:
    """Say what went wrong, in the page's own words where it has some, and lead to what is said of it."""
    messages.error(request, words or str(error), extra_tags=f"{ABOUT}{error.code}")


@dataclass(frozen=True, slots=True)
class ToldFaults:
    """Says what goes wrong in its block on the next page; it goes on behind the block."""

    request: HttpRequest

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, MailrollError):
            tell_error(self.request, error)
        return isinstance(error, MailrollError)


@dataclass(frozen=True, slots=True)
class ShownFaults:
    """Puts what goes wrong in its block beside the fields that it names, else beside `field`, or above all of them."""

    form: forms.Form
    field: str | None = None

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, edit.Malformed | edit.Taken):
            visible = {field.name for field in self.form.visible_fields()}
            for problem in error.problems:
                self.form.add_error(problem.field if problem.field in visible else self.field, problem.message)
        elif isinstance(error, MailrollError):
            self.form.add_error(self.field, str(error))
        return isinstance(error, MailrollError)


def code_of(tags: str) -> str:
    """Return the code that a message is about; empty where it is about none."""
    return next((tag.removeprefix(ABOUT) for tag in tags.split() if tag.startswith(ABOUT)), "")
