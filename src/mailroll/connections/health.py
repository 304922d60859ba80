"""What is kept of how a connection stands: learnt from a check that a person asked for, and from every reading.

`state` is `ok` where every permission needed is granted or cannot be told, `lessened` where one that is merely
recommended was granted once and is not any more, `incomplete` where one that is needed is missing, `refused` where the
tenant lets nobody in, and `unanswered` where a check came to nothing; `error` then says why. A permission that was lost
has the time at which that was seen.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from mailroll.connectors.base import ConnectionHealth, PermissionState
from mailroll.connectors.consent import Proof
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import MailrollError, NeedsConsent, NotVerified

LOST: Final = "lost_at"
Kept = dict[str, Any]


def of_proof(proof: Proof, domain: Domain | None, now: datetime, before: Kept) -> Kept:
    """Return the answer to a check; counts of domains that were not asked for stay."""
    health = of_answer(proof.health, now, before)
    if domain is not None and proof.people is not None:
        health["people"][domain.name] = proof.people
    return health


def of_answer(answer: ConnectionHealth, now: datetime, before: Kept, *, in_passing: bool = False) -> Kept:
    """Return what a tenant answered; asked `in_passing`, what could not be told now stays as it was known."""
    known_permissions = {kept_permission["name"]: kept_permission for kept_permission in before.get("permissions", ())}
    permissions = []
    for permission in answer.permissions:
        row = {
            "name": permission.name,
            "state": permission.state.value,
            "required": permission.required,
            "why": permission.why,
        }
        is_certain = not in_passing or permission.state is not PermissionState.UNKNOWN
        permissions.append(
            {**row, "fix": permission.fix}
            if is_certain or permission.name not in known_permissions
            else known_permissions[permission.name]
        )
    return {
        **_judged(permissions, now, before),
        "tenant": answer.tenant,
        "tenant_name": answer.tenant_name,
        "domains": sorted(answer.domains),
        "people": dict(before.get("people", {})),
        "error": None,
        "checked_at": now.isoformat(),
    }


def of_reading(evidence: Mapping[str, PermissionState], now: datetime, before: Kept) -> Kept:
    """Return what a reading shows on its way: it was let in, and some permissions answered or were refused.

    Of the others nothing new is known, and when all of them were last asked for stays as it is.
    """
    permissions = [
        {**permission, "state": evidence[permission["name"]].value} if permission["name"] in evidence else permission
        for permission in before.get("permissions", ())
    ]
    return {**before, **_judged(permissions, now, before), "error": None}


def of_refusal(error: MailrollError, now: datetime, before: Kept) -> Kept:
    """Return that nobody was let in; it changes nothing of what was known."""
    refused = isinstance(error, NeedsConsent | NotVerified)
    return {
        **before,
        "state": "refused" if refused else "unanswered",
        "error": error.as_json(),
        "checked_at": now.isoformat(),
    }


def forgiven(health: Kept) -> Kept:
    """Return it as somebody has just consented to it: what is not granted now was left out on purpose."""
    permissions = [
        {key: value for key, value in permission.items() if key != LOST} for permission in health["permissions"]
    ]
    return {**health, **_stated(permissions)}


def lost(health: Mapping[str, Any]) -> tuple[str, ...]:
    """The permissions that were granted once and are not any more."""
    return tuple(permission["name"] for permission in health.get("permissions", ()) if LOST in permission)


def _judged(permissions: list[Kept], now: datetime, before: Kept) -> Kept:
    known_permissions = {kept_permission["name"]: kept_permission for kept_permission in before.get("permissions", ())}
    judged = []
    for permission in permissions:
        was = known_permissions.get(permission["name"], {})
        since = was.get(LOST)
        if permission["state"] == PermissionState.MISSING and was.get("state") == PermissionState.GRANTED:
            since = since or now.isoformat()
        row = {key: value for key, value in permission.items() if key != LOST}
        judged.append({**row, LOST: since} if since and permission["state"] != PermissionState.GRANTED else row)
    return _stated(judged)


def _stated(permissions: list[Kept]) -> Kept:
    missing = any(
        permission["required"] and permission["state"] == PermissionState.MISSING for permission in permissions
    )
    lessened = any(LOST in permission for permission in permissions)
    return {"state": "incomplete" if missing else "lessened" if lessened else "ok", "permissions": permissions}
