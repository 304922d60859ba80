"""Organizations that people add in the Console: below a customer so few that what each may have stays within bounds."""

from django.db import transaction

from mailroll.accounts import access, installation
from mailroll.accounts.models import Operator
from mailroll.audit.actor import Acting
from mailroll.directory import edit, tree
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import Refused


def add_customer(below: Organization, name: str, operator: Operator, acting: Acting) -> Organization:
    """Add an organization below another. Raises `BadInput` for its name, and `Refused` where there are too many.

    Each has channels, domains that nobody has proved, and a turn among all whose directories are read. So somebody who
    does not stand at the top gets no more of these by having ever more organizations.
    """
    with transaction.atomic():
        branch = tree.branch(below)
        if branch is not None and not access.stands_on_top(operator, below):
            # Two requests at once would both find room for one.
            Organization.objects.select_for_update(no_key=True).get(id=branch.id)
            _expect_room(branch)
        return edit.add_organization(name, acting, parent=below)


def _expect_room(branch: Organization) -> None:
    most = installation.settings().customers_below
    if tree.below(branch).count() > most:
        raise Refused(
            "customers_most",
            f"{most:,} organizations are below {branch.name}, and there may be no more.",
            "Remove one that is not needed, or ask your provider to add it.",
        )
