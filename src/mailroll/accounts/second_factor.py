"""Whether an operator has to sign in with more than a password, and whether they can."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from mailroll.accounts import installation, mail
from mailroll.accounts.models import Operator, Role
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.directory.fixed_queries import Parameter
from mailroll.settings import Demand

_KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

DEMANDED_OF = {
    Demand.NOBODY: frozenset[Role](),
    Demand.ADMINISTRATORS: frozenset({Role.ADMINISTRATOR}),
    Demand.TECHNICIANS: frozenset({Role.ADMINISTRATOR, Role.TECHNICIAN}),
    Demand.EVERYBODY: frozenset(Role),
}

# For each role of an operator, what its organization and those above demand; nothing where the one on top does not say.
_LEVELS = """
    SELECT jsonb_agg(jsonb_build_array(told.role, told.demand)) FROM (
    WITH RECURSIVE above (role, id, parent_id) AS (
        SELECT held.role, own.id, own.parent_id
        FROM directory_organization own JOIN accounts_membership held ON held.organization_id = own.id
        WHERE held.operator_id = %s
        UNION
        SELECT above.role, upper.id, upper.parent_id
        FROM directory_organization upper JOIN above ON upper.id = above.parent_id
    )
    SELECT DISTINCT above.role, policy.demand
    FROM above LEFT JOIN accounts_signinpolicy policy ON policy.organization_id = above.id
    WHERE policy.demand IS NOT NULL OR above.parent_id IS NULL
    ) told
"""


@dataclass(frozen=True, slots=True)
class Duty:
    """The roles that an operator holds anywhere, and whether one of them demands a second factor."""

    roles: frozenset[Role]
    demanded: bool


ToldLevels = Iterable[tuple[str, str | None]]
"""A role of somebody, and what is demanded where it is held, or above; None where the one on top does not say."""


def levels_of(operator: UUID | Parameter) -> RawSQL:
    """Return what `duty_by` judges by, to be read beside something else about the operator."""
    return RawSQL(f"({_LEVELS})", (operator,), output_field=JSONField())  # noqa: S611 - no text of others


def duty_by(levels: ToldLevels | None) -> Duty:
    default = installation.settings().second_factor
    demands = [(Role(role), Demand(level or default)) for role, level in levels or ()]
    return Duty(frozenset(role for role, _ in demands), any(role in DEMANDED_OF[level] for role, level in demands))


def duty(operator: Operator) -> Duty:
    """Look at what each organization of the operator's demands, or one above it."""
    levels = Operator.objects.filter(id=operator.id).values_list(levels_of(operator.id), flat=True)
    return duty_by(levels.first())


def demanded(operator: Operator) -> bool:
    """True where a role of the operator's falls under what its organization demands, or one above it."""
    return duty(operator).demanded


def present(operator: Operator) -> bool:
    return Authenticator.objects.filter(user=operator, type__in=_KINDS).exists()


def has_passkey(operator: Operator) -> bool:
    return Authenticator.objects.filter(user=operator, type=Authenticator.Type.WEBAUTHN).exists()


def is_last(authenticator: Authenticator) -> bool:
    """True where without this one the operator would have none."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=_KINDS).exclude(pk=authenticator.pk)
    return not others.exists()


def take_away(operator: Operator, acting: Acting) -> list[str]:
    """Take every second factor and recovery code from somebody, and tell them by mail. Returns what they were."""
    with transaction.atomic():
        kinds = drop(operator)
        if kinds:
            note(acting, "second_factor.taken_away", Subject(operator.email), kinds=kinds)
            mail.tell(operator.email, "every second factor and recovery code of yours was taken away.")
    return kinds


def drop(operator: Operator) -> list[str]:
    """Take every second factor and recovery code away; returns what they were."""
    every = Authenticator.objects.filter(user=operator)
    kinds = sorted(set(every.values_list("type", flat=True)))
    every.delete()
    return kinds
