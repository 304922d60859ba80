"""Every code has a sentence, and every sentence finds the facts it needs."""

import re

import pytest
from hypothesis import given

from mailroll.reconcile.explain import cause, finding_sentence, sentence
from mailroll.reconcile.findings import Finding, FindingCode, Level
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.reconcile.split import split
from tests.reconcile.stories import World, worlds
from tests.reconcile.table import read
from tests.reconcile.test_cases import CASES
from tests.reconcile.world import DIRECTORY, ask

DRIP = {"gone": "8", "more": "1", "total": "40", "limit": "8"}
GROWTH = {"users": "400", "total": "45", "limit": "50"}
# What is found beside the core, or needs more than a case can show, with what its sentence needs.
BESIDE_THE_CORE: dict[FindingCode, dict[str, str]] = {
    FindingCode.TYPE_UNREAD: {"what": "groups", "why": "A permission is missing."},
    FindingCode.GROUP_NOT_TOLD: {"group": "Clinic", "why": "There is no such group.", "help": "Name another."},
    FindingCode.NOTHING_TOLD: {},
    FindingCode.CHANGES_TOLD: {"told": "1 object", "asked": "3 objects"},
    FindingCode.CHANGES_UNTOLD: {"changes": "3"},
    FindingCode.PERMISSION_LOST: {"tenant": "Firm", "permission": "Place.Read.All", "without": "some rooms are missed"},
    FindingCode.FILTERS_CHANGED: {},
    FindingCode.REMOVALS_PAUSED: {"where": "everywhere", "since": "2026-03-02 12:00 UTC"},
    FindingCode.MAILBOXES_SILENT: {"source": "Office 365", "why": "All refuse.", "help": "Consent again."},
    FindingCode.STILL_THERE: {"what": "1 user", "who": "bob@c.example"},
    FindingCode.NOT_ASKED: {"what": "1 user", "why": "The secret has ended."},
    FindingCode.USER_LIMIT_DAY: DRIP,
    FindingCode.USER_LIMIT_WEEK: DRIP,
    FindingCode.ADDRESS_LIMIT_DAY: DRIP,
    FindingCode.ADDRESS_LIMIT_WEEK: DRIP,
    FindingCode.GROWTH_LIMIT: GROWTH,
    FindingCode.BILLING_LIMIT: GROWTH,
    FindingCode.ALIAS_PROVED_ELSEWHERE: {"domain": "c.example"},
    FindingCode.ALIAS_CLAIMED: {"domain": "c.example"},
    FindingCode.DOMAIN_CLAIMED: {"domain": "c.example"},
    FindingCode.ALIAS_NOT_VOUCHED: {"domain": "c.example"},
    FindingCode.DOMAIN_NOT_HERE: {"domain": "c.example", "told": "7 addresses there are"},
}


def _plain(text: str) -> bool:
    return bool(re.fullmatch(r"[^{}].*[.]", text, re.DOTALL)) and "  " not in text


@given(worlds())
def test_whatever_a_proposal_says_can_be_read(world: World) -> None:
    proposal = world.proposal()
    plans = (proposal.plan, *split(proposal.plan))
    reasons = {reason for plan in plans for change in plan.changes for reason in change.reasons}
    for reason in reasons | {skip.reason for skip in proposal.skips}:
        assert sentence(reason, DIRECTORY)
        assert all(isinstance(fact, str) for fact in reason.facts.values())
    for finding in proposal.findings:
        assert finding_sentence(finding, DIRECTORY)


OF_FILES = {
    ReasonCode.IN_FILE,
    ReasonCode.BACK_IN_FILE,
    ReasonCode.NOT_IN_FILE,
    ReasonCode.KEPT_BY_SOURCE,
    ReasonCode.KEPT_AS_STATIC,
    ReasonCode.RETIRED_IN_FILE,
    ReasonCode.PINNED_AGAINST_FILE,
    ReasonCode.KEPT_AGAINST_FILE,
}
"""What only an import says: no case of a reading shows it."""


def test_the_cases_show_every_reason_and_every_finding() -> None:
    reasons: set[ReasonCode] = set()
    findings: set[FindingCode] = set()
    for path in CASES:
        case = read(path)
        proposal = ask(case.current, case.readings, case.scope, asking=case.asking)
        plans = (proposal.plan, *split(proposal.plan))
        shown = [reason for plan in plans for change in plan.changes for reason in change.reasons]
        shown += [skip.reason for skip in proposal.skips]
        assert all(_plain(sentence(reason, DIRECTORY)) for reason in shown)
        assert all(_plain(finding_sentence(finding, DIRECTORY)) for finding in proposal.findings)
        reasons |= {reason.code for reason in shown}
        findings |= {finding.code for finding in proposal.findings}
    unseen = (
        (set(ReasonCode) - reasons) ^ (OF_FILES | {ReasonCode.STILL_THERE}),
        (set(FindingCode) - findings) ^ (BESIDE_THE_CORE.keys() | {FindingCode.HAND_MADE_WOULD_GO}),
    )
    assert unseen == (set(), set()), "each wants a case in `cases/`, or a place in the lists above, not both"


def test_what_is_said_of_files_can_be_said() -> None:
    assert all(_plain(sentence(Reason.of(code, source="Office 365"), DIRECTORY)) for code in OF_FILES)
    assert _plain(
        finding_sentence(Finding.of(FindingCode.HAND_MADE_WOULD_GO, Level.HOLDS_REMOVALS, users=3), DIRECTORY)
    )


@pytest.mark.parametrize("code", BESIDE_THE_CORE)
def test_what_is_found_beside_the_core_can_be_said(code: FindingCode) -> None:
    assert _plain(finding_sentence(Finding.of(code, Level.WARNING, **BESIDE_THE_CORE[code]), DIRECTORY))


def test_a_name_with_braces_is_shown_as_it_is() -> None:
    reason = Reason.of(ReasonCode.RENAMED, before="{after}", after="{0}")
    assert sentence(reason, DIRECTORY) == "The name changed from “{after}” to “{0}”."


def test_figures_stand_in_the_sentence() -> None:
    finding = Finding.of(FindingCode.USER_LIMIT, Level.HOLDS_REMOVALS, users=3, total=4, limit=2)
    assert finding_sentence(finding, DIRECTORY).startswith("3 of 4 users would be removed; 2 may go in one run.")


@pytest.mark.parametrize("code", ReasonCode)
def test_causes_and_records_left_out_have_a_headline_each(code: ReasonCode) -> None:
    headline, meaning = cause(code, DIRECTORY)
    assert headline
    assert meaning.endswith(".")
    assert code.wording.left_out


def test_the_directory_is_called_what_the_caller_calls_it() -> None:
    assert sentence(Reason.of(ReasonCode.NEW), DIRECTORY) == "The Directory has it and the list does not."
    assert cause(ReasonCode.GONE, DIRECTORY)[0] == "Deleted in The Directory"
