"""The tab *Source* of a source's editor: two doors while it is not connected, and afterwards how it stands."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mailroll.accounts import access, installation, step_up
from mailroll.audit import clock
from mailroll.connections import attach, certificates, customer_registration, registration, share, sources
from mailroll.connections.consent import departure, links
from mailroll.connections.consent.links import LinkState
from mailroll.connections.models import ConsentLink, Source
from mailroll.console import parameters, scope
from mailroll.console.connect import browser, connection_view, refusal
from mailroll.console.connect.forms import ConnectionChoice, LinkAction, RegistrationForm
from mailroll.console.connect.travel import start_link
from mailroll.console.explanation import ToldFaults, tell_error
from mailroll.console.templatetags.words import in_local_time
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import BadInput, MailrollError
from mailroll.sync.schedules import resumption, schedule

UNPROCESSABLE = 422


@scope.on_source(access.may_view, unproved=True)
@require_GET
def source(request: HttpRequest, source: Source) -> HttpResponse:
    return _page(request, source, {})


@scope.on_source(access.may_connect, unproved=True)
@require_POST
def register(request: HttpRequest, source: Source) -> HttpResponse:
    """Connect with the customer's own app registration. What was entered comes back with a fault, secrets do not."""
    acting = scope.acting(request)
    if not step_up.is_recent(request):
        # A form that waits for the confirmation lies in the session, and this one may hold a secret.
        messages.info(request, "Confirm that it is you, then enter it again: what you typed was not kept.")
        return redirect(step_up.page(request, back=_address(source)) or "/")
    form = RegistrationForm(request.POST, request.FILES)
    entered = form.entered
    try:
        connection = customer_registration.connect(
            source,
            scope.operator(request),
            entered["tenant"],
            entered["client"],
            entered["cloud"] or "global",
            form.credential(source),
            acting,
        )
        schedule.resume_all(connection, acting)
    except MailrollError as error:
        fault = refusal.of_error(error, source.domain.name)
        return _page(request, source, {"entered": entered, "fault": fault}, status=UNPROCESSABLE)
    return redirect(_address(source))


@scope.on_source(access.may_connect, unproved=True)
@require_POST
def certificate(request: HttpRequest, source: Source) -> HttpResponse:
    certificates.make(source, scope.acting(request))
    messages.success(request, "A certificate is made. Download it and upload it in Entra; its key stays here.")
    return redirect(f"{_address(source)}#registration")


@scope.on_source(access.may_connect, unproved=True)
@require_GET
def certificate_file(request: HttpRequest, source: Source) -> HttpResponse:  # noqa: ARG001 - a view
    """Hand out the public part."""
    draft = certificates.draft(source)
    if draft is None:
        raise Http404
    return HttpResponse(
        draft.certificate,
        content_type="application/x-pem-file",
        headers={"Content-Disposition": f'attachment; filename="mailroll-{source.domain.name}.pem"'},
    )


@scope.on_source(access.may_connect, unproved=True)
@scope.confirmed
@require_POST
def link(request: HttpRequest, source: Source) -> HttpResponse:
    """Make, send or end the link for the customer."""
    acting, form = scope.acting(request), LinkAction(request.POST)
    try:
        match form.cleaned_data["do"] if form.is_valid() else "":
            case "make":
                links.make(source, scope.operator(request), acting)
            case "send":
                to = form.cleaned_data["to"]
                links.send(_link(source), to, scope.operator(request), acting)
                messages.success(request, f"Sent to {to}.")
            case "end":
                links.end(_link(source), acting)
                messages.info(request, "The link has ended.")
    except MailrollError as error:
        tell_error(request, error, f"{in_local_time(str(error))} ({error.code})")
    return redirect(f"{_address(source)}#consent-link")


@scope.on_source(access.may_run, unproved=True)
@require_POST
def check(request: HttpRequest, source: Source) -> HttpResponse:
    if source.connection is not None:
        operator = scope.operator(request)
        with ToldFaults(request):
            resumption.check(source.connection, source.domain, scope.acting(request), access.domains(operator))
    return redirect(_address(source))


@scope.on_source(access.may_connect, unproved=True)
@scope.confirmed
@require_http_methods(["GET", "POST"])
def disconnect(request: HttpRequest, source: Source) -> HttpResponse:
    """Ask first, and say what happens to mail."""
    if request.method == "POST":
        with ToldFaults(request):
            attach.detach(source, scope.acting(request))
            messages.success(request, "Disconnected. The list stays as it is, and mail goes on as before.")
        return redirect(_address(source))
    return render(request, "console/connect/disconnect.html", {"domain": source.domain, "source": source})


@scope.on_source(access.may_connect, unproved=True)
@scope.confirmed
@require_POST
def use(request: HttpRequest, source: Source) -> HttpResponse:
    """Use a connection that is there already: the second domain of a tenant needs no new consent."""
    return _used(request, source)


@scope.on_domain(access.may_connect, unproved=True)
@scope.confirmed
@require_POST
def add_using(request: HttpRequest, domain: Domain) -> HttpResponse:
    """Add a source and have it use the connection, at one click."""
    with ToldFaults(request):
        kind = share.find(domain, _connection(request), scope.operator(request)).kind
        return _used(request, sources.choose(domain, kind, scope.acting(request)))
    return redirect("console:source-add", domain.path)


def _used(request: HttpRequest, source: Source) -> HttpResponse:
    with ToldFaults(request):
        share.use(source, _connection(request), scope.operator(request), scope.acting(request))
    return redirect(_address(source))


def _connection(request: HttpRequest) -> UUID:
    """Return what was chosen; what is no id is nobody's."""
    connection_id = parameters.read(ConnectionChoice(request.POST)).get("connection")
    return connection_id if isinstance(connection_id, UUID) else UUID(int=0)


def _page(request: HttpRequest, source: Source, more: dict[str, Any], status: int = 200) -> HttpResponse:
    operator, domain = scope.operator(request), source.domain
    context: dict[str, Any] = {
        "domain": domain,
        "source": source,
        "may_connect": access.may_connect(operator, domain.organization),
        "may_edit": access.may_edit(operator, domain.organization),
        "may_run": access.may_run(operator, domain.organization),
        "needs": sources.needs(source.kind),
        **more,
    }
    if source.connection is None or "fault" in more or "again" in request.GET:
        context |= _doors(request, source) if context["may_connect"] else {}
        return render(request, "console/connect/source.html", context, status=status)
    look = connection_view.view_connection(source.connection, operator, clock.shown())
    context |= {
        "seen": look,
        "auto": schedule.view(domain, scope.now(request)),
        "people": source.connection.health.get("people", {}).get(domain.name),
        "others": [other for other in look.users if other.owner_id != source.owner_id],
        "verified": connection_view.verified(source.connection, domain, operator),
    }
    return render(request, "console/connect/connected.html", context, status=status)


def _doors(request: HttpRequest, source: Source) -> dict[str, Any]:
    """What stands behind both doors."""
    acting, operator = scope.acting(request), scope.operator(request)
    own = installation.settings()
    link = links.latest(source)
    state = None if link is None else links.state(link, acting.now())
    still_open = state not in {None, LinkState.ACCEPTED, LinkState.ENDED} and (link is None or link.ended_at is None)
    return {
        "start_url": start_link(request, source) if own.m365_client_id else "",
        "own_cloud": connection_view.CLOUDS[own.m365_cloud.value],
        "home": urlsplit(own.console_url).netloc,
        "at_home": browser.at_home(request),
        "lost": departure.lost(source, operator, acting),
        "waiting": departure.waiting(source, operator),
        "home_page": browser.home_url(request),
        "here": request.get_host(),
        "usable": [
            connection
            for connection in share.usable(source.domain, operator)
            if source.tenant in {"", connection.tenant_id}
        ],
        "link": link,
        "link_state": state,
        "link_url": links.address(link) if link is not None and still_open else "",
        "mail": own.mail is not None,
        "draft": certificates.draft(source),
        "redirect_uri": f"{own.console_url}{registration.CALLBACK}",
        "clouds": [
            (name, words) for name, words in connection_view.CLOUDS.items() if name != "custom" or own.custom_login_url
        ],
    }


def _address(source: Source) -> str:
    return reverse("console:source", args=[source.domain.path, source.owner_id])


def _link(source: Source) -> ConsentLink:
    link = links.latest(source)
    if link is None:
        raise BadInput("link_missing", "There is no link yet.", "Make one first.")
    return link
