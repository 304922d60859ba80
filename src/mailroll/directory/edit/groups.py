"""The groups of a domain: added, renamed, removed."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import note
from mailroll.directory import queries, rows
from mailroll.directory.edit.domains import bump_revision, lock
from mailroll.directory.edit.problems import FieldProblem, Malformed
from mailroll.directory.edit.single import decided, lock_users
from mailroll.directory.models import MAIN, Domain, Group, User
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.reconcile.text import alike, folded, is_showable, tidy

NAME_MAX = 100
"""Characters of a group's name: it has to fit a screen."""

_BATCH = 5000
"""Users written at a time."""


@dataclass(frozen=True, slots=True)
class MovedGroup:
    """A group that is called otherwise from now on, or is no more: where it was, where its users are."""

    before: str
    after: str
    users: int


def add_group(domain: Domain, name: str, acting: Acting) -> Group:
    name = _good(name)
    with transaction.atomic():
        lock(domain)
        if existing_group := queries.group_called(domain, name):
            raise _exists(existing_group.name, domain)
        group = Group.objects.create(domain=domain, name=name, key=folded(name))
        note(acting, "group.added", domain, group=name)
    return group


def rename_group(domain: Domain, group: int, name: str, acting: Acting) -> MovedGroup:
    """Call a group otherwise. Plans made before name the old one, so none of them can be applied any more."""
    name = _good(name)
    with transaction.atomic():
        group_row = _locked(group, domain)
        before = group_row.name
        if before == MAIN:
            raise _main("renamed")
        if before == name:
            return MovedGroup(before, name, 0)
        others = Group.objects.filter(domain=domain).exclude(id=group_row.id).order_by("id")
        if taken := next(
            (other_group.name for other_group in others if folded(other_group.name) == folded(name)), None
        ):
            raise _exists(taken, domain)
        users = _users(group_row)
        group_row.name, group_row.key = name, folded(name)
        group_row.save(update_fields=("name", "key"))
        _carry(users, name, domain, acting.now())
        bump_revision(domain.id)
        note(acting, "group.renamed", domain, before=before, after=name)
    return MovedGroup(before, name, len(users))


def remove_group(domain: Domain, group: int, acting: Acting) -> MovedGroup:
    """Remove a group; its users go to Main at once, and mail for them is accepted as before."""
    with transaction.atomic():
        group_row = _locked(group, domain)
        if group_row.name == MAIN:
            raise _main("removed")
        users = _users(group_row)
        _carry(users, MAIN, domain, acting.now())
        group_row.delete()
        bump_revision(domain.id)
        note(
            acting,
            "group.removed",
            domain,
            group=group_row.name,
            users=len(users),
        )
    return MovedGroup(group_row.name, MAIN, len(users))


def _carry(users: list[UUID], group: str, domain: Domain, now: datetime) -> None:
    """Write users with the name of their group, which is part of what their hash says.

    Whoever was moved into a group that is no more was not moved into Main: the next sync may place them again.
    """
    remaining_users = iter(users)
    while batch := list(islice(remaining_users, _BATCH)):
        rows.write(
            domain.id,
            [
                rows.Write(
                    user.id,
                    user.state,
                    replace(user.state, group=group),
                    replace(decided(user), group_by_hand=user.group_by_hand and group != MAIN),
                )
                for user in lock_users(domain, batch)
            ],
            now,
        )


def _users(group: Group) -> list[UUID]:
    return list(User.objects.filter(domain=group.domain_id, group=group).order_by("id").values_list("id", flat=True))


def _locked(group: int, domain: Domain) -> Group:
    lock(domain)
    group_row = Group.objects.filter(domain=domain, id=group).first()
    if group_row is None:
        raise BadInput("group_unknown", f"{domain.name} no longer has this group.", "See which groups it has.")
    return group_row


def _good(name: str) -> str:
    name = tidy(name)
    problem: str | None = None
    if not alike(name) or not is_showable(name):
        problem = "A group needs a name that people know it by."
    elif len(name) > NAME_MAX:
        problem = f"The name is longer than {NAME_MAX} characters."
    if problem is not None:
        raise Malformed.of("group_unnamed", [FieldProblem("name", problem)])
    return name


def _exists(name: str, domain: Domain) -> Refused:
    return Refused("group_exists", f"{domain.name} has a group “{name}” already.", "Use it, or another name.")


def _main(verb: str) -> Refused:
    return Refused(
        "group_is_main", f"Main cannot be {verb}: it takes everyone no other source places.", "Choose another group."
    )
