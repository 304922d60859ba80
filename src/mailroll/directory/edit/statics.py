"""Static addresses: added, changed and removed by people, one by one or many at once; no sync touches them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import connection, transaction

from mailroll.audit.actor import Acting
from mailroll.directory import load, queries, rows
from mailroll.directory.edit import claims
from mailroll.directory.edit.domains import lock
from mailroll.directory.edit.problems import FieldProblem, Malformed
from mailroll.directory.edit.single import decided, locked, note_user
from mailroll.directory.models import MAIN, Domain, StaticNote
from mailroll.reconcile import model
from mailroll.reconcile.addresses import Address, DomainName, in_order
from mailroll.reconcile.errors import BadInput
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import Kind, State
from mailroll.reconcile.text import is_showable, tidy

OWNER_MAX = 200
"""Characters of who answers for a static address: a name or an address."""

NOTE_MAX = 500
"""Characters of what a static address is for."""


@dataclass(frozen=True, slots=True)
class Static:
    """A static address as a person gives it. What is UNSET stays as it is kept; a review of None is no review."""

    address: str
    aliases: tuple[str, ...] = ()
    owner: str | Unset = UNSET
    note: str | Unset = UNSET
    review: date | Unset | None = UNSET

    @property
    def wanted(self) -> list[claims.Wanted]:
        return [("address", self.address), *(("aliases", text) for text in self.aliases)]


@dataclass(frozen=True, slots=True)
class About:
    """What is kept of a static address besides its addresses."""

    owner: str = ""
    note: str = ""
    review: date | None = None


def add_static(domain: Domain, static: Static, acting: Acting) -> UUID:
    """Add a static address. Raises `Malformed` with every problem of what was given, and `Taken`."""
    _expect_good(static, domain)
    user, state = uuid4(), state_of(static, None)
    with transaction.atomic():
        lock(domain)
        _write(rows.Write(user, None, state), static, domain, acting.now())
        about = about_of(static, None)
        write_notes(domain, {user: about})
        note_user(acting, "static.added", domain, user, state, aliases=list(state.aliases), **_about_details(about))
    return user


def change_static(domain: Domain, user: UUID, static: Static, acting: Acting) -> None:
    """Change a static address: what it no longer has stops being accepted at once. Raises `Malformed` and `Taken`."""
    _expect_good(static, domain)
    with transaction.atomic():
        had = _static(user, domain)
        was = kept(domain, [user]).get(user)
        state, about = state_of(static, had.state), about_of(static, was)
        if (state, about) == (had.state, was):
            return
        _write(rows.Write(user, had.state, state, decided(had)), static, domain, acting.now())
        write_notes(domain, {user: about})
        note_user(
            acting,
            "static.changed",
            domain,
            user,
            state,
            before=[*had.state.addresses],
            after=[*state.addresses],
            **_about_details(about),
        )


def remove_static(domain: Domain, user: UUID, acting: Acting) -> None:
    """Take a static address away: mail for it is refused at once, and its addresses are free."""
    with transaction.atomic():
        had = _static(user, domain)
        rows.write(domain.id, [rows.Write(user, had.state, None)], acting.now())
        note_user(acting, "static.removed", domain, user, had.state, addresses=list(had.state.addresses))


def problems_of(static: Static, domain: Domain, accepted: frozenset[DomainName]) -> Iterator[FieldProblem]:
    """Tell what is wrong with what was given, whoever has its addresses."""
    yield from claims.faults(static.wanted, domain, accepted)
    yield from _text("owner", "The owner", static.owner, OWNER_MAX)
    yield from _text("note", "The note", static.note, NOTE_MAX)


def state_of(static: Static, had: State | None) -> State:
    """Work out what the roll says of a static address with good addresses; the group it is in stays."""
    primary, *further = claims.good(static.wanted)
    aliases = in_order(alias for alias in further if alias != primary)
    if had is not None:
        return replace(had, primary=primary, aliases=aliases)
    return State(
        external_id=None,
        owner=None,
        display_name="",
        kind=Kind.STATIC,
        billable=False,
        group=MAIN,
        primary=primary,
        aliases=aliases,
    )


def about_of(static: Static, had: About | None) -> About:
    was = had or About()
    return About(
        was.owner if static.owner is UNSET else tidy(static.owner),
        was.note if static.note is UNSET else tidy(static.note),
        was.review if static.review is UNSET else static.review,
    )


def kept(domain: Domain, users: list[UUID]) -> Mapping[UUID, About]:
    """Return what is kept of static addresses besides their addresses; those nobody said anything of are left out."""
    notes = StaticNote.objects.filter(domain=domain, user__in=users)
    return {note.user_id: About(note.responsible, note.note, note.review_on) for note in notes}


def write_notes(domain: Domain, about: Mapping[UUID, About]) -> None:
    """Put what is kept of static addresses in place of what was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO directory_staticnote (domain_id, user_id, responsible, note, review_on)"
            " SELECT %s, * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::date[])"
            " ON CONFLICT (user_id) DO UPDATE"
            " SET responsible = excluded.responsible, note = excluded.note, review_on = excluded.review_on",
            [
                domain.id,
                list(about),
                [facts.owner for facts in about.values()],
                [facts.note for facts in about.values()],
                [facts.review for facts in about.values()],
            ],
        )


def is_static(state: State) -> bool:
    return state.kind is Kind.STATIC and state.owner is None and not state.retired


def held_here(domain: Domain, addresses: list[Address]) -> Mapping[Address, UUID]:
    """Tell which users of a domain hold some of these addresses. What only ends is free."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT address, user_id FROM directory_address"
            " WHERE address = ANY(%s) AND (domain_id = %s) IS TRUE AND ending_since IS NULL",
            [addresses, domain.id],
        )
        return dict(cursor)


def _expect_good(static: Static, domain: Domain) -> None:
    if problems := list(problems_of(static, domain, queries.accepted(domain))):
        raise Malformed.of("static_malformed", problems)


def _write(write: rows.Write, static: Static, domain: Domain, now: datetime) -> None:
    _expect_good(static, domain)  # once more, under the lock: an alias domain may have been taken away
    claims.write(write, static.wanted, domain, now)


def _static(user: UUID, domain: Domain) -> model.RollUser:
    roll_user = locked(user, domain)
    if not is_static(roll_user.state):
        raise BadInput("static_unknown", f"{domain.name} has no such static address.", "See which ones it has.")
    return roll_user


def _text(field: str, label: str, text: str | Unset, most: int) -> Iterator[FieldProblem]:
    if text is UNSET:
        return
    if not is_showable(tidy(text)):
        yield FieldProblem(field, f"{label} holds characters that cannot be shown.")
    elif len(tidy(text)) > most:
        yield FieldProblem(field, f"{label} is longer than {most} characters.")


def _about_details(about: About) -> dict[str, str | None]:
    return {
        "owner": about.owner or None,
        "note": about.note or None,
        "review": about.review.isoformat() if about.review else None,
    }


def all_of(domain: Domain) -> tuple[model.RollUser, ...]:
    """Return every static address of a domain as the roll has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM directory_user"
            " WHERE domain_id = %s AND kind = 'static' AND owner_id IS NULL AND retired_at IS NULL",
            [domain.id],
        )
        keys = [key for (key,) in cursor]
    return load.users(domain.id, keys)
