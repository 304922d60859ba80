"""What rows of the roll refer to is there and in their domain, whoever writes them, and whoever does so at once."""

from typing import Final
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from psycopg import errors

from mailroll.backup import references
from mailroll.directory import edit
from mailroll.directory.models import Group
from mailroll.reconcile.errors import BadInput
from mailroll.sync import states
from mailroll.sync.models import Run, RunSkip, RunState
from tests.directory.rolls import ACTING, NOON, Roll

NEW_USER: Final = """
    INSERT INTO directory_user (id, domain_id, group_id, owner_id, display_name, kind, billable, former_addresses,
                                content_hash, created_at, updated_at)
    SELECT gen_random_uuid(), %(domain)s, %(group)s, %(owner)s, '', 'user', true, '{}', repeat('0', 32), now(), now()
      FROM generate_series(1, 3)
"""
NEW_ADDRESS: Final = """
    INSERT INTO directory_address (address, user_id, domain_id, is_primary)
    VALUES ('new@brightwater.example', %(user)s, %(domain)s, false)
"""
WRONG: Final = {
    "a group of another domain": (NEW_USER, {"group": "their group"}),
    "no group": (NEW_USER, {"group": "nothing"}),
    "an owner of another domain": (NEW_USER, {"owner": "their owner"}),
    "an address of another domain's user": (NEW_ADDRESS, {"user": "their user"}),
    "an address of nobody": (NEW_ADDRESS, {"user": "nobody"}),
    "moved to a group of another domain": ("UPDATE directory_user SET group_id = %(their group)s", {}),
    "moved to an owner of another domain": ("UPDATE directory_user SET owner_id = %(their owner)s", {}),
    "moved to another domain's user": ("UPDATE directory_address SET user_id = %(their user)s", {}),
    "a user with an address": ("DELETE FROM directory_user WHERE id = %(user)s", {}),
    "a group with a user": ("DELETE FROM directory_group WHERE id = %(group)s", {}),
    "an owner with a user": ("DELETE FROM directory_owner WHERE id = %(owner)s", {}),
    "a user that changes its domain": (
        "UPDATE directory_user SET domain_id = %(their domain)s WHERE id = %(user)s",
        {},
    ),
    "a group that changes its domain": ("UPDATE directory_group SET domain_id = %(their domain)s, name = 'x'", {}),
    "an owner that changes its number": ("UPDATE directory_owner SET id = gen_random_uuid()", {}),
    "no users": ("TRUNCATE directory_user CASCADE", {}),
    "no owners": ("TRUNCATE directory_owner CASCADE", {}),
    "changes of no run": (
        "INSERT INTO sync_runskip (run_id, external_id, address, reason) VALUES (gen_random_uuid(), '', '', '{}')",
        {},
    ),
    "a run with people left out": ("DELETE FROM sync_run", {}),
    "left out by another run": ("UPDATE sync_runskip SET run_id = gen_random_uuid()", {}),
    "a run of another number": ("UPDATE sync_run SET id = gen_random_uuid()", {}),
    "no runs": ("TRUNCATE sync_run CASCADE", {}),
}


@pytest.fixture
def named(roll: Roll, other: Roll) -> dict[str, UUID | int]:
    """Ann here and Bob there, a run that left somebody out, and what statements call all of it by."""
    roll.has(("ann", roll.state("ann", "ann")))
    other.has(("bob", other.state("bob", "bob")))
    run = Run(id=uuid4(), domain=roll.domain, trigger="manual", fence=0, revision=1, started_at=NOON)
    states.begin(run, RunState.READING, NOON)
    RunSkip.objects.create(run=run, reason={})
    return {
        "domain": roll.domain.id,
        "group": Group.objects.get(domain=roll.domain).id,
        "owner": roll.owner.id,
        "user": roll.key("ann"),
        "their domain": other.domain.id,
        "their group": Group.objects.get(domain=other.domain).id,
        "their owner": other.owner.id,
        "their user": other.key("bob"),
        "nothing": 0,
        "nobody": uuid4(),
    }


@pytest.mark.parametrize("what", WRONG)
def test_no_statement_leaves_a_reference_to_what_is_not_there(what: str, named: dict[str, UUID | int]) -> None:
    statement, others = WRONG[what]
    values = named | {name: named[value] for name, value in others.items()}
    with connection.cursor() as cursor:
        # What still waits for its check keeps a table from being emptied.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(statement, values)
        # Their own are right, in as many rows as you like, and the whole way back too.
        cursor.execute(NEW_USER, named)
        cursor.execute(NEW_ADDRESS, named)
    references.expect_whole()


@pytest.mark.parametrize("more", [0, 3])
@pytest.mark.parametrize("whose", ["nobody", "their user"])
def test_an_address_of_nobody_here_is_found_among_few_users_and_among_many(
    more: int, whose: str, named: dict[str, UUID | int]
) -> None:
    # Where most of a domain come its users are gone through, else those who are named are looked up.
    with connection.cursor() as cursor:
        for _ in range(more):
            cursor.execute(NEW_USER, named)
        with pytest.raises(IntegrityError, match="a user that its domain does not have"), transaction.atomic():
            cursor.execute(NEW_ADDRESS, named | {"user": named[whose]})
        cursor.execute(NEW_ADDRESS, named)


def test_a_check_leaves_the_planner_as_it_was(named: dict[str, UUID | int]) -> None:
    with connection.cursor() as cursor:
        # Most of a domain.
        cursor.execute(NEW_ADDRESS, named)
        cursor.execute("SELECT name FROM pg_settings WHERE starts_with(name, 'enable_') AND setting <> reset_val")
        assert cursor.fetchall() == []


def test_what_came_past_the_triggers_is_found(named: dict[str, UUID | int]) -> None:
    # As a restore does it.
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE directory_address DISABLE TRIGGER USER")
        cursor.execute(NEW_ADDRESS, named | {"user": named["their user"]})
        cursor.execute("ALTER TABLE directory_address ENABLE TRIGGER USER")
    with pytest.raises(BadInput, match="directory_address"):
        references.expect_whole()


LACKING_THE_LOCK: Final = {
    "a user": NEW_USER,
    "an address": NEW_ADDRESS,
    "no address and no user": "DELETE FROM directory_user WHERE id = %(empty)s",
    "no group": "DELETE FROM directory_group WHERE id = %(spare)s",
    "another group": "UPDATE directory_user SET group_id = %(spare)s WHERE id = %(user)s",
}


@pytest.mark.django_db(transaction=True)
def test_who_writes_the_roll_without_its_domain_fails_where_another_has_it(
    roll: Roll, named: dict[str, UUID | int], database_url: str
) -> None:
    empty = roll.state("empty", None, retired=True)
    roll.has(("empty", empty))
    values = named | {"empty": roll.key("empty"), "spare": edit.add_group(roll.domain, "Spare", ACTING).id}

    def written(statement: str) -> type[Exception] | None:
        with psycopg.connect(database_url) as stranger:
            try:
                stranger.execute(statement.encode(), values)
            except psycopg.Error as error:
                return type(error)
            finally:
                stranger.rollback()
        return None

    with transaction.atomic():
        edit.domains.lock(roll.domain)
        for what, statement in LACKING_THE_LOCK.items():
            assert (what, written(statement)) == (what, errors.LockNotAvailable)
        # Who lets nothing refer to anything else, and takes nothing away, needs no domain.
        assert written("UPDATE directory_user SET display_name = 'Other' WHERE id = %(user)s") is None
        assert written("UPDATE directory_address SET is_primary = false") is None
        assert written("DELETE FROM directory_address WHERE user_id = %(user)s") is None
    for what, statement in LACKING_THE_LOCK.items():
        assert (what, written(statement)) == (what, None)


@pytest.mark.django_db(transaction=True)
def test_nobody_comes_into_a_group_that_another_is_taking_away(
    roll: Roll, named: dict[str, UUID | int], database_url: str
) -> None:
    spare = edit.add_group(roll.domain, "Spare", ACTING).id
    values = named | {"group": spare}
    with psycopg.connect(database_url) as first, psycopg.connect(database_url) as second:
        first.execute("DELETE FROM directory_group WHERE id = %s", [spare])
        with pytest.raises(errors.LockNotAvailable):
            second.execute(NEW_USER.encode(), values)
        second.rollback()
        first.commit()
        with pytest.raises(errors.ForeignKeyViolation):
            second.execute(NEW_USER.encode(), values)
        second.rollback()
        # Of an older view it would not be seen that the group is gone.
        second.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with pytest.raises(errors.InvalidTransactionState):
            second.execute(NEW_USER.encode(), named)


@pytest.mark.django_db(transaction=True)
def test_where_a_server_begins_with_an_older_view_the_roll_is_written_all_the_same(roll: Roll) -> None:
    level = "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL"
    with connection.cursor() as cursor:
        cursor.execute(f"{level} REPEATABLE READ")
        try:
            roll.has(("ann", roll.state("ann", "ann")))
        finally:
            cursor.execute(f"{level} READ COMMITTED")
    roll.expect(("ann", roll.state("ann", "ann")))
