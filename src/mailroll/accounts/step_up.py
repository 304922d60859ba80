"""The password once more, before a step that cannot be taken back."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from mailroll.accounts.models import Operator
from mailroll.accounts.operators import acting_as
from mailroll.audit.models import AuditEntry
from mailroll.audit.notes import Subject, note

_FAILED = "operator.not_confirmed"
_ATTEMPTS = 5
_WINDOW = timedelta(minutes=5)


def fault(operator: Operator, password: str) -> str:
    """Say what is wrong with a password typed by somebody who is signed in; nothing where it is theirs.

    Whoever found an open screen cannot try many: wrong ones are counted by the entries they leave in the trail.
    """
    if not password:
        return "Type your password once more."
    acting = acting_as(operator)
    tried = AuditEntry.objects.filter(actor=acting.actor, action=_FAILED, at__gt=Now() - _WINDOW).count()
    if tried >= _ATTEMPTS:
        return "Too many attempts. Wait five minutes, then try again."
    if operator.check_password(password):
        return ""
    with transaction.atomic():
        note(acting, _FAILED, Subject(operator.email))
    return "This password is not right."
