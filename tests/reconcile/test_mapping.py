"""What one object of the outside directory means for one domain."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.reconcile.addresses import DomainName, ProxyAddress
from mailroll.reconcile.desired import desire
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.mapping import Entry, Left, map_record
from mailroll.reconcile.model import Kind, Reading, Record, Scope
from mailroll.reconcile.reasons import ReasonCode
from mailroll.reconcile.statements import Take
from tests.reconcile.stories import World, worlds
from tests.reconcile.world import (
    ALIAS_DOMAIN,
    DOMAIN,
    FIRST,
    MOERA,
    SCOPE,
    SIBLING,
    address,
    proxies,
    record,
    snapshot,
    usable,
    versions,
)


def entry(one: Record, scope: Scope = SCOPE) -> Entry:
    outcome = map_record(one, scope).outcome
    assert isinstance(outcome, Entry)
    return outcome


def left(one: Record, scope: Scope = SCOPE) -> Left:
    outcome = map_record(one, scope).outcome
    assert isinstance(outcome, Left)
    return outcome


@given(worlds())
def test_an_entry_has_exactly_the_usable_addresses_of_its_record(world: World) -> None:
    for reading in world.readings:
        for shown in versions(reading.snapshot).values() if reading.snapshot else ():
            for one in shown:
                outcome = map_record(one, SCOPE).outcome
                if isinstance(outcome, Entry):
                    assert set(outcome.addresses) == usable(one, SCOPE, SCOPE.accepts)
                    assert len(outcome.addresses) == len(set(outcome.addresses))


def test_addresses_that_were_not_read_decide_nothing() -> None:
    outcome = left(replace(record("Ann"), proxies=UNSET, mail="a@d.example"))
    assert not outcome.decided
    assert outcome.reason.facts == {"field": "proxyAddresses"}


def test_mail_alone_is_no_address_and_takes_none_away() -> None:
    outcome = left(replace(record("Ann"), mail="a@d.example"))
    assert not outcome.decided
    assert outcome.reason.code is ReasonCode.MAIL_ONLY


def test_an_address_here_that_cannot_be_used_is_not_known_to_be_none() -> None:
    outcome = left(record("Ann", "SMTP:a b@d.example"))
    assert not outcome.decided
    assert outcome.reason.code is ReasonCode.BAD_ADDRESS


@pytest.mark.parametrize(
    ("texts", "mail", "primary"),
    [
        (("smtp:a@d.example", "SMTP:b@d.example"), "a@d.example", "b@d.example"),
        (("smtp:a@d.example", "smtp:b@d.example"), "B@D.example", "b@d.example"),
        (("smtp:b@d.example", "smtp:a@d.example"), None, "a@d.example"),
        (("smtp:b@d.example", "smtp:a@d.example"), UNSET, "a@d.example"),
        (("smtp:b@d.example", "smtp:a@d.example"), "nonsense", "a@d.example"),
        (("smtp:b@d.example", "SMTP:a@t.onmicrosoft.com"), "a@t.onmicrosoft.com", "b@d.example"),
        (("SMTP:b@d.example", "SMTP:a@d.example"), "b@d.example", "a@d.example"),
    ],
)
def test_the_primary_is_the_marked_one_else_mail_else_the_first(
    texts: tuple[str, ...], mail: str | Unset | None, primary: str
) -> None:
    assert entry(replace(record("Ann", *texts), mail=mail)).primary == primary


@pytest.mark.parametrize(
    ("plan", "kind", "billed", "reason"),
    [
        (True, Kind.USER, True, ReasonCode.LICENSED),
        (False, Kind.UNLICENSED, False, ReasonCode.NO_PLAN),
        (UNSET, UNSET, False, ReasonCode.KIND_KEPT),
    ],
)
def test_the_assigned_plans_tell_the_kind(
    plan: bool | Unset, kind: Kind | Unset, billed: bool, reason: ReasonCode
) -> None:
    outcome = entry(replace(record("Ann", "SMTP:a@d.example"), mailbox_plan=plan))
    assert outcome.ruling.kind is kind
    assert outcome.ruling.reason.code is reason
    if kind is not UNSET:
        assert outcome.billable(kind) is billed


@pytest.mark.parametrize(
    ("texts", "guest", "code"),
    [
        ((), True, ReasonCode.GUEST),
        ((), False, ReasonCode.NOT_READY),
        (("SIP:a@d.example", "X500:/o=x/cn=a"), False, ReasonCode.NOT_READY),
        (("SMTP:a@c.example",), True, ReasonCode.OTHER_DOMAIN),
        (("SMTP:a@t.onmicrosoft.com",), False, ReasonCode.OTHER_DOMAIN),
        (("SMTP:a@elsewhere.example", "smtp:*@d.example"), False, ReasonCode.WILDCARD),
        (("SMTP:" + "a" * 65 + "@d.example",), False, ReasonCode.LONG_ADDRESS),
        (("SMTP:a@ d.example",), False, ReasonCode.BAD_DOMAIN),
        (("SMTP:d.example",), False, ReasonCode.BAD_ADDRESS),
        (("SMTP:a b@elsewhere.example",), False, ReasonCode.NOT_READY),
    ],
)
def test_who_has_no_place_here_is_told_why(texts: tuple[str, ...], guest: bool, code: ReasonCode) -> None:
    assert left(replace(record("Ann", *texts), guest=guest)).reason.code is code


def test_what_cannot_be_stored_is_replaced_and_what_is_too_long_is_cut() -> None:
    odd = record("Ann", "SMTP:a@d.example", "smtp:\ud800\0" + "x" * 400 + "@d.example")
    mapped = map_record(replace(odd, display_name="\ud800\0" + "n" * 300), SCOPE)
    assert isinstance(mapped.outcome, Entry)
    assert mapped.outcome.display_name == "\ufffd\ufffd" + "n" * 254
    (skip,) = mapped.skips
    assert skip.address == "\ufffd\ufffd" + "x" * 318


def test_a_name_that_was_not_read_is_not_an_empty_name() -> None:
    assert entry(replace(record("Ann", "SMTP:a@d.example"), display_name=UNSET)).display_name is UNSET
    assert entry(replace(record("Ann", "SMTP:a@d.example"), display_name=None)).display_name == ""


# The Console's domains, each with an alias domain, all served by one tenant.
_B, _Z = DomainName("b.example"), DomainName("z.example")
_ALIASES = {SIBLING: _Z, DOMAIN: ALIAS_DOMAIN, _B: DomainName("y.example")}
_ALL = frozenset(_ALIASES) | frozenset(_ALIASES.values())
CONSOLE = tuple(
    replace(SCOPE, domain=name, accepts=frozenset({name, alias}), siblings=_ALL - {name, alias})
    for name, alias in _ALIASES.items()
)
_entry = st.tuples(st.sampled_from(("SMTP", "smtp")), st.sampled_from(sorted(_ALL | {MOERA}))).map(
    lambda pair: ProxyAddress.parse(f"{pair[0]}:a@{pair[1]}")
)


@given(st.lists(_entry, max_size=4), st.booleans())
def test_a_licensed_person_is_billed_once_over_all_domains_of_the_console(held: list[ProxyAddress], plan: bool) -> None:
    one = replace(record("Ann", plan=plan), proxies=tuple(held))
    found = [map_record(one, scope).outcome for scope in CONSOLE]
    here = [outcome for outcome in found if isinstance(outcome, Entry)]
    kind = Kind.USER if plan else Kind.UNLICENSED
    billed = [outcome for outcome in here if outcome.billable(kind)]
    assert len(billed) == (1 if plan and here else 0)
    marked = {proxy.text.rpartition("@")[2] for proxy in held if proxy.role.value == "primary"}
    if len(marked) == 1 and billed and marked <= _ALL:
        assert billed[0].primary.rpartition("@")[2] in marked
    for outcome in here:
        assert outcome.ruling.kind is kind
        said = {reason.code for reason in outcome.reasons(kind, outcome.ruling.reason)}
        assert (ReasonCode.BILLED_ELSEWHERE in said) == (plan and not outcome.home)


def test_an_alias_domain_counts_only_where_the_tenant_has_verified_it() -> None:
    one = record("Ann", "SMTP:a@d.example", "smtp:a@also.example")
    for verified, addresses in (
        (frozenset({DOMAIN, ALIAS_DOMAIN}), {"a@d.example", "a@also.example"}),
        (frozenset({DOMAIN}), {"a@d.example"}),
    ):
        (verdict,) = desire([Reading(FIRST, snapshot(one, verified=verified))], SCOPE).verdicts.values()
        assert isinstance(verdict, Take)
        assert set(verdict.entry.addresses) == addresses
    assert address("a@also.example") in entry(one).addresses
    assert proxies() == ()
