"""The head of a domain and its tabs, the same on every page of it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template import Context, Library
from django.urls import NoReverseMatch, reverse

from mailroll.directory import queries
from mailroll.directory.models import Domain, Group

register = Library()


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of a domain."""

    words: str
    url: str
    current: bool
    count: int | None


@register.inclusion_tag("console/domains/head.html")
def domain_head(domain: Domain) -> dict[str, Any]:
    return {"domain": domain, "counts": queries.counts(domain)}


@register.inclusion_tag("console/domains/tabs.html", takes_context=True)
def domain_tabs(context: Context, domain: Domain) -> dict[str, Any]:
    """Only what is built is shown: a tab without a route is left out."""
    request: HttpRequest = context["request"]
    wanted = (
        ("Users", "users", queries.counts(domain).users),
        ("Groups", "groups", Group.objects.filter(domain=domain).count()),
        ("User Sync", "user-sync", None),
        ("Activity", "runs", None),
    )
    tabs: list[Tab] = []
    for words, name, count in wanted:
        try:
            url = reverse(f"console:{name}", args=[domain.name])
        except NoReverseMatch:
            continue
        tabs.append(Tab(words, url, request.path == url, count))
    return {"domain": domain, "tabs": tabs}
