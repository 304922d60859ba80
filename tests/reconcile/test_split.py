"""A plan parted in two never takes anything from anybody in its first part, and ends where the whole plan does."""

from hypothesis import given, settings

from mailroll.reconcile.guards import judge_plan
from mailroll.reconcile.plan import Action, Plan, Touched, fingerprint
from mailroll.reconcile.split import split
from tests.reconcile.outcome import advance
from tests.reconcile.stories import World, worlds
from tests.reconcile.world import LIMITS, ask, owners


def the_first_part_retires_nobody_and_leaves_every_address_accepted(world: World, plan: Plan) -> None:
    now, _ = split(plan)
    assert now.counts[Action.RETIRE] == now.counts[Action.REMOVE] == 0
    between = advance(world.current, now)
    active = {held for one in between.users if not one.state.retired for held in one.state.addresses}
    for one in world.current.users:
        assert one.state.retired or set(one.state.addresses) <= active
    assert judge_plan(now, world.current, LIMITS) == ()


def nobody_is_left_without_an_address_in_between_who_is_not_so_in_the_end(_: World, plan: Plan) -> None:
    now = split(plan)[0]
    bare = {change.user for change in now.changes if not change.held_after}
    assert bare <= {change.user for change in plan.changes if not change.held_after}


def no_address_has_two_owners_between_the_parts_or_after_a_release(world: World, plan: Plan) -> None:
    now, later = split(plan)
    between = advance(world.current, now)
    for one in (between, advance(between, later)):
        assert all(len(having) == 1 for having in owners(one).values())
        assert not owners(one).keys() & one.elsewhere.keys()


def both_parts_one_after_the_other_are_the_whole_plan(world: World, plan: Plan) -> None:
    now, later = split(plan)
    assert advance(advance(world.current, now), later) == advance(world.current, plan)


def each_part_starts_from_what_the_roll_has(world: World, plan: Plan) -> None:
    now, later = split(plan)
    current = world.current
    for part in (now, later):
        known = {one.id: one.state for one in current.users}
        for change in part.changes:
            assert known.get(change.user) == change.before
            assert change.before != change.after
            assert change.reasons
        assert len(part.touched_users) == len(part.changes)
        assert fingerprint(part, Touched.within(part, current))
        current = advance(current, part)


def what_stands_of_a_part_is_told_by_what_stands_of_the_plan(world: World, plan: Plan) -> None:
    now, later = split(plan)
    whole = Touched.within(plan, world.current)
    for part in (now, later):
        assert fingerprint(part, whole) == fingerprint(part, Touched.within(part, world.current))


def the_parts_have_what_the_plan_had(_: World, plan: Plan) -> None:
    now, later = split(plan)
    assert now.touched_users | later.touched_users == plan.touched_users
    assert all(one.revision == plan.revision and one.tenants == plan.tenants for one in (now, later))
    if not plan.counts[Action.RETIRE] and not any(change.lost for change in plan.changes):
        assert now == plan
        assert later.changes == ()


def a_first_part_has_nothing_more_to_part(_: World, plan: Plan) -> None:
    now = split(plan)[0]
    assert split(now) == (now, Plan.of(now.domain, now.revision, now.tenants, ()))


def the_next_run_finds_the_same_removals_waiting(world: World, plan: Plan) -> None:
    now, later = split(plan)
    again = split(ask(advance(world.current, now), world.readings).plan)
    assert again[0].changes == ()
    assert again[1].changes == later.changes


TRUTHS = (
    the_first_part_retires_nobody_and_leaves_every_address_accepted,
    nobody_is_left_without_an_address_in_between_who_is_not_so_in_the_end,
    no_address_has_two_owners_between_the_parts_or_after_a_release,
    both_parts_one_after_the_other_are_the_whole_plan,
    each_part_starts_from_what_the_roll_has,
    what_stands_of_a_part_is_told_by_what_stands_of_the_plan,
    the_parts_have_what_the_plan_had,
    a_first_part_has_nothing_more_to_part,
    the_next_run_finds_the_same_removals_waiting,
)
"""Of every plan of every world: a world takes much longer to make up than to look at."""


@settings(max_examples=200)
@given(worlds())
def test_of_both_parts_of_every_plan_is_true_what_is_promised(world: World) -> None:
    plan = world.proposal().plan
    for truth in TRUTHS:
        truth(world, plan)
