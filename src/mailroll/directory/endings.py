"""Addresses that end: confirmed to be gone, by a reading or by a person."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection

from mailroll.directory.models import Address, Owner
from mailroll.reconcile import addresses


def confirm(domain: UUID, absent: Collection[addresses.Address], read_at: datetime) -> None:
    """Note that a reading which began at that time lacks these addresses: only those that ended before it."""
    if not absent:
        return
    with connection.cursor() as cursor:
        # Not looked up by address: those that end are few, and have an index of their own.
        cursor.execute(
            "UPDATE directory_address SET confirmed_at = %s"
            " WHERE domain_id = %s AND ending_since < %s AND confirmed_at IS NULL AND (address = ANY(%s)) IS TRUE",
            [read_at, domain, read_at, list(absent)],
        )


def confirm_all_of(owner: Owner, now: datetime) -> None:
    """Let what the users of an owner lost end in its time: a person took away whoever could have told more of it."""
    ending = Address.objects.filter(domain=owner.domain_id, ending_since__isnull=False, confirmed_at=None)
    ending.filter(user__owner=owner).update(confirmed_at=now)
