"""The groups that users to be written are in: their ids, and those that have to be made."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from mailroll.reconcile.model import State
from mailroll.reconcile.text import folded

Groups = Mapping[str, int]
"""Ids of groups by name."""


def groups_of(cursor: CursorWrapper, domain: UUID, names: set[str]) -> tuple[Groups, tuple[str, ...]]:
    """Return the ids of the domain's groups by name, and the names that had to be made."""
    if not names:
        return {}, ()
    cursor.execute("SELECT name, id FROM directory_group WHERE domain_id = %s", [domain])
    ids_by_name = dict(cursor.fetchall())
    folded_names = set(map(folded, ids_by_name))
    missing = {folded(name): name for name in sorted(names - ids_by_name.keys()) if folded(name) not in folded_names}
    if missing:
        cursor.execute(
            "INSERT INTO directory_group (domain_id, name, key)"
            " SELECT %s, * FROM unnest(%s::text[], %s::text[]) RETURNING name, id",
            [domain, list(missing.values()), list(missing)],
        )
        ids_by_name.update(cursor.fetchall())
    return ids_by_name, tuple(missing.values())


def spelt_as_there(state: State, groups: Groups, spelt: Mapping[str, str]) -> State:
    """Name a user's group as it is spelt there: a plan of before may have another spelling of the same name."""
    return state if state.group in groups else replace(state, group=spelt[folded(state.group)])
