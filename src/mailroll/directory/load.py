"""Reads the roll into values of the core, whole domains or just what a plan touches."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from sys import intern
from types import MappingProxyType
from uuid import UUID

from django.db import connection, transaction

from mailroll.directory import arrays, headcounts, rollmarks
from mailroll.directory.addresses import HELD
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.model import Current, ExternalId, Kind, ObjectType, RollUser, State
from mailroll.reconcile.plan import Plan, Touched
from mailroll.reconcile.reasons import ReasonCode

BATCH = 5000
"""Rows a round trip when a whole domain is read."""
SEVERAL = 50
"""Users from which on their addresses are looked up by index, whatever the statistics say."""
_MANY = 1_000
"""Addresses that are wanted together from which on it is looked first how many end at all."""

ELSEWHERE = "another domain"
"""All that one customer may learn of who holds an address at another."""

_STANDING = f"""
    SELECT u.external_id, u.object_type, held.chief, held.aliases
      FROM directory_user u
     {HELD}
     WHERE u.domain_id = %s AND u.owner_id = ANY(%s) AND u.external_id IS NOT NULL AND u.retired_at IS NULL
"""  # noqa: S608 - of our own pieces

_CENSUS = """
    SELECT coalesce(object_type, %s), count(*) FROM directory_user
     WHERE domain_id = %s AND owner_id = ANY(%s) AND external_id IS NOT NULL AND retired_at IS NULL GROUP BY 1
"""

# One statement, so that users and addresses are of the same moment.
_USERS = f"""
    SELECT u.id, u.external_id, u.owner_id, u.display_name, u.kind, u.kind_rule, u.object_type, u.billable, g.name,
           u.former_addresses, u.retired_at IS NOT NULL, u.content_hash, u.pinned, u.exempt, u.kind_by_hand,
           u.group_by_hand, u.kept,
           held.chief, held.aliases
      FROM directory_user u
      JOIN directory_group g ON g.id = u.group_id
     {HELD}
     WHERE {{these}}
     ORDER BY u.id
"""  # noqa: S608 - of our own pieces
_ALL_USERS = _USERS.format(these="u.domain_id = %s")
_SOME_USERS = _USERS.format(these="(u.domain_id = %s) IS TRUE AND u.id = ANY(%s::uuid[])")
"""By their ids alone, as no index serves IS TRUE: PostgreSQL may go through all names of a domain to find a few."""

_ENDING = """
SELECT address, user_id FROM directory_address
 WHERE domain_id = %s AND ending_since IS NOT NULL AND confirmed_at IS NULL
"""
_OWNERS = "SELECT id, label FROM directory_owner WHERE domain_id = %s"
# Each by its own index: where statistics know nothing of a domain, one condition over both would go through it. Objects
# stand behind a SELECT: PostgreSQL counts many that it sees, and reads a table for them that it takes for small.
_JOINED = """
    SELECT id FROM directory_user
     WHERE external_id = ANY((SELECT %(objects)s::text[])::text[]) AND (domain_id = %(domain)s) IS TRUE
     UNION SELECT a.user_id FROM directory_address a
            WHERE a.address = ANY(%(addresses)s::text[]) AND (a.domain_id = %(domain)s) IS TRUE
"""

_Row = tuple[
    UUID,
    ExternalId | None,
    UUID | None,
    str,
    str,
    str,
    str | None,
    bool,
    str,
    list[Address],
    bool,
    str,
    bool,
    bool,
    bool,
    bool,
    bool,
    Address | None,
    list[Address] | None,
]


@dataclass(frozen=True, slots=True)
class StandingObject:
    """What the roll has of an object: its type, and the addresses of the user that stands for it."""

    type: ObjectType
    addresses: frozenset[Address]


def standing(domain: UUID, owners: Collection[UUID]) -> dict[ExternalId, StandingObject]:
    """Return the objects that users in service of these owners stand for."""
    with transaction.atomic(), by_index(), connection.cursor() as cursor:
        cursor.execute(_STANDING, [domain, list(owners)])
        return {
            ExternalId(key): StandingObject(
                ObjectType(type_ or ObjectType.USER), frozenset((chief, *(aliases or ()))) - {None}
            )
            for key, type_, chief, aliases in cursor
        }


def census(domain: UUID, owners: Collection[UUID]) -> dict[ObjectType, int]:
    """Count by type what `standing` returns."""
    counted = headcounts.types(domain, owners)
    if counted is not None:
        return counted
    with connection.cursor() as cursor:
        cursor.execute(_CENSUS, [ObjectType.USER.value, domain, list(owners)])
        return {ObjectType(type_): count for type_, count in cursor}


def stamped(domain: UUID) -> tuple[str, Current]:
    """Return the roll as `current` does, with its stamp, both of one moment."""
    with at_one_moment(domain) as stamp:
        return stamp, current(domain)


def stamped_part(domain: UUID, loaded: Collection[RollUser]) -> tuple[str, Current]:
    """Return some users that were loaded and the others as a census, with the stamp of all, of one moment.

    Where the stamp is what it was before they were loaded, nobody has written them since: none comes twice.
    """
    with at_one_moment(domain) as stamp:
        return stamp, part(domain, loaded)


@contextmanager
def at_one_moment(domain: UUID) -> Iterator[str]:
    """Give the stamp of a roll; what is loaded within is of the same moment, unless the caller has a transaction."""
    alone = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if alone:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield rollmarks.stamp(domain)


def part(domain: UUID, loaded: Collection[RollUser]) -> Current:
    """Return a roll of which some users were loaded, in the order of ids, and the others as a census."""
    return replace(some(domain, loaded), rest=headcounts.rest(domain, loaded))


def some(domain: UUID, loaded: Iterable[RollUser]) -> Current:
    """Return a roll of which some users were loaded, in the order of ids. Of the others nothing is told."""
    loaded_users = sorted(loaded, key=lambda user: user.id)
    return Current(tuple(loaded_users), _owners(domain), ending=ending(domain))


def joined(
    domain: UUID,
    ids: Collection[UUID],
    objects: Collection[ExternalId],
    addresses: Collection[Address],
    known: Mapping[UUID, RollUser] = MappingProxyType({}),
) -> tuple[RollUser, ...]:
    """Return the users that are among these, or stand for one of the objects, or have or had an address that ends.

    `known`: those that were loaded before, and are not loaded again.
    """
    by_id = [known[key] for key in ids if key in known]
    by_id += users(domain, [key for key in ids if key not in known])
    loaded = {user.id: user for user in by_id}
    # Nobody else stands for an object of one of these.
    others = set(objects).difference(user.state.external_id for user in by_id)
    if others or addresses:
        with connection.cursor() as cursor:
            cursor.execute(
                _JOINED, {"domain": domain, "objects": arrays.texts(others), "addresses": arrays.texts(addresses)}
            )
            keys = [key for (key,) in cursor if key not in loaded]
        loaded |= {key: known[key] for key in keys if key in known}
        loaded |= {user.id: user for user in users(domain, [key for key in keys if key not in known])}
    return tuple(loaded.values())


def ending(domain: UUID) -> dict[Address, UUID]:
    """Return the addresses that end and of which no reading has confirmed that they are gone, with who had them."""
    with connection.cursor() as cursor:
        cursor.execute(_ENDING, [domain])
        return {Address(text): user for text, user in cursor.fetchall()}


def _owners(domain: UUID) -> dict[UUID, str]:
    with connection.cursor() as cursor:
        cursor.execute(_OWNERS, [domain])
        return dict(cursor.fetchall())


def current(domain: UUID) -> Current:
    """Return the whole roll of a domain in the order of ids, read at one moment, with the names of its owners."""
    with transaction.atomic():
        return Current(tuple(each(domain)), _owners(domain), ending=ending(domain))


def each(domain: UUID) -> Iterator[RollUser]:
    """Yield all users of a domain in the order of ids, within a transaction of the caller."""
    with by_index(), connection.chunked_cursor() as cursor:
        cursor.execute(_ALL_USERS, [domain])
        while rows := cursor.fetchmany(BATCH):
            yield from map(_user, rows)


@contextmanager
def by_index() -> Iterator[None]:
    """Have the addresses of each user looked up by index, whatever the statistics say.

    They are of yesterday just after a large apply, and a planner that takes the table for small reads all of it for
    every user: measured, minutes for 20,000 users instead of a second.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield
        cursor.execute("SET LOCAL enable_seqscan = on")


def users(domain: UUID, ids: Collection[UUID]) -> tuple[RollUser, ...]:
    """Return some users of a domain; those it does not have are left out."""
    if not ids:
        return ()
    several = len(ids) > SEVERAL
    with transaction.atomic(), by_index() if several else nullcontext(), connection.cursor() as cursor:
        cursor.execute(_SOME_USERS, [domain, arrays.uuids(ids)])
        return tuple(map(_user, cursor.fetchall()))


def elsewhere(domain: UUID, addresses: Collection[Address]) -> Mapping[Address, str]:
    """Tell which addresses users of other domains hold, and never which domains or users those are.

    What only ends there is free.
    """
    with connection.cursor() as cursor:
        # Behind a SELECT: what PostgreSQL sees while it plans, it reckons with address by address.
        cursor.execute(
            "SELECT address FROM directory_address"
            " WHERE address = ANY((SELECT %s::text[])::text[]) AND domain_id <> %s AND ending_since IS NULL"
            " ORDER BY address",
            [arrays.texts(addresses), domain],
        )
        return {Address(address): ELSEWHERE for (address,) in cursor}


def ending_among(portions: Iterable[Sequence[Address]], number: int) -> list[Address]:
    """Return those of some wanted addresses that end, wherever that is. `number`: how many are wanted."""
    with connection.cursor() as cursor:
        if number > _MANY:
            most = number // 4
            # Few end anywhere, as a rule, and are read faster than many are looked up.
            with by_index():
                cursor.execute(
                    "SELECT address FROM directory_address WHERE ending_since IS NOT NULL LIMIT %s", [most + 1]
                )
                anywhere = {address for (address,) in cursor}
            if not anywhere:
                return []
            if len(anywhere) <= most:
                return [address for several in portions for address in several if address in anywhere]
        ending: list[Address] = []
        for several in filter(None, portions):
            cursor.execute(
                "SELECT address FROM directory_address WHERE address = ANY(%s::text[]) AND ending_since IS NOT NULL",
                [arrays.texts(several)],
            )
            ending += [address for (address,) in cursor]
        return ending


def touched(plan: Plan) -> Touched:
    """Return what stands now of the rows and addresses of a plan, and lock it until the transaction ends."""
    is_all_new = all(change.before is None for change in plan.others)
    if len(plan.changes) > SEVERAL and is_all_new and _is_empty(plan.domain):
        return Touched({}, {})
    # IS TRUE, here and wherever keys are given: no index serves it. Where statistics know nothing of a new domain,
    # PostgreSQL would rather walk through the whole of it than look the keys up.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, content_hash, owner_id FROM directory_user"
            " WHERE id = ANY(%s::uuid[]) AND (domain_id = %s) IS TRUE ORDER BY id FOR UPDATE",
            [arrays.hexadecimals(plan.touched_ids), plan.domain],
        )
        rows = {user: (content, owner) for user, content, owner in cursor}
        cursor.execute(
            "SELECT address, user_id FROM directory_address a"
            " WHERE address = ANY(%s::text[]) AND (domain_id = %s) IS TRUE AND (ending_since IS NULL OR EXISTS"
            " (SELECT 1 FROM directory_user u WHERE u.id = a.user_id AND u.retired_at = a.ending_since))"
            " ORDER BY address FOR UPDATE",
            [arrays.texts(plan.touched_addresses), plan.domain],
        )
        return Touched(rows, dict(cursor))


def _is_empty(domain: UUID) -> bool:
    """Whether a roll has no row at all, as before a first sync: then none has to be looked up."""
    with transaction.atomic(), by_index(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM directory_user WHERE domain_id = %s)"
            " OR EXISTS (SELECT FROM directory_address WHERE domain_id = %s)",
            [domain, domain],
        )
        (is_filled,) = cursor.fetchone()
        return not is_filled


def _user(row: _Row) -> RollUser:
    (
        key,
        external_id,
        owner,
        name,
        kind,
        rule,
        object_type,
        billable,
        group,
        former,
        retired,
        content,
        *marks,
        kept,
        chief,
        aliases,
    ) = row
    state = State(
        external_id=external_id,
        owner=owner,
        display_name=name,
        kind=Kind(kind),
        billable=billable,
        # Few names, many users: one text in memory for each.
        group=intern(group),
        primary=chief,
        aliases=tuple(aliases or ()),
        former=tuple(former),
        retired=retired,
        rule=ReasonCode(rule) if rule else None,
        object_type=ObjectType(object_type) if object_type else None,
        kept=kept,
    )
    return RollUser(key, state, content, *marks)
