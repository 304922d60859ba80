"""What a tenant proves once it consented: which one it is, what is granted, which domains it owns, who may decide."""

import asyncio
from collections.abc import Mapping
from typing import Final

from mailroll.connectors.consent import Proof
from mailroll.connectors.microsoft365.connector import Microsoft365
from mailroll.connectors.microsoft365.settings import ConnectionSettings
from mailroll.connectors.microsoft365.sign_in.signin_token import role_of
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import MailrollError, Retry

TIME: Final = 15.0
"""Seconds for all questions together: a person waits, and can ask again."""


async def prove(settings: Mapping[str, str], domain: DomainName | None, identity: str = "") -> Proof:
    """Ask with a new token, as one at hand keeps the permissions of its day.

    `domain`: whose people to count. `identity`: whose roles to look up.

    Raises the connector's errors; `Retry` where the answers take longer than a person should wait.
    """
    try:
        async with asyncio.timeout(TIME), Microsoft365.open(ConnectionSettings.parse(settings)) as connector:
            health = await connector.check()
            if health.lacking:
                return Proof(health, None, None)
            people = await _counted(connector, domain) if domain is not None and domain in health.domains else None
            return Proof(health, people, role_of(await connector.roles(identity)) if identity else None)
    except TimeoutError as fault:
        raise Retry(
            "answer_too_slow", "Microsoft did not answer in time.", "This passes by itself.", after=TIME
        ) from fault


async def _counted(connector: Microsoft365, domain: DomainName) -> int | None:
    """A count is for telling alone: where Graph will not count, everything else still stands."""
    try:
        return await connector.people(domain)
    except MailrollError:
        return None
