"""The letter that tells of alerts: our sentences, and on lines of their own the names that others chose."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from django.urls import reverse

from mailroll.accounts import installation, letters
from mailroll.accounts.letters import Letter, Quoted
from mailroll.alerts.causes import Severity, Turn
from mailroll.alerts.messages import Told

_MOST: Final = 20
"""Alerts that a letter says something of; the list has them all."""
_TURNS: Final = {
    Turn.OPENED: "New",
    Turn.CHANGED: "Changed",
    Turn.AGAIN: "Still there",
    Turn.ENDED: "Over",
    Turn.OPEN: "Open",
}


def say(at: datetime) -> str:
    """Write a time without a colon, after which a letter would put a space, as it does in what could become a link."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H\N{RATIO}%M} UTC"


def letter(to: str, parts: Sequence[Told]) -> Letter:
    """Write one about all of these, the most pressing first."""
    first, several = parts[0], len(parts) > 1
    subject = f"{len(parts):,} alerts" if several else f"{_TURNS[first.turn].lower()}: {first.words.title}"
    if all(part.turn is Turn.OPEN for part in parts):
        subject = f"{len(parts):,} open alert{'s' if several else ''}"
    if any(part.urgent and part.turn is not Turn.ENDED for part in parts):
        subject = f"urgent, {subject}"
    own = installation.settings().console_url
    quoted = [line for part in parts[:_MOST] for line in _lines(part)]
    if len(parts) > _MOST:
        quoted.append(Quoted("And", f"{len(parts) - _MOST:,} more, which the list has"))
    return Letter(
        to=to,
        subject=subject,
        opening=f"This is what needs you, or does no longer, at the Mailroll Console of {letters.console_host()}.",
        quoted=tuple(quoted),
        before_link="See it here:",
        link=own + (reverse("console:alerts") if several else reverse("console:alert", args=[first.alert.id])),
        closing=(
            (
                "An alert is told once, again when it changes, and when it is over. "
                "Administrators change what is told, and where, on the page Rules and channels."
            ),
        ),
    )


def test(to: str) -> Letter:
    """Write one that says that letters arrive."""
    return Letter(
        to=to,
        subject="a test",
        opening=f"Alerts of the Mailroll Console of {letters.console_host()} arrive here.",
    )


def _lines(part: Told) -> list[Quoted]:
    severity = Severity(part.alert.severity).words
    label = f"{_TURNS[part.turn]}, {severity.lower()}"
    lines = [Quoted(label, part.words.title, 200)]
    if part.turn is not Turn.ENDED:
        lines.append(Quoted("What it means", part.words.meaning, 300))
    lines += [Quoted("Name", name) for name in part.words.named]
    return [*lines, Quoted("Whose mail", part.whose, 200)]
