"""What a source takes besides the people that its filter judges: groups, contacts, guests."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from mailroll.accounts import access
from mailroll.audit.acting import Acting
from mailroll.connections import sources
from mailroll.connections.models import Source
from mailroll.console import scope
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import BadInput

Deed = Callable[[Source, Acting], None]


@dataclass(frozen=True, slots=True)
class Switch:
    """One of them: the field of a source, what it is called, and what it means for mail."""

    name: str
    words: str
    hint: str
    take: Deed
    leave: Deed


SWITCHES = (
    Switch(
        "groups",
        "Groups",
        "Distribution lists, mail-enabled security groups, Microsoft 365 groups. Left out, mail to them is refused.",
        sources.take_groups,
        sources.leave_groups,
    ),
    Switch(
        "contacts",
        "Contacts",
        "Contacts with an address in the domain, whose mail goes on to somewhere else.",
        sources.take_contacts,
        sources.leave_contacts,
    ),
    Switch(
        "guests",
        "Guests",
        "People of other firms with an address in the domain. The filter judges them like everybody else.",
        sources.take_guests,
        sources.leave_guests,
    ),
)


def shown(source: Source) -> list[tuple[Switch, bool]]:
    return [(switch, bool(getattr(source, switch.name))) for switch in SWITCHES]


@scope.on_domain(access.may_edit)
@require_POST
def takes(request: HttpRequest, domain: Domain, source: UUID) -> HttpResponse:
    """Set the switches: a form that lacks a box has it off."""
    try:
        found = sources.find(domain, source)
    except BadInput as missing:
        raise Http404 from missing
    for switch in SWITCHES:
        deed = switch.take if request.POST.get(switch.name) else switch.leave
        deed(found, scope.acting(request))
    messages.success(request, "Saved. It takes effect at the next run; look at a preview first.")
    return redirect("console:source-filters", domain.name, source)
