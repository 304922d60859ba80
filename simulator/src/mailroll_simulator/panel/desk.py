"""The panel as an HTTP service on the loopback, shut to every page but its own."""

import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPMethod, HTTPStatus
from importlib import resources
from urllib.parse import parse_qsl

from aiohttp import web

from mailroll_simulator.panel.deeds import DEEDS, Deed
from mailroll_simulator.panel.guide import Guide
from mailroll_simulator.panel.journal import Journal
from mailroll_simulator.panel.page import STYLE, address, panel_page
from mailroll_simulator.panel.stage import NobodyLeft, Theatre
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.world import World

# Not no-referrer: under that a browser names no origin with a form, and ours could not be told from another's.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Panel:
    """The panel of one simulator: who guides, what was done, and the key that its own forms bring back."""

    guide: Guide
    swap_seconds: float = 60.0
    url: str = ""
    journals: dict[str, Journal] = field(default_factory=dict)
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    def journal(self, tenant: Tenant) -> Journal:
        return self.journals.setdefault(tenant.id, Journal())

    def end(self) -> None:
        """Take everything back, with what was still to come."""
        for journal in self.journals.values():
            journal.undo_all()


def panel_handler(world: World, panel: Panel) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Answer on the panel's port.

    1. only under the panel's own name, so that no other page gets here by a name of its own
    2. a form only from the panel's own page: by its origin, and by the key that no other page can read
    3. after a form the browser is sent to the page anew, so that reloading does nothing twice
    """

    async def handle(request: web.Request) -> web.StreamResponse:
        if f"http://{request.headers.get('Host', '')}" != panel.url:
            return _refusal(HTTPStatus.FORBIDDEN, "This page has another address.")
        if request.method == HTTPMethod.GET:
            return _get(world, panel, request)
        if request.method != HTTPMethod.POST:
            return _refusal(HTTPStatus.METHOD_NOT_ALLOWED, "This is a page with forms.")
        return _post(world, panel, request, await request.text())

    return handle


def _get(world: World, panel: Panel, request: web.Request) -> web.Response:
    if request.path == STYLE:
        style = resources.files("mailroll_simulator.panel").joinpath("style.css").read_text(encoding="utf-8")
        return web.Response(text=style, content_type="text/css", headers=_HEADERS)
    if request.path == "/":
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={**_HEADERS, "Location": "/panel/"})
    if request.path != "/panel/":
        return _refusal(HTTPStatus.NOT_FOUND, "There is no such page.")
    tenant = world.tenant(request.query.get("tenant", "")) or next(iter(world.tenants.values()))
    return _page(world, panel, tenant)


def _post(world: World, panel: Panel, request: web.Request, body: str) -> web.Response:
    sent = dict(parse_qsl(body)) if request.content_type == _FORM else {}
    if request.headers.get("Origin", panel.url) != panel.url or not hmac.compare_digest(
        sent.get("key", "").encode(), panel.key.encode()
    ):
        return _refusal(HTTPStatus.FORBIDDEN, "Only the panel's own page may do that. Open it anew.")
    tenant = world.tenant(sent.get("tenant", ""))
    way, deed = request.path.removeprefix("/panel/"), DEEDS.get(sent.get("deed", ""))
    if tenant is None or (deed is None and way != "reset"):
        return _refusal(HTTPStatus.NOT_FOUND, "There is no such thing here.")
    journal = panel.journal(tenant)
    match way:
        case "do" if deed is not None:
            try:
                _do(deed, panel, _theatre(world, panel, tenant))
            except NobodyLeft as nobody:
                return _page(world, panel, tenant, str(nobody))
        case "undo" if deed is not None:
            journal.undo(deed.name)
        case "reset":
            journal.undo_all()
        case _:
            return _refusal(HTTPStatus.NOT_FOUND, "There is no such thing here.")
    return _back(tenant)


def _do(deed: Deed, panel: Panel, theatre: Theatre) -> None:
    if deed.lasts and theatre.journal.of(deed.name):
        return
    if deed.alone:
        for other in panel.journals.values():
            other.undo(deed.name)
    theatre.journal.note(deed.name, datetime.now(UTC).astimezone(), deed.act(theatre))


def _theatre(world: World, panel: Panel, tenant: Tenant) -> Theatre:
    return Theatre(world, tenant, panel.journal(tenant), asyncio.get_running_loop(), panel.swap_seconds)


def _page(world: World, panel: Panel, tenant: Tenant, problem: str = "") -> web.Response:
    text = panel_page(_theatre(world, panel, tenant), world.tenants.values(), panel.guide, panel.key, problem)
    status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
    return web.Response(status=status, text=text, content_type="text/html", headers=_HEADERS)


def _back(tenant: Tenant) -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={**_HEADERS, "Location": address(tenant)})


def _refusal(status: HTTPStatus, words: str) -> web.Response:
    return web.Response(status=status, text=words, headers=_HEADERS)
