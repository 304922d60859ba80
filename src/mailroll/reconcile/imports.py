"""Users that a person brings in a file: what they make of those made by hand, as a plan like any other.

Who a source keeps, static addresses and exempt users are not touched by it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from mailroll.reconcile.addresses import Address, in_order
from mailroll.reconcile.change import diff
from mailroll.reconcile.guards import by_hand, judge_conflicts, judge_import, judge_pause
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import BILLABLE_KINDS, Current, Kind, RollUser, Scope, State
from mailroll.reconcile.pipeline import Elsewhere, Proposal, Terms, ask_elsewhere
from mailroll.reconcile.plan import Change, Plan
from mailroll.reconcile.reasons import Reason, ReasonCode, Skip
from mailroll.reconcile.resolve import Outcome, Target, leave
from mailroll.reconcile.skips import Skips
from mailroll.reconcile.text import tidy


class Missing(StrEnum):
    """What becomes of the users made by hand that a file lacks."""

    STAYS = "stays"
    RETIRES = "retires"


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One user as a file has it, by its line. What is UNSET stays as it is; `retired`: the file says that it is."""

    line: int
    address: Address
    aliases: tuple[Address, ...] | Unset = UNSET
    display_name: str | Unset = UNSET
    kind: Kind | Unset = UNSET
    group: str | Unset = UNSET
    retired: bool = False

    @property
    def addresses(self) -> tuple[Address, ...]:
        return (self.address, *(() if self.aliases is UNSET else self.aliases))


@dataclass(frozen=True, slots=True)
class UserFile:
    """A file: its rows, which share no address; the group of new users that it says nothing of; how those are named."""

    rows: tuple[ImportRow, ...]
    missing: Missing
    group: str
    identify: Callable[[Address], UUID]


_WORDS = {ReasonCode.NEW: ReasonCode.IN_FILE, ReasonCode.BACK: ReasonCode.BACK_IN_FILE}


def propose(user_file: UserFile, current: Current, scope: Scope, terms: Terms, elsewhere: Elsewhere) -> Proposal:
    """Compare a file with the roll, and judge the difference."""
    current = ask_elsewhere(current, (row.addresses for row in user_file.rows), elsewhere)
    target = _target(user_file, current)
    plan = worded(Plan.of(scope.id, terms.revision, (), diff(target)))
    of_file = judge_conflicts(target.skips)
    of_plan = (*judge_import(plan, current, terms.limits), *judge_pause(plan, terms.paused))
    return replace(Proposal.of(plan, current, (of_file, of_plan), Skips(target.skips)), measured=len(by_hand(current)))


def worded(plan: Plan) -> Plan:
    """Say of each change that a file is behind it, and not a source."""
    return Plan.of(plan.domain, plan.revision, plan.tenants, map(_worded, plan.changes))


def tie(
    rows: Sequence[Sequence[Address]], primaries: Mapping[Address, UUID], holders: Mapping[Address, UUID]
) -> tuple[UUID | None, ...]:
    """Say which user each row is about; None where it is about a new one. Nobody is meant by two rows.

    A row is its address, then its further ones. It is about the user with that primary address; else about the one
    that has it as a further address; else about the one whose primary address is among the row's further ones.
    """
    users: list[UUID | None] = [primaries.get(row[0]) for row in rows]
    meant = {user for user in users if user is not None}
    for users_by_address, part in ((holders, slice(1)), (primaries, slice(1, None))):
        for place, row in enumerate(rows):
            if users[place] is not None:
                continue
            user = next(
                (
                    users_by_address[address]
                    for address in row[part]
                    if address in users_by_address and users_by_address[address] not in meant
                ),
                None,
            )
            if user is not None:
                users[place] = user
                meant.add(user)
    return tuple(users)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A row with the user it is about: one that is known, or one to be made."""

    row: ImportRow
    user: UUID
    known: RollUser | None

    @property
    def wanted(self) -> frozenset[Address]:
        kept_addresses = self.known.state.addresses if self.known is not None and self.row.aliases is UNSET else ()
        return frozenset((*self.row.addresses, *kept_addresses))


@dataclass(frozen=True, slots=True)
class _Ground:
    """Who has which address now, and who of them would let it go."""

    current: Current
    holders: Mapping[Address, RollUser]
    going: frozenset[UUID]

    def refusal(self, address: Address, claim: _Claim, keeps: Mapping[UUID, frozenset[Address]]) -> Reason | None:
        """Tell why a claim cannot have an address; None where it can."""
        if address in self.current.elsewhere:
            return Reason.of(ReasonCode.CONFLICT_ELSEWHERE)
        holder = self.holders.get(address)
        if holder is None or holder.id == claim.user or holder.id in self.going:
            return None
        if holder.id in keeps and address not in keeps[holder.id]:
            return None
        return Reason.of(ReasonCode.CONFLICT, holder=holder.state.primary or holder.state.display_name)


def _target(user_file: UserFile, current: Current) -> Target:
    """Settle who has what.

    1. Leave out the rows that are about somebody whom a file does not touch.
    2. Tie the others to users made by hand, or to new ones.
    3. Users made by hand that the file lacks retire where that was asked for, unless a person pinned or restored them.
    4. A row whose own address another keeps is left out; then each further address goes to one.
    """
    holders = {address: user for user in current.users for address in user.state.addresses}
    reasons_by_line = {row.line: reason for row in user_file.rows if (reason := _not_touched(row, holders, current))}
    skips = [
        _skip(row, row.address, reasons_by_line[row.line]) for row in user_file.rows if row.line in reasons_by_line
    ]
    claims = _claims([row for row in user_file.rows if row.line not in reasons_by_line], current, user_file)
    lacking = _lacking(user_file, claims, current)
    skips += [
        Skip(
            str(user.id),
            user.state.primary,
            Reason.of(ReasonCode.PINNED_AGAINST_FILE if user.pinned else ReasonCode.KEPT_AGAINST_FILE),
        )
        for user in lacking
        if user.pinned or user.state.kept
    ]
    retiring = {user.id for user in lacking if not (user.pinned or user.state.kept)}
    claimed = {claim.user for claim in claims}
    # What a retired user has only ends, whoever kept it.
    yielding = {user.id for user in current.users if user.state.retired}
    ground = _Ground(current, holders, frozenset(retiring | (yielding - claimed)))
    settled, losses = _settle(claims, ground)
    skips += losses
    keeps = {claim.user: claim.wanted for claim in settled}
    outcomes: list[Outcome] = []
    takers: dict[Address, Address] = {}
    won: dict[UUID, set[Address]] = {}
    for claim in settled:
        won[claim.user] = set()
        for address in sorted(claim.wanted):
            refusal = ground.refusal(address, claim, keeps)
            if refusal is not None:
                skips.append(_skip(claim.row, address, refusal))
                continue
            won[claim.user].add(address)
            takers[address] = claim.row.address
    for claim in settled:
        before = claim.known.state if claim.known else None
        after = _after(claim, won[claim.user], user_file.group)
        outcomes.append(Outcome(claim.user, before, after, _moves(before, after, takers)))
    for user in current.users:
        if user.id in ground.going:
            after = leave(user.state, takers, retired=True)
            reasons = (Reason.of(ReasonCode.NOT_IN_FILE),) if user.id in retiring else ()
            outcomes.append(Outcome(user.id, user.state, after, reasons + _moves(user.state, after, takers)))
    return Target(tuple(outcomes), tuple(skips))


def _not_touched(row: ImportRow, holders: Mapping[Address, RollUser], current: Current) -> Reason | None:
    """Tell why a row is about somebody whom a file does not touch; None where it is about anybody else."""
    if row.retired:
        return Reason.of(ReasonCode.RETIRED_IN_FILE)
    holder = holders.get(row.address)
    if holder is None or holder.state.primary != row.address:
        return None
    if holder.state.owner is not None:
        label = current.owners.get(holder.state.owner, "another source")
        return Reason.of(ReasonCode.KEPT_BY_SOURCE, source=label)
    if holder.state.kind is Kind.STATIC and not holder.state.retired:
        return Reason.of(ReasonCode.KEPT_AS_STATIC)
    return Reason.of(ReasonCode.EXEMPT) if holder.exempt else None


def _touchable(user: RollUser) -> bool:
    """Whether a file may change a user: made by hand, neither static nor exempt."""
    return user.state.owner is None and not user.exempt and (user.state.kind is not Kind.STATIC or user.state.retired)


def _claims(rows: list[ImportRow], current: Current, user_file: UserFile) -> list[_Claim]:
    users_by_id = {user.id: user for user in current.users if _touchable(user)}
    primaries = {user.state.primary: user.id for user in users_by_id.values() if user.state.primary is not None}
    holders = {address: user.id for user in users_by_id.values() for address in user.state.addresses}
    about = tie([row.addresses for row in rows], primaries, holders)
    return [
        _Claim(
            row, user_file.identify(row.address) if user is None else user, None if user is None else users_by_id[user]
        )
        for row, user in zip(rows, about, strict=True)
    ]


def _lacking(user_file: UserFile, claims: list[_Claim], current: Current) -> list[RollUser]:
    """The users in service that the file was to replace and does not have. Who has no address no file can name."""
    if user_file.missing is Missing.STAYS:
        return []
    row_addresses, claimed = {row.address for row in user_file.rows}, {claim.user for claim in claims}
    return [
        user
        for user in current.users
        if _touchable(user)
        and not user.state.retired
        and user.state.primary is not None
        and user.id not in claimed
        and user.state.primary not in row_addresses
    ]


def _settle(claims: list[_Claim], ground: _Ground) -> tuple[list[_Claim], list[Skip]]:
    """Leave out the rows whose own address another keeps.

    Once is enough: whoever holds a row's own address is whom it is about, or is meant by a row that stays.
    """
    keeps = {claim.user: claim.wanted for claim in claims}
    settled: list[_Claim] = []
    losses: list[Skip] = []
    for claim in claims:
        refusal = ground.refusal(claim.row.address, claim, keeps)
        if refusal is None:
            settled.append(claim)
        else:
            losses.append(_skip(claim.row, claim.row.address, refusal))
    return settled, losses


def _after(claim: _Claim, won: set[Address], group: str) -> State:
    row, before = claim.row, claim.known.state if claim.known else None
    base_state = before or State(None, None, "", Kind.USER, billable=True, group=group, primary=None, aliases=())
    kind = base_state.kind if row.kind is UNSET else row.kind
    same = before is not None and kind is before.kind and not before.retired
    return replace(
        base_state,
        display_name=_name(row, base_state),
        kind=kind,
        # Who is billed in another domain stays so.
        billable=base_state.billable if same else kind in BILLABLE_KINDS,
        group=base_state.group if row.group is UNSET else row.group,
        primary=row.address,
        aliases=in_order(won - {row.address}),
        former=() if base_state.retired else base_state.former,
        retired=False,
        kept=False,
    )


def _name(row: ImportRow, base_state: State) -> str:
    """Keep the name as it is where the file has one that looks the same."""
    if row.display_name is UNSET or tidy(row.display_name) == tidy(base_state.display_name):
        return base_state.display_name
    return row.display_name


def _moves(before: State | None, after: State, takers: Mapping[Address, Address]) -> tuple[Reason, ...]:
    """Name who got an address that this user no longer has."""
    lost_addresses = (
        () if before is None else (address for address in before.addresses if address not in after.addresses)
    )
    return tuple(
        Reason.of(ReasonCode.ALIAS_MOVED, address=address, to=takers[address])
        for address in lost_addresses
        if address in takers
    )


def _worded(change: Change) -> Change:
    if all(reason.code not in _WORDS for reason in change.reasons):
        return change
    said = (Reason(_WORDS.get(reason.code, reason.code), reason.details) for reason in change.reasons)
    return replace(change, reasons=tuple(said))


def _skip(row: ImportRow, address: Address, reason: Reason) -> Skip:
    return Skip(f"line {row.line}", address, reason)
