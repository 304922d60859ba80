"""Commands about tokens: what mail gateways and other programs sign in with."""

from datetime import UTC, datetime, time
from typing import Annotated, Any

import typer

from mailroll.accounts import tokens
from mailroll.accounts.models import Token
from mailroll.accounts.tokens import TokenPurpose
from mailroll.cli.output import Output, acting, answers, table
from mailroll.directory import queries
from mailroll.directory.sheets.statics import day, no_day
from mailroll.reconcile.errors import BadInput


@answers
def add(
    name: Annotated[str, typer.Argument(help="What will use it, like mx1.")],
    organization: Annotated[
        list[str], typer.Option(help="Whose lists it may read, with all below; may be given several times.")
    ],
    purpose: Annotated[list[TokenPurpose] | None, typer.Option(help="What it is good for.")] = None,
    expires: Annotated[str, typer.Option(metavar="DATE", help="The first day it no longer works, in UTC.")] = "",
) -> Output:
    """Make a token, and print it this once: it is kept nowhere."""
    places = [queries.organization(key) for key in organization]
    purposes = purpose or [TokenPurpose.GATEWAY]
    token, text = tokens.create(name, places, purposes, acting(), expires_at=_end(expires))
    document = {**_document(token), "token": text}
    return Output(document, f"{text}\nToken “{token.name}” is made. It is shown this once: put it where it is used.")


@answers
def everything() -> Output:
    """List the tokens, those too that no longer work."""
    now = acting().now()
    all_tokens = list(tokens.every())
    rows = [
        (
            token.name,
            ", ".join(_names(token)),
            _standing(token, now),
            _time_text(token.last_used_at) or "never",
            str(token.id),
        )
        for token in all_tokens
    ]
    heads = ("Name", "For", "", "Last used (UTC)", "Id")
    return Output([_document(token) for token in all_tokens], table(heads, rows) if rows else "No token yet.")


@answers
def revoke(key: Annotated[str, typer.Argument(metavar="TOKEN", help="Its id, or its name.")]) -> Output:
    """End a token for good."""
    token = tokens.find(key)
    tokens.revoke(token, acting())
    token.refresh_from_db()
    return Output(_document(token), f"Token “{token.name}” no longer works.")


def _end(expires: str) -> datetime | None:
    try:
        on = day(expires)
    except ValueError:
        raise BadInput("expiry_malformed", no_day(expires), "Give --expires such a day, or leave it out.") from None
    return None if on is None else datetime.combine(on, time(), UTC)


def _names(token: Token) -> list[str]:
    return sorted(organization.name for organization in token.organizations.all())


def _standing(token: Token, now: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at is None:
        return "works"
    return "expired" if token.expires_at <= now else f"works until {_time_text(token.expires_at)}"


def _time_text(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M}"


def _document(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "organizations": _names(token),
        "purposes": token.purposes,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "last_used_at": token.last_used_at,
    }
