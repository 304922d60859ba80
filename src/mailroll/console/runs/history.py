"""The Activity tab: the runs of a week, those without a change folded."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mailroll.accounts import access
from mailroll.console import parameters, scope, strip
from mailroll.console.runs.forms import HistoryForm
from mailroll.console.tables import Chip
from mailroll.console.templatetags.actors import names
from mailroll.directory.models import Domain
from mailroll.insight import run_queries
from mailroll.sync.models import Trigger

_PLACES = 168
_CHIPS = (
    ("all", "All"),
    ("changed", "With changes"),
    ("held-or-failed", "Held or failed"),
    ("previews", "Previews"),
)


@scope.on_domain(access.may_view)
@require_GET
def history(request: HttpRequest, domain: Domain) -> HttpResponse:
    fields = parameters.read(HistoryForm(request.GET))
    chip, before = fields.get("show") or "all", fields["before"]
    history = run_queries.history(domain, scope.now(request), chip=chip, before=before)
    counted = [run for run in history.runs if run.trigger not in {Trigger.PREVIEW, Trigger.HELD}]
    bars = strip.bars(counted, places=min(_PLACES, max(len(counted), 1)))
    context = {
        "domain": domain,
        "history": history,
        "unfold": fields["unfold"],
        "bars": bars,
        "names": names(actor for run in history.runs for actor in (run.actor, run.decided_by)),
        "chips": [
            Chip("" if value == "all" else value, words, chip == value, history.counts[value.replace("-", "_")])
            for value, words in _CHIPS
        ],
        "shown": chip,
        "earlier": history.earlier.isoformat() if history.earlier else "",
        "later": before is not None,
    }
    return render(request, "console/runs/history.html", context)
