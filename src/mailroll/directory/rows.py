"""Writes user and address rows for `apply` and `edit`: only what differs, in two phases, one path for any number.

Inserts go through COPY, updates and deletes through one statement over arrays: measured, both are as fast as
statements row by row for a single change, and no temporary table is made (each would leave dead rows in the catalog).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import chain, groupby
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from mailroll.directory import arrays, departures, load, retirements, staging, waiting_addresses
from mailroll.directory.group_ids import Groups, groups_of, spelt_as_there
from mailroll.directory.staging import Staged
from mailroll.reconcile import storage
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.crowd import NOBODY, Crowd
from mailroll.reconcile.model import RollUser, State
from mailroll.reconcile.resolve import leave
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
    """One user as its row is and as it shall be. `before` is None for a new one, `after` for one to be removed.

    `graceful`: a reading is behind it, so an address that nobody has afterwards only begins to end, and another reading
    has to confirm that. What a person ends is over at once, and who retires by a person's word needs no confirmation.
    """

    user: UUID
    before: State | None
    after: State | None
    decided: Decided = UNDECIDED
    graceful: bool = False


@dataclass(frozen=True, slots=True)
class WrittenRows:
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
    "kept": "boolean",
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

Held = tuple[Address, UUID, bool]
"""A row of an address: its text, its user, whether it is the primary one."""


def write(
    domain: UUID,
    writes: Collection[Write],
    now: datetime,
    staged: Staged | None = None,
    arrivals: Crowd = NOBODY,
) -> WrittenRows:
    """Bring rows from before to after, and make `arrivals`. The caller holds the domain's lock and a savepoint.

    Users come from where they are `staged`, if they are: those of `writes` and `arrivals`, all of them and no others.

    1. Release: end or delete the addresses that leave a user, take the first place from those that lose it, then delete
       the removed users.
    2. Take over: what is wanted and only ends, wherever that is.
    3. Assign: make missing groups, insert and update users, insert addresses, give the first place.
    4. Let the addresses of who retires end with it, and have those of who comes back in service again.

    A swap of addresses or of roles thus never meets its own old row. Raises `RowsMoved`, and `IntegrityError`
    where an address is in service in another domain.
    """
    held_before = {row for change in writes for row in _address_rows(change.user, change.before)}
    held_after = {row for change in writes for row in _address_rows(change.user, change.after)}
    old_rows, new_rows = held_before - held_after, held_after - held_before
    # The same address of the same user: only its role changes.
    roles = {row[:2] for row in old_rows} & {row[:2] for row in new_rows}
    lost_rows = sorted(row for row in old_rows if row[:2] not in roles)
    gained_rows = sorted(row for row in new_rows if row[:2] not in roles)
    leaving = {address for address, _, _ in lost_rows}
    moved_addresses = {address for address, _, _ in gained_rows}.union(
        leaving.intersection(arrivals.addresses()) if leaving else ()
    )
    ending = {change.user: change.after.retired for change in writes if change.after is not None and change.graceful}
    departures.mean()
    with connection.cursor() as cursor:
        _release(cursor, domain, [row for row in lost_rows if row[0] in moved_addresses or row[1] not in ending])
        ending_rows = [row for row in lost_rows if row[0] not in moved_addresses and row[1] in ending]
        _let_end(cursor, domain, ending_rows, ending, now)
        _place(cursor, domain, sorted(row for row in old_rows if row[:2] in roles and row[2]), chief=False)
        _remove(cursor, domain, [change.user for change in writes if change.after is None])
        _take_over(cursor, [address for address, _, _ in gained_rows], arrivals, now)
        names = {change.after.group for change in writes if change.after is not None}
        arriving = {manner.group for manner, _ in arrivals.manners}
        groups, new_groups = groups_of(cursor, domain, names | arriving)
        spelt = {folded(name): name for name in groups}
        wanted = [
            (change, spelt_as_there(change.after, groups, spelt)) for change in writes if change.after is not None
        ]
        new = [(change.user, after, change.decided) for change, after in wanted if not change.before]
        if not arriving <= groups.keys() or any(
            after is not change.after or (after.retired and not change.before) for change, after in wanted
        ):
            staged = None
        if staged is None:
            made_anew = [(UUID(arrival.user), spelt_as_there(arrival.state, groups, spelt)) for arrival in arrivals]
            new += [(user, state, UNDECIDED) for user, state in made_anew]
            gained_rows = sorted(
                [*gained_rows, *(row for user, state in made_anew for row in _address_rows(user, state))]
            )
        new_in = {name: groups[name] for name in groups.keys() & {*arriving, *(state.group for _, state, _ in new)}}
        _insert(cursor, domain, new, new_in, now, staged, len(new) if staged is None else len(new) + len(arrivals))
        known_writes = [(change.user, after, change.decided) for change, after in wanted if change.before]
        if staged is not None and known_writes:
            decided = [known_write for known_write in known_writes if known_write[2] != UNDECIDED]
            staging.update(cursor, domain, staged, groups, [user for user, *_ in decided], now)
            _expect(cursor, len(known_writes) - len(decided))
            known_writes = decided
        _update(cursor, domain, known_writes, groups, now)
        # In one order, so that two domains that want the same addresses wait for each other and never in a ring.
        known_users = {change.user for change in writes if change.before}
        number = len(gained_rows) if staged is None else len(gained_rows) + arrivals.held
        _assign(cursor, domain, gained_rows, known_users, staged, number)
        _place(cursor, domain, sorted(row for row in new_rows if row[:2] in roles and row[2]), chief=True)
        retirements.end(
            cursor, domain, [_retiring(change) for change in writes if change.after and change.after.retired]
        )
        returning = [change for change in writes if _returns(change)]
        back = sorted(row[:2] for change in returning for row in _address_rows(change.user, change.after))
        retirements.serve_again(cursor, domain, back)
    waiting_addresses.remove(domain, moved_addresses.union(address for address, _ in back))
    if arrivals:
        waiting_addresses.remove_served(domain)
    return WrittenRows(len(new_rows) + arrivals.held, len(old_rows), new_groups)


def _address_rows(user: UUID, state: State | None) -> Iterable[Held]:
    if state is None:
        return
    if state.primary is not None:
        yield state.primary, user, True
    for alias in state.aliases:
        yield alias, user, False


def _release(cursor: CursorWrapper, domain: UUID, held_rows: Sequence[Held]) -> None:
    if not held_rows:
        return
    cursor.execute(
        "DELETE FROM directory_address a"
        " USING unnest(array_fill(%s::uuid, ARRAY[%s]), %s::text[], %s::uuid[], %s::boolean[])"
        " r(domain_id, address, user_id, chief)"
        " WHERE a.address = r.address AND a.user_id = r.user_id AND a.is_primary = r.chief"
        " AND a.domain_id = r.domain_id",
        [domain, len(held_rows), *_columns(held_rows)],
    )
    _expect(cursor, len(held_rows))


def _let_end(
    cursor: CursorWrapper, domain: UUID, held_rows: Sequence[Held], retired: Mapping[UUID, bool], now: datetime
) -> None:
    """Have addresses begin to end; what ended already goes on from where it was.

    A retired user's own addresses are known by the time it retired, so what it loses bears another.
    """
    if not held_rows:
        return
    cursor.execute(
        "UPDATE directory_address a SET is_primary = false, ending_since = coalesce(a.ending_since, %s)"
        " - CASE WHEN r.retired THEN interval '1 microsecond' ELSE interval '0' END"
        " FROM unnest(array_fill(%s::uuid, ARRAY[%s]), %s::text[], %s::uuid[], %s::boolean[], %s::boolean[])"
        " r(domain_id, address, user_id, chief, retired)"
        " WHERE a.address = r.address AND a.user_id = r.user_id AND a.is_primary = r.chief"
        " AND a.domain_id = r.domain_id",
        [now, domain, len(held_rows), *_columns(held_rows), [retired[user] for _, user, _ in held_rows]],
    )
    _expect(cursor, len(held_rows))


def _place(cursor: CursorWrapper, domain: UUID, held_rows: Sequence[Held], *, chief: bool) -> None:
    """Make addresses the primary ones of their users, or no longer."""
    if not held_rows:
        return
    cursor.execute(
        "UPDATE directory_address a SET is_primary = %s"
        " FROM unnest(array_fill(%s::uuid, ARRAY[%s]), %s::text[], %s::uuid[]) r(domain_id, address, user_id)"
        " WHERE a.address = r.address AND a.user_id = r.user_id AND a.domain_id = r.domain_id"
        " AND a.is_primary <> %s",
        [chief, domain, len(held_rows), *_columns(held_rows)[:2], chief],
    )
    _expect(cursor, len(held_rows))


def _take_over(cursor: CursorWrapper, wanted: Sequence[Address], arrivals: Crowd, now: datetime) -> None:
    """Take wanted addresses from whoever has them only until they end; a retired user keeps them as former ones.

    Of another domain's rows nothing else is touched, and who restores its user at this moment goes first. They are
    locked in one statement: two domains that want the same ones never wait for each other in a ring.
    """
    ending = load.ending_among(chain([wanted], arrivals.portions()), len(wanted) + arrivals.held)
    if not ending:
        return
    cursor.execute(
        "SELECT a.domain_id, a.user_id, a.address, a.ending_since = u.retired_at"
        " FROM directory_address a JOIN directory_user u ON u.id = a.user_id"
        " WHERE a.address = ANY(%s::text[]) AND a.ending_since IS NOT NULL"
        " ORDER BY a.address FOR UPDATE OF a",
        [arrays.texts(ending)],
    )
    locked_rows = cursor.fetchall()
    lost_addresses = [address for _, _, address, own in locked_rows if not own]
    if lost_addresses:
        cursor.execute("DELETE FROM directory_address WHERE address = ANY(%s)", [lost_addresses])
    own = sorted(row[:3] for row in locked_rows if row[3])
    for domain, rows in groupby(own, key=lambda row: row[0]):
        addresses_by_user: dict[UUID, set[Address]] = {}
        for _, user, address in rows:
            addresses_by_user.setdefault(user, set()).add(address)
        leaving_users = load.users(domain, addresses_by_user)
        write(domain, [_leaving(user, addresses_by_user[user.id]) for user in leaving_users], now)


def _leaving(user: RollUser, taken_addresses: Collection[Address]) -> Write:
    marks = Decided(user.pinned, user.exempt, user.kind_by_hand, user.group_by_hand)
    return Write(user.id, user.state, leave(user.state, taken_addresses, retired=True), marks)


def _retiring(change: Write) -> retirements.Retiring:
    return change.user, change.graceful, change.before is not None and not change.before.retired


def _returns(change: Write) -> bool:
    return change.before is not None and change.before.retired and change.after is not None and not change.after.retired


def _remove(cursor: CursorWrapper, domain: UUID, users: Sequence[UUID]) -> None:
    if not users:
        return
    # What they had lost before, and still ended.
    cursor.execute(
        "DELETE FROM directory_address a"
        " USING unnest(array_fill(%s::uuid, ARRAY[%s]), %s::uuid[]) r(domain_id, user_id)"
        " WHERE a.domain_id = r.domain_id AND a.user_id = r.user_id",
        [domain, len(users), list(users)],
    )
    cursor.execute("DELETE FROM directory_user WHERE id = ANY(%s) AND (domain_id = %s) IS TRUE", [list(users), domain])
    _expect(cursor, len(users))


def _insert(  # noqa: PLR0917 - who is new, and what of them is where
    cursor: CursorWrapper,
    domain: UUID,
    new: Sequence[tuple[UUID, State, Decided]],
    groups: Groups,
    now: datetime,
    staged: Staged | None,
    number: int,
) -> None:
    if not number:
        return
    if staged is not None:
        staging.insert(cursor, domain, staged, groups, now)
        _expect(cursor, number)
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
    cursor: CursorWrapper, domain: UUID, writes: Sequence[tuple[UUID, State, Decided]], groups: Groups, now: datetime
) -> None:
    if not writes:
        return
    # Arrays of arrays must be square, so former addresses travel as one text: none of them holds a blank.
    rows = [
        (*_values(user, state, decided, groups), " ".join(state.former), state.retired)
        for user, state, decided in writes
    ]
    cursor.execute(_UPDATE, [now, now, domain, len(rows), *_columns(rows)])
    _expect(cursor, len(rows))


def _assign(  # noqa: PLR0917 - who gets what, and where it is
    cursor: CursorWrapper,
    domain: UUID,
    held_rows: Sequence[Held],
    known_users: Collection[UUID],
    staged: Staged | None,
    number: int,
) -> None:
    if not number:
        return
    if staged is not None:
        staging.assign(cursor, domain, staged, [row for row in held_rows if row[1] in known_users])
        _expect(cursor, number)
        return
    with (
        connection.wrap_database_errors,
        cursor.copy("COPY directory_address (address, user_id, is_primary, domain_id) FROM STDIN") as copy,
    ):
        for row in held_rows:
            copy.write_row((*row, domain))


def _values(user: UUID, state: State, decided: Decided, groups: Groups) -> tuple[object, ...]:
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
        state.kept,
        storage.content_hash(state, **marks),
        *marks.values(),
    )


def _columns(rows: Iterable[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _expect(cursor: CursorWrapper, rows: int) -> None:
    if cursor.rowcount != rows:
        raise RowsMoved
