"""Cells of a CSV file: written so that no spreadsheet takes one for a formula, and read back as they were."""

import csv
import io
import re
from collections.abc import Iterable

# What spreadsheets begin a formula with, also in the wide forms of East Asian keyboards; and every control character,
# as some are passed over before the next sign is looked at. So are blanks and signs that show nothing, and whoever
# takes them off a cell gets a formula again. An apostrophe before it all has the cell read as plain text.
_PASSED_OVER = "'\\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_FORMULA = re.compile(f"[{_PASSED_OVER}]*[=+\\-@\uff1d\uff0b\uff0d\uff20\\x00-\\x1f\\x7f-\\x9f]")


def harmless(text: str) -> str:
    """Put an apostrophe before what could be a formula, and before what looks as if one had been put."""
    return f"'{text}" if _FORMULA.match(text) else text


def write_line(cells: Iterable[str]) -> str:
    """Write one line of a file; no cell of it is a formula."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return line.getvalue()


def plain(cell: str) -> str:
    """Take the apostrophe off that `harmless` put; a cell that never had one stays as it is."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
