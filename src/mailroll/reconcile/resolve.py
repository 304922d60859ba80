"""From what the sources want and what the roll has, one whole target state in which every address has one owner.

Resolving first and comparing two states afterwards is the point: going record by record, a mailbox made again under
its old address or two people swapping addresses would plan a creation and a removal of the same address.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from mailroll.reconcile import conflicts, kinds
from mailroll.reconcile.addresses import Address, DomainName, domain_of, in_order
from mailroll.reconcile.conflicts import ConflictRule, Side
from mailroll.reconcile.desired import Desired, Later
from mailroll.reconcile.kinds import Ruling
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.mapping import Entry
from mailroll.reconcile.model import Current, ExternalId, Kind, RollUser, Scope, SourceSpec, State
from mailroll.reconcile.reasons import Reason, ReasonCode, Skip
from mailroll.reconcile.statements import Absent, Keep, Take


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one user will be, and why."""

    user: UUID
    before: State | None
    after: State
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """The whole state to reach. Users that are not in `outcomes` stay exactly as they are."""

    outcomes: tuple[Outcome, ...]
    skips: tuple[Skip, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """An entry that wants addresses for one user, known or to be made."""

    user: UUID
    known: RollUser | None
    entry: Entry
    source: SourceSpec

    @property
    def rank(self) -> tuple[bool, int, str, ExternalId]:
        """Who goes first where nobody has the address yet; order of arrival never counts."""
        pinned = self.known is not None and self.known.pinned
        return (not pinned, *_turn(self))


def _turn(candidate: Take | Later | Claim) -> tuple[int, str, ExternalId]:
    return candidate.source.precedence, str(candidate.source.id), candidate.entry.id


def user_id(scope: Scope, external_id: ExternalId) -> UUID:
    """Name a user by the domain and the object: the same object in the same domain is always the same user."""
    return uuid5(scope.id, external_id)


def resolve(current: Current, desired: Desired, scope: Scope) -> Target:
    """Settle who has what.

    1. Tie each entry to the user it is about: by object id, by adoption, or a new one.
    2. Users of the read sources that are known to be gone retire, unless a person pinned or restored them.
    3. Everyone else stays, with every address they have. What a retired user has only ends, and blocks nobody.
    4. Give each wanted address to one: who has it in service now, else the first in rank.
    """
    by_object = {user.state.external_id: user for user in current.users if user.state.external_id is not None}
    claims, skips = _claims(by_object, current, desired, scope)
    claiming = {claim.known.id for claim in claims if claim.known is not None}
    leavers = {
        user.id: (user, reason)
        for user in current.users
        if (reason := _retires(user, desired, scope, claiming)) is not None
    }
    retiring = {key: reason for key, (user, reason) in leavers.items() if not (user.pinned or user.state.kept)}
    skips += [
        Skip(
            user.state.external_id,
            user.state.primary,
            Reason.of(ReasonCode.PINNED if user.pinned else ReasonCode.KEPT),
        )
        for key, (user, _) in leavers.items()
        if key not in retiring
    ]
    serving = [user for user in current.users if not user.state.retired]
    holders = {address: user for user in serving for address in user.state.addresses}
    fixed = {user.id for user in serving if user.id not in claiming and user.id not in retiring}
    won, losses = _settle(claims, holders, fixed, current)
    skips += losses
    takers = {address: claim for claim in claims for address in won[claim.user]}
    if desired.unproved:
        for claim in claims:
            won[claim.user] |= _unproved(claim, takers, desired)
    outcomes = [outcome for claim in claims if (outcome := _granted(claim, won[claim.user], takers)) is not None]
    for user in current.users:
        if user.id in claiming or user.id in fixed:
            continue
        after = leave(user.state, takers, retired=user.id in retiring or user.state.retired)
        if after != user.state:
            reasons = (retiring[user.id],) if user.id in retiring else ()
            outcomes.append(Outcome(user.id, user.state, after, reasons + _moves(user.state, after, takers)))
    return Target(tuple(outcomes), tuple(skips))


def _claims(
    by_object: Mapping[ExternalId, RollUser], current: Current, desired: Desired, scope: Scope
) -> tuple[list[Claim], list[Skip]]:
    hand_made = {
        user.state.primary: user
        for user in current.users
        if _hand_made(user)
        and user.state.external_id is None
        and user.state.kind is not Kind.STATIC
        and not user.exempt
    }
    rows, ours = {user.id: user for user in current.users}, desired.heard | scope.removed
    claims: list[Claim] = []
    skips: list[Skip] = []
    candidates = (
        candidate
        for key, candidate in desired.verdicts.items()
        if isinstance(candidate, Take)
        or (isinstance(candidate, Later) and _free_for(candidate.source, by_object.get(key)))
    )
    for verdict in sorted(candidates, key=_turn):
        entry, source = verdict.entry, verdict.source
        roll_user = by_object.get(entry.id)
        if entry.id in scope.exempt if roll_user is None else roll_user.exempt:
            skips.append(Skip(entry.id, entry.primary, Reason.of(ReasonCode.EXEMPT)))
            continue
        owner = roll_user.state.owner if roll_user else None
        if owner is not None and owner not in ours:
            # Another owner's user, or one whose own source was not read in this run: not ours to touch.
            continue
        if roll_user is None and source.adopts:
            roll_user = hand_made.pop(entry.primary, None)
        new_id = user_id(scope, entry.id)
        row = roll_user or rows.get(new_id)
        if row is not None and (roll_user is None or (_hand_made(row) and not source.adopts)):
            # A person took this very user over from a source: it is hand-made now, whatever its ids tell.
            loser = Claim(row.id, None, entry, source)
            reason = conflicts.taken(ConflictRule.TAKEN_OVER, _side(row, current), _claiming(loser), source)
            skips.append(Skip(entry.id, entry.primary, reason))
            continue
        claims.append(Claim(row.id if row else new_id, row, entry, source))
    return claims, skips


def _free_for(source: SourceSpec, user: RollUser | None) -> bool:
    return user is None or user.state.retired or user.state.owner == source.id


def _hand_made(user: RollUser) -> bool:
    return user.state.owner is None and not user.state.retired


def _retires(user: RollUser, desired: Desired, scope: Scope, claiming: set[UUID]) -> Reason | None:
    """Tell why a user should retire; None where it stays. Only a known cause counts, never mere absence."""
    state = user.state
    if user.id in claiming or user.exempt or state.retired or state.external_id is None:
        return None
    verdict = desired.verdicts.get(state.external_id)
    if state.owner in scope.removed and not isinstance(verdict, Keep | Later):
        return Reason.of(ReasonCode.SOURCE_REMOVED)
    if state.owner not in desired.heard or not isinstance(verdict, Absent):
        return None
    if state.external_id.partition(":")[0] in desired.unheard_tenants:
        return None  # another source of the same directory is in doubt
    if verdict.reason.code is ReasonCode.NO_ADDRESS_LEFT and _in(desired.unproved, state.addresses):
        return None  # whether it has an address left cannot be told
    return verdict.reason


def _unproved(claim: Claim, takers: Mapping[Address, Claim], desired: Desired) -> frozenset[Address]:
    """What a user holds in domains that this reading does not prove stays with it."""
    if claim.known is None:
        return frozenset()
    held_addresses = _in(desired.unproved, claim.known.state.addresses)
    # Not as a difference of sets: that would go through all takers for each claim.
    return frozenset(address for address in held_addresses if address not in takers)


def _in(domains: frozenset[DomainName], addresses: Iterable[Address]) -> frozenset[Address]:
    return frozenset(address for address in addresses if domain_of(address) in domains) if domains else frozenset()


def _settle(
    claims: Iterable[Claim], holders: Mapping[Address, RollUser], fixed: set[UUID], current: Current
) -> tuple[dict[UUID, set[Address]], list[Skip]]:
    """Give every wanted address to one claim, and say who lost which to whom."""
    claims_by_address: dict[Address, list[Claim]] = {}
    won: dict[UUID, set[Address]] = {}
    for claim in claims:
        won[claim.user] = set()
        for address in claim.entry.addresses:
            claims_by_address.setdefault(address, []).append(claim)
    losses: list[Skip] = []
    for address in sorted(claims_by_address):
        rivals = claims_by_address[address]
        if address in current.elsewhere:
            losses.extend(
                Skip(rival.entry.id, address, conflicts.taken_elsewhere(_claiming(rival), rival.source))
                for rival in rivals
            )
            continue
        holder = holders.get(address)
        if holder is not None and holder.id in fixed:
            rule = ConflictRule.BY_HAND if _hand_made(holder) else ConflictRule.HOLDS
            losses.extend(_skip_of_rival(address, rival, rule, _side(holder, current)) for rival in rivals)
            continue
        keeps = [rival for rival in rivals if holder is not None and rival.user == holder.id]
        winner = keeps[0] if keeps else min(rivals, key=lambda rival: rival.rank)
        won[winner.user].add(address)
        losses.extend(
            _skip_of_rival(
                address, rival, ConflictRule.HOLDS if keeps else _rule_between(winner, rival), _claiming(winner)
            )
            for rival in rivals
            if rival is not winner
        )
    return won, losses


def _skip_of_rival(address: Address, rival: Claim, rule: ConflictRule, holder: Side) -> Skip:
    return Skip(rival.entry.id, address, conflicts.taken(rule, holder, _claiming(rival), rival.source))


def _rule_between(winner: Claim, loser: Claim) -> ConflictRule:
    """Tell by which part of their ranks one went first."""
    if winner.rank[0] != loser.rank[0]:
        return ConflictRule.PINNED
    return ConflictRule.OBJECT if winner.source.id == loser.source.id else ConflictRule.PRECEDENCE


def _side(user: RollUser, current: Current) -> Side:
    """A user of the roll as one side of a conflict."""
    state = user.state
    by = "" if state.owner is None else current.owners.get(state.owner, "another source")
    return Side(state.display_name, state.primary, state.kind, by)


def _claiming(claim: Claim) -> Side:
    """What a source wants as one side of a conflict."""
    entry, roll_user = claim.entry, claim.known
    name = (
        entry.display_name if entry.display_name is not UNSET else (roll_user.state.display_name if roll_user else "")
    )
    return Side(name, entry.primary, kinds.settle_kind(entry.ruling, roll_user)[0], claim.source.label)


def _granted(claim: Claim, won: set[Address], takers: Mapping[Address, Claim]) -> Outcome | None:
    """Work out what a claim makes of its user with the addresses it got.

    None for a new one that got none; one that was retired stays so, for it would be active without an address.
    """
    entry, roll_user = claim.entry, claim.known
    before = roll_user.state if roll_user else None
    addresses = set(won)
    if not addresses and before is None:
        return None
    if not addresses and before is not None:
        if before.retired:
            after = leave(before, takers, retired=True)
            return Outcome(claim.user, before, after, _moves(before, after, takers))
        # Nothing wanted was free: keep what nobody else took, rather than leave a person without an address.
        addresses = {address for address in before.addresses if address not in takers}
    primary = _primary(entry, before, addresses)
    kind, rule = granted_kind(entry.ruling, roll_user)
    name = entry.display_name if entry.display_name is not UNSET else (before.display_name if before else "")
    after = State(
        external_id=entry.id,
        owner=claim.source.id,
        display_name=name,
        kind=kind,
        billable=bool(addresses) and entry.billable(kind),
        group=roll_user.state.group if roll_user is not None and roll_user.group_by_hand else claim.source.group,
        primary=primary,
        aliases=in_order(address for address in addresses if address != primary),
        former=() if addresses or before is None else in_order((*before.former, *before.addresses)),
        retired=False,
        rule=_rule(rule, before),
        object_type=entry.type,
    )
    moves = _moves(before, after, takers) if before else ()
    return Outcome(claim.user, before, after, entry.reasons(kind, rule) + moves)


def granted_kind(ruling: Ruling, roll_user: RollUser | None) -> tuple[Kind, Reason]:
    """Unknown is not a bill: someone new of whom it is not known is marked, not charged."""
    kind, rule = kinds.settle_kind(ruling, roll_user)
    return Kind.UNLICENSED if kind is UNSET else kind, rule


def _rule(rule: Reason, before: State | None) -> ReasonCode:
    """What the roll keeps as the rule: where nothing new was learnt, the one that decided before."""
    if rule.code is ReasonCode.KIND_KEPT and before is not None and before.rule is not None:
        return before.rule
    return rule.code


def _primary(entry: Entry, before: State | None, addresses: set[Address]) -> Address | None:
    had = before.primary if before else None
    for address in (entry.primary, had):
        if address is not None and address in addresses:
            return address
    return min(addresses, default=None)


def leave(state: State, takers: Container[Address], *, retired: bool) -> State:
    """What a retiring or retired user keeps: every address that nobody took; the others become former ones."""
    kept_addresses = [address for address in state.addresses if address not in takers]
    moved_addresses = [address for address in state.addresses if address in takers]
    primary = state.primary if state.primary in kept_addresses else min(kept_addresses, default=None)
    return replace(
        state,
        retired=retired,
        billable=False,
        primary=primary,
        aliases=in_order(address for address in kept_addresses if address != primary),
        former=in_order((*state.former, *moved_addresses)),
    )


def _moves(before: State, after: State, takers: Mapping[Address, Claim]) -> tuple[Reason, ...]:
    """Name who got an address that this user no longer has."""
    lost_addresses = in_order(
        address for address in before.addresses if address not in after.addresses and address in takers
    )
    return tuple(
        Reason.of(
            ReasonCode.IDENTITY_REUSED if after.retired else ReasonCode.ALIAS_MOVED,
            address=address,
            to=takers[address].entry.primary,
        )
        for address in lost_addresses
    )
