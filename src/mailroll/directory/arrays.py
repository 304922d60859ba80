"""Long lists as PostgreSQL reads arrays, and values as COPY does.

psycopg writes each item by itself: measured, four times the CPU.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID


def texts(values: Iterable[str]) -> str:
    """Write texts, none of them null, for a parameter that is cast to `text[]`."""
    several = values if isinstance(values, list) else list(values)
    if not several:
        return "{}"
    array_text = '","'.join(several)
    # https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO: within quotes only these two need a backslash.
    if "\\" in array_text or array_text.count('"') != 2 * len(several) - 2:
        array_text = '","'.join([text.replace("\\", "\\\\").replace('"', '\\"') for text in several])
    return '{"' + array_text + '"}'


def uuids(values: Iterable[UUID]) -> str:
    """Write ids for a parameter that is cast to `uuid[]`."""
    return hexadecimals(uuid.hex for uuid in values)


def hexadecimals(values: Iterable[str]) -> str:
    """Write ids that are texts of hexadecimal digits for a parameter that is cast to `uuid[]`."""
    return "{" + ",".join(values) + "}"


# https://www.postgresql.org/docs/current/sql-copy.html, "Text Format": these stand for what parts fields and rows.
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NULL: Final = "\\N"


def row(values: Sequence[object]) -> str:
    """Write values as a row that COPY reads, each as `field` does."""
    texts = [value if isinstance(value, str) else _unescaped(value) for value in values]
    joined, nulls = "".join(texts), len([value for value in values if value is None])
    # Nearly every row has no backslash but those of nulls, and this tells so for all of its texts at once.
    if not joined.isprintable() or joined.count("\\") != nulls:
        texts = [field(value) for value in values]
    return "\t".join(texts)


def field(value: object) -> str:
    """Write a text, number, id, boolean or None as a field of a row that COPY reads."""
    if value is None:
        return _NULL
    text = _unescaped(value)
    # Nearly every text has nothing of the sort, and this tells so sooner.
    return text if is_plain(text) else text.translate(_ESCAPES)


def _unescaped(value: object) -> str:
    if value is None:
        return _NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)


def is_plain(text: str) -> bool:
    """Whether a text, and each part of it, is a field of a row as it is."""
    return "\\" not in text and text.isprintable()
