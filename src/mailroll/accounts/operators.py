"""The use cases about operators themselves: added, found, their password, switched off and on, removed."""

from uuid import UUID
from zoneinfo import available_timezones

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from mailroll.accounts import memberships, second_factor, visits
from mailroll.accounts.models import Operator, OperatorManager, Role
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Detail, Subject, note
from mailroll.directory import edit
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.reconcile.text import is_showable, tidy

WEAK = "password_weak"
"""The code of the refusal of a password."""

# Any number that no other program takes: two processes that start at once must not both make the first.
_FIRST = 0x6D61646D


def acting_as(operator: Operator) -> Acting:
    """Name an operator as the actor of a use case: audit entries and runs say it."""
    return Acting(f"operator:{operator.email}")


def find(email: str) -> Operator:
    try:
        return Operator.objects.get_by_natural_key(email)
    except Operator.DoesNotExist as unknown:
        raise BadInput(
            "operator_unknown", f"There is no operator {email}.", "List them with: mailroll operator list"
        ) from unknown


def add(email: str, password: str, acting: Acting, *, name: str = "", bound_to: Organization | None = None) -> Operator:
    """Add an operator, who sees nothing before there is a membership. Raises `BadInput` and `Refused`.

    `bound_to`: nobody has proved the address, and roles are held there and below at most.
    """
    name = named(name)
    judge(password, Operator(email=OperatorManager.normalize_email(email), name=name))
    with transaction.atomic():
        try:
            with transaction.atomic():
                operator = Operator.objects.create_user(
                    email, password, name=name, is_proved=bound_to is None, bound_to=bound_to
                )
        except IntegrityError as clash:
            raise Refused(
                "operator_exists",
                f"There is an operator {OperatorManager.normalize_email(email)} already.",
                "Give that operator a membership instead.",
            ) from clash
        note(acting, "operator.added", Subject(operator.email), name=name, proved=operator.is_proved)
    return operator


def first_administrator(
    email: str, password: str, acting: Acting, *, name: str = "", organization: str = ""
) -> Operator | None:
    """Make the operator that a new installation begins with, administrator of every topmost organization.

    None, and nothing done, where there is an operator already. Without an organization one is made, named for the
    domain of the address unless it is given a name. Raises `BadInput`.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FIRST])
        if Operator.objects.exists():
            return None
        operator = add(email, password, acting, name=name)
        tops = list(Organization.objects.filter(parent=None))
        if not tops:
            tops = [edit.add_organization(organization or operator.email.rpartition("@")[2], acting)]
        for top in tops:
            memberships.grant(operator, top, Role.ADMINISTRATOR, acting)
    return operator


def set_password(operator: Operator, password: str, acting: Acting, *, keep: UUID | None = None) -> None:
    """Change a password; every session of the operator ends for good, but the one in which they did it themselves."""
    judge(password, operator)
    with transaction.atomic():
        operator.set_password(password)
        operator.save(update_fields=["password"])
        visits.end_all(operator, but=keep)
        note(acting, "operator.password_changed", Subject(operator.email))


def prove(operator: Operator, password: str | None, acting: Acting) -> None:
    """Give an account to whom its address belongs: another password, and nothing of who was there before is left.

    Without a password there is no way in until an account of the issuer is connected.
    """
    if password is not None:
        judge(password, operator)
    with transaction.atomic():
        operator.set_password(password)
        operator.is_proved, operator.bound_to = True, None
        operator.save(update_fields=["password", "is_proved", "bound_to"])
        second_factor.drop(operator)
        SocialAccount.objects.filter(user=operator).delete()
        visits.end_all(operator)
        note(acting, "operator.proved", Subject(operator.email))


def settle(operator: Operator, acting: Acting, *, name: str, time_zone: str) -> None:
    """Change what an operator sets for themselves; an empty time zone is that of the browser."""
    if time_zone and time_zone not in available_timezones():
        raise BadInput("time_zone_unknown", f"There is no time zone “{time_zone}”.", "Give one like Europe/Berlin.")
    before = {"name": operator.name, "time_zone": operator.time_zone}
    after = {"name": named(name), "time_zone": time_zone}
    changed = [key for key, value in after.items() if before[key] != value]
    if not changed:
        return
    with transaction.atomic():
        for key in changed:
            setattr(operator, key, after[key])
        operator.save(update_fields=changed)
        details: dict[str, Detail] = {f"{key}_before": before[key] for key in changed}
        details |= {f"{key}_after": after[key] for key in changed}
        note(acting, "operator.profile_changed", Subject(operator.email), **details)


def deactivate(operator: Operator, acting: Acting) -> None:
    """Switch an operator off: no signing in, and every session ends for good."""
    _switch(operator, "operator.deactivated", acting, active=False)


def activate(operator: Operator, acting: Acting) -> None:
    _switch(operator, "operator.activated", acting, active=True)


def remove(operator: Operator, acting: Acting) -> None:
    """Delete an operator with all memberships; what was done stays in the audit trail."""
    with transaction.atomic():
        for membership in operator.memberships.select_related("organization"):
            memberships.revoke(membership, acting)
        email = operator.email
        operator.delete()
        note(acting, "operator.removed", Subject(email))


def named(name: str) -> str:
    name = tidy(name)
    if not is_showable(name):
        raise BadInput("name_unprintable", "The name holds characters that cannot be shown.", "Leave them out.")
    return name


def judge(password: str, operator: Operator) -> None:
    """Refuse a password that is easily guessed, with every reason; the password itself is in none of them."""
    try:
        validate_password(password, operator)
    except ValidationError as weak:
        reasons = " ".join(weak.messages)
        raise BadInput(WEAK, reasons, "Choose another; a few unrelated words do well.") from None


def _switch(operator: Operator, action: str, acting: Acting, *, active: bool) -> None:
    with transaction.atomic():
        if Operator.objects.filter(id=operator.id).exclude(is_active=active).update(is_active=active):
            note(acting, action, Subject(operator.email))
        if not active:
            visits.end_all(operator)
        operator.is_active = active
