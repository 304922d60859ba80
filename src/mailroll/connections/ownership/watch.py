"""Looks for the records that prove names: when somebody asks, and by itself while a name waits."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from mailroll.accounts import installation
from mailroll.audit.actor import Acting
from mailroll.connections import outside, rules
from mailroll.connections.models import DnsProof
from mailroll.connections.ownership.lookup import expect
from mailroll.connections.ownership.record import TxtRecord, new_token, record_of
from mailroll.directory import edit
from mailroll.directory.models import Domain, ProvedBy
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import BadInput, MailrollError, Refused

APART: Final = timedelta(seconds=10)
"""How long a name is not looked for again: whoever clicks twice would only get the same answer of a name server."""
FIRST: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(hours=12)
GIVEN_UP: Final = timedelta(days=30)
"""When a worker stops to look: whoever comes back then clicks."""
AT_ONCE: Final = 20
"""Names that a worker looks for at the same time."""

DNS_CLOCK: Final = "dns-proof"
"""The actor of a proof that a worker found."""


def begin(domain: Domain, name: str, now: datetime) -> DnsProof:
    """Make the record of a name that waits to be proved; another one where the name was there before."""
    fresh = {"token": new_token(), "created_at": now, "asked_at": None, "next_at": now + FIRST, "error": None}
    proof, _ = DnsProof.objects.update_or_create(domain=domain, name=name, defaults=fresh)
    return proof


def record(proof: DnsProof) -> TxtRecord:
    return record_of(proof.name, proof.token)


def waiting(domain: Domain, name: str) -> DnsProof | None:
    """Return the record of a name of a domain, while it waits."""
    if not _waits(domain, name):
        return None
    return DnsProof.objects.filter(domain=domain, name=name).first()


def waiting_aliases(domain: Domain) -> list[DnsProof]:
    """Return the records of the alias domains of a domain that wait for one."""
    names = domain.aliases.filter(proved_at__isnull=True).values("name")
    return list(domain.dns_proofs.filter(name__in=names).order_by("name"))


def check(domain: Domain, name: str, acting: Acting) -> None:
    """Look for the record of a name now; return where it is proved from now on, else raise what is wrong.

    What was found is kept either way. Raises `Refused` where it was looked for a moment ago.
    """
    proof = waiting(domain, name)
    if proof is None:
        raise BadInput("dns_nothing_waits", f"{name} does not wait to be proved.", "Look at the page of its domain.")
    _claim_turn(proof, acting.now())
    problem = outside.ask(_look(record(proof)))
    error = _settle(proof, problem, acting)
    if error is not None:
        raise error


def check_waiting(now: datetime) -> int:
    """Look for those names whose time has come, some at once, and return how many. Many workers may do it."""
    with transaction.atomic():
        due = DnsProof.objects.select_for_update(skip_locked=True).filter(next_at__lte=now).order_by("next_at", "id")
        proofs = list(due.select_related("domain__organization")[:AT_ONCE])
        for proof in proofs:
            proof.asked_at, proof.next_at = now, _next(proof, now) if _waits(proof.domain, proof.name) else None
        DnsProof.objects.bulk_update(proofs, ["asked_at", "next_at"])
    proofs = [proof for proof in proofs if _waits(proof.domain, proof.name)]
    if not proofs:
        return 0
    for proof, problem in zip(proofs, outside.ask(_look_all([record(proof) for proof in proofs])), strict=True):
        _settle(proof, problem, Acting(DNS_CLOCK, lambda: now))
    return len(proofs)


def _waits(domain: Domain, name: str) -> bool:
    if name == domain.name:
        return Domain.objects.filter(id=domain.id, proved_at__isnull=True).exists()
    return domain.aliases.filter(name=name, proved_at__isnull=True).exists()


def _claim_turn(proof: DnsProof, now: datetime) -> None:
    """Of two clicks at once the second waits here, and finds that the first looks already."""
    with transaction.atomic():
        row = DnsProof.objects.select_for_update().filter(id=proof.id).first()
        if row is None:
            raise Refused("dns_nothing_waits", f"{proof.name} was removed meanwhile.", "Nothing was looked for.")
        if row.asked_at is not None and timedelta() <= now - row.asked_at < APART:
            raise Refused(
                "dns_too_soon",
                f"{proof.name} was looked for a moment ago.",
                f"Wait {APART.seconds} seconds, then check again.",
            )
        row.asked_at, row.next_at = now, now + FIRST
        row.save(update_fields=("asked_at", "next_at"))


def _next(proof: DnsProof, now: datetime) -> datetime | None:
    """Later and later: as long again as it has waited, from minutes up to half a day, and no more after a month."""
    waited = now - proof.created_at
    return None if waited > GIVEN_UP else now + min(max(waited, FIRST), LONGEST)


async def _look(txt_record: TxtRecord) -> MailrollError | None:
    try:
        await expect(txt_record, installation.settings().resolver)
    except MailrollError as error:
        return error
    return None


async def _look_all(txt_records: Sequence[TxtRecord]) -> list[MailrollError | None]:
    return list(await asyncio.gather(*(_look(record) for record in txt_records)))


def _settle(proof: DnsProof, problem: MailrollError | None, acting: Acting) -> MailrollError | None:
    """Keep what was found; prove the name where its record is there. Returns what stands in the way."""
    domain = Domain.objects.select_related("organization").filter(id=proof.domain_id).first()
    if domain is None:
        return Refused("dns_nothing_waits", f"{proof.name} was removed meanwhile.", "Nothing is left to prove.")
    with transaction.atomic():
        if problem is None and not _prove(domain, proof.name, acting):
            problem = rules.proved_elsewhere(proof.name)
        fields = {"error": None if problem is None else problem.as_json()}
        DnsProof.objects.filter(id=proof.id).update(**fields, **({"next_at": None} if problem is None else {}))
    return problem


def _prove(domain: Domain, name: str, acting: Acting) -> bool:
    if name == domain.name:
        return edit.prove_domain(domain, ProvedBy.DNS, acting)
    edit.prove_aliases(domain, [DomainName(name)], acting)
    return domain.aliases.filter(name=name, proved_at__isnull=False).exists()
