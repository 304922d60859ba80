"""A change of a plan as a page shows it: what happens to the user, and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict

from mailroll.connectors.words import sentence
from mailroll.console.templatetags.marks import kind_of
from mailroll.console.templatetags.words import day_of
from mailroll.directory.lifecycle import KEPT
from mailroll.insight import run_changes
from mailroll.insight.actions import Sign
from mailroll.insight.run_changes import FIRST, MOST, Row, Wanted
from mailroll.reconcile.model import Kind, State
from mailroll.reconcile.plan import Action
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.sync.models import Run

SKIPPED = "skipped"
_DIGITS = 5
# What "What happens" shows already needs no sentence beside it.
_SHOWN = frozenset(
    {
        ReasonCode.RENAMED,
        ReasonCode.PRIMARY_CHANGED,
        ReasonCode.ALIAS_ADDED,
        ReasonCode.ALIAS_GONE,
        ReasonCode.KIND_CHANGED,
        ReasonCode.GROUP_CHANGED,
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of what happens: words, or something before and after."""

    words: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with its words. `mark` is what a person may set on the user here: pin, exempt, or nothing."""

    row: Row
    happens: tuple[Part, ...]
    why: tuple[str, ...]
    mark: str


def wanted(given: QueryDict) -> Wanted:
    """Read from an address which changes are asked for; what makes no sense asks for everything."""
    action, kind, shown = given.get("action", ""), given.get("kind", ""), given.get("shown", "")
    cause = given.get("cause", "")
    number = int(shown) if shown.isascii() and shown.isdigit() and len(shown) <= _DIGITS else FIRST
    return Wanted(
        text=given.get("q", "").replace("\0", "")[:320],
        sign=Sign(action) if action in set(Sign) else None,
        kind=kind if kind in set(Kind) else "",
        cause=cause if cause in set(ReasonCode) else "",
        billing=bool(given.get("billing")),
        shown=min(number, MOST),
    )


def shown(run: Run, page: run_changes.Page, *, waiting: bool) -> tuple[Shown, ...]:
    return tuple(Shown(row, tuple(_happens(row, run)), _why(row.reasons), _mark(row, waiting)) for row in page.rows)


def _why(reasons: tuple[Reason, ...]) -> tuple[str, ...]:
    """The sentences that add something to what happens; all of them where none does."""
    more = [reason for reason in reasons if reason.code not in _SHOWN]
    return tuple(sentence(reason) for reason in more or reasons)


def _mark(row: Row, waiting: bool) -> str:  # noqa: FBT001 - a fact of the run
    if not waiting or not (row.known or _of_object(row)):
        return ""
    return "pin" if row.sign is Sign.REMOVE else "exempt"


def _of_object(row: Row) -> bool:
    """Whether an object of a source is to be added, so that it can be left out before it is here."""
    return row.action is Action.CREATE and row.after is not None and row.after.external_id is not None


def _happens(row: Row, run: Run) -> Iterator[Part]:
    before, after = row.before, row.after
    match row.action:
        case Action.RETIRE:
            until = f"Restorable until {day_of((run.read_at or run.started_at) + KEPT)}."
            yield Part(f"Mail is accepted for 24 hours more, put off for 24 hours, then refused. {until}")
        case Action.REMOVE:
            yield Part("Mail is refused, and nothing can be restored.")
        case Action.CREATE if after is not None:
            yield Part(f"Into {after.group}{_with(after, ', ')}")
        case Action.ADOPT if after is not None:
            yield Part(f"Made by hand before, now kept by a source, in {after.group}.")
        case Action.RESTORE if after is not None:
            yield Part(f"Back as before{_with(after, ', with ')}")
        case _ if before is not None and after is not None:
            yield from _differences(before, after)


def _with(state: State, joint: str) -> str:
    number = len(state.aliases)
    return f"{joint}{number} alias{'' if number == 1 else 'es'}" if number else ""


def _differences(before: State, after: State) -> Iterator[Part]:
    if before.primary != after.primary:
        yield Part(before=before.primary or "no address", after=after.primary or "no address")
    yield from (Part(f"New address {one}") for one in after.aliases if one not in before.addresses)
    yield from (Part(f"No longer {one}") for one in before.aliases if one not in after.addresses)
    if before.display_name != after.display_name:
        yield Part(before=before.display_name or "no name", after=after.display_name or "no name")
    if before.kind != after.kind:
        yield Part(before=kind_of(before.kind)[1], after=kind_of(after.kind)[1])
    if before.group != after.group:
        yield Part(before=before.group, after=after.group)
    if before.billable != after.billable and before.kind == after.kind:
        yield Part("Billable from now on" if after.billable else "No longer billable")
    if before.owner != after.owner:
        yield Part("Kept by another source")
