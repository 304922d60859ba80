"""The switch that stops all removals: of a domain, of an organization and those below it, or of the installation."""

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.directory.models import Domain, Organization, Pause
from mailroll.reconcile.errors import BadInput
from mailroll.reconcile.text import is_showable, tidy

Paused = Domain | Organization | None
"""What a pause is of; None: of the whole installation."""

REASON_MAX = 500
"""Characters of a reason."""


def pause_removals(of: Paused, reason: str, acting: Acting) -> bool:
    """Have no sync and no import remove anybody, nor end an address; adding goes on. Edits by hand are not stopped.

    Returns whether that is new: a pause that is there keeps its beginning and its reason. Raises `BadInput` without
    a reason.
    """
    reason = tidy(reason)
    if not reason or not is_showable(reason) or len(reason) > REASON_MAX:
        raise BadInput(
            "reason_missing", "A pause needs a reason, in one line.", f"Say why, in at most {REASON_MAX} characters."
        )
    with transaction.atomic():
        said = {"since": acting.now(), "actor": acting.actor, "reason": reason}
        _, new = Pause.objects.get_or_create(**_of(of), defaults=said)
        if new:
            note(acting, "removals.paused", of or Subject("every organization"), reason=reason, **_which(of))
    return new


def resume_removals(of: Paused, acting: Acting) -> bool:
    """End a pause; what a wider one stops stays stopped. Returns whether there was one."""
    with transaction.atomic():
        pauses_count, _ = Pause.objects.filter(**_of(of)).delete()
        if pauses_count:
            note(acting, "removals.resumed", of or Subject("every organization"), **_which(of))
    return bool(pauses_count)


def _which(of: Paused) -> dict[str, str]:
    """An organization may be called like a domain of its own: an entry says where it is about the domain alone."""
    return {"domain": of.name} if isinstance(of, Domain) else {}


def _of(of: Paused) -> dict[str, Domain | Organization | None]:
    return {
        "domain": of if isinstance(of, Domain) else None,
        "organization": of if isinstance(of, Organization) else None,
    }
