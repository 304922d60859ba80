"""What every page of the Console has around it: navigation, the person, the theme."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from mailroll.accounts import first_run, installation
from mailroll.accounts.models import Operator
from mailroll.alerts.alert_list import open_count
from mailroll.console import scope
from mailroll.console.addresses import address
from mailroll.directory.models import Domain
from mailroll.settings import Switch

THEMES = ("light", "dark")

_ALERTS = "console:alerts"
_ENTRIES = (
    ("Domains", "console:home"),
    ("Connections", "console:connections"),
    ("Alerts", _ALERTS),
)
_ADMINISTRATION = (
    ("Audit log", "console:audit"),
    ("Settings", "console:settings"),
)
_PERSON = (("Your name", "console:profile"), ("Security", "mfa_index"))


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One word of the navigation, and how many things behind it need somebody."""

    words: str
    url: str
    current: bool
    count: int = 0


def shell(request: HttpRequest) -> dict[str, object]:
    """Context of every template."""
    user = getattr(request, "user", None)
    operator = user if isinstance(user, Operator) else None
    own = installation.settings()
    return {
        "navigation": SimpleLazyObject(lambda: entries(request) if operator else []),
        "person": operator,
        "person_menu": [(words, address(name)) for words, name in _PERSON],
        # For the way from the first operator to the first domain.
        "nobody_here": SimpleLazyObject(first_run.is_empty),
        "no_domain_yet": SimpleLazyObject(
            lambda: operator is not None and not Domain.objects.exists() and scope.administers(request)
        ),
        "theme": chosen_theme(request),
        "demo": own.demo_url,
        "console_host": urlsplit(own.console_url).netloc,
        "issuer": own.issuer.name if own.issuer else "",
        "passwords": own.password_sign_in is Switch.ON,
    }


def chosen_theme(request: HttpRequest) -> str:
    """Light or dark where the person chose; empty where the system decides."""
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return theme if theme in THEMES else ""


def entries(request: HttpRequest) -> list[NavigationEntry]:
    """The words of the bar; domains are found from home, so their pages belong to it."""
    path = request.path
    navigation_entries: list[NavigationEntry] = []
    for words, name in _ENTRIES + (_ADMINISTRATION if scope.administers(request) else ()):
        url = address(name)
        inside = path.startswith("/domains/" if url == "/" else url)
        count = open_count(scope.operator(request), scope.now(request)) if name == _ALERTS else 0
        navigation_entries.append(NavigationEntry(words, url, path == url or inside, count))
    return navigation_entries
