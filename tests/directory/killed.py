"""Applies a plan in a process of its own, which a test kills: `python -m tests.directory.killed DOMAIN`."""

import sys
from uuid import UUID

import django
from django.db import connection, transaction

django.setup()

from mailroll.directory.models import Domain, Owner  # noqa: E402 - Django first
from tests.directory.rolls import Roll  # noqa: E402


def main(domain: UUID) -> None:
    roll = Roll(Domain.objects.get(id=domain), Owner.objects.get(domain=domain))
    people = [("ann", roll.current().users[0].state, None), ("bob", None, roll.state("bob", "ann", "taken"))]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        print(cursor.fetchone()[0], flush=True)  # noqa: T201 - the test reads it
    with transaction.atomic():
        roll.becomes(*people)


main(UUID(sys.argv[1]))
