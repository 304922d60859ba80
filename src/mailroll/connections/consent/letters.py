"""Tells whoever sent a consent link what became of it, by mail."""

from django.core.mail import EmailMessage
from django.db import transaction

from mailroll.accounts import mail
from mailroll.connections.models import ConsentAttempt, ConsentLink
from mailroll.connectors.words import parted


def refused(attempt: ConsentAttempt) -> None:
    if attempt.link is not None and attempt.refusal is not None:
        told = f"{parted(attempt.refusal['message'])[0]} {attempt.refusal['help']}"
        _tell(attempt.link, f"Not accepted yet: {attempt.domain.name}", f"{told}\n\nThe link still works.")


def declined(link: ConsentLink) -> None:
    _tell(link, f"Declined: {link.domain.name}", "The person with the link does not want this. The link has ended.")


def accepted(link: ConsentLink, account: str) -> None:
    _tell(link, f"Connected: {link.domain.name}", f"{account} accepted. Look at a preview next.")


def _tell(link: ConsentLink, subject: str, text: str) -> None:
    """Once the database holds it. A mail server that is away stops nobody: the page of the source tells the same."""
    message = EmailMessage(f"Mailroll: {subject}", text, to=[link.created_by.email])
    transaction.on_commit(lambda: mail.send(message), robust=True)
