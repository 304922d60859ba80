"""People and roles as one table and as a file: searched, narrowed by role, state and organization, paged."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.core.paginator import Page

from mailroll import promises
from mailroll.accounts import people
from mailroll.accounts import roster as rosters
from mailroll.accounts.models import Invitation, Operator
from mailroll.accounts.roster import Colleague, Entry, Factor, Line, OpenOffer, Roster
from mailroll.audit.models import AuditEntry
from mailroll.console.people.audit_words import actor
from mailroll.console.tables import Chip, cut_page
from mailroll.reconcile.cells import write_line
from mailroll.reconcile.text import folded

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


def compose(roster: Roster, query: Query, by: Operator) -> PeopleTable:
    """1. Keep who matches the words and the organization  2. count the choices  3. cut out the page, and read it."""
    judged, searched = _judged(roster, query, by)
    matches = [entry for entry, role, states in judged if query.role in {"", role} and query.state in states]
    of_role = Counter(role for _, role, states in judged if query.state in states)
    of_state = Counter(state for _, role, states in judged if query.role in {"", role} for state in states)
    page, part = cut_page(len(matches), query.page, PAGE)
    return PeopleTable(
        query=query,
        people=len(roster.people),
        organizations=roster.place_count,
        roles=[
            Chip(role, words, role == query.role, of_role[role] if role else sum(of_role.values()))
            for role, words in _ROLES.items()
        ],
        states=[
            Chip(state, words, state == query.state, of_state[state] if state else None, mark)
            for state, (mark, words) in STATES.items()
            if of_state[state] or state in {"", query.state}
        ],
        places=roster.places,
        rows=_rows(_lines(matches[part], searched, roster, by), roster, by),
        page=page,
        lonely=roster.lonely,
    )


def lines(roster: Roster, query: Query, by: Operator) -> Iterator[str]:
    """Write everybody whom a query asks for, on all pages, a line each; no cell of them is a formula."""
    yield write_line(COLUMNS)
    judged, searched = _judged(roster, query, by)
    matches = [entry for entry, role, states in judged if query.role in {"", role} and query.state in states]
    for line in _lines(matches, searched, roster, by):
        yield write_line(_cells(line))


@dataclass(frozen=True, slots=True)
class _SearchedLines:
    """Everybody as lists tell of them, and what their organizations are called: read where words are looked for."""

    lines: Mapping[UUID, Line]
    names: Mapping[UUID, str]

    @classmethod
    def of(cls, entries: Sequence[Entry], roster: Roster, by: Operator) -> "_SearchedLines":
        lines = rosters.lines(by, entries)
        return cls({_key(line): line for line in lines}, rosters.place_names(roster, lines, by))


def _lines(entries: Sequence[Entry], searched: _SearchedLines | None, roster: Roster, by: Operator) -> list[Line]:
    """Return what is told of these, with what their organizations are called, where that was not read already."""
    whole = searched or _SearchedLines.of(entries, roster, by)
    return [rosters.told_apart(whole.lines[key], whole.names) for key in map(_key, entries) if key in whole.lines]


def _judged(
    roster: Roster, query: Query, by: Operator
) -> tuple[list[tuple[Entry, str, tuple[str, ...]]], _SearchedLines | None]:
    """Who matches the words and the organization, each with their role and with every state that shows them.

    Words are looked for in what organizations are called here, too: only then everybody is read, and comes along.
    """
    entries: Sequence[Entry] = (*roster.people, *roster.offers)
    searched = _SearchedLines.of(entries, roster, by) if query.text or query.place else None
    if searched is not None:
        sought = folded(query.text)
        matching = {key for key, line in searched.lines.items() if _matches(line, sought, query.place, searched.names)}
        entries = [entry for entry in entries if _key(entry) in matching]
    return [(entry, *_judge(entry)) for entry in entries], searched


def _key(entry: Entry | Line) -> UUID:
    match entry:
        case Colleague():
            return entry.operator.id
        case OpenOffer():
            return entry.invitation.id
        case Invitation():
            return entry.id
        case _:
            return entry.operator


def _judge(entry: Entry) -> tuple[str, tuple[str, ...]]:
    if isinstance(entry, Invitation):
        return entry.role, ("", "invited")
    if not entry.is_active:
        return entry.role.value, ("", "off")
    lacking = () if entry.has_factor else ("no-factor",)
    return entry.role.value, ("", *lacking, *(("unseen",) if entry.unseen else ()))


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


def _matches(line: Line, sought: str, place: str, names: Mapping[UUID, str]) -> bool:
    if isinstance(line, OpenOffer):
        organization = line.invitation.organization_id
        texts, place_ids = [line.invitation.email, names.get(organization, "")], {str(organization)}
    else:
        texts = [line.operator.name, line.operator.email]
        texts += (names.get(role.organization, "") for role in line.roles)
        place_ids = {str(role.organization) for role in line.roles} if place else set()
    return (not place or place in place_ids) and any(sought in folded(text) for text in texts)


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
