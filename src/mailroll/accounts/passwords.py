"""Refuses passwords made of words that anybody would try here first."""

import re
from typing import Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from mailroll.accounts.models import Membership, Operator

WORDS: Final = (
    "administrator", "admin", "console", "email", "entra", "exchange", "gateway", "mailroll", "mail", "microsoft",
    "office", "outlook", "password", "postfix", "postmaster", "welcome",
)  # fmt: skip
"""What belongs to every installation; the names of a person's organizations come to it."""

_SHORTEST: Final = 4
"""Letters that must be left when the words are taken out; also of a word of a name that counts at all."""
_NO_LETTER: Final = re.compile(r"[\W\d_]+")


class ContextWords:
    """A validator for Django: a password is more than the words of its surroundings, digits and signs."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        letters = _NO_LETTER.sub("", password.casefold())
        rest = letters
        for word in sorted({*WORDS, *_names(user)}, key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != letters and len(rest) < _SHORTEST:
            raise ValidationError(
                "This password is made of words that everybody would try here. Take other words.",
                code="password_of_context",
            )

    def get_help_text(self) -> str:
        return "Words of this product, or the name of your organization, are not enough."


def _names(user: AbstractBaseUser | None) -> set[str]:
    """The organizations that somebody has a role in, and the one that they are bound to or invited into."""
    if not isinstance(user, Operator):
        return set()
    names = set(Membership.objects.filter(operator=user.pk).values_list("organization__name", flat=True))
    if user.bound_to is not None:
        names.add(user.bound_to.name)
    words = {word for name in names for word in _NO_LETTER.split(name.casefold())}
    return {word for word in words if len(word) >= _SHORTEST}
