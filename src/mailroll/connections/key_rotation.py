"""Seals every stored secret anew with the newest key, so that an older one can be taken away."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db import transaction

from mailroll.accounts import factor_secrets
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.connections import credentials
from mailroll.connections.consent import tokens
from mailroll.connections.models import CertificateDraft, ChangeSubscription, Connection, ConsentAttempt, ConsentLink


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many secrets were sealed anew, by what they are for."""

    connections: int
    consent: int
    second_factors: int


def reseal(acting: Acting) -> Resealed:
    """Seal everything with the first key of this process; all or nothing. Raises where one cannot be opened."""
    with transaction.atomic():
        connections = list(Connection.objects.select_for_update().exclude(sealed_credential=""))
        for row in connections:
            credentials.rotate(row)
        # Each is made anew with what the newest key proves, before an older one is taken away.
        ChangeSubscription.objects.update(attend_at=acting.now())
        done = Resealed(len(connections), _consent(), _second_factors())
        note(
            acting,
            "keys.rotated",
            Subject("keys"),
            connections=done.connections,
            consent=done.consent,
            second_factors=done.second_factors,
        )
    return done


def _consent() -> int:
    attempts = ConsentAttempt.objects.select_for_update(of=("self",)).exclude(sealed="")
    links = ConsentLink.objects.select_for_update(of=("self",))
    drafts = CertificateDraft.objects.select_for_update(of=("self",))
    for attempt in attempts:
        attempt.sealed = tokens.reseal(attempt.id, attempt.sealed)
        attempt.save(update_fields=["sealed"])
    for link in links:
        link.sealed_token = tokens.reseal(link.id, link.sealed_token)
        link.save(update_fields=["sealed_token"])
    for draft in drafts:
        draft.sealed_key = tokens.reseal(draft.source_id, draft.sealed_key)
        draft.save(update_fields=["sealed_key"])
    return len(attempts) + len(links) + len(drafts)


def _second_factors() -> int:
    """A passkey keeps no secret here."""
    rows = list(Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN))
    for row in rows:
        row.data = factor_secrets.resealed(row)
        row.save(update_fields=["data"])
    return len(rows)
