"""Every page that is looked at in a browser: in both themes by axe, on a phone, and in pictures. Add yours here."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.urls import reverse

from mailroll.alerts.models import Alert, AlertChannel, ChannelKind
from mailroll.directory import edit
from mailroll.directory.models import Domain, Group, Organization
from tests.console.browser import components
from tests.console.browser.stage import Stage


@dataclass(frozen=True)
class Shot:
    """One page: the name of its picture, where it is, and who looks at it."""

    name: str
    path: Callable[[Stage], str]
    who: str = "owner"
    status: int = 200


def _at(name: str, of: Callable[[Stage], tuple[object, ...]]) -> Callable[[Stage], str]:
    return lambda stage: reverse(f"console:{name}", args=of(stage))


def _domain(stage: Stage) -> tuple[object, ...]:
    return (stage.customer.domain.name,)


def _source(stage: Stage) -> tuple[object, ...]:
    return (stage.customer.domain.name, stage.customer.source.owner_id)


def _waiting(stage: Stage) -> tuple[object, ...]:
    return (stage.unconnected.name, stage.waiting.owner_id)


def _unconnected(stage: Stage) -> tuple[object, ...]:
    return (stage.unconnected.name,)


def _unproved(_: Stage) -> tuple[object, ...]:
    return (Domain.objects.get(name="rookery.example").path,)


def _user(stage: Stage) -> tuple[object, ...]:
    return (stage.customer.domain.name, stage.customer.user("p7@brightwater.example").id)


def _by_hand(stage: Stage) -> tuple[object, ...]:
    return (stage.customer.domain.name, stage.customer.user("fax@brightwater.example").id)


def _group(stage: Stage) -> tuple[object, ...]:
    return (stage.customer.domain.name, Group.objects.get(domain=stage.customer.domain, name="Clinical").id)


def _organization(stage: Stage) -> tuple[object, ...]:
    return (stage.customer.domain.organization_id,)


def _webhook(stage: Stage) -> tuple[object, ...]:
    place = stage.customer.domain.organization_id
    return (place, AlertChannel.objects.get(organization=place, kind=ChannelKind.WEBHOOK).id)


def _branch(stage: Stage) -> tuple[object, ...]:
    """An organization below another, with a domain that gateways are told of."""
    above, acting = stage.customer.domain.organization, stage.customer.acting
    found = Organization.objects.filter(parent=above).first()
    if found is None:
        found = edit.add_organization("Brightwater North", acting, parent=above)
        edit.add_domain(found, "north.brightwater.example", acting)
    return (found.id,)


def _connecting(stage: Stage) -> tuple[object, ...]:
    return (stage.connecting.domain.name, stage.connecting.owner_id)


def _path(url: str) -> str:
    return urlsplit(url).path


def _looked_up(text: str) -> Callable[[Stage], str]:
    return lambda _: f"{reverse('console:lookup')}?{urlencode({'address': text})}"


LOOKED_UP = {
    "none": "",
    "accepted": "p7@brightwater.example",
    "by-hand": "fax+tag@brightwater.example",
    "waits": "a.osei@brightwater.example",
    "nobody": "pp7@brightwater.example",
    "cannot-say": "nobody@coldharbour.example",
    "not-here": "ann@nowhere.example",
    "no-address": "bob",
}
"""What is typed into the box, by the name of the picture."""

SHOTS = (
    Shot("01-home", lambda _: "/"),
    Shot("02-user-sync", _at("user-sync", _domain)),
    Shot("02b-user-sync-no-source", _at("user-sync", _unconnected)),
    Shot("03-source-add", _at("source-add", _unconnected)),
    Shot("04-source-connect", _at("source", _connecting)),
    Shot("04b-consent-link", lambda stage: _path(stage.link)),
    Shot("04c-consent-ended", lambda _: "/consent/never-was/", status=410),
    Shot("04d-waiting", _at("connecting", lambda stage: (*_connecting(stage), stage.asking.id))),
    Shot("05a-source", _at("source", _source)),
    Shot("05b-filters", _at("source-filters", _source)),
    Shot("05c-destination", _at("source-destination", _source)),
    Shot("05d-disconnect", _at("source-disconnect", _source)),
    Shot("11-gateway", _at("gateway", _domain)),
    Shot("11b-gateway-never-asked", _at("gateway", _unconnected)),
    Shot("11c-gateway-watched", _at("gateway", lambda stage: (stage.second.name,))),
    Shot("11d-gateway-rspamd", lambda stage: _at("gateway", _domain)(stage) + "?kind=rspamd"),
    Shot("06-preview", _at("run", lambda stage: (stage.customer.domain.name, stage.preview.id))),
    Shot("07-held", _at("run", lambda stage: (stage.customer.domain.name, stage.held.id))),
    Shot("08b-runs", _at("runs", _domain)),
    Shot("09a-users", _at("users", _domain)),
    Shot("09a-users-nobody-yet", _at("users", _unconnected)),
    Shot("09a-users-retired", lambda stage: _at("users", _domain)(stage) + "?state=retired"),
    Shot("09a-users-no-hit", lambda stage: _at("users", _domain)(stage) + "?q=xyz"),
    Shot("09b-user", _at("user", _user)),
    Shot("09b-user-add", _at("user-add", _domain)),
    Shot("09b-user-by-hand", _at("user", _by_hand)),
    Shot("09b-user-remove", _at("user-remove", _by_hand)),
    Shot("09c-users-import", _at("users-import", _domain)),
    Shot("21-statics", _at("statics", _domain)),
    Shot("21-statics-none", _at("statics", _unconnected)),
    Shot("21-static-add", _at("static-add", _domain)),
    Shot("21-static-change", _at("static-change", _by_hand)),
    Shot("21-static-remove", _at("static-remove", _by_hand)),
    Shot("21-static-import", _at("static-import", _domain)),
    Shot("21-dynamic-lists", lambda _: reverse("console:help-dynamic-lists")),
    Shot("16-groups", _at("groups", _domain)),
    Shot("16-group-rename", _at("group-rename", _group)),
    Shot("16-group-remove", _at("group-remove", _group)),
    Shot("17-settings", lambda _: reverse("console:settings")),
    Shot("17f-installation", lambda _: reverse("console:installation"), who="provider"),
    Shot("17-organization", _at("organization", _organization)),
    Shot("17h-erase", _at("organization-erase", _branch), who="provider"),
    Shot("17i-move", _at("domain-move", lambda stage: (stage.second.name,)), who="provider"),
    Shot("17g-export", _at("organization-export", _organization)),
    Shot("17e-activity", _at("organization-activity", _organization)),
    Shot("22b-sign-in", _at("organization-sign-in", _organization)),
    Shot("17-domain-settings", _at("domain-settings", _domain)),
    Shot("02c-user-sync-connection-there", _at("user-sync", lambda stage: (stage.second.name,))),
    Shot("03b-source-add-connection-there", _at("source-add", lambda stage: (stage.second.name,))),
    Shot("17b-domain-proof", _at("domain-proof", _unproved)),
    Shot("17b-domain-remove-unproved", _at("domain-remove", _unproved)),
    Shot("17-domain-remove", _at("domain-remove", _domain)),
    Shot("12a-sign-in", lambda _: reverse("account_login"), who="anonymous"),
    Shot("12a-reset", lambda _: reverse("account_reset_password"), who="anonymous"),
    Shot("15-alerts", lambda _: reverse("console:alerts")),
    Shot("15-alerts-no-hit", lambda _: reverse("console:alerts") + "?q=xyz"),
    Shot("15-alert", lambda _: reverse("console:alert", args=[Alert.objects.get(severity="decide").id])),
    Shot("15b-alert-rules", _at("alert-rules", _organization)),
    Shot("15b-alert-channel-add", _at("alert-channel-add", _organization)),
    Shot("15b-alert-channel-edit", _at("alert-channel-edit", _webhook)),
    Shot("16-connections", lambda _: reverse("console:connections")),
    Shot("17-people", lambda _: reverse("console:people")),
    Shot("17a-person", _at("person", lambda stage: (stage.people.technician.id,))),
    Shot("17b-invite", lambda _: reverse("console:person-invite")),
    Shot("18-audit", lambda _: reverse("console:audit")),
    Shot("18b-audit-export", lambda _: reverse("console:audit-export")),
    Shot("19-profile", lambda _: reverse("console:profile")),
    Shot("20-second-factor", lambda _: reverse("mfa_index")),
    Shot("20b-password", lambda _: reverse("account_change_password")),
    Shot("04-source-not-connected", _at("source", _waiting)),
    Shot("12b-home-empty", lambda _: "/", who="nobody"),
    Shot("12c-refused", _at("connecting", lambda stage: (*_connecting(stage), stage.refused.id))),
    Shot("12e-stray", lambda _: "/connect/callback/?state=nobodys", status=403),
    Shot("13-components", lambda _: components.ADDRESS),
    Shot("14-domain-add", lambda _: reverse("console:domain-add")),
    Shot("16-connection", _at("connection", lambda stage: (stage.customer.connection.id,))),
    *(Shot(f"24-lookup-{name}", _looked_up(text)) for name, text in LOOKED_UP.items()),
    Shot("15-not-here", lambda _: "/no/such/page/", status=404),
)
