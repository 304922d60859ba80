"""The use cases about roles, as the installation's own command line has them: whoever may run it may grant any."""

from django.db import transaction

from mailroll.accounts import proof
from mailroll.accounts.models import Membership, Operator, Role
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput


def grant(operator: Operator, organization: Organization, role: Role, acting: Acting) -> Membership:
    """Give an operator a role in an organization and all below it; a role held there before is replaced.

    Raises `Refused` where the operator is not proved and the organization is beyond what binds them.
    """
    with transaction.atomic():
        # Two who grant at once: the second waits here and then tells the truth about what was before.
        Organization.objects.select_for_update(no_key=True).get(id=organization.id)
        # The account as it is now: whoever hands it over may not know yet that it was proved, or made meanwhile.
        proof.check(Operator.objects.get(id=operator.id), organization)
        had = Membership.objects.filter(operator=operator, organization=organization).first()
        if had is None:
            membership = Membership.objects.create(operator=operator, organization=organization, role=role.value)
            action, before = "membership.added", None
        elif had.role == role:
            return had
        else:
            before, had.role = had.role, role.value
            had.save(update_fields=["role"])
            membership, action = had, "membership.changed"
        note(acting, action, Subject(operator.email, organization.id), before=before, after=role.value)
    return membership


def find(operator: Operator, organization: Organization) -> Membership:
    membership = Membership.objects.filter(operator=operator, organization=organization).first()
    if membership is None:
        raise BadInput(
            "membership_unknown",
            f"{operator.email} has no role of their own in “{organization.name}”.",
            "It may be inherited: list the operators to see where it comes from.",
        )
    return membership


def revoke(membership: Membership, acting: Acting) -> None:
    """Take a role away; what the operator inherits from above stays."""
    with transaction.atomic():
        count, _ = Membership.objects.filter(id=membership.id).delete()
        if count:
            note(
                acting,
                "membership.removed",
                Subject(membership.operator.email, membership.organization_id),
                before=membership.role,
                after=None,
            )
