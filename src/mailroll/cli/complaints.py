"""How an error is told: one JSON document on stdout where JSON was asked for, else two lines on stderr."""

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import PurePath
from uuid import UUID

import msgspec

from mailroll.reconcile.text import HARMFUL, shown


def as_document(content: object) -> str:
    """Write JSON that a terminal can show: a program reads from it what it would have read anyway."""
    # Indented only afterwards: `json` writes in C where it need not indent, else four times as slowly.
    text = json.dumps(content, ensure_ascii=False, default=_plain)
    return msgspec.json.format(re.sub(HARMFUL, lambda match: f"\\u{ord(match[0]):04x}", text), indent=2)


def _plain(value: object) -> str:
    """Write a time in ISO 8601, and an id as people name it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | PurePath):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def pieces(content: object, lists: Mapping[str, Iterable[object]]) -> Iterator[str]:
    """Write a JSON document with further members that are lists, item by item."""
    text = as_document(content)
    for name, items in lists.items():
        yield text.removesuffix("\n}") + f',\n  "{name}": ['
        between = "\n    "
        for item in items:
            yield between + as_document(item).replace("\n", "\n    ")
            between = ",\n    "
        text = "]\n}" if between == "\n    " else "\n  ]\n}"
    yield text


def complain(code: str, message: str, way_out: str, *, as_json: bool) -> None:
    if as_json:
        error = {"code": code, "message": message, "help": way_out}
        print(as_document({"error": error}))
        return
    print(f"mailroll: {shown(message)}", file=sys.stderr)
    if way_out:
        print(shown(way_out), file=sys.stderr)
    # Where this installation's Console is; without MAILROLL_URL, where `mailroll serve` puts it.
    console = os.environ.get("MAILROLL_URL", "").strip().rstrip("/") or "http://localhost:8000"
    print(f"({code})\nMore: {shown(console)}/help/reference/errors/#{code}", file=sys.stderr)
