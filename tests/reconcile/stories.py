"""Rolls with a history and what is read for them next, drawn by chance: what properties are proved on."""

from dataclasses import dataclass, replace
from enum import StrEnum

from hypothesis import strategies as st

from mailroll.reconcile.model import (
    Current,
    Kind,
    Reading,
    RollUser,
)
from mailroll.reconcile.pipeline import Proposal
from mailroll.reconcile.reasons import ReasonCode
from mailroll.reconcile.split import split
from tests.reconcile.outcome import advance, hashed
from tests.reconcile.world import DOMAIN, HAND_NAMES, LOCALS, _one_in_5, _up_to, address, ask, readings_of, roll, user


class Decision(StrEnum):
    """What a person does to one user between two runs."""

    PIN = "pin"
    EXEMPT = "exempt"
    FIX_KIND = "fix the kind"
    MOVE = "move to another group"
    RETIRE = "retire"
    REMOVE = "remove"
    RESTORE = "restore"


def decide(current: Current, number: int, decision: Decision) -> Current:
    """Return the roll after a person's decision on one user."""
    if not current.users:
        return current
    chosen = current.users[number % len(current.users)]
    rest = [one for one in current.users if one is not chosen]
    match decision:
        case Decision.PIN:
            rest.append(hashed(replace(chosen, pinned=True)))
        case Decision.EXEMPT:
            rest.append(hashed(replace(chosen, exempt=True)))
        case Decision.FIX_KIND:
            fixed = replace(chosen.state, kind=Kind.SHARED, rule=ReasonCode.KIND_BY_HAND)
            rest.append(hashed(replace(chosen, kind_by_hand=True, state=fixed)))
        case Decision.MOVE:
            rest.append(hashed(replace(chosen, group_by_hand=True, state=replace(chosen.state, group="Elsewhere"))))
        case Decision.RETIRE:
            # Nobody retires who is kept: see `no_run_retires_who_is_kept_nor_takes_its_addresses`, and `imports`.
            retired = replace(chosen.state, retired=True, billable=False, kept=False)
            rest.append(hashed(replace(chosen, state=retired)))
        case Decision.REMOVE:
            pass
        case Decision.RESTORE:
            # Who is in service may have been restored a moment after it retired; without an address nobody comes back.
            back = replace(chosen, state=replace(chosen.state, retired=False, kept=True))
            rest.append(hashed(back) if chosen.state.addresses else chosen)
    return roll(*rest, elsewhere=current.elsewhere)


@dataclass(frozen=True)
class World:
    """A roll and what is read for it next."""

    current: Current
    readings: tuple[Reading, ...]

    def proposal(self) -> Proposal:
        return ask(self.current, self.readings)


_any_readings = readings_of()
_decision = st.sampled_from(tuple(Decision))


@st.composite
def rolls(draw: st.DrawFn) -> Current:
    """A roll with a history: hand-made users first, then runs, some of them parted, and decisions between."""
    free = list(LOCALS)
    hand_made: list[RollUser] = []
    for name in HAND_NAMES[: draw(_up_to[2])]:
        held = [f"{free.pop(draw(_up_to[len(free) - 1]))}@{DOMAIN}"]
        if draw(_up_to[1]):
            held.append(f"{name.lower()}@{DOMAIN}")
        hand_made.append(user(name, *held, owner=None))
    taken = {address(f"c@{DOMAIN}"): "another domain"} if "c" in free and draw(_up_to[7]) == 1 else {}
    current = roll(*hand_made, elsewhere=taken)
    for _ in range(draw(_up_to[2])):
        plan = ask(current, draw(_any_readings)).plan
        now, later = split(plan)
        current = advance(current, now)
        if draw(_one_in_5) != 1:
            current = advance(current, later)
        for _ in range(draw(_up_to[2])):
            current = decide(current, draw(_up_to[11]), draw(_decision))
    return current


_rolls = rolls()
_sure_readings = readings_of(doubts=False)


@st.composite
def worlds(draw: st.DrawFn, *, doubts: bool = True) -> World:
    return World(draw(_rolls), draw(_any_readings if doubts else _sure_readings))
