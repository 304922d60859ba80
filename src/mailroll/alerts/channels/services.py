"""Services that apprise knows by name, at hosts of their own: it writes a message, and our own sender brings it there.

Apprise asks by itself, and goes wherever an address says. So of its more than a hundred services only those are taken
whose hosts are known and are reached by HTTPS, and the module of each posts through `poster` instead. What an address
sets besides is taken where it stands in `options`: others have apprise read a file or another address (`template`).
"""

import importlib
import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final, NoReturn
from urllib.parse import urlencode, urlsplit

import requests

from mailroll.alerts.channels import poster
from mailroll.alerts.channels.errors import NotSent
from mailroll.reconcile.errors import BadInput


@dataclass(frozen=True, slots=True)
class NamedService:
    """One service: what apprise calls its module, its class and its addresses, and the hosts that it may be brought to.

    `hosts` that begin with a full stop are all below it. `options` may stand behind the question mark of an address.
    """

    words: str
    module: str
    plugin: str
    schemes: tuple[str, ...]
    hosts: tuple[str, ...]
    options: frozenset[str]


# The hosts stand in the modules of apprise 2.3; those of a workflow of Teams are in the address that Teams gives.
SERVICES: Final = (
    NamedService(
        "Teams",
        "workflows",
        "NotifyWorkflows",
        ("workflow", "workflows"),
        (".logic.azure.com", ".environment.api.powerplatform.com"),
        frozenset("api-version sp sv sig ver id workflow signature pa powerautomate route routeid".split()),
    ),
    NamedService("Slack", "slack", "NotifySlack", ("slack",), ("hooks.slack.com",), frozenset({"mode", "to"})),
    NamedService(
        "Google Chat",
        "google_chat",
        "NotifyGoogleChat",
        ("gchat",),
        ("chat.googleapis.com",),
        frozenset("workspace key token thread threadkey messagereplyoption".split()),
    ),
    NamedService(
        "Discord", "discord", "NotifyDiscord", ("discord",), ("discord.com",), frozenset({"thread", "botname"})
    ),
    NamedService(
        "PagerDuty",
        "pagerduty",
        "NotifyPagerDuty",
        ("pagerduty",),
        ("events.pagerduty.com", "events.eu.pagerduty.com"),
        frozenset("apikey integrationkey group class severity source component region".split()),
    ),
    NamedService(
        "Telegram",
        "telegram",
        "NotifyTelegram",
        ("tgram",),
        ("api.telegram.org",),
        frozenset({"to", "topic", "thread", "silent"}),
    ),
    NamedService(
        "Pushover",
        "pushover",
        "NotifyPushover",
        ("pover",),
        ("api.pushover.net",),
        frozenset({"to", "priority", "sound", "expire", "interval"}),
    ),
)

_SENDING: Final = threading.Lock()
"""Held while the module of a service has another `requests`: two at once would put back what is the other's."""


# Nothing of apprise gets into a log: what it notes of an address that it finds wanting holds tokens.
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)


def of_address(address: str) -> NamedService:
    """Tell which service an address is of. Raises `BadInput`, which never repeats the address: it is a secret."""
    service, _ = _opened(address)
    return service


def send(address: str, title: str, body: str) -> str:
    """Bring a message there; return what was answered. Raises `NotSent`."""
    try:
        service, (plugin, module) = _opened(address)
    except BadInput as problem:
        raise NotSent(problem.code, problem.message, problem.help) from problem
    transport = _Asked(service)
    # Only this module's name for the library is another: nobody else's requests are touched.
    with _SENDING:
        module.__dict__["requests"] = transport
        try:
            plugin.notify(body=body, title=title)
        finally:
            module.__dict__["requests"] = requests
    if transport.problem is not None:
        raise transport.problem
    if transport.reply is None:
        raise NotSent(
            "channel_not_its_own",
            f"{service.words} took the message for none of its own.",
            "Edit the channel, and paste the address anew that the service gave you.",
        )
    return transport.reply.words


def _opened(address: str) -> tuple[NamedService, tuple[Any, ModuleType]]:
    """Find the service of an address, its module imported by name: apprise itself would load all that it has."""
    address = address.strip()
    scheme, host = _parts(address)
    for service in SERVICES:
        if scheme in service.schemes or (scheme == "https" and _allows(service, host)):
            module = importlib.import_module(f"apprise.plugins.{service.module}")
            plugin = _build_plugin(service, module.__dict__[service.plugin], address, scheme)
            if plugin is not None and _is_at_home(plugin, service):
                return service, (plugin, module)
    service_names = ", ".join(service.words for service in SERVICES)
    raise BadInput(
        "channel_unknown",
        f"This is no address of a service that alerts can be brought to: {service_names}.",
        "Paste the address that the service gave you. For any other program, make a webhook.",
    )


def _parts(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
        return parts.scheme.lower(), (parts.hostname or "").lower()
    except ValueError:
        return "", ""


def _build_plugin(service: NamedService, plugin: Any, address: str, scheme: str) -> Any:
    """Have apprise read an address; None where it finds it wanting, which it says by errors of several kinds."""
    parse = plugin.parse_native_url if scheme == "https" else plugin.parse_url
    try:
        arguments = parse(address)
        if not arguments:
            return None
        _check_options(service, arguments)
        return plugin(**arguments)
    except (TypeError, ValueError, KeyError, AttributeError):
        return None


def _check_options(service: NamedService, arguments: Mapping[str, Any]) -> None:
    """Raise `BadInput` for an option that is not taken: as apprise has read it, for it reads in a way of its own."""
    if {name for name in arguments["qsd"] if name} <= service.options and not arguments.get("template"):
        return
    raise BadInput(
        "channel_option",
        f"This address of {service.words} sets something that alerts do not take.",
        f"Behind its question mark may stand: {', '.join(sorted(service.options))}.",
    )


def _is_at_home(plugin: Any, service: NamedService) -> bool:
    """Whether what can be set in its address leads nowhere else: most services have their host in the code."""
    host = str(getattr(plugin, "host", "") or "")
    return not host or not any(own_host.startswith(".") for own_host in service.hosts) or _allows(service, host)


def _allows(service: NamedService, host: str) -> bool:
    return any(host == own_host or (own_host.startswith(".") and host.endswith(own_host)) for own_host in service.hosts)


class _Asked:
    """Stands where a module of apprise has the library `requests`: posts by our sender, to the service's own hosts."""

    codes = requests.codes
    RequestException = requests.RequestException
    exceptions = requests.exceptions

    def __init__(self, service: NamedService) -> None:
        self._service = service
        self.reply: poster.ReceiverReply | None = None
        self.problem: NotSent | None = None

    def post(self, url: str, **arguments: Any) -> requests.Response:
        return self.request("post", url, **arguments)

    def get(self, url: str, **_: Any) -> NoReturn:
        self.problem = NotSent(
            "channel_asks_more",
            f"{self._service.words} would be asked for more than to take a message.",
            "Paste another kind of address of that service, or make a webhook.",
        )
        raise requests.RequestException(urlsplit(url).hostname)

    def request(self, method: str, url: str, **arguments: Any) -> requests.Response:
        parts = urlsplit(url)
        if method.lower() != "post" or parts.scheme != "https" or not _allows(self._service, parts.hostname or ""):
            self.get(url)
        query = arguments.get("params") or {}
        full = f"{url}{'&' if parts.query else '?'}{urlencode(query)}" if query else url
        body, headers = _body(arguments)
        try:
            self.reply = poster.post(full, body, headers)
        except NotSent as problem:
            self.problem = problem
            raise requests.RequestException(str(problem)) from problem
        response = requests.Response()
        response.status_code, response._content = self.reply.status, self.reply.body  # noqa: SLF001 - as its adapters do
        return response


def _body(arguments: Mapping[str, Any]) -> tuple[bytes, dict[str, str]]:
    headers = {str(name): str(value) for name, value in (arguments.get("headers") or {}).items()}
    data = arguments.get("data")
    if arguments.get("json") is not None:
        return json.dumps(arguments["json"]).encode(), {**headers, "Content-Type": "application/json"}
    if isinstance(data, Mapping):
        return urlencode(data).encode(), {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    return (data if isinstance(data, bytes) else str(data or "").encode()), headers
