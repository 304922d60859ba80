"""Addresses that a reading shows and that only wait for their plan: a gateway is told "later" of them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection

from mailroll.directory import arrays
from mailroll.reconcile.addresses import Address


def replace(domain: UUID, addresses: Collection[Address], now: datetime) -> None:
    """Make these the ones that wait, in the caller's transaction; those that waited already wait on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM directory_waitingaddress WHERE domain_id = %s AND (address = ANY(%s::text[])) IS NOT TRUE",
            [domain, arrays.texts(addresses)],
        )
        if addresses:
            cursor.execute(
                "INSERT INTO directory_waitingaddress (domain_id, address, since)"
                " SELECT %s, unnest(%s::text[]), %s ON CONFLICT (domain_id, address) DO NOTHING",
                [domain, arrays.texts(sorted(addresses)), now],
            )


def remove(domain: UUID, addresses: Collection[Address]) -> None:
    """Let these wait no more: they are in service, or a person wants them out."""
    if addresses:
        with connection.cursor() as cursor:
            # IS TRUE: the few that wait are gone through, not the many that come.
            cursor.execute(
                "DELETE FROM directory_waitingaddress WHERE domain_id = %s AND (address = ANY(%s::text[])) IS TRUE",
                [domain, arrays.texts(addresses)],
            )


def remove_served(domain: UUID) -> None:
    """Let those wait no more that are in service by now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM directory_waitingaddress w USING directory_address a"
            " WHERE w.domain_id = %s AND a.address = w.address AND a.domain_id = w.domain_id"
            " AND a.ending_since IS NULL",
            [domain],
        )
