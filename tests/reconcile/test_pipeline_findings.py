"""What a proposal finds beside its changes."""

from mailroll.reconcile.desired import desire
from mailroll.reconcile.findings import Finding, FindingCode, Level
from mailroll.reconcile.model import Reading
from mailroll.reconcile.pipeline import Terms, propose
from mailroll.reconcile.statements import SourceState
from tests.reconcile.world import (
    FIRST,
    LIMITS,
    OUTSIDE,
    SCOPE,
    SECOND,
    SIBLING,
    VERIFIED,
    ask,
    oid,
    record,
    roll,
    snapshot,
    user,
)


def test_who_cannot_be_read_and_who_can_are_told_apart_by_the_counts() -> None:
    current = roll(user("Ann", "a@d.example"), user("Bob", "b@d.example", retired=True))
    proposal = ask(current, [Reading(FIRST, snapshot(record("Ann", "SMTP:a@d.example")))])
    assert proposal.unchanged == 1
    unread = desire([Reading(SECOND, None), Reading(OUTSIDE, None)], SCOPE)
    assert unread.sources_in(SourceState.UNREAD) == {SECOND.id, OUTSIDE.id}


def test_filters_that_nobody_has_looked_at_hold_removals_only() -> None:
    current = roll(user("Ann", "a@d.example"), user("Bob", "b@d.example"), user("Cid", "c@d.example"))
    still = [record("Bob", "SMTP:b@d.example"), record("Cid", "SMTP:c@d.example")]
    terms = Terms(1, LIMITS, here=VERIFIED, filters_unseen=True)
    for ann, held in ((None, True), (record("Ann", "SMTP:a@d.example"), False)):
        reading = Reading(FIRST, snapshot(*still, asked={oid("Ann"): ann}))
        found = propose([reading], current, SCOPE, terms, lambda _: {}).reading_findings
        assert (Finding.of(FindingCode.FILTERS_CHANGED, Level.HOLDS_REMOVALS) in found) == held


def test_a_pause_is_said_where_something_would_end() -> None:
    current = roll(user("Ann", "a@d.example"), user("Bob", "b@d.example"), user("Cid", "c@d.example"))
    still = [record("Bob", "SMTP:b@d.example"), record("Cid", "SMTP:c@d.example")]
    paused = Finding.of(FindingCode.REMOVALS_PAUSED, where="everywhere", since="noon")
    for ann, said in ((None, True), (record("Ann", "SMTP:a@d.example"), False)):
        reading = Reading(FIRST, snapshot(*still, asked={oid("Ann"): ann}))
        proposal = propose([reading], current, SCOPE, Terms(1, LIMITS, here=VERIFIED, paused=paused), lambda _: {})
        assert (paused in proposal.plan_findings) == said


def test_what_is_found_beside_the_core_goes_with_the_reading() -> None:
    lacking = Finding.of(FindingCode.TYPE_UNREAD, what="groups", why="A permission is missing.")
    shot = snapshot(record("Ann", "SMTP:a@d.example", "smtp:a@c.example"))
    terms = Terms(1, LIMITS, here=VERIFIED - {SIBLING}, lacking=(lacking,))
    found = propose([Reading(FIRST, shot)], roll(), SCOPE, terms, lambda _: {}).reading_findings
    assert [one.code for one in found] == [FindingCode.TYPE_UNREAD, FindingCode.DOMAIN_NOT_HERE]
