"""Ready configuration for gateways, with the hosts, ports and paths of this installation."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import PurePath
from typing import Final
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from mailroll.console.tables import Chip
from mailroll.directory import queries
from mailroll.directory.models import Domain
from mailroll.gateway.recipes import EXAMPLE, RECIPES, RecipePlace, render
from mailroll.settings import Settings

_PORT: Final = 5432
"""libpq's own, where an address names none."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How a kind of gateway asks: what runs on Mailroll's side, and what happens while that is away."""

    command: str
    fail_safe: str
    verify: str = ""
    """How `mailroll gateway verify` asks by it; empty where it cannot."""
    needs_database: bool = False


_DATABASE: Final = _Way(
    "mailroll gateway grant",
    "While the database is away or the list is old, the gateway answers 451 and the sender tries again. "
    "Nobody is refused because of Mailroll.",
    "--postmap pgsql:{configuration}/mailroll-access.cf",
    needs_database=True,
)
_FILES: Final = (
    "While Mailroll is away, the gateway goes on with the files that it has. "
    "A list that lost addresses without a reason is not written."
)

_WAYS: Final[Mapping[str, _Way]] = {
    "postfix-pgsql": _DATABASE,
    "exim-pgsql": replace(
        _DATABASE,
        verify='--pgsql "host={database_host} port={database_port} dbname={database_name} user={database_role}"',
    ),
    "postfix-pgsql-lookup": replace(
        _DATABASE,
        verify="--postmap pgsql:{configuration}/mailroll-recipients.cf",
        fail_safe="While the database is away or the list is old, the gateway answers 451 and the sender tries again. "
        "One such failure puts off all mail for 60 seconds: prefer the access table.",
    ),
    "postfix-socketmap": _Way(
        "mailroll gateway serve --socketmap {socketmap}",
        "The server answers from its own copy while the database is away. "
        "While the server is away, the gateway answers 451 and the sender tries again.",
        "--socketmap {socketmap}",
    ),
    "postfix-texthash": _Way(
        'mailroll gateway export texthash --all --to {exports} --then "postfix reload"',
        _FILES,
        "--postmap texthash:{exports}/current/recipients",
    ),
    "exim-lsearch": _Way("mailroll gateway export exim --all --to {exports}", _FILES),
    "mailcow": _Way(
        "mailroll gateway serve --socketmap inet:172.22.1.1:20025 --allow-remote",
        "The server answers from its own copy while the database is away. "
        "While the server is away, mailcow answers 451 and the sender tries again.",
        "--socketmap inet:172.22.1.1:20025",
    ),
    "haraka": _Way(
        "mailroll gateway serve --socketmap {socketmap}",
        "The server answers from its own copy while the database is away. "
        "While the server is away, Haraka answers 450 and the sender tries again.",
        "--socketmap {socketmap}",
    ),
    "rspamd": _Way(
        "mailroll gateway serve --http {http}",
        "While Mailroll is away, Rspamd goes on with the maps that it has. In place of TOKEN stands a token of yours.",
        "--http http://{http} --token-file FILE",
    ),
    "slapd": _Way("mailroll gateway export ldif --all --to {exports}", _FILES),
}
"""By the name of the recipe."""


def configuration(domain: Domain, kind: str, own: Settings) -> dict[str, object]:
    """Write the configuration for a kind of gateway; for the first kind where there is none of that name.

    `names`: the domains that the list answers for, this one and its aliases. `reachable`: whether a mail server can
    reach the database at all; where it cannot, there are no files. `verify` is empty where nothing can ask.
    """
    recipe_kind = kind if kind in RECIPES else next(iter(RECIPES))
    way, place = _WAYS[recipe_kind], _place(recipe_kind, domain, own)
    reachable = not way.needs_database or own.database_url is not None
    values = {**asdict(place), "http": urlsplit(place.http).netloc.rpartition("@")[2]}
    return {
        "kind": recipe_kind,
        "title": RECIPES[recipe_kind].title,
        "chips": [Chip(key, recipe.title, key == recipe_kind) for key, recipe in RECIPES.items()],
        "names": sorted(queries.accepted(domain), key=lambda name: (name != domain.name, name)),
        "command": way.command.format_map(values),
        "verify": f"mailroll gateway verify {domain.name} {way.verify.format_map(values)}" if way.verify else "",
        "fail_safe": way.fail_safe,
        "blocks": render(recipe_kind, place) if reachable else (),
        "reachable": reachable,
        "database": way.needs_database,
    }


def _place(kind: str, domain: Domain, own: Settings) -> RecipePlace:
    """Fill in what the installation knows. The rest is as the command that is shown with it makes it."""
    place = replace(EXAMPLE, domain=domain.name, configuration="/etc/ldap" if kind == "slapd" else "/etc/postfix")
    if own.database_url is None:
        return place
    conninfo = conninfo_to_dict(own.database_url)
    # libpq takes several servers; what is shown is the first.
    host = str(conninfo.get("host") or conninfo.get("hostaddr") or "").partition(",")[0]
    return replace(
        place,
        # A socket in a folder is of this machine only, and its mail server reaches PostgreSQL by the loopback.
        database_host=EXAMPLE.database_host if not host or PurePath(host).is_absolute() else host,
        database_port=int(str(conninfo.get("port") or _PORT).partition(",")[0]),
        database_name=str(conninfo.get("dbname") or conninfo.get("user") or EXAMPLE.database_name),
    )
