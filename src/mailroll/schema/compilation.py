"""PostgreSQL does not compile what it is asked here: to compile a question takes longer than to answer it.

It does so where it takes a question for dear (`jit_above_cost`), which of a hundred thousand domains some pages ask;
Debian's builds and PostgreSQL's image can, the embedded one cannot. Measured with 15, the list of people took it 77 ms
in place of 18 (docs/performance.md). https://www.postgresql.org/docs/15/jit-decision.html
"""

from typing import Final

from django.db import connection

# The database has it, and not each session, which would be a question more, or an option that poolers refuse. What an
# administrator says of the role stands above it. Who does not own the database leaves it as it is.
_SWITCH_OFF: Final = """
    DO $$ BEGIN
        IF current_setting('jit') = 'on' AND EXISTS (
            SELECT FROM pg_database WHERE datname = current_database() AND pg_has_role(datdba, 'USAGE')
        ) THEN
            EXECUTE format('ALTER DATABASE %I SET jit = off', current_database());
        END IF;
    END $$
"""


def switch_off() -> None:
    """Switch it off for sessions that begin from now on, where the account owns the database."""
    with connection.cursor() as cursor:
        cursor.execute(_SWITCH_OFF)
