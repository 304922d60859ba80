"""Users as a CSV file has them: written for spreadsheets, and read back as they were."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from mailroll.directory import models, queries
from mailroll.directory.addresses import OWN
from mailroll.directory.edit import BadList, LineProblem
from mailroll.directory.edit.groups import NAME_MAX
from mailroll.directory.models import Domain
from mailroll.directory.queries import ListedUser
from mailroll.directory.sheets import reader
from mailroll.reconcile.addresses import Address, AddressFault, domain_of, given
from mailroll.reconcile.cells import write_line
from mailroll.reconcile.imports import ImportRow
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.mapping import DISPLAY_NAME_MAX
from mailroll.reconcile.model import Kind
from mailroll.reconcile.text import alike, folded, is_showable, tidy

COLUMNS = (
    "address",
    "aliases",
    "display_name",
    "kind",
    "billable",
    "group",
    "managed_by",
    "pinned",
    "kept",
    "exempt",
    "retired_at",
)

_BETWEEN = re.compile(r"[\s,;]+")
_KINDS = ", ".join(kind.value for kind in Kind)


def lines(users: Iterable[ListedUser]) -> Iterator[str]:
    """Write users, one a line below the head; no cell of them is a formula."""
    yield write_line(COLUMNS)
    for user in users:
        yield write_line(
            (
                user.address or "",
                " ".join(user.aliases),
                user.display_name,
                user.kind,
                _word(user.billable),
                user.group,
                user.managed_by or "",
                _word(user.pinned),
                _word(user.kept),
                _word(user.exempt),
                user.retired_at.isoformat() if user.retired_at else "",
            )
        )


def parse(content: bytes, domain: Domain) -> tuple[ImportRow, ...]:
    """Read a file of users. Raises `BadInput`, and `BadList` with everything that is wrong with it.

    Only the address is needed. What is billed, who manages and what is pinned, kept or exempt is not for a file to say.
    """
    sheet = reader.read(content)
    reader.expect_head(sheet, COLUMNS, COLUMNS[:1])
    check = _Check(domain)
    rows = tuple(row for line in sheet.lines if (row := check.row(line)) is not None)
    if check.problems:
        raise BadList.of(check.problems)
    return rows


class _Check:
    """Reads line after line, and keeps what is wrong and which addresses were there."""

    def __init__(self, domain: Domain) -> None:
        self.problems: list[LineProblem] = []
        self._domain, self._name = domain, domain.name
        self._here = queries.accepted(domain)
        self._seen: dict[Address, int] = {}
        # Of two that look the same, as there were once, the first by name.
        names = domain.groups.order_by(Lower("name").desc(), "-id").values_list("name", flat=True)
        self._groups = {folded(name): name for name in names}

    @cached_property
    def _names(self) -> dict[str, str]:
        """The names that users have, by each of their addresses: what the roll holds is not for a file to mend."""
        rows = models.Address.objects.filter(OWN, domain=self._domain)
        return dict(rows.values_list("address", "user__display_name"))

    @cached_property
    def _unreachable(self) -> frozenset[str]:
        """The names of users all of whose addresses moved on to others."""
        own = models.Address.objects.filter(OWN, domain=self._domain, user=OuterRef("id"))
        without = models.User.objects.filter(~Exists(own), domain=self._domain)
        return frozenset(map(alike, without.values_list("display_name", flat=True)))

    def row(self, line: reader.SheetLine) -> ImportRow | None:
        """Return what a line says of a user; None where it says nothing, or something is wrong with it."""
        cells, problems_before = line.cells, len(self.problems)
        owner_label, retired = tidy(cells.get("managed_by", "")), bool(tidy(cells.get("retired_at", "")))
        if not tidy(cells["address"]):
            name = cells.get("display_name")
            if not owner_label and not retired and (name is None or alike(name) not in self._unreachable):
                self._wrong(line, "address", "A user needs an address.")
            # Somebody all of whose addresses moved on to others, as an export has it.
            return None
        address = self._address(line, "address", cells["address"])
        aliases: tuple[Address, ...] | Unset = UNSET
        if "aliases" in cells:
            texts = (text for text in _BETWEEN.split(cells["aliases"]) if text)
            addresses = [self._address(line, "aliases", text) for text in texts]
            aliases = tuple(alias for alias in dict.fromkeys(addresses) if alias is not None and alias != address)
        kind, group = self._kind(line), self._group(line)
        display_name = self._display_name(line, address, owner_label)
        if address is None or len(self.problems) > problems_before:
            return None
        return ImportRow(line.number, address, aliases, display_name, kind, group, retired)

    def _address(self, line: reader.SheetLine, field: str, text: str) -> Address | None:
        address, text = given(text), tidy(text)
        match address:
            case AddressFault.WILDCARD:
                self._wrong(line, field, f"“{text}” stands for many addresses.")
            case AddressFault.TOO_LONG:
                self._wrong(line, field, f"“{text}” is longer than an address may be.")
            case AddressFault():
                self._wrong(line, field, f"“{text}” is not an address. Write it whole, like bob@{self._name}.")
            case _ if domain_of(address) not in self._here and address not in self._names:
                self._wrong(line, field, f"{address} is not in {self._name}.")
            case _ if self._seen.get(address, line.number) != line.number:
                self._wrong(line, field, f"{address} stands in line {self._seen[address]} already.")
            case _:
                self._seen[address] = line.number
                return address
        return None

    def _kind(self, line: reader.SheetLine) -> Kind | Unset:
        text = folded(line.cells.get("kind", ""))
        if not text:
            return UNSET
        if text not in Kind._value2member_map_:
            self._wrong(line, "kind", f"“{text}” is no kind. The kinds are: {_KINDS}.")
            return UNSET
        return Kind(text)

    def _group(self, line: reader.SheetLine) -> str | Unset:
        text = tidy(line.cells.get("group", ""))
        if not folded(text):
            return UNSET
        if folded(text) not in self._groups and (len(text) > NAME_MAX or not is_showable(text)):
            said = f"A group's name has no control characters, and no more than {NAME_MAX} characters."
            self._wrong(line, "group", said)
        return self._groups.setdefault(folded(text), text)

    def _display_name(self, line: reader.SheetLine, address: Address | None, owner_label: str) -> str | Unset:
        text = line.cells.get("display_name")
        if text is None:
            return UNSET
        text = tidy(text)
        if len(text) <= DISPLAY_NAME_MAX and is_showable(text):
            return text
        if address is not None and tidy(self._names.get(address, "")) == text:
            return UNSET
        if not is_showable(text):
            if owner_label:
                # A source may send any name; here it is left out anyway.
                return UNSET
            self._wrong(line, "display_name", "The name holds characters that cannot be shown.")
        else:
            self._wrong(line, "display_name", f"The name is longer than {DISPLAY_NAME_MAX} characters.")
        return text

    def _wrong(self, line: reader.SheetLine, field: str, message: str) -> None:
        self.problems.append(LineProblem(line.number, field, message))


def _word(value: bool) -> str:  # noqa: FBT001 - said, not decided by
    return "yes" if value else "no"
