"""What Prometheus is told is what happened: counted over runs, over processes, and of all domains at once."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from mailroll.gateway.demand import AskedTally, flush
from mailroll.gateway.models import AnswerCount
from mailroll.insight import figures
from mailroll.measures import table
from mailroll.measures.accumulator import PROCESS
from mailroll.measures.text import render
from mailroll.sync import totals
from mailroll.sync.models import CountedTotal, RunState, Schedule, Trigger
from mailroll.sync.runs import ask
from tests.sync.world import DOMAIN, Customer

Found = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture(autouse=True)
def _from_nothing(transactional_db: None) -> None:
    PROCESS.take()


def scraped(customer: Customer) -> Found:
    """Read the text as Prometheus would; values by name and labels."""
    told = render(figures.count(customer.time())).decode()
    # A hundred thousand domains would be as many series, and nobody's name is the business of who draws curves.
    for name in (DOMAIN, "brightwater", "p1@", "11111111", str(customer.domain.id)):
        assert name not in told.lower()
    samples = [sample for family in text_string_to_metric_families(told) for sample in family.samples]
    known = {measure.name: measure.labels for measure in table.CONSOLE}
    return {(one.name, tuple(one.labels[label] for label in known[one.name])): one.value for one in samples}


def test_runs_and_what_they_asked_of_graph_are_counted_beyond_the_process(customer: Customer) -> None:
    customer.sync()
    customer.time.pass_(hours=2)
    customer.simulator.faults.on("throttle", times=1, retry_after=0)
    customer.sync()
    customer.simulator.faults.on("malformed_json")
    customer.sync()
    customer.simulator.faults.clear()
    # Nothing is left in this process: another one tells the same.
    assert PROCESS.take() == {}
    found = scraped(customer)
    assert found["mailroll_runs_total", ("manual", "applied", "")] == 1
    assert found["mailroll_runs_total", ("manual", "unchanged", "")] == 1
    assert found["mailroll_runs_total", ("manual", "failed", "answer_malformed")] == 1
    assert found["mailroll_graph_requests_total", ("throttled",)] == 1
    assert found["mailroll_graph_requests_total", ("ok",)] > 4
    assert found["mailroll_domains", ("failed",)] == 1
    assert found["mailroll_domains_pressing", ("failed",)] == 1
    assert found["mailroll_users", ()] == 12


def test_a_held_removal_and_an_old_list_are_told(customer: Customer) -> None:
    customer.sync()
    Schedule.objects.create(domain=customer.domain, automatic=True, jitter=0, next_run_at=customer.time())
    for number in range(8):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    customer.time.pass_(hours=1)
    held = customer.sync()
    assert held.waits is not None
    customer.time.pass_(hours=13)
    found = scraped(customer)
    assert found["mailroll_runs_total", ("manual", "held", "")] == 1
    assert (found["mailroll_held_runs", ()], found["mailroll_held_removals", ()]) == (1, 8)
    assert found["mailroll_oldest_list_age_seconds", ()] == timedelta(hours=13).total_seconds()
    assert [found["mailroll_lists_older", (hours,)] for hours in ("1", "6", "12", "24", "72")] == [1, 1, 1, 0, 0]
    assert found["mailroll_domains_automatic", ()] == 1


def test_a_lost_consent_a_waiting_job_and_what_gateways_were_told(customer: Customer) -> None:
    customer.sync()
    Schedule.objects.create(domain=customer.domain, automatic=True, jitter=0, next_run_at=customer.time())
    customer.simulator.faults.on("token_error", code=65001)
    customer.sync()
    customer.simulator.faults.clear()
    ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    tally = AskedTally()
    tally.answers = {(customer.domain.id, "accept"): 5, (customer.domain.id, "would_refuse"): 2}
    flush(tally, customer.time())
    AnswerCount.objects.create(
        domain=customer.domain, day=customer.time().date() - timedelta(days=1), answer="accept", count=70
    )
    found = scraped(customer)
    assert found["mailroll_connections", ("refused",)] == 1
    assert found["mailroll_queue_jobs", ("todo",)] == 1
    assert found["mailroll_queue_oldest_seconds", ()] >= 0
    assert found["mailroll_workers", ()] == 0
    assert found["mailroll_gateway_answers_total", ("accept",)] == 5
    assert found["mailroll_gateway_answers_total", ("would_refuse",)] == 2
    assert found["mailroll_gateway_answers_total", ("unknown",)] == 0


def test_a_run_whose_process_died_is_counted(customer: Customer) -> None:
    run = customer.preview()
    type(run).objects.filter(id=run.id).update(state=RunState.READING)
    customer.sync()
    assert scraped(customer)["mailroll_runs_interrupted_total", ()] == 1


def test_what_an_older_version_counted_otherwise_is_left_out(customer: Customer) -> None:
    CountedTotal.objects.create(name="mailroll_runs_total", labels='["manual"]', value=3)
    CountedTotal.objects.create(name="mailroll_gone_total", labels="[]", value=3)
    assert not [name for name, _ in scraped(customer) if "runs_total" in name or "gone" in name]


def test_two_processes_add_to_one_total(transactional_db: None) -> None:
    for _ in range(2):
        PROCESS.add(table.RUNS, "manual", "failed", 'a "quoted" code')
        totals.write_down()
    assert totals.all_counted() == {("mailroll_runs_total", ("manual", "failed", 'a "quoted" code')): 2}
