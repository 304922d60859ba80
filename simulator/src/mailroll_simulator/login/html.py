"""Pages of the simulated sign-in: plain forms, plainly not Microsoft's."""

from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from http import HTTPStatus
from importlib import resources

from mailroll_simulator.login.aadsts import LoginError
from mailroll_simulator.login.accounts import Account
from mailroll_simulator.login.answers import help_uri
from mailroll_simulator.login.wire import LoginResponse, Trace
from mailroll_simulator.registrations import App

TITLE = "Simulated Microsoft sign-in (not Microsoft)"
STYLE_PATH = "/simulated/style.css"
# Without form-action: Chromium holds it against the redirect that answers a form, which leads to the app.
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page(heading: str, content: str, status: int = HTTPStatus.OK) -> LoginResponse:
    text = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{TITLE}</title>\n<link rel="stylesheet" href="{STYLE_PATH}">\n</head>\n<body>\n'
        f'<div class="banner" role="note">{TITLE}. Never type a real password here.</div>\n'
        f"<main>\n<h1>{escape(heading)}</h1>\n{content}</main>\n</body>\n</html>\n"
    )
    return LoginResponse(status, text.encode("utf-8"), dict(_HEADERS))


@cache
def _style() -> bytes:
    return resources.files("mailroll_simulator.login").joinpath("style.css").read_bytes()


def style() -> LoginResponse:
    return LoginResponse(
        HTTPStatus.OK, _style(), {"Content-Type": "text/css; charset=utf-8", "X-Content-Type-Options": "nosniff"}
    )


def refusal_page(error: LoginError, trace: Trace) -> LoginResponse:
    """Give the page of a request that cannot be answered to whoever it claims to come from."""
    content = (
        f'<p class="problem" role="alert">AADSTS{error.code}: {escape(error.text)}</p>\n'
        f"<p>Nothing was sent back to any application.</p>\n<ul>\n<li>Trace ID: <code>{trace.trace_id}</code></li>\n"
        f"<li>Correlation ID: <code>{trace.correlation_id}</code></li>\n<li>Timestamp: {trace.timestamp}</li>\n"
        f"<li>About it: <code>{escape(help_uri(error))}</code></li>\n</ul>\n"
    )
    return page("Sorry, but we're having trouble with signing you in", content, HTTPStatus.BAD_REQUEST)


def sign_in_page(
    app: App, accounts: Iterable[Account], *, hint: str | None, problem: LoginError | None
) -> LoginResponse:
    content = (
        f"<p>To go on to <strong>{escape(app.display_name)}</strong>, choose who you are.</p>\n"
        f"{_problem(problem)}"
        f'<form method="post">\n{_accounts(accounts, hint)}'
        '<button class="main" type="submit" name="action" value="accept">Sign in</button>\n'
        f"{_CANCEL}</form>\n"
    )
    return page("Sign in", content)


def consent_page(
    app: App,
    accounts: Iterable[Account],
    *,
    signed_in: Account | None,
    another: str,
    hint: str | None,
    problem: LoginError | None,
) -> LoginResponse:
    """Give the page on which an administrator grants what the app asks for, signed in before or on it."""
    asked = "".join(f"<li><code>{escape(permission)}</code></li>\n" for permission in app.permissions)
    if signed_in is not None:
        who = (
            f"<p>Signed in as <strong>{escape(signed_in.user.upn)}</strong> "
            f'<span class="role">{escape(signed_in.standing)}</span>, {escape(signed_in.tenant.display_name)}. '
            f'<a href="{escape(another)}">Use another account</a></p>\n'
        )
    else:
        who = _accounts(accounts, hint)
    content = (
        f"{_problem(problem)}<p><strong>{escape(app.display_name)}</strong> (unverified) asks for these permissions "
        f"for the whole organization, without anybody being signed in:</p>\n<ul>\n{asked}</ul>\n"
        f'<form method="post">\n{who}'
        '<button class="main" type="submit" name="action" value="accept">Accept</button>\n'
        f"{_CANCEL}</form>\n"
    )
    return page("Permissions requested: review for your organization", content)


def approval_page(app: App, account: Account, *, back: str, another: str) -> LoginResponse:
    """Give the page on which somebody who is no administrator is stuck."""
    content = (
        f'<p class="problem" role="alert">AADSTS90094: {escape(app.display_name)} needs permission to access resources '
        "in your organization that only an admin can grant. Please ask an admin to grant permission to this app "
        "before you can use it.</p>\n"
        f"<p>Signed in as <strong>{escape(account.user.upn)}</strong> "
        f'<span class="role">{escape(account.standing)}</span></p>\n'
        f'<p><a href="{escape(another)}">Have an admin account? Sign in with that account</a></p>\n'
        f'<p><a href="{escape(back)}">Return to the application without granting consent</a></p>\n'
    )
    return page("Need admin approval", content)


def post_page(uri: str, parameters: Mapping[str, str]) -> LoginResponse:
    """Give the answer that a browser posts on; by a button, as there is no script."""
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">\n' for name, value in parameters.items()
    )
    content = (
        f'<form method="post" action="{escape(uri)}">\n{fields}'
        '<button class="main" type="submit">Continue</button>\n</form>\n'
    )
    return page("Signed in", content)


def signed_out_page() -> LoginResponse:
    return page("You signed out", "<p>Nobody is signed in any more.</p>\n")


_CANCEL = '<button type="submit" name="action" value="cancel" formnovalidate>Cancel</button>\n'


def _problem(problem: LoginError | None) -> str:
    if problem is None:
        return ""
    return f'<p class="problem" role="alert">AADSTS{problem.code}: {escape(problem.text)}</p>\n'


def _accounts(accounts: Iterable[Account], hint: str | None) -> str:
    """List accounts with role and password, and leave room for one that is not listed."""
    shown = []
    wanted = (hint or "").casefold()
    found = False
    for account in accounts:
        upn = account.user.upn
        chosen = " checked" if upn.casefold() == wanted else ""
        found = found or bool(chosen)
        shown.append(
            f'<label class="account"><input type="radio" name="account" value="{escape(upn)}"{chosen}> '
            f"{escape(account.user.text('displayName'))} &lt;{escape(upn)}&gt; "
            f'<span class="role">{escape(account.standing)}</span>, {escape(account.tenant.display_name)}, '
            f"password <code>{escape(account.user.password)}</code></label>\n"
        )
    other = "" if found or hint is None else escape(hint)
    return (
        f"<fieldset>\n<legend>Accounts</legend>\n{''.join(shown)}"
        f'<label class="field">Another account <input type="text" name="other_account" value="{other}" '
        'autocomplete="off" spellcheck="false"></label>\n</fieldset>\n'
        '<label class="field">Password <input type="password" name="password" autocomplete="off" required></label>\n'
    )
