"""The ledger of what left the roll on purpose: whoever keeps a copy of the roll believes no row gone without an entry.

Triggers write it: for each address, domain and alias domain that is deleted in a transaction that says it means to.
"""

from typing import Final

from django.db import connection, transaction

from mailroll.audit.acting import Acting
from mailroll.audit.notes import note
from mailroll.directory.models import Domain

_MEANT: Final = "SELECT set_config('mailroll.departures', 'meant', true)"


def mean() -> None:
    """Have what this transaction deletes from now on noted in the ledger."""
    with connection.cursor() as cursor:
        cursor.execute(_MEANT)


def accept(domain: Domain, acting: Acting) -> None:
    """Stand for everything that is missing in a domain, whyever it went: copies of the roll let go of it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO directory_departure (domain_id) VALUES (%s)", [domain.id])
        note(acting, "domain.departures_accepted", domain)
