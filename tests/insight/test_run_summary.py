"""What many changes come to is kept as it was counted, for as long as the changes are those."""

from collections import Counter
from uuid import UUID, uuid5

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mailroll.directory import edit
from mailroll.insight import run_changes
from mailroll.insight.run_changes import WantedChanges
from mailroll.insight.run_groups import REMOVALS_SHOWN, Pick
from mailroll.insight.run_summary import KEPT_FROM
from mailroll.reconcile.model import Kind
from mailroll.reconcile.plan import Action
from mailroll.reconcile.reasons import ReasonCode
from mailroll.sync.models import ChangeSummary, Run, RunChange, RunState, Trigger
from tests.conftest import address
from tests.directory.rolls import ACTING, NOON

_SPACE = UUID("0b7f4e04-6f5f-4b0c-a2e4-0b0c9f5f4f61")
_GONE = [{"code": ReasonCode.GONE.value, "directory": "Microsoft 365"}]
_NEW = [{"code": ReasonCode.NEW.value, "directory": "Microsoft 365"}]
EVERY = (
    WantedChanges(),
    WantedChanges(pick=Pick.ADD),
    WantedChanges(kind=Kind.SHARED),
    WantedChanges(cause=ReasonCode.GONE),
    WantedChanges(pick=Pick.REMOVE, kind=Kind.USER),
    WantedChanges(everything=True, page=2),
)


@pytest.fixture
def run(db: None) -> Run:
    """Some who are added, every third a shared mailbox, into two groups of users; and some who go."""
    domain = edit.add_domain(edit.add_organization("Brightwater", ACTING), "brightwater.example", ACTING)
    run = Run.objects.create(
        domain=domain, trigger=Trigger.MANUAL, state=RunState.APPLIED, actor="test", fence=1, revision=1,
        digest="first", counts={"create": KEPT_FROM}, started_at=NOON, read_at=NOON, finished_at=NOON,
    )  # fmt: skip
    RunChange.objects.bulk_create([_change(run, place) for place in range(KEPT_FROM)])
    return run


def _change(run: Run, place: int) -> RunChange:
    mailbox = f"p{place:04}@brightwater.example"
    common = {"run": run, "position": place, "user": uuid5(_SPACE, str(place)), "address": mailbox}
    if place % 10 == 0:
        before = {"display_name": f"Person {place}", "kind": "user", "billable": True, "primary": mailbox}
        before |= {"external_id": None, "owner": None, "group": "Main", "aliases": [], "former": [], "retired": False}
        return RunChange(**common, action=Action.RETIRE, before=before, reasons=_GONE, lead=ReasonCode.GONE)
    return RunChange(
        **common,
        action=Action.CREATE,
        reasons=_NEW,
        lead=ReasonCode.NEW,
        primary=mailbox,
        group="Main" if place % 2 else "Sales",
        kind=Kind.SHARED if place % 3 == 0 else Kind.USER,
        billable=place % 3 != 0,
        display_name=f"Person {place}",
    )


def test_pages_show_the_same_once_it_is_kept_and_read_few_changes(run: Run) -> None:
    first = [run_changes.page(run, wanted) for wanted in EVERY]
    assert ChangeSummary.objects.get().digest == "first"
    with CaptureQueriesContext(connection) as asked:
        again = run_changes.page(run, EVERY[0])
    assert again == first[0]
    assert len(asked) == 2
    assert [run_changes.page(run, wanted) for wanted in EVERY] == first
    rows = list(RunChange.objects.filter(run=run))
    kinds = Counter(row.kind or (row.before or {})["kind"] for row in rows)
    assert first[0].kinds == dict(kinds)
    assert {pick: number for pick, number in first[0].picks.items() if number} == {Pick.REMOVE: 100, Pick.ADD: 900}
    sizes = [(group.size, group.billable, len(shown)) for group, shown in first[0].groups]
    assert sizes[0] == (100, -100, REMOVALS_SHOWN)
    assert sorted(sizes[1:]) == sorted(
        (size, size * (kind == Kind.USER), 3)
        for (kind, _), size in Counter((row.kind, row.group) for row in rows if row.kind).items()
    )


def test_what_is_kept_goes_with_any_of_the_changes(run: Run) -> None:
    whole = run_changes.page(run, WantedChanges())
    RunChange.objects.filter(run=run, position=0).update(reasons=[])
    assert not ChangeSummary.objects.exists()
    assert run_changes.page(run, WantedChanges()).found == whole.found
    RunChange.objects.filter(run=run, position=0).delete()
    assert not ChangeSummary.objects.exists()
    assert run_changes.page(run, WantedChanges()).found == whole.found - 1


def test_it_counts_for_one_plan_alone(run: Run) -> None:
    run_changes.page(run, WantedChanges())
    ChangeSummary.objects.update(lines=[])
    assert run_changes.page(run, WantedChanges()).found == 0
    run.digest = "second"
    assert run_changes.page(run, WantedChanges()).found == KEPT_FROM


@pytest.mark.django_db(transaction=True)
def test_nothing_is_kept_while_somebody_changes_them(run: Run) -> None:
    with psycopg.connect(address()) as other:
        other.execute("UPDATE sync_runchange SET reasons = '[]' WHERE position = 0")
        assert run_changes.page(run, WantedChanges()).found == KEPT_FROM
        assert not ChangeSummary.objects.exists()
    run_changes.page(run, WantedChanges())
    assert ChangeSummary.objects.exists()
