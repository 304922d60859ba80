"""The Gateway tab: whole, also where something that was sent to it could not be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from mailroll.accounts import access, installation, tokens
from mailroll.accounts.models import Token
from mailroll.accounts.tokens import TokenPurpose
from mailroll.console import parameters, scope
from mailroll.console.gateway.chart import DAYS, draw
from mailroll.console.gateway.check import GatewayCheck
from mailroll.console.gateway.configuration import configuration
from mailroll.console.gateway.forms import PauseForm, TokenForm
from mailroll.console.gateway.levels import PauseLevel, level_of, levels
from mailroll.console.statics.forms import FileForm
from mailroll.directory import edit, pauses, restorations
from mailroll.directory.models import Domain, Pause, Serving
from mailroll.gateway import demand
from mailroll.gateway.missing_rights import lacking
from mailroll.gateway.models import Asker

SHOWN = 50
"""Addresses of a list that stand on the page."""
_MODES = (
    (
        Serving.SERVE,
        "Serve the list",
        "Who is in the list is accepted, everybody else is refused. This is the normal way.",
    ),
    (
        Serving.WATCH,
        "Watch only",
        "Every address is accepted. Whom the list would refuse is shown here, unless PostgreSQL was asked. Begin so.",
    ),
    (
        Serving.PASS,
        "Pass through",
        "Every address is accepted and nothing is counted. Mail to addresses that do not exist reaches Microsoft 365.",
    ),
)
_PURPOSES: dict[str, str] = {TokenPurpose.GATEWAY.value: "Lists and questions of gateways"}
_KINDS = {"socketmap": "Postfix, by socketmap", demand.HTTP: "Maps over HTTP", demand.PGSQL: "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Paused:
    """A pause of removals as the page tells it. `level`: what the reader may resume, where that is so.

    `told`: the reader may know by whom it is, and why. A pause from above says neither: it may name another customer.
    """

    where: str
    pause: Pause
    level: PauseLevel | None
    told: bool


def show(
    request: HttpRequest,
    domain: Domain,
    *,
    fault: str = "",
    pause_form: PauseForm | None = None,
    token_form: TokenForm | None = None,
    check: GatewayCheck | None = None,
) -> HttpResponseBase:
    operator, now, organization = scope.operator(request), scope.now(request), domain.organization
    mine, way = levels(operator, domain), edit.ServingWay.of(domain)
    paused = [_paused(pause, domain, mine) for pause in pauses.over(domain)]
    paused_keys = {row.level.key for row in paused if row.level is not None}
    running = [level for level in mine if level.key not in paused_keys]
    may_set_up = access.may_set_up(operator, organization)
    kind = parameters.text(request.GET, "kind")
    context = {
        "domain": domain,
        "page": _facts(domain, way, now) | {"way": way, "pauses": paused},
        "setup": configuration(domain, kind, installation.settings()) if may_set_up else None,
        "lacking": lacking() if may_set_up else (),
        "modes": _MODES,
        "hours": edit.STALE_HOURS,
        "may_settle": access.may_connect(operator, organization),
        "may_edit": access.may_edit(operator, organization),
        "pause_form": pause_form or (PauseForm(running) if running else None),
        "may_issue": access.may_issue(operator, organization),
        "tokens": [_token_row(token, now) for token in tokens.reaching(organization, by=operator)],
        "token_form": token_form or TokenForm(),
        "check": check,
        "file_form": FileForm(),
        "fault": fault,
    }
    status = 422 if fault or pause_form or token_form else 200
    return render(request, "console/gateway/tab.html", context, status=status)


def _facts(domain: Domain, way: edit.ServingWay, now: datetime) -> dict[str, object]:
    """Who asked and what was answered lately, and what keeps anybody from being refused.

    `restored`: the restore since which no source was read as a whole, so that nobody is. `watched_restored`: the last
    one of a domain that is watched: what was entered by hand between the backup and it is lost. `uncounted`: some ask
    PostgreSQL, which is noted, and not counted.
    """
    askers, by_day = demand.lately(domain, DAYS, now)
    watched = way.serving is Serving.WATCH
    unread = domain.has_source and domain.read_at is None
    return {
        "askers": [(_asker(asker), asker.last_at) for asker in askers],
        "uncounted": any(asker.kind == demand.PGSQL for asker in askers),
        "chart": draw(by_day, now.astimezone(UTC).date()),
        "refusals": sum(counts.get(demand.WOULD_REFUSE, 0) for counts in by_day.values()),
        "refused": demand.would_refuse(domain)[:SHOWN] if watched else (),
        "restored": restorations.restoration_of(domain) if unread else None,
        "watched_restored": restorations.restoration_of(domain) if watched else None,
        "stale": domain.read_at is not None and not timedelta() <= now - domain.read_at <= domain.stale_after,
    }


def _paused(pause: Pause, domain: Domain, levels: Sequence[PauseLevel]) -> Paused:
    level = next((known_level for known_level in levels if known_level.key == level_of(pause)), None)
    reach = pauses.reach(pause, domain)
    words = reach.value if level is None or reach is pauses.Reach.DOMAIN else f"for {level.words}"
    return Paused(words, pause, level, told=level is not None or reach is pauses.Reach.DOMAIN)


def _token_row(token: Token, now: datetime) -> dict[str, object]:
    return {
        "token": token,
        "organizations": sorted(organization.name for organization in token.organizations.all()),
        "purposes": [_PURPOSES.get(purpose, purpose) for purpose in token.purposes],
        "works": token.revoked_at is None and (token.expires_at is None or now < token.expires_at),
    }


def _asker(asker: Asker) -> str:
    kind = _KINDS.get(asker.kind, asker.kind)
    return f"{kind}, “{asker.name}”" if asker.name else kind
