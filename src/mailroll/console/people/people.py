"""People and roles: who may do what in the organizations that one administers."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mailroll import promises
from mailroll.accounts import (
    installation,
    invitations,
    letter_limits,
    mail,
    people,
    proof,
    roster,
    trail_files,
)
from mailroll.accounts.models import Invitation, Operator, Role
from mailroll.audit import clock
from mailroll.audit.notes import note
from mailroll.console import scope, stream
from mailroll.console.explanation import ToldFaults, tell_error
from mailroll.console.people import people_table
from mailroll.console.people.forms import InviteForm, PeopleSearch, RoleForm
from mailroll.console.templatetags.words import in_local_time
from mailroll.reconcile.errors import MailrollError

_LIST = "console:people"


@scope.signed_in
@scope.asking_once
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    administrator, now = scope.administrator(request), scope.now(request)
    query = PeopleSearch(request.GET).query()
    table = people_table.compose(query, administrator, now)
    return render(request, "console/people/people.html", {"table": table, "mail": mail.is_set_up()})


@scope.signed_in
@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """Give everybody whom the table is narrowed to, as a file; that it was taken is noted."""
    administrator, now = scope.administrator(request), clock.now()
    with transaction.atomic():
        for place in trail_files.places_of(administrator):
            note(scope.acting(request), "people.exported", place)
    query = PeopleSearch(request.GET).query()
    lines = people_table.lines(query, administrator, now)
    return stream.as_file(request, lines, f"people-{timezone.now():%Y%m%d-%H%M}.csv")


@scope.signed_in
@scope.asking_once
@require_GET
def person(request: HttpRequest, operator: UUID) -> HttpResponse:
    """One of the people: every role that the reader may change."""
    administrator = scope.administrator(request)
    colleague, account = _colleague(administrator, operator)
    context = {
        "colleague": colleague,
        "account": account,
        "roles": list(Role),
        "may_take_factors": people.may_take_factors(account, by=administrator),
    }
    return render(request, "console/people/person.html", context)


@scope.signed_in
@scope.asking_once
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    administrator = scope.administrator(request)
    submission = request.POST if request.method == "POST" else None
    form = InviteForm(administrator, submission, place=PeopleSearch(request.GET).query().place)
    if request.method == "POST" and form.is_valid():
        scope.demand_confirmation(request)
        fields = form.cleaned_data
        try:
            offer, token = invitations.invite(
                fields["email"], fields["organization"], Role(fields["role"]), by=administrator, now=clock.now()
            )
        except MailrollError as problem:
            form.add_error(None, f"{in_local_time(str(problem))} ({problem.code})")
        else:
            return _send_invitation(request, offer, token)
    status = 422 if form.errors else 200
    return render(request, "console/people/invite.html", {"form": form, "mail": mail.is_set_up()}, status=status)


@scope.signed_in
@require_POST
def withdraw(request: HttpRequest, invitation: UUID) -> HttpResponse:
    administrator, row = _offered(request, invitation)
    invitations.withdraw(row, by=administrator, now=clock.now())
    messages.success(request, f"The invitation of {row.email} no longer works.")
    return redirect(_LIST)


@scope.signed_in
@require_POST
def send_again(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """Make the offer once more, for another week: the link that was sent before ends."""
    administrator, row = _offered(request, invitation)
    scope.demand_confirmation(request)
    try:
        offer, token = invitations.invite(
            row.email, row.organization, Role(row.role), by=administrator, now=clock.now()
        )
    except MailrollError as problem:
        tell_error(request, problem, f"{in_local_time(str(problem))} ({problem.code})")
        return redirect(_LIST)
    return _send_invitation(request, offer, token)


@scope.signed_in
@require_POST
def switch_on(request: HttpRequest, operator: UUID) -> HttpResponse:
    administrator = scope.administrator(request)
    _, account = _colleague(administrator, operator)
    scope.demand_confirmation(request)
    with ToldFaults(request):
        people.switch_on(account, by=administrator)
        messages.success(request, f"{account.email} can sign in again.")
    return redirect(_LIST)


@scope.signed_in
@require_POST
def role(request: HttpRequest, membership: int) -> HttpResponse:
    administrator = scope.administrator(request)
    row, form = get_object_or_404(people.managed(administrator), id=membership), RoleForm(request.POST)
    scope.demand_confirmation(request)
    if form.is_valid():
        with ToldFaults(request):
            people.change_role(row, Role(form.cleaned_data["role"]), by=administrator)
            messages.success(
                request, f"{row.operator.email} is {form.cleaned_data['role']} of {row.organization.name} now."
            )
    return redirect("console:person", operator=row.operator_id)


@scope.signed_in
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, membership: int) -> HttpResponse:
    administrator = scope.administrator(request)
    row = get_object_or_404(people.managed(administrator), id=membership)
    if request.method == "GET":
        return render(request, "console/people/remove.html", {"membership": row})
    scope.demand_confirmation(request)
    with ToldFaults(request):
        people.remove(row, by=administrator)
        messages.success(request, f"{row.operator.email} has no role in {row.organization.name} now.")
    return redirect(_LIST)


@scope.signed_in
@require_POST
def take_factors(request: HttpRequest, operator: UUID) -> HttpResponse:
    administrator = scope.administrator(request)
    _, account = _colleague(administrator, operator)
    scope.demand_confirmation(request)
    with ToldFaults(request):
        factors = people.take_factors(account, by=administrator)
        said = "has no second factor any more" if factors else "had no second factor"
        messages.success(request, f"{account.email} {said}.")
    return redirect("console:person", operator=account.id)


def _offered(request: HttpRequest, invitation: UUID) -> tuple[Operator, Invitation]:
    """Return who asks, and the invitation that waits where they administer."""
    administrator = scope.administrator(request)
    return administrator, get_object_or_404(invitations.waiting(administrator, clock.now()), id=invitation)


def _colleague(administrator: Operator, key: UUID) -> tuple[roster.Colleague, Operator]:
    """Return one of those whom an administrator may know of, with their account."""
    colleague = roster.colleague(administrator, key)
    if colleague is None:
        raise Http404
    return colleague, get_object_or_404(Operator.objects.select_related("bound_to"), id=key)


def _send_invitation(request: HttpRequest, offer: Invitation, token: str) -> HttpResponse:
    """Send the link; where that is not possible, show it once to who made it."""
    link = installation.settings().console_url + reverse("console:invitation-link", args=[token])
    if mail.send(invitations.letter(offer, link)):
        invitations.sent(offer)
        life = promises.in_words(promises.INVITATION)
        messages.success(request, f"An invitation is on its way to {offer.email}. It works once, for {life}.")
        return redirect(_LIST)
    if mail.is_set_up():
        letter_limits.give_back(offer.invited_by, offer.email)
    return render(
        request, "console/people/invited.html", {"offer": offer, "link": link, "binding": proof.binding(offer)}
    )
