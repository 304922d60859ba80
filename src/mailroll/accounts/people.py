"""The use cases about roles that one operator gives to others: nobody reaches further than their own."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import QuerySet

from mailroll.accounts import access, memberships, operators, second_factor
from mailroll.accounts.models import Membership, Operator, Role
from mailroll.audit.models import AuditEntry
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput, Refused


def managed(by: Operator) -> QuerySet[Membership]:
    """Every role in the organizations that an operator administers."""
    rows = Membership.objects.select_related("operator", "organization")
    if not access.everywhere(by, Role.ADMINISTRATOR):
        rows = rows.filter(organization__in=access.organizations_as(by, Role.ADMINISTRATOR))
    return rows.order_by("organization__name", "organization_id", "operator__email")


def change_role(membership: Membership, role: Role, *, by: Operator) -> None:
    with transaction.atomic():
        row = _locked(membership, by)
        check_grant(row.organization, role, by=by)
        if role is not Role.ADMINISTRATOR:
            _keep_an_administrator(row)
        memberships.grant(row.operator, row.organization, role, operators.acting_as(by))


def remove(membership: Membership, *, by: Operator) -> None:
    """Take a role away; the next click of who had it is refused."""
    with transaction.atomic():
        row = _locked(membership, by)
        _keep_an_administrator(row)
        memberships.revoke(row, operators.acting_as(by))


def may_take_factors(operator: Operator, *, by: Operator) -> bool:
    """Only who administers everything that somebody reaches: a way into an account is a way to all its roles."""
    places = access.reach(by, Role.ADMINISTRATOR)
    own = Membership.objects.filter(operator=operator)
    return own.exists() and not own.exclude(organization__in=places).exists()


def take_factors(operator: Operator, *, by: Operator) -> list[str]:
    """Take the second factors of somebody who lost them, or whom somebody else made; the person is told by mail."""
    if not may_take_factors(operator, by=by):
        raise _nothing_here()
    return second_factor.take_away(operator, operators.acting_as(by))


def may_switch_on(operator: Operator, *, by: Operator) -> bool:
    """Only who administers the whole installation: there, on its command line, somebody is switched off."""
    return access.administers_all(by) and may_take_factors(operator, by=by)


def switch_on(operator: Operator, *, by: Operator) -> None:
    if not may_switch_on(operator, by=by):
        raise _nothing_here()
    operators.activate(operator, operators.acting_as(by))


def switched_off(emails: Iterable[str]) -> Mapping[str, AuditEntry]:
    """Return the entry of who switched each of them off the last time."""
    entries = AuditEntry.objects.filter(action="operator.deactivated", subject__in=list(emails))
    return {entry.subject: entry for entry in entries.order_by("subject", "-id").distinct("subject")}


def check_grant(organization: Organization, role: Role, *, by: Operator) -> None:
    """Refuse to give a role in an organization that is not administered, or one above the giver's own."""
    own = access.role_in(by, organization)
    if own is None:
        raise _nothing_here()
    if not access.may_invite(by, organization) or role.strength > own.strength:
        raise Refused(
            "role_not_yours_to_give",
            f"You are {own} in “{organization.name}”, so you cannot make anybody {role} there.",
            "Ask an administrator of that organization.",
        )


def _locked(membership: Membership, by: Operator) -> Membership:
    """Take the row as it is now; two administrators who remove each other wait here for one another."""
    if not access.may_invite(by, membership.organization):
        raise _nothing_here()
    Organization.objects.select_for_update(no_key=True).get(id=membership.organization_id)
    row = Membership.objects.select_related("operator", "organization").filter(id=membership.id).first()
    if row is None or not access.may_invite(by, row.organization):
        raise _nothing_here()
    return row


def _keep_an_administrator(leaving: Membership) -> None:
    """Refuse to leave an organization, and with it everything below, to nobody."""
    if leaving.role != Role.ADMINISTRATOR:
        return
    if access.administrators(leaving.organization, without=leaving).exists():
        return
    raise Refused(
        "administrator_is_the_last",
        f"{leaving.operator.email} is the last administrator of “{leaving.organization.name}”.",
        "Make somebody else administrator first.",
    )


def _nothing_here() -> BadInput:
    # The words of what does not exist: whose it is, is nobody else's business.
    return BadInput("membership_unknown", "There is no such role.", "Look at the list of people again.")
