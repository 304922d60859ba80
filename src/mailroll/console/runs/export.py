"""The changes of a run as a CSV file: those that the page is asked for, with their reasons and ids."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from mailroll.accounts import access
from mailroll.audit.notes import note
from mailroll.console import scope, stream
from mailroll.console.runs import change_text
from mailroll.console.runs.decisions import find
from mailroll.console.runs.forms import ChangesForm
from mailroll.directory.models import Domain
from mailroll.insight import run_changes
from mailroll.insight.run_changes import ChangeRow
from mailroll.reconcile.cells import write_line
from mailroll.reconcile.model import State

COLUMNS = (
    "change",
    "display_name",
    "address",
    "kind",
    "group",
    "what_happens",
    "billable_before",
    "billable_after",
    "reasons",
    "reason_codes",
    "user",
    "external_id",
)


@scope.on_domain(access.may_view)
@require_GET
def export(request: HttpRequest, domain: Domain, run: UUID) -> HttpResponseBase:
    run_row = find(domain, run)
    wanted_changes = ChangesForm(request.GET).wanted()
    with transaction.atomic():
        note(scope.acting(request), "run.exported", domain, run=str(run_row.id), digest=run_row.digest)
    name = f"changes-{domain.name}-{timezone.now():%Y%m%d-%H%M}.csv"
    return stream.as_file(request, lines(run_changes.every(run_row, wanted_changes)), name)


def lines(rows: Iterable[ChangeRow]) -> Iterator[str]:
    """Write changes, one a line below the head; no cell of them is a formula."""
    yield write_line(COLUMNS)
    for row in rows:
        state = row.after or row.before
        yield write_line(
            (
                row.action.value,
                row.name,
                row.address,
                row.kind,
                state.group if state else "",
                change_text.plain(row),
                _billed(row.before),
                _billed(row.after),
                " ".join(change_text.reasons(row)),
                " ".join(reason.code.value for reason in row.reasons),
                str(row.user),
                (state.external_id or "") if state else "",
            )
        )


def _billed(state: State | None) -> str:
    return "yes" if state is not None and state.billable else "no"
