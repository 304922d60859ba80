"""A command that was killed is noticed by workers, also where no other run of its domain comes."""

from uuid import uuid4

from mailroll.sync.locks import domain_lock
from mailroll.sync.models import Run, RunState, Trigger
from mailroll.sync.progress import never
from mailroll.sync.runs import answer, ask, make
from mailroll.sync.workers import abandoned
from tests.sync.world import Customer, failure


def test_a_run_whose_command_was_killed_is_ended_though_no_other_comes(customer: Customer) -> None:
    with domain_lock.alone(customer.domain.id, customer.time()):
        make.begin(customer.domain, Trigger.MANUAL, uuid4(), customer.acting)
        abandoned.settle(customer.time())
        assert Run.objects.get().state == RunState.READING, "whoever makes it lives"
    abandoned.settle(customer.time())
    assert failure(Run.objects.get())["code"] == "interrupted"


def test_a_run_that_a_worker_was_asked_for_is_left_to_the_next_worker(customer: Customer) -> None:
    request = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    with domain_lock.alone(customer.domain.id, customer.time()):
        make.begin(customer.domain, Trigger.MANUAL, request, customer.acting)
    abandoned.settle(customer.time())
    assert Run.objects.get().state == RunState.READING


def test_a_preview_that_a_worker_made_is_ended_where_the_command_that_applied_it_was_killed(customer: Customer) -> None:
    preview = ask.for_run(customer.domain, Trigger.PREVIEW, customer.acting)
    answer.answer(preview, never)
    Run.objects.update(state=RunState.APPLYING)
    abandoned.settle(customer.time())
    assert failure(Run.objects.get())["code"] == "interrupted"
