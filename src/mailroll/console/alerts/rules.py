"""Rules and channels of an organization: what is told, from when on, and where."""

from datetime import time
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mailroll.accounts import access, letter_limits, mail
from mailroll.accounts.models import Role
from mailroll.alerts import digest
from mailroll.alerts import rules as holding
from mailroll.alerts.causes import AlertCause
from mailroll.alerts.channels import delivery, storage
from mailroll.alerts.channels.errors import NotSent
from mailroll.alerts.models import AlertChannel, AlertRule, ChannelKind
from mailroll.console import scope
from mailroll.console.alerts.forms import CauseForm, ChannelChangeForm, ChannelForm, DigestForm, RulesForm
from mailroll.console.explanation import ShownFaults, tell_error
from mailroll.directory import tree
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import Refused

_PLACES = 20
"""Organizations that the page leads to; settings have them all."""


@scope.signed_in
@require_GET
def start(request: HttpRequest) -> HttpResponseBase:
    """Lead to the rules of the topmost organization that one administers."""
    reach = access.reach(scope.operator(request), Role.ADMINISTRATOR)
    first = reach.exclude(parent__in=reach).order_by("name", "id").first()
    if first is None:
        raise PermissionDenied
    return redirect("console:alert-rules", organization=first.id)


@scope.on_organization(access.may_settle)
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, organization: Organization) -> HttpResponseBase:
    form = _form(organization, request.POST if request.method == "POST" else None)
    if form.is_valid():
        with ShownFaults(form):
            number = holding.save(organization, form.wanted(), scope.acting(request))
            messages.success(request, "Saved." if number else "Nothing was changed.")
            return redirect("console:alert-rules", organization=organization.id)
    return _page(request, organization, form)


@scope.on_organization(access.may_settle)
@require_POST
def inherit(request: HttpRequest, organization: Organization) -> HttpResponseBase:
    """Leave one rule, or all of them, to the organization above."""
    form = CauseForm(request.POST)
    if not form.is_valid():
        raise Http404
    cause = form.cleaned_data["cause"]
    count = holding.inherit(organization, [AlertCause(cause)] if cause else list(AlertCause), scope.acting(request))
    messages.success(request, "It holds again what is said above." if count else "Nothing was changed.")
    return redirect("console:alert-rules", organization=organization.id)


@scope.on_organization(access.may_settle)
@require_POST
def settle_digest(request: HttpRequest, organization: Organization) -> HttpResponseBase:
    form = DigestForm(request.POST)
    if not form.is_valid():
        return _page(request, organization, _form(organization, None), form)
    at = form.cleaned_data["at"]
    digest.settle(organization, scope.acting(request), on=form.cleaned_data["on"], minute=at.hour * 60 + at.minute)
    messages.success(request, "Saved.")
    return redirect("console:alert-rules", organization=organization.id)


@scope.on_organization(access.may_settle)
@scope.confirmed
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, organization: Organization) -> HttpResponseBase:
    """Make a channel; the secret of a webhook stands on the page that follows, and nowhere else."""
    form = ChannelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        fields = form.cleaned_data
        with ShownFaults(form, "address"):
            new_channel = storage.add(
                organization, ChannelKind(fields["kind"]), fields["name"], fields["address"], scope.acting(request)
            )
            return _confirm_channel(request, organization, new_channel, "was added. Tick below what is told there.")
    return _channel_page(request, organization, form, "console/alerts/channel_add.html")


@scope.on_organization(access.may_settle)
@scope.confirmed
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, organization: Organization, channel: UUID) -> HttpResponseBase:
    """Call a channel otherwise, or have it lead elsewhere; rules go on naming it."""
    row = get_object_or_404(AlertChannel, organization=organization, id=channel)
    form = ChannelChangeForm(request.POST if request.method == "POST" else None, initial={"name": row.name})
    form.fields["address"].help_text = f"It leads to {row.shown}. Empty: it stays so."
    if form.is_valid():
        with ShownFaults(form, "address"):
            changed = storage.change(
                row, form.cleaned_data["name"], form.cleaned_data["address"], scope.acting(request)
            )
            return _confirm_channel(request, organization, changed, "was changed.")
    page = "console/alerts/channel_edit.html"
    return _channel_page(request, organization, form, page, channel=row, opens=storage.opens(row))


@scope.on_organization(access.may_settle)
@require_POST
def test(request: HttpRequest, organization: Organization, channel: UUID) -> HttpResponseBase:
    """Send a message that says so; one by mail is counted as any letter is that somebody has sent to an address."""
    row, operator = get_object_or_404(AlertChannel, organization=organization, id=channel), scope.operator(request)
    by_mail = row.kind == ChannelKind.MAIL
    try:
        if by_mail:
            letter_limits.charge(operator, row.shown)
        messages.success(request, f"{row.name}: {delivery.try_out(row, scope.acting(request).now())}")
    except (Refused, NotSent) as problem:
        if by_mail and isinstance(problem, NotSent):
            letter_limits.give_back(operator, row.shown)
        tell_error(request, problem, f"{row.name}: {problem}")
    return redirect("console:alert-rules", organization=organization.id)


@scope.on_organization(access.may_settle)
@scope.confirmed
@require_POST
def remove(request: HttpRequest, organization: Organization, channel: UUID) -> HttpResponseBase:
    row = get_object_or_404(AlertChannel, organization=organization, id=channel)
    storage.remove(row, scope.acting(request))
    messages.success(
        request, f"{row.name} was removed. What is urgent and was told there alone goes to administrators."
    )
    return redirect("console:alert-rules", organization=organization.id)


def _confirm_channel(
    request: HttpRequest, organization: Organization, new_channel: storage.NewChannel, words: str
) -> HttpResponseBase:
    if new_channel.secret:
        context = {"place": organization, "channel": new_channel.channel, "secret": new_channel.secret}
        return render(request, "console/alerts/secret.html", context)
    messages.success(request, f"{new_channel.channel.name} {words}")
    return redirect("console:alert-rules", organization=organization.id)


def _channel_page(
    request: HttpRequest, organization: Organization, form: Form, template: str, **more: object
) -> HttpResponse:
    context = {"place": organization, "form": form, **more}
    return render(request, template, context, status=422 if form.errors else 200)


def _form(organization: Organization, post: QueryDict | None) -> RulesForm:
    return RulesForm(post, holds=holding.rules_of(organization), channels=list(holding.usable(organization)))


def _page(
    request: HttpRequest, organization: Organization, form: RulesForm, digest_form: DigestForm | None = None
) -> HttpResponse:
    digest_time = digest.digest_of(organization)
    at = time(*divmod(digest_time.minute, 60))
    digest_form = digest_form or DigestForm(initial={"on": digest_time.on, "at": at})
    operator = scope.operator(request)
    below = tree.below(organization).exclude(id=organization.id)
    others = access.reach(operator, Role.ADMINISTRATOR).exclude(id=organization.id).order_by("name", "id")
    channels = list(holding.usable(organization))
    context = {
        "place": organization,
        "form": form,
        "rows": list(form.rows()),
        "channels": channels,
        "own": [channel for channel in channels if channel.organization_id == organization.id],
        "customers": below.count(),
        "with_rules": AlertRule.objects.filter(organization__in=below).values("organization").distinct().count(),
        "others": others[:_PLACES],
        "mail": mail.is_set_up(),
        "administrators": access.administrators(organization).count(),
        "digest": digest_time,
        "digest_at": at,
        "digest_form": digest_form,
        "any_own": any(row.holds.own for row in form.rows()),
    }
    return render(
        request, "console/alerts/rules.html", context, status=422 if form.errors or digest_form.errors else 200
    )
