"""The ledger of what left the roll on purpose: whoever keeps a copy of the roll believes no row gone without an entry.

Triggers write it: for each address, domain and alias domain that is deleted in a transaction that says it means to.
"""

from typing import Final

from django.db import connection

_MEANT: Final = "SELECT set_config('mailroll.departures', 'meant', true)"


def mean() -> None:
    """Have what this transaction deletes from now on noted in the ledger."""
    with connection.cursor() as cursor:
        cursor.execute(_MEANT)
