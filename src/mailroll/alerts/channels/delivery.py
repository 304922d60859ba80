"""Brings messages to where they go: tried again with growing breaks, and given up after a day and a half."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from mailroll import promises
from mailroll.accounts import access, installation, letter_limits, mail
from mailroll.accounts.models import Role
from mailroll.alerts import messages
from mailroll.alerts.channels import letters, services, storage, webhook
from mailroll.alerts.channels.errors import NotSent
from mailroll.alerts.messages import Told
from mailroll.alerts.models import AlertChannel, AlertDelivery, ChannelKind
from mailroll.alerts.sentences import utc
from mailroll.directory import tree
from mailroll.sealing import SealingError

BREAKS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 480, 1440))
"""How long is waited after each try that failed; after the last of them a message is given up."""
_TURN: Final = 30.0
"""Seconds that one job goes on with a channel; what is left waits for the next one."""
_WITHIN: Final = promises.in_words(promises.LETTERS)
_LINES: Final = 20
_NOTHING: Final = "There was nothing left to tell."


def deliver(name: str, now: datetime) -> None:
    """Send what is due to one target, one message after the other; stop at the first that fails."""
    began = time.monotonic()
    due = _messages(name).filter(next_at__lte=now).order_by("next_at", "created_at", "id")
    while time.monotonic() - began < _TURN:
        message = due.select_related("channel", "operator").first()
        if message is None or not _try(message, now):
            return


def try_out(channel: AlertChannel, now: datetime) -> str:
    """Send a message that says it is a test; return what became of it. Raises `NotSent`."""
    try:
        answer = _send(channel, uuid4(), (), now)
    except NotSent as problem:
        _note(channel, now, str(problem), failed=True)
        raise
    _note(channel, now, answer, failed=False)
    return answer


def _messages(name: str) -> "QuerySet[AlertDelivery]":
    sort, _, key = name.partition(":")
    return AlertDelivery.objects.filter(**{f"{sort}_id": UUID(key)})


def _try(message: AlertDelivery, now: datetime) -> bool:
    channel = message.channel
    try:
        parts = _parts_to_tell(message)
        answer = _bring(message, parts, now) if parts else _NOTHING
    except NotSent as problem:
        _put_off(message, str(problem), now)
        return False
    except Exception as fault:  # noqa: BLE001 - whatever it is, what waits behind it shall not wait for ever
        _put_off(message, f"Mailroll failed to send it ({type(fault).__name__}).", now)
        return False
    with transaction.atomic():
        message.sent_at, message.next_at, message.answer = now, None, answer
        message.tries += 1
        message.save(update_fields=["sent_at", "next_at", "answer", "tries"])
        if channel is not None and parts:
            _note(channel, now, answer, failed=False)
    return True


def _parts_to_tell(message: AlertDelivery) -> Sequence[Told]:
    """What there is to tell by now: to a person, of the organizations that they administer when it leaves."""
    by_mail = message.channel is None or message.channel.kind == ChannelKind.MAIL
    parts = messages.told_by(message, letters.say if by_mail else utc)
    if message.operator is None:
        return parts
    places = {part.alert.organization_id for part in parts}
    reach = access.reach(message.operator, Role.ADMINISTRATOR).filter(id__in=places)
    administered = set(reach.values_list("id", flat=True))
    return [part for part in parts if part.alert.organization_id in administered]


def _bring(message: AlertDelivery, parts: Sequence[Told], now: datetime) -> str:
    if message.channel is not None:
        return _send(message.channel, message.id, parts, now)
    return _mail(message.operator.email if message.operator else "", parts)


def _put_off(message: AlertDelivery, problem: str, now: datetime) -> None:
    """Try later; whatever else waits for the same channel waits with it, as it would fail as well."""
    with transaction.atomic():
        gives_up = message.tries >= len(BREAKS)
        again = None if gives_up else now + BREAKS[message.tries]
        message.tries += 1
        message.next_at, message.answer = again, problem
        message.save(update_fields=["next_at", "answer", "tries"])
        if again is not None:
            others = _messages(message.target).filter(next_at__lt=again)
            others.update(next_at=again)
        if message.channel is not None:
            _note(message.channel, now, problem, failed=True)


def _note(channel: AlertChannel, now: datetime, answer: str, *, failed: bool) -> None:
    failures = channel.failures + 1 if failed else 0
    AlertChannel.objects.filter(id=channel.id).update(failures=failures, last_at=now, last_answer=answer)
    channel.failures = failures


def _send(channel: AlertChannel, key: UUID, parts: Sequence[Told], now: datetime) -> str:
    try:
        secrets = storage.opened(channel)
    except SealingError as problem:
        raise NotSent(
            "channel_unopened",
            "Its address cannot be opened with the keys of this installation.",
            "Edit it, and give it again.",
        ) from problem
    match ChannelKind(channel.kind):
        case ChannelKind.MAIL:
            return _counted(channel, secrets["address"], parts) if parts else _mail(secrets["address"], parts)
        case ChannelKind.WEBHOOK:
            events = [part.document for part in parts] or [{"event": "test", "channel": channel.name}]
            return webhook.send(secrets["address"], secrets["secret"], key, events, now).words
        case ChannelKind.SERVICE:
            return services.send(secrets["address"], *_plain(parts))


def _counted(channel: AlertChannel, to: str, parts: Sequence[Told]) -> str:
    """Send a letter to a channel, whose reader may never have asked for it. A test is counted for whoever sends it.

    Counted by the one form of an address that can be written in several ways, and for each customer apart. Nothing is
    for who stands on top: they run the installation, and one noisy customer would silence what is told of the others.
    """
    customer, mailbox = tree.branch(channel.organization), channel.shown
    if customer is None:
        return _mail(to, parts)
    if spent := letter_limits.admit_alert(customer.id, mailbox):
        raise NotSent(
            "letters_of_alerts",
            f"{mailbox} was sent {spent.quota.most} letters with alerts within {_WITHIN}.",
            f"The next ones leave after {spent.until:%Y-%m-%d %H:%M} UTC.",
        )
    try:
        return _mail(to, parts)
    except NotSent:
        letter_limits.give_alert_back(customer.id, mailbox)
        raise


def _mail(to: str, parts: Sequence[Told]) -> str:
    if not mail.is_set_up():
        raise NotSent(
            "mail_not_set_up", "This installation sends no mail.", "Whoever runs it can set MAILROLL_SMTP_URL."
        )
    if not mail.send(letters.letter(to, parts) if parts else letters.test(to)):
        raise NotSent(
            "mail_refused",
            "The mail server did not take the letter.",
            "Look whether the address is right; the log of the mail server says more.",
        )
    return "Sent. Look into the mailbox."


def _plain(parts: Sequence[Told]) -> tuple[str, str]:
    if not parts:
        return "Mailroll: a test", f"Alerts of {installation.settings().console_url} arrive here."
    more = [f"And {len(parts) - _LINES:,} more."] if len(parts) > _LINES else []
    title = f"Mailroll: {parts[0].words.title}" if len(parts) == 1 else f"Mailroll: {len(parts):,} alerts"
    return title, "\n\n".join([*(part.line for part in parts[:_LINES]), *more])
