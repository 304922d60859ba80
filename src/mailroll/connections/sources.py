"""The use cases of User Sources: added, named, placed, ordered, switched, removed."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from mailroll.audit.actor import Acting
from mailroll.audit.notes import Detail, note
from mailroll.connections import ages, attach
from mailroll.connections.models import Connection, Source
from mailroll.connectors import registry
from mailroll.connectors.consent import Need
from mailroll.directory import edit, endings, queries
from mailroll.directory.models import MAIN, Domain, Owner
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.reconcile.text import alike, folded, is_showable, tidy

NAME_MAX = 80
NAMES: Final = {name: kind.source for name, kind in registry.CONNECTORS.items()}
"""What people call each kind of source."""


class SourceSwitch(StrEnum):
    """A field of a source that is on or off.

    ENABLED: runs read it; off, they pass it over and its users stay as they are. ADOPTS: it takes over hand-made users
    whose primary address it knows. GROUPS, CONTACTS, GUESTS: it takes those with an address in the domain.
    """

    ENABLED = "enabled"
    ADOPTS = "adopts"
    GROUPS = "groups"
    CONTACTS = "contacts"
    GUESTS = "guests"


_SWITCHED: Final[Mapping[SourceSwitch, tuple[str, str]]] = {
    SourceSwitch.ENABLED: ("source.enabled", "source.disabled"),
    SourceSwitch.ADOPTS: ("source.adopts", "source.adopts_nobody"),
    SourceSwitch.GROUPS: ("source.takes_groups", "source.leaves_groups"),
    SourceSwitch.CONTACTS: ("source.takes_contacts", "source.leaves_contacts"),
    SourceSwitch.GUESTS: ("source.takes_guests", "source.leaves_guests"),
}
"""What the audit trail calls switching on, and off."""


def kinds() -> tuple[str, ...]:
    """The kinds of source that can be connected by signing in, as a chooser shows them."""
    return tuple(name for name, kind in registry.CONNECTORS.items() if kind.sign_in is not None)


def needs(kind: str) -> tuple[Need, ...]:
    """What a kind of source wants to be granted."""
    return registry.kind(kind).needs


def choose(domain: Domain, kind: str, acting: Acting) -> Source:
    """Add a source of a kind, last in order; it is off and waits to be connected."""
    if kind not in kinds():
        raise BadInput("source_kind_unknown", f"There is no kind of source “{kind}”.", "Choose one of those shown.")
    with transaction.atomic():
        source = _create(domain, kind, MAIN, None)
        edit.bump_revision(domain.id)
        _note(source, "source.added", acting, kind=kind)
    return source


def add(
    domain: Domain, connection: Connection, acting: Acting, *, group: str | None = None, precedence: int | None = None
) -> Source:
    """Add a source that reads through a connection, on trust. Where no place is given, it is the last in order."""
    with transaction.atomic():
        source = _create(domain, connection.kind, _spelt(domain, group or MAIN), precedence)
        attach.attach(source, connection, attach.OnTrust(), acting)
        _note(
            source,
            "source.added",
            acting,
            connection=str(connection.id),
            group=source.group,
            precedence=source.precedence,
        )
    return source


def find(domain: Domain, source: UUID) -> Source:
    row = Source.objects.select_related("owner", "connection", "domain").filter(domain=domain, owner=source).first()
    if row is None:
        raise BadInput("source_unknown", f"{domain.name} has no such source.", "It may have been removed meanwhile.")
    return row


def named(key: str) -> Source:
    """Find a source of any domain by its id, or by its name where that is unique."""
    rows = Source.objects.select_related("owner", "connection", "domain")
    try:
        sources = list(rows.filter(owner=UUID(key.strip())))
    except ValueError:
        namesakes = [source for source in rows.order_by("owner") if folded(source.owner.label) == folded(key)]
        sources = [source for source in namesakes if source.owner.label == tidy(key)] or namesakes
    match sources:
        case [one]:
            return one
        case []:
            raise BadInput("source_unknown", f"There is no source “{key}”.", "See: mailroll source list DOMAIN")
        case _:
            raise BadInput("source_ambiguous", f"Several sources are called “{key}”.", "Give the id.")


def ordered(domain: Domain) -> list[Source]:
    return list(
        Source.objects.filter(domain=domain).select_related("owner", "connection", "domain").order_by("precedence")
    )


def rename(source: Source, name: str, acting: Acting) -> None:
    """Give a source another name. No plan depends on it, so none of them ends."""
    name = " ".join(tidy(name).split())
    if not alike(name) or not is_showable(name):
        raise BadInput("source_unnamed", "A source needs a name.", "Give one that people know it by.")
    if len(name) > NAME_MAX:
        raise BadInput("source_name_long", f"A name may have {NAME_MAX} characters.", "Give a shorter one.")
    with transaction.atomic():
        _lock(source.domain)
        before = source.owner.label
        if name == before:
            return
        others = Owner.objects.filter(domain=source.domain, source__isnull=False).exclude(id=source.owner_id)
        if folded(name) in map(folded, others.values_list("label", flat=True)):
            raise Refused("source_name_taken", f"Another source is called “{name}”.", "Give another name.")
        source.owner.label = name
        source.owner.save(update_fields=["label"])
        _note(source, "source.renamed", acting, before=before, after=name)


def send_to(source: Source, group: str, acting: Acting) -> None:
    """Put the users of a source into a group, from the next run on."""
    with transaction.atomic():
        _lock(source.domain)
        row = queries.group_called(source.domain, group)
        if row is None:
            raise BadInput(
                "group_unknown", f"{source.domain.name} has no group “{group}”.", "Choose one of its groups."
            )
        group = row.name
        if group == source.group:
            return
        before, source.group = source.group, group
        source.save(update_fields=["group"])
        edit.bump_revision(source.domain_id)
        _note(source, "source.destination_set", acting, before=before, after=group)


def send_to_new(source: Source, name: str, acting: Acting) -> None:
    """Make a group and put the users of a source into it."""
    with transaction.atomic():
        group = edit.add_group(source.domain, name, acting)
        send_to(source, group.name, acting)


def set_switch(source: Source, switch: SourceSwitch, acting: Acting, *, on: bool) -> None:
    """Set one switch of a source; where it stands so already nothing happens."""
    if switch is SourceSwitch.ENABLED and on and source.connection_id is None:
        raise Refused("source_not_connected", "This source is not connected yet.", "Connect it first.")
    with transaction.atomic():
        _lock(source.domain)
        if Source.objects.filter(owner=source.owner_id, **{switch.value: not on}).update(**{switch.value: on}):
            ages.refresh(source.domain_id, acting.now())
            edit.bump_revision(source.domain_id)
            _note(source, _SWITCHED[switch][0 if on else 1], acting)
    setattr(source, switch.value, on)


def move_back(source: Source, acting: Acting) -> int:
    """Let the next run put users whom people moved where the source leads. Return how many."""
    return edit.leave_groups_to_sync(source.owner, acting)


def remove_keeping_users(source: Source, acting: Acting) -> int:
    """Remove a source; its users become hand-made ones. Return how many."""
    with transaction.atomic():
        _lock(source.domain)
        endings.confirm_all_of(source.owner, acting.now())
        kept_count = edit.give_up_users(source.owner, acting)
        _remove(source, acting, users="kept")
        Owner.objects.filter(id=source.owner_id).delete()
    return kept_count


def remove_retiring_users(source: Source, acting: Acting) -> None:
    """Remove a source; every run plans from now on to retire the users no other source has, under the usual guards.

    The owner stays without its source as long as it has users: that is what tells the runs.
    """
    with transaction.atomic():
        _lock(source.domain)
        endings.confirm_all_of(source.owner, acting.now())
        _remove(source, acting, users="retired")
        Owner.objects.filter(id=source.owner_id, users__isnull=True).delete()


def _remove(source: Source, acting: Acting, users: str) -> None:
    _note(source, "source.removed", acting, label=source.owner.label, users=users)
    Source.objects.filter(owner=source.owner_id).delete()
    ages.refresh(source.domain_id, acting.now())
    edit.bump_revision(source.domain_id)


def move(source: Source, acting: Acting, *, up: bool) -> None:
    """Change places with the neighbour; at an end there is none, and nothing happens."""
    ahead = -1 if up else 1
    with transaction.atomic():
        _lock(source.domain)
        order = ordered(source.domain)
        here = next(
            (place for place, listed_source in enumerate(order) if listed_source.owner_id == source.owner_id), None
        )
        if here is None or not 0 <= here + ahead < len(order):
            return
        order[here], order[here + ahead] = order[here + ahead], order[here]
        # Through places that nobody has, for no two may have the same one at any moment.
        free = max(listed_source.precedence for listed_source in order) + 1
        for first in (free, 1):
            for place, row in enumerate(order, first):
                row.precedence = place
                row.save(update_fields=["precedence"])
        edit.bump_revision(source.domain_id)
        _note(source, "source.moved", acting, place=here + ahead + 1)


def _create(domain: Domain, kind: str, group: str, precedence: int | None) -> Source:
    """Make a source that is off, at the end of the order or at the place that was asked for."""
    _lock(domain)
    sources = Source.objects.filter(domain=domain)
    if precedence is None:
        precedence = (sources.aggregate(last=Max("precedence"))["last"] or 0) + 1
    elif sources.filter(precedence=precedence).exists():
        raise Refused(
            "precedence_taken",
            f"Another source of {domain.name} has the precedence {precedence} already.",
            "Give another number; the lowest is tried first.",
        )
    owner = Owner.objects.create(domain=domain, label=_free_name(domain, NAMES[kind]))
    return Source.objects.create(
        owner=owner, domain=domain, kind=kind, group=group, precedence=precedence, enabled=False
    )


def _spelt(domain: Domain, group: str) -> str:
    """Return a group's name as the domain, or a source that leads to it already, spells it."""
    row = queries.group_called(domain, group)
    led = Source.objects.filter(domain=domain).values_list("group", flat=True)
    return row.name if row else next((name for name in led if folded(name) == folded(group)), tidy(group))


def _free_name(domain: Domain, name: str) -> str:
    labels = set(map(folded, Owner.objects.filter(domain=domain).values_list("label", flat=True)))
    names = (name, *(f"{name} {number}" for number in range(2, len(labels) + 3)))
    return next(free for free in names if folded(free) not in labels)


def _lock(domain: Domain) -> None:
    """Let one change of a domain's sources wait for another, and for whoever writes its roll."""
    Domain.objects.select_for_update(no_key=True).get(id=domain.id)


def _note(source: Source, action: str, acting: Acting, **details: Detail) -> None:
    note(acting, action, source.domain, source=str(source.owner_id), **details)
