"""How many letters may leave within a day: from one sender, to one receiver, and at the word of whoever is nobody here.

A letter is counted before it is sent, in one statement for each count, so of any number at once no more leave than one
after the other. A day begins with the first letter. What is refused is counted nowhere, so rows are as few as letters.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from mailroll import promises
from mailroll.accounts import installation, throttle
from mailroll.accounts.models import LetterCount, Operator
from mailroll.reconcile.errors import Refused

DAY: Final = promises.LETTERS
_WITHIN: Final = promises.in_words(DAY)

_COUNT: Final = """
    INSERT INTO accounts_lettercount AS kept (key, letters, began_at) VALUES (%(key)s, 1, clock_timestamp())
    ON CONFLICT (key) DO UPDATE SET
        letters = CASE WHEN kept.began_at > clock_timestamp() - make_interval(secs => %(within)s)
                  THEN kept.letters + 1 ELSE 1 END,
        began_at = CASE WHEN kept.began_at > clock_timestamp() - make_interval(secs => %(within)s)
                   THEN kept.began_at ELSE clock_timestamp() END
    WHERE kept.letters < %(most)s OR kept.began_at <= clock_timestamp() - make_interval(secs => %(within)s)
"""

_LESS: Final = "UPDATE accounts_lettercount SET letters = letters - 1 WHERE key = %s AND letters > 0"


@dataclass(frozen=True, slots=True)
class Quota:
    """What is counted together, and how many letters it may be within a day. In the row its name is hashed."""

    name: str
    most: int

    @property
    def key(self) -> str:
        return hashlib.sha256(self.name.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Spent:
    """Which count is full, and from when on the next letter may leave."""

    quota: Quota
    until: datetime


def charge(sender: Operator, receiver: str) -> None:
    """Count a letter that an operator sends. Raises `Refused`, which says when the next one may leave."""
    by, to = _of_sender(sender, receiver)
    spent = take((by, to))
    if spent is None:
        return
    # The minute after: at the one that is named it is possible.
    again = f"{spent.until + timedelta(minutes=1):%Y-%m-%d %H:%M} UTC"
    if spent.quota is by:
        raise Refused(
            "letters_of_sender",
            f"You sent {by.most} letters within {_WITHIN}, and more are not allowed.",
            f"Send the next one from {again} on. Whoever runs this Console can allow more: MAILROLL_LETTERS_BY_SENDER.",
        )
    raise Refused(
        "letters_to_receiver",
        f"{receiver} was sent {to.most} letters from here within {_WITHIN}, and more are not allowed.",
        f"Send the next one from {again} on; until then, ask them to look among their unwanted mail.",
    )


def give_back(sender: Operator, receiver: str) -> None:
    """Count a letter less, which could not be sent: in the order in which they are counted, so that nobody waits."""
    with transaction.atomic(), connection.cursor() as cursor:
        for quota in _of_sender(sender, receiver):
            cursor.execute(_LESS, [quota.key])


def admit_reset(receiver: str, client: str, device: str) -> bool:
    """Count a letter that somebody asks for who is not signed in. Whether it is refused is told to nobody.

    `device`: the name of a browser that the person is known by, or empty; others cannot use up what it has.
    """
    own = installation.settings().letters
    if device:
        return take((Quota(f"reset device {device} {_mailbox(receiver)}", own.to_receiver),)) is None
    quotas = (
        Quota("resets", own.resets),
        Quota(f"reset network {throttle.network(client)}", own.resets_by_network),
        Quota(f"reset receiver {_mailbox(receiver)}", own.to_receiver),
    )
    return take(quotas) is None


def admit_notice(receiver: str) -> bool:
    """Count a letter that tells somebody what happened to their account or to a link of theirs.

    It has a count of its own, far higher: nobody shall be able to use it up beforehand, and so have a change not told.
    """
    return take((Quota(f"notice {_mailbox(receiver)}", installation.settings().letters.notices),)) is None


def admit_alert(customer: UUID, receiver: str) -> Spent | None:
    """Count a letter to a channel of alerts, whose address somebody else may have to suffer; say where it is full.

    For each customer apart: what one of them sends to the mailbox of another takes none of that one's own letters away.
    """
    return take((_of_alerts(customer, receiver),))


def give_alert_back(customer: UUID, receiver: str) -> None:
    """Count one less, which the mail server did not take."""
    with connection.cursor() as cursor:
        cursor.execute(_LESS, [_of_alerts(customer, receiver).key])


def take(quotas: Sequence[Quota]) -> Spent | None:
    """Count one letter in each, or in none of them. Always in the same order, so that no two wait for each other."""
    with transaction.atomic(), connection.cursor() as cursor:
        for quota in quotas:
            cursor.execute(_COUNT, {"key": quota.key, "most": quota.most, "within": DAY.total_seconds()})
            if not cursor.rowcount:
                until = LetterCount.objects.get(key=quota.key).began_at + DAY
                transaction.set_rollback(True)
                return Spent(quota, until)
    return None


def clear(now: datetime) -> int:
    """Drop the days that are over; returns how many rows."""
    count, _ = LetterCount.objects.filter(began_at__lte=now - DAY).delete()
    return count


def _of_sender(sender: Operator, receiver: str) -> tuple[Quota, Quota]:
    own = installation.settings().letters
    return Quota(f"sender {sender.id}", own.by_sender), Quota(f"receiver {_mailbox(receiver)}", own.to_receiver)


def _of_alerts(customer: UUID, receiver: str) -> Quota:
    return Quota(f"alerts {customer} {_mailbox(receiver)}", installation.settings().letters.notices)


def _mailbox(address: str) -> str:
    """Where letters to an address arrive: many servers put `bob+anything` into the mailbox of `bob`."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"
