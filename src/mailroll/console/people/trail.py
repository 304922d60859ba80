"""The audit log: who did what and when, for those who administer it; searched, paged, exported, never changed."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from mailroll.accounts import access, trail
from mailroll.accounts.models import Operator, Role
from mailroll.audit.models import AuditEntry
from mailroll.console import parameters, scope
from mailroll.console.people.deeds import actor, deed, told
from mailroll.console.people.security import device

_EXPORTED = 50_000
"""Entries in one file; narrow the search for older ones."""

_CHIPS = (
    ("", "All"),
    ("people", "People"),
    ("directory", "Users and domains"),
    ("connections", "Connections"),
    ("runs", "Runs"),
    ("gateway", "Gateways"),
)


@dataclass(frozen=True, slots=True)
class _Row:
    entry: AuditEntry
    actor: str
    deed: str
    place: str
    client: str
    device: str
    told: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class _Chip:
    words: str
    url: str
    current: bool


@scope.signed_in
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    who = _auditor(request)
    about, text = _asked(request)
    start = parameters.number(request.GET.get("before", ""))
    shown = trail.page(trail.narrowed(trail.visible(who), about=about, text=text), start)
    names, audience = trail.organization_names(shown.entries), trail.Audience(who)
    narrowed = {"about": about, "q": text}
    context: dict[str, object] = {
        "rows": [_row(one, names, audience) for one in shown.entries],
        "chips": [_Chip(words, "?" + urlencode({"about": key, "q": text}), key == about) for key, words in _CHIPS],
        "about": about,
        "text": text,
        "older": "?" + urlencode({**narrowed, "before": str(shown.older)}) if shown.older else "",
        "later": start is not None,
        "export": "?" + urlencode(narrowed),
    }
    return render(request, "console/people/audit.html", context)


@scope.signed_in
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    about, text = _asked(request)
    found: QuerySet[AuditEntry] = trail.narrowed(trail.visible(_auditor(request)), about=about, text=text)
    entries = list(found[:_EXPORTED])
    # The mark at the beginning has spreadsheets read the file as UTF-8.
    body = "\N{BYTE ORDER MARK}" + "".join(trail.as_csv(entries, trail.organization_names(entries)))
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="audit-{timezone.now():%Y%m%d-%H%M}.csv"'
    return response


def _row(entry: AuditEntry, names: dict[str, str], audience: trail.Audience) -> _Row:
    client, agent = audience.origin(entry)
    return _Row(
        entry,
        actor(entry.actor),
        deed(entry.action),
        names.get(str(entry.organization), ""),
        client,
        device(agent) if agent else "",
        told(entry.details),
    )


def _asked(request: HttpRequest) -> tuple[str, str]:
    return request.GET.get("about", ""), request.GET.get("q", "")


def _auditor(request: HttpRequest) -> Operator:
    who = scope.operator(request)
    if not access.organizations(who).exists():
        raise Http404
    if not access.organizations_as(who, Role.ADMINISTRATOR).exists():
        raise PermissionDenied
    return who
