"""Many retired users taken back at once: chosen in the list, looked through, then restored together."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from mailroll.accounts import access
from mailroll.console import scope
from mailroll.console.explanation import ToldFaults, tell_error
from mailroll.console.users import list_query, words
from mailroll.console.users.forms import RestoringForm
from mailroll.directory import edit, user_list
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import BadInput

_NAMED = 20
"""Users that are named before they are counted."""


@scope.on_domain(access.may_edit)
@require_POST
def restore_many(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    """1. Take who was chosen, or everybody that the search finds  2. show what would become of them  3. do that."""
    form = RestoringForm(request.POST)
    retired = f"{reverse('console:users', args=[domain.name])}?state=retired"
    user_ids: Sequence[UUID] = ()
    if form.is_valid():
        wanted_users = list_query.read(request.POST)
        user_ids = user_list.retired(domain, wanted_users) if form.cleaned_data["every"] else form.cleaned_data["user"]
    if not user_ids:
        tell_error(request, BadInput("nobody_chosen", "Nobody was chosen.", "Tick who shall come back."))
        return redirect(retired)
    if not form.cleaned_data["confirmed"]:
        restoring = edit.preview_restoring(domain, user_ids)
        context = {
            "domain": domain,
            "restoring": restoring,
            "back": [words.called(key, state) for key, state in restoring.back.items()][:_NAMED],
            "taken": [words.called(key, state) for key, state in restoring.taken.items()][:_NAMED],
            "chosen": " ".join(map(str, restoring.back)),
        }
        return render(request, "console/users/restore.html", context)
    with ToldFaults(request):
        outcome = edit.restore_users(domain, user_ids, scope.acting(request))
        if outcome.back:
            messages.success(request, words.restored_many(outcome))
        else:
            messages.info(request, words.nobody_restored(outcome))
        return redirect(f"{reverse('console:users', args=[domain.name])}{'?state=kept' if outcome.back else ''}")
    return redirect(retired)
