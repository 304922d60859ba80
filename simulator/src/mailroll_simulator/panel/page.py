"""The panel as a page: plain forms that work without script, in the simulator's own look."""

from collections.abc import Iterable
from html import escape
from urllib.parse import urlencode

from mailroll_simulator.panel.deeds import MICROSOFT, PEOPLE, Deed
from mailroll_simulator.panel.guide import Guide
from mailroll_simulator.panel.journal import Entry
from mailroll_simulator.panel.stage import Theatre
from mailroll_simulator.tenant import Tenant

TITLE = "Simulated Microsoft 365 (not Microsoft, not the Console). Everything here is invented."
STYLE = "/panel/style.css"


def panel_page(theatre: Theatre, tenants: Iterable[Tenant], guide: Guide, key: str, problem: str) -> str:
    """Write the page; `key` is what every form on it brings back, `problem` what could not be done."""
    said = f'<p class="problem" role="alert">{escape(problem)}</p>\n' if problem else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>Make something happen: simulated Microsoft 365</title>\n<link rel="stylesheet" href="{STYLE}">\n'
        f'</head>\n<body>\n<header class="banner">{TITLE}</header>\n<main>\n'
        f'<p><a href="{escape(guide.home)}">{escape(guide.home_words)}</a></p>\n<h1>Make something happen</h1>\n'
        "<p>You play the customer's tenant. Then go back to the Console and look at a preview, or wait for the next "
        f"run.</p>\n{_choice(theatre.tenant, tenants)}{said}"
        f'<div class="columns">\n{_column("People", PEOPLE, theatre, key)}'
        f"{_column('Microsoft', MICROSOFT, theatre, key)}</div>\n{_watch(theatre, guide)}"
        f'{_form(theatre, key, "reset", "")}<button type="submit">Put this tenant back as it was</button></form>\n'
        "</main>\n</body>\n</html>\n"
    )


def _choice(chosen: Tenant, tenants: Iterable[Tenant]) -> str:
    options = "".join(
        f'<option value="{escape(tenant.id)}"{" selected" if tenant is chosen else ""}>'
        f"{escape(tenant.display_name)}: {_mailboxes(tenant)} mailboxes, {escape(tenant.default_domain)}</option>\n"
        for tenant in tenants
    )
    return (
        '<form class="choice" method="get" action="/panel/"><label for="tenant">Tenant</label>\n'
        f'<select id="tenant" name="tenant">\n{options}</select>\n<button type="submit">Show</button></form>\n'
    )


def _mailboxes(tenant: Tenant) -> int:
    return sum(user.purpose is not None for user in tenant.users)


def _column(heading: str, deeds: Iterable[Deed], theatre: Theatre, key: str) -> str:
    rows = "".join(_row(deed, theatre, key) for deed in deeds)
    return f'<section aria-labelledby="{heading}"><h2 id="{heading}">{heading}</h2>\n<ul>\n{rows}</ul></section>\n'


def _row(deed: Deed, theatre: Theatre, key: str) -> str:
    done = theatre.journal.of(deed.name)
    words = act = ""
    if not (deed.lasts and done):
        words = f"<p>{escape(deed.text(theatre))}</p>\n"
        button = f'<button type="submit">{escape(deed.button(theatre))}</button>'
        act = f"{_form(theatre, key, 'do', deed.name)}{button}</form>\n"
    return f"<li><div><h3>{escape(deed.heading)}</h3>\n{words}{_done(deed, done, theatre, key)}</div>\n{act}</li>\n"


def _done(deed: Deed, done: list[Entry], theatre: Theatre, key: str) -> str:
    if not done:
        return ""
    latest = done[-1]
    more = f" And {len(done) - 1} before." if len(done) > 1 else ""
    return (
        f'<div class="done"><em>{latest.at:%H:%M} {escape(latest.effect.words)}{more}</em> '
        f'{_form(theatre, key, "undo", deed.name)}<button class="plain" type="submit" '
        f'aria-label="{escape(deed.way_back)}: {escape(deed.heading)}">{escape(deed.way_back)}</button></form></div>\n'
    )


def _watch(theatre: Theatre, guide: Guide) -> str:
    latest = theatre.journal.latest
    if latest is None:
        return ""
    hint = guide.watch(latest, theatre.tenant)
    return (
        f'<p class="watch" role="status"><strong>What to watch:</strong> {escape(hint.words)} '
        f'<a href="{escape(hint.url)}">{escape(hint.link)}</a></p>\n'
    )


def _form(theatre: Theatre, key: str, way: str, deed: str) -> str:
    fields = {"key": key, "tenant": theatre.tenant.id, "deed": deed}
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items())
    return f'<form method="post" action="/panel/{way}">{hidden}'


def address(tenant: Tenant) -> str:
    return f"/panel/?{urlencode({'tenant': tenant.id})}"
