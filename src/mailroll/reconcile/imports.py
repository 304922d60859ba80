"""Rows that a person brings: which known users they are about."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from mailroll.reconcile.addresses import Address


def tie(
    rows: Sequence[Sequence[Address]], primaries: Mapping[Address, UUID], holders: Mapping[Address, UUID]
) -> tuple[UUID | None, ...]:
    """Say which user each row is about; None where it is about a new one. Nobody is meant by two rows.

    A row is its address, then its further ones. It is about the user with that primary address; else about the one
    that has it as a further address; else about the one whose primary address is among the row's further ones.
    """
    found: list[UUID | None] = [primaries.get(row[0]) for row in rows]
    meant = {user for user in found if user is not None}
    for known, asked in ((holders, slice(1)), (primaries, slice(1, None))):
        for place, row in enumerate(rows):
            if found[place] is not None:
                continue
            user = next((known[one] for one in row[asked] if one in known and known[one] not in meant), None)
            if user is not None:
                found[place] = user
                meant.add(user)
    return tuple(found)
