"""What the page of a run that has ended, or waits for a decision, shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from mailroll.accounts import access, installation, step_up
from mailroll.connectors.words import cause, finding_sentence, parted
from mailroll.console import scope
from mailroll.console.home.forms import add_domain_url
from mailroll.console.runs import change_text, held_sentence
from mailroll.console.runs.forms import SKIPPED, ChangesForm
from mailroll.console.tables import Chip
from mailroll.console.templatetags.words import in_local_time
from mailroll.insight import actions, aftermath, conflicts, repeats, run_changes, run_queries
from mailroll.insight.actions import Sign
from mailroll.insight.run_changes import PAGE
from mailroll.insight.run_groups import Pick
from mailroll.insight.why import readings
from mailroll.insight.why.outcomes import no_change
from mailroll.reconcile.findings import Finding, FindingCode, Level
from mailroll.reconcile.reasons import ReasonCode
from mailroll.sync import store
from mailroll.sync.models import Run, RunState, Trigger
from mailroll.sync.plans import planning

_BAR = 640
_WHOLE = frozenset({FindingCode.GROWTH_LIMIT, FindingCode.BILLING_LIMIT})
_USERS = frozenset({FindingCode.USER_LIMIT, FindingCode.USER_LIMIT_DAY, FindingCode.USER_LIMIT_WEEK})
_MEASURED = {
    FindingCode.GROWTH_LIMIT: ("users", "users would be added"),
    FindingCode.BILLING_LIMIT: ("users", "more users would be billed"),
    FindingCode.ADDRESS_LIMIT: ("addresses", "addresses would stop being accepted"),
    FindingCode.ADDRESS_LIMIT_DAY: ("more", "more addresses would stop being accepted"),
    FindingCode.ADDRESS_LIMIT_WEEK: ("more", "more addresses would stop being accepted"),
}
"""What the headline says of what is over a limit, by the fact that counts it; of addresses where users are
within their limits."""
_LINKS = {FindingCode.CONFLICTS: ("#conflicts", "Show both")}
"""Where a finding leads on the page of its run."""


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """A finding in words: the sentence to read first, the rest of it, and where to go on."""

    state: str
    first: str
    rest: str
    link: str = ""
    link_words: str = ""


@dataclass(frozen=True, slots=True)
class RemovalCause:
    """Why some of the removals are planned: how many, in words, and what to do about it."""

    code: ReasonCode
    number: int
    headline: str
    detail: str


@dataclass(frozen=True, slots=True)
class Gauge:
    """Removals against the limit, with the geometry of the bar."""

    removals: int
    limit: int
    total: int
    width: int = _BAR

    @property
    def filled(self) -> int:
        return round(self.width * min(1, self.removals / max(1, self.total)))

    @property
    def mark(self) -> int:
        return min(self.width - 2, round(self.width * min(1, self.limit / max(1, self.total))))

    @property
    def share(self) -> int:
        return round(100 * self.removals / max(1, self.total))


def context(request: HttpRequest, run: Run) -> dict[str, Any]:
    operator, place = scope.operator(request), run.domain.organization
    form = ChangesForm(request.GET)
    wanted_changes = form.wanted()
    page = run_changes.page(run, wanted_changes)
    now = scope.now(request)
    is_answer = run.state == RunState.UNCHANGED and run.trigger == Trigger.PREVIEW
    may_move = is_answer or run.state in {RunState.PLANNED, RunState.SUPERSEDED, RunState.LAPSED}
    obstacle = run_queries.moved(run) if may_move else None
    over = run_queries.over(run, now)
    stands = run.state == RunState.PLANNED and obstacle is None and not over
    waits = stands or (run.state == RunState.HELD and not over)
    skipped, findings = run_queries.skipped(run), run_queries.findings(run)
    held_run = (
        None if run.state == RunState.HELD or run.waits is None or run_queries.over(run.waits, now) else run.waits
    )
    before, after = store.tally_before(run.counts), store.tally_after(run.counts)
    return {
        "domain": run.domain,
        "run": run,
        # Only the page of a run that is held asks.
        "confirmed": SimpleLazyObject(lambda: step_up.by_passkey(request)),
        "ways": SimpleLazyObject(lambda: step_up.ways(operator)),
        "preview": run.trigger == Trigger.PREVIEW,
        "of_file": run.of_file,
        "stands": stands,
        "moved": obstacle,
        "beyond": run_queries.beyond(run) if stands else None,
        "over": over,
        "wanted": wanted_changes,
        "page": page,
        "total": page.found if wanted_changes.is_for_all else run.changes.count(),
        "cleared": installation.settings().run_details_kept.days if run_queries.is_cleared(run, now) else 0,
        "blocks": change_text.blocks(run, page, waiting=waits and not run.of_file, shows_all=wanted_changes.everything),
        "picks": _picks(page, form.action_chosen),
        "kinds": _kinds(page, wanted_changes.kind),
        "later": wanted_changes.page + 1 if wanted_changes.everything and page.more else 0,
        "earlier": page.before // PAGE if wanted_changes.everything else 0,
        "skipped": [(group, group.code.wording.left_out) for group in skipped],
        "skipped_only": form.action_chosen == SKIPPED,
        "whole": not readings.doubts(findings),
        "unlisted": _is_unlisted(findings),
        "no_change": no_change(findings, waits=run.waits is not None),
        "ledger": run.state != RunState.FAILED and bool(run.counts),
        "before": before,
        "after": after,
        "users_more": after.users - before.users,
        "billable_more": after.billable - before.billable,
        "told": _findings_to_tell(run, now, adds=access.may_connect(operator, place)),
        "conflicts": conflicts.of_run(run) if any(group.code in conflicts.CODES for group in skipped) else [],
        "would_wait": run_queries.would_wait(run).value if run.state == RunState.PLANNED else "",
        "by_decision": run_queries.releasable(run),
        "held": held_run,
        "held_waits": held_sentence.sentence(held_run) if held_run is not None else "",
        "held_for_release": held_run is not None and run_queries.for_release(held_run),
        "sources": [source.name for source in store.sources_from_json((run.parent or run).sources) if source.answered],
        "may_run": access.may_run(operator, place),
        "may_edit": access.may_edit(operator, place),
        "may_release": access.may_release(operator, place),
        **(_held_context(run) if run.state == RunState.HELD else {}),
    }


def _held_context(run: Run) -> dict[str, Any]:
    removals = run_queries.removals(run)
    facts = {finding.code: dict(finding.facts) for finding in run_queries.findings(run)}
    by_user = facts.get(FindingCode.USER_LIMIT, {})
    total = int(by_user.get("total", 0)) or int(run.counts.get("measured", run.counts.get("users", 0)))
    limit = int(by_user.get("limit", 0)) or planning.LIMITS.of_run(total)
    parent = run.parent
    others = 0
    if parent is not None:
        others = actions.number(parent.counts, *Sign)
    return {
        "removals": removals,
        "only_removals": removals == actions.number(run.counts, *Sign),
        "gauge": Gauge(removals, limit, total) if removals and total else None,
        "headline": headline(run, removals, total),
        "causes": [RemovalCause(code, number, *cause(code)) for code, number in run_changes.causes(run).items()],
        "whole": run_queries.held_whole(run),
        "to_release": run_queries.to_release(run),
        "releasable": run_queries.for_release(run),
        "waits": held_sentence.sentence(run),
        "others_applied": others,
    }


def headline(run: Run, removals: int, total: int) -> str:
    """Say in one line what waits, or what is wrong with the reading."""
    codes = {finding.code: dict(finding.facts) for finding in run_queries.findings(run) if _holds(finding)}
    if FindingCode.TENANT_CHANGED in codes:
        return "Held: another directory answered"
    if FindingCode.DOMAIN_NOT_VERIFIED in codes:
        return f"Held: the tenant has not verified {run.domain.name}"
    if FindingCode.SOURCE_EMPTY in codes:
        return "Held: Microsoft 365 answered with an empty list"
    if FindingCode.EVERYONE_WOULD_GO in codes:
        return f"Held: all {removals:,} users would be removed"
    if FindingCode.HAND_MADE_WOULD_GO in codes:
        return f"Held: all {removals:,} users made by hand would be removed"
    for code, (fact, said) in _MEASURED.items():
        if code in codes and (code in _WHOLE or not codes.keys() & _USERS):
            return f"Held: {int(codes[code][fact]):,} {said}"
    if FindingCode.USER_LIMIT not in codes and codes.keys() & {
        FindingCode.LISTING_INCOMPLETE,
        FindingCode.SOURCE_UNREAD,
    }:
        return "Held: a part of the answer is missing"
    return f"Held: {removals:,} of {total:,} users would be removed"


def _holds(finding: Finding) -> bool:
    return finding.level in {Level.HOLDS_REMOVALS, Level.HOLDS_PLAN}


def _is_unlisted(findings: Iterable[Finding]) -> bool:
    return any(finding.code in {FindingCode.NOTHING_TOLD, FindingCode.CHANGES_TOLD} for finding in findings)


def _findings_to_tell(run: Run, now: datetime, *, adds: bool) -> list[ToldFinding]:
    """The findings, those that hold first; “Within all limits.” where none of them does.

    What a person decides on waits only as long as it does: before and after that other words say how it stands.
    `adds`: whoever looks may add domains.
    """
    waits = run.waits is not None and not run_queries.over(run.waits, now)
    became = aftermath.outcome(run)
    findings = repeats.without(run, run_queries.findings(run))
    sentences: list[ToldFinding] = []
    if run.state != RunState.FAILED and not any(_holds(shown_finding) for shown_finding in findings):
        removals = run_queries.removals(run)
        detail = _of_limit(removals, run.counts.get("measured"))
        if not readings.doubts(findings) and not _is_unlisted(findings):
            detail += " The whole answer arrived."
        if run.of_file:
            detail = "They are measured by the users made by hand." if removals else "Nobody is removed."
        sentences.append(ToldFinding("ok", "Within all limits.", detail))
    for run_finding in sorted(findings, key=lambda finding: not _holds(finding)):
        first, _, rest = in_local_time(parted(finding_sentence(run_finding))[0]).partition(". ")
        state = "held" if _holds(run_finding) else "attention" if run_finding.level is Level.WARNING else "info"
        if aftermath.waits_for_nobody(run_finding, waits=waits):
            state, rest = ("info" if became else state), became
        link = _LINKS.get(run_finding.code, ("", ""))
        if run_finding.code is FindingCode.CONFLICTS and run.of_file:
            link = f"?action={SKIPPED}", "Show them"
        if run_finding.code is FindingCode.DOMAIN_NOT_HERE and adds:
            link = add_domain_url(dict(run_finding.facts)["domain"], run.domain.organization_id), "Add domain"
        sentences.append(ToldFinding(state, first.removesuffix(".") + ".", rest, *link))
    return sentences


def _of_limit(removals: int, measured: int | None) -> str:
    """`measured`: by how many users; None in a run from before that was kept."""
    if not removals:
        return "Nobody is removed."
    limit = "" if measured is None else f", the limit is {planning.LIMITS.of_run(measured):,}"
    return f"{removals:,} removal{'' if removals == 1 else 's'}{limit}."


def _picks(page: run_changes.ChangePage, choice: str) -> list[Chip]:
    chips = [Chip(pick, pick.capitalize(), choice == pick, number) for pick, number in page.picks.items() if number]
    return [Chip("", "All changes", choice not in {*Pick, SKIPPED}, page.everything), *chips]


def _kinds(page: run_changes.ChangePage, choice: str) -> list[Chip]:
    return [Chip(kind, kind, choice == kind, number) for kind, number in sorted(page.kinds.items()) if kind]
