"""Every page that is looked at in a browser: in both themes by axe, on a phone, and in pictures. Add yours here."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from tests.console.browser.stage import Stage


@dataclass(frozen=True)
class Shot:
    """One page: the name of its picture, where it is, and who looks at it."""

    name: str
    path: Callable[[Stage], str]
    who: str = "owner"
    status: int = 200


SHOTS = (
    Shot("01-home", lambda _: "/"),
    Shot("12b-home-empty", lambda _: "/", who="nobody"),
    Shot("13-components", lambda _: reverse("console:components")),
    Shot("14-domain-add", lambda _: reverse("console:domain-add")),
    Shot("15-not-here", lambda _: "/no/such/page/", status=404),
)
