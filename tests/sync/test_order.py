"""Which run came later: told by numbers, never by clocks."""

import pytest

from mailroll.insight import overview, run_queries
from mailroll.insight.why import readings
from mailroll.insight.why.addresses import explain
from mailroll.sync.runs import rows
from mailroll.sync.schedules import schedule
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)


def test_runs_of_one_moment_are_listed_as_they_began(customer: Customer) -> None:
    """The clock of this test stands still, and ids are made at random."""
    made = [customer.sync() for _ in range(6)]
    newest_first = [run.id for run in reversed(made)]
    assert [run.id for run in rows.of_domain(customer.domain)] == newest_first
    assert [run.id for run in run_queries.recent(customer.domain, 6)] == newest_first
    assert [run.id for run in run_queries.history(customer.domain, customer.time()).runs] == newest_first
    assert readings.newest(customer.domain) == made[-1]


def test_the_part_of_a_run_that_waits_comes_after_it(customer: Customer) -> None:
    customer.sync()
    for number in range(8):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    customer.tenant.add_user("Joiner", local="joiner")
    run = customer.sync()
    first, second, _ = rows.of_domain(customer.domain)
    assert (first, second) == (run.waits_in, run)


def test_a_clock_that_jumps_back_does_not_make_an_older_reading_the_newest(customer: Customer) -> None:
    customer.sync()
    before = customer.tenant.add_user("Joiner", local="joiner")
    customer.preview()
    customer.time.pass_(hours=-2)
    customer.tenant.delete_user(before.id)
    last = customer.sync()
    assert readings.newest(customer.domain) == last
    assert overview.standing(customer.domain, customer.time()).run is None
    assert schedule.view(customer.domain, customer.time()).last == last
    assert "not_listed" in {reason["code"] for reason in explain(f"joiner@{DOMAIN}", customer.time()).reasons}
