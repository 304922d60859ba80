"""Alias domains from the command line."""

import pytest

from mailroll.directory import queries
from tests.cli.commands import mailroll
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)


def test_alias_domains_are_added_listed_and_removed(customer: Customer) -> None:
    added = mailroll("domain", "alias", "add", DOMAIN, "Brightwater.TEST", "--json")
    assert (added.exit_code, added.document) == (0, {"domain": DOMAIN, "alias": "brightwater.test"})
    assert mailroll("domain", "alias", "list", DOMAIN, "--json").document == {
        "domain": DOMAIN,
        "aliases": ["brightwater.test"],
    }
    assert mailroll("domain", "alias", "list", DOMAIN).out == "brightwater.test\n"
    again = mailroll("domain", "alias", "add", DOMAIN, "brightwater.test", "--json")
    assert (again.exit_code, again.document["error"]["code"]) == (3, "alias_exists")
    assert mailroll("domain", "alias", "remove", DOMAIN, "brightwater.test").exit_code == 0
    assert mailroll("domain", "alias", "list", DOMAIN).out == f"{DOMAIN} has no alias domain.\n"
    gone = mailroll("domain", "alias", "remove", DOMAIN, "brightwater.test", "--json")
    assert (gone.exit_code, gone.document["error"]["code"]) == (1, "alias_unknown")


def test_the_shell_of_the_machine_vouches_for_an_alias_domain_unless_told_to_wait(customer: Customer) -> None:
    mailroll("domain", "alias", "add", DOMAIN, "vouched.test")
    mailroll("domain", "alias", "add", DOMAIN, "waiting.test", "--no-proved")
    assert queries.accepted(customer.domain) == {DOMAIN, "vouched.test"}
