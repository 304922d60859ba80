"""Automatic runs that fail: when the next one comes, and what ends the waiting; with a clock that stands still."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from mailroll import promises
from mailroll.audit import actor
from mailroll.connections import sources
from mailroll.connections.models import Connection, CredentialKind
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import MailrollError, NeedsConsent, Retry
from mailroll.sync.models import Run, RunState, Schedule, Trigger
from mailroll.sync.runs import make
from mailroll.sync.schedules import pace, resumption, schedule
from tests.sync.world import Customer, failure

ASKED = 61.0
"""Seconds: too long to be sat out, so that a run ends at once."""


@pytest.fixture(autouse=True)
def _on(customer: Customer) -> None:
    schedule.switch_on_unseen(customer.domain, customer.acting)


@contextmanager
def throttled(customer: Customer, path: str = "*") -> Iterator[None]:
    customer.simulator.faults.on("throttle", retry_after=ASKED, path=path)
    yield
    customer.simulator.faults.off("throttle")


def automatic(customer: Customer, domain: Domain | None = None) -> Run:
    return make.carry_out(domain or customer.domain, Trigger.AUTOMATIC, uuid4(), customer.acting)


def wait(customer: Customer, domain: Domain | None = None) -> timedelta:
    """How long it is until the next try."""
    following = schedule.view(domain or customer.domain, customer.time()).next_run_at
    assert following is not None
    return following - customer.time()


def rung_of(waited: timedelta) -> int:
    """The rung that a wait is of: the jitter makes it up to a fifth longer."""
    [rung] = [place for place, least in enumerate(pace.LADDER, 1) if least <= waited <= least * 1.2]
    return rung


def test_its_rungs_are_those_that_the_documentation_names() -> None:
    page = Path(__file__).parents[2] / "docs" / "explanation" / "automatic-sync.md"
    first, second, third, fourth, last = map(promises.in_words, pace.LADDER)
    assert third == "1 hour"
    said = f"The attempts come after {first}, {second}, an hour, {fourth} and then every {last}, however short"
    assert said in " ".join(page.read_text(encoding="utf-8").split())


def test_each_failure_is_a_rung_the_last_one_for_good_and_none_switches_it_off(customer: Customer) -> None:
    with throttled(customer):
        for failures, rung in enumerate((1, 2, 3, 4, 5, 5, 5), 1):
            assert automatic(customer).state == RunState.FAILED
            seen = schedule.view(customer.domain, customer.time())
            assert (seen.automatic, seen.paused, seen.late, seen.failures) == (True, None, False, failures)
            assert seen.failing is not None
            assert seen.failing["code"] == "throttled"
            assert rung_of(wait(customer)) == rung
            customer.time.at += wait(customer)
    assert automatic(customer).state == RunState.APPLIED
    seen = schedule.view(customer.domain, customer.time())
    assert (seen.failures, seen.failing) == (0, None)
    assert wait(customer) <= timedelta(hours=1)
    with throttled(customer):
        automatic(customer)
    assert rung_of(wait(customer)) == 1


def test_a_run_that_a_person_asks_for_begins_it_anew_and_hides_no_failure(customer: Customer) -> None:
    with throttled(customer):
        for _ in range(4):
            automatic(customer)
        customer.sync()
        assert rung_of(wait(customer)) == 1
        assert schedule.view(customer.domain, customer.time()).failures == 5


def test_a_connection_that_is_mended_ends_it(customer: Customer) -> None:
    with throttled(customer):
        for _ in range(4):
            automatic(customer)
        assert resumption.check(customer.connection, customer.domain, customer.acting) is not None
        assert rung_of(wait(customer)) == 4
    assert resumption.check(customer.connection, customer.domain, customer.acting) is None
    seen = schedule.view(customer.domain, customer.time())
    assert (seen.next_run_at, seen.failures, seen.failing) == (customer.time(), 0, None)


def test_another_domain_that_can_be_read_again_brings_the_try_forward(customer: Customer) -> None:
    customer.tenant.add_domain("joinery.example")
    other = edit.add_domain(customer.domain.organization, "joinery.example", customer.acting)
    sources.add(other, customer.connection, customer.acting)
    schedule.switch_on_unseen(other, customer.acting)
    with throttled(customer):
        for _ in range(4):
            automatic(customer)
            automatic(customer, other)
    automatic(customer, other)
    asked = timedelta(seconds=ASKED)
    assert wait(customer) == asked, "what Microsoft asked for holds all the same"
    customer.time.at += asked
    with throttled(customer):
        automatic(customer)
    assert rung_of(wait(customer)) == 1
    assert schedule.view(customer.domain, customer.time()).failures == 5


def test_a_reading_that_comes_further_each_time_stays_on_the_first_rung(customer: Customer) -> None:
    for number in range(1_200):
        customer.tenant.add_user(f"More {number}", local=f"m{number}")
    with throttled(customer, "/users"):
        automatic(customer)
        automatic(customer)
        assert rung_of(wait(customer)) == 2
    customer.simulator.faults.on("throttle", retry_after=ASKED, path="/users", at_page=2)
    automatic(customer)
    assert rung_of(wait(customer)) == 1, "it has a page more"
    automatic(customer)
    assert rung_of(wait(customer)) == 2, "it has no page more"


def failed_run(customer: Customer, trigger: Trigger, error: dict[str, str]) -> Run:
    """The newest run of the domain."""
    return Run(domain=customer.domain, trigger=trigger, error=error, fence=customer.domain.fence)


@pytest.mark.parametrize(("code", "rung"), [("host_unreachable", 3), ("graph_unavailable", 5)])
def test_while_nobody_can_be_reached_it_is_tried_every_hour(customer: Customer, code: str, rung: int) -> None:
    run = failed_run(customer, Trigger.AUTOMATIC, {"code": code, "message": "Away."})
    for _ in range(6):
        schedule.failed(run, Retry(code, "Away.", after=300.0), customer.time())
    assert rung_of(wait(customer)) == rung


def test_a_clock_of_this_machine_that_was_wrong_makes_no_domain_wait_for_a_person(customer: Customer) -> None:
    """Before, each domain that is read by a certificate was paused for good, though nothing was wrong at any tenant."""
    customer.simulator.faults.on("token_error", code=700024)
    for _ in range(5):
        assert failure(automatic(customer))["code"] == "clock_wrong"
    seen = schedule.view(customer.domain, customer.time())
    assert (seen.paused, rung_of(wait(customer))) == (None, 3)
    customer.simulator.faults.off("token_error")
    assert automatic(customer).state == RunState.APPLIED


@pytest.mark.parametrize("code", ["secret_expired", "certificate_unknown", "consent_missing"])
@pytest.mark.parametrize("kind", [CredentialKind.INSTALLATION, CredentialKind.SECRET])
def test_the_credential_of_the_installation_makes_no_domain_wait_for_a_person(
    customer: Customer, code: str, kind: CredentialKind
) -> None:
    """Before, every customer's domains were paused as it ended, and each had to be checked once it was renewed."""
    Connection.objects.update(credential_kind=kind)
    run = failed_run(customer, Trigger.AUTOMATIC, {"code": code, "message": "Refused."})
    for _ in range(6):
        schedule.failed(run, NeedsConsent(code, "Refused."), customer.time())
    row = Schedule.objects.get(domain=customer.domain)
    is_ours = kind is CredentialKind.INSTALLATION and code != "consent_missing"
    assert (row.paused is None) == is_ours
    assert row.next_run_at is not None
    assert rung_of(row.next_run_at - customer.time()) == (3 if is_ours else 5)


@pytest.mark.parametrize(
    ("error", "pauses"),
    [
        (NeedsConsent("conditional_access", "A policy blocks it.", "Except it."), True),
        (NeedsConsent("secret_expired", "The client secret has expired.", "Renew it."), False),
        (Retry("graph_unavailable", "Away.", after=300.0), False),
        (None, False),
    ],
)
def test_what_a_person_meets_who_tries_a_paused_domain_is_why_it_waits(
    customer: Customer, error: MailrollError | None, *, pauses: bool
) -> None:
    """Before, the first cause stood there, and what to do about it, although that was done."""
    Connection.objects.update(credential_kind=CredentialKind.INSTALLATION)
    Schedule.objects.update(paused=NeedsConsent("consent_missing", "Withdrawn.", "Consent again.").as_json())
    kept_error = {"code": "internal_error", "message": "Broken.", "help": ""} if error is None else error.as_json()
    run = failed_run(customer, Trigger.MANUAL, kept_error)
    schedule.failed(run, error, customer.time())
    view = schedule.view(customer.domain, customer.time())
    assert (view.paused is not None) == pauses
    fault = view.paused or view.failing
    assert fault is not None
    assert {name: fault[name] for name in kept_error} == kept_error
    assert (view.next_run_at is None) == pauses


def test_a_check_that_is_refused_tells_why_paused_domains_wait_now(customer: Customer) -> None:
    before = NeedsConsent("secret_expired", "The client secret has expired.").as_json()
    Schedule.objects.update(paused=before)
    other = edit.add_domain(customer.domain.organization, "joinery.example", customer.acting)
    sources.add(other, customer.connection, customer.acting)
    schedule.switch_on_unseen(other, customer.acting)
    customer.simulator.faults.on("throttle", retry_after=ASKED)
    assert resumption.check(customer.connection, customer.domain, customer.acting) is not None
    assert Schedule.objects.get(domain=customer.domain).paused == before, "that tells nothing"
    customer.simulator.faults.off("throttle")
    customer.simulator.faults.on("token_error", code=53003)
    refusal = resumption.check(customer.connection, customer.domain, customer.acting)
    assert refusal is not None
    assert Schedule.objects.get(domain=customer.domain).paused == refusal.as_json()
    assert Schedule.objects.get(domain=other).paused is None


def test_a_new_interval_asks_nobody_earlier_who_wanted_to_be_left_alone(customer: Customer) -> None:
    with throttled(customer):
        failed = automatic(customer)
    assert failure(failed)["code"] == "throttled"
    before = wait(customer)
    schedule.set_interval(customer.domain, 5, actor.Acting("test:priya", customer.time))
    assert wait(customer) == before
    assert Schedule.objects.get(domain=customer.domain).interval == 5


@pytest.mark.parametrize("asked", ["604800", "9" * 40])
def test_a_wish_is_obeyed_for_a_week_at_the_most(customer: Customer, asked: str) -> None:
    customer.simulator.faults.on("throttle", retry_after=asked)
    assert failure(automatic(customer))["code"] == "throttled"
    assert pace.LONGEST <= wait(customer) <= pace.LONGEST * 1.2
