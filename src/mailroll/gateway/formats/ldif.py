"""For LDAP readers: LDIF (RFC 2849) with `mail` and `proxyAddresses`, as Active Directory names them.

`mailroll.schema` beside this module holds what OpenLDAP's own schemas lack.
"""

import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from itertools import groupby
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from mailroll.gateway.formats.base import Form, Lines, ListFile, spellings
from mailroll.gateway.lists import ListedDomain, Moment

BASE: Final = "dc=mailroll"

# RFC 2849, SAFE-STRING, without a blank at the end.
_SAFE = re.compile(r"(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<! )")
_ESCAPED = re.compile(r"[^A-Za-z0-9@._-]")

# Without a line of the version: slapadd takes it for an entry of its own (tried with OpenLDAP 2.5.13).
_HEAD = f"""\
dn: {BASE}
objectClass: domain
dc: mailroll

dn: ou=domains,{BASE}
objectClass: organizationalUnit
ou: domains

dn: ou=recipients,{BASE}
objectClass: organizationalUnit
ou: recipients

"""


def _recipients(moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
    yield _HEAD
    for domain in domains:
        listed = domain.open(moment.at) is None
        for name in domain.names:
            values = [*(("cn", spelling) for spelling in name.spellings), ("mailrollListed", str(listed).upper())]
            yield _entry(f"cn={_escaped(name.label)},ou=domains", ["mailrollDomain"], values)
            yield _person([f"postmaster@{spelling}" for spelling in name.spellings], primary=True)
            if not listed:
                yield _person([f"@{spelling}" for spelling in name.spellings], primary=False)
        yield from _people(moment, domain)


def _people(moment: Moment, domain: ListedDomain) -> Iterator[str]:
    unicode_names = {name.label: name.shown for name in domain.names}
    # What nobody has yet stands alone.
    for _, own in groupby(moment.entries(domain), key=lambda entry: entry.holder or entry.address):
        entries = [list_entry for list_entry in own if not list_entry.address.startswith("postmaster@")]
        written = [
            text
            for list_entry in entries
            for text in spellings(list_entry, unicode_names[list_entry.address.rpartition("@")[2]])
        ]
        if written:
            yield _person(written, primary=entries[0].primary)


def _person(addresses: Sequence[str], *, primary: bool) -> str:
    """Write an entry of its own for somebody, whose primary address comes first.

    LDAP folds every letter, and two values of one entry may not be the same then. `mail` is ASCII alone (RFC 4524).
    """
    uid = addresses[0] if addresses[0].isascii() else str(uuid5(NAMESPACE_URL, f"mailto:{addresses[0]}"))
    mail = next((ascii_address for ascii_address in addresses if ascii_address.isascii()), None)
    values = [("uid", uid), ("cn", uid), ("sn", uid), *([("mail", mail)] if mail else [])]
    folded = {unicodedata.normalize("NFKC", spelling).casefold(): spelling for spelling in reversed(addresses)}
    chief = addresses[0] if primary else None
    for address in sorted(folded.values(), key=addresses.index):
        values += [("proxyAddresses", f"{'SMTP' if address == chief else 'smtp'}:{address}")]
    return _entry(f"uid={_escaped(uid)},ou=recipients", ["inetOrgPerson", "mailrollRecipient"], values)


def _entry(name: str, classes: Sequence[str], values: Iterable[tuple[str, str]]) -> str:
    pairs = [("dn", f"{name},{BASE}"), *(("objectClass", class_name) for class_name in classes), *values]
    return "".join(_line(*pair) for pair in pairs) + "\n"


def _line(attribute: str, value: str) -> str:
    if _SAFE.fullmatch(value):
        return f"{attribute}: {value}\n"
    return f"{attribute}:: {b64encode(value.encode()).decode()}\n"


def _escaped(value: str) -> str:
    """Write a value for a name of an entry (RFC 4514, section 2.4)."""
    return _ESCAPED.sub(lambda sign: "".join(f"\\{octet:02X}" for octet in sign[0].encode()), value)


def _schema(_moment: Moment, _domains: Sequence[ListedDomain]) -> Lines:
    yield files(__package__).joinpath("mailroll.schema").read_text(encoding="utf-8")


LDIF = Form(
    "ldif",
    (
        ListFile("recipients.ldif", "text/plain", _recipients),
        ListFile("mailroll.schema", "text/plain", _schema),
    ),
    tags="LDAP readers take no tags off, save Postfix with recipient_delimiter = +.",
)
