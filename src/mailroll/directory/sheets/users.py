"""Users as a CSV file has them: written for spreadsheets, and read back as they were."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from mailroll.directory import queries
from mailroll.directory.edit import BadList, LineProblem
from mailroll.directory.edit.groups import NAME_MAX
from mailroll.directory.models import Domain
from mailroll.directory.queries import Listed
from mailroll.directory.sheets import reading
from mailroll.reconcile.addresses import Address, AddressFault, DomainName, canonical, domain_of
from mailroll.reconcile.cells import harmless
from mailroll.reconcile.imports import Row
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.mapping import DISPLAY_NAME_MAX
from mailroll.reconcile.model import Kind

COLUMNS = (
    "address",
    "aliases",
    "display_name",
    "kind",
    "billable",
    "group",
    "managed_by",
    "pinned",
    "exempt",
    "retired_at",
)

_BETWEEN = re.compile(r"[\s,;]+")
_KINDS = ", ".join(kind.value for kind in Kind)


def lines(users: Iterable[Listed]) -> Iterator[str]:
    """Write users, one a line below the head; no cell of them is a formula."""
    yield _line(COLUMNS)
    for user in users:
        yield _line(
            (
                user.address or "",
                " ".join(user.aliases),
                user.display_name,
                user.kind,
                _word(user.billable),
                user.group,
                user.managed_by or "",
                _word(user.pinned),
                _word(user.exempt),
                user.retired_at.isoformat() if user.retired_at else "",
            )
        )


def parse(content: bytes, domain: Domain) -> tuple[Row, ...]:
    """Read a file of users. Raises `BadInput`, and `BadList` with everything that is wrong with it.

    Only the address is needed. What is billed, who manages and what is pinned or exempt is not for a file to say.
    """
    sheet = reading.read(content)
    reading.expect_head(sheet, COLUMNS, COLUMNS[:1])
    check = _Check(queries.accepted(domain), domain.name)
    rows = tuple(row for line in sheet.lines if (row := check.row(line)) is not None)
    if check.problems:
        raise BadList.of(check.problems)
    return rows


class _Check:
    """Reads line after line, and keeps what is wrong and which addresses were there."""

    def __init__(self, here: frozenset[DomainName], name: str) -> None:
        self.problems: list[LineProblem] = []
        self._here, self._name = here, name
        self._seen: dict[Address, int] = {}

    def row(self, line: reading.Line) -> Row | None:
        """Return what a line says of a user; None where it says nothing, or something is wrong with it."""
        cells, known = line.cells, len(self.problems)
        kept, retired = cells.get("managed_by", "").strip(), bool(cells.get("retired_at", "").strip())
        if not cells["address"].strip():
            if not kept and not retired:
                self._wrong(line, "address", "A user needs an address.")
            # Somebody all of whose addresses moved on to others, as an export has it.
            return None
        address = self._address(line, "address", cells["address"].strip())
        aliases: tuple[Address, ...] | Unset = UNSET
        if "aliases" in cells:
            texts = (text for text in _BETWEEN.split(cells["aliases"]) if text)
            found = [self._address(line, "aliases", text) for text in texts]
            aliases = tuple(one for one in dict.fromkeys(found) if one is not None and one != address)
        kind, group = self._kind(line), self._group(line)
        display_name = self._display_name(line, kept)
        if address is None or len(self.problems) > known:
            return None
        return Row(line.number, address, aliases, display_name, kind, group, retired)

    def _address(self, line: reading.Line, field: str, text: str) -> Address | None:
        address = canonical(text)
        match address:
            case AddressFault.WILDCARD:
                self._wrong(line, field, f"“{text}” stands for many addresses.")
            case AddressFault.TOO_LONG:
                self._wrong(line, field, f"“{text}” is longer than an address may be.")
            case AddressFault():
                self._wrong(line, field, f"“{text}” is not an address. Write it whole, like bob@{self._name}.")
            case _ if domain_of(address) not in self._here:
                self._wrong(line, field, f"{address} is not in {self._name}.")
            case _ if self._seen.get(address, line.number) != line.number:
                self._wrong(line, field, f"{address} stands in line {self._seen[address]} already.")
            case _:
                self._seen[address] = line.number
                return address
        return None

    def _kind(self, line: reading.Line) -> Kind | Unset:
        text = line.cells.get("kind", "").strip().lower()
        if not text:
            return UNSET
        if text not in Kind._value2member_map_:
            self._wrong(line, "kind", f"“{text}” is no kind. The kinds are: {_KINDS}.")
            return UNSET
        return Kind(text)

    def _group(self, line: reading.Line) -> str | Unset:
        text = line.cells.get("group", "").strip()
        if len(text) > NAME_MAX or not text.isprintable():
            self._wrong(line, "group", f"A group's name is printable, and no longer than {NAME_MAX} characters.")
        return text or UNSET

    def _display_name(self, line: reading.Line, kept: str) -> str | Unset:
        text = line.cells.get("display_name")
        if text is None:
            return UNSET
        if not text.isprintable():
            if kept:
                # A source may send any name; here it is left out anyway.
                return UNSET
            self._wrong(line, "display_name", "The name holds characters that cannot be shown.")
        elif len(text) > DISPLAY_NAME_MAX:
            self._wrong(line, "display_name", f"The name is longer than {DISPLAY_NAME_MAX} characters.")
        return text

    def _wrong(self, line: reading.Line, field: str, message: str) -> None:
        self.problems.append(LineProblem(line.number, field, message))


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return buffer.getvalue()


def _word(value: bool) -> str:  # noqa: FBT001 - said, not decided by
    return "yes" if value else "no"
