"""Where the people of an organization find help, and open a ticket."""

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import note
from mailroll.directory.edit.problems import FieldProblem, Malformed
from mailroll.directory.models import Organization
from mailroll.settings.environment import is_link

LINK_MAX = 500
"""Characters of an address of help."""


def set_support(organization: Organization, acting: Acting, *, help_url: str, ticket_url: str) -> None:
    """Set both addresses; an empty one leaves it to the organization above. Raises `Malformed` with all problems."""
    links = {"help_url": help_url.strip(), "ticket_url": ticket_url.strip()}
    problems = [
        FieldProblem(field, "Write it as https://host/page, or as mailto:help@example.com.")
        for field, text in links.items()
        if text and (len(text) > LINK_MAX or not text.isprintable() or not is_link(text))
    ]
    if problems:
        raise Malformed.of("support_malformed", problems)
    with transaction.atomic():
        had = Organization.objects.select_for_update(no_key=True).get(id=organization.id)
        if (had.help_url, had.ticket_url) == tuple(links.values()):
            return
        organization.help_url, organization.ticket_url = links.values()
        organization.save(update_fields=("help_url", "ticket_url"))
        note(acting, "organization.support_set", organization, **links)
