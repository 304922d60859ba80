"""Asks a tenant what it grants now, and keeps the answer in the connection; so do runs, on their way."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection as database
from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.connections import credentials, health, outside, refusals, rules
from mailroll.connections.models import Connection
from mailroll.connectors import registry
from mailroll.connectors.base import ConnectionHealth
from mailroll.connectors.consent import Proof
from mailroll.connectors.urgency import Urgency, asked_by
from mailroll.directory import arrays
from mailroll.directory.models import Domain
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import MailrollError

_FRESH: Final = timedelta(hours=1)
"""How long an answer is good for: runs ask again after that, and at once after a refusal."""
_HEALTH: Final = "SELECT id, health::text FROM connections_connection WHERE id = ANY(%s::uuid[])"


def ask(connection: Connection, domain: Domain | None = None, identity: str = "") -> Proof:
    """Ask for permissions and domains, for the people of a domain, and for the roles of an identity, where given.

    Raises the connector's errors. The connection need not be stored.
    """
    access = credentials.access(connection)
    name = None if domain is None else DomainName(domain.name)
    return outside.ask(registry.kind(access.kind).prove(access.values, name, identity))


def check(connection: Connection, domain: Domain | None, acting: Acting) -> MailrollError | None:
    """Ask, and keep the answer; return the refusal, if it was one. A refusal changes nothing of what was known."""
    refusal: MailrollError | None = None
    try:
        with asked_by(Urgency.PERSON):
            proof = ask(connection, domain)
        # A tenant that may not be asked who it is gives no id.
        if proof.health.tenant:
            rules.refuse_other_directory(connection.tenant_id, proof.health)
    except MailrollError as error:
        refusal = error = refusals.reword(error, connection)
        connection.health = health.of_refusal(error, acting.now(), connection.health)
    else:
        connection.health = health.of_proof(proof, domain, acting.now(), connection.health)
    with transaction.atomic():
        connection.save(update_fields=["health"])
        result = "ok" if refusal is None else refusal.code
        note(acting, "connection.checked", Subject(str(connection.id), connection.organization_id), result=result)
    return refusal


def due(connections: Collection[UUID], now: datetime) -> frozenset[UUID]:
    """Return those of some connections that a run asks on its way what they grant."""
    with database.cursor() as cursor:
        cursor.execute(_HEALTH, [arrays.uuids(connections)])
        return frozenset(key for key, health_text in cursor.fetchall() if not _fresh(json.loads(health_text), now))


def is_settled(connection: Connection | None) -> bool:
    """Whether somebody has asked a connection what it grants, and the last answer was no refusal."""
    kept_health = {} if connection is None else connection.health
    return kept_health.get("error") is None and "checked_at" in kept_health


def keep(checked: Mapping[UUID, ConnectionHealth | MailrollError], acting: Acting) -> None:
    """Keep what a run was told by connections; a refusal changes nothing of what was known. News alone are audited."""
    for key in sorted(checked):
        answer = checked[key]
        with transaction.atomic():
            row = Connection.objects.select_for_update(no_key=True).filter(id=key).first()
            if row is None:
                continue
            before = row.health
            if isinstance(answer, MailrollError):
                row.health = health.of_refusal(refusals.reword(answer, row), acting.now(), before)
            else:
                row.health = health.of_answer(answer, acting.now(), before, in_passing=True)
            row.save(update_fields=["health"])
            if _gist(before) != _gist(row.health):
                result = answer.code if isinstance(answer, MailrollError) else "ok"
                note(acting, "connection.checked", Subject(str(row.id), row.organization_id), result=result)


def _fresh(kept_health: Mapping[str, Any], now: datetime) -> bool:
    if kept_health.get("error") is not None or "checked_at" not in kept_health:
        return False
    # A time to come was written while a clock was wrong.
    return now - _FRESH < datetime.fromisoformat(kept_health["checked_at"]) <= now


def _gist(kept_health: Mapping[str, Any]) -> tuple[object, ...]:
    """What is news where it changes."""
    permissions = tuple((permission["name"], permission["state"]) for permission in kept_health.get("permissions", ()))
    return (
        kept_health.get("state"),
        (kept_health.get("error") or {}).get("code"),
        kept_health.get("tenant_name"),
        permissions,
    )
