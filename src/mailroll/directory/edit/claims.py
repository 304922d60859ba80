"""Addresses that a person wants for a user: whether they can be had, and all that speaks against it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from mailroll.directory import load, queries, rows
from mailroll.directory.edit.problems import FieldProblem, Taken
from mailroll.directory.models import Address, Domain
from mailroll.reconcile import addresses
from mailroll.reconcile.addresses import AddressFault, DomainName
from mailroll.reconcile.text import tidy

Wanted = tuple[str, str]
"""The field that an address was given in, and what was given."""


# What word processors and telephones make of the apostrophe of O'Brien.
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u02bc\u02b9\u2032\uff07\u00b4", "'"))


def good(wanted_addresses: Sequence[Wanted]) -> list[addresses.Address]:
    """Return the canonical form of those that have one, in the order given."""
    candidates = (addresses.given(text) for _, text in wanted_addresses)
    return [address for address in candidates if not isinstance(address, AddressFault)]


def faults(
    wanted_addresses: Sequence[Wanted], domain: Domain, accepted: frozenset[DomainName] | None = None
) -> Iterator[FieldProblem]:
    """Tell which texts are no addresses of this domain, and why. `accepted` is given by who asks for many users."""
    names = queries.accepted(domain) if accepted is None else accepted
    for field, text in wanted_addresses:
        said = _fault(text, domain, names)
        if said is not None:
            yield FieldProblem(field, said)


def taken(wanted_addresses: Sequence[Wanted], domain: Domain) -> list[FieldProblem]:
    """Say which addresses somebody has already; of another domain's nothing but that. What only ends is free."""
    address_rows = Address.objects.filter(address__in=good(wanted_addresses), domain=domain, ending_since__isnull=True)
    mine = set(address_rows.values_list("address", flat=True))
    theirs = load.elsewhere(domain.id, good(wanted_addresses))
    said: list[FieldProblem] = []
    for field, text in wanted_addresses:
        address = addresses.given(text)
        if isinstance(address, AddressFault):
            continue
        if address in mine:
            said.append(FieldProblem(field, f"{address} belongs to another user of {domain.name}."))
        elif address in theirs:
            said.append(FieldProblem(field, f"{address} is in use in another domain."))
    return said


def write(write: rows.Write, wanted_addresses: Sequence[Wanted], domain: Domain, now: datetime) -> None:
    """Write a user, or say who has what it wants; what it has already is its own. Raises `Taken`."""
    own = frozenset(write.before.addresses if write.before else ())
    new = [wanted_address for wanted_address in wanted_addresses if own.isdisjoint(good([wanted_address]))]
    if problems := taken(new, domain):
        raise Taken.of(problems)
    try:
        with transaction.atomic():
            rows.write(domain.id, [write], now)
    except IntegrityError as clash:
        # Only this domain is locked: another one may have taken the address at this moment.
        problems = taken(new, domain)
        raise (Taken.of(problems) if problems else clash) from clash


def _fault(text: str, domain: Domain, names: frozenset[DomainName]) -> str | None:
    address, text = addresses.given(text), tidy(text)
    if domain.proved_at is None:
        return f"Nobody has proved yet that {domain.name} belongs to {domain.organization.name}: it has no addresses."
    match address:
        case AddressFault.WILDCARD:
            return f"“{text}” stands for many addresses."
        case AddressFault.TOO_LONG:
            return f"“{text}” is longer than an address may be."
        case AddressFault():
            return f"“{text}” is not an address. Write it whole, like bob@{domain.name}."
        case _ if (straight := text.translate(_APOSTROPHES)) != text:
            return f"“{text}” has a curly apostrophe. Is {straight} meant? Microsoft 365 has only the straight one."
        case _ if addresses.domain_of(address) not in names:
            name = addresses.domain_of(address)
            if domain.aliases.filter(name=name).exists():
                return f"No tenant of {domain.name} has proved its alias domain {name} yet, so it has no addresses."
            others = ", nor in one of its alias domains" if len(names) > 1 else ""
            return f"{address} is not in {domain.name}{others}."
        case _:
            return None
