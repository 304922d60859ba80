"""Letters that leave this installation: sentences of ours, and on lines of their own what somebody else wrote.

Names of people, of organizations and of domains are chosen by others, who might have a letter of ours say something
for them. So none stands in a subject or a sentence: each has a line with a label before it, is cut, and holds nothing
that a mail program makes a link of. The one thing to click is a link of ours.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from mailroll.accounts import installation
from mailroll.reconcile.text import shown

LONGEST: Final = 100
"""Letters of a name that are shown; what nobody reads to its end is a place to hide something in."""

_JOINERS: Final = "\u200c\u200d"
"""They show nothing and change the letters beside them, as Persian and Hindi are written."""

# What parts a host name: the full stop, and what browsers take for one (RFC 3490, section 3.1, and NFKC of the others).
_STOPS: Final = "." + "\u3002\uff0e\uff61" + "\u2024\ufe52"
# What parts a scheme from the rest, and what Outlook takes for a path on a server: \\\\server\\share.
_MARKS: Final = ":\uff1a\ufe55" + "\\\\\uff3c\ufe68"
_LINKED: Final = re.compile(rf"(?<=[{_STOPS}])(?=[^\s.,;:!?)\]}}'\"])|(?<=[{_MARKS}])(?=\S)|(?<=//)(?=\S)")
"""Where a space goes, which neither a host name nor the address of a page can have."""

_ALPHABETS: Final = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
"""Those whose letters look like each other's; a sign's name begins with its alphabet."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """What somebody else wrote, behind a label of ours."""

    label: str
    text: str
    longest: int = LONGEST

    @property
    def harmless(self) -> str:
        mixed = " (letters of several alphabets)" if mixes_alphabets(self.text[: self.longest]) else ""
        return defused(self.text, self.longest) + mixed


@dataclass(frozen=True, slots=True)
class Letter:
    """To whom it goes, and what it says: subject, first sentence and all others are ours."""

    to: str
    subject: str
    opening: str
    quoted: tuple[Quoted, ...] = ()
    before_link: str = ""
    link: str = ""
    closing: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        lines = "\n".join(f"{quote.label}: {quote.harmless}" for quote in self.quoted)
        parts = (self.opening, lines, self.before_link, self.link, *self.closing)
        return "\n\n".join(part for part in parts if part) + "\n"

    @property
    def message(self) -> EmailMultiAlternatives:
        """The letter as plain text and as HTML, both of the same words."""
        message = EmailMultiAlternatives(f"Mailroll: {self.subject}", self.text, to=[self.to])
        message.attach_alternative(render_to_string("account/email/letter.html", {"letter": self}), "text/html")
        return message


def defused(text: str, longest: int = LONGEST) -> str:
    """Return a text of others in one line, cut, and with nothing that hides, turns around, or becomes a link."""
    visible_text = "".join(
        sign for sign in text[: 4 * longest] if unicodedata.category(sign) != "Cf" or sign in _JOINERS
    )
    line = shown(" ".join(visible_text.split()))
    apart = _LINKED.sub(" ", line)
    return apart if len(apart) <= longest else f"{apart[: longest - 1].rstrip()}\u2026"


def mixes_alphabets(text: str) -> bool:
    """Tell whether a word has letters of several alphabets, as one has that shall look like another."""
    return any(len({_alphabet(sign) for sign in word} - {""}) > 1 for word in re.findall(r"\w+", text))


def person(name: str, email: str) -> str:
    """Say who somebody is: by name where they gave one, and always by address."""
    return f"{name[:LONGEST]}, {email}" if name else email


def console_host() -> str:
    return urlsplit(installation.settings().console_url).netloc


def _alphabet(sign: str) -> str:
    name = unicodedata.name(sign, "").split(" ", 1)[0]
    return name if name in _ALPHABETS else ""
