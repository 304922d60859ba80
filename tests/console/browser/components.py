"""A page of every component of the Console in every state, to be looked at as its own pages are."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from mailroll import promises
from mailroll.config import urls
from mailroll.console.strip import Bar, BarLook
from mailroll.reconcile.model import Kind

ADDRESS = "/components/"

_STATES = (
    ("ok", "Healthy", "last complete run within the freshness limit, nothing held"),
    ("running", "Reading, planning, applying", "a run is under way"),
    ("held", "Held", "waits for a person; a square with two bars"),
    ("attention", "Attention", "works, but something is missing; a triangle"),
    ("late", "Due or late", "credential ends, data stale; a clock"),
    ("failed", "Failed", "an octagon; always with the reason"),
    ("off", "Automatic off", "a ring; by choice"),
    ("begin", "No preview yet", "a dashed ring; not begun"),
)
_SIGNS = (
    ("add", "create, or adopt a user made by hand"),
    ("change", "address, alias, name, kind or group"),
    ("remove", f"retire: restorable for {promises.in_words(promises.KEPT)}"),
    ("restore", "a retired user comes back as before"),
    ("skip", "read, but not taken; has a reason"),
    ("same", "nothing to do"),
)
_NOTES = (
    ("info", "Good to know.", "One sentence, at most two."),
    ("ok", "Saved.", "The next run uses the new order."),
    ("attention", "Something is missing.", "What it means, and the button that mends it."),
    ("failed", "It did not work.", "What happened, what was not changed, what to do."),
)
_BARS = (
    *[BarLook.NONE] * 3,
    *[BarLook.SAME] * 4,
    BarLook.FEW,
    *[BarLook.SAME] * 4,
    BarLook.SOME,
    BarLook.SAME,
    BarLook.HELD,
    BarLook.MANY,
    *[BarLook.SAME] * 3,
    BarLook.FAILED,
    BarLook.SAME,
    BarLook.FEW,
)


def components(request: HttpRequest) -> HttpResponse:
    context = {
        "states": _STATES,
        "signs": _SIGNS,
        "kinds": [kind.value for kind in Kind],
        "notes": _NOTES,
        "bars": [Bar(look) for look in _BARS],
    }
    page = engines["django"].from_string(Path(__file__).with_suffix(".html").read_text())
    return HttpResponse(page.render(context, request))


urlpatterns = [path(ADDRESS.removeprefix("/"), components), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
