"""How an error is told: one JSON document on stdout where JSON was asked for, else two lines on stderr."""

import json
import re
import sys

from mailroll.reconcile.text import HARMFUL, shown


def as_document(content: object) -> str:
    """Write JSON that a terminal can show: a program reads from it what it would have read anyway."""
    text = json.dumps(content, indent=2, ensure_ascii=False)
    return re.sub(HARMFUL, lambda found: f"\\u{ord(found[0]):04x}", text)


def complain(code: str, message: str, way_out: str, *, as_json: bool) -> None:
    if as_json:
        error = {"code": code, "message": message, "help": way_out}
        print(as_document({"error": error}))
        return
    print(f"mailroll: {shown(message)}", file=sys.stderr)
    if way_out:
        print(shown(way_out), file=sys.stderr)
    print(f"({code})", file=sys.stderr)
