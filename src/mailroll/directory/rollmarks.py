"""What stands for the rows of a roll: the marks of who wrote it, which triggers leave (migration 0026).

Every statement that writes a row leaves a new mark in its transaction, and takes away those that it replaces. So a
snapshot shows a mark exactly where it shows the rows, what is rolled back leaves none, and no set of marks comes twice.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from mailroll.directory import arrays

MARKS: Final = """
    (SELECT string_agg(m.id::text, ' ' ORDER BY m.id) FROM directory_rollmark m WHERE m.domain_id = {domain})
"""
STAMP: Final = f"coalesce({MARKS}, gen_random_uuid()::text)"
"""An expression of a query. A roll without a mark is like no other, and not even like itself."""

# A row that is written again lies elsewhere (ctid) and is of another transaction (xmin): where both are what they were,
# so is all that is in it. Hashed row by row and summed up, as no order of the rows is needed for that.
_ROWS: Final = """
    concat_ws(' ',
        (SELECT count(*) || ':' || coalesce(sum(hashtextextended(ctid::text || ' ' || xmin::text, 0)), 0)
           FROM directory_user WHERE domain_id = d.id),
        (SELECT count(*) || ':' || coalesce(sum(hashtextextended(ctid::text || ' ' || xmin::text, 1)), 0)
           FROM directory_address WHERE domain_id = d.id),
        (SELECT count(*) || ':' || coalesce(sum(hashtextextended(ctid::text || ' ' || xmin::text, 2)), 0)
           FROM directory_group WHERE domain_id = d.id),
        (SELECT count(*) || ':' || coalesce(sum(hashtextextended(ctid::text || ' ' || xmin::text, 3)), 0)
           FROM directory_owner WHERE domain_id = d.id))
"""
_SURVEYED: Final = f"""
    SELECT d.id, {MARKS.format(domain="d.id")}, {_ROWS}, s.marks, s.rows
      FROM directory_domain d LEFT JOIN directory_rollsurvey s ON s.domain_id = d.id
     WHERE d.id = ANY(%s::uuid[]) ORDER BY d.id
"""  # noqa: S608 - of our own pieces
_KEEP: Final = """
    INSERT INTO directory_rollsurvey (domain_id, marks, rows) SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[])
        ON CONFLICT (domain_id) DO UPDATE SET marks = EXCLUDED.marks, rows = EXCLUDED.rows
"""
_RENEW: Final = """
    INSERT INTO directory_rollmark (id, domain_id)
    SELECT gen_random_uuid(), id FROM directory_domain WHERE id = ANY(%s::uuid[])
"""
_RENEW_ALL: Final = "INSERT INTO directory_rollmark (id, domain_id) SELECT gen_random_uuid(), id FROM directory_domain"


def stamp(domain: UUID) -> str:
    """Return what stands for the whole roll of a domain: equal ones are of rows that nobody wrote in between."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {STAMP.format(domain='%s')}", [domain])
        (roll_stamp,) = cursor.fetchone()
        return str(roll_stamp)


def renew(domains: Sequence[UUID] | None = None) -> None:
    """Have nothing count any more that was kept of these rolls, or of all."""
    with connection.cursor() as cursor:
        if domains is None:
            cursor.execute(_RENEW_ALL)
        else:
            cursor.execute(_RENEW, [arrays.uuids(domains)])


def survey(domains: Sequence[UUID]) -> int:
    """Look through these rolls for rows that were written past the triggers; return in how many there were any.

    That is so where the marks are those of the last survey, and the rows are others. A table that was written anew as a
    whole (VACUUM FULL) looks the same, and costs its domains a full reading each.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # One statement, so that marks and rows are of the same moment.
        cursor.execute(_SURVEYED, [arrays.uuids(domains)])
        rows = cursor.fetchall()
        past = [row[0] for row in rows if row[1] is not None and row[1] == row[3] and row[2] != row[4]]
        renew([*past, *(row[0] for row in rows if row[1] is None)])
        marked = [row for row in rows if row[1] is not None]
        cursor.execute(_KEEP, [[row[place] for row in marked] for place in range(3)])
    return len(past)
