"""A whole roll is read in one pass, however few the statistics take it for."""

import pytest
from django.db import connection

from mailroll.directory import row_hashes
from tests.directory.rolls import Roll

pytestmark = pytest.mark.django_db


def test_rows_are_not_looked_up_one_by_one_although_statistics_take_both_tables_for_empty(roll: Roll) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE directory_user, directory_address, directory_group")
        roll.has(("ann", roll.state("ann", "ann", "info")), ("bob", roll.state("bob", "bob")))
        with row_hashes._in_one_pass():
            cursor.execute(f"EXPLAIN {row_hashes._ROWS}", [roll.domain.id, roll.domain.id])
            plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("SELECT current_setting('enable_nestloop'), current_setting('cursor_tuple_fraction')")
        assert cursor.fetchone() == ("on", "0.1")
    assert "Nested Loop" not in plan


def test_rows_of_another_domain_are_not_among_them(roll: Roll, other: Roll) -> None:
    roll.has(("ann", roll.state("ann", "ann", "info")))
    other.has(("bob", other.state("bob", "bob")))
    hashes = {user.id.bytes + bytes.fromhex(user.hash) for user in roll.current().users}
    assert set[bytes]().union(*row_hashes.read(roll.domain.id)) == hashes
