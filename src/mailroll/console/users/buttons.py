"""What a button on a user's page does: one edit of the roll, then back with a message, to the button."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from mailroll.accounts import access
from mailroll.console import parameters, scope
from mailroll.console.explanation import tell_error
from mailroll.console.parameters import NameForm
from mailroll.console.users import words
from mailroll.console.users.forms import AliasForm, GroupForm, KindForm
from mailroll.console.users.views import find
from mailroll.directory import edit, queries
from mailroll.directory.models import Domain, User
from mailroll.reconcile.errors import BadInput, MailrollError

_Deed = Callable[..., None]
"""An edit of one user; what it needs besides comes after the user."""
_Said = Callable[[User], str]
"""What to say once it is done, of the user as it is then."""


@scope.on_domain(access.may_edit)
@require_POST
def pin(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    on = parameters.switch(request.POST, "on")
    return _do(request, domain, user, edit.pin if on else edit.unpin, words.pinned, focus="pin")


@scope.on_domain(access.may_edit)
@require_POST
def exempt(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    on = parameters.switch(request.POST, "on")
    return _do(request, domain, user, edit.exempt if on else edit.unexempt, words.exempted, focus="exempt")


@scope.on_domain(access.may_edit)
@require_POST
def unkeep(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    return _do(request, domain, user, edit.unkeep, words.unkept, focus="pin")


@scope.on_domain(access.may_edit)
@require_POST
def kind(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    form = KindForm(request.POST)
    if not form.is_valid():
        return _refused(request, domain, user, _fault("kind_unknown", form))
    user_kind = form.cleaned_data["kind"]
    if user_kind is None:
        return _do(request, domain, user, edit.unset_kind, words.kind_left, focus="kind")
    return _do(
        request, domain, user, edit.set_kind, lambda _: "Saved. A sync keeps this kind.", user_kind, focus="kind"
    )


@scope.on_domain(access.may_edit)
@require_POST
def group(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    form = GroupForm(request.POST)
    if not form.is_valid():
        return _refused(request, domain, user, _fault("group_unknown", form))
    if group_name := form.cleaned_data["group"]:
        return _do(request, domain, user, edit.move_user, words.moved, group_name, focus="group")
    return _do(request, domain, user, edit.leave_group_to_sync, words.group_left, focus="group")


@scope.on_domain(access.may_edit)
@require_POST
def name(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    form = NameForm(request.POST)
    if not form.is_valid():
        return _refused(request, domain, user, _fault("user_malformed", form))
    return _do(request, domain, user, edit.rename_user, lambda _: "Saved.", form.cleaned_data["name"], focus="name")


@scope.on_domain(access.may_edit)
@require_POST
def aliases(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    """Add an alias, or take one away."""
    form = AliasForm(request.POST)
    if not form.is_valid():
        return _refused(request, domain, user, _fault("alias_malformed", form))
    if alias := form.cleaned_data["remove"]:
        said = f"{alias} is gone. Mail for it is refused."
        return _do(request, domain, user, edit.remove_alias, lambda _: said, alias, focus="address")
    new = form.cleaned_data["address"]
    said = f"{new} is accepted from now on."
    return _do(request, domain, user, edit.add_alias, lambda _: said, new, focus="address")


@scope.on_domain(access.may_edit)
@require_POST
def restore(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    return _do(request, domain, user, edit.restore, words.restored, focus="pin")


@scope.on_domain(access.may_edit)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    """Ask first: what is removed cannot be restored."""
    user_row = find(domain, user)
    person, name = queries.listed(user_row), queries.primary_of(user_row)
    if request.method == "GET":
        context = {"domain": domain, "user": user_row, "listed": person, "called": name}
        return render(request, "console/users/remove.html", context)
    try:
        edit.remove_user(domain, user, scope.acting(request))
    except MailrollError as problem:
        return _refused(request, domain, user, problem)
    messages.success(request, f"{name} was removed. Mail for it is refused.")
    return redirect("console:users", domain=domain.name)


def _do(
    request: HttpRequest, domain: Domain, user: UUID, deed: _Deed, said: _Said, *arguments: object, focus: str
) -> HttpResponse:
    find(domain, user)
    act = partial(deed, domain, user, *arguments, scope.acting(request))
    try:
        act()
    except MailrollError as problem:
        return _refused(request, domain, user, problem)
    messages.success(request, said(find(domain, user)))
    return _back(request, domain, user, focus)


def _fault(code: str, form: forms.Form) -> BadInput:
    sentences = (str(fault) for faults in form.errors.values() for fault in faults)
    return BadInput(code, " ".join(sentences), "Try again.")


def _refused(request: HttpRequest, domain: Domain, user: UUID, problem: MailrollError) -> HttpResponse:
    tell_error(request, problem)
    return _back(request, domain, user)


def _back(request: HttpRequest, domain: Domain, user: UUID, focus: str = "") -> HttpResponse:
    """Go back to the list where the click came from there, else to the user, where the focus was."""
    back = parameters.text(request.POST, "back")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        # Not `redirect`, which takes a word for the name of a page.
        return HttpResponseRedirect(back)
    # A browser gives the focus to the button or field that a fragment names.
    url = resolve_url("console:user", domain=domain.name, user=user)
    return redirect(f"{url}#{focus}" if focus else url)
