"""What there is, listed on the command line: organizations, domains and connections."""

import pytest

from mailroll.sync.models import DomainStanding
from tests.cli.commands import mailroll
from tests.sync.world import DOMAIN, Customer


def test_organizations_are_listed_with_the_one_above_them(customer: Customer) -> None:
    below = mailroll("organization", "add", "Kitchens", "--parent", "Brightwater Joinery", "--json").document["id"]
    listed = {each["name"]: each for each in mailroll("organization", "list", "--json").document}
    assert listed["Brightwater Joinery"]["parent"] is None
    assert listed["Brightwater Joinery"]["domains"] == 1
    assert listed["Kitchens"] == {
        "id": below,
        "name": "Kitchens",
        "parent": listed["Brightwater Joinery"]["id"],
        "domains": 0,
    }
    assert below in mailroll("organization", "list").out


def test_domains_are_listed_with_how_they_stand(customer: Customer) -> None:
    customer.sync()
    mailroll("organization", "add", "Kitchens")
    mailroll("domain", "add", "kitchens.example", "--organization", "Kitchens")
    mailroll("domain", "automatic", DOMAIN, "on", "--without-preview")
    listed = {each["name"]: each for each in mailroll("domain", "list", "--json").document}
    assert set(listed) == {DOMAIN, "kitchens.example"}
    assert (listed[DOMAIN]["users"], listed[DOMAIN]["automatic"], listed[DOMAIN]["sources"]) == (12, True, 1)
    assert listed["kitchens.example"]["read_at"] is None
    only = mailroll("domain", "list", "--organization", "Kitchens", "--json").document
    assert [each["name"] for each in only] == ["kitchens.example"]
    assert DOMAIN in mailroll("domain", "list").out


def test_a_connection_has_the_name_of_its_tenant_once_a_run_has_read_it(customer: Customer) -> None:
    (before,) = mailroll("connection", "list", "--json").document
    assert (before["tenant_name"], before["state"], before["checked_at"]) == ("", None, None)
    assert "not checked" in mailroll("connection", "list").out
    mailroll("sync", DOMAIN)
    (after,) = mailroll("connection", "list", "--json").document
    assert (after["tenant_name"], after["state"], after["domains"]) == ("Brightwater Joinery", "ok", [DOMAIN])
    told = mailroll("connection", "list", "--organization", "Brightwater Joinery").out
    assert "Brightwater Joinery" in told
    assert customer.secret not in told


@pytest.mark.django_db(transaction=True)
def test_where_there_is_nothing_it_says_so() -> None:
    assert mailroll("organization", "list").out == "No organization yet.\n"
    assert mailroll("domain", "list").out == "No domain yet.\n"
    assert mailroll("connection", "list").out == "No connection yet.\n"


def test_what_is_kept_of_domains_is_counted_anew(customer: Customer) -> None:
    customer.sync()
    assert "1 domains" not in mailroll("database", "recount").out
    assert mailroll("database", "recount", "--json").document == {
        "domains": 1,
        "counts": 0,
        "standings": 0,
        "sums": 0,
        "quarters": 0,
    }
    DomainStanding.objects.update(failed=True)
    assert "0 had another number of users, 1 stood otherwise" in mailroll("database", "recount").out
    assert "All were as they should be" in mailroll("database", "recount").out
