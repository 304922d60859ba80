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
    kept = of_answer(proof.health, now, before)
    if domain is not None and proof.people is not None:
        kept["people"][domain.name] = proof.people
    return kept


def of_answer(answer: ConnectionHealth, now: datetime, before: Kept, *, in_passing: bool = False) -> Kept:
    """Return what a tenant answered; asked `in_passing`, what could not be told now stays as it was known."""
    known = {each["name"]: each for each in before.get("permissions", ())}
    permissions = []
    for each in answer.permissions:
        row = {"name": each.name, "state": each.state.value, "required": each.required, "why": each.why}
        told = not in_passing or each.state is not PermissionState.UNKNOWN
        permissions.append({**row, "fix": each.fix} if told or each.name not in known else known[each.name])
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
        {**each, "state": evidence[each["name"]].value} if each["name"] in evidence else each
        for each in before.get("permissions", ())
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


def forgiven(kept: Kept) -> Kept:
    """Return it as somebody has just consented to it: what is not granted now was left out on purpose."""
    permissions = [{key: value for key, value in each.items() if key != LOST} for each in kept["permissions"]]
    return {**kept, **_stated(permissions)}


def lost(kept: Mapping[str, Any]) -> tuple[str, ...]:
    """The permissions that were granted once and are not any more."""
    return tuple(each["name"] for each in kept.get("permissions", ()) if LOST in each)


def _judged(permissions: list[Kept], now: datetime, before: Kept) -> Kept:
    known = {each["name"]: each for each in before.get("permissions", ())}
    judged = []
    for each in permissions:
        was = known.get(each["name"], {})
        since = was.get(LOST)
        if each["state"] == PermissionState.MISSING and was.get("state") == PermissionState.GRANTED:
            since = since or now.isoformat()
        kept = {key: value for key, value in each.items() if key != LOST}
        judged.append({**kept, LOST: since} if since and each["state"] != PermissionState.GRANTED else kept)
    return _stated(judged)


def _stated(permissions: list[Kept]) -> Kept:
    missing = any(each["required"] and each["state"] == PermissionState.MISSING for each in permissions)
    lessened = any(LOST in each for each in permissions)
    return {"state": "incomplete" if missing else "lessened" if lessened else "ok", "permissions": permissions}
