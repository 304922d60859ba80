"""What stands for names in an audit log whose organization was erased: events stay, and nobody learns of whom."""

import hmac
import re
from collections.abc import Container
from typing import Any, Final

from mailroll.accounts.models import Role
from mailroll.audit.models import AuditEntry

_KEPT_WORDS: Final = frozenset(Role)
_KEPT_DETAILS: Final = frozenset(
    {
        *("code", "result", "trigger", "decision", "state", "outcome", "level", "mode", "serving", "format", "action"),
        *("kind", "cloud", "credential", "method", "by", "demand", "purposes", "users", "since", "until", "at"),
    }
)
"""Details whose values are words of ours, or times. Whatever else is text may be a name, and a later detail too."""

_ID_OR_TIME: Final = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)?", re.IGNORECASE
)
_BEGINS: Final = "erased-"
_PERSON: Final = "operator:"


class Pseudonyms:
    """The same text has the same pseudonym in one erasure, so that a chain of events can be followed.

    The key is made for it and kept nowhere: afterwards nobody can try out names to see which one it was.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def pseudonym(self, text: str) -> str:
        if not text or text in _KEPT_WORDS or text.startswith(_BEGINS) or _ID_OR_TIME.fullmatch(text):
            return text
        return _BEGINS + hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256").hex()[:12]

    def put_into(self, entry: AuditEntry, operator_emails: Container[str]) -> None:
        """Take names out of an entry; who acted stays where their account does, with where they did it from."""
        sort, _, email = entry.actor.partition(":")
        entry.subject = self.pseudonym(entry.subject)
        entry.details = {
            name: value if name in _KEPT_DETAILS else self._replace_names(value)
            for name, value in entry.details.items()
        }
        if sort == "operator" and email not in operator_emails:
            entry.actor = _PERSON + self.pseudonym(email)
        if sort != "operator" or email not in operator_emails:
            entry.client = entry.agent = ""

    def _replace_names(self, value: Any) -> Any:
        match value:
            case str():
                return self.pseudonym(value)
            case list():
                return [self._replace_names(element) for element in value]
            case dict():
                return {self.pseudonym(str(name)): self._replace_names(element) for name, element in value.items()}
            case _:
                return value
