"""The head of a domain and its tabs, the same on every page of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template import Context, Library

from mailroll.accounts import access
from mailroll.console import scope
from mailroll.console.addresses import address
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
    page_cache = context.render_context
    if "restored_at" not in page_cache:
        page_cache["restored_at"] = restorations.latest_at()
    restored_at = page_cache["restored_at"]
    return "Never" if restored_at is None or domain.created_at > restored_at else "None since the restore"


@register.inclusion_tag("console/domains/head.html", takes_context=True)
def domain_head(context: Context, domain: Domain) -> dict[str, Any]:
    """Name the domain and how it stands; the way to its settings is for those who may change them."""
    request: HttpRequest = context["request"]
    domain_standing = _standing(request, domain)
    next_run = domain_words.next_run(domain_standing)
    timed = next_run[:1].isdigit() and domain_standing.schedule is not None
    return {
        "standing": domain_standing,
        "words": domain_words.words(domain_standing),
        "next_run": next_run,
        "may_connect": access.may_connect(scope.operator(request), domain.organization),
        "ahead": domain_standing.schedule.next_run_at if timed and domain_standing.schedule is not None else None,
    }


def _standing(request: HttpRequest, domain: Domain) -> ShownStanding:
    """How a domain stands, asked once for its head and its tabs."""
    domain_standing: ShownStanding | None = getattr(request, _STANDING, None)
    if domain_standing is None or domain_standing.domain != domain:
        domain_standing = standing(domain, scope.now(request))
        setattr(request, _STANDING, domain_standing)
    return domain_standing


@register.inclusion_tag("console/domains/tabs.html", takes_context=True)
def domain_tabs(context: Context, domain: Domain) -> dict[str, Any]:
    """The pages of a domain, with the numbers that are worth knowing beforehand."""
    request: HttpRequest = context["request"]
    domain_standing = _standing(request, domain)
    pages = (
        ("Users", "users", domain_standing.users),
        ("Groups", "groups", domain_standing.groups),
        ("User Sync", "user-sync", None),
        ("Gateway", "gateway", None),
        ("Activity", "runs", None),
    )
    places = [(words, address(f"console:{name}", domain.path), count) for words, name, count in pages]
    return {"domain": domain, "tabs": [Tab(words, url, request.path == url, count) for words, url, count in places]}
