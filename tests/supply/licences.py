"""Writes the licence of every part of a CycloneDX document: `python -m tests.supply.licences FILE TO`."""

import json
import sys
from pathlib import Path
from typing import Any

UNKNOWN = "not declared"


def lines(document: dict[str, Any]) -> list[str]:
    """Return name, version and licence of each component, as it declares them itself, by name."""
    parts = sorted(document["components"], key=lambda part: part["name"].lower())
    return [f"{part['name']} {part['version']}: {_licence(part)}" for part in parts]


def _licence(part: dict[str, Any]) -> str:
    told = []
    for each in part.get("licenses", ()):
        licence = each.get("license", {})
        # A whole text may stand in place of a name; it is named by its beginning.
        name = each.get("expression") or licence.get("id") or licence.get("name", "")
        told.append(" ".join(name.split())[:80])
    return ", ".join(dict.fromkeys(filter(None, told))) or UNKNOWN


def main(source: str, target: str) -> None:
    found = lines(json.loads(Path(source).read_text(encoding="utf-8")))
    Path(target).write_text("\n".join([*found, ""]), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
