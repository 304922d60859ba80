"""What pages of users say: whether somebody is billed and why not, who did something, what aliases to show."""

from collections.abc import Mapping

from mailroll.accounts.models import Operator
from mailroll.console.templatetags.actors import said
from mailroll.directory.queries import Listed
from mailroll.insight.history import Event
from mailroll.reconcile.model import BILLABLE_KINDS, Kind
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


def billed(user: Listed) -> str:
    """“Yes”, or “No” with the rule that says so."""
    if user.billable:
        return "Yes"
    if user.retired_at is not None:
        return "No: retired"
    if Kind(user.kind) in BILLABLE_KINDS:
        return "No: billed in another domain"
    return f"No: {_NOT_BILLED[user.kind]}"


def aliases(user: Listed) -> str:
    """Name the first aliases by their local part, and count the rest."""
    if not user.aliases:
        return "\N{EN DASH}"
    here = user.address.rpartition("@")[2] if user.address else ""
    named = [alias.removesuffix(here) if here else alias for alias in user.aliases]
    if len(named) == _SHOWN + 1:
        return f"{', '.join(named[:_SHOWN])} and 1 more"
    more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
    return ", ".join(named[:_SHOWN]) + more


def by(event: Event, reader: Operator) -> str:
    """Say what did it: a kind of run with its person, or the person alone."""
    if event.run is None:
        return f"By {said(event.actor, reader)}"
    return run_called(event.run, reader)


def run_called(run: Run, reader: Operator) -> str:
    match run.trigger:
        case Trigger.AUTOMATIC:
            return "Automatic run"
        case Trigger.PREVIEW:
            return f"Preview applied by {said(run.decided_by or run.actor, reader)}"
        case Trigger.IMPORT:
            return f"File imported by {said(run.decided_by or run.actor, reader)}"
        case Trigger.HELD:
            return f"Released by {said(run.decided_by or run.actor, reader)}"
        case _:
            return f"Sync & Save by {said(run.actor, reader)}"
