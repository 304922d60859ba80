"""What differs between two states of a user, in the words of the plan."""

from dataclasses import replace

from hypothesis import given

from mailroll.reconcile.change import between
from mailroll.reconcile.model import Kind
from mailroll.reconcile.plan import Action
from mailroll.reconcile.reasons import Reason, ReasonCode
from tests.reconcile.stories import World, worlds
from tests.reconcile.world import FIRST, SECOND, address, state, user

ANN = user("Ann", "a@d.example", "b@d.example")


def test_equal_states_are_no_change() -> None:
    assert between(ANN.id, ANN.state, ANN.state, (Reason.of(ReasonCode.LICENSED),)) is None


def test_each_difference_has_its_reason() -> None:
    after = replace(
        ANN.state,
        owner=SECOND.id,
        display_name="Ann Jones",
        kind=Kind.SHARED,
        billable=False,
        group="Others",
        primary=address("c@d.example"),
        aliases=(address("a@d.example"),),
    )
    change = between(ANN.id, ANN.state, after, ())
    assert change is not None
    assert change.action is Action.UPDATE
    assert [(reason.code.value, dict(reason.details)) for reason in change.reasons] == [
        ("primary_changed", {"before": "a@d.example", "after": "c@d.example"}),
        ("alias_added", {"address": "c@d.example"}),
        ("alias_gone", {"address": "b@d.example"}),
        ("renamed", {"before": "Ann", "after": "Ann Jones"}),
        ("kind_changed", {"before": "user", "after": "shared"}),
        ("billable_changed", {"to": "not billable"}),
        ("group_changed", {"before": FIRST.group, "after": "Others"}),
        ("source_changed", {}),
    ]


def test_a_primary_address_that_came_or_went_has_not_changed_from_or_to_nothing() -> None:
    for before, after in ((state("Ann"), ANN.state), (ANN.state, state("Ann"))):
        change = between(ANN.id, before, after, ())
        assert change is not None
        assert {reason.code for reason in change.reasons} in ({ReasonCode.ALIAS_ADDED}, {ReasonCode.ALIAS_GONE})


def test_who_is_billed_again_after_coming_back_is_told_by_the_return() -> None:
    retired = replace(ANN.state, retired=True, billable=False)
    change = between(ANN.id, retired, ANN.state, ())
    assert change is not None
    assert [reason.code for reason in change.reasons] == [ReasonCode.BACK]


@given(worlds())
def test_the_action_says_what_happens_to_the_user(world: World) -> None:
    for change in world.proposal().plan.changes:
        before, after = change.before, change.after
        assert after is not None
        assert (change.action is Action.CREATE) == (before is None)
        if before is None:
            continue
        assert before != after
        assert (change.action is Action.RETIRE) == (after.retired and not before.retired)
        assert (change.action is Action.RESTORE) == (before.retired and not after.retired)
        assert before.external_id is None or before.external_id == after.external_id
        if before.owner is None and after.owner is not None and not before.retired:
            assert change.action is Action.ADOPT
