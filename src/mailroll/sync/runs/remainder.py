"""An old plan made smaller by what was answered when its objects were asked for again."""

from collections.abc import Iterable
from typing import Final

from mailroll.reconcile import answers
from mailroll.reconcile.errors import Refused
from mailroll.reconcile.findings import Finding, FindingCode
from mailroll.reconcile.plan import Plan, Touched, fingerprint
from mailroll.reconcile.reasons import Skip
from mailroll.reconcile.skips import Skips
from mailroll.reconcile.split import NOTHING, Ending, part
from mailroll.sync import store
from mailroll.sync.models import Run, RunState
from mailroll.sync.plans import plan_rows
from mailroll.sync.readings.inquiry import Inquiry

NAMED: Final = 5
"""Addresses that a finding names; the run lists all of them."""
_OURS: Final = frozenset({FindingCode.STILL_THERE, FindingCode.NOT_ASKED})


def expect_answer(run: Run, plan: Plan, inquiry: Inquiry) -> None:
    """Raise `Refused` where a release could do nothing, as nobody could be asked. It waits on as it is."""
    shrinking = answers.shrink(plan, inquiry.answers)
    rest, _ = part(plan, shrinking.unasked)
    if run.state == RunState.HELD and shrinking.unasked and not rest.changes:
        raise Refused(
            "not_asked_again",
            f"Whether they are really gone could not be asked, so nobody was removed. {inquiry.why}",
            "The removals wait on, and mail for them is accepted as before. Release them again later.",
        )


def shrink(run: Run, plan: Plan, inquiry: Inquiry, touched: Touched) -> tuple[Plan, Ending]:
    """Take out of a plan who is still there, and return it with what could not be asked for.

    The smaller plan takes the place of the one shown, whose digest is kept, and says what was taken out.
    """
    shrinking = answers.shrink(plan, inquiry.answers)
    remaining, _ = part(plan, shrinking.present)
    skips = Skips(tuple(answers.unmoved(plan, shrinking.present)))
    if shrinking.present:
        plan_rows.replace(run, remaining)
        store.write_skips(run.id, skips)
        run.counts["skipped"] = run.counts.get("skipped", 0) + skips.count_objects()
        run.fingerprint = fingerprint(remaining, touched)
    kept_findings = [
        finding for finding in store.findings_from_json(run.findings, "reading") if finding.code not in _OURS
    ]
    of_plan = store.findings_from_json(run.findings, "plan")
    run.findings = store.findings_to_json([*kept_findings, *_findings(shrinking, skips, inquiry)], of_plan)
    return remaining, shrinking.unasked if remaining.changes else NOTHING


def _findings(shrinking: answers.Shrinking, skips: Iterable[Skip], inquiry: Inquiry) -> Iterable[Finding]:
    if shrinking.present:
        addresses = [skip.address for skip in skips if skip.address]
        addresses_shown = ", ".join(addresses[:NAMED]) + (", ..." if len(addresses) > NAMED else "")
        yield Finding.of(FindingCode.STILL_THERE, what=_counted(shrinking.present), who=addresses_shown)
    if shrinking.unasked:
        yield Finding.of(FindingCode.NOT_ASKED, what=_counted(shrinking.unasked), why=inquiry.why)


def _counted(ending: Ending) -> str:
    numbers = ((len(ending.users), "user", "users"), (len(ending.addresses), "address", "addresses"))
    return " and ".join(
        f"{number:,} {singular if number == 1 else plural}" for number, singular, plural in numbers if number
    )
