"""A plan parted in two never takes anything from anybody in its first part, and ends where the whole plan does."""

from hypothesis import given

from mailroll.reconcile.guards import judge_plan
from mailroll.reconcile.plan import Action, Plan, Touched, advance, fingerprint
from mailroll.reconcile.split import split
from tests.reconcile.world import LIMITS, World, ask, owners, worlds


@given(worlds())
def test_the_first_part_retires_nobody_and_leaves_every_address_accepted(world: World) -> None:
    plan = world.proposal().plan
    now, _ = split(plan)
    assert now.counts[Action.RETIRE] == now.counts[Action.REMOVE] == 0
    between = advance(world.current, now)
    active = {held for one in between.users if not one.state.retired for held in one.state.addresses}
    for one in world.current.users:
        assert one.state.retired or set(one.state.addresses) <= active
    assert judge_plan(now, world.current, LIMITS) == ()


@given(worlds())
def test_nobody_is_left_without_an_address_in_between_who_is_not_so_in_the_end(world: World) -> None:
    plan = world.proposal().plan
    now, _ = split(plan)
    bare = {change.user for change in now.changes if not change.held_after}
    assert bare <= {change.user for change in plan.changes if not change.held_after}


@given(worlds())
def test_no_address_has_two_owners_between_the_parts_or_after_a_release(world: World) -> None:
    now, later = split(world.proposal().plan)
    between = advance(world.current, now)
    for one in (between, advance(between, later)):
        assert all(len(having) == 1 for having in owners(one).values())
        assert not owners(one).keys() & one.elsewhere.keys()


@given(worlds())
def test_both_parts_one_after_the_other_are_the_whole_plan(world: World) -> None:
    plan = world.proposal().plan
    now, later = split(plan)
    assert advance(advance(world.current, now), later) == advance(world.current, plan)


@given(worlds())
def test_each_part_starts_from_what_the_roll_has(world: World) -> None:
    now, later = split(world.proposal().plan)
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


@given(worlds())
def test_what_stands_of_a_part_is_told_by_what_stands_of_the_plan(world: World) -> None:
    plan = world.proposal().plan
    now, later = split(plan)
    whole = Touched.within(plan, world.current)
    for part in (now, later):
        assert fingerprint(part, whole) == fingerprint(part, Touched.within(part, world.current))


@given(worlds())
def test_the_parts_have_what_the_plan_had(world: World) -> None:
    plan = world.proposal().plan
    now, later = split(plan)
    assert now.touched_users | later.touched_users == plan.touched_users
    assert all(one.revision == plan.revision and one.tenants == plan.tenants for one in (now, later))
    if not plan.counts[Action.RETIRE] and not any(change.lost for change in plan.changes):
        assert now == plan
        assert later.changes == ()


@given(worlds())
def test_a_first_part_has_nothing_more_to_part(world: World) -> None:
    now, _ = split(world.proposal().plan)
    assert split(now) == (now, Plan.of(now.domain, now.revision, now.tenants, ()))


@given(worlds())
def test_the_next_run_finds_the_same_removals_waiting(world: World) -> None:
    now, later = split(world.proposal().plan)
    again = split(ask(advance(world.current, now), world.readings).plan)
    assert again[0].changes == ()
    assert again[1].changes == later.changes
