"""Seals every stored secret anew with the newest key, so that an older one can be taken away."""

from dataclasses import asdict, dataclass

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
        connections = list(Connection.objects.select_for_update(no_key=True).exclude(sealed_credential=""))
        for row in connections:
            credentials.rotate(row)
        # Each is made anew with what the newest key proves, before an older one is taken away.
        ChangeSubscription.objects.update(attend_at=acting.now())
        outcome = Resealed(len(connections), _consent(), _second_factors())
        note(acting, "keys.rotated", Subject("keys"), **asdict(outcome))
    return outcome


def _consent() -> int:
    count = 0
    for kind, field in ((ConsentAttempt, "sealed"), (ConsentLink, "sealed_token"), (CertificateDraft, "sealed_key")):
        for row in kind.objects.select_for_update(of=("self",), no_key=True).exclude(**{field: ""}):
            setattr(row, field, tokens.reseal(row.pk, getattr(row, field)))
            row.save(update_fields=[field])
            count += 1
    return count


def _second_factors() -> int:
    """A passkey keeps no secret here."""
    rows = list(Authenticator.objects.select_for_update(no_key=True).exclude(type=Authenticator.Type.WEBAUTHN))
    for row in rows:
        row.data = factor_secrets.resealed(row)
        row.save(update_fields=["data"])
    return len(rows)
