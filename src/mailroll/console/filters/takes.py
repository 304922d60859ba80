"""What a source takes besides the people that its filter judges: groups, contacts, guests."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from mailroll.accounts import access
from mailroll.connections import sources
from mailroll.connections.models import Source
from mailroll.connections.sources import Switch
from mailroll.console import scope
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import BadInput


@dataclass(frozen=True, slots=True)
class SwitchWords:
    """What a switch of a source is called, and what it means for mail."""

    switch: Switch
    words: str
    hint: str


SWITCHES = (
    SwitchWords(
        Switch.GROUPS,
        "Groups",
        "Distribution lists, mail-enabled security groups, Microsoft 365 groups. Left out, mail to them is refused.",
    ),
    SwitchWords(
        Switch.CONTACTS, "Contacts", "Contacts with an address in the domain, whose mail goes on to somewhere else."
    ),
    SwitchWords(
        Switch.GUESTS,
        "Guests",
        "People of other firms with an address in the domain. The filter judges them like everybody else.",
    ),
)


def shown(source: Source) -> list[tuple[SwitchWords, bool]]:
    return [(words, bool(getattr(source, words.switch))) for words in SWITCHES]


@scope.on_domain(access.may_edit)
@require_POST
def takes(request: HttpRequest, domain: Domain, source: UUID) -> HttpResponse:
    """Set the switches: a form that lacks a box has it off."""
    try:
        found = sources.find(domain, source)
    except BadInput as missing:
        raise Http404 from missing
    for words in SWITCHES:
        on = bool(request.POST.get(words.switch))
        sources.set_switch(found, words.switch, scope.acting(request), on=on)
    messages.success(request, "Saved. It takes effect at the next run; look at a preview first.")
    return redirect("console:source-filters", domain.name, source)
