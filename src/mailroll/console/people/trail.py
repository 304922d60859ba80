"""The audit log: who did what and when, for those who administer it; searched, paged, exported, never changed."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from mailroll.accounts import trail, trail_files
from mailroll.audit.models import AuditEntry
from mailroll.console import scope, stream
from mailroll.console.people.audit_words import actor, deed, laid_out
from mailroll.console.people.forms import AuditExportForm, AuditSearch
from mailroll.console.people.security import device
from mailroll.console.tables import Chip

_CHIPS = (
    ("", "All"),
    ("people", "People"),
    ("directory", "Users and domains"),
    ("connections", "Connections"),
    ("runs", "Runs"),
    ("gateway", "Gateways"),
)


@dataclass(frozen=True, slots=True)
class _TrailRow:
    entry: AuditEntry
    actor: str
    deed: str
    place: str
    client: str
    device: str
    told: tuple[tuple[str, str, str], ...]


@scope.signed_in
@scope.asking_once
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    administrator = scope.administrator(request)
    form = AuditSearch(request.GET)
    narrowed = form.asked()
    start = form.cleaned_data.get("before")
    page = trail.page(trail.narrowed(trail.visible(administrator), about=narrowed["about"], text=narrowed["q"]), start)
    names, audience = trail.organization_names(page.entries), trail.Audience(administrator)
    context: dict[str, object] = {
        "rows": [_row(entry, names, audience) for entry in page.entries],
        "chips": [Chip(key, words, key == narrowed["about"]) for key, words in _CHIPS],
        "about": narrowed["about"],
        "text": narrowed["q"],
        "older": page.older,
        "later": start is not None,
    }
    return render(request, "console/people/audit.html", context)


@scope.signed_in
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """Ask in which form, then give the file; who takes the log out of the Console confirms that it is them."""
    administrator = scope.administrator(request)
    scope.demand_confirmation(request)
    submission = request.POST if request.method == "POST" else None
    form = AuditExportForm(submission or request.GET)
    criteria = form.asked()
    entries: QuerySet[AuditEntry] = trail.narrowed(
        trail.visible(administrator), about=criteria["about"], text=criteria["q"]
    )
    places = trail_files.places_of(administrator)
    if submission is None:
        context = {
            "form": AuditExportForm(initial=criteria),
            "asked": criteria,
            "about": dict(_CHIPS).get(criteria["about"], ""),
            "count": entries.count(),
            "places": places,
            "back": reverse("console:audit") + "?" + urlencode(criteria),
        }
        return render(request, "console/people/audit_export.html", context)
    kind = form.cleaned_data.get("form") or "jsonl"
    trail_files.note_export(scope.acting(request), places, format=kind, about=criteria["about"], text=criteria["q"])
    name, audience = f"audit-{timezone.now():%Y%m%d-%H%M}.{kind}", trail.Audience(administrator)
    if kind == "csv":
        return stream.as_file(request, trail_files.as_csv(entries, audience), name)
    return stream.as_file(request, trail_files.as_json_lines(entries, audience), name, trail_files.JSON_LINES)


def _row(entry: AuditEntry, names: dict[str, str], audience: trail.Audience) -> _TrailRow:
    client, agent = audience.origin(entry)
    return _TrailRow(
        entry,
        actor(entry.actor),
        deed(entry.action),
        names.get(str(entry.organization), ""),
        client,
        device(agent) if agent else "",
        laid_out(entry.details),
    )
