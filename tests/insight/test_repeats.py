"""One cause is one finding: what a limit of addresses says of whole users, the limit of users has said."""

from mailroll.insight import repeats, run_queries
from tests.sync.world import DOMAIN, Customer


def _codes(customer: Customer, going: int, *, aliases: int = 0) -> tuple[set[str], set[str]]:
    """What a preview finds, and what is told of it, where so many go and so many addresses end beside them."""
    person = customer.tenant.user(f"p11@{DOMAIN}")
    proxies = [f"SMTP:p11@{DOMAIN}", *(f"smtp:alias{number}@{DOMAIN}" for number in range(aliases))]
    customer.tenant.change_user(person, proxyAddresses=proxies)
    customer.sync()
    customer.tenant.change_user(person, proxyAddresses=proxies[:1])
    for number in range(going):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    run = customer.preview()
    found = run_queries.findings(run)
    return {one.code.value for one in found}, {one.code.value for one in repeats.without(run, found)}


def test_users_over_the_limit_are_told_once(customer: Customer) -> None:
    found, told = _codes(customer, 5)
    assert found - told == {"address_limit"}
    assert "removal_limit" in told


def test_addresses_that_end_beside_them_are_a_cause_of_their_own(customer: Customer) -> None:
    found, told = _codes(customer, 5, aliases=5)
    assert {"removal_limit", "address_limit"} <= found
    assert told == found


def test_addresses_alone_are_told(customer: Customer) -> None:
    found, told = _codes(customer, 0, aliases=10)
    assert "address_limit" in told
    assert told == found
