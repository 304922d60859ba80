"""Reads a CSV file into lines of named cells. Every problem is told with its line; a file with one gives nothing."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailroll.directory.edit import BadList, LineProblem
from mailroll.reconcile.cells import plain
from mailroll.reconcile.errors import BadInput
from mailroll.reconcile.text import tidy

BYTES_MAX = 32 * 1024 * 1024
"""Bytes of a file: room for 100,000 lines, in UTF-16 too."""

LINES_MAX = 100_000
"""Lines below the head."""

_CELL_MAX = 100_000
_TYPE = "#TYPE "
_SEPARATORS = (",", ";", "\t")
_SEPARATOR = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)
_BLANK = ',;\t\r\n \u00a0\ufeff"'
_GAP = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line below the head. `cells` holds every column of the head, by its name in lower case."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was read; `head` is in lower case, with underscores for blanks, and stands in line `begins`."""

    head: tuple[str, ...]
    lines: tuple[SheetLine, ...]
    begins: int = 1


def read(content: bytes) -> Sheet:
    """Read a file: UTF-8, or UTF-16 with a mark at its beginning, with commas, semicolons or tabs.

    Raises `BadInput` where it is no such file (`file_too_large`, `file_encoding`, `file_empty`), and `BadList` with
    what is wrong with its lines.
    """
    text_lines = list(io.StringIO(decoded(content), newline=""))
    skipped, separator = _above(text_lines)
    text_lines = text_lines[skipped:]
    if not text_lines:
        raise BadInput("file_empty", "The file is empty.", "It needs a head that names its columns, and lines below.")
    separator = separator or max(_SEPARATORS, key=text_lines[0].count)
    rows = csv.reader(iter(text_lines), delimiter=separator, strict=True)
    problems: list[LineProblem] = []
    head: list[str] = []
    lines: list[SheetLine] = []
    csv.field_size_limit(_CELL_MAX)
    begins = 0
    try:
        head = _trimmed([_GAP.sub("_", tidy(cell).lower()) for cell in next(rows, [])])
        begins = rows.line_num
        for row in rows:
            # A cell may hold line breaks: a row is named by the line it begins in.
            number, begins = skipped + begins + 1, rows.line_num
            cells = _trimmed(row)
            if not cells:
                continue
            if len(lines) == LINES_MAX:
                raise BadInput(
                    "file_too_long",
                    f"The file has more than {LINES_MAX:,} lines.",
                    "Split it, and bring the parts one after the other.",
                )
            # Excel leaves out what is empty at the end of a line, and writes separators for columns that are none.
            cells += [""] * (len(head) - len(cells))
            unnamed = [place for place, cell in enumerate(cells) if tidy(cell) and not "".join(head[place : place + 1])]
            if len(cells) > len(head):
                problems.append(_ragged(number, len(cells), len(head)))
            elif unnamed:
                problems.append(LineProblem(number, "", f"Cell {unnamed[0] + 1} stands in a column without a name."))
            else:
                named_cells = zip(head, map(plain, cells), strict=True)
                lines.append(SheetLine(number, {name: cell for name, cell in named_cells if name}))
    except csv.Error as error:
        opened = _opened(text_lines[begins : rows.line_num], separator)
        further = rows.line_num - begins - opened - 1
        problems.append(LineProblem(skipped + begins + opened + 1, "", _said(error, further)))
    if problems:
        raise BadList.of(problems)
    return Sheet(tuple(name for name in head if name), tuple(lines), skipped + 1)


def _above(text_lines: Sequence[str]) -> tuple[int, str]:
    """Count the lines above the head, and take the separator that one of them names, empty where none does.

    Windows PowerShell writes the type there unless told not to; Excel reads and writes `sep=;`.
    """
    separator = ""
    for count, line in enumerate(text_lines):
        said = _SEPARATOR.fullmatch(line.rstrip("\r\n"))
        if said:
            separator = said[1]
        elif line.strip(_BLANK) and not line.startswith(_TYPE):
            return count, separator
    return len(text_lines), separator


def _trimmed(cells: list[str]) -> list[str]:
    """Leave out the empty cells at the end of a line."""
    while cells and not tidy(cells[-1]):
        cells.pop()
    return cells


def expect_head(sheet: Sheet, columns: Sequence[str], needed: Sequence[str]) -> None:
    """Refuse a file with columns that mean nothing, that are named twice, or that are missing."""
    sentences: list[str] = []
    unknown = [name for name in sheet.head if name not in columns]
    sentences += [f"“{name}” is no column that is known here." for name in dict.fromkeys(unknown)]
    sentences += [f"The column “{name}” is there twice." for name in columns if sheet.head.count(name) > 1]
    sentences += [f"The column “{name}” is missing." for name in needed if name not in sheet.head]
    if sentences:
        sentences.append(f"The columns are: {', '.join(columns)}.")
        raise BadList.of(LineProblem(sheet.begins, "", said) for said in sentences)
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


def _opened(text_lines: Sequence[str], separator: str) -> int:
    """Return in which of a row's lines the cell begins whose quotation marks do not go together."""
    text = "".join(text_lines)
    quoted, opened, place = False, 0, 0
    before = separator
    while place < len(text):
        sign = text[place]
        if sign == '"' and quoted:
            if text[place + 1 : place + 2] == '"':
                place += 1
            elif text[place + 1 : place + 2] in {"", separator, "\r", "\n"}:
                quoted = False
            else:
                break
        elif sign == '"' and before in {separator, "\n", "\r"}:
            quoted, opened = True, place
        before = sign
        place += 1
    return len(list(io.StringIO(f"{text[:opened]}-", newline=""))) - 1


def _said(error: csv.Error, further: int) -> str:
    if further > 0 or "field larger" in str(error) or "unexpected end" in str(error):
        return "A quotation mark is opened and never closed."
    return "The quotation marks of this line do not go together."
