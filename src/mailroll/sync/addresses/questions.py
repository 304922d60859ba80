"""Asking a directory about one address: a row that a worker answers, bounded for each domain, and let go of soon."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from mailroll import promises
from mailroll.audit.actor import Acting
from mailroll.audit.notes import note
from mailroll.connections.models import Source
from mailroll.directory.edit.domains import lock
from mailroll.directory.models import Domain
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.errors import Refused
from mailroll.sync import tasks
from mailroll.sync.models import AddressQuestion

KEPT: Final = promises.DIRECTORY_ANSWER
FRESH: Final = timedelta(minutes=1)
"""So long an answer, or a question that waits, is the answer to the next one."""
LOST: Final = timedelta(minutes=2)
"""After so long whoever was to answer is taken to have died."""
MOST: Final = 20
"""Questions of one domain in `WITHIN`: a person asks once or twice, and Graph is for the runs."""
WITHIN: Final = promises.QUESTIONS


def ask_for(address: Address, domain: Domain, acting: Acting, *, at_once: bool = False) -> UUID:
    """Ask what the directories of a domain have of an address, and return the question's id.

    `at_once`: whoever asks answers it as well; else a worker does. Raises `Refused` where too much was asked lately, or
    where there is nothing to ask.
    """
    now = acting.now()
    with transaction.atomic():
        # Of two clicks at once the second waits here, and finds what the first one asked.
        lock(domain)
        earlier_question = newest(address, domain, now)
        if earlier_question is not None and not at_once and earlier_question.asked_at > now - FRESH:
            return earlier_question.id
        if not Source.objects.filter(domain=domain, enabled=True, connection__isnull=False).exists():
            raise Refused(
                "nothing_to_ask",
                f"{domain.name} has no source that is connected and switched on.",
                "Connect one, or switch one on.",
            )
        lately = AddressQuestion.objects.filter(domain=domain, asked_at__gt=now - WITHIN, asked_at__lte=now)
        if lately.count() >= MOST:
            raise Refused(
                "asked_too_often",
                f"{MOST} addresses of {domain.name} were asked for in the last {promises.in_words(WITHIN)}.",
                "Wait a few minutes, or make a preview: it reads all of them.",
            )
        question = AddressQuestion.objects.create(
            id=uuid4(), domain=domain, address=address, actor=acting.actor, asked_at=now
        )
        if not at_once:
            tasks.enqueue_address(question.id)
        note(acting, "address.asked", domain, address=address)
    return question.id


def newest(address: Address, domain: Domain, now: datetime) -> AddressQuestion | None:
    """Find the last question about an address that is still kept; one that nobody answered in time is none."""
    kept_questions = AddressQuestion.objects.filter(
        domain=domain, address=address, asked_at__gt=now - KEPT, asked_at__lte=now
    )
    questions = kept_questions.filter(Q(answered_at__isnull=False) | Q(asked_at__gt=now - LOST))
    return questions.order_by("-asked_at").first()


def drop_old(now: datetime) -> int:
    """Delete what is older than an hour; return how many."""
    return AddressQuestion.objects.filter(Q(asked_at__lte=now - KEPT) | Q(asked_at__gt=now)).delete()[0]
