"""Who gets what at every address of a domain: a row a route. `test_doors.py` fails where a route has none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from mailroll.accounts import invitations, tokens
from mailroll.accounts.models import Membership, Role
from mailroll.alerts.causes import AlertCause
from mailroll.alerts.channels import storage
from mailroll.alerts.models import Alert, ChannelKind
from mailroll.audit.actor import Acting
from mailroll.directory import static_uploads, statics
from mailroll.directory.models import Group, User
from mailroll.sync.models import Run
from tests.sync.world import Customer

OK, SENT, MISSING, FORBIDDEN, GONE = 200, 302, 404, 403, 410
STAFF = ("viewer", "technician", "owner")


@dataclass(frozen=True)
class Row:
    """One address. `may` are the roles that get `answer`; other staff get 403, strangers 404, nobody the sign-in."""

    route: str
    may: tuple[str, ...]
    answer: int = OK
    method: str = "get"
    of: Callable[[Customer], Mapping[str, Any]] = lambda customer: {"domain": customer.domain.name}
    data: Mapping[str, str] = field(default_factory=dict)
    apart: Mapping[str, int] = field(default_factory=dict)
    """Who gets something else than the rule says."""

    def expected(self, who: str) -> int:
        if who in self.apart:
            return self.apart[who]
        if who == "anonymous":
            return SENT
        if who == "stranger":
            return MISSING
        return self.answer if who in self.may else FORBIDDEN


def _source(customer: Customer) -> Mapping[str, Any]:
    return {"domain": customer.domain.name, "source": customer.source.owner_id}


def _run(customer: Customer) -> Mapping[str, Any]:
    known = Run.objects.filter(domain=customer.domain).first()
    return {"domain": customer.domain.name, "run": known.id if known else uuid4()}


def _user(customer: Customer) -> Mapping[str, Any]:
    known = User.objects.exclude(display_name="").filter(domain=customer.domain).order_by("display_name").first()
    return {"domain": customer.domain.name, "user": known.id if known else uuid4()}


def _group(customer: Customer) -> Mapping[str, Any]:
    group, _ = Group.objects.get_or_create(domain=customer.domain, name="Reception")
    return {"domain": customer.domain.name, "group": group.id}


def _static(customer: Customer) -> Mapping[str, Any]:
    domain = customer.domain
    known = statics.by_address(domain, customer.time().date(), f"lists@{domain.name}")
    return {"domain": domain.name, "user": known.id if known else uuid4()}


def _upload(customer: Customer) -> Mapping[str, Any]:
    # People see what they brought today, by the real clock.
    acting = Acting("test:priya")
    made = static_uploads.keep("list.csv", f"address\nlist@{customer.domain.name}\n".encode(), customer.domain, acting)
    return {"domain": customer.domain.name, "upload": made}


def _organization(customer: Customer) -> Mapping[str, Any]:
    return {"organization": customer.domain.organization_id}


def _connection(customer: Customer) -> Mapping[str, Any]:
    return {"connection": customer.connection.id}


def _attempt(customer: Customer) -> Mapping[str, Any]:
    return {**_source(customer), "attempt": uuid4()}


def _public(route: str, answer: int, method: str = "get", **arguments: Any) -> Row:
    """Make a row for a page without a door: everybody gets the same."""
    everybody = dict.fromkeys((*STAFF, "stranger", "anonymous"), answer)
    return Row(route, (), answer, method, lambda _: arguments, apart=everybody)


def _nothing(_: Customer) -> Mapping[str, Any]:
    return {}


def _membership(customer: Customer) -> Mapping[str, Any]:
    held = Membership.objects.filter(organization=customer.domain.organization, role="viewer").first()
    return {"membership": held.id if held else 0}


def _person(customer: Customer) -> Mapping[str, Any]:
    held = Membership.objects.filter(organization=customer.domain.organization, role="technician").first()
    return {"operator": held.operator_id if held else uuid4()}


def _invitation(customer: Customer) -> Mapping[str, Any]:
    boss = Membership.objects.get(organization=customer.domain.organization, role="administrator").operator
    made, _ = invitations.invite(
        "new@northgate.example", customer.domain.organization, Role.VIEWER, by=boss, now=datetime.now(UTC)
    )
    return {"invitation": made.id}


def _token(customer: Customer) -> Mapping[str, Any]:
    made, _ = tokens.create("mx1", [customer.domain.organization], [tokens.TokenPurpose.GATEWAY], Acting("test:priya"))
    return {"domain": customer.domain.name, "token": made.id}


def _alert(customer: Customer) -> Mapping[str, Any]:
    at = customer.time()
    made, _ = Alert.objects.get_or_create(
        cause=AlertCause.DOMAIN_UNKNOWN,
        key="x",
        organization=customer.domain.organization,
        ended_at=None,
        defaults={
            "severity": "soon",
            "domains": [customer.domain.id],
            "facts": {"names": ["brightwater-freight.example"], "connection": str(customer.connection.id)},
            **dict.fromkeys(("since", "seen_at", "changed_at"), at),
        },
    )
    return {"alert": made.id}


def _channel(customer: Customer) -> Mapping[str, Any]:
    place, acting = customer.domain.organization, Acting("test:priya")
    made = storage.add(place, ChannelKind.MAIL, "", "it@brightwater.example", acting).channel
    return {"organization": place.id, "channel": made.id}


OPERATE = ("technician", "owner")
ADMINISTER = ("owner",)

ROWS = (
    Row("domain", STAFF, SENT),
    Row("gateway", STAFF),
    Row("gateway-serving", ("owner",), SENT, "post", data={"serving": "watch", "plus_tags": "on", "stale_hours": "72"}),
    Row("gateway-pause", ("technician", "owner"), SENT, "post", data={"level": "domain", "reason": "A move"}),
    Row("gateway-resume", ("technician", "owner"), SENT, "post", data={"level": "domain"}),
    Row("gateway-check", OPERATE, OK, "post"),
    Row("gateway-token-make", ("owner",), OK, "post", data={"name": "mx1"}),
    Row("gateway-token-revoke", ("owner",), SENT, "post", _token),
    Row("user-sync", STAFF),
    Row("automatic", OPERATE, SENT, "post"),
    Row("interval", OPERATE, SENT, "post", data={"minutes": "30"}),
    Row("preview", OPERATE, SENT, "post"),
    Row("sync", OPERATE, SENT, "post"),
    Row("source-add", ADMINISTER),
    Row("source-add", ADMINISTER, SENT, "post", data={"kind": "microsoft365"}),
    Row("source-destination", OPERATE, of=_source),
    Row("source-destination", OPERATE, SENT, "post", _source, {"group": "group:Main"}),
    Row("source-filters", OPERATE, of=_source),
    Row("source-filters", OPERATE, SENT, "post", _source, {"do": "save", "join": "all"}),
    Row("source-filter-count", OPERATE, OK, "post", _source, {"join": "all"}),
    Row("source-filter-export", OPERATE, of=_source),
    Row("source-takes", OPERATE, SENT, "post", _source, {"groups": "on"}),
    Row("source-order", OPERATE, SENT, "post", _source, {"way": "up"}),
    Row("source-enabled", OPERATE, SENT, "post", _source),
    Row("source-name", OPERATE, SENT, "post", _source, {"name": "Staff"}),
    Row("source", STAFF, of=_source),
    Row("source-register", ADMINISTER, 422, "post", _source, {"tenant": "none", "proof": "secret"}),
    Row("source-certificate", ADMINISTER, SENT, "post", _source),
    Row("source-certificate-file", ADMINISTER, of=_source),
    Row("source-link", ADMINISTER, SENT, "post", _source, {"do": "end"}),
    Row("source-use", ADMINISTER, SENT, "post", _source, {"connection": "x"}),
    Row("source-share", ADMINISTER, SENT, "post", data={"connection": "x"}),
    Row("source-check", OPERATE, SENT, "post", _source),
    Row("source-disconnect", ADMINISTER, of=_source),
    Row("connecting", (), of=_attempt, apart=dict.fromkeys((*STAFF, "stranger"), MISSING)),
    Row("connections", STAFF, of=lambda _: {}, apart={"stranger": OK}),
    Row("connection", STAFF, of=_connection),
    Row("connect-start", (), of=lambda _: {"token": "x"}, apart={"stranger": FORBIDDEN}),
    _public("connect-callback", FORBIDDEN),
    _public("connect-hand-over", FORBIDDEN, token="x"),
    # Looked at under another name than the registered one, these two lead there.
    _public("consent-link", SENT, token="x"),
    _public("consent-go", SENT, token="x"),
    _public("consent-decline", GONE, "post", token="x"),
    _public("consent-attempt", MISSING, attempt=uuid4()),
    Row("source-disconnect", ADMINISTER, SENT, "post", _source),
    Row("source-remove", ADMINISTER, of=_source),
    Row("source-remove", ADMINISTER, SENT, "post", _source),
    Row("runs", STAFF),
    Row("run", STAFF, of=_run),
    Row("run-progress", STAFF, 286, of=_run),
    Row("run-export", STAFF, of=_run),
    Row("run-cancel", OPERATE, SENT, "post", _run),
    Row("run-apply", OPERATE, SENT, "post", _run),
    Row("run-discard", OPERATE, SENT, "post", _run),
    Row("run-release", OPERATE, SENT, "post", _run),
    Row("run-mark", OPERATE, MISSING, "post", _run),
    Row("users", STAFF),
    Row("users-export", STAFF),
    Row("users-import", OPERATE),
    Row("users-import", OPERATE, 422, "post"),
    Row("user-add", OPERATE),
    Row("user-add", OPERATE, 422, "post"),
    Row("user", STAFF, of=_user),
    Row("user-pin", OPERATE, SENT, "post", _user, {"on": "1"}),
    Row("user-unkeep", OPERATE, SENT, "post", _user),
    Row("users-restore", OPERATE, SENT, "post"),
    Row("user-exempt", OPERATE, SENT, "post", _user, {"on": "1"}),
    Row("user-kind", OPERATE, SENT, "post", _user, {"kind": "room"}),
    Row("user-group", OPERATE, SENT, "post", _user, {"group": "Main"}),
    Row("user-name", OPERATE, SENT, "post", _user, {"name": "Somebody Else"}),
    Row("user-aliases", OPERATE, SENT, "post", _user, {"address": "x@brightwater.example"}),
    Row("user-restore", OPERATE, SENT, "post", _user),
    Row("user-remove", OPERATE, of=_user),
    Row("user-remove", OPERATE, SENT, "post", _user),
    Row("domain-settings", ADMINISTER),
    Row("domain-alias-add", ADMINISTER, 422, "post"),
    Row("domain-alias-remove", ADMINISTER, SENT, "post"),
    Row("exemption-end", ADMINISTER, SENT, "post"),
    # Once it is proved, its page leads to the domain itself.
    Row("domain-proof", STAFF, SENT),
    Row("domain-proof-check", ADMINISTER, SENT, "post"),
    Row("domain-move", ADMINISTER),
    Row("domain-move", ADMINISTER, 422, "post"),
    Row("domain-remove", ADMINISTER),
    Row("domain-remove", ADMINISTER, 422, "post"),
    Row("organization", ADMINISTER, of=_organization),
    Row("organization", ADMINISTER, SENT, "post", _organization, {"name": "Brightwater"}),
    Row("customer-add", ADMINISTER, SENT, "post", _organization, {"name": "Branch"}),
    Row("organization-export", ADMINISTER, of=_organization),
    Row("organization-export", ADMINISTER, OK, "post", _organization),
    # Its provider may, and nobody of its own.
    Row("organization-erase", (), of=_organization),
    Row("organization-erase", (), method="post", of=_organization),
    Row("organization-remove", ADMINISTER, of=_organization),
    Row("organization-remove", ADMINISTER, SENT, "post", _organization),
    # The stranger administers another customer, whose people and entries these are then.
    Row("people", ADMINISTER, of=_nothing, apart={"stranger": OK}),
    Row("people-export", ADMINISTER, of=_nothing, apart={"stranger": OK}),
    Row("person", ADMINISTER, of=_person),
    Row("person-on", ADMINISTER, SENT, "post", _person),
    Row("invitation-again", ADMINISTER, OK, "post", _invitation),
    Row("person-factors", ADMINISTER, SENT, "post", _person),
    Row("person-invite", ADMINISTER, of=_nothing, apart={"stranger": OK}),
    Row("person-invite", ADMINISTER, 422, "post", _nothing, {"email": "x"}, apart={"stranger": 422}),
    Row("invitation-withdraw", ADMINISTER, SENT, "post", _invitation),
    Row("person-role", ADMINISTER, SENT, "post", _membership, {"role": "viewer"}),
    Row("person-remove", ADMINISTER, of=_membership),
    Row("person-remove", ADMINISTER, SENT, "post", _membership),
    # Whoever administers one of several customers does not administer the installation.
    Row("installation", (), of=_nothing, apart={"stranger": FORBIDDEN}),
    Row("organization-activity", ADMINISTER, of=_organization),
    Row("organization-sign-in", ADMINISTER, of=_organization),
    Row("organization-sign-in", ADMINISTER, SENT, "post", _organization, {"demand": "nobody"}),
    Row("profile", STAFF, of=_nothing, apart={"stranger": OK}),
    Row("audit", ADMINISTER, of=_nothing, apart={"stranger": OK}),
    Row("audit-export", ADMINISTER, of=_nothing, apart={"stranger": OK}),
    Row("audit-export", ADMINISTER, OK, "post", _nothing, apart={"stranger": OK}),
    _public("invitation", GONE),
    _public("invitation-link", GONE, token="x"),
    Row("help-dynamic-lists", STAFF, of=_nothing, apart={"stranger": OK}),
    Row("statics", STAFF),
    Row("static-add", OPERATE),
    Row("static-add", OPERATE, 422, "post"),
    Row("static-change", OPERATE, of=_static),
    Row("static-change", OPERATE, 422, "post", _static),
    Row("static-remove", OPERATE, of=_static),
    Row("static-remove", OPERATE, SENT, "post", _static),
    Row("static-import", OPERATE),
    Row("static-import", OPERATE, 422, "post"),
    Row("static-upload", OPERATE, of=_upload),
    Row("static-upload", OPERATE, SENT, "post", _upload, {"do": "drop"}),
    Row("lookup", STAFF, of=_nothing, apart={"stranger": OK}),
    Row("lookup-answer", STAFF, of=_nothing, apart={"stranger": OK}),
    Row("lookup-ask", OPERATE, SENT, "post", data={"address": "p1@brightwater.example"}),
    Row("lookup-accept", OPERATE, 422, "post"),
    Row("alerts", STAFF, of=_nothing, apart={"stranger": OK}),
    Row("alerts-export", STAFF, of=_nothing, apart={"stranger": OK}),
    Row("alert", STAFF, of=_alert),
    Row("alert-rules-start", ADMINISTER, SENT, of=_nothing, apart={"stranger": SENT}),
    Row("alert-rules", ADMINISTER, of=_organization),
    Row("alert-rules", ADMINISTER, 422, "post", _organization),
    Row("alert-rules-inherit", ADMINISTER, SENT, "post", _organization),
    Row("alert-digest", ADMINISTER, SENT, "post", _organization, {"on": "on", "at": "08:00"}),
    Row("alert-channel-add", ADMINISTER, of=_organization),
    Row("alert-channel-add", ADMINISTER, 422, "post", _organization),
    Row("alert-channel-edit", ADMINISTER, of=_channel),
    Row("alert-channel-edit", ADMINISTER, SENT, "post", _channel, {"name": "Night shift"}),
    Row("alert-channel-test", ADMINISTER, SENT, "post", _channel),
    Row("alert-channel-remove", ADMINISTER, SENT, "post", _channel),
    Row("alert-snooze", OPERATE, SENT, "post", _alert, {"length": "hour"}),
    Row("alert-acknowledge", OPERATE, SENT, "post", _alert, {"note": "It is moved this week"}),
    Row("alert-reopen", OPERATE, SENT, "post", _alert),
    Row("groups", STAFF),
    Row("group-add", OPERATE, SENT, "post", data={"name": "Theatre"}),
    Row("group-rename", OPERATE, of=_group),
    Row("group-rename", OPERATE, SENT, "post", _group, {"name": "Front desk"}),
    Row("group-remove", OPERATE, of=_group),
    Row("group-remove", OPERATE, SENT, "post", _group),
)
