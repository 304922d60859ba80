"""The list of users, one user's page, and adding one by hand."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from mailroll.accounts import access
from mailroll.console import scope
from mailroll.console.explanation import ShownFaults
from mailroll.console.templatetags.actors import names
from mailroll.console.users import list_query, words
from mailroll.console.users.forms import KINDS, AddUserForm, group_names
from mailroll.console.users.page import compose
from mailroll.directory import edit
from mailroll.directory.models import Domain, User
from mailroll.insight import history
from mailroll.insight.why.users import explain_user, kept_until
from mailroll.promises import KEPT
from mailroll.reconcile.model import Kind


@scope.on_domain(access.may_view)
@require_GET
def listed(request: HttpRequest, domain: Domain) -> HttpResponse:
    shown_users = compose(domain, list_query.read(request.GET), scope.now(request))
    actor_names = names(retired_user.released_by for retired_user in shown_users.gone)
    context = {"domain": domain, "shown": shown_users, "names": actor_names, **_may(request, domain)}
    return render(request, "console/users/users.html", context)


@scope.on_domain(access.may_edit)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    """Add a user by hand; whatever is wrong with any field is said at once, beside it."""
    form = AddUserForm(domain, request.POST if request.method == "POST" else None)
    if form.is_valid():
        fields = form.cleaned_data
        with ShownFaults(form):
            user_id = edit.add_user(
                domain,
                fields["address"],
                scope.acting(request),
                aliases=form.alias_list,
                display_name=fields["display_name"],
                group=fields["group"],
                kind=Kind(fields["kind"]),
            )
            messages.success(
                request, f"{fields['address'].strip()} is in the list. Mail for it is accepted from now on."
            )
            return redirect("console:user", domain=domain.name, user=user_id)
    status = 422 if form.errors else 200
    return render(request, "console/users/add.html", {"domain": domain, "form": form}, status=status)


@dataclass(frozen=True, slots=True)
class _LastEvent:
    event: history.Event
    by: str


@scope.on_domain(access.may_view)
@require_GET
def user(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponse:
    """One user: the facts, why it is here, and all that happened to it."""
    user_row = find(domain, user)
    now = scope.now(request)
    chain = explain_user(user_row, now)
    person, events = chain.known.listed, history.of_user(domain, user, chain.known.changes)
    actor_names = names(actor for event in events for actor in _actors(event))
    context = {
        "domain": domain,
        "user": user_row,
        "listed": person,
        "name": person.display_name or person.address or str(person.id),
        "billed": words.billed(person),
        "chain": chain,
        "listed_again": kept_until(user_row, chain.source),
        "back": words.comes_back(user_row, person) if user_row.retired_at else "",
        "events": [_LastEvent(event, words.by(event, scope.operator(request), actor_names)) for event in events],
        "groups": group_names(domain),
        "kinds": KINDS,
        "kept_until": None if user_row.retired_at is None else user_row.retired_at + KEPT,
        "object_id": (user_row.external_id or "").partition(":")[2],
    }
    return render(request, "console/users/user.html", {**context, **_may(request, domain)})


def _actors(event: history.Event) -> tuple[str | None, ...]:
    return (event.actor,) if event.run is None else (event.run.actor, event.run.decided_by)


def find(domain: Domain, user: UUID) -> User:
    return get_object_or_404(User.objects.select_related("domain", "group", "owner"), domain=domain, id=user)


def _may(request: HttpRequest, domain: Domain) -> dict[str, bool]:
    return {"may_edit": access.may_edit(scope.operator(request), domain.organization)}
