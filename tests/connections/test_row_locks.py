"""Whoever notes something on a connection or a source keeps nobody waiting who writes a row that belongs to it."""

from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest
from django.db import transaction

from mailroll.connections import attach, check, key_rotation
from mailroll.reconcile.errors import NeedsConsent
from mailroll.sync.readings import connection_notes
from mailroll.sync.readings.reading import ReadingOutcome
from tests.gateway.roles import parameters
from tests.sync.world import Customer

REFUSED = NeedsConsent("consent_missing", "Consent was withdrawn.", "Give it again.")


def checked(customer: Customer) -> None:
    check.keep({customer.connection.id: REFUSED}, customer.acting)


def read(customer: Customer) -> None:
    outcome = ReadingOutcome((), ())
    connection_notes.keep(replace(outcome, checked={customer.connection.id: REFUSED}), customer.acting)


def resealed(customer: Customer) -> None:
    key_rotation.reseal(customer.acting)


def attached(customer: Customer) -> None:
    attach.attach(customer.source, customer.connection, attach.OnTrust(), customer.acting)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("note", [checked, read, resealed, attached])
def test_a_run_that_keeps_what_it_read_of_a_connection_does_not_wait_for_it(
    customer: Customer, note: Callable[[Customer], None]
) -> None:
    with transaction.atomic():
        note(customer)
        # What a foreign key asks for when a row is written that refers to one of these.
        with psycopg.connect(**parameters()) as other:
            for table, key in (
                ("connections_connection", customer.connection.pk),
                ("connections_source", customer.source.pk),
            ):
                other.execute(f"SELECT 1 FROM {table} WHERE {_key(table)} = %s FOR KEY SHARE NOWAIT".encode(), [key])
            # Two that note something still come one after the other.
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute(
                    "SELECT 1 FROM connections_connection WHERE id = %s FOR NO KEY UPDATE NOWAIT",
                    [customer.connection.pk],
                )


def _key(table: str) -> str:
    return "id" if table == "connections_connection" else "owner_id"
