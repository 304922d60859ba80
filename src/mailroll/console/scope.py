"""Who asks, and what of it they may see: the door that every view stands behind."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import cache, wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import TextField, UUIDField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from mailroll.accounts import access, refusals, step_up, visits
from mailroll.accounts.models import Operator, Role
from mailroll.accounts.operators import acting_as
from mailroll.audit.actor import Acting
from mailroll.audit.clock import Clock
from mailroll.connections import sources
from mailroll.connections.models import Source
from mailroll.directory import queries
from mailroll.directory.fixed_queries import FixedQuery, Parameter
from mailroll.directory.models import Domain, Organization
from mailroll.insight import overview
from mailroll.reconcile.errors import BadInput

_More = ParamSpec("_More")
Question = Callable[[Operator, Organization], bool]
"""One of `accounts.access`: may this operator do that in this organization?"""
_AROUND = 256 * 1024
_LOOKS = frozenset({"GET", "HEAD"})
_ADMINISTERS = "console_administers"
View = Callable[Concatenate[HttpRequest, _More], HttpResponseBase]

DOORS = "console_door"
"""The attribute under which a view says which door it stands behind; a view without one fails a test."""

BODY = "console_body"
"""The attribute under which a view says how many bytes it takes, where that is more than a form has."""
QUESTION = "console_question"
"""The attribute under which a view says what is asked of whoever wants to use it."""


def operator(request: HttpRequest) -> Operator:
    if not isinstance(request.user, Operator):
        raise PermissionDenied
    return request.user


def acting(request: HttpRequest) -> Acting:
    return acting_as(operator(request))


def administers(request: HttpRequest) -> bool:
    """Whether who asks administers any organization; asked once a request, for the navigation of every page too."""
    answer: bool | None = getattr(request, _ADMINISTERS, None)
    if answer is None:
        answer = access.anywhere(operator(request), Role.ADMINISTRATOR)
        setattr(request, _ADMINISTERS, answer)
    return answer


def administrator(request: HttpRequest) -> Operator:
    """Nothing for those without any role, and no more than that they may not for those without this one."""
    viewer = operator(request)
    if not administers(request):
        if not access.anywhere(viewer, Role.VIEWER):
            raise Http404
        raise PermissionDenied
    return viewer


def hold(request: HttpRequest, roles: Collection[Role]) -> None:
    """Keep which roles who asks holds anywhere, where a question before told it too."""
    setattr(request, _ADMINISTERS, Role.ADMINISTRATOR in roles)


def now(request: HttpRequest) -> datetime:
    """What time it is by the database, as it told when this session was looked up."""
    clock: Clock = getattr(request, visits.CLOCK, None) or Clock()
    return clock()


def is_a_look(request: HttpRequest) -> bool:
    """Whether a person went to this page: by a click where another site leads here, and not fetched beforehand.

    Browsers say so in headers that no page can set (Fetch Metadata, w3.org/TR/fetch-metadata); programs say nothing.
    """
    headers = request.headers
    return (
        (headers.get("Sec-Fetch-Site", "none") in {"none", "same-origin"} or headers.get("Sec-Fetch-User") == "?1")
        and headers.get("Sec-Fetch-Dest", "document") == "document"
        and "prefetch" not in headers.get("Sec-Purpose", "")
    )


def takes(size: int) -> Callable[[View[_More]], View[_More]]:
    """Let a page of a domain take so many bytes, and a little for the form around them, from whoever may use it."""

    def decorate(view: View[_More]) -> View[_More]:
        view.__dict__[BODY] = size + _AROUND
        return view

    return decorate


def public(view: View[_More]) -> View[_More]:
    """Mark a page that anybody may see."""
    view.__dict__[DOORS] = "public"
    return view


def signed_in(view: View[_More]) -> View[_More]:
    """Ask those who are nobody yet to sign in."""

    @wraps(view)
    def behind(request: HttpRequest, /, *args: _More.args, **kwargs: _More.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        with _noting_refusal(request):
            return view(request, *args, **kwargs)

    behind.__dict__[DOORS] = "signed in"
    return behind


def asking_once(view: View[_More]) -> View[_More]:
    """Look the role of who asks up once for a page that is only looked at: the door, its buttons and its head ask.

    Not for a page that goes on to an outside directory: the role may be gone when that has answered.
    """

    @wraps(view)
    def looked_at(request: HttpRequest, /, *args: _More.args, **kwargs: _More.kwargs) -> HttpResponseBase:
        with access.remembered() if request.method in _LOOKS else nullcontext():
            return view(request, *args, **kwargs)

    return looked_at


def confirmed(view: View[_More]) -> View[_More]:
    """Ask to confirm that it is them, before what a form does; it goes on with what was typed. Stands below a door."""

    @wraps(view)
    def behind(request: HttpRequest, /, *args: _More.args, **kwargs: _More.kwargs) -> HttpResponseBase:
        if request.method == "POST":
            demand_confirmation(request)
        return view(request, *args, **kwargs)

    return behind


def demand_confirmation(request: HttpRequest) -> None:
    """Go on only if they confirmed lately; else the library keeps the request, asks, and comes back with it."""
    if not step_up.is_recent(request):
        raise ReauthenticationRequired


def on_domain(
    question: Question, *, unproved: bool = False
) -> Callable[[Callable[Concatenate[HttpRequest, Domain, _More], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Turn the URL's `domain`, a name, into the domain: 404 for who may not see it, 403 for who may not do this.

    A domain that nobody has proved has a page of its own, where every other leads that is not for it (`unproved`).
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, Domain, _More], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def behind(request: HttpRequest, /, domain: str, *args: _More.args, **kwargs: _More.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            viewer = operator(request)
            # A name is nearly always one domain's; who may see it is asked upwards, not of everything they see.
            domains: Iterable[Domain]
            if request.method in _LOOKS and ":" not in domain:
                # Nearly every page has the head of its domain.
                domains = _domains_by_name().rows(viewer=viewer.id, name=domain)
            else:
                domains = queries.by_path(access.domains_with_role(viewer.id), domain)
            row = next((candidate for candidate in domains if access.role_with(candidate, viewer) is not None), None)
            if row is None:
                refusals.note_page(viewer, _route(request), out_of_reach=True)
                raise Http404
            with _noting_refusal(request):
                if not question(viewer, row.organization):
                    raise PermissionDenied
                if row.proved_at is None and not unproved:
                    return redirect("console:domain-proof", row.path)
                return view(request, row, *args, **kwargs)

        behind.__dict__[DOORS] = "domain"
        behind.__dict__[QUESTION] = question
        return asking_once(behind)

    return decorate


@cache
def _domains_by_name() -> FixedQuery[Domain]:
    domains = access.domains_with_role(Parameter("viewer", UUIDField()))
    return FixedQuery(overview.with_standing(queries.by_name(domains, Parameter("name", TextField()))))


def on_source(
    question: Question, *, unproved: bool = False
) -> Callable[[Callable[Concatenate[HttpRequest, Source, _More], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Turn the URL's `domain` and `source`, an id, into that domain's source, under the same rule as `on_domain`."""

    def decorate(
        view: Callable[Concatenate[HttpRequest, Source, _More], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        def within(
            request: HttpRequest, domain: Domain, /, source: UUID, *args: _More.args, **kwargs: _More.kwargs
        ) -> HttpResponseBase:
            try:
                row = sources.find(domain, source)
            except BadInput as missing:
                raise Http404 from missing
            row.domain = domain
            return view(request, row, *args, **kwargs)

        return on_domain(question, unproved=unproved)(wraps(view)(within))

    return decorate


def on_organization(
    question: Question,
) -> Callable[
    [Callable[Concatenate[HttpRequest, Organization, _More], HttpResponseBase]], Callable[..., HttpResponseBase]
]:
    """Turn the URL's `organization`, an id, into the organization, under the same rule as `on_domain`."""

    def decorate(
        view: Callable[Concatenate[HttpRequest, Organization, _More], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def behind(
            request: HttpRequest, /, organization: UUID, *args: _More.args, **kwargs: _More.kwargs
        ) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            viewer = operator(request)
            row = access.organizations_with_role(viewer.id).filter(id=organization).first()
            if row is None or access.role_with(row, viewer) is None:
                refusals.note_page(viewer, _route(request), out_of_reach=True)
                raise Http404
            with _noting_refusal(request):
                if not question(viewer, row):
                    raise PermissionDenied
                return view(request, row, *args, **kwargs)

        behind.__dict__[DOORS] = "organization"
        behind.__dict__[QUESTION] = question
        return asking_once(behind)

    return decorate


@contextmanager
def _noting_refusal(request: HttpRequest) -> Iterator[None]:
    """Keep in the audit log that somebody asked for more than their role."""
    try:
        yield
    except PermissionDenied:
        if isinstance(request.user, Operator):
            refusals.note_page(request.user, _route(request), out_of_reach=False)
        raise


def _route(request: HttpRequest) -> str:
    """Name a page as we do: its address has what was typed, and some addresses open something."""
    match = request.resolver_match
    return "" if match is None else match.url_name or match.route


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    # What a form sent is gone after the sign-in, so there is nothing to come back to but the start.
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
