"""A search among people: what only Python can fold is judged here, all else is left to the statement that ranks them.

PostgreSQL before 18 folds no letters, and which it lowers follows from its locale. So it looks through ASCII, and
names that have other letters are read, as are those of organizations that have their name in common.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from mailroll.accounts import places
from mailroll.accounts.models import Invitation, Membership
from mailroll.accounts.ranks import SearchedText, primary_keys
from mailroll.directory import arrays
from mailroll.directory.models import Organization
from mailroll.reconcile.text import folded

# Whose organizations of the same name are told apart is seen afterwards: here any will do.
_BEYOND: Final = """
    WITH managed AS MATERIALIZED (
        SELECT m.operator_id, m.organization_id FROM accounts_membership m WHERE m.id IN ({managed})
    )
    SELECT p.id, p.name, p.email, NULL FROM accounts_operator p
     WHERE p.id IN (SELECT operator_id FROM managed)
       AND (octet_length(p.name) <> char_length(p.name) OR octet_length(p.email) <> char_length(p.email))
     UNION ALL
    SELECT o.id, o.name, NULL, o.created_at FROM directory_organization o
     WHERE (o.id IN (SELECT organization_id FROM managed) OR o.id = ANY (%s::uuid[]))
       AND (octet_length(o.name) <> char_length(o.name)
            OR EXISTS (SELECT FROM directory_organization t WHERE lower(t.name) = lower(o.name) AND t.id <> o.id))
"""


@dataclass(frozen=True, slots=True)
class SearchScope:
    """Where a reader searches: memberships and organizations that they administer, the latter by name where few."""

    managed: "QuerySet[Membership]"
    tree: "QuerySet[Organization]"
    names: Mapping[UUID, str]


def search(text: str, offers: Sequence[Invitation], scope: SearchScope) -> tuple[SearchedText | None, list[Invitation]]:
    """Return what the database has to look for, and those of the offers that have the text."""
    sought = folded(text)
    if not sought:
        return None, list(offers)
    managed, parameters = primary_keys(scope.managed)
    with connection.cursor() as cursor:
        organizations = arrays.uuids(offer.organization_id for offer in offers)
        cursor.execute(_BEYOND.format(managed=managed), [*parameters, organizations])
        rows = cursor.fetchall()
    operators = {key for key, *texts, since in rows if since is None and any(sought in folded(text) for text in texts)}
    odd_places = [places.NamedPlace(key, name, since) for key, name, _, since in rows if since is not None]
    names = scope.names or places.told_apart_among(odd_places, scope.tree)
    matching = {key for key, name in names.items() if sought in folded(name)}
    return SearchedText(sought, operators, matching), [
        offer
        for offer in offers
        if offer.organization_id in matching
        or any(sought in folded(text) for text in (offer.email, offer.organization.name))
    ]
