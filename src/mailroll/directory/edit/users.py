"""Single users, by hand: added, removed, and what people decide about them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from mailroll.directory import load, rows
from mailroll.directory.edit.domains import lock
from mailroll.directory.edit.recording import Detail, Recorder
from mailroll.directory.models import MAIN, Address, Domain, Group
from mailroll.reconcile import addresses, model
from mailroll.reconcile.addresses import AddressFault
from mailroll.reconcile.errors import BadInput, MailrollError, Refused
from mailroll.reconcile.model import BILLABLE_KINDS, Kind, State


def add_user(
    address: str,
    domain: Domain,
    record: Recorder,
    *,
    aliases: Iterable[str] = (),
    display_name: str = "",
    group: str = MAIN,
    kind: Kind = Kind.USER,
    now: datetime,
) -> UUID:
    """Add a hand-made user. Raises `BadInput` with every problem of what was given, and `Refused` for taken ones."""
    wanted = (address, *aliases)
    held = [addresses.canonical(text.strip()) for text in wanted]
    problems = [problem for text, one in zip(wanted, held, strict=True) if (problem := _fault(text, one, domain))]
    if not display_name.isprintable():
        problems.append("The name holds characters that cannot be shown.")
    if not Group.objects.filter(domain=domain, name=group).exists():
        problems.append(f"{domain.name} has no group “{group}”.")
    if problems:
        raise BadInput("user_malformed", " ".join(problems), "Mend that and try again.")
    good = [one for one in held if not isinstance(one, AddressFault)]
    state = State(
        external_id=None,
        owner=None,
        display_name=display_name.strip(),
        kind=kind,
        billable=kind in BILLABLE_KINDS,
        group=group,
        primary=good[0],
        aliases=addresses.in_order(one for one in good[1:] if one != good[0]),
    )
    user = uuid4()
    with transaction.atomic():
        lock(domain)
        if taken := _taken(good, domain):
            raise taken
        try:
            with transaction.atomic():
                rows.write(domain.id, [rows.Write(user, None, state)], now)
        except IntegrityError as clash:
            raise (_taken(good, domain) or clash) from clash
        _note(record, "user.added", domain, user, state, aliases=list(state.aliases), kind=kind.value, group=group)
    return user


def remove_user(user: UUID, domain: Domain, record: Recorder, *, now: datetime) -> None:
    """Delete a user and free its addresses at once, without the grace that a sync would give."""
    with transaction.atomic():
        had = _locked(user, domain)
        rows.write(domain.id, [rows.Write(user, had.state, None)], now)
        _note(record, "user.removed", domain, user, had.state, addresses=list(had.state.addresses))


def pin(user: UUID, domain: Domain, record: Recorder, *, now: datetime) -> None:
    """Never let a sync remove this user."""
    _decide(user, domain, "user.pinned", now, record, pinned=True)


def unpin(user: UUID, domain: Domain, record: Recorder, *, now: datetime) -> None:
    _decide(user, domain, "user.unpinned", now, record, pinned=False)


def exempt(user: UUID, domain: Domain, record: Recorder, *, now: datetime) -> None:
    """Have every sync ignore this user."""
    _decide(user, domain, "user.exempted", now, record, exempt=True)


def unexempt(user: UUID, domain: Domain, record: Recorder, *, now: datetime) -> None:
    _decide(user, domain, "user.unexempted", now, record, exempt=False)


def set_kind(user: UUID, kind: Kind, domain: Domain, record: Recorder, *, now: datetime) -> None:
    """Fix the kind by hand; what is billed follows, and a sync keeps it."""
    with transaction.atomic():
        had = _locked(user, domain)
        after = replace(had.state, kind=kind, billable=kind in BILLABLE_KINDS and not had.state.retired)
        decided = replace(_decided(had), kind_by_hand=True)
        rows.write(domain.id, [rows.Write(user, had.state, after, decided)], now)
        _note(record, "user.kind_set", domain, user, had.state, before=had.state.kind.value, after=kind.value)


def unset_kind(user: UUID, domain: Domain, record: Recorder, *, now: datetime) -> None:
    """Leave the kind to the next sync again; until then it stays."""
    _decide(user, domain, "user.kind_unset", now, record, kind_by_hand=False)


def _decide(user: UUID, domain: Domain, action: str, now: datetime, record: Recorder, **marks: bool) -> None:
    with transaction.atomic():
        had = _locked(user, domain)
        decided = replace(_decided(had), **marks)
        if decided == _decided(had):
            return
        rows.write(domain.id, [rows.Write(user, had.state, had.state, decided)], now)
        _note(record, action, domain, user, had.state)


def _locked(user: UUID, domain: Domain) -> model.User:
    lock(domain)
    for found in load.users(domain.id, [user]):
        return found
    raise BadInput("user_unknown", f"{domain.name} has no user {user}.", "List the users of the domain.")


def _decided(user: model.User) -> rows.Decided:
    return rows.Decided(user.pinned, user.exempt, user.kind_by_hand)


def _fault(text: str, address: addresses.Address | AddressFault, domain: Domain) -> str | None:
    match address:
        case AddressFault.WILDCARD:
            return f"“{text}” stands for many addresses."
        case AddressFault.TOO_LONG:
            return f"“{text}” is longer than an address may be."
        case AddressFault():
            return f"“{text}” is not an address."
        case _ if addresses.domain_of(address) != domain.name:
            return f"{address} is not in {domain.name}."
        case _:
            return None


def _taken(wanted: Sequence[addresses.Address], domain: Domain) -> MailrollError | None:
    """Say which addresses are taken; of another domain's nothing but that."""
    here = Address.objects.filter(address__in=wanted, domain=domain).order_by("address")
    said = [
        f"{address} belongs to another user of {domain.name}." for address in here.values_list("address", flat=True)
    ]
    said += [f"{address} is in use in another domain." for address in load.elsewhere(domain.id, wanted)]
    return Refused("address_taken", " ".join(said), "Leave it out, or free it there first.") if said else None


def _note(record: Recorder, action: str, domain: Domain, user: UUID, state: State, /, **details: Detail) -> None:
    record(
        action,
        organization=domain.organization_id,
        subject=state.primary or state.display_name or str(user),
        domain=domain.name,
        user=str(user),
        **details,
    )
