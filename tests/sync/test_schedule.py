"""The switch and the interval of a domain, and what every run means for the next; with a clock that stands still."""

from datetime import timedelta

import pytest

from mailroll.audit.models import AuditEntry
from mailroll.directory import edit
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.sync.models import Run, RunState, Schedule
from mailroll.sync.schedules import schedule
from tests.sync.world import Customer, failure


def looked_at_a_preview(customer: Customer) -> Run:
    preview = customer.preview()
    schedule.opened(preview, customer.acting)
    return preview


def on(customer: Customer) -> schedule.View:
    looked_at_a_preview(customer)
    schedule.switch_on(customer.domain, customer.acting)
    return seen(customer)


def seen(customer: Customer) -> schedule.View:
    return schedule.view(customer.domain, customer.time())


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_a_domain_is_off_until_it_is_switched_on(customer: Customer) -> None:
    before = seen(customer)
    assert (before.automatic, before.interval, before.next_run_at, before.previewed) == (False, 60, None, False)
    assert not Schedule.objects.exists()


def test_it_cannot_be_switched_on_before_a_preview_was_opened(customer: Customer) -> None:
    customer.preview()
    with pytest.raises(Refused) as refused:
        schedule.switch_on(customer.domain, customer.acting)
    assert refused.value.code == "preview_first"
    assert not seen(customer).automatic


def test_an_opened_preview_unlocks_the_switch(customer: Customer) -> None:
    after = on(customer)
    assert (after.automatic, after.switched_by, after.switched_at) == (True, "test:priya", customer.time())
    assert after.next_run_at is not None
    assert customer.time() < after.next_run_at <= customer.time() + timedelta(hours=1)
    assert "automatic.on" in actions()


def test_a_preview_of_earlier_settings_unlocks_nothing(customer: Customer) -> None:
    looked_at_a_preview(customer)
    edit.bump_revision(customer.domain.id)
    with pytest.raises(Refused):
        schedule.switch_on(customer.domain, customer.acting)


def test_a_preview_that_failed_unlocks_nothing(customer: Customer) -> None:
    customer.simulator.faults.on("forbidden")
    preview = looked_at_a_preview(customer)
    assert preview.state == RunState.FAILED
    assert not seen(customer).previewed


def test_the_way_round_is_written_down(customer: Customer) -> None:
    schedule.switch_on_unseen(customer.domain, customer.acting)
    assert seen(customer).automatic
    assert AuditEntry.objects.get(action="automatic.on").details["previewed"] is False


def test_switching_twice_is_written_down_once(customer: Customer) -> None:
    on(customer)
    schedule.switch_on(customer.domain, customer.acting)
    schedule.switch_off(customer.domain, customer.acting)
    schedule.switch_off(customer.domain, customer.acting)
    assert [action for action in actions() if action.startswith("automatic")] == ["automatic.on", "automatic.off"]
    assert seen(customer).next_run_at is None


def test_a_change_of_the_interval_moves_the_next_run(customer: Customer) -> None:
    on(customer)
    schedule.set_interval(customer.domain, 1440, customer.acting)
    Schedule.objects.update(jitter=0.5)
    schedule.set_interval(customer.domain, 15, customer.acting)
    after = seen(customer)
    assert after.next_run_at is not None
    assert after.next_run_at == customer.time() + timedelta(minutes=7, seconds=30)
    changes = AuditEntry.objects.filter(action="interval.changed").order_by("id")
    assert [change.details for change in changes] == [{"before": 60, "after": 1440}, {"before": 1440, "after": 15}]


@pytest.mark.parametrize("minutes", [-1, 0, 4, 10_081, 10**12])
def test_an_interval_out_of_bounds_is_refused(customer: Customer, minutes: int) -> None:
    with pytest.raises(BadInput) as refused:
        schedule.set_interval(customer.domain, minutes, customer.acting)
    assert refused.value.code == "interval_out_of_bounds"


def test_a_run_that_went_well_sets_the_next_one(customer: Customer) -> None:
    on(customer)
    Schedule.objects.update(failures=3, next_run_at=customer.time())
    customer.sync()
    after = seen(customer)
    assert after.failures == 0
    assert after.next_run_at is not None
    assert after.next_run_at > customer.time()
    assert after.last is not None
    assert after.last.state == RunState.APPLIED


def test_what_microsoft_asks_for_is_obeyed_beyond_the_interval(customer: Customer) -> None:
    on(customer)
    schedule.set_interval(customer.domain, 5, customer.acting)
    customer.simulator.faults.on("throttle", retry_after=7200)
    failed = customer.sync()
    assert failed.state == RunState.FAILED
    after = seen(customer).next_run_at
    assert after is not None
    assert after >= customer.time() + timedelta(hours=2)


def test_withdrawn_consent_stops_automatic_attempts_and_removes_nobody(customer: Customer) -> None:
    on(customer)
    customer.sync()
    customer.simulator.faults.on("forbidden")
    failed = customer.sync()
    after = seen(customer)
    assert after.paused == failure(failed)
    assert after.automatic
    assert after.next_run_at is None
    assert len(customer.roll()) == 12


def test_a_person_who_reconnects_or_syncs_ends_the_pause(customer: Customer) -> None:
    on(customer)
    for mend in (lambda: schedule.resume(customer.domain, customer.acting), customer.sync):
        Schedule.objects.update(paused={"code": "x", "message": "y", "help": "z"})
        mend()
        after = seen(customer)
        assert after.paused is None
        assert after.next_run_at is not None


def test_a_run_that_is_overdue_and_not_under_way_is_late(customer: Customer) -> None:
    on(customer)
    assert not seen(customer).late
    customer.time.pass_(hours=2)
    assert seen(customer).late
