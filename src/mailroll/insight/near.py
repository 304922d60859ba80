"""Addresses that somebody may have meant: one slip of the finger away, or of another name of the same domain."""

from collections.abc import Iterator
from typing import Final

from django.db import connection

from mailroll.directory import queries
from mailroll.directory.models import Domain
from mailroll.reconcile.addresses import Address, domain_of

SHOWN: Final = 3
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789._-"
_LOCAL_MAX: Final = 32
"""Characters of a local part that is turned over: some 2,500 addresses, each one step in an index."""
_SEPARATORS: Final = "._-"


def near(address: Address, domain: Domain) -> tuple[str, ...]:
    """Return a few addresses in service of the same domain that are close to one which is not, the closest first.

    Every address that one slip makes is looked up by its key: no list is gone through, however long it is.
    """
    local, name = address.rpartition("@")[0], domain_of(address)
    distances = {f"{local}@{other}": 0 for other in queries.accepted(domain) if other != name}
    if len(local) <= _LOCAL_MAX:
        for distance, slips in ((1, _slips(local)), (2, _losses(local))):
            for slip in slips:
                distances.setdefault(f"{slip}@{name}", distance)
    distances.pop(address, None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT address FROM directory_address"
            " WHERE address = ANY(%s) AND (domain_id = %s) IS TRUE AND ending_since IS NULL",
            [list(distances), domain.id],
        )
        addresses = [hit for (hit,) in cursor]
    return tuple(sorted(addresses, key=lambda hit: (distances[hit], hit))[:SHOWN])


def _slips(local: str) -> Iterator[str]:
    """One letter too many, too few, or wrong; two that changed places; other separators between the parts."""
    for place in range(len(local) + 1):
        before, after = local[:place], local[place:]
        for letter in _LETTERS:
            yield before + letter + after
            yield before + letter + after[1:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
    for separator in ("", *_SEPARATORS):
        yield local.translate({ord(character): separator for character in _SEPARATORS})


def _losses(local: str) -> Iterator[str]:
    """Two letters too many."""
    for first in range(len(local)):
        once = local[:first] + local[first + 1 :]
        for second in range(first, len(once)):
            yield once[:second] + once[second + 1 :]
