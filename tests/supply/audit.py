"""Judges what pip-audit found: `python -m tests.supply.audit FILE`, the JSON that it wrote.

It exits with 0 and "No known vulnerabilities found" also where the index knew none of the packages: each is then
skipped with a reason (pip-audit 2.10, seen behind a mirror without that data). So what was skipped is counted here.
"""

import json
import sys
from pathlib import Path
from typing import Any

NO_DATA = 75
"""The exit code where nothing is known: EX_TEMPFAIL of sysexits.h, "try again later"."""


def judge(text: str) -> tuple[int, str]:
    """Return an exit code, 0 where all is known and well, 1 where something is not, and a sentence."""
    try:
        packages: list[dict[str, Any]] = json.loads(text)["dependencies"]
    except (ValueError, KeyError):
        packages = []
    asked = [one for one in packages if "skip_reason" not in one]
    skipped = sorted(one["name"] for one in packages if "skip_reason" in one)
    if not asked:
        return NO_DATA, "No data: nobody could be asked about vulnerabilities, so this says nothing about them."
    found = [
        f"{one['name']} {one['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'none yet'}"
        for one in asked
        for fault in one["vulns"]
    ]
    lines = [*found, f"{len(asked)} packages were looked up; {len(found)} known vulnerabilities."]
    if skipped:
        lines.append(f"No data on {len(skipped)} more: {', '.join(skipped)}.")
    return (1 if found else NO_DATA if skipped else 0), "\n".join(lines)


def main(file: str) -> int:
    path = Path(file)
    code, words = judge(path.read_text(encoding="utf-8") if path.exists() else "")
    print(words)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
