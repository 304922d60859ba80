"""What an address of the list asks for: read from its query, and written back into the page."""

from enum import StrEnum
from typing import TypeVar

from django.http import QueryDict

from mailroll.console.parameters import number
from mailroll.directory.user_list import SEARCH_MAX, ListSort, ListStanding, WantedUsers
from mailroll.reconcile.model import Kind

_Choice = TypeVar("_Choice", bound=StrEnum)


def read(query: QueryDict) -> WantedUsers:
    """Return what is asked for; what nobody offers is passed over."""
    sort = query.get("sort", "")
    return WantedUsers(
        text=query.get("q", "").replace("\0", "")[:SEARCH_MAX],
        standing=_find_choice(ListStanding, query.get("state", "")) or ListStanding.LISTED,
        kind=_find_choice(Kind, query.get("kind", "")),
        group=number(query.get("group", "")),
        billable="billable" in query,
        sort=_find_choice(ListSort, sort.removeprefix("-")) or ListSort.NAME,
        descending=sort.startswith("-"),
        page=number(query.get("page", "")) or 1,
    )


def fields(wanted_users: WantedUsers) -> list[tuple[str, str]]:
    """What the list is narrowed by besides its words, as fields of a form."""
    said = {
        "state": "" if wanted_users.standing is ListStanding.LISTED else wanted_users.standing.value,
        "kind": wanted_users.kind.value if wanted_users.kind else "",
        "group": str(wanted_users.group or ""),
        "billable": "1" if wanted_users.billable else "",
    }
    return [(name, value) for name, value in said.items() if value]


def head(words: str, sort: ListSort, wanted_users: WantedUsers) -> tuple[str, str, str]:
    """Return a column's words, its order now, and the order that its link asks for: one that is sorted turns round."""
    if wanted_users.sort is not sort:
        return words, "none", "" if sort is ListSort.NAME else sort.value
    if wanted_users.descending:
        return words, "descending", "" if sort is ListSort.NAME else sort.value
    return words, "ascending", f"-{sort.value}"


def _find_choice(of: type[_Choice], text: str) -> _Choice | None:
    return next((choice for choice in of if choice.value == text), None)
