"""Whether the installation's own address is the one that people and the web server in front use."""

from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import SplitResult, urlsplit

from mailroll.insight.doctor.circumstances import AdminRequest, Circumstances
from mailroll.insight.doctor.diagnosis import Diagnosis, fails, good, unasked, warns

_PORTS: Final = {"http": 80, "https": 443}
_ALIVE: Final = b"alive"
_OK: Final = 200


def examine(circumstances: Circumstances) -> Diagnosis:
    """Judge by what a request brought where one asks, else by asking at the address."""
    own = circumstances.settings
    if own.url is None:
        return warns(
            f"MAILROLL_URL is not set, so links in letters lead to {own.console_url}, on this machine only.",
            "Set MAILROLL_URL to the address that people use, like https://console.example.com.",
        )
    if circumstances.brought is not None:
        return _judge(own.url, circumstances.brought)
    diagnosis = _ask(own.url, circumstances.patience)
    return diagnosis or _trusting(circumstances) or good(f"The Console answers at {own.url}.")


def _judge(url: str, admin_request: AdminRequest) -> Diagnosis:
    parts = urlsplit(url)
    if admin_request.named and admin_request.peer not in admin_request.named:
        return warns(
            f"This request came from {admin_request.peer}, which names another in X-Forwarded-For and is not believed:"
            " in the audit log everybody has that one address, and wrong passwords of one slow all others down.",
            f"If {admin_request.peer} is your web server: MAILROLL_TRUSTED_PROXIES={admin_request.peer}",
        )
    if parts.scheme == "https" and not admin_request.secure:
        said = (
            "says that it was HTTPS, and is not believed"
            if admin_request.as_https
            else "does not say that it was HTTPS"
        )
        return warns(
            f"MAILROLL_URL is https, and what stands before Mailroll at {admin_request.peer} {said}.",
            "Have the web server in front send X-Forwarded-For and X-Forwarded-Proto, and name its address in"
            " MAILROLL_TRUSTED_PROXIES.",
        )
    if (place := _place(urlsplit(f"//{admin_request.host}"), parts.scheme)) != _place(parts, parts.scheme):
        return warns(
            f"You came by {place[0]}{'' if place[1] in _PORTS.values() else f':{place[1]}'}, and MAILROLL_URL is {url}:"
            " links in letters and the way back from Microsoft lead there.",
            f"Use {url}, or set MAILROLL_URL to the address that people use.",
        )
    return good(f"This request came by {url}, as MAILROLL_URL says.")


def _place(parts: SplitResult, scheme: str) -> tuple[str, int]:
    return parts.hostname or "", parts.port or _PORTS[scheme]


def _ask(url: str, patience: float) -> Diagnosis | None:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    try:
        with closing(kind(parts.hostname or "", parts.port, timeout=patience)) as line:
            line.request("GET", "/livez", headers={"User-Agent": "mailroll-doctor"})
            answered = line.getresponse()
            alive = answered.status == _OK and answered.read(100).strip() == _ALIVE
    except (OSError, HTTPException) as problem:
        return unasked(
            f"{url} could not be asked from this machine ({type(problem).__name__}).",
            "Start the Console, or look from a browser: Settings, then Installation.",
        )
    if alive:
        return None
    return fails(
        f"At {url} something else answers ({answered.status}), not the Console.",
        "Have the web server in front lead to the Console, or mend MAILROLL_URL.",
    )


def _trusting(circumstances: Circumstances) -> Diagnosis | None:
    """The Console speaks no TLS itself, so with https there is a web server in front."""
    own = circumstances.settings
    if own.trusted_proxies or not own.console_url.startswith("https:"):
        return None
    return warns(
        f"{own.url} answers, but MAILROLL_TRUSTED_PROXIES is not set: everybody has the web server's address in the"
        " audit log, and wrong passwords of one slow all others down.",
        "Set MAILROLL_TRUSTED_PROXIES to the address that the web server in front connects from.",
    )
