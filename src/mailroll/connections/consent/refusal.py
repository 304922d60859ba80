"""Ends an attempt that may not go on: nothing is bound, and what happened is kept for the page and the audit trail."""

from django.db import transaction

from mailroll.accounts.operators import acting_as
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.audit.notes import note
from mailroll.connections.consent import letters
from mailroll.connections.models import AttemptStep, ConsentAttempt, ConsentLink
from mailroll.connections.refusals import reword_own
from mailroll.reconcile.errors import MailrollError, Refused

ENDED = (AttemptStep.DONE.value, AttemptStep.REFUSED.value)


def actor(attempt: ConsentAttempt) -> str:
    """Whoever clicked: an operator, or somebody who had a link."""
    if attempt.operator is not None:
        return acting_as(attempt.operator).actor
    return f"consent-link:{attempt.link_id}"


def refuse(attempt: ConsentAttempt, error: MailrollError, acting: Acting) -> ConsentAttempt:
    """Spend the attempt. A link stays usable: the next try may be with the right account.

    Raises `Refused` where its source or its domain was removed meanwhile, and it with them.
    """
    with transaction.atomic():
        row = ConsentAttempt.objects.select_for_update().filter(id=attempt.id).first()
        if row is None:
            raise spent()
        if row.step in ENDED:
            return row
        row.step, row.refusal, row.finished_at = AttemptStep.REFUSED, reword_own(error).as_json(), acting.now()
        row.sealed = ""
        row.save(update_fields=["step", "refusal", "finished_at", "sealed"])
        if row.link_id is not None:
            ConsentLink.objects.filter(id=row.link_id).update(refused=row.refusal)
        note_step(row, "connect.refused", code=error.code)
        letters.refused(row)
    return row


def keep(attempt: ConsentAttempt, *fields: str) -> None:
    """Store some fields of an attempt that is under way; it may have been removed with its source."""
    values = {name: getattr(attempt, name) for name in fields}
    if not ConsentAttempt.objects.filter(id=attempt.id).update(**values):
        raise spent()


def note_step(attempt: ConsentAttempt, action: str, *, by: str = "", **details: str | int | None) -> None:
    """Write the audit entry of a step, in the transaction of that step; of whoever began it, unless `by` says who."""
    facts = {"tenant": attempt.tenant_id, "account": attempt.account}
    note(
        Acting(by or actor(attempt)),
        action,
        attempt.domain,
        source=str(attempt.source_id),
        attempt=str(attempt.id),
        **{name: value for name, value in facts.items() if value},
        **details,
    )


def note_spent(attempt: ConsentAttempt, cause: str, *, by: str = "") -> None:
    """Write that a state came back that may not be used; once for each cause, however often it comes."""
    details = {"attempt": str(attempt.id), "code": "state_spent", "cause": cause}
    entries = AuditEntry.objects.filter(organization=attempt.domain.organization_id, action="connect.refused")
    if not entries.filter(details__contains=details).exists():
        note_step(attempt, "connect.refused", by=by, code="state_spent", cause=cause)


def spent() -> Refused:
    return Refused(
        "state_spent",
        "This link was used already, is too old, or was opened in another browser.",
        "Start again from the source.",
    )
