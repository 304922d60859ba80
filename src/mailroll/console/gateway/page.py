"""What the Gateway tab shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mailroll.accounts.models import Token
from mailroll.accounts.tokens import TokenPurpose
from mailroll.console.gateway.chart import DAYS, Chart, draw
from mailroll.console.gateway.levels import PauseLevel, level_of
from mailroll.directory import edit, pauses, restorations
from mailroll.directory.models import Domain, Pause, Restoration, Serving
from mailroll.gateway import demand
from mailroll.gateway.models import Asker, RefusedAddress

SHOWN = 50
"""Addresses of a list that stand on the page."""

MODES = (
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


@dataclass(frozen=True, slots=True)
class GatewayPage:
    way: edit.ServingWay
    askers: tuple[tuple[str, datetime], ...]
    """Who asked, in words, and when last."""
    chart: Chart
    refusals: int
    refused: tuple[RefusedAddress, ...]
    pauses: tuple[Paused, ...]
    restored: Restoration | None
    """The restore since which no source was read as a whole, so that nobody is refused."""
    watched_restored: Restoration | None
    """The last restore of a domain that is watched: what was entered by hand between the backup and it is lost."""
    stale: bool
    uncounted: bool
    """Whether some ask PostgreSQL: that is noted, and not counted."""


@dataclass(frozen=True, slots=True)
class TokenRow:
    token: Token
    organizations: tuple[str, ...]
    purposes: tuple[str, ...]
    works: bool


def page(domain: Domain, levels: Sequence[PauseLevel], now: datetime) -> GatewayPage:
    way = edit.ServingWay.of(domain)
    askers, by_day = demand.lately(domain, DAYS, now)
    return GatewayPage(
        way=way,
        askers=tuple((_asker(one), one.last_at) for one in askers),
        uncounted=any(one.kind == demand.PGSQL for one in askers),
        chart=draw(by_day, now.astimezone(UTC).date()),
        refusals=sum(counts.get(demand.WOULD_REFUSE, 0) for counts in by_day.values()),
        refused=demand.would_refuse(domain)[:SHOWN] if way.serving is Serving.WATCH else (),
        pauses=tuple(_paused(one, domain, levels) for one in pauses.over(domain)),
        restored=restorations.restoration_of(domain) if domain.has_source and domain.read_at is None else None,
        watched_restored=restorations.restoration_of(domain) if way.serving is Serving.WATCH else None,
        stale=domain.read_at is not None and not timedelta() <= now - domain.read_at <= domain.stale_after,
    )


def _paused(pause: Pause, domain: Domain, levels: Sequence[PauseLevel]) -> Paused:
    level = next((one for one in levels if one.key == level_of(pause)), None)
    where = pauses.reach(pause, domain)
    words = where.value if level is None or where is pauses.Reach.DOMAIN else f"for {level.words}"
    return Paused(words, pause, level, told=level is not None or where is pauses.Reach.DOMAIN)


def token_row(token: Token, now: datetime) -> TokenRow:
    return TokenRow(
        token=token,
        organizations=tuple(sorted(one.name for one in token.organizations.all())),
        purposes=tuple(_PURPOSES.get(one, one) for one in token.purposes),
        works=token.revoked_at is None and (token.expires_at is None or now < token.expires_at),
    )


def _asker(one: Asker) -> str:
    kind = _KINDS.get(one.kind, one.kind)
    return f"{kind}, “{one.name}”" if one.name else kind
