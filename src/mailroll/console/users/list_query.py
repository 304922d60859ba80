"""What an address of the list asks for: read from its query, and written back into the links of the page."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from django.http import QueryDict
from django.utils.http import urlencode

from mailroll.console.parameters import number
from mailroll.directory.user_list import SEARCH_MAX, ListSort, ListStanding, WantedUsers
from mailroll.reconcile.model import Kind

_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Link:
    """A choice as a link."""

    words: str
    url: str
    current: bool
    count: int | None = None
    value: str = ""
    order: str = ""


def read(query: QueryDict) -> WantedUsers:
    """Return what is asked for; what nobody offers is passed over."""
    sort = query.get("sort", "")
    return WantedUsers(
        text=query.get("q", "").replace("\0", "")[:SEARCH_MAX],
        standing=_one(ListStanding, query.get("state", "")) or ListStanding.LISTED,
        kind=_one(Kind, query.get("kind", "")),
        group=number(query.get("group", "")),
        billable="billable" in query,
        sort=_one(ListSort, sort.removeprefix("-")) or ListSort.NAME,
        descending=sort.startswith("-"),
        page=number(query.get("page", "")) or 1,
    )


def fields(wanted: WantedUsers) -> tuple[tuple[str, str], ...]:
    """Write it back, leaving out what goes without saying."""
    said = {
        "q": wanted.text,
        "state": "" if wanted.standing is ListStanding.LISTED else wanted.standing.value,
        "kind": wanted.kind.value if wanted.kind else "",
        "group": str(wanted.group or ""),
        "billable": "1" if wanted.billable else "",
        "sort": "" if (wanted.sort, wanted.descending) == (ListSort.NAME, False) else _sort(wanted),
        "page": str(wanted.page) if wanted.page > 1 else "",
    }
    return tuple((name, value) for name, value in said.items() if value)


def url(wanted: WantedUsers) -> str:
    return "?" + urlencode(fields(wanted))


def head(words: str, sort: ListSort, wanted: WantedUsers) -> Link:
    """Link to the list sorted by a column; the column it is sorted by turns round."""
    current = wanted.sort is sort
    there = replace(wanted, sort=sort, descending=current and not wanted.descending, page=1)
    order = ("descending" if wanted.descending else "ascending") if current else "none"
    return Link(words, url(there), current, order=order)


def _sort(wanted: WantedUsers) -> str:
    return f"-{wanted.sort.value}" if wanted.descending else wanted.sort.value


def _one(of: type[_Choice], text: str) -> _Choice | None:
    return next((one for one in of if one.value == text), None)
