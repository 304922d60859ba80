"""The way back: what a browser brings from Microsoft, once from the sign-in and once from the consent page.

One address takes both, as only one is registered; the state tells them apart. A state is spent before anything else
is done with what came with it, so that the same answer is never looked at twice.
"""

import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from mailroll.audit.actor import Acting
from mailroll.connections import outside, registration, rules
from mailroll.connections.consent import tokens
from mailroll.connections.consent.departure import STATE_LIFE, Going
from mailroll.connections.consent.refusal import ENDED, keep, note_spent, note_step, refuse, spent
from mailroll.connections.models import AttemptStep, ConsentAttempt
from mailroll.reconcile.errors import Broken, MailrollError

PATIENCE: Final = timedelta(minutes=15)
"""How long after a consent it may take until it counts everywhere at Microsoft."""

_OTHER_BROWSER = "other browser"


def returned(query: Mapping[str, str], browser: str, acting: Acting) -> ConsentAttempt | Going:
    """Return where the browser goes next, or the attempt whose page tells how it went.

    Raises `Refused` where the state is unknown, used, too old or of another browser: then nothing changes.
    """
    attempt, step = _spend(query.get("state", ""), browser, acting)
    try:
        if step is AttemptStep.SIGNING_IN:
            return _signed_in(attempt, query, acting)
        return _accepted(attempt, query, acting)
    except MailrollError as error:
        return refuse(attempt, error, acting)


def _spend(state: str, browser: str, acting: Acting) -> tuple[ConsentAttempt, AttemptStep]:
    """Find the attempt that waits for this state in this browser, and let nobody use the state again."""
    hashed = tokens.hash_of(state)
    with transaction.atomic():
        row = (
            ConsentAttempt.objects.select_for_update(of=("self",))
            .select_related("domain__organization", "source", "operator", "link")
            .filter(Q(signin_hash=hashed) | Q(consent_hash=hashed))
            .first()
        )
        fault = None if row is None else _fault(row, hashed, browser, acting)
        if row is not None and fault is None:
            step = AttemptStep(row.step)
            row.step = AttemptStep.REDEEMING
            row.save(update_fields=["step"])
            return row, step
        # Of a state that is nobody's there is nothing to write: anybody can make up any number of them.
        if row is not None and fault is not None:
            # In another browser it was not who began it, as far as anybody knows.
            note_spent(row, fault, by=acting.actor if fault == _OTHER_BROWSER else "")
    raise spent()


def same_browser(row: ConsentAttempt, browser: str) -> bool:
    return row.browser_hash is not None and hmac.compare_digest(bytes(row.browser_hash), tokens.hash_of(browser))


def _fault(row: ConsentAttempt, hashed: bytes, browser: str, acting: Acting) -> str | None:
    """Say what is wrong with a state that exists; the audit trail tells it, the page does not."""
    if not same_browser(row, browser):
        return _OTHER_BROWSER
    expected_hashes = {AttemptStep.SIGNING_IN: row.signin_hash, AttemptStep.CONSENTING: row.consent_hash}
    if row.step in ENDED or bytes(expected_hashes.get(AttemptStep(row.step)) or b"") != hashed:
        return "used"
    return "too old" if row.expires_at <= acting.now() else None


def _signed_in(attempt: ConsentAttempt, query: Mapping[str, str], acting: Acting) -> Going:
    """Learn from the id token alone which tenant it is and who signed in, and go on to that tenant's consent page."""
    if "error" in query:
        raise registration.SIGN_IN.refusal(query)
    code = query.get("code", "")
    if not code:
        raise Broken("callback_malformed", "Microsoft sent nothing back to go on with.", "Start again.")
    own = registration.own_of(attempt)
    signing_in = own.sign_in
    secrets = tokens.unseal(attempt.id, attempt.sealed)
    person = outside.ask(signing_in.redeem(code, nonce=secrets["nonce"], verifier=secrets["verifier"]))
    attempt.tenant_id, attempt.object_id = person.tenant, person.object
    attempt.account, attempt.role = person.account, person.role or ""
    keep(attempt, "tenant_id", "object_id", "account", "role")
    if person.role == "":
        raise signing_in.not_administrator(person.account)
    # Asked here, so that nobody consents in vain; asked again when it is attached, where it counts.
    rules.refuse_other_tenant(attempt.source, person.tenant)
    rules.refuse_claimed(own.connection(attempt.domain.organization, person.tenant), attempt.operator)
    state = tokens.fresh()
    with transaction.atomic():
        attempt.step, attempt.consent_hash, attempt.sealed = AttemptStep.CONSENTING, tokens.hash_of(state), ""
        attempt.expires_at = acting.now() + STATE_LIFE
        keep(attempt, "step", "consent_hash", "sealed", "expires_at")
        note_step(attempt, "connect.signed_in", role=attempt.role or "unknown")
    return Going(signing_in.consent_url(tenant=person.tenant, account=person.account, state=state))


def _accepted(attempt: ConsentAttempt, query: Mapping[str, str], acting: Acting) -> ConsentAttempt:
    registration.SIGN_IN.check_consent(query, attempt.tenant_id)
    with transaction.atomic():
        attempt.step, attempt.accepted_at, attempt.next_try_at = AttemptStep.WAITING, acting.now(), acting.now()
        attempt.expires_at = acting.now() + PATIENCE
        keep(attempt, "step", "accepted_at", "next_try_at", "expires_at")
        note_step(attempt, "connect.accepted")
    return attempt
