"""What pages of users say: whether somebody is billed and why not, who did something, what aliases to show."""

from collections.abc import Mapping
from uuid import UUID

from mailroll.accounts.models import Operator
from mailroll.connections.models import Source
from mailroll.console.templatetags.actors import said
from mailroll.directory.edit import Restoring
from mailroll.directory.models import User
from mailroll.directory.queries import ListedUser, primary_of
from mailroll.insight.history import Event
from mailroll.insight.why.users import kept_until
from mailroll.reconcile.model import BILLABLE_KINDS, Kind, State
from mailroll.sync.models import Run, Trigger

_SHOWN = 2
"""Aliases named in a row."""

_NOT_BILLED: Mapping[str, str] = {
    Kind.SHARED: "shared mailbox",
    Kind.ROOM: "room",
    Kind.EQUIPMENT: "equipment",
    Kind.OTHERS: "no person's mailbox",
    Kind.SHARED_OR_RESOURCE: "shared or resource",
    Kind.UNLICENSED: "no licence",
    Kind.AGENT: "agent",
    Kind.GROUP: "group",
    Kind.CONTACT: "contact",
    Kind.STATIC: "static",
}


def billed(user: ListedUser) -> str:
    """“Yes”, or “No” with the rule that says so."""
    if user.billable:
        return "Yes"
    if user.retired_at is not None:
        return "No: retired"
    if Kind(user.kind) in BILLABLE_KINDS:
        return "No: billed in another domain"
    return f"No: {_NOT_BILLED[user.kind]}"


def aliases(user: ListedUser) -> str:
    """Name the first aliases by their local part, and count the rest."""
    if not user.aliases:
        return "\N{EN DASH}"
    domain = user.address.rpartition("@")[2] if user.address else ""
    names = [alias.removesuffix(domain) if domain else alias for alias in user.aliases]
    if len(names) == _SHOWN + 1:
        return f"{', '.join(names[:_SHOWN])} and 1 more"
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def by(event: Event, reader: Operator, names: Mapping[str, str]) -> str:
    """Say what did it: a kind of run with its person, or the person alone."""
    if event.run is None:
        return f"By {said(event.actor, reader, names)}"
    return run_called(event.run, reader, names)


def run_called(run: Run, reader: Operator, names: Mapping[str, str]) -> str:
    match run.trigger:
        case Trigger.AUTOMATIC:
            return "Automatic run"
        case Trigger.PREVIEW:
            return f"Preview applied by {said(run.decided_by or run.actor, reader, names)}"
        case Trigger.IMPORT:
            return f"File imported by {said(run.decided_by or run.actor, reader, names)}"
        case Trigger.HELD:
            return f"Released by {said(run.decided_by or run.actor, reader, names)}"
        case _:
            return f"Sync & Save by {said(run.actor, reader, names)}"


def called(key: UUID, state: State) -> str:
    """What to call a user by in a list of names: its name and its address, as far as it has them."""
    address = state.primary or next(iter(state.former), None)
    parts = [part for part in (state.display_name, address and f"({address})") if part]
    return " ".join(parts) or str(key)


def pinned(user: User) -> str:
    name = _name(user)
    if user.pinned:
        return f"Pinned {name}: a sync never removes it."
    return f"{name} is no longer pinned.{_still_kept(user)}"


def exempted(user: User) -> str:
    name = _name(user)
    if user.exempt:
        return f"{name} is exempt: a sync changes nothing here."
    return f"{name} is no longer exempt: the next sync looks at it again."


def unkept(user: User) -> str:
    name = _name(user)
    if user.pinned:
        return f"{name} is no longer kept. It is pinned, so a sync never removes it all the same."
    if user.exempt:
        return f"{name} is no longer kept. It is exempt, so a sync leaves it alone all the same."
    if user.owner is None:
        return f"{name} is no longer kept. Like every user made by hand it stays until a person or a file removes it."
    return f"{name} is no longer kept: the next run plans to retire it, unless it is listed again."


def restored(user: User) -> str:
    if not user.kept:
        return f"{_name(user)} is in the list."
    source = Source.objects.select_related("owner").filter(owner=user.owner_id).first()
    return (
        f"{_name(user)} is in the list again. Mail is accepted now. "
        f"It is kept: no run retires it until {kept_until(user, source)}, or until somebody ends that."
    )


def moved(user: User) -> str:
    name, group = _name(user), user.group.name
    return f"{name} is in {group} now. A sync leaves it there." if user.owner else f"{name} is in {group} now."


def group_left(user: User) -> str:
    if user.exempt:
        return f"A sync decides the group again once the exemption of {_name(user)} ends."
    return "The next sync that takes it decides the group."


def kind_left(user: User) -> str:
    if user.exempt:
        return f"A sync decides the kind again once the exemption of {_name(user)} ends."
    return "The next sync that takes it decides the kind."


def restored_many(restoring: Restoring) -> str:
    """Say how many came back, and of each other one why not."""
    count = len(restoring.back)
    back = "1 user is" if count == 1 else f"{count:,} users are"
    return " ".join((f"{back} in the list again, and kept. Mail is accepted now.", *_not_restored(restoring)))


def nobody_restored(restoring: Restoring) -> str:
    return " ".join(("Nobody was restored.", *_not_restored(restoring)))


def _not_restored(restoring: Restoring) -> list[str]:
    sentences = []
    if taken_count := len(restoring.taken):
        sentences.append(f"{taken_count:,} {_stay(taken_count)} retired: every address belongs to somebody else.")
    if restoring.listed:
        sentences.append(f"{restoring.listed:,} {_are(restoring.listed)} in the list already.")
    if restoring.missing:
        sentences.append(f"{restoring.missing:,} {_are(restoring.missing)} not there any more.")
    return sentences


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _stay(count: int) -> str:
    return "stays" if count == 1 else "stay"


def _still_kept(user: User) -> str:
    return " It is still kept, since somebody restored it." if user.kept else ""


def _name(user: User) -> str:
    return user.display_name or primary_of(user)


def comes_back(user: User, listed: ListedUser) -> str:
    """Say what a retired user would come back with."""
    count = len(listed.aliases)
    if listed.address is None:
        addresses_text = "those of its addresses that are free then"
    else:
        addresses_text = "no alias" if not count else f"{count:,} alias{'es' if count != 1 else ''}"
    return f"{addresses_text}, group {user.group.name}, {'pinned' if user.pinned else 'not pinned'}"
