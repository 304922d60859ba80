"""Which rule makes which kind, and what no guess takes away."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.reconcile import kinds
from mailroll.reconcile.kinds import Ruling, rule
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import BILLABLE_KINDS, Kind, ObjectType, Purpose, Record
from mailroll.reconcile.reasons import KIND_RULES, Reason, ReasonCode
from tests.reconcile.world import record, roll, user

_purposes = st.sampled_from((UNSET, None, *Purpose))
_maybe = st.sampled_from((UNSET, None, True, False))


@st.composite
def mailboxes(draw: st.DrawFn) -> Record:
    """Every combination of what can be known of a mailbox."""
    return replace(
        record("Ann", "SMTP:a@d.example"),
        purpose=draw(_purposes),
        place=draw(st.sampled_from((UNSET, True, False))),
        mailbox_plan=draw(st.sampled_from((UNSET, True, False))),
        account_enabled=draw(_maybe),
        synced=draw(_maybe),
        plan_lapsed=draw(st.booleans()),
    )


@given(mailboxes(), st.booleans())
def test_every_mailbox_has_a_rule_and_nothing_unknown_makes_a_bill(one: Record, hybrid: bool) -> None:
    found = rule(one, hybrid=hybrid)
    assert found.reason.code in KIND_RULES
    if found.kind in BILLABLE_KINDS:
        on_premises = hybrid and one.synced is True and one.account_enabled is not False
        assert one.mailbox_plan is True or on_premises or one.purpose is Purpose.LINKED
    if one.purpose in {Purpose.SHARED, Purpose.ROOM, Purpose.EQUIPMENT, Purpose.OTHERS}:
        assert found.kind == Kind(str(one.purpose))


@given(mailboxes(), st.booleans())
def test_only_who_was_not_looked_at_is_guessed(one: Record, hybrid: bool) -> None:
    found = rule(one, hybrid=hybrid)
    if one.purpose is not UNSET and one.mailbox_plan is not UNSET and not hybrid:
        assert not found.guessed
    if found.kind is UNSET:
        assert found.guessed


@given(mailboxes(), st.booleans(), st.sampled_from(Kind))
def test_a_kind_set_by_hand_stays_whatever_is_read(one: Record, hybrid: bool, fixed: Kind) -> None:
    ann = user("Ann", "a@d.example")
    by_hand = replace(ann, kind_by_hand=True, state=replace(ann.state, kind=fixed))
    assert kinds.settle_kind(rule(one, hybrid=hybrid), by_hand) == (fixed, Reason.of(ReasonCode.KIND_BY_HAND))


@given(mailboxes(), st.sampled_from((ReasonCode.PURPOSE, ReasonCode.PLACE)))
def test_a_kind_seen_at_the_mailbox_changes_only_when_it_is_seen_again(one: Record, seen: ReasonCode) -> None:
    ann = user("Ann", "a@d.example")
    known = replace(ann, state=replace(ann.state, kind=Kind.EQUIPMENT, rule=seen))
    found = rule(one, hybrid=False)
    kind, reason = kinds.settle_kind(found, known)
    if found.guessed:
        assert (kind, reason.code) == (Kind.EQUIPMENT, seen)
    else:
        assert (kind, reason) == (found.kind, found.reason)


@pytest.mark.parametrize("known", [True, False])
def test_a_kind_that_cannot_be_told_stays_or_is_left_open(known: bool) -> None:
    unknown = Ruling(UNSET, Reason.of(ReasonCode.KIND_KEPT), guessed=True)
    kind: Kind | Unset = Kind.USER if known else UNSET
    assert kinds.settle_kind(unknown, user("Ann", "a@d.example") if known else None) == (kind, unknown.reason)


def test_who_stands_against_a_guess_is_found_by_object() -> None:
    ann, bob, cid = user("Ann", "a@d.example"), user("Bob", "b@d.example"), user("Cid", "c@d.example")
    fixed = replace(ann, kind_by_hand=True)
    seen = replace(bob, state=replace(bob.state, rule=ReasonCode.PURPOSE, kind=Kind.ROOM))
    desk = replace(user("Desk", "d@d.example", owner=None), kind_by_hand=True)
    assert kinds.settled(roll(fixed, seen, cid, desk)) == {
        fixed.state.external_id: fixed,
        seen.state.external_id: seen,
    }


@pytest.mark.parametrize("code", sorted(KIND_RULES))
def test_what_the_roll_keeps_of_a_rule_is_enough_to_say_it(code: ReasonCode) -> None:
    assert kinds.kind_reason(code, Kind.ROOM).code is code


def test_an_agent_is_a_kind_of_its_own_that_nobody_is_billed_for() -> None:
    agent = replace(record("Ada", "SMTP:ada@d.example"), agent=True, purpose=Purpose.USER)
    assert rule(agent, hybrid=False) == Ruling(Kind.AGENT, Reason.of(ReasonCode.IS_AGENT))
    assert Kind.AGENT not in BILLABLE_KINDS


@pytest.mark.parametrize("purpose", [UNSET, None, Purpose.USER])
def test_a_plan_that_lapsed_leaves_the_person(purpose: Purpose | Unset | None) -> None:
    lapsed = replace(record("Ann", "SMTP:a@d.example"), plan_lapsed=True, purpose=purpose)
    assert rule(lapsed, hybrid=False) == Ruling(Kind.USER, Reason.of(ReasonCode.LAPSED), guessed=purpose is UNSET)


def test_a_group_says_which_sort_it_is() -> None:
    one = replace(record("All", "SMTP:all@d.example"), type=ObjectType.GROUP, form="distribution list")
    assert rule(one, hybrid=True) == Ruling(Kind.GROUP, Reason.of(ReasonCode.IS_GROUP, form="distribution list"))
