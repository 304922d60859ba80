"""Whether an address belongs to who signs in with it: proved by mail, or by the word of whoever runs the installation.

An invitation's link that was shown to who invited may have been opened by them. The account that it makes is bound: it
holds roles where the inviter is administrator anyway, and nothing from above or beside, until the address is proved.
"""

from mailroll.accounts.models import Invitation, Operator, Role
from mailroll.directory import tree
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import Refused


def binding(offer: Invitation) -> Organization:
    """Return the highest organization through which who invited administers the one that is offered."""
    line = tree.above(offer.organization)
    own = line.filter(memberships__operator=offer.invited_by, memberships__role=Role.ADMINISTRATOR)
    return min(own, key=lambda place: tree.above(place).count(), default=offer.organization)


def check(operator: Operator, organization: Organization) -> None:
    """Refuse a role where somebody who is not proved must not have one."""
    if operator.is_proved or operator.bound_to in tree.above(organization):
        return
    raise Refused(
        "operator_unproved",
        f"{operator.email} is an account that nobody has proved yet: whoever invited it was shown the link.",
        f"It is proved by “Forgotten?” at the sign-in, where this Console can send mail, or by whoever runs it: "
        f"mailroll operator prove {operator.email}",
    )
