"""Findings without those that say of the same removals once more what another says: one cause, one finding."""

from collections.abc import Sequence

from mailroll.reconcile import storage
from mailroll.reconcile.findings import Finding, FindingCode
from mailroll.reconcile.plan import Action
from mailroll.sync.models import Run, RunChange

_ALL = frozenset({FindingCode.EVERYONE_WOULD_GO, FindingCode.HAND_MADE_WOULD_GO})
_USERS = _ALL | {FindingCode.USER_LIMIT}


def without(run: Run, findings: Sequence[Finding]) -> list[Finding]:
    """Leave out the limit of users where all of them go, and that of addresses where only whole users lose theirs."""
    codes = {finding.code for finding in findings}
    left_out = {FindingCode.USER_LIMIT} if codes & _ALL else set()
    addresses = next((finding for finding in findings if finding.code is FindingCode.ADDRESS_LIMIT), None)
    if addresses is not None and codes & _USERS and int(dict(addresses.facts)["addresses"]) == _of_users(run):
        left_out.add(FindingCode.ADDRESS_LIMIT)
    return [finding for finding in findings if finding.code not in left_out]


def _of_users(run: Run) -> int:
    """Count the addresses of the users that go, in this run or in the one in which its removals wait."""
    removals = RunChange.objects.filter(run__in=(run.id, run.waits_in_id), action__in=(Action.RETIRE, Action.REMOVE))
    states = (storage.state_from_json(before) for before in removals.values_list("before", flat=True))
    return sum(len(state.addresses) for state in states if state is not None)
