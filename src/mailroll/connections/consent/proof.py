"""Waits, a question at a time, until a consent counts at Microsoft; then proves the tenant and attaches it.

Consent needs half a minute to several minutes to reach every part of Microsoft, so a page asks again and again. No
request waits longer than one question takes, and everything is in the row: the page may be closed and opened again.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.connections import attach, check, registration, rules
from mailroll.connections.consent import letters
from mailroll.connections.consent.refusal import actor, note_step, refuse, spent
from mailroll.connections.models import AttemptStep, Connection, ConsentAttempt, ConsentLink
from mailroll.connectors.consent import Proof
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent, Refused, Retry

PARTLY: Final = timedelta(minutes=5)
"""How long some permissions may be there and others not: after that, those are not in the registration."""
_APART: Final = (1, 2, 3, 5, 8, 13)
"""Seconds from one question to the next; the last one repeats."""
_SPREADING: Final = frozenset(
    {"app_not_in_tenant", "consent_missing", "consent_unfinished", "permission_missing", "token_refused"}
)
"""What Microsoft says while a consent is on its way."""


def advance(attempt: ConsentAttempt, acting: Acting) -> ConsentAttempt:
    """Ask once, if it is time: attach the tenant, refuse, or leave it waiting."""
    row = _load(attempt)
    if row.step != AttemptStep.WAITING or not _claimed(row, acting):
        return row
    try:
        return _ask_for_proof(row, acting)
    except MailrollError as error:
        attach.note_claim(row.domain, error, acting)
        return refuse(row, error, acting)


def _load(attempt: ConsentAttempt) -> ConsentAttempt:
    rows = ConsentAttempt.objects.select_related("domain__organization", "source", "operator", "link__created_by")
    row = rows.filter(id=attempt.id).first()
    if row is None:  # its source was removed meanwhile
        raise spent()
    return row


def _claimed(row: ConsentAttempt, acting: Acting) -> bool:
    """Let one of several open pages ask, and none too early."""
    wait = _APART[min(row.tries, len(_APART) - 1)]
    due = ConsentAttempt.objects.filter(
        id=row.id, step=AttemptStep.WAITING, tries=row.tries, next_try_at__lte=acting.now()
    )
    return bool(due.update(tries=row.tries + 1, next_try_at=acting.now() + timedelta(seconds=wait)))


def _ask_for_proof(row: ConsentAttempt, acting: Acting) -> ConsentAttempt:
    organization = row.domain.organization
    if row.operator is not None:
        rules.refuse_without_role(row.operator, organization)
    connection = registration.own_of(row).connection(organization, row.tenant_id)
    try:
        proof = check.ask(connection, row.domain, "" if row.role else row.object_id)
    except (Retry, Broken) as error:
        return _wait(row, error, acting)
    except NeedsConsent as error:
        if error.code in _SPREADING:
            return _wait(row, error, acting)
        raise
    if proof.missing:
        lacking = _missing(proof)
        partly = len(proof.missing) < proof.health.required
        if partly and row.accepted_at is not None and acting.now() - row.accepted_at > PARTLY:
            raise lacking
        return _wait(row, lacking, acting)
    return _bound(row, connection, proof, acting)


def _missing(proof: Proof) -> NeedsConsent:
    """Nothing at all is what Microsoft grants at first; a part of it is what the registration declares."""
    if len(proof.missing) == proof.health.required:
        message = "Microsoft does not grant anything of it yet."
    else:
        message = f"Consent was given, but not for everything. Missing: {', '.join(proof.missing)}."
    return NeedsConsent(
        "permissions_missing",
        message,
        "The registration has to declare these as application permissions; then consent once more.",
    )


def _wait(row: ConsentAttempt, error: MailrollError, acting: Acting) -> ConsentAttempt:
    if row.expires_at <= acting.now():
        raise NeedsConsent(
            "consent_without_effect",
            "Consent was reported, but Microsoft still refuses access.",
            f"What Microsoft says: {error.message} Connect again; if it stays so, send this to your support.",
        ) from error
    ConsentAttempt.objects.filter(id=row.id, step=AttemptStep.WAITING).update(waits=error.as_json())
    row.refresh_from_db(fields=["waits", "tries", "next_try_at"])
    return row


def _bound(row: ConsentAttempt, connection: Connection, proof: Proof, acting: Acting) -> ConsentAttempt:
    role = row.role or _looked_up(row, proof)
    accepted = row.accepted_at or acting.now()
    connection.consent = {"by": row.account, "object": row.object_id, "role": role, "at": accepted.isoformat()}
    with transaction.atomic():
        locked = (
            ConsentAttempt.objects.select_for_update(of=("self",)).filter(id=row.id, step=AttemptStep.WAITING).first()
        )
        if locked is None:
            return _load(row)
        if row.link_id is not None:
            _use_up(row.link_id, acting)
        attach.attach(row.source, connection, attach.Proved(proof, row.operator), Acting(actor(row), acting.now))
        row.step, row.role, row.finished_at, row.waits = AttemptStep.DONE, role, acting.now(), None
        row.save(update_fields=["step", "role", "finished_at", "waits"])
        note_step(row, "connect.done", role=role)
        if row.link is not None:
            letters.accepted(row.link, row.account)
    return row


def _looked_up(row: ConsentAttempt, proof: Proof) -> str:
    """The registration may be made so that a sign-in tells no roles: then the directory is asked, and has the say."""
    if proof.role is None:
        raise Refused(
            "role_unknown",
            f"Whether {row.account or 'this account'} is an administrator could not be told.",
            "Have the app registration emit directory roles (groupMembershipClaims: DirectoryRole), and connect again.",
        )
    if not proof.role:
        raise registration.SIGN_IN.not_administrator(row.account)
    return proof.role


def _use_up(link: UUID, acting: Acting) -> None:
    """A link works once: of two who accepted with it, one is first."""
    good = ConsentLink.objects.filter(id=link, accepted_at__isnull=True, ended_at__isnull=True)
    if not good.update(accepted_at=acting.now(), refused=None):
        raise spent()
