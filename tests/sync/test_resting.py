"""What a run has to say of a tenant keeps nobody from resting who could, and is noticed all the same once it moves."""

from collections import Counter

import pytest

from mailroll.directory import edit
from mailroll.sync.models import Run, RunState
from tests.sync.test_amending import BESIDE, BY_ID, effect, listed, rest
from tests.sync.test_busy import looked_at
from tests.sync.test_since import DELTAS, by_schedule
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)

FREIGHT = "freight.example"
CANAL = "canal.example"


def unlisted(customer: Customer) -> tuple[Run, list[str]]:
    """Run by the schedule until a run lists nobody."""
    for _ in range(6):
        run, questions = by_schedule(customer)
        if not listed(questions):
            return run, questions
    raise AssertionError


def facts(run: Run, code: str) -> dict[str, dict[str, str]]:
    return {each["facts"]["domain"]: each["facts"] for each in run.findings if each["code"] == code}


def test_a_tenant_with_a_domain_that_nobody_here_has_rests_and_is_asked_by_id(customer: Customer) -> None:
    for name in (FREIGHT, CANAL):
        customer.tenant.add_domain(name)
    customer.tenant.add_user("Ann", local="ann", aliases=[f"ann@{FREIGHT}"])
    customer.sync()
    assert unlisted(customer)[1] == DELTAS
    customer.tenant.add_user("Bob", local="bob", aliases=[f"bob@{FREIGHT}"])
    run, questions = by_schedule(customer)
    assert (effect(run), looked_at(run), listed(questions)) == ({"create": 1}, True, False)
    assert facts(run, "tenant_domain_not_here")[FREIGHT]["addresses"] == "1"
    # The first address in a domain that nobody was told of is told at once; others are counted then.
    customer.tenant.add_user("Cid", local="cid", aliases=[f"cid@{CANAL}"])
    run, questions = by_schedule(customer)
    assert (effect(run), looked_at(run), listed(questions)) == ({"create": 1}, False, True)
    assert {name: each["addresses"] for name, each in facts(run, "tenant_domain_not_here").items()} == {
        FREIGHT: "2",
        CANAL: "1",
    }
    unlisted(customer)
    edit.add_domain(customer.domain.organization, CANAL, customer.acting)
    run, _ = by_schedule(customer)
    assert facts(run, "tenant_domain_not_here").keys() == {FREIGHT}
    assert unlisted(customer)[1] == DELTAS


def test_where_an_alias_domain_is_not_proved_each_run_asks_for_that_and_lists_nobody(customer: Customer) -> None:
    customer.tenant.add_domain(FREIGHT)
    edit.add_domain_alias(customer.domain, FREIGHT, customer.acting)
    customer.sync()
    customer.tenant.unverify_domain(FREIGHT)
    customer.sync()
    customer.tenant.add_user("Ann", local="ann", aliases=[f"ann@{FREIGHT}"])
    unlisted(customer)
    for _ in range(2):
        run, questions = by_schedule(customer)
        assert (run.state, Counter(questions) - Counter([BY_ID])) == (RunState.UNCHANGED, Counter([*DELTAS, *BESIDE]))
        assert facts(run, "alias_domain_not_proved").keys() == {FREIGHT}
    assert [alias for alias in customer.roll() if alias.endswith(FREIGHT)] == []
    # Nobody tells of it.
    customer.tenant.verify_domain(FREIGHT)
    run, _ = by_schedule(customer)
    assert (effect(run), facts(run, "alias_domain_not_proved")) == ({"update": 1}, {})
    assert customer.roll()[f"ann@{DOMAIN}"].aliases == (f"ann@{FREIGHT}",)
    rest(customer)


def test_an_alias_domain_that_a_tenant_proves_later_is_accepted_with_the_first_address_there(
    customer: Customer,
) -> None:
    """No directory tells that a domain was verified, but nobody has an address there before."""
    customer.tenant.add_domain(FREIGHT, verified=False)
    edit.add_domain_alias(customer.domain, FREIGHT, customer.acting)
    customer.sync()
    assert unlisted(customer)[1] == DELTAS
    customer.tenant.verify_domain(FREIGHT)
    assert by_schedule(customer)[1] == DELTAS
    customer.tenant.add_user("Ann", local="ann", aliases=[f"ann@{FREIGHT}"])
    assert effect(by_schedule(customer)[0]) == {"create": 1}
    assert customer.roll()[f"ann@{DOMAIN}"].aliases == (f"ann@{FREIGHT}",)
