"""Automatic runs to which a few changes are told ask by id for these: they list nobody, one after the other."""

import threading
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any, Final
from uuid import uuid4

import pytest
from django.db import connection

from mailroll.directory import edit, load
from mailroll.directory.models import Address, Domain
from mailroll.reconcile.model import Kind, RollUser
from mailroll.sync.footings import footing
from mailroll.sync.models import ListingTrace, Run, RunState, RunStep, SteadyState, Trigger
from mailroll.sync.progress import Stopped
from mailroll.sync.runs import decide, make
from mailroll.sync.sources import since
from mailroll_simulator import Tenant
from tests.sync import world
from tests.sync.test_filtered_runs import take_only
from tests.sync.test_footing import CHANGES
from tests.sync.test_kinds import withdraw
from tests.sync.test_since import DELTAS, asked, by_schedule
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE: Final = 24
ROUNDS: Final = 8
"""Few enough that no domain's listing of the day falls among them, wherever in the day it has its place."""
BY_ID: Final = "/directoryObjects/getByIds"
BESIDE: Final = ["/organization", "/domains", "/places/microsoft.graph.room", "/subscribedSkus"]


@pytest.fixture
def tenant() -> Tenant:
    made = world.tenant(PEOPLE)
    made.add_shared_mailbox("Reception", local="reception")
    made.add_group("All staff", kind="distribution", local="all")
    made.add_contact("Cleaner", mail=f"cleaner@{DOMAIN}")
    return made


@pytest.fixture
def steady(customer: Customer) -> Customer:
    """A customer of whom the schedule knows that there is nothing to do, and goes by what is told."""
    assert customer.sync().state == RunState.APPLIED
    rest(customer)
    return customer


def rest(customer: Customer) -> None:
    """Let nothing change until there is nothing to list."""
    for _ in range(6):
        if by_schedule(customer)[1] == DELTAS:
            return
    raise AssertionError


def listed(questions: list[str]) -> bool:
    return not {"/users", "/groups", "/contacts"}.isdisjoint(questions)


def by_id(customer: Customer) -> Run:
    """Make a run by the schedule, which lists nobody."""
    run, questions = by_schedule(customer)
    assert not listed(questions), questions
    return run


def in_full(customer: Customer) -> Run:
    run, questions = by_schedule(customer)
    assert listed(questions), questions
    return run


def effect(run: Run) -> dict[str, int]:
    return {name: run.counts[name] for name in ("create", "update", "retire", "restore") if run.counts[name]}


def test_joiners_one_after_the_other_cost_a_few_requests_whatever_the_size_of_the_tenant(steady: Customer) -> None:
    for number in range(3):
        steady.tenant.add_user(f"Joiner {number}", local=f"joiner{number}")
        run, questions = by_schedule(steady)
        assert (run.state, effect(run)) == (RunState.APPLIED, {"create": 1})
        assert Counter(questions) == Counter([*DELTAS, *BESIDE, BY_ID, "/$batch"])
        assert Domain.objects.get(id=steady.domain.id).read_at == run.read_at == steady.time()
    assert f"joiner2@{DOMAIN}" in steady.roll()
    # Whoever was changed is looked at once more; then there is nothing to ask by id.
    run, questions = by_schedule(steady)
    assert (run.state, Counter(questions)) == (RunState.UNCHANGED, Counter([*DELTAS, *BESIDE, BY_ID]))
    assert by_schedule(steady)[1] == DELTAS
    assert steady.preview().state == RunState.UNCHANGED


def test_who_leaves_goes_without_a_listing_and_what_ends_is_confirmed_by_one(steady: Customer) -> None:
    steady.tenant.delete_user(f"p3@{DOMAIN}")
    run = by_id(steady)
    assert (run.state, effect(run)) == (RunState.APPLIED, {"retire": 1})
    assert by_id(steady).state == RunState.UNCHANGED
    assert by_schedule(steady)[1] == DELTAS
    ending = Address.objects.get(address=f"p3@{DOMAIN}")
    assert (ending.ending_since is not None, ending.confirmed_at) == (True, None)
    steady.time.pass_(seconds=since.due_after(steady.domain.id).total_seconds())
    assert in_full(steady).state == RunState.UNCHANGED
    ending.refresh_from_db()
    assert ending.confirmed_at == steady.time()


def test_runs_by_what_is_told_leave_what_full_ones_would(steady: Customer) -> None:
    """A full reading behind each finds nothing more, leaves the same ones out, and holds what is held."""
    chance = Random(4)
    for user in ("p7", "p8"):
        steady.tenant.change_user(
            steady.tenant.user(f"{user}@{DOMAIN}"), proxyAddresses=[f"SMTP:{user}@{DOMAIN}", f"smtp:sales@{DOMAIN}"]
        )
    told = 0
    for _ in range(ROUNDS):
        for _ in range(chance.randint(0, 2)):
            chance.choice(CHANGES)(steady.tenant, chance)
        run, questions = by_schedule(steady)
        assert run.state in {RunState.APPLIED, RunState.UNCHANGED, RunState.HELD}, run.error
        told += BY_ID in questions and not listed(questions)
        waiting = agreed(run, looked_at_in_full(steady))
        if waiting is not None:
            decide.release(waiting.id, "They left.", steady.acting)
        if listed(questions) or waiting is not None:
            rest(steady)
    assert told >= ROUNDS // 2


def looked_at_in_full(customer: Customer) -> Run:
    """Make a preview, and let the schedule go on from where it was."""
    kept = SteadyState.objects.filter(domain=customer.domain).first()
    shown = customer.preview()
    if kept is not None:
        kept.save()
    return shown


def agreed(run: Run, shown: Run) -> Run | None:
    """Hold a run against what a full preview shows behind it; return the held run that waits by now."""
    waiting = run.waits_in if run.waits_in is not None and run.waits_in.state == RunState.HELD else None
    assert shown.digest == (run if waiting is None and run.state != RunState.APPLIED else waiting or shown).digest
    assert (shown.state == RunState.PLANNED) is (waiting is not None or run.state == RunState.HELD)
    assert skips(shown) == skips(run)
    assert shown.counts["skipped"] == run.counts["skipped"]
    assert shown.counts["users"] == run.counts["users_after"]
    return waiting


def skips(run: Run) -> list[tuple[str, str]]:
    return sorted(run.skips.values_list("external_id", "address"), key=str)


def test_who_was_changed_is_asked_for_until_no_answer_can_be_behind_that(steady: Customer) -> None:
    user, alias = steady.tenant.user(f"p1@{DOMAIN}"), f"new@{DOMAIN}"
    steady.tenant.change_user(user, proxyAddresses=[f"SMTP:p1@{DOMAIN}", f"smtp:{alias}"])
    assert effect(by_id(steady)) == {"update": 1}
    # The next answers come from where the change has not arrived.
    steady.simulator.faults.on("stale_row", path=BY_ID, user=user.id)
    for changed in ({"update": 1}, {}, {}):
        run, questions = by_schedule(steady, seconds=15)
        assert (effect(run), BY_ID in questions) == (changed, True)
    steady.simulator.faults.off("stale_row")
    assert Address.objects.get(address=alias).ending_since is not None
    assert effect(by_id(steady)) == {"update": 1}
    assert Address.objects.get(address=alias).ending_since is None
    assert by_id(steady).state == RunState.UNCHANGED
    assert by_schedule(steady)[1] == DELTAS


def test_an_address_that_comes_back_under_another_id_is_taken_over(steady: Customer) -> None:
    steady.tenant.delete_user(f"p3@{DOMAIN}")
    steady.tenant.add_user("Person the second", local="p3")
    run = by_id(steady)
    assert run.state == RunState.APPLIED
    assert steady.roll()[f"p3@{DOMAIN}"].display_name == "Person the second"
    assert by_id(steady).state == RunState.UNCHANGED
    assert steady.preview().state == RunState.UNCHANGED


def test_who_holds_what_a_joiner_wants_is_asked_for_too(steady: Customer) -> None:
    steady.tenant.add_user("Joiner", local="joiner", aliases=[f"p20@{DOMAIN}"])
    for _ in range(3):
        run = by_id(steady)
        assert f"p20@{DOMAIN}" in set(run.skips.values_list("address", flat=True))
    assert steady.roll()[f"p20@{DOMAIN}"].display_name == "Person 20"
    # The holder goes: whoever stood in line is looked at.
    steady.tenant.delete_user(f"p20@{DOMAIN}")
    by_id(steady)
    by_id(steady)
    assert steady.preview().state == RunState.UNCHANGED


CONTRADICTIONS: Final[dict[str, Callable[[Customer], object]]] = {
    "who is told as removed answers": lambda c: c.simulator.faults.on(
        "delta_removed_unknown", path="/users/delta", user=c.tenant.user(f"p1@{DOMAIN}").id
    ),
    "who is told as removed and as changed does not answer": lambda c: (
        c.tenant.change_user(f"p1@{DOMAIN}", displayName="Somebody Else"),
        c.simulator.faults.on("delta_removed_unknown", path="/users/delta", user=c.tenant.user(f"p1@{DOMAIN}").id),
        c.simulator.faults.on("skipped_user", path=BY_ID, user=c.tenant.user(f"p1@{DOMAIN}").id),
    ),
    "who is told does not answer": lambda c: (
        c.tenant.change_user(f"p1@{DOMAIN}", displayName="Somebody Else"),
        c.simulator.faults.on("skipped_user", path=BY_ID, user=c.tenant.user(f"p1@{DOMAIN}").id),
    ),
    "the answer is as it was before": lambda c: (
        c.tenant.change_user(f"p1@{DOMAIN}", proxyAddresses=[f"SMTP:p1@{DOMAIN}", f"smtp:new@{DOMAIN}"]),
        c.simulator.faults.on("stale_row", path=BY_ID, user=c.tenant.user(f"p1@{DOMAIN}").id),
    ),
    "the answer cannot be read": lambda c: (
        c.tenant.change_user(f"p1@{DOMAIN}", displayName="Somebody Else"),
        c.simulator.faults.on("wrong_type", path=BY_ID, property="proxyAddresses"),
    ),
    "the domain is not proved any more": lambda c: (
        c.tenant.change_user(f"p1@{DOMAIN}", displayName="Somebody Else"),
        c.simulator.faults.on("unverified_domain", times=1),
    ),
}


def test_where_told_and_answer_differ_everything_is_listed_and_nobody_is_lost(steady: Customer) -> None:
    for what, arise in CONTRADICTIONS.items():
        arise(steady)
        run = in_full(steady)
        assert run.state in {RunState.APPLIED, RunState.UNCHANGED, RunState.HELD}, what
        for fault in ("delta_removed_unknown", "skipped_user", "stale_row", "wrong_type", "unverified_domain"):
            steady.simulator.faults.off(fault)
        rest(steady)
        users = [user.properties["proxyAddresses"] for user in steady.tenant.users]
        held = set(Address.objects.filter(ending_since=None).values_list("address", flat=True))
        assert {address for proxies in users for address in _addresses(proxies)} <= held, what


def _addresses(proxies: object) -> set[str]:
    assert isinstance(proxies, list)
    return {str(each).partition(":")[2] for each in proxies if str(each).endswith(f"@{DOMAIN}")}


def test_what_says_something_of_everybody_is_read_in_full(steady: Customer) -> None:
    people = [steady.tenant.user(f"p{number}@{DOMAIN}") for number in range(PEOPLE)]
    group = steady.tenant.add_group("Clinic", members=people)
    take_only(steady, "memberOf", "is", "Clinic")
    assert steady.sync().state == RunState.APPLIED
    rest(steady)
    steady.tenant.remove_member(group, people[1])
    assert effect(in_full(steady)) == {"retire": 1}


def test_a_round_that_comes_again_changes_nothing_twice_and_a_long_one_is_listed(
    steady: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    steady.simulator.faults.on("delta_replay")
    steady.tenant.add_user("Joiner", local="joiner")
    assert effect(by_id(steady)) == {"create": 1}
    for _ in range(3):
        assert by_id(steady).state == RunState.UNCHANGED
    steady.simulator.faults.off("delta_replay")
    monkeypatch.setattr(since, "MOST", 3)
    for number in range(4):
        steady.tenant.change_user(f"p{number}@{DOMAIN}", displayName=f"Another {number}")
    assert effect(in_full(steady)) == {"update": 4}


def test_a_run_that_is_throttled_or_dies_before_it_took_effect_is_made_again_from_the_same(steady: Customer) -> None:
    steady.tenant.add_user("Joiner", local="joiner")
    steady.simulator.faults.on("throttle", path=BY_ID, retry_after=600)
    run, questions = by_schedule(steady)
    assert (run.state, run.error and run.error["code"], questions[-1]) == (RunState.FAILED, "throttled", BY_ID)
    steady.simulator.faults.off("throttle")

    def dies() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sync_runprogress WHERE step = %s", [RunStep.COMPARE.value])
            (number,) = cursor.fetchone()
        if threading.current_thread() is not threading.main_thread():
            connection.close()  # a reading that takes its time is watched from a thread beside it
        return bool(number)

    steady.time.pass_(minutes=20)
    steady.domain.refresh_from_db()
    with pytest.raises(Stopped):
        make.carry_out(steady.domain, Trigger.AUTOMATIC, uuid4(), steady.acting, dies)
    assert BY_ID in asked(steady)[-10:]
    assert f"joiner@{DOMAIN}" not in steady.roll()
    # What the mailbox is for was heard by then, so that more is known on our side: everything is compared.
    assert effect(in_full(steady)) == {"create": 1}


def test_an_edit_while_it_reads_leads_to_a_full_reading(steady: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    steady.tenant.add_user("Joiner", local="joiner")
    applied = decide.apply_own

    def edited(*given: object, **named: object) -> None:
        edit.pin(steady.domain, steady.user(f"p5@{DOMAIN}").id, steady.acting)
        applied(*given, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(decide, "apply_own", edited)
        run = by_id(steady)
        assert (run.state, effect(run)) == (RunState.APPLIED, {"create": 1})
    assert in_full(steady).state in {RunState.UNCHANGED, RunState.APPLIED}


def test_an_edit_behind_what_was_loaded_has_everything_compared(
    steady: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    steady.tenant.change_user(f"p5@{DOMAIN}", displayName="Changed there")
    joined, key, edits = load.joined, steady.user(f"p5@{DOMAIN}").id, [Kind.SHARED]

    def edited(*given: Any) -> tuple[RollUser, ...]:
        found = joined(*given)
        while edits:
            edit.set_kind(steady.domain, key, edits.pop(), steady.acting)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(load, "joined", edited)
        run = in_full(steady)
    assert effect(run) == {"update": 1}
    (user,) = load.users(steady.domain.id, [key])
    assert (user.state.display_name, user.state.kind) == ("Changed there", Kind.SHARED)


def test_what_is_damaged_of_it_is_not_gone_by(steady: Customer) -> None:
    steady.tenant.delete_user(f"p3@{DOMAIN}")
    by_id(steady)
    row = SteadyState.objects.get()
    assert isinstance(row.amended, dict)
    row.amended["objects"] = []
    row.save()
    assert in_full(steady).state == RunState.UNCHANGED


def test_what_was_shown_of_everybody_is_left_where_it_is_until_a_listing_is_compared_with_it(steady: Customer) -> None:
    ListingTrace.objects.update(trace=b"damaged")
    steady.tenant.add_user("Joiner", local="joiner")
    assert effect(by_id(steady)) == {"create": 1}


def test_after_many_by_id_everything_is_listed(steady: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footing, "MOST", 3)
    for number in range(4):
        steady.tenant.change_user(f"p{number}@{DOMAIN}", displayName=f"Another {number}")
        assert by_id(steady).state == RunState.APPLIED
    assert in_full(steady).state == RunState.UNCHANGED
    rest(steady)


@pytest.mark.usefixtures("listings")
def test_who_is_told_as_removed_and_listed_is_not_gone_although_no_record_is_held(customer: Customer) -> None:
    withdraw(customer, "MailboxSettings.Read")
    assert customer.sync().state == RunState.APPLIED
    in_full(customer)
    # The cursors are not settled, so whoever is told is looked at in a listing; a domain more has everybody compared.
    person = max(customer.tenant.users, key=lambda user: user.id)
    customer.simulator.faults.on("delta_removed_unknown", path="/users/delta", user=person.id)
    customer.tenant.add_domain("brightwater-joinery.example")
    run, questions = by_schedule(customer, seconds=60)
    assert (run.state, listed(questions)) == (RunState.UNCHANGED, True)
    contents = SteadyState.objects.get().footing
    assert contents is not None
    assert contents["gone"] == []
