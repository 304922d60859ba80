"""How an error is told: one JSON document on stdout where JSON was asked for, else two lines on stderr."""

import json
import sys


def complain(code: str, message: str, way_out: str, *, as_json: bool) -> None:
    if as_json:
        error = {"code": code, "message": message, "help": way_out}
        print(json.dumps({"error": error}, indent=2, ensure_ascii=False))
        return
    print(f"mailroll: {message}", file=sys.stderr)
    if way_out:
        print(way_out, file=sys.stderr)
    print(f"({code})", file=sys.stderr)
