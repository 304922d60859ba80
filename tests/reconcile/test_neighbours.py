"""Domains of a tenant that nobody here has are told of, with how many addresses they have."""

from dataclasses import replace

from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.findings import Finding, FindingCode, Level
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import Reading, Record
from mailroll.reconcile.neighbours import MOST, not_here, told_of
from tests.reconcile.world import DOMAIN, FIRST, OTHER_TENANT, SCOPE, SECOND, SIBLING, VERIFIED, record, snapshot

_ANN = record("Ann", "SMTP:ann@d.example", "smtp:ann@c.example", "smtp:a@c.example", "X500:/o=c.example")
_BOB = record("Bob", "SMTP:ann@c.example", "smtp:*@c.example", "smtp:b@elsewhere.example")


def _facts(found: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(dict(one.facts)["domain"], dict(one.facts)["told"]) for one in found]


def _found(*records: Record, here: frozenset[DomainName] = frozenset({DOMAIN})) -> list[tuple[str, str]]:
    return _facts(not_here([Reading(FIRST, snapshot(*records))], SCOPE, here))


def test_each_address_of_a_verified_domain_that_is_not_here_counts_once() -> None:
    assert _found(_ANN, _BOB) == [("c.example", "when everybody was last compared, 2 addresses there were")]
    assert _found(_BOB) == [("c.example", "when everybody was last compared, 1 address there was")]
    (finding,) = not_here([Reading(FIRST, snapshot(_ANN))], SCOPE, {DOMAIN})
    assert finding.level is Level.NOTE
    assert told_of([finding, Finding.of(FindingCode.CONFLICTS)]) == {"c.example": 2}


def test_nothing_is_told_of_domains_that_are_here_or_have_no_address() -> None:
    assert _found(_ANN, here=frozenset({DOMAIN, SIBLING})) == []
    assert _found(_ANN, here=VERIFIED) == []
    assert _found(record("Cid", "SMTP:cid@d.example"), replace(_ANN, proxies=UNSET)) == []


def test_a_reading_in_doubt_tells_nothing_and_one_tenant_read_twice_tells_once() -> None:
    shot = snapshot(_ANN)
    doubtful = [
        Reading(FIRST, None),
        Reading(FIRST, replace(shot, expected_tenant=OTHER_TENANT)),
        Reading(FIRST, replace(shot, verified=frozenset({SIBLING}))),
    ]
    assert not_here(doubtful, SCOPE, {DOMAIN}) == ()
    both = not_here([Reading(FIRST, shot), Reading(SECOND, shot)], SCOPE, {DOMAIN})
    assert _facts(both) == [("c.example", "when everybody was last compared, 2 addresses there were")]


def test_of_hundreds_of_domains_those_with_the_most_addresses_are_told() -> None:
    names = [f"n{number:03}.example" for number in range(100)]
    many = [
        record(f"P {place}", *(f"smtp:p{place}@{name}" for name in names[: 50 if place else 100])) for place in range(2)
    ]
    shot = snapshot(*many, verified=VERIFIED | frozenset(map(DomainName, names)))
    found = _facts(not_here([Reading(FIRST, shot)], SCOPE, {DOMAIN}))
    assert [name for name, _ in found] == names[:MOST]
