"""What a button on a user's page does: one edit of the roll, then back with a message."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from mailroll.accounts import access
from mailroll.console import scope
from mailroll.console.users.views import find
from mailroll.directory import edit, queries
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import BadInput, MailrollError
from mailroll.reconcile.model import Kind

_Deed = Callable[..., None]
"""An edit of one user; what it needs besides comes after the user."""


@scope.on_domain(access.may_edit)
@require_POST
def pin(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    if request.POST.get("on"):
        return _do(request, domain, user, edit.pin, "Pinned: a sync never removes it.")
    return _do(request, domain, user, edit.unpin, "No longer pinned.")


@scope.on_domain(access.may_edit)
@require_POST
def exempt(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    if request.POST.get("on"):
        return _do(request, domain, user, edit.exempt, "Exempt: a sync changes nothing here.")
    return _do(request, domain, user, edit.unexempt, "No longer exempt: the next sync looks at it again.")


@scope.on_domain(access.may_edit)
@require_POST
def kind(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    wanted = request.POST.get("kind", "")
    if not wanted:
        return _do(request, domain, user, edit.unset_kind, "The next sync decides the kind.")
    if wanted not in Kind._value2member_map_:
        return _refused(request, domain, user, BadInput("kind_unknown", "There is no such kind.", "Choose one."))
    return _do(request, domain, user, edit.set_kind, "Saved. A sync keeps this kind.", Kind(wanted))


@scope.on_domain(access.may_edit)
@require_POST
def group(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    wanted = request.POST.get("group", "")
    if not wanted:
        return _do(request, domain, user, edit.leave_group_to_sync, "The next sync decides the group.")
    return _do(request, domain, user, edit.move_user, f"In {wanted} now. A sync leaves it there.", wanted)


@scope.on_domain(access.may_edit)
@require_POST
def name(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    return _do(request, domain, user, edit.rename_user, "Saved.", request.POST.get("name", ""))


@scope.on_domain(access.may_edit)
@require_POST
def aliases(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    """Add an alias, or take one away."""
    if gone := request.POST.get("remove", ""):
        return _do(request, domain, user, edit.remove_alias, f"{gone} is gone. Mail for it is refused.", gone)
    new = request.POST.get("address", "").strip()
    return _do(request, domain, user, edit.add_alias, f"{new} is accepted from now on.", new)


@scope.on_domain(access.may_edit)
@require_POST
def restore(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    kept = find(domain, user).owner_id is not None
    pinned = " It is pinned, so that the next sync does not remove it again." if kept else ""
    return _do(request, domain, user, edit.restore, f"Back in the list. Mail for it is accepted.{pinned}")


@scope.on_domain(access.may_edit)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    """Ask first: what is removed cannot be restored."""
    found = find(domain, user)
    person, called = queries.listed(found), queries.primary_of(found)
    if request.method == "GET":
        context = {"domain": domain, "user": found, "listed": person, "called": called}
        return render(request, "console/users/remove.html", context)
    try:
        edit.remove_user(domain, user, scope.acting(request))
    except MailrollError as problem:
        return _refused(request, domain, user, problem)
    messages.success(request, f"{called} was removed. Mail for it is refused.")
    return redirect("console:users", domain=domain.name)


def _do(request: HttpRequest, domain: Domain, user: UUID, deed: _Deed, done: str, *given: object) -> HttpResponse:
    find(domain, user)
    act = partial(deed, domain, user, *given, scope.acting(request))
    try:
        act()
    except MailrollError as problem:
        return _refused(request, domain, user, problem)
    messages.success(request, done)
    return _back(request, domain, user)


def _refused(request: HttpRequest, domain: Domain, user: UUID, problem: MailrollError) -> HttpResponse:
    messages.error(request, str(problem))
    return _back(request, domain, user)


def _back(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponse:
    """Go back to the list where the click came from there, else to the user."""
    back = request.POST.get("back", "")
    if back and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("console:user", domain=domain.name, user=user)
