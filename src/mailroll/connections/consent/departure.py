"""The way to Microsoft: from the click, by way of the registered address of the Console, to the sign-in page."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from mailroll import promises
from mailroll.accounts import installation
from mailroll.accounts.models import Operator
from mailroll.audit.actor import Acting
from mailroll.connections import registration, rules
from mailroll.connections.consent import tokens
from mailroll.connections.consent.refusal import note_step, spent
from mailroll.connections.models import AttemptStep, ConsentAttempt, ConsentLink, Source
from mailroll.reconcile.errors import Refused
from mailroll.sealing import SealingError

PAGE_LIFE: Final = timedelta(hours=1)
"""How long the link on a page that lies open can be clicked."""
LINK_TRIES: Final = 20
"""How often a link may be taken to Microsoft within a day: each try is a row, and whoever has a link has no account."""
STATE_LIFE: Final = promises.CONSENT_ATTEMPT
HAND_OVER_LIFE: Final = timedelta(minutes=2)
ARRIVAL: Final = timedelta(seconds=10)
"""How long a browser may take from one address of the Console to the other."""

_CONTEXT: Final = "consent:start"


@dataclass(frozen=True, slots=True)
class Going:
    """Where the browser goes next, and the value by which it is known again; empty where it keeps the one it has."""

    url: str
    browser: str = field(default="", repr=False)


def start_token(source: Source, operator: Operator, session: str, acting: Acting) -> str:
    """Return what a link on the page of a source carries: good for this session, operator and source, and once."""
    claims = {
        "start": str(uuid4()),
        "source": str(source.owner_id),
        "operator": str(operator.id),
        "session": tokens.hash_of(session).hex(),
        "until": (acting.now() + PAGE_LIFE).timestamp(),
    }
    return installation.sealer().seal(json.dumps(claims), _CONTEXT)


def begin(token: str, operator: Operator, session: str, origin: str, acting: Acting) -> Going:
    """Take an operator's click. From another address of the Console, go to the registered one first.

    Going back and clicking again begins anew, for as long as the first click led nowhere.
    """
    start, source_id = _opened(token, operator, session, acting)
    app_registration = registration.own()
    home = installation.settings().url
    with transaction.atomic():
        source = Source.objects.select_related("domain__organization").filter(owner=source_id).first()
        if source is None:
            raise spent()
        rules.refuse_without_role(operator, source.domain.organization)
        attempt, _ = ConsentAttempt.objects.select_for_update().get_or_create(
            start=start,
            defaults={
                "domain": source.domain,
                "source": source,
                "operator": operator,
                "origin": origin,
                "cloud": app_registration.cloud,
                "client_id": app_registration.client,
                "step": AttemptStep.HANDED_OVER,
                "started_at": acting.now(),
                "expires_at": acting.now() + HAND_OVER_LIFE,
            },
        )
        if attempt.step not in {AttemptStep.HANDED_OVER, AttemptStep.SIGNING_IN}:
            raise spent()
        note_step(attempt, "connect.started", origin=origin)
        if origin == home:
            return _to_microsoft(attempt, acting)
        fresh_token = tokens.fresh()
        attempt.step, attempt.hand_over_hash = AttemptStep.HANDED_OVER, tokens.hash_of(fresh_token)
        attempt.expires_at = acting.now() + HAND_OVER_LIFE
        attempt.save(update_fields=["step", "hand_over_hash", "expires_at"])
    return Going(f"{home}/connect/hand-over/{fresh_token}/")


def hand_over(token: str, acting: Acting) -> Going:
    """Take up, at the registered address, what began at another one. Works once."""
    with transaction.atomic():
        row = ConsentAttempt.objects.select_for_update().filter(hand_over_hash=tokens.hash_of(token)).first()
        if row is None or row.step != AttemptStep.HANDED_OVER or row.expires_at <= acting.now():
            raise spent()
        row.hand_over_hash = None
        return _to_microsoft(row, acting)


def lost(source: Source, operator: Operator, acting: Acting) -> ConsentAttempt | None:
    """Return an attempt that set off for the registered address and did not arrive there."""
    latest = _latest(source, operator)
    if latest is None or latest.step != AttemptStep.HANDED_OVER:
        return None
    age = acting.now() - latest.started_at
    return latest if ARRIVAL < age < PAGE_LIFE else None


def waiting(source: Source, operator: Operator) -> ConsentAttempt | None:
    """Return an attempt that was accepted at Microsoft and waits until that counts there."""
    latest = _latest(source, operator)
    return latest if latest is not None and latest.step == AttemptStep.WAITING else None


def awaited(sources: Iterable[Source]) -> frozenset[UUID]:
    """Return those of the sources that are not connected, and whose last consent, anybody's, waits to count there."""
    unconnected = [source.pk for source in sources if source.connection is None]
    if not unconnected:
        return frozenset()
    attempts = ConsentAttempt.objects.filter(source__in=unconnected).order_by("source", "-started_at")
    steps = attempts.distinct("source").values_list("source", "step")
    return frozenset(source for source, step in steps if step == AttemptStep.WAITING)


def _latest(source: Source, operator: Operator) -> ConsentAttempt | None:
    return ConsentAttempt.objects.filter(source=source, operator=operator).order_by("-started_at").first()


def begin_by_link(link: ConsentLink, acting: Acting) -> Going:
    """Take the click of somebody who was sent a link; whether it is still good was asked before."""
    app_registration = registration.own()
    with transaction.atomic():
        # Tries at once wait for each other here, so that they are counted.
        ConsentLink.objects.select_for_update().filter(id=link.id).first()
        lately = ConsentAttempt.objects.filter(link=link, started_at__gt=acting.now() - promises.CONSENT_TRIES)
        if lately.count() >= LINK_TRIES:
            raise Refused(
                "link_tried_often",
                f"This link was tried {LINK_TRIES} times within {promises.in_words(promises.CONSENT_TRIES)}.",
                "Try again later, or ask whoever sent it for a new one.",
            )
        attempt = ConsentAttempt.objects.create(
            domain=link.domain,
            source=link.source,
            link=link,
            start=uuid4(),
            origin=installation.settings().url or "",
            cloud=app_registration.cloud,
            client_id=app_registration.client,
            step=AttemptStep.HANDED_OVER,
            started_at=acting.now(),
            expires_at=acting.now(),
        )
        note_step(attempt, "connect.started", link=str(link.id))
        return _to_microsoft(attempt, acting)


def _to_microsoft(attempt: ConsentAttempt, acting: Acting) -> Going:
    """Make the values of this sign-in; those of an earlier click on the same link end here."""
    state, browser = tokens.fresh(), tokens.fresh()
    nonce, verifier = tokens.fresh(), tokens.fresh()
    attempt.step, attempt.signin_hash = AttemptStep.SIGNING_IN, tokens.hash_of(state)
    attempt.browser_hash = tokens.hash_of(browser)
    attempt.sealed = tokens.seal(attempt.id, {"nonce": nonce, "verifier": verifier})
    attempt.expires_at = acting.now() + STATE_LIFE
    attempt.save()
    signing_in = registration.own_of(attempt).sign_in
    return Going(signing_in.authorize_url(state=state, nonce=nonce, verifier=verifier), browser)


def _opened(token: str, operator: Operator, session: str, acting: Acting) -> tuple[UUID, UUID]:
    try:
        claims = json.loads(installation.sealer().open(token, _CONTEXT))
    except SealingError as fault:
        raise spent() from fault
    mine = (str(operator.id), tokens.hash_of(session).hex())
    if (claims["operator"], claims["session"]) != mine:
        raise spent()
    if datetime.fromtimestamp(claims["until"], UTC) <= acting.now():
        raise spent()
    return UUID(claims["start"]), UUID(claims["source"])
