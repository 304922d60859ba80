"""Text that people write and compare: what looks equal is equal, and what cannot be shown does no harm."""

import re
import unicodedata
from typing import Final

_TURNING: Final = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Signs that turn the text after them around, until it is taken back."""
_EMPTY: Final = "\u00ad\u180e\u200b\u2060\ufeff"
"""Signs that show nothing. Joiners (U+200C, U+200D) are not among them: they change the letters beside them."""
_EDGES: Final = _EMPTY + "".join(filter(str.isspace, map(chr, range(0x3001))))
_FOLDING: Final = str.maketrans(dict.fromkeys(_EMPTY + _TURNING + "\u061c\u200e\u200f"))

_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
HARMFUL: Final = f"[{_TURNING}\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
"""What hides or turns the words beside it, as an expression."""
_HARMFUL: Final = re.compile(HARMFUL)


def composed(text: str) -> str:
    """Return a text in NFC: accents are one with their letters."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def trimmed(text: str) -> str:
    """Take off the blanks around a text, no-break and invisible ones too."""
    return text.strip(_EDGES)


def tidy(text: str) -> str:
    """Return a text in the form it is kept in: NFC, without blanks around."""
    return composed(trimmed(text))


def alike(text: str) -> str:
    """Return what two texts share that look equal: `tidy`, one sort of blanks inside, and no sign that is not seen."""
    visible_text = text if text.isascii() else text.translate(_FOLDING)
    return composed(" ".join(visible_text.split()))


def folded(text: str) -> str:
    """Return what two names share that differ in the case of letters at most."""
    return composed(alike(text).casefold())


def is_showable(text: str) -> bool:
    """Tell whether a name has neither control characters nor halves of characters. People's names hold all else."""
    return _CONTROL.search(text) is None


def shown(text: str) -> str:
    """Return a text from outside for a screen: what would turn or hide the words beside it is a sign that is seen."""
    return _HARMFUL.sub("\ufffd", text)


def is_storable(text: str) -> bool:
    """Tell whether UTF-8 and PostgreSQL can hold a text: it has no NUL and no half of a character."""
    return _UNSTORABLE.search(text) is None


def storable(text: str) -> str:
    """Replace what neither UTF-8 nor PostgreSQL can hold, so that one odd text never stops a domain."""
    # What can be printed can be stored, and this tells so sooner.
    return text if text.isprintable() or is_storable(text) else _UNSTORABLE.sub("\ufffd", text)
