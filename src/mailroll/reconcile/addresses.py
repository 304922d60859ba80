"""Mail addresses and mail domains in their one canonical form, and addresses as Exchange writes them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NewType

import idna

from mailroll.reconcile.text import trimmed

Address = NewType("Address", str)
DomainName = NewType("DomainName", str)

# RFC 5321 section 4.5.3.1: local part, domain, and the path of 256 octets less its angle brackets.
LOCAL_MAX, DOMAIN_MAX, ADDRESS_MAX = 64, 253, 254

_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_LDH_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
# Every printable ASCII character that RFC 5322 does not reserve; dots anywhere, as Exchange is not strict on them.
_ASCII_LOCAL = re.compile(r"[a-z0-9!#$%&'+/=?^_`{|}~.-]+")
# No longer than any domain lets it be: such a text is an address wherever its domain is one.
PLAIN_ENTRY = re.compile(r"(SMTP|smtp):([A-Za-z0-9!#$%&'+/=?^_`{|}~.-]{1,64}@([A-Za-z0-9.-]{1,189}))")
"""An entry for mail whose address has its canonical form in lower case, if its domain does: role, address, domain."""
# What stands for a character that could not be read is part of no address.
_RESERVED = frozenset('"(),:;<>@[\\]\ufffd')
_PREFIXES = frozenset({"smtp", "mailto"})


class AddressFault(StrEnum):
    """Why a text is not an address that the roll can hold."""

    SYNTAX = "address_syntax"
    TOO_LONG = "address_too_long"
    WILDCARD = "address_wildcard"
    DOMAIN = "address_domain"


class DomainFault(StrEnum):
    """Why a text is not a mail domain."""

    SYNTAX = "domain_malformed"
    WILDCARD = "domain_wildcard"
    ONMICROSOFT = "domain_onmicrosoft"


def canonical(text: str) -> Address | AddressFault:
    """Return the canonical form of an address, or why there is none. Total: never raises.

    Split at the last `@`; ASCII letters in lower case and no other folding (U+212A lowers to "k", U+017F raises
    to "S": either would make two people one); domain as A-label; non-ASCII local parts verbatim (RFC 6531).
    """
    local, at, domain = text.rpartition("@")
    if not at or not local:
        return AddressFault.SYNTAX
    # Nearly every local part is ASCII, and of those `lower` does the same in a fifth of the time.
    is_plain = local.isascii()
    local = local.lower() if is_plain else local.translate(_ASCII_LOWER)
    if not _ASCII_LOCAL.fullmatch(local):
        if "*" in local:
            return AddressFault.WILDCARD
        if not _international(local):
            return AddressFault.SYNTAX
    name = _domain(domain)
    if isinstance(name, DomainFault):
        return AddressFault.WILDCARD if name is DomainFault.WILDCARD else AddressFault.DOMAIN
    octets = len(local) if is_plain else len(local.encode())
    if octets > LOCAL_MAX or octets + 1 + len(name) > ADDRESS_MAX:
        return AddressFault.TOO_LONG
    address = f"{local}@{name}"
    # Nearly every text is written so, and there are many: then it is held once.
    return Address(text if text == address else address)


def bare(text: str) -> str:
    """Return the address out of what people copy: `<bob@…>`, `Bob <bob@…>`, `mailto:bob@…`, `smtp:bob@…`.

    No form of Unicode is applied: NFC makes "K" of U+212A, and two people one.
    """
    text = trimmed(text)
    if text.endswith(">"):
        text = trimmed(text[:-1].rpartition("<")[2])
    prefix, colon, rest = text.partition(":")
    return trimmed(rest) if colon and prefix.translate(_ASCII_LOWER) in _PREFIXES else text


def given(text: str) -> Address | AddressFault:
    """Return the canonical form of an address as people write or copy one, or why there is none. Total."""
    return canonical(bare(text))


def domain_of(address: Address) -> DomainName:
    return DomainName(address.rpartition("@")[2])


def u_labels(name: DomainName) -> str:
    """Return a name in U-labels, or nothing where that is the name itself."""
    unicode_name = idna.decode(name)
    return "" if unicode_name == name else unicode_name


def mail_domain(text: str) -> DomainName | DomainFault:
    """Return the canonical form of a domain that the Console may hold, or why it may not. Total."""
    name = _domain(trimmed(text).removesuffix("."))
    if not isinstance(name, DomainFault) and is_onmicrosoft(name):
        return DomainFault.ONMICROSOFT
    return name


def is_onmicrosoft(name: str) -> bool:
    """Tell Microsoft's own domains (initial, hybrid routing, and those of the national clouds) from a customer's.

    In China they are `x.partner.onmschina.cn` and, for hybrid routing, `x.partner.mail.onmschina.cn`; the first ones of
    all ended in `microsoftonline.com`, which is reserved to this day ("proxyAddresses attribute population").
    """
    return ".onmicrosoft." in f".{name}." or f".{name}".endswith((".onmschina.cn", ".microsoftonline.com"))


def _international(local: str) -> bool:
    """Tell whether a local part with non-ASCII letters is printable, without blanks and reserved characters."""
    return not local.isascii() and local.isprintable() and " " not in local and _RESERVED.isdisjoint(local)


@lru_cache(maxsize=4096)
def _domain(text: str) -> DomainName | DomainFault:
    if text.startswith("*"):
        return DomainFault.WILDCARD
    name = "".join(_lower(character) for character in text)
    if name.isascii() and "xn--" not in name:
        return DomainName(name) if _LDH_DOMAIN.fullmatch(name) and len(name) <= DOMAIN_MAX else DomainFault.SYNTAX
    try:
        # strict: only "." parts labels; U+3002 and its like would let two spellings share one name.
        encoded = idna.encode(name, strict=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return DomainFault.SYNTAX
    return DomainName(encoded) if _LDH_DOMAIN.fullmatch(encoded) and len(encoded) <= DOMAIN_MAX else DomainFault.SYNTAX


def _lower(character: str) -> str:
    """Lower one character, but never across the border of ASCII (U+212A KELVIN SIGN would become "k")."""
    lowered = character.lower()
    return lowered if len(lowered) == 1 and lowered.isascii() == character.isascii() else character


class ProxyRole(StrEnum):
    """What an entry of `proxyAddresses` stands for; only SMTP ones receive mail."""

    PRIMARY = "primary"
    ALIAS = "alias"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ProxyAddress:
    """One entry of `proxyAddresses`: `SMTP:` marks the primary, `smtp:` an alias, anything else is not mail."""

    role: ProxyRole
    text: str

    @classmethod
    def parse(cls, raw: str) -> "ProxyAddress":
        """Read an entry as Exchange writes it; blanks after the colon occur in Microsoft's own samples."""
        prefix, colon, rest = raw.partition(":")
        if colon and prefix == "SMTP":
            return cls(ProxyRole.PRIMARY, rest.strip())
        if colon and (prefix == "smtp" or prefix.translate(_ASCII_LOWER) == "smtp"):
            return cls(ProxyRole.ALIAS, rest.strip())
        return cls(ProxyRole.OTHER, raw)


def in_order(addresses: Iterable[Address]) -> tuple[Address, ...]:
    """Return addresses without repetition in the one order that every listing and every hash uses."""
    return tuple(sorted(set(addresses)))
