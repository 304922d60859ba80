"""Changes of a plan as a page shows them: groups with their reason, and what happens to each user in one line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mailroll import promises
from mailroll.connectors.words import DIRECTORY, sentence
from mailroll.console.templatetags.marks import kind_of
from mailroll.console.templatetags.words import day_of
from mailroll.insight import run_changes
from mailroll.insight.actions import Sign
from mailroll.insight.run_changes import PAGE, ChangeRow
from mailroll.insight.run_groups import ChangeGroup
from mailroll.reconcile.model import Kind, State
from mailroll.reconcile.plan import Action
from mailroll.reconcile.reasons import STANDING, Reason, ReasonCode
from mailroll.sync.models import Run, RunState

# What "What happens" shows already needs no sentence beside it.
_SHOWN = frozenset(
    {
        ReasonCode.RENAMED,
        ReasonCode.PRIMARY_CHANGED,
        ReasonCode.ALIAS_ADDED,
        ReasonCode.ALIAS_GONE,
        ReasonCode.KIND_CHANGED,
        ReasonCode.GROUP_CHANGED,
        ReasonCode.BILLABLE_CHANGED,
        ReasonCode.SOURCE_CHANGED,
    }
)
_NEW = {
    Kind.USER: ("mailbox", "mailboxes"),
    Kind.SHARED: ("shared mailbox", "shared mailboxes"),
    Kind.ROOM: ("room", "rooms"),
    Kind.EQUIPMENT: ("piece of equipment", "pieces of equipment"),
    Kind.LINKED: ("linked mailbox", "linked mailboxes"),
    Kind.OTHERS: ("mailbox of another kind", "mailboxes of another kind"),
    Kind.SHARED_OR_RESOURCE: ("shared mailbox or room", "shared mailboxes or rooms"),
    Kind.UNLICENSED: ("unlicensed user", "unlicensed users"),
    Kind.AGENT: ("agent", "agents"),
    Kind.GROUP: ("list", "lists"),
    Kind.CONTACT: ("contact", "contacts"),
    Kind.STATIC: ("static address", "static addresses"),
}
_REMOVED = {
    ReasonCode.GONE: f"deleted in {DIRECTORY}",
    ReasonCode.NO_ADDRESS_LEFT: "without an address left in this domain",
    ReasonCode.FILTERED_OUT: "left out by a filter",
    ReasonCode.IDENTITY_REUSED: "made again under the same address",
    ReasonCode.SOURCE_REMOVED: "whose source was removed",
    ReasonCode.NOT_IN_FILE: "not in the file",
    ReasonCode.GUEST: "with a mailbox in another organization now",
    ReasonCode.GROUPS_OFF: "of a source that takes no groups any more",
    ReasonCode.CONTACTS_OFF: "of a source that takes no contacts any more",
    ReasonCode.NOT_MAIL_ENABLED: "that receive no mail any more",
}
_CHANGED = {
    ReasonCode.RENAMED: ("renamed", "renamed"),
    ReasonCode.ALIAS_ADDED: ("has another address", "have another address"),
    ReasonCode.ALIAS_GONE: ("has an address less", "have an address less"),
    ReasonCode.SOURCE_CHANGED: ("kept by another source", "kept by another source"),
    ReasonCode.BILLABLE_CHANGED: ("billed otherwise", "billed otherwise"),
}
_RESTORED = {
    ReasonCode.BACK: (f"is back in {DIRECTORY}", f"are back in {DIRECTORY}"),
    ReasonCode.BACK_IN_FILE: ("is back by the file", "are back by the file"),
}


@dataclass(frozen=True, slots=True)
class WordPart:
    """A piece of what happens: words, or something before and after."""

    words: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A row with its words. `mark` is what a person may set on the user here: pin, exempt, or nothing."""

    row: ChangeRow
    happens: tuple[WordPart, ...]
    why: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class GroupBlock:
    """A group with its words and the rows shown of it; `next` says how many more there is room for here."""

    group: ChangeGroup
    headline: str
    why: str
    rows: tuple[ShownChange, ...]
    more: int
    next: int


def blocks(run: Run, page: run_changes.ChangePage, *, waiting: bool, shows_all: bool) -> tuple[GroupBlock, ...]:
    return tuple(
        GroupBlock(
            group,
            headline(group, of_file=run.of_file),
            " ".join((*map(sentence, _shared_reasons(group)), *_fate(group, run))),
            tuple(
                ShownChange(row, tuple(_happens(row)), _own_reasons(row, group), _mark(row, waiting)) for row in rows
            ),
            0 if shows_all else group.size - len(rows),
            next=min(PAGE, group.size) - len(rows),
        )
        for group, rows in page.groups
    )


def headline(group: ChangeGroup, *, of_file: bool) -> str:
    """Say what happens to a group in a few words, as in “12 new mailboxes, into Main”."""
    key, is_single = group.key, group.size == 1
    kind = _NEW.get(Kind(key.kind), ("user", "users")) if key.kind else ("user", "users")
    match key.action:
        case Action.RETIRE | Action.REMOVE:
            words = _REMOVED.get(ReasonCode(key.lead), "to be removed") if key.lead else "to be removed"
            return f"{group.size:,} {words}"
        case Action.CREATE:
            noun = ("user", "users") if of_file and key.kind == Kind.USER else kind
            return f"{group.size:,} new {noun[0 if is_single else 1]}, into {key.into}"
        case Action.ADOPT:
            return f"{group.size:,} made by hand, kept by a source from here on"
        case Action.RESTORE:
            words_of = _RESTORED.get(ReasonCode(key.lead), ("is restored", "are restored"))
        case _ if key.lead == ReasonCode.KIND_CHANGED:
            words_of = (f"is now {_a(kind[0])}", f"are now {kind[1]}")
        case _ if key.lead == ReasonCode.GROUP_CHANGED:
            words_of = (f"moves to {key.into}", f"move to {key.into}")
        case _:
            words_of = _CHANGED.get(ReasonCode(key.lead), ("changes otherwise", "change otherwise"))
    return f"{group.size:,} {words_of[0 if is_single else 1]}"


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" and not noun.startswith("user") else f"a {noun}"


def _shared_reasons(group: ChangeGroup) -> tuple[Reason, ...]:
    """The reasons that stand above a group, since they are true of all of it."""
    return tuple(reason for reason in group.reasons if _says_more(reason, group))


def _says_more(reason: Reason, group: ChangeGroup) -> bool:
    """What a user is, is news only where it is new, or is what changes."""
    if reason.code in _SHOWN:
        return False
    if group.key.action is not Action.UPDATE:
        return True
    return reason.code not in STANDING or group.key.lead in {ReasonCode.KIND_CHANGED, ReasonCode.BILLABLE_CHANGED}


def _fate(group: ChangeGroup, run: Run) -> Iterator[str]:
    """What becomes of mail for whom a run removes, and for how long they can be brought back."""
    if group.key.action is Action.RETIRE:
        grace, later = promises.in_words(promises.GRACE), promises.in_words(promises.LATER)
        yield f"Mail is accepted for {grace} more, put off for {later}, then refused."
        applied = run.finished_at if run.state == RunState.APPLIED else None
        yield f"Can be restored, at least until {day_of((applied or run.read_at or run.started_at) + promises.KEPT)}."
    if group.key.action is Action.REMOVE:
        yield "Mail is refused, and nothing can be restored."
    if group.key.action is Action.UPDATE and group.key.lead == ReasonCode.RENAMED:
        yield "Each is the same object as before, so the same user: nobody goes or comes."


def _own_reasons(row: ChangeRow, group: ChangeGroup) -> tuple[str, ...]:
    """What the group does not say of this one."""
    if group.same_for_all:
        return ()
    above = _shared_reasons(group)
    return tuple(sentence(reason) for reason in row.reasons if _says_more(reason, group) and reason not in above)


def _mark(row: ChangeRow, waiting: bool) -> str:  # noqa: FBT001 - a fact of the run
    if not waiting or not (row.known or _of_object(row)):
        return ""
    return "pin" if row.sign is Sign.REMOVE else "exempt"


def _of_object(row: ChangeRow) -> bool:
    """Whether an object of a source is to be added, so that it can be left out before it is here."""
    return row.action is Action.CREATE and row.after is not None and row.after.external_id is not None


def _happens(row: ChangeRow) -> Iterator[WordPart]:
    before, after = row.before, row.after
    match row.action:
        case Action.RETIRE | Action.REMOVE if before is not None and before.aliases:
            yield WordPart(f"{_aliases(before)} {'goes' if len(before.aliases) == 1 else 'go'} too")
        case Action.CREATE if after is not None and after.aliases:
            yield WordPart(_aliases(after))
        case Action.ADOPT if after is not None:
            yield WordPart(f"In {after.group}")
        case Action.RESTORE if after is not None:
            yield WordPart(f"As before, with {_aliases(after)}" if after.aliases else "As before")
        case Action.UPDATE if before is not None and after is not None:
            yield from _differences(before, after)
        case _:
            return


def _aliases(state: State) -> str:
    number = len(state.aliases)
    return f"{number} alias{'' if number == 1 else 'es'}"


def _differences(before: State, after: State) -> Iterator[WordPart]:
    def short(address: str | None) -> str:
        """An address by what stands before its @, where the rest is in the row already."""
        local, _, domain = (address or "").rpartition("@")
        return f"{local}@" if domain == (after.primary or "").rpartition("@")[2] else address or "no address"

    if before.display_name != after.display_name:
        yield WordPart(before=before.display_name or "no name", after=after.display_name or "no name")
    if before.primary != after.primary:
        yield WordPart(before=short(before.primary), after=short(after.primary))
    gained_addresses, lost_addresses = (
        set(after.addresses) - set(before.addresses),
        set(before.addresses) - set(after.addresses),
    )
    yield from (WordPart(f"Alias {short(alias)}") for alias in after.aliases if alias in gained_addresses)
    yield from (
        WordPart(f"No longer {short(alias)}")
        for alias in before.addresses
        if alias in lost_addresses and alias != before.primary
    )
    if before.kind != after.kind:
        yield WordPart(before=kind_of(before.kind)[1], after=kind_of(after.kind)[1])
    if before.group != after.group:
        yield WordPart(before=before.group, after=after.group)
    if before.billable != after.billable and before.kind == after.kind:
        yield WordPart("Billable from now on" if after.billable else "No longer billable")
    if before.owner != after.owner:
        yield WordPart("Kept by another source")


def plain(row: ChangeRow) -> str:
    """What happens in words alone, for a file."""
    said = (part.words or f"{part.before} → {part.after}" for part in _happens(row))
    return "; ".join(said)


def reasons(row: ChangeRow) -> Iterable[str]:
    return map(sentence, row.reasons)
