"""Plans that are not applied: each is refused with a reason, and leaves the roll as it was."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import IntegrityError

from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.reconcile.plan import Change, Plan
from tests.directory.rolls import Roll

pytestmark = pytest.mark.django_db


def _refusal(roll: Roll, plan: Plan, code: str, **other: object) -> Refused:
    """Apply, hold that it is refused with this code and that nothing changed."""
    before = roll.current()
    at = other.pop("at", before)
    with pytest.raises(Refused) as refused:
        roll.apply(plan, at, **other)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert refused.value.help
    assert roll.current() == before
    return refused.value


def test_a_plan_is_refused_when_a_row_it_touches_has_changed(roll: Roll) -> None:
    ann = roll.state("ann", "ann")
    roll.has(("ann", ann))
    then = roll.current()
    plan = roll.plan(roll.change("ann", ann, None))
    roll.becomes(("ann", ann, replace(ann, display_name="Ann Smith")))
    _refusal(roll, plan, "plan_moved_on", at=then)


def test_a_plan_is_refused_when_somebody_has_pinned_whom_it_removes(roll: Roll, acting: Acting) -> None:
    ann = roll.state("ann", "ann")
    roll.has(("ann", ann))
    then = roll.current()
    edit.pin(roll.domain, roll.key("ann"), acting)
    _refusal(roll, roll.plan(roll.change("ann", ann, None)), "plan_moved_on", at=then)


def test_a_plan_is_refused_when_an_address_it_gives_out_was_taken_in_the_same_domain(roll: Roll) -> None:
    then = roll.current()
    roll.has(("bob", roll.state("bob", "info")))
    _refusal(roll, roll.plan(roll.change("ann", None, roll.state("ann", "info"))), "plan_moved_on", at=then)


def test_a_plan_is_not_disturbed_by_what_it_does_not_touch(roll: Roll) -> None:
    ann, bob = roll.state("ann", "ann"), roll.state("bob", "bob")
    roll.has(("ann", ann))
    then = roll.current()
    roll.has(("bob", bob))
    roll.apply(roll.plan(roll.change("ann", ann, None)), then)
    roll.expect(("bob", bob))


def test_a_plan_applied_already_is_not_applied_again(roll: Roll) -> None:
    then = roll.current()
    plan = roll.plan(roll.change("ann", None, roll.state("ann", "ann")))
    roll.apply(plan, then)
    _refusal(roll, plan, "plan_moved_on", at=then)


def test_a_plan_is_refused_when_sources_or_limits_changed(roll: Roll) -> None:
    plan = roll.plan(roll.change("ann", None, roll.state("ann", "ann")))
    assert edit.bump_revision(roll.domain.id) == 2
    problem = _refusal(roll, plan, "plan_moved_on")
    assert "sources or limits" in problem.message


def test_a_worker_that_was_overtaken_writes_nothing(roll: Roll) -> None:
    stale, newer = edit.next_fence(roll.domain.id), edit.next_fence(roll.domain.id)
    plan = roll.plan(roll.change("ann", None, roll.state("ann", "ann")))
    _refusal(roll, plan, "fenced_off", fence=stale)
    roll.apply(plan, fence=newer)
    assert Domain.objects.get(id=roll.domain.id).fence == newer


def test_an_address_of_another_customer_is_refused_without_telling_whose_it_is(roll: Roll, other: Roll) -> None:
    ann = roll.state("ann", "ann")
    roll.has(("ann", ann))
    theirs = replace(other.state("bob", "bob"), aliases=(roll.address("info"),))
    other.has(("bob", theirs))
    changes = (
        roll.change("ann", ann, None),
        roll.change("carl", None, roll.state("carl", "carl", "info", group="Sales")),
    )
    problem = _refusal(roll, roll.plan(*changes), "address_taken")
    assert roll.address("info") in problem.message
    for secret in ("bob", other.domain.name, str(other.domain.id), str(other.key("bob")), "Customer"):
        assert secret not in str(problem)
    assert not roll.domain.groups.filter(name="Sales").exists()
    other.expect(("bob", theirs))


def test_a_plan_cannot_reach_a_user_of_another_domain(roll: Roll, other: Roll) -> None:
    bob = other.state("bob", "bob")
    other.has(("bob", bob))
    for after in (None, replace(bob, owner=roll.owner.id, display_name="Stolen")):
        change = roll.change("bob", bob, after)
        plan = roll.plan(Change(change.action, other.key("bob"), bob, after, ()))
        _refusal(roll, plan, "plan_moved_on")
    other.expect(("bob", bob))


def test_a_plan_that_misstates_what_it_starts_from_is_rolled_back(roll: Roll) -> None:
    ann = roll.state("ann", "ann", "a.smith")
    roll.has(("ann", ann))
    claimed = roll.state("ann", "a.smith", "ann")
    _refusal(roll, roll.plan(roll.change("ann", claimed, None)), "plan_moved_on")


def test_a_plan_for_a_domain_that_is_gone_is_bad_input(roll: Roll) -> None:
    plan = Plan.of(uuid4(), 1, (), ())
    with pytest.raises(BadInput) as problem:
        roll.apply(plan)
    assert problem.value.code == "domain_unknown"


def test_a_fault_of_ours_is_not_dressed_up_as_a_refusal(roll: Roll) -> None:
    ann = roll.state("ann", "ann")
    roll.has(("ann", ann))
    twin = replace(roll.state("twin", "twin"), external_id=ann.external_id)
    with pytest.raises(IntegrityError):
        roll.has(("twin", twin))
    roll.expect(("ann", ann))
