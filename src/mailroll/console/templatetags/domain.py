"""The head of a domain and its tabs, the same on every page of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template import Context, Library
from django.urls import reverse

from mailroll.accounts import access
from mailroll.console import scope
from mailroll.console.home import domain_words
from mailroll.console.templatetags import words
from mailroll.directory import restorations
from mailroll.directory.models import Domain
from mailroll.insight.overview import ShownStanding, standing

register = Library()
_STANDING = "console_standing"


@dataclass(frozen=True, slots=True)
class Tab:
    words: str
    url: str
    current: bool
    count: int | None


@register.simple_tag(takes_context=True)
def last_reading(context: Context, at: datetime | None, domain: Domain, *, short: bool = False) -> str:
    """When a list or a source was read last; a restore forgets that, and then “Never” would be wrong."""
    if at is not None:
        return words.moment(at) if short else words.when(at)
    # A page of many domains asks once.
    asked = context.render_context
    if "restored_at" not in asked:
        asked["restored_at"] = restorations.latest_at()
    restored_at = asked["restored_at"]
    return "Never" if restored_at is None or domain.created_at > restored_at else "None since the restore"


@register.inclusion_tag("console/domains/head.html", takes_context=True)
def domain_head(context: Context, domain: Domain) -> dict[str, Any]:
    """Name the domain and how it stands; the way to its settings is for those who may change them."""
    request: HttpRequest = context["request"]
    one = _standing(request, domain)
    next_run = domain_words.next_run(one)
    timed = next_run[:1].isdigit() and one.schedule is not None
    return {
        "one": one,
        "words": domain_words.words(one),
        "next_run": next_run,
        "may_connect": access.may_connect(scope.operator(request), domain.organization),
        "ahead": one.schedule.next_run_at if timed and one.schedule is not None else None,
    }


def _standing(request: HttpRequest, domain: Domain) -> ShownStanding:
    """How a domain stands, asked once for its head and its tabs."""
    kept: ShownStanding | None = getattr(request, _STANDING, None)
    if kept is None or kept.domain != domain:
        kept = standing(domain, scope.now(request))
        setattr(request, _STANDING, kept)
    return kept


@register.inclusion_tag("console/domains/tabs.html", takes_context=True)
def domain_tabs(context: Context, domain: Domain) -> dict[str, Any]:
    """The pages of a domain, with the numbers that are worth knowing beforehand."""
    request: HttpRequest = context["request"]
    one = _standing(request, domain)
    wanted = (
        ("Users", "users", one.users),
        ("Groups", "groups", one.groups),
        ("User Sync", "user-sync", None),
        ("Gateway", "gateway", None),
        ("Activity", "runs", None),
    )
    places = [(words, reverse(f"console:{name}", args=[domain.path]), count) for words, name, count in wanted]
    return {"domain": domain, "tabs": [Tab(words, url, request.path == url, count) for words, url, count in places]}
