"""The first listing of a tenant holds few records, and the roll that comes of it is that of everybody compared."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from mailroll.connectors.microsoft365.listing.imprint import Imprint
from mailroll.directory import edit
from mailroll.reconcile.model import Kind
from mailroll.sync.models import Run, RunState, SteadyState
from mailroll.sync.readings.whole_listing import WholeListing
from tests.sync.test_filtered_runs import take_only
from tests.sync.test_kinds import furnish, withdraw
from tests.sync.world import DOMAIN, Customer

ALIAS = "brightwater-joinery.example"

pytestmark = pytest.mark.django_db(transaction=True)


def _rivals(customer: Customer) -> None:
    customer.tenant.change_user(f"p9@{DOMAIN}", proxyAddresses=[f"SMTP:p9@{DOMAIN}", f"smtp:p0@{DOMAIN}"])


def _held_by_hand(customer: Customer) -> None:
    edit.add_user(customer.domain, f"p3@{DOMAIN}", customer.acting, display_name="Desk")


def _shown_twice(customer: Customer) -> None:
    customer.simulator.faults.on("repeated_users", count=2)


def _in_two_versions(customer: Customer) -> None:
    customer.simulator.faults.on("repeated_users", count=2, changed=True)


def _begun_anew(customer: Customer) -> None:
    customer.simulator.faults.on("expired_page_token", reason="expired", times=1)


def _another_domain(customer: Customer) -> None:
    customer.tenant.add_domain(ALIAS)
    edit.add_domain_alias(customer.domain, ALIAS, customer.acting)
    customer.tenant.add_user("Ann", local="ann", aliases=[f"ann@{ALIAS}"])


def _written_in_many_ways(customer: Customer) -> None:
    entries = [
        f"SMTP:P5@{DOMAIN.upper()}",
        f"SIP:p5@{DOMAIN}",
        "X500:/o=First/cn=p5",
        f"smtp:p5@{customer.tenant.default_domain}",
    ]
    customer.tenant.change_user(f"p5@{DOMAIN}", proxyAddresses=entries)
    customer.tenant.change_user(f"p6@{DOMAIN}", proxyAddresses=[f"SMTP:p6@{DOMAIN}", f"SIP:other@{DOMAIN}"])


def _filtered(customer: Customer) -> None:
    customer.tenant.change_user(f"p4@{DOMAIN}", department="Sales")
    take_only(customer, "department", "is not", "Sales")


def _of_another_domain(customer: Customer) -> None:
    for number in range(4, 8):
        far = f"p{number}@{customer.tenant.initial_domain}"
        customer.tenant.change_user(f"p{number}@{DOMAIN}", proxyAddresses=[f"SMTP:{far}"], mail=far)
    customer.tenant.change_user(f"p8@{DOMAIN}", proxyAddresses=[f"SMTP:p8@{customer.tenant.initial_domain}"])


def _left_out(run: Run) -> tuple[list[dict[str, object]], set[tuple[object, ...]]]:
    """What a run says of addresses that several want, and whom it left out for what."""
    conflicts = [one for one in run.findings if one["code"] == "conflicts"]
    return conflicts, set(run.skips.values_list("external_id", "name", "address", "reason__code"))


@pytest.mark.parametrize(
    "arrange",
    [
        _rivals,
        _held_by_hand,
        _shown_twice,
        _in_two_versions,
        _begun_anew,
        _another_domain,
        _written_in_many_ways,
        _filtered,
        _of_another_domain,
    ],
)
def test_the_roll_is_that_of_everybody_compared(
    customer: Customer, listings: list[WholeListing], arrange: Callable[[Customer], None]
) -> None:
    withdraw(customer, "MailboxSettings.Read")
    customer.tenant.uneven = True
    furnish(customer.tenant)
    customer.tenant.add_guest("A guest", mail="guest@somewhere.example")
    customer.tenant.add_group("All staff", kind="distribution", local="all")
    arrange(customer)
    customer.domain.refresh_from_db()
    first = customer.sync()
    assert first.state == RunState.APPLIED
    (listing,) = listings
    assert len(listing.candidates.held()) <= 4
    before = customer.everyone()
    again = customer.sync()  # compares everybody
    assert again.state == RunState.UNCHANGED
    assert customer.everyone() == before
    assert _left_out(again) == _left_out(first)
    assert again.counts["skipped"] == first.counts["skipped"]


def test_no_record_is_held_of_whoever_is_left_out_and_a_run_names_those_of_this_domain(
    customer: Customer, listings: list[WholeListing]
) -> None:
    withdraw(customer, "MailboxSettings.Read")
    left_out = {f"p{number}@{DOMAIN}" for number in range(4, 12)}
    for address in left_out:
        customer.tenant.change_user(address, department="Sales")
    take_only(customer, "department", "is not", "Sales")
    names = {address: customer.tenant.user(address).properties["displayName"] for address in left_out}
    far = f"p3@{customer.tenant.initial_domain}"
    customer.tenant.change_user(f"p3@{DOMAIN}", proxyAddresses=[f"SMTP:{far}"], mail=far)
    for number, run in enumerate((customer.sync(), customer.sync())):
        assert (run.counts["skipped"], run.counts["users_after"]) == (9, 3)
        assert dict(run.skips.exclude(address="").values_list("address", "name")) == names
        assert set(run.skips.filter(address="").values_list("name", flat=True)) == set(names.values())
        sieve = listings[number].sieve
        assert sieve is not None
        assert number or len(sieve.found.left_out) == 9


def test_mailboxes_without_an_address_here_are_not_asked_in_place_of_others(
    customer: Customer, listings: list[WholeListing]
) -> None:
    far = customer.tenant.initial_domain
    vans = [customer.tenant.add_equipment(f"Van {n}", local=f"van{n}", domain=far) for n in range(9)]
    last = max(vans, key=lambda van: van.id)
    customer.tenant.change_user(last.id, proxyAddresses=[f"SMTP:van@{DOMAIN}"], mail=f"van@{DOMAIN}")
    customer.sync()
    assert len(listings) == 1
    assert customer.user(f"van@{DOMAIN}").kind == Kind.EQUIPMENT


def test_a_first_run_of_which_nothing_comes_is_known_again(customer: Customer) -> None:
    withdraw(customer, "MailboxSettings.Read")
    for number in range(12):
        edit.add_user(customer.domain, f"p{number}@{DOMAIN}", customer.acting, display_name="Desk")
    customer.domain.refresh_from_db()
    assert customer.sync().state == RunState.UNCHANGED
    assert SteadyState.objects.get().imprint


def test_nobody_looks_at_each_object_where_somebody_arrives(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands for them is for a next run that finds nothing new, and behind this one everybody is compared."""
    withdraw(customer, "MailboxSettings.Read")
    numbers: list[int] = []
    pairs = Imprint._pairs

    def noted(self: Imprint, raws: Sequence[Any], decoded: Sequence[Any] = ()) -> bytes:
        numbers.append(len(raws))
        return pairs(self, raws, decoded)

    monkeypatch.setattr(Imprint, "_pairs", noted)
    assert customer.sync().state == RunState.APPLIED
    assert sum(numbers) == 0
    customer.sync()  # compares everybody
    assert sum(numbers) == 12
