"""Reads a CSV file into lines of named cells. Every problem is told with its line; a file with one gives nothing."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from mailroll.directory.edit import BadList, LineProblem
from mailroll.reconcile.cells import plain
from mailroll.reconcile.errors import BadInput

BYTES_MAX = 32 * 1024 * 1024
"""Bytes of a file: room for 100,000 lines, in UTF-16 too."""

LINES_MAX = 100_000
"""Lines below the head."""

_CELL_MAX = 100_000
_TYPE = "#TYPE "
_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Line:
    """One line below the head. `cells` holds every column of the head, by its name in lower case."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was read; `head` is in lower case, with underscores for blanks."""

    head: tuple[str, ...]
    lines: tuple[Line, ...]


def read(content: bytes) -> Sheet:
    """Read a file: UTF-8, or UTF-16 with a mark at its beginning, with commas, semicolons or tabs.

    Raises `BadInput` where it is no such file (`file_too_large`, `file_encoding`, `file_empty`), and `BadList` with
    what is wrong with its lines.
    """
    text = decoded(content)
    first, _, rest = text.partition("\n")
    skipped = 0
    if first.startswith(_TYPE):
        # What Windows PowerShell writes above the head unless told not to.
        text, skipped = rest, 1
        first = text.partition("\n")[0]
    if not text.strip():
        raise BadInput("file_empty", "The file is empty.", "It needs a head that names its columns, and lines below.")
    separator = max(_SEPARATORS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    problems: list[LineProblem] = []
    head: tuple[str, ...] = ()
    lines: list[Line] = []
    csv.field_size_limit(_CELL_MAX)
    try:
        head = tuple(cell.strip().lower().replace(" ", "_") for cell in next(rows, []))
        begins = skipped + rows.line_num + 1
        for cells in rows:
            # A cell may hold line breaks: a row is named by the line it begins in.
            number, begins = begins, skipped + rows.line_num + 1
            if not any(map(str.strip, cells)):
                continue
            if len(lines) == LINES_MAX:
                raise BadInput(
                    "file_too_long",
                    f"The file has more than {LINES_MAX:,} lines.",
                    "Split it, and bring the parts one after the other.",
                )
            if len(cells) != len(head):
                problems.append(_ragged(number, len(cells), len(head)))
            else:
                lines.append(Line(number, dict(zip(head, map(plain, cells), strict=True))))
    except csv.Error as error:
        problems.append(LineProblem(skipped + rows.line_num, "", _said(error)))
    if problems:
        raise BadList.of(problems)
    return Sheet(head, tuple(lines))


def expect_head(sheet: Sheet, known: Sequence[str], needed: Sequence[str]) -> None:
    """Refuse a file with columns that mean nothing, that are named twice, or that are missing."""
    told: list[str] = []
    unknown = [name for name in sheet.head if name not in known]
    told += [f"“{name}” is no column that is known here." for name in dict.fromkeys(unknown)]
    told += [f"The column “{name}” is there twice." for name in known if sheet.head.count(name) > 1]
    told += [f"The column “{name}” is missing." for name in needed if name not in sheet.head]
    if told:
        told.append(f"The columns are: {', '.join(known)}.")
        raise BadList.of(LineProblem(1, "", said) for said in told)
    if not sheet.lines:
        raise BadInput("file_empty", "The file has a head, and no line below it.", "Put one line for each address.")


def decoded(content: bytes) -> str:
    """Return the text of a file, or say why there is none."""
    if len(content) > BYTES_MAX:
        raise too_large()
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadInput(
            "file_encoding",
            f"The file is not UTF-8: line {line} holds something else.",
            "Save it as UTF-8; in PowerShell: Export-Csv -Encoding UTF8, in Excel: “CSV UTF-8”.",
        ) from error
    if "\0" in text:
        raise BadInput(
            "file_encoding",
            "The file is not a text: it holds zero bytes.",
            "Save it as CSV in UTF-8; a workbook (.xlsx) cannot be read here.",
        )
    return text


def too_large() -> BadInput:
    return BadInput(
        "file_too_large",
        f"The file is larger than {BYTES_MAX // 1024 // 1024} MB.",
        "Split it, and bring the parts one after the other.",
    )


def _ragged(number: int, cells: int, columns: int) -> LineProblem:
    return LineProblem(
        number,
        "",
        f"It has {cells} cell{'' if cells == 1 else 's'}, and the head has {columns}. A cell with a comma in it needs"
        " quotation marks around it.",
    )


def _said(error: csv.Error) -> str:
    if "field larger" in str(error) or "unexpected end" in str(error):
        return "A quotation mark is opened and never closed."
    return "The quotation marks of this line do not go together."
