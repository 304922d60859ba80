"""The clouds a tenant may live in: where to sign in, and where Graph is.

Hosts: Microsoft Entra "national clouds" (identity-platform/authentication-national-cloud) and Graph's "deployments".
GCC lives in the global cloud; GCC High is US Government L4, DoD is L5. One registration and one token per cloud.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, urlsplit


@dataclass(frozen=True, slots=True)
class Cloud:
    """`login` and `graph` are origins (`https://host[:port]`); `ca_file` replaces the system's authorities.

    `pages` is where browsers find the sign-in pages, where that is not the sign-in host itself.
    """

    name: str
    login: str
    graph: str
    ca_file: str = ""
    pages: str = ""

    @property
    def front(self) -> str:
        return self.pages or self.login

    @property
    def scope(self) -> str:
        """Everything that the registration declares for this cloud's Graph; the host must be the cloud's own."""
        return f"{self.graph}/.default"

    @property
    def own_network(self) -> bool:
        """Whether somebody gave hosts or authorities of their own, so that private addresses are to be expected."""
        return self.name == CUSTOM or bool(self.ca_file)


CUSTOM: Final = "custom"

_US_LOGIN: Final = "https://login.microsoftonline.us"

CLOUDS: Final[Mapping[str, Cloud]] = {
    cloud.name: cloud
    for cloud in (
        Cloud("global", "https://login.microsoftonline.com", "https://graph.microsoft.com"),
        Cloud("gcc-high", _US_LOGIN, "https://graph.microsoft.us"),
        Cloud("dod", _US_LOGIN, "https://dod-graph.microsoft.us"),
        Cloud("china", "https://login.partner.microsoftonline.cn", "https://microsoftgraph.chinacloudapi.cn"),
    )
}


@lru_cache(maxsize=64)
def cloud_of(name: str, *, login_url: str, graph_url: str, ca_file: str) -> tuple[Cloud | None, tuple[str, ...]]:
    """Return the cloud and no problems, or no cloud and every problem, each as one sentence."""
    if name != CUSTOM:
        problems = []
        if name not in CLOUDS:
            problems.append(f"The cloud is one of {', '.join(CLOUDS)} or {CUSTOM}.")
        if login_url or graph_url:
            problems.append(f"A sign-in URL and a Graph URL are given only with the cloud {CUSTOM}.")
        return (None, tuple(problems)) if problems else (replace(CLOUDS[name], ca_file=ca_file), ())
    login, graph = _origin(login_url), _origin(graph_url)
    faults = [
        f"The {label} of the cloud {CUSTOM} is an https URL of a host and perhaps a port, without a path."
        for label, origin in (("sign-in URL", login), ("Graph URL", graph))
        if origin is None
    ]
    if login is None or graph is None:
        return None, tuple(faults)
    return Cloud(CUSTOM, login, graph, ca_file), ()


def _origin(url: str) -> str | None:
    """Return `https://host[:port]` in lower case, without the port that https has anyway."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme != "https" or not parts.hostname or not _is_bare(parts):
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"https://{host}" if port in {None, 443} else f"https://{host}:{port}"


def _is_bare(parts: SplitResult) -> bool:
    """Tell a URL that is nothing but an origin; names in other scripts are given as A-labels."""
    return (
        parts.netloc.isascii()
        and "@" not in parts.netloc
        and parts.path in {"", "/"}
        and not parts.query + parts.fragment
    )
