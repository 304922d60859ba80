"""Where people of an organization find help: as it says, else the nearest above it, else the installation."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction

from mailroll.accounts import installation
from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.directory.models import Organization

_DEEP = 32
"""Organizations above one another that are asked: more are a ring."""


@dataclass(frozen=True, slots=True)
class Support:
    """Pages, or mailboxes."""

    help_url: str
    ticket_url: str


DOCUMENTATION: Final = Support("/help/", "/help/ticket/")
"""What is there where nobody has said anything else: the Console's own pages."""


def support_for(organization: Organization) -> Support:
    own = installation.settings()
    help_url = ticket_url = ""
    place: Organization | None = organization
    for _ in range(_DEEP):
        if place is None or (help_url and ticket_url):
            break
        help_url, ticket_url = help_url or place.help_url, ticket_url or place.ticket_url
        place = place.parent
    return Support(
        help_url or own.help_url or DOCUMENTATION.help_url, ticket_url or own.ticket_url or DOCUMENTATION.ticket_url
    )


def settle(organization: Organization, acting: Acting, *, name: str, help_url: str, ticket_url: str) -> None:
    """Save the settings of an organization whole, or raise `Malformed` with everything that is wrong with them."""
    problems = list[edit.FieldProblem]()
    with transaction.atomic():
        try:
            edit.rename_organization(organization, name, acting)
        except edit.Malformed as refused:
            problems += refused.problems
        try:
            edit.set_support(organization, acting, help_url=help_url, ticket_url=ticket_url)
        except edit.Malformed as refused:
            problems += refused.problems
        if problems:
            raise edit.Malformed.of("settings_malformed", problems)
