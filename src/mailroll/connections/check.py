"""Asks a tenant what it grants now, and keeps the answer in the connection."""

from datetime import datetime
from typing import Any

from django.db import transaction

from mailroll.audit.acting import Acting
from mailroll.audit.notes import Subject, note
from mailroll.connections import credentials, outside, refusals, rules
from mailroll.connections.models import Connection
from mailroll.connectors import registry
from mailroll.connectors.base import PermissionState
from mailroll.connectors.consent import Proof
from mailroll.directory.models import Domain
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import MailrollError


def ask(connection: Connection, domain: Domain | None = None, identity: str = "") -> Proof:
    """Ask for permissions and domains, for the people of a domain, and for the roles of an identity, where given.

    Raises the connector's errors. The connection need not be stored.
    """
    access = credentials.access(connection)
    name = None if domain is None else DomainName(domain.name)
    return outside.ask(registry.kind(access.kind).prove(access.values, name, identity))


def check(connection: Connection, domain: Domain | None, acting: Acting) -> MailrollError | None:
    """Ask, and keep the answer; return the refusal, if it was one. A refusal changes nothing of what was known."""
    refusal = None
    try:
        proof = ask(connection, domain)
        # A tenant that may not be asked who it is gives no id.
        if proof.health.tenant:
            rules.refuse_other_directory(connection.tenant_id, proof.health)
    except MailrollError as error:
        refusal = error = refusals.reword(error, connection)
        kept = {"state": "refused", "error": error.as_json(), "checked_at": acting.now().isoformat()}
        connection.health = {**connection.health, **kept}
    else:
        connection.health = health(proof, domain, acting.now(), connection.health)
    with transaction.atomic():
        connection.save(update_fields=["health"])
        result = "ok" if refusal is None else refusal.code
        note(acting, "connection.checked", Subject(str(connection.id), connection.organization_id), result=result)
    return refusal


def health(proof: Proof, domain: Domain | None, now: datetime, before: dict[str, Any]) -> dict[str, Any]:
    """Return an answer as a connection keeps it and the command line shows it; counts of other domains stay.

    `state` is `ok` where every permission needed is granted or cannot be told, else `incomplete`; `check` has a third,
    `refused`.
    """
    answer = proof.health
    missing = any(each.required and each.state is PermissionState.MISSING for each in answer.permissions)
    people = dict(before.get("people", {}))
    if domain is not None and proof.people is not None:
        people[domain.name] = proof.people
    return {
        "state": "incomplete" if missing else "ok",
        "tenant": answer.tenant,
        "tenant_name": answer.tenant_name,
        "domains": sorted(answer.domains),
        "people": people,
        "permissions": [
            {
                "name": each.name,
                "state": each.state.value,
                "required": each.required,
                "why": each.why,
                "fix": each.fix,
            }
            for each in answer.permissions
        ],
        "error": None,
        "checked_at": now.isoformat(),
    }
