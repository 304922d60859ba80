"""Fills the templates of a recipe with the names, hosts and paths of one installation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Final

_BLANK: Final = re.compile(r"@([A-Z]+(?:_[A-Z]+)*)@")
"""No server here writes its own variables so: Postfix has `$name`, Exim `${name}`, Rspamd `{{ name }}`."""


@dataclass(frozen=True, slots=True)
class RecipePlace:
    """What a recipe has to know of an installation."""

    configuration: str
    """The folder of the mail server's own files, such as /etc/postfix."""
    domain: str
    """In A-labels."""
    database_host: str
    database_port: int
    database_name: str
    database_role: str
    database_password: str
    socketmap: str
    """As Postfix writes it: `inet:HOST:PORT` or `unix:PATH`."""
    http: str
    """Where the maps are fetched, without a slash at its end; holds the user and token where they are in the URL."""
    exports: str
    """The folder with the exported files."""


EXAMPLE: Final = RecipePlace(
    configuration="/etc/postfix",
    domain="contoso.example",
    database_host="127.0.0.1",
    database_port=5432,
    database_name="mailroll",
    database_role="mailroll_gateway",
    database_password="PASSWORD",  # noqa: S106 - what a reader puts the password in place of
    socketmap="inet:127.0.0.1:20025",
    http="http://mailroll:TOKEN@127.0.0.1:20080",
    exports="/var/lib/mailroll/exports",
)


@dataclass(frozen=True, slots=True)
class File:
    """A template, and where its text goes: `path` may name places, too."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """Configuration for one kind of gateway, by one way of asking."""

    title: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Text that is ready to be copied, and the file it belongs to."""

    name: str
    path: str
    text: str


def _postfix(title: str, *names: str) -> Recipe:
    return Recipe(title, tuple(File(name, f"@CONFIGURATION@/{name}") for name in names))


RECIPES: Final[Mapping[str, Recipe]] = MappingProxyType(
    {
        "postfix-pgsql": _postfix("Postfix, from PostgreSQL", "main.cf", "mailroll-access.cf", "mailroll-domains.cf"),
        "postfix-pgsql-lookup": _postfix(
            "Postfix, from PostgreSQL by relay_recipient_maps",
            "main.cf",
            "mailroll-recipients.cf",
            "mailroll-domains.cf",
        ),
        "postfix-socketmap": _postfix("Postfix, from the socketmap server", "main.cf"),
        "postfix-texthash": _postfix("Postfix, from exported files", "main.cf"),
        "exim-pgsql": Recipe(
            "Exim, from PostgreSQL",
            (File("main", "exim4.conf, main section"), File("acl", "exim4.conf, acl_check_rcpt, before what accepts")),
        ),
        "exim-lsearch": Recipe(
            "Exim, from exported files",
            (File("main", "exim4.conf, main section"), File("acl", "exim4.conf, acl_check_rcpt, before what accepts")),
        ),
        "mailcow": Recipe("mailcow as a relay", (File("extra.cf", "data/conf/postfix/extra.cf"),)),
        "haraka": Recipe(
            "Haraka, from the socketmap server",
            (File("mailroll.js", "plugins/mailroll.js"), File("mailroll.ini", "config/mailroll.ini")),
        ),
        "rspamd": Recipe(
            "Rspamd, from maps over HTTP",
            tuple(File(name, f"/etc/rspamd/local.d/{name}") for name in ("multimap.conf", "composites.conf")),
        ),
        "slapd": Recipe("OpenLDAP, from an exported file", (File("slapd.conf", "/etc/ldap/mailroll.conf"),)),
    }
)
"""By the name of the folder with their templates."""


def render(recipe: str, place: RecipePlace) -> tuple[Block, ...]:
    """Write the files of a recipe for an installation. Raises KeyError for what is no recipe."""
    folder = files("mailroll.gateway.recipes") / "templates" / recipe
    return tuple(
        Block(file.name, _filled(file.path, place), _filled((folder / file.name).read_text(encoding="utf-8"), place))
        for file in RECIPES[recipe].files
    )


def _filled(text: str, place: RecipePlace) -> str:
    return _BLANK.sub(lambda blank: str(getattr(place, blank[1].lower())), text)
