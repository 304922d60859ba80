"""Hand-made users: added, changed and removed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.directory import queries, rows
from mailroll.directory.edit import claims
from mailroll.directory.edit.domains import lock
from mailroll.directory.edit.problems import FieldProblem, Malformed
from mailroll.directory.edit.single import decided, locked, note_user
from mailroll.directory.models import MAIN, Domain
from mailroll.reconcile import model
from mailroll.reconcile.addresses import in_order
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.reconcile.mapping import DISPLAY_NAME_MAX
from mailroll.reconcile.model import BILLABLE_KINDS, Kind, State
from mailroll.reconcile.text import is_showable, tidy


def add_user(
    domain: Domain,
    address: str,
    acting: Acting,
    *,
    aliases: Iterable[str] = (),
    display_name: str = "",
    group: str = MAIN,
    kind: Kind = Kind.USER,
) -> UUID:
    """Add a hand-made user. Raises `Malformed` with every problem of what was given, and `Taken`."""
    wanted_addresses: list[claims.Wanted] = [("address", address), *(("aliases", text) for text in aliases)]
    problems = [*claims.faults(wanted_addresses, domain), *_of_name(display_name)]
    group_row = queries.group_called(domain, group)
    if group_row is None:
        problems.append(FieldProblem("group", f"{domain.name} has no group “{group}”."))
    if problems or group_row is None:
        raise Malformed.of("user_malformed", (*problems, *claims.taken(wanted_addresses, domain)))
    addresses = claims.good(wanted_addresses)
    state = State(
        external_id=None,
        owner=None,
        display_name=tidy(display_name),
        kind=kind,
        billable=kind in BILLABLE_KINDS,
        group=group_row.name,
        primary=addresses[0],
        aliases=in_order(alias for alias in addresses[1:] if alias != addresses[0]),
    )
    user = uuid4()
    with transaction.atomic():
        lock(domain)
        _write(rows.Write(user, None, state), wanted_addresses, domain, acting.now())
        note_user(
            acting, "user.added", domain, user, state, aliases=list(state.aliases), kind=kind.value, group=state.group
        )
    return user


def rename_user(domain: Domain, user: UUID, display_name: str, acting: Acting) -> None:
    """Call a hand-made user by another name."""
    if problems := _of_name(display_name):
        raise Malformed.of("user_malformed", problems)
    with transaction.atomic():
        had = _hand_made(user, domain)
        after = replace(had.state, display_name=tidy(display_name))
        if after == had.state:
            return
        rows.write(domain.id, [rows.Write(user, had.state, after, decided(had))], acting.now())
        before = had.state.display_name
        note_user(acting, "user.renamed", domain, user, after, before=before, after=after.display_name)


def add_alias(domain: Domain, user: UUID, address: str, acting: Acting) -> None:
    """Give a hand-made user one more address. Raises `Malformed` and `Taken`."""
    wanted_addresses: list[claims.Wanted] = [("address", address)]
    if problems := list(claims.faults(wanted_addresses, domain)):
        raise Malformed.of("alias_malformed", problems)
    (new,) = claims.good(wanted_addresses)
    with transaction.atomic():
        had = _hand_made(user, domain)
        if new in had.state.addresses:
            raise Malformed.of("alias_held", [FieldProblem("address", f"{new} is one of its addresses already.")])
        after = replace(had.state, aliases=in_order((*had.state.aliases, new)))
        _write(rows.Write(user, had.state, after, decided(had)), wanted_addresses, domain, acting.now())
        note_user(acting, "user.alias_added", domain, user, after, alias=new)


def remove_alias(domain: Domain, user: UUID, address: str, acting: Acting) -> None:
    """Take an alias from a hand-made user: mail for it stops being accepted at once."""
    with transaction.atomic():
        had = _hand_made(user, domain)
        after = replace(had.state, aliases=in_order(alias for alias in had.state.aliases if alias != address))
        if after == had.state:
            return
        rows.write(domain.id, [rows.Write(user, had.state, after, decided(had))], acting.now())
        note_user(acting, "user.alias_removed", domain, user, after, alias=address)


def remove_user(domain: Domain, user: UUID, acting: Acting) -> None:
    """Delete a hand-made or a retired user, and free its addresses at once.

    Whoever a source keeps goes when it goes there: removed here, the next sync would only bring it back.
    """
    with transaction.atomic():
        had = locked(user, domain)
        if had.state.owner is not None and not had.state.retired:
            raise _managed("removed")
        rows.write(domain.id, [rows.Write(user, had.state, None)], acting.now())
        note_user(acting, "user.removed", domain, user, had.state, addresses=list(had.state.addresses))


def _write(write: rows.Write, wanted_addresses: list[claims.Wanted], domain: Domain, now: datetime) -> None:
    if problems := list(claims.faults(wanted_addresses, domain)):
        # An alias domain was taken away since they were looked at.
        raise Malformed.of("user_malformed", problems)
    claims.write(write, wanted_addresses, domain, now)


def _hand_made(user: UUID, domain: Domain) -> model.RollUser:
    roll_user = locked(user, domain)
    if roll_user.state.owner is not None:
        raise _managed("changed")
    if roll_user.state.retired:
        raise BadInput("user_retired", "This user is retired.", "Restore it first.")
    return roll_user


def _managed(verb: str) -> Refused:
    return Refused(
        "user_managed",
        f"A source keeps this user, so it cannot be {verb} here: the next sync would undo it.",
        "Change it where the source reads it.",
    )


def _of_name(display_name: str) -> list[FieldProblem]:
    if not is_showable(tidy(display_name)):
        return [FieldProblem("display_name", "The name holds characters that cannot be shown.")]
    if len(tidy(display_name)) > DISPLAY_NAME_MAX:
        return [FieldProblem("display_name", f"The name is longer than {DISPLAY_NAME_MAX} characters.")]
    return []
