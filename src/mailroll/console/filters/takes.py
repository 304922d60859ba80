"""What a source takes besides the people that its filter judges: groups, contacts, guests."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from mailroll.accounts import access
from mailroll.connections import sources
from mailroll.connections.models import Source
from mailroll.connections.sources import SourceSwitch
from mailroll.console import parameters, scope
from mailroll.console.filters.forms import SourceSwitches


@dataclass(frozen=True, slots=True)
class SwitchWords:
    """What a switch of a source is called, and what it means for mail."""

    switch: SourceSwitch
    words: str
    hint: str


SWITCHES = (
    SwitchWords(
        SourceSwitch.GROUPS,
        "Groups",
        "Distribution lists, mail-enabled security groups, Microsoft 365 groups. Left out, mail to them is refused.",
    ),
    SwitchWords(
        SourceSwitch.CONTACTS,
        "Contacts",
        "Contacts with an address in the domain, whose mail goes on to somewhere else.",
    ),
    SwitchWords(
        SourceSwitch.GUESTS,
        "Guests",
        "People of other firms with an address in the domain. The filter judges them like everybody else.",
    ),
)


def shown(source: Source) -> list[tuple[SwitchWords, bool]]:
    return [(words, bool(getattr(source, words.switch))) for words in SWITCHES]


@scope.on_source(access.may_edit)
@require_POST
def takes(request: HttpRequest, source: Source) -> HttpResponse:
    given = parameters.read(SourceSwitches(tuple(words.switch for words in SWITCHES), request.POST))
    for words in SWITCHES:
        sources.set_switch(source, words.switch, scope.acting(request), on=given[words.switch])
    messages.success(request, "Saved. It takes effect at the next run; look at a preview first.")
    return redirect("console:source-filters", source.domain.path, source.owner_id)
