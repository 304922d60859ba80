"""Who is due to be listed is listed without a run where that says what the last one heard; all else is left to one."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from mailroll.accounts import installation
from mailroll.directory import edit
from mailroll.directory.models import Domain, User
from mailroll.reconcile.findings import FindingCode
from mailroll.sealing import Sealer
from mailroll.sync.footings import steady_state
from mailroll.sync.models import ListingTrace, QuietSpell, Run, RunState, SteadyState
from mailroll.sync.readings import repeated_listing
from mailroll.sync.schedules import quiet, schedule
from mailroll.sync.sources import since
from mailroll.sync.workers.pulse import Beat, Pulse
from mailroll.sync.workers.tick import fill
from tests.sync.test_pulse import MUCH, beat, due, run_of_tick
from tests.sync.test_since import DELTAS, by_schedule
from tests.sync.test_unchanged import settle
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)

LISTED = {"/organization", "/domains", "/subscribedSkus", "/users", "/groups", "/contacts"}


@pytest.fixture
def unlisted(customer: Customer) -> Customer:
    """A customer in a quiet spell, who is due to be listed."""
    customer.tenant.add_group("All staff", kind="distribution", local="all")
    customer.tenant.add_contact("Cleaner", mail=f"cleaner@{DOMAIN}")
    schedule.switch_on_unseen(customer.domain, customer.acting)
    assert customer.sync().state == RunState.APPLIED
    settle(customer)
    by_schedule(customer)
    customer.time.pass_(seconds=since.due_after(customer.domain.id).total_seconds())
    return customer


def kept() -> str:
    return SteadyState.objects.get().since


class Rotation(asyncio.Semaphore):
    """Puts a key in front of those of a file while directories are asked, with those of before."""

    def __init__(self, file: Path, key: str) -> None:
        super().__init__()
        self._file, self._key = file, key

    async def acquire(self) -> Literal[True]:
        self._file.write_text(f"{self._key}\n{self._file.read_text()}")
        return await super().acquire()


def test_what_is_left_is_sealed_with_the_key_that_is_in_front_by_then(
    unlisted: Customer, settings: Settings, tmp_path: Path
) -> None:
    file, key = tmp_path / "secret.key", Fernet.generate_key().decode()
    file.write_text("\n".join(installation.settings().secret_keys))
    file.chmod(0o600)
    settings.MAILROLL = replace(installation.settings(), secret_keys=(), secret_key_file=file)
    rotation, row = Rotation(file, key), unlisted.connection
    assert Pulse(unlisted.time, turns=lambda: {row.client_id: rotation}).beat() == Beat(1, 1)
    sealed = kept().split(" ")[1]
    assert Sealer([key]).open(sealed, f"since:{row.tenant_id}:{row.id}:{unlisted.domain.id}")


def quiet_again() -> None:
    """Have the spell as it was, that somebody ended."""
    QuietSpell.objects.update(until=SteadyState.objects.get().until)


def test_who_is_listed_as_before_has_no_run_and_is_asked_for_changes_from_there(unlisted: Customer) -> None:
    runs, before = set(Run.objects.values_list("id", flat=True)), kept()
    made, questions = beat(unlisted)
    assert made == Beat(1, 1)
    assert questions[: len(DELTAS)] == DELTAS
    assert set(questions) >= LISTED
    assert Domain.objects.get(id=unlisted.domain.id).read_at == unlisted.time()
    assert schedule.view(unlisted.domain, unlisted.time()).checks == schedule.Checks(1, unlisted.time())
    after = kept()
    assert after != before
    # From then on it is asked for changes alone, and what is told is found.
    # Nothing else becomes due meanwhile, wherever in the day the domain has its listing.
    SteadyState.objects.update(until=unlisted.time() + timedelta(days=1))
    quiet_again()
    due(unlisted)
    assert beat(unlisted) == (Beat(1, 1), DELTAS)
    assert kept() == after
    assert set(Run.objects.values_list("id", flat=True)) == runs
    unlisted.tenant.add_user("Joiner", local="joiner")
    due(unlisted)
    assert beat(unlisted)[0] == Beat(1, 0)
    assert run_of_tick(unlisted).counts["create"] == 1


def test_everything_is_compared_anew_once_a_day_all_the_same(unlisted: Customer) -> None:
    assert beat(unlisted)[0] == Beat(1, 1)
    compared_at = SteadyState.objects.get().made_at
    unlisted.time.at = compared_at + steady_state.VALID
    assert beat(unlisted) == (Beat(0, 0), [])
    assert fill(unlisted.time(), MUCH, leaves_quiet=True)[0] == 1
    assert by_schedule(unlisted, seconds=0)[0].state == RunState.UNCHANGED
    assert SteadyState.objects.get().made_at == unlisted.time()


def test_what_a_listing_shows_of_which_nobody_told_is_found_and_counted_by_a_run(unlisted: Customer) -> None:
    before = kept()
    user = unlisted.tenant.user(f"p3@{DOMAIN}")
    user.properties["displayName"] = "Somebody Else"  # past the methods that delta hears of
    assert beat(unlisted)[0] == Beat(1, 0)
    assert kept() == before
    assert fill(unlisted.time(), MUCH, leaves_quiet=True)[0] == 1
    run, _ = by_schedule(unlisted, seconds=0)
    assert (run.state, run.counts["update"]) == (RunState.APPLIED, 1)
    assert [one["facts"] for one in run.findings if one["code"] == FindingCode.CHANGES_UNTOLD] == [{"changes": "1"}]


def test_who_is_missing_in_a_listing_is_left_to_a_run_which_asks_by_id(unlisted: Customer) -> None:
    people = User.objects.filter(retired_at=None).count()
    missing = unlisted.tenant.user(f"p1@{DOMAIN}")
    unlisted.simulator.faults.on("skipped_user", path="/users", user=missing.id)
    assert beat(unlisted)[0] == Beat(1, 0)
    assert fill(unlisted.time(), MUCH, leaves_quiet=True)[0] == 1
    run, _ = by_schedule(unlisted, seconds=0)
    assert (run.state, run.counts["retire"]) == (RunState.UNCHANGED, 0)
    assert User.objects.filter(retired_at=None).count() == people


def test_whatever_else_a_listing_says_and_whoever_it_is_too_much_for_is_left_to_a_run(
    unlisted: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults, before = unlisted.simulator.faults, kept()

    def asked_in_vain() -> list[str]:
        made, questions = beat(unlisted)
        assert made == Beat(1, 0)
        assert kept() == before
        quiet_again()
        return questions

    for fault, path in (("other_organization", "*"), ("forbidden", "/domains"), ("forbidden", "/contacts")):
        faults.on(fault, path=path)
        asked_in_vain()
        faults.off(fault)
    # No room is known, so it is the same listing; but that they may not be read any more is said by a run.
    faults.on("forbidden", path="/places/*")
    assert set(asked_in_vain()) >= LISTED
    faults.off("forbidden")
    # A listing that has grown is followed no further than its first page too many. Nor is one begun that was too large,
    # of which the size is not known, or of which the last run left something open.
    for model, state, most, first in (
        (ListingTrace, {"trace": bytes(32)}, 1, "/users"),
        (ListingTrace, {"trace": bytes(64)}, 1, None),
        (SteadyState, {"imprint": ""}, repeated_listing.MOST, None),
    ):
        held = model.objects.values(*state).get()
        model.objects.update(**state)
        with monkeypatch.context() as patched:
            patched.setattr(repeated_listing, "MOST", most)
            questions = asked_in_vain()
        assert (first in questions, "/groups" in questions) == (first is not None, False)
        model.objects.update(**held)
    gone = ListingTrace.objects.get()
    ListingTrace.objects.all().delete()
    assert "/users" not in asked_in_vain()
    gone.save(force_insert=True)
    # As it was before all that.
    assert beat(unlisted)[0] == Beat(1, 1)


def test_a_listing_is_not_written_where_the_lease_is_over_or_our_own_side_moved(unlisted: Customer) -> None:
    before = kept()
    moves: list[Callable[[], object]] = [
        lambda: unlisted.time.pass_(seconds=quiet.LEASE.total_seconds()),
        lambda: edit.bump_revision(unlisted.domain.id),
    ]
    for move in moves:
        (lease,) = quiet.take(unlisted.time(), 10)
        asked_at = unlisted.time()
        move()
        assert quiet.write([lease], asked_at, unlisted.time(), {lease.domain: "another"}) == frozenset()
        assert kept() == before
        unlisted.time.pass_(seconds=(quiet.LEASE + timedelta(seconds=1)).total_seconds())
