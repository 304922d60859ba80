"""Static addresses as a CSV file has them: our own columns, or those that Exchange's PowerShell writes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from mailroll.directory import queries
from mailroll.directory.edit import BadList, LineProblem, Static
from mailroll.directory.models import Domain
from mailroll.directory.sheets import reader
from mailroll.reconcile.addresses import (
    AddressFault,
    DomainName,
    ProxyAddress,
    ProxyRole,
    domain_of,
    given,
    is_onmicrosoft,
)
from mailroll.reconcile.cells import write_line
from mailroll.reconcile.errors import BadInput
from mailroll.reconcile.known import UNSET, Unset

COLUMNS = ("address", "aliases", "owner", "note", "review")

POWERSHELL = (
    "Get-DynamicDistributionGroup -ResultSize Unlimited |"
    " Select-Object PrimarySmtpAddress, @{n='EmailAddresses';e={$_.EmailAddresses -join ' '}} |"
    " Export-Csv -NoTypeInformation -Encoding UTF8 dynamic-lists.csv"
)
"""What writes a file that can be read here, in Windows PowerShell 5 and in PowerShell 7."""

PUBLIC_FOLDERS = POWERSHELL.replace("Get-DynamicDistributionGroup", "Get-MailPublicFolder").replace(
    "dynamic-lists", "public-folders"
)

_PRIMARY, _ALL = "primarysmtpaddress", "emailaddresses"
_BETWEEN = re.compile(r"[\s,;]+")
# What PowerShell writes for a list that was not joined: the name of its type, such as System.String[].
_TYPE_NAME = re.compile(r"[A-Za-z]\w*(?:\.[\w`]+)+")
_PREFIXED = re.compile(r"[\s,;{]+(?=[A-Za-z0-9]+:)")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What each line gives, by its number.

    `left_out` counts further addresses that end in other domains, `elsewhere` whole lines of other domains.
    """

    rows: list[tuple[int, Static]]
    left_out: int = 0
    elsewhere: int = 0


def parse(content: bytes, domain: Domain) -> Parsed:
    """Read a file of static addresses. Raises `BadInput`, and `BadList` with everything that is wrong with it."""
    sheet = reader.read(content)
    if _PRIMARY not in sheet.head:
        # Written by hand, for this domain: another one in it is a slip.
        return _own(sheet)
    parsed = _of_exchange(sheet, queries.accepted(domain))
    if not parsed.rows:
        raise BadInput(
            "file_of_other_domain",
            f"None of the {parsed.elsewhere:,} lines has an address in {domain.name}.",
            "Look whether this is the file, and the domain, that is meant.",
        )
    return parsed


def lines(statics: Iterable[Static]) -> Iterator[str]:
    """Write a file that can be read here, line by line, its head first; what is not set is an empty cell."""
    yield write_line(COLUMNS)
    for static in statics:
        review = static.review.isoformat() if isinstance(static.review, date) else ""
        rest = ("" if text is UNSET else str(text) for text in (static.owner, static.note))
        yield write_line((static.address, " ".join(static.aliases), *rest, review))


def day(text: str) -> date | None:
    """Read a date as people of every country write it alike; raises `ValueError` for anything else."""
    text = text.strip()
    if text and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text) if text else None


def no_day(text: str) -> str:
    return f"“{text.strip()}” is not a day. Write it like 2027-03-01."


def split(text: str) -> tuple[str, ...]:
    """Part a cell with several addresses: blanks, commas and semicolons all stand between two."""
    return tuple(address for address in _BETWEEN.split(text) if address)


def _own(sheet: reader.Sheet) -> Parsed:
    reader.expect_head(sheet, COLUMNS, COLUMNS[:1])
    problems: list[LineProblem] = []
    rows = [(line.number, _static(line, problems)) for line in sheet.lines]
    if problems:
        raise BadList.of(problems)
    return Parsed(rows)


def _static(line: reader.SheetLine, problems: list[LineProblem]) -> Static:
    cells = line.cells
    review: date | Unset | None = UNSET
    if "review" in cells:
        try:
            review = day(cells["review"])
        except ValueError:
            problems.append(LineProblem(line.number, "review", no_day(cells["review"])))
    return Static(
        cells["address"].strip(),
        split(cells.get("aliases", "")),
        cells.get("owner", UNSET),
        cells.get("note", UNSET),
        review,
    )


def _of_exchange(sheet: reader.Sheet, domain_names: frozenset[DomainName]) -> Parsed:
    """Take the addresses; other columns say nothing that is kept here.

    A list may have addresses in several domains of its tenant, and an export lists of several: this domain gets those
    that end in it.
    """
    reader.expect_head(sheet, (*dict.fromkeys(sheet.head), _ALL), (_PRIMARY, _ALL))
    problems: list[LineProblem] = []
    rows: list[tuple[int, Static]] = []
    left_out = elsewhere = 0
    for line in sheet.lines:
        text = line.cells[_ALL].strip()
        if "@" not in text and _TYPE_NAME.match(text):
            problems.append(LineProblem(line.number, _ALL, _not_joined(text)))
            continue
        all_addresses = _all(line.cells[_PRIMARY].strip(), text)
        own_addresses = [address for address in all_addresses if _belongs(address, domain_names)]
        if not own_addresses:
            elsewhere += 1
            continue
        left_out += len(all_addresses) - len(own_addresses)
        rows.append((line.number, Static(own_addresses[0], tuple(own_addresses[1:]))))
    if problems:
        alike = len(problems) == len(sheet.lines) and all(problem.field == _ALL for problem in problems)
        raise BadList.of(problems[:1] if alike else problems)
    return Parsed(rows, left_out, elsewhere)


def _all(primary: str, text: str) -> list[str]:
    """Return every address of a line, the primary one first; what is malformed stays as it is, to be told.

    Microsoft's own addresses are no gateway's business, and entries such as X500 are no mail addresses.
    """
    text = text.strip("{} ")
    if ":" in text:
        entries = [ProxyAddress.parse(part.strip(" ,;{}")) for part in _PREFIXED.split(text)]
    else:
        entries = [ProxyAddress(ProxyRole.ALIAS, address) for address in split(text)]
    smtp = sorted(
        (entry for entry in entries if entry.role is not ProxyRole.OTHER),
        key=lambda entry: entry.role is ProxyRole.ALIAS,
    )
    addresses = [primary, *(entry.text for entry in smtp)] if primary else [entry.text for entry in smtp]
    return [address for address in dict.fromkeys(addresses) if not is_onmicrosoft(address.rpartition("@")[2])]


def _not_joined(text: str) -> str:
    return (
        f"EmailAddresses holds “{text}”, the name of a type and not addresses: PowerShell writes that where a list is"
        f" not joined. This command joins it: {POWERSHELL}"
    )


def _belongs(text: str, domain_names: frozenset[DomainName]) -> bool:
    """Tell whether an address is this domain's; one that is none stays, so that it is told as such."""
    address = given(text)
    return isinstance(address, AddressFault) or domain_of(address) in domain_names
