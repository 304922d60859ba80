"""People and roles as one table and as a file: searched, narrowed by role, state and organization, paged."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from django.core.paginator import Page

from mailroll import promises
from mailroll.accounts import people
from mailroll.accounts import roster as rosters
from mailroll.accounts.models import Invitation, Operator
from mailroll.accounts.ranks import STANDINGS, PersonStanding, RankCut
from mailroll.accounts.roster import Colleague, Entry, Factor, Line, OpenOffer, Roster
from mailroll.audit.models import AuditEntry
from mailroll.console.people.audit_words import actor
from mailroll.console.tables import Chip, cut_page
from mailroll.reconcile.cells import write_line

PAGE = 50
COLUMNS = ("name", "email", "state", "roles", "reaches", "second_factor", "last_signed_in", "invited_until")
_ROLES = {"": "Everybody", "administrator": "Administrators", "technician": "Technicians", "viewer": "Viewers"}
STATES = {
    "": ("", "All of them"),
    "no-factor": ("attention", "No second factor"),
    "unseen": ("late", f"Not seen for {promises.in_words(promises.UNSEEN)}"),
    "invited": ("begin", "Invited"),
    "off": ("off", "Switched off"),
}
_INVITED = ("", "invited")
_FACTORS = {Factor.PASSKEY: ("ok", "Passkey"), Factor.APP: ("ok", "App"), Factor.NONE: ("attention", "None")}


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for; what nobody offers is passed over."""

    text: str = ""
    role: str = ""
    state: str = ""
    place: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the table: somebody with a role, or somebody who is invited."""

    colleague: Colleague | None
    offered: OpenOffer | None
    name: str
    small: str
    role: str
    where: str
    reaches: str
    mark: str
    words: str
    seen: datetime | None
    off: datetime | None
    """Since when they are switched off, as the audit log knows it."""
    off_by: str
    may_switch_on: bool


@dataclass(frozen=True, slots=True)
class PeopleTable:
    query: Query
    people: int
    organizations: int
    roles: Sequence[Chip]
    states: Sequence[Chip]
    places: Mapping[UUID, str]
    rows: Sequence[PersonRow]
    page: "Page[int]"
    lonely: int


def compose(query: Query, by: Operator, now: datetime) -> PeopleTable:
    """1. Count who matches, and read whom the page shows  2. count the choices  3. tell more of those on the page."""
    roster = _roster(query, by, now, first=(query.page - 1) * PAGE, most=PAGE)
    counted = [
        *(((standing.role.value, _states(standing)), count) for standing, count in roster.standings.items()),
        *(((offer.role, _INVITED), 1) for offer in roster.offers),
    ]
    of_role, of_state, matches = Counter[str](), Counter[str](), 0
    for (role, states), count in counted:
        if query.state in states:
            of_role[role] += count
        if query.role in {"", role}:
            of_state.update(dict.fromkeys(states, count))
            matches += count * (query.state in states)
    page, part = cut_page(matches, query.page, PAGE)
    if page.number != query.page:
        return compose(replace(query, page=page.number), by, now)
    offers = _offers(query, roster)
    last = matches - len(offers)
    entries: Sequence[Entry] = (*roster.people, *offers[max(0, part.start - last) : max(0, part.stop - last)])
    return PeopleTable(
        query=query,
        people=roster.person_count,
        organizations=roster.place_count,
        roles=[
            Chip(role, words, role == query.role, of_role[role] if role else of_role.total())
            for role, words in _ROLES.items()
        ],
        states=[
            Chip(state, words, state == query.state, of_state[state] if state else None, mark)
            for state, (mark, words) in STATES.items()
            if of_state[state] or state in {"", query.state}
        ],
        places=roster.places,
        rows=_rows(_lines(entries, roster, by), roster, by),
        page=page,
        lonely=roster.lonely,
    )


def lines(query: Query, by: Operator, now: datetime) -> Iterator[str]:
    """Write everybody whom a query asks for, on all pages, a line each; no cell of them is a formula."""
    yield write_line(COLUMNS)
    roster = _roster(query, by, now)
    for line in _lines((*roster.people, *_offers(query, roster)), roster, by):
        yield write_line(_cells(line))


def _roster(query: Query, by: Operator, now: datetime, *, first: int = 0, most: int | None = None) -> Roster:
    standings = [
        standing for standing in STANDINGS if query.role in {"", standing.role} and query.state in _states(standing)
    ]
    place = UUID(query.place) if query.place else None
    return rosters.compose(by, now, query.text, RankCut(place, None, standings, first, most))


def _offers(query: Query, roster: Roster) -> list[Invitation]:
    return [offer for offer in roster.offers if query.role in {"", offer.role} and query.state in _INVITED]


def _lines(entries: Sequence[Entry], roster: Roster, by: Operator) -> list[Line]:
    """Return what is told of these, with what their organizations are called."""
    lines = rosters.lines(by, entries)
    names = rosters.place_names(roster, lines, by)
    return [rosters.told_apart(line, names) for line in lines]


def _states(standing: PersonStanding) -> tuple[str, ...]:
    """Every state that shows somebody who stands like this."""
    if not standing.is_active:
        return ("", "off")
    lacking = () if standing.has_factor else ("no-factor",)
    return ("", *lacking, *(("unseen",) if standing.unseen else ()))


def _rows(cut: Sequence[Line], roster: Roster, by: Operator) -> list[PersonRow]:
    off = [line.operator for line in cut if not isinstance(line, OpenOffer) and not line.operator.is_active]
    off_entries = people.switched_off(person.email for person in off) if off else {}
    accounts = Operator.objects.in_bulk([person.id for person in off]) if off else {}
    to_switch_on = {key for key, account in accounts.items() if people.may_switch_on(account, by=by)}
    return [_row(line, roster, by, off_entries, to_switch_on) for line in cut]


def _row(
    line: Line, roster: Roster, by: Operator, off_entries: Mapping[str, AuditEntry], to_switch_on: Collection[UUID]
) -> PersonRow:
    if isinstance(line, OpenOffer):
        offer = line.invitation
        return PersonRow(
            colleague=None,
            offered=line,
            name=offer.email,
            small=f"by {offer.invited_by.name or offer.invited_by.email}",
            role=offer.role.capitalize(),
            where=line.place,
            reaches=_reaches(line.reaches, roster),
            mark="begin",
            words="Invited",
            seen=offer.expires_at,
            off=None,
            off_by="",
            may_switch_on=False,
        )
    operator = line.operator
    off = None if operator.is_active else off_entries.get(operator.email)
    mark, words = _FACTORS[line.factor] if operator.is_active else ("off", "Switched off")
    return PersonRow(
        colleague=line,
        offered=None,
        name=operator.name or operator.email,
        small=" · ".join(
            (
                operator.email,
                *(["you"] if operator.id == by.id else []),
                *([] if operator.is_proved else ["not proved"]),
            )
        ),
        role=line.role.capitalize(),
        where=_places_text(line),
        reaches=_reaches(line.reaches, roster),
        mark=mark,
        words=words,
        seen=operator.last_login,
        off=off.at if off else None,
        off_by=actor(off.actor) if off else "",
        may_switch_on=operator.id in to_switch_on,
    )


def _places_text(line: Colleague) -> str:
    first, *others = line.roles
    if not others:
        return first.place
    if len(others) == 1 and others[0].role is not first.role:
        return f"{first.place}; {others[0].role} of {others[0].place}"
    return f"{first.place} and {len(others)} more"


def _reaches(count: int, roster: Roster) -> str:
    return f"All {count:,}" if count == roster.place_count and count > 1 else f"{count:,}"


def _cells(line: Line) -> tuple[str, ...]:
    if isinstance(line, OpenOffer):
        offer = line.invitation
        roles_text = f"{offer.role} of {line.place}"
        return ("", offer.email, "invited", roles_text, str(line.reaches), "", "", _time(offer.expires_at))
    operator = line.operator
    roles_text = "; ".join(f"{role.role} of {role.place}" for role in line.roles)
    state = "active" if operator.is_active else "switched off"
    return (
        operator.name,
        operator.email,
        state,
        roles_text,
        str(line.reaches),
        line.factor.value,
        _time(operator.last_login),
        "",
    )


def _time(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat(timespec="seconds")
