"""How it stands with the proof of a domain, or of an alias domain: what was asked, what was found, what comes next."""

from dataclasses import dataclass
from datetime import datetime

from mailroll.connections.models import DnsProof
from mailroll.connections.ownership import watch
from mailroll.directory.models import Domain


@dataclass(frozen=True, slots=True)
class DnsStanding:
    """The record that a name waits for. `error`: what the last look found wrong (code, message, help)."""

    name: str
    record_name: str
    record_value: str
    asked_at: datetime | None
    next_at: datetime | None
    error: dict[str, str] | None


def of_name(domain: Domain, name: str) -> DnsStanding | None:
    """How a name stands that waits for a record; None where it waits for none."""
    proof = watch.waiting(domain, name)
    return None if proof is None else _standing(proof)


def of_alias_domains(domain: Domain) -> list[DnsStanding]:
    return [_standing(proof) for proof in watch.waiting_aliases(domain)]


def _standing(proof: DnsProof) -> DnsStanding:
    dns_record = watch.record(proof)
    return DnsStanding(proof.name, dns_record.name, dns_record.value, proof.asked_at, proof.next_at, proof.error)
