"""Who is signed in confirms that it is them: before a step that cannot be taken back, or that widens who may see.

A confirmation by password, by a code of the app or by a passkey holds for five minutes, in that browser alone. To have
signed in is none: whoever finds an open screen has that too.
"""

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.db import transaction
from django.http import HttpRequest
from django.utils.http import urlencode

from mailroll.accounts import identities, installation, refusals, second_factor, throttle
from mailroll.accounts.models import Operator
from mailroll.accounts.operators import acting_as
from mailroll.audit.notes import Subject, note
from mailroll.settings import Switch

_FREE = 5
"""Wrong passwords in a row that are judged at once; then each waits longer than the one before."""


@dataclass(frozen=True, slots=True)
class Ways:
    """What somebody can confirm a release with, so that its page offers nothing else."""

    password: bool
    passkey: bool
    issuer: str
    """What people call the issuer; empty where they have connected no account of it."""


def ways(operator: Operator) -> Ways:
    own = installation.settings()
    connected = own.issuer is not None and identities.identity_of(operator) is not None
    return Ways(
        password=own.password_sign_in is Switch.ON and operator.has_usable_password(),
        passkey=second_factor.has_passkey(operator),
        issuer=own.issuer.name if own.issuer is not None and connected else "",
    )


def is_recent(request: HttpRequest) -> bool:
    """Whether this browser was used to confirm within the last five minutes, here or at the issuer."""
    return not is_reauthentication_required(request, app="")


def by_passkey(request: HttpRequest) -> bool:
    """Whether the last confirmation is recent, and by a passkey or at the issuer: no password is asked then."""
    if not is_recent(request):
        return False
    if not get_adapter(request).is_reauthentication_required(app=""):
        return True
    confirmed = [
        record for record in get_authentication_records(request, request.user) if record.get("reauthenticated")
    ]
    return confirmed[-1].get("type") == "webauthn"


def page(request: HttpRequest, *, back: str) -> str:
    """Return the address where it is confirmed, which leads back; empty where somebody has no way to confirm."""
    ways = get_adapter(request).get_reauthentication_methods(request.user)
    return f"{ways[0]['url']}?{urlencode({'next': back})}" if ways else ""


def fault(operator: Operator, password: str) -> str:
    """Say what is wrong with a password typed by somebody who is signed in; nothing where it is theirs.

    A try is counted before it is judged, under a lock: of any number at once no more are judged than one by one.
    """
    if not ways(operator).password:
        return "Confirm that it is you first; your account has no password that is taken here."
    if not password:
        return "Type your password once more."
    allowance = (throttle.Allowance(f"step-up {operator.id}", _FREE),)
    if wait := throttle.take(allowance):
        refusals.note_too_soon(operator, "password")
        return throttle.patience(wait)
    if operator.check_password(password):
        throttle.forgive(allowance)
        note_answer(operator, "password", right=True)
        return ""
    note_answer(operator, "password", right=False)
    return "This password is not right."


def note_answer(operator: Operator, by: str, *, right: bool) -> None:
    """Note what somebody answered who was asked whether it is them; each try is waited for, so they are few."""
    with transaction.atomic():
        action = refusals.CONFIRMED if right else refusals.NOT_CONFIRMED
        note(acting_as(operator), action, Subject(operator.email), by=by)
