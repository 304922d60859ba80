"""Letters about a consent link: the one with the link, and those that tell its sender what became of it."""

from django.db import transaction

from mailroll.accounts import letters, mail
from mailroll.accounts.letters import Letter, Quoted
from mailroll.accounts.models import Operator
from mailroll.connections.models import ConsentAttempt, ConsentLink
from mailroll.connectors.words import parted
from mailroll.directory.models import Organization

_TOLD = 600
"""Letters of what Microsoft said that are passed on; with names of accounts and tenants in it, it is quoted."""


def asking(link: ConsentLink, to: str, *, by: Operator, of: Organization, address: str) -> Letter:
    """Write to a customer's administrator, in the name of whoever sends the link and of their organization."""
    return Letter(
        to=to,
        subject="consent is asked for",
        opening="You are asked for your consent to read the mailbox list of a domain in Microsoft 365.",
        quoted=(
            Quoted("Domain", link.domain.name, 255),
            Quoted("Asked by", of.name),
            Quoted("Sent by", letters.person(by.name, by.email), 200),
        ),
        before_link="What it reads, what it cannot do, and the way to Microsoft:",
        link=address,
        closing=(
            f"The link works once, until {link.expires_at:%d %B %Y}, and connects this domain only.",
            "What is accepted at Microsoft is for the whole tenant.",
            "Not sure it is genuine? Call the sender on a number that you know already, not on one from a letter.",
        ),
    )


def refused(attempt: ConsentAttempt) -> None:
    if attempt.link is not None and attempt.refusal is not None:
        reason = f"{parted(attempt.refusal['message'])[0]} {attempt.refusal['help']}"
        opening = "A consent that you asked for was not accepted yet. The link still works."
        _send(outcome(attempt.link, "not accepted yet", opening, Quoted("What happened", reason, _TOLD)))


def declined(link: ConsentLink) -> None:
    _send(outcome(link, "declined", "The person with a link of yours does not want this. The link has ended."))


def accepted(link: ConsentLink, account: str) -> None:
    opening = "A consent that you asked for was given. Look at a preview next."
    _send(outcome(link, "connected", opening, Quoted("Accepted by", account)))


def outcome(link: ConsentLink, subject: str, opening: str, *more: Quoted) -> Letter:
    """Write to whoever sent a link, or made it, what became of it."""
    sender = link.sent_by or link.created_by
    return Letter(sender.email, subject, opening, (Quoted("Domain", link.domain.name, 255), *more))


def _send(letter: Letter) -> None:
    """Once the database holds it. A mail server that is away stops nobody: the page of the source tells the same."""
    transaction.on_commit(lambda: mail.notify(letter), robust=True)
