"""What gateways are told of a domain, from the command line."""

import pytest

from tests.cli.commands import mailroll
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)


def test_serving_is_shown_and_set(customer: Customer) -> None:
    shown = mailroll("domain", "serving", DOMAIN, "--json").document
    assert shown == {"domain": DOMAIN, "serving": "serve", "plus_tags": True, "stale_after_hours": 72}
    said = mailroll("domain", "serving", DOMAIN, "--mode", "watch", "--no-plus-tags", "--stale-after", "24").out
    assert said == (
        f"Gateways accept every address of {DOMAIN}; whom the list would refuse is counted."
        " Tags (bob+news@) are not taken off. A list older than 24 hours refuses nobody.\n"
    )
    refused = mailroll("domain", "serving", DOMAIN, "--stale-after", "0", "--json")
    assert (refused.exit_code, refused.document["error"]["code"]) == (1, "stale_hours_malformed")
