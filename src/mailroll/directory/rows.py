"""Writes user and address rows for `apply` and `edit`: only what differs, in two phases, one path for any number.

Inserts go through COPY, updates and deletes through one statement over arrays: measured, both are as fast as
statements row by row for a single change, and no temporary table is made (each would leave dead rows in the catalog).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from mailroll.reconcile import stored
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.model import State
from mailroll.reconcile.text import folded


@dataclass(frozen=True, slots=True)
class Decided:
    """What people decided about a user; a sync never writes it."""

    pinned: bool = False
    exempt: bool = False
    kind_by_hand: bool = False
    group_by_hand: bool = False


UNDECIDED = Decided()
_MARKS = tuple(field.name for field in fields(Decided))


@dataclass(frozen=True, slots=True)
class Write:
    """One user as its row is and as it shall be. `before` is None for a new one, `after` for one to be removed."""

    user: UUID
    before: State | None
    after: State | None
    decided: Decided = UNDECIDED


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows of addresses came and went, and which groups were made."""

    assigned: int
    released: int
    groups: tuple[str, ...]


class RowsMoved(Exception):
    """A row is not as the caller said it was. Nothing may be kept of what was written."""


_COLUMNS = {
    "id": "uuid",
    "group_id": "bigint",
    "owner_id": "uuid",
    "external_id": "text",
    "object_type": "text",
    "display_name": "text",
    "kind": "text",
    "kind_rule": "text",
    "billable": "boolean",
    "content_hash": "text",
    "pinned": "boolean",
    "exempt": "boolean",
    "kind_by_hand": "boolean",
    "group_by_hand": "boolean",
}
"""Columns that are written as they are, with their types."""

# The domain comes in as a column. As a condition of its own it is judged by statistics that may know nothing of a new
# domain, and the plan is then a nested loop over the whole array: minutes instead of seconds.
_UPDATE = f"""
    UPDATE directory_user u
       SET {", ".join(f"{name} = r.{name}" for name in _COLUMNS if name != "id")},
           former_addresses = string_to_array(r.former, ' '),
           retired_at = CASE WHEN r.retired THEN coalesce(u.retired_at, %s) END,
           updated_at = %s
      FROM unnest(array_fill(%s::uuid, ARRAY[%s]),
                  {", ".join(f"%s::{type_}[]" for type_ in (*_COLUMNS.values(), "text", "boolean"))})
           r(domain_id, {", ".join(_COLUMNS)}, former, retired)
     WHERE u.id = r.id AND u.domain_id = r.domain_id
"""  # noqa: S608 - the names stand above

_Groups = Mapping[str, int]
"""Ids of groups by name."""

Held = tuple[Address, UUID, bool]
"""A row of an address: its text, its user, whether it is the primary one."""


def write(domain: UUID, writes: Collection[Write], now: datetime) -> Written:
    """Bring rows from before to after. The caller holds the domain's lock and a savepoint.

    1. Release: delete the addresses that leave a user or change their role, then the removed users.
    2. Assign: make missing groups, insert and update users, insert addresses.

    A swap of addresses or of roles thus never meets its own old row. Raises `RowsMoved`, and `IntegrityError`
    where an address is held in another domain.
    """
    held_before = {row for one in writes for row in _held(one.user, one.before)}
    held_after = {row for one in writes for row in _held(one.user, one.after)}
    with connection.cursor() as cursor:
        _release(cursor, domain, sorted(held_before - held_after))
        _remove(cursor, domain, [one.user for one in writes if one.after is None])
        groups, made = _groups(cursor, domain, {one.after.group for one in writes if one.after is not None})
        spelt = {folded(name): name for name in groups}
        wanted = [(one, _spelt(one.after, groups, spelt)) for one in writes if one.after is not None]
        new = [(one.user, after, one.decided) for one, after in wanted if not one.before]
        _insert(cursor, domain, new, groups, now)
        known = [(one.user, after, one.decided) for one, after in wanted if one.before]
        _update(cursor, domain, known, groups, now)
        # In one order, so that two domains that want the same addresses wait for each other and never in a ring.
        _assign(cursor, domain, sorted(held_after - held_before))
    return Written(len(held_after - held_before), len(held_before - held_after), made)


def _held(user: UUID, state: State | None) -> Iterable[Held]:
    if state is None:
        return
    if state.primary is not None:
        yield state.primary, user, True
    for alias in state.aliases:
        yield alias, user, False


def _release(cursor: CursorWrapper, domain: UUID, held: Sequence[Held]) -> None:
    if not held:
        return
    cursor.execute(
        "DELETE FROM directory_address a"
        " USING unnest(array_fill(%s::uuid, ARRAY[%s]), %s::text[], %s::uuid[], %s::boolean[])"
        " r(domain_id, address, user_id, chief)"
        " WHERE a.address = r.address AND a.user_id = r.user_id AND a.is_primary = r.chief"
        " AND a.domain_id = r.domain_id",
        [domain, len(held), *_columns(held)],
    )
    _expect(cursor, len(held))


def _remove(cursor: CursorWrapper, domain: UUID, users: Sequence[UUID]) -> None:
    if not users:
        return
    cursor.execute("DELETE FROM directory_user WHERE id = ANY(%s) AND (domain_id = %s) IS TRUE", [list(users), domain])
    _expect(cursor, len(users))


def _groups(cursor: CursorWrapper, domain: UUID, names: set[str]) -> tuple[_Groups, tuple[str, ...]]:
    """Return the ids of the domain's groups by name, and the names that had to be made."""
    if not names:
        return {}, ()
    cursor.execute("SELECT name, id FROM directory_group WHERE domain_id = %s", [domain])
    known = dict(cursor.fetchall())
    there = set(map(folded, known))
    missing = {folded(name): name for name in sorted(names - known.keys()) if folded(name) not in there}
    if missing:
        cursor.execute(
            "INSERT INTO directory_group (domain_id, name, key)"
            " SELECT %s, * FROM unnest(%s::text[], %s::text[]) RETURNING name, id",
            [domain, list(missing.values()), list(missing)],
        )
        known.update(cursor.fetchall())
    return known, tuple(missing.values())


def _spelt(state: State, groups: _Groups, spelt: Mapping[str, str]) -> State:
    """Name a user's group as it is spelt there: a plan of before may have another spelling of the same name."""
    return state if state.group in groups else replace(state, group=spelt[folded(state.group)])


def _insert(
    cursor: CursorWrapper, domain: UUID, new: Sequence[tuple[UUID, State, Decided]], groups: _Groups, now: datetime
) -> None:
    if not new:
        return
    with (
        connection.wrap_database_errors,
        cursor.copy(
            f"COPY directory_user ({', '.join(_COLUMNS)}, former_addresses, retired_at, domain_id, created_at,"
            " updated_at) FROM STDIN"
        ) as copy,
    ):
        for user, state, decided in new:
            retired_at = now if state.retired else None
            row = (*_values(user, state, decided, groups), list(state.former), retired_at, domain, now, now)
            copy.write_row(row)


def _update(
    cursor: CursorWrapper, domain: UUID, known: Sequence[tuple[UUID, State, Decided]], groups: _Groups, now: datetime
) -> None:
    if not known:
        return
    # Arrays of arrays must be square, so former addresses travel as one text: none of them holds a blank.
    rows = [
        (*_values(user, state, decided, groups), " ".join(state.former), state.retired)
        for user, state, decided in known
    ]
    cursor.execute(_UPDATE, [now, now, domain, len(rows), *_columns(rows)])
    _expect(cursor, len(rows))


def _assign(cursor: CursorWrapper, domain: UUID, held: Sequence[Held]) -> None:
    if not held:
        return
    with (
        connection.wrap_database_errors,
        cursor.copy("COPY directory_address (address, user_id, is_primary, domain_id) FROM STDIN") as copy,
    ):
        for row in held:
            copy.write_row((*row, domain))


def _values(user: UUID, state: State, decided: Decided, groups: _Groups) -> tuple[object, ...]:
    """Return the values of `_COLUMNS`, in its order."""
    marks = {name: getattr(decided, name) for name in _MARKS}
    return (
        user,
        groups[state.group],
        state.owner,
        state.external_id,
        state.object_type and state.object_type.value,
        state.display_name,
        state.kind.value,
        state.rule.value if state.rule else "",
        state.billable,
        stored.content_hash(state, **marks),
        *marks.values(),
    )


def _columns(rows: Iterable[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _expect(cursor: CursorWrapper, rows: int) -> None:
    if cursor.rowcount != rows:
        raise RowsMoved
