"""People and roles as a CSV file: everybody whom the table is narrowed to, on all of its pages."""

from collections.abc import Iterator
from datetime import UTC, datetime

from mailroll.accounts.roster import OpenOffer, Roster
from mailroll.console.people.people_table import Line, Query, picked
from mailroll.reconcile.cells import write_line

COLUMNS = ("name", "email", "state", "roles", "reaches", "second_factor", "last_signed_in", "invited_until")


def lines(roster: Roster, query: Query, now: datetime) -> Iterator[str]:
    """Write a line a person; no cell of them is a formula."""
    yield write_line(COLUMNS)
    for one in picked(roster, query, now):
        yield write_line(_cells(one))


def _cells(one: Line) -> tuple[str, ...]:
    if isinstance(one, OpenOffer):
        offer = one.invitation
        held = f"{offer.role} of {one.place}"
        return ("", offer.email, "invited", held, str(one.reaches), "", "", _time(offer.expires_at))
    who = one.operator
    held = "; ".join(f"{role.role} of {role.place}" for role in one.roles)
    state = "active" if who.is_active else "switched off"
    return (who.name, who.email, state, held, str(one.reaches), one.factor.value, _time(who.last_login), "")


def _time(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat(timespec="seconds")
