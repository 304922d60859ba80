"""A connection as a person looks at it: permissions, domains, credential, and whether anything is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Case, Expression, IntegerField, TextField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, NullIf
from django.db.models.lookups import Exact, In, IsNull

from mailroll.accounts import access
from mailroll.accounts.models import Operator
from mailroll.connections import sources
from mailroll.connections.health import LOST
from mailroll.connections.models import Connection, CredentialKind, Source
from mailroll.console.addresses import address
from mailroll.console.home.forms import add_domain_url
from mailroll.directory.models import Domain

CLOUDS: Final = {
    "global": "Global and GCC",
    "gcc-high": "US Gov L4 (GCC High)",
    "dod": "US Gov L5 (DoD)",
    "china": "China (21Vianet)",
    "custom": "Custom",
}
_CREDENTIALS: Final = {
    CredentialKind.INSTALLATION.value: "App registration of this Console",
    CredentialKind.CERTIFICATE.value: "Certificate",
    CredentialKind.SECRET.value: "Client secret",
}
_STATES: Final = {"granted": ("ok", "Granted"), "missing": ("attention", "Missing"), "unknown": ("begin", "Not known")}
_BEFORE: Final = ("begin", "Granted when last told")
"""A check that nobody was let in by told nothing of permissions; what is kept of them is older."""
_DONE_WITHOUT: Final = ("off", "Not granted")
_SOON, _LATE = 30, 60
MARKS: Final = ("failed", "attention", "begin", "ok")
"""How a connection may stand, the most pressing first."""
NAMED: Final = 3
"""Domains that a line of the list names."""


@dataclass(frozen=True, slots=True)
class PermissionLine:
    """A permission and what it does here; where it is missing, what there is not, and the cure."""

    name: str
    state: str
    words: str
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """A domain that the tenant owns. `people` is None where nobody counted; `add_url` is where it can be added."""

    name: str
    state: str
    words: str
    people: int | None
    add_url: str

    @property
    def missing(self) -> bool:
        return self.state == "attention"


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that the pages of connections tell. `own`: whoever looks sees the organization that has it, too.

    `users` are the sources that use it, or the first `NAMED` of so many `uses`.
    """

    connection: Connection
    own: bool
    tenant: str
    cloud: str
    accepted_by: str
    accepted_role: str
    accepted_at: datetime | None
    checked_at: datetime | None
    credential: str
    ends_state: str
    ends_days: int | None
    error: Mapping[str, str] | None
    now: datetime
    lines: tuple[PermissionLine, ...]
    users: tuple[Source, ...]
    uses: int

    @property
    def ends_words(self) -> str:
        ends = self.connection.credential_ends_at
        if ends is None or self.ends_days is None:
            return ""
        if self.ends_state == "failed":
            return f"Ended {ends:%-d %b %Y}"
        days = f"{self.ends_days} day{'' if self.ends_days == 1 else 's'}" if self.ends_days else "less than a day"
        return f"Until {ends:%-d %b %Y}, {days}"

    @property
    def granted(self) -> int:
        return sum(1 for line in self.lines if line.state == "ok")

    @property
    def named(self) -> list[tuple[str, str]]:
        """The domains that a list names, with the page of the source of each."""
        sources = self.users[:NAMED]
        return [
            (source.domain.name, address("console:source", source.domain.path, source.owner_id)) for source in sources
        ]

    @property
    def further(self) -> int:
        """How many domains a list does not name."""
        return max(0, self.uses - NAMED)

    @property
    def lacking(self) -> list[str]:
        """The permissions that are missing and should be there."""
        return [line.name for line in self.lines if line.state == "attention"]

    @property
    def state(self) -> tuple[str, str]:
        return state(self.connection, self.now)


def state(connection: Connection, now: datetime) -> tuple[str, str]:
    """How a connection stands, by what was last seen of it: the mark and its words."""
    health = connection.health
    return judge(health.get("state"), health.get("error"), connection.credential_ends_at, now)


def judge(state: str | None, error: object, ends_at: datetime | None, now: datetime) -> tuple[str, str]:
    """Judge by the state that was found at last, what went wrong then, and when the credential ends."""
    ends = _ends(ends_at, now)
    if error:
        return ("failed", "Access refused") if state == "refused" else ("attention", "No answer at the last check")
    if ends in {"failed", "attention"}:
        return ends, "Credential ended" if ends == "failed" else "Credential ends soon"
    match state:
        case "incomplete":
            return "attention", "Permission missing"
        case "lessened":
            return "attention", "Permission lost"
        case None:
            return "begin", "Not checked yet"
        case _:
            return "ok", "Healthy"


def rank_in_sql(now: datetime) -> Expression:
    """Return the place of what `judge` says in `MARKS`, judged by the database of many."""
    failed, attention, begin, ok = (Value(place) for place in range(len(MARKS)))
    # As text, a key that is missing and one with a null are the same. Each text that is read costs a tenth of all.
    error, state = KT("health__error"), KT("health__state")
    return Case(
        When(IsNull(error, rhs=False), then=Case(When(Exact(state, "refused"), then=failed), default=attention)),
        When(credential_ends_at__lte=now, then=failed),
        When(credential_ends_at__lt=now + timedelta(days=_SOON), then=attention),
        When(In(state, ("incomplete", "lessened")), then=attention),
        When(IsNull(state, rhs=True), then=begin),
        default=ok,
        output_field=IntegerField(),
    )


def name_in_sql() -> Expression:
    """Return what a tenant is called. It may have thousands of domains beside; they stay in the database."""
    return Coalesce(NullIf(KT("health__tenant_name"), Value("", TextField())), "tenant_id", output_field=TextField())


def badge(source: Source, now: datetime) -> tuple[str, str]:
    """What stands beside the name of a source, on every page of it."""
    if source.connection is None:
        return "begin", "Not connected"
    if not source.enabled:
        return "off", "Switched off"
    mark, words = state(source.connection, now)
    return (mark, f"Connected to {sources.NAMES[source.kind]}") if mark == "ok" else (mark, words)


def view_connection(connection: Connection, operator: Operator, now: datetime) -> Seen:
    used = connection.sources.filter(domain__in=access.seen_domains(operator)).select_related("owner", "domain")
    own = access.may_view(operator, connection.organization)
    return show(connection, now, own=own, used=used.order_by("domain__name"))


def show(connection: Connection, now: datetime, *, own: bool, used: Iterable[Source], uses: int | None = None) -> Seen:
    """Tell of a connection; `used`: its sources as far as whoever looks may see them, `uses`: where there are more."""
    users = tuple(used)
    consent, health = connection.consent, connection.health
    ends = connection.credential_ends_at
    days = None if ends is None else max(0, (ends - now).days)
    return Seen(
        connection=connection,
        own=own,
        tenant=health.get("tenant_name") or connection.tenant_id,
        cloud=CLOUDS.get(connection.cloud, connection.cloud),
        # Whoever accepted may be another customer's administrator, with an address there.
        accepted_by=consent.get("by", "") if own or not consent else "An administrator of the tenant",
        accepted_role=consent.get("role", ""),
        accepted_at=_time(consent.get("at")),
        checked_at=_time(health.get("checked_at")),
        credential=_CREDENTIALS[connection.credential_kind],
        ends_state=_ends(ends, now),
        ends_days=days,
        error=health.get("error"),
        now=now,
        lines=_lines(connection.kind, health),
        users=users,
        uses=len(users) if uses is None else uses,
    )


def verified(connection: Connection, domain: Domain | None, operator: Operator) -> tuple[Verified, ...]:
    """The tenant's domains, as far as they are this operator's business, and how to add those that are missing.

    A tenant that is read through a connection of an organization above is other customers' too: of it, only what the
    operator has here is told.
    """
    own = access.may_view(operator, connection.organization)
    names = connection.health.get("domains", [])
    domains = access.seen_domains(operator)
    mine = set(domains.filter(name__in=names).values_list("name", flat=True))
    aliases = dict(domains.filter(aliases__name__in=names).values_list("aliases__name", "name"))
    people = connection.health.get("people", {})
    place = connection.organization if domain is None else domain.organization
    adds = access.may_connect(operator, place)
    rows = []
    for name in names:
        state, words, add_url = "ok", "Also in this Console", ""
        if domain is not None and name == domain.name:
            words = "This domain"
        elif domain is None and name in mine:
            words = "In this Console"
        elif name in aliases:
            words = f"Alias domain of {aliases[name]}"
        elif name not in mine and not own:
            continue
        elif name not in mine:
            state, words = "attention", "None of your domains here"
            add_url = add_domain_url(name, place.id) if adds else ""
        rows.append(Verified(name, state, words, people.get(name), add_url))
    return tuple(sorted(rows, key=lambda row: (row.words != "This domain", row.missing, row.name)))


def _lines(kind: str, health: Mapping[str, Any]) -> tuple[PermissionLine, ...]:
    permissions = {permission["name"]: permission for permission in health.get("permissions", [])}
    lines = []
    for need in sources.needs(kind):
        checked = permissions.get(need.name, {})
        state, fix = checked.get("state", "unknown"), checked.get("fix", need.fix)
        mark, words = _STATES[state] if need.required or state != "missing" else _DONE_WITHOUT
        if LOST in checked and not need.required:
            mark, words = _STATES["missing"][0], "Not granted any more"
        if health.get("error") and mark == "ok":
            mark, words = _BEFORE
        detail = f"Without it: {need.without}. {need.fix}" if state == "missing" or LOST in checked else need.why
        if state == "unknown" and fix != need.fix:
            detail = fix  # why it could not be told, and no consent would change it
        lines.append(PermissionLine(need.name, mark, words, detail))
    return tuple(lines)


def _ends(at: datetime | None, now: datetime) -> str:
    """How pressing the end of a credential is; empty where it has none."""
    if at is None:
        return ""
    days = (at - now).days
    if at <= now:
        return "failed"
    if days < _SOON:
        return "attention"
    return "late" if days < _LATE else "off"


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
