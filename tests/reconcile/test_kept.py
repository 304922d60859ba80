"""Who a person restored: kept by every run until it is listed again."""

from dataclasses import replace

from hypothesis import event, example, given, settings

from mailroll.reconcile.model import Reading, RollUser
from mailroll.reconcile.pipeline import Proposal
from mailroll.reconcile.plan import Action, Plan
from mailroll.reconcile.reasons import ReasonCode
from mailroll.reconcile.split import split
from tests.reconcile.conclusions import Conclusion, conclusions
from tests.reconcile.outcome import advance, hashed
from tests.reconcile.stories import World, worlds
from tests.reconcile.world import SECOND, ask, record, roll, snapshot
from tests.reconcile.world import user as made

_BY_HAND = made("desk", "c@d.example", owner=None)
ADOPTED = World(
    roll(hashed(replace(_BY_HAND, state=replace(_BY_HAND.state, kept=True)))),
    (Reading(SECOND, snapshot(record("bob", "c@d.example"))),),
)
"""Who is kept was made by hand, and a source that adopts lists its address."""


def _kept(world: World) -> dict[object, RollUser]:
    return {user.id: user for user in world.current.users if user.state.kept}


def no_run_retires_who_is_kept_nor_takes_its_addresses(world: World, proposal: Proposal) -> None:
    kept, plan = _kept(world), proposal.plan
    for part in (plan, *split(plan)):
        for change in part.changes:
            if change.user not in kept:
                assert not change.held_after & {one for user in kept.values() for one in user.state.addresses} or (
                    _moved_by_its_own_source(plan, change.held_after, kept)
                )
                continue
            event(f"{change.action} of who is kept")
            assert change.action in {Action.UPDATE, Action.ADOPT}
            assert change.after is not None
            assert change.after.addresses


def _moved_by_its_own_source(plan: Plan, addresses: frozenset[str], kept: dict[object, RollUser]) -> bool:
    """Whether who had these addresses is listed again, without them."""
    losers = {change.user for change in plan.changes if change.lost & addresses}
    return all(user in losers for user in kept if set(kept[user].state.addresses) & addresses)


def the_mark_ends_only_for_who_is_listed_again(world: World, proposal: Proposal) -> None:
    kept = _kept(world)
    after = {user.id: user.state for user in advance(world.current, proposal.plan).users}
    for key, user in kept.items():
        # Who was made by hand is listed by what adopts it.
        said = conclusions(user.state.external_id or after[user.id].external_id, world.readings)
        shown = bool(said & {Conclusion.HERE, Conclusion.EITHER})
        if not after[user.id].kept:
            assert shown
            (change,) = (one for one in proposal.plan.changes if one.user == key)
            assert ReasonCode.LISTED_AGAIN in {reason.code for reason in change.reasons}
        elif not shown:
            assert after[user.id] == user.state


def no_run_marks_anybody(world: World, proposal: Proposal) -> None:
    kept = _kept(world)
    marked = [user for user in advance(world.current, proposal.plan).users if user.state.kept]
    assert {user.id for user in marked} <= kept.keys()
    assert not any(user.state.retired for user in marked)


@given(worlds(doubts=False))
def test_the_mark_is_ended_once(world: World) -> None:
    after = advance(world.current, world.proposal().plan)
    again = ask(after, world.readings).plan
    assert all(reason.code is not ReasonCode.LISTED_AGAIN for change in again.changes for reason in change.reasons)


TRUTHS = (
    no_run_retires_who_is_kept_nor_takes_its_addresses,
    the_mark_ends_only_for_who_is_listed_again,
    no_run_marks_anybody,
)
"""Of every world: one takes much longer to make up than to look at."""


@settings(max_examples=200)
@given(worlds())
@example(ADOPTED)
def test_of_who_is_kept_is_true_what_is_promised(world: World) -> None:
    proposal = world.proposal()
    for truth in TRUTHS:
        truth(world, proposal)
