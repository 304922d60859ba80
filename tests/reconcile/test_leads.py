"""What a change is told as."""

from itertools import permutations
from uuid import UUID

import pytest

from mailroll.reconcile.leads import LEADS, lead
from mailroll.reconcile.plan import Action, Change
from mailroll.reconcile.reasons import Reason, ReasonCode

USER = UUID(int=1)


def change(action: Action, *codes: ReasonCode) -> Change:
    return Change(action, USER, None, None, tuple(Reason.of(code) for code in codes))


def test_an_update_is_told_by_what_people_notice_first_in_whatever_order_its_reasons_stand() -> None:
    several = (ReasonCode.ALIAS_ADDED, ReasonCode.KIND_CHANGED, ReasonCode.PRIMARY_CHANGED, ReasonCode.BILLABLE_CHANGED)
    for codes in permutations(several):
        assert lead(change(Action.UPDATE, *codes)) == "renamed"


@pytest.mark.parametrize("code", ReasonCode)
def test_a_single_reason_leads_or_is_told_as_what_it_amounts_to(code: ReasonCode) -> None:
    assert lead(change(Action.UPDATE, code)) == LEADS.get(code, code).value


@pytest.mark.parametrize("action", [one for one in Action if one is not Action.UPDATE])
def test_whatever_is_no_update_is_told_by_its_first_reason(action: Action) -> None:
    assert lead(change(action, ReasonCode.ALIAS_ADDED, ReasonCode.RENAMED)) == "alias_added"


@pytest.mark.parametrize("action", Action)
def test_what_has_no_reason_is_told_as_nothing(action: Action) -> None:
    assert lead(change(action)) == ""
