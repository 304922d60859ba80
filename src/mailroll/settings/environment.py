"""Single values out of an environment: each reader returns a value or notes a problem."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from mailroll.settings.errors import SettingProblem

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_DIGITS = 9
_PORT_MAX = 65_535
_WITH_PORT = re.compile(r"(?:\[(?P<v6>[^\]]*)\]|(?P<v4>[0-9.]+))(?::(?P<port>[0-9]{1,5}))?", re.ASCII)
Network = IPv4Network | IPv6Network
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class NameServer:
    """A name server that is asked: an IP address, and a port."""

    host: str
    port: int = 53


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment being read; an empty variable counts as unset, as compose files write it."""

    environ: Mapping[str, str] = field(repr=False)
    problems: list[SettingProblem] = field(default_factory=list)
    asked: dict[str, None] = field(default_factory=dict)
    """The variables that were asked for, each once, the first one first."""

    def refuse(self, variable: str, wrong: str, way_out: str) -> None:
        self.problems.append(SettingProblem(variable, wrong, way_out))

    def text(self, variable: str) -> str | None:
        self.asked[variable] = None
        return self.environ.get(variable, "").strip() or None

    def path(self, variable: str) -> Path | None:
        text = self.text(variable)
        if text is None:
            return None
        if not Path(text).is_absolute() or "\0" in text:
            self.refuse(variable, "is not an absolute path", "Write it from the root, beginning with /.")
            return None
        return Path(text)

    def keys(self, variable: str) -> tuple[str, ...]:
        text = self.text(variable)
        if text is None:
            return ()
        keys = tuple(key.strip() for key in text.split(","))
        if not all(keys):
            self.refuse(variable, "holds an empty key", "Separate the keys by single commas.")
            return ()
        return keys

    def choice(self, variable: str, default: _Choice) -> _Choice:
        text = self.text(variable)
        if text is None:
            return default
        kinds = type(default)
        try:
            return kinds(text.lower())
        except ValueError:
            self.refuse(variable, "is none of the known words", f"Use one of: {', '.join(kinds)}.")
            return default

    def number(self, variable: str, default: int, *, least: int, most: int) -> int:
        text = self.text(variable)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS and least <= int(text) <= most):
            self.refuse(variable, "is no number in its range", f"Give a whole number from {least} to {most}.")
            return default
        return int(text)

    def networks(self, variable: str) -> tuple[Network, ...]:
        """Addresses and networks, separated by commas."""
        text = self.text(variable)
        if text is None:
            return ()
        try:
            return tuple(ip_network(part.strip()) for part in text.split(","))
        except ValueError:
            self.refuse(variable, "holds what is no network", "Write addresses or networks: 127.0.0.1, 10.1.0.0/16.")
            return ()

    def name_servers(self, variable: str) -> tuple[NameServer, ...]:
        """Addresses, with a port where it is not 53, separated by commas: `9.9.9.9, 127.0.0.1:5353, [::1]:5353`."""
        text = self.text(variable)
        if text is None:
            return ()
        try:
            return tuple(_name_server(part.strip()) for part in text.split(","))
        except ValueError:
            self.refuse(variable, "holds what is no address", "Write IP addresses: 9.9.9.9, 127.0.0.1:5353, [::1]:53.")
            return ()

    def postgresql_url(self, variable: str) -> str | None:
        text = self.text(variable)
        if text is None:
            return None
        parts = _split(text)
        if parts is None or parts.scheme not in {"postgresql", "postgres"}:
            self.refuse(variable, "is no PostgreSQL URL", "Write it as postgresql://user:password@host:5432/database.")
            return None
        if len(parts.path) <= 1:
            self.refuse(variable, "names no database", "Add its name behind the host: postgresql://.../mailroll.")
            return None
        return text

    def origin(self, variable: str) -> str | None:
        """An https URL of a host and no more, as `https://host` or `https://host:port`."""
        text = self.text(variable)
        if text is None:
            return None
        parts = _split(text)
        if parts is None or parts.scheme != "https" or not parts.hostname:
            self.refuse(variable, "is no https URL", "Write it as https://host or https://host:port.")
            return None
        return self._bare(variable, text, parts)

    def page_origin(self, variable: str) -> str | None:
        """An origin that a browser opens: https, or http on localhost, the only host where plain http is safe."""
        text = self.text(variable)
        if text is None:
            return None
        parts = _split(text)
        plain = parts is not None and parts.scheme == "http" and parts.hostname == "localhost"
        if parts is None or not parts.hostname or (parts.scheme != "https" and not plain):
            self.refuse(variable, "is no https URL", "Write it as https://host, or http://localhost:port to try.")
            return None
        return self._bare(variable, text, parts)

    def link(self, variable: str) -> str | None:
        """An address that a person follows: a page, or a mailbox as `mailto:help@example.com`."""
        text = self.text(variable)
        if text is None:
            return None
        if not is_link(text):
            self.refuse(variable, "is no link", "Write it as https://host/page, or as mailto:help@example.com.")
            return None
        return text

    def guid(self, variable: str) -> str | None:
        text = self.text(variable)
        if text is None:
            return None
        if not _GUID.fullmatch(text.lower()):
            self.refuse(variable, "is no GUID", "Copy it from the overview page of the app registration.")
            return None
        return text.lower()

    def hosts(self, variable: str) -> tuple[str, ...]:
        """Host names, separated by commas, without ports."""
        text = self.text(variable)
        if text is None:
            return ()
        names = tuple(name.strip().lower() for name in text.split(","))
        if not all(_HOST.fullmatch(name) for name in names):
            self.refuse(variable, "holds what is no host name", "Write names only: one.example, two.example.")
            return ()
        return names

    def _bare(self, variable: str, text: str, parts: SplitResult) -> str | None:
        if parts.path not in {"", "/"} or "?" in text or "#" in text or "@" in parts.netloc:
            self.refuse(
                variable,
                "holds more than a host",
                "Leave out user, path, query and fragment: https://host or https://host:port.",
            )
            return None
        return f"{parts.scheme}://{parts.netloc.lower()}"


def _name_server(text: str) -> NameServer:
    """Raises `ValueError`. An IPv6 address has brackets where a port follows, as in a URL (RFC 3986, 3.2.2)."""
    match = _WITH_PORT.fullmatch(text)
    host, port = (text, "53") if match is None else (match["v6"] or match["v4"], match["port"] or "53")
    if not 0 < int(port) <= _PORT_MAX:
        raise ValueError(text)
    return NameServer(str(ip_address(host)), int(port))


def is_link(text: str) -> bool:
    """Tell whether a person can follow it: a page over HTTPS, or a mailbox as `mailto:help@example.com`."""
    parts = _split(text)
    if parts is None:
        return False
    page = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    return page or (parts.scheme == "mailto" and "@" in parts.path)


def _split(url: str) -> SplitResult | None:
    """None also for what urlsplit would repair in silence: blanks and control characters."""
    if not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        if parts.scheme in {"https", "http"}:
            _ = parts.port  # raises where it is no number; a PostgreSQL URL may name several hosts
    except ValueError:
        return None
    return parts
