"""What a process asks in a while: never more than may be asked, whoever asks beside it, and whoever dies."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailroll.connectors.meter import SHORT, TERM, UnitMeter, UnitScope
from mailroll.connectors.microsoft365.graph import units
from mailroll.connectors.microsoft365.graph.unit_admission import UnitAdmission
from mailroll.connectors.microsoft365.http.patience import Patience
from mailroll.reconcile.errors import Retry
from tests.connectors.hostile import FakeClock, settings_for
from tests.connectors.meters import MemoryLedger

SCOPE = UnitScope("pair", 600, 10.0)
APPLICATION = UnitScope("application", 1_400, 20.0)
READER, OTHER = object(), object()


def most_within(span: float, used: list[tuple[float, float]]) -> float:
    """The most units that any window of this length holds."""
    most = total = 0.0
    oldest = 0
    for at, count in used:
        total += count
        while used[oldest][0] <= at - span:
            total -= used[oldest][1]
            oldest += 1
        most = max(most, total)
    return most


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 8), st.floats(0.0, 1.5), st.floats(0.0, 0.02))
def test_no_window_ever_holds_more_whoever_dies(seed: int, processes: int, slow: float, gap: float) -> None:
    """Every process asks as much as it can; ledgers answer late, and now and then a process dies with its lease."""
    chance, clock = Random(seed), FakeClock()
    used: list[tuple[float, float]] = []

    def delay() -> None:
        clock.passed += chance.random() * slow

    ledger = MemoryLedger(clock.monotonic, delay)
    meters = [UnitMeter(ledger) for _ in range(processes)]

    async def flood() -> None:
        for _ in range(300):
            place = chance.randrange(processes)
            if chance.random() < 0.01:
                meters[place] = UnitMeter(ledger)
            count = chance.randint(1, 8)
            await meters[place].admit((APPLICATION, SCOPE), count, READER, clock, chance)
            used.append((clock.monotonic(), count))
            clock.passed += chance.random() * gap

    asyncio.run(flood())
    assert most_within(SCOPE.span, used) <= SCOPE.quota
    assert most_within(APPLICATION.span, used) <= APPLICATION.quota


def met(count: int = 1) -> tuple[list[UnitMeter], MemoryLedger, FakeClock]:
    clock = FakeClock()
    ledger = MemoryLedger(clock.monotonic)
    return [UnitMeter(ledger) for _ in range(count)], ledger, clock


def run(question: Callable[[], Awaitable[object]]) -> object:
    async def asked() -> object:
        return await question()

    return asyncio.run(asked())


def test_the_few_questions_of_a_small_reading_cost_the_ledger_nothing() -> None:
    [meter], ledger, clock = met()
    pair = units.of_pair("https://graph", "app", "tenant", 12)
    for _ in range(20):
        for _ in range(4):
            assert run(lambda: meter.admit((pair,), 1, READER, clock, Random(1))) == 0.0
        clock.passed += pair.span
    assert ledger.leases == 0


def test_who_asks_much_gets_larger_blocks_and_about_what_there_is() -> None:
    [meter], ledger, clock = met()
    pair = units.of_pair("https://graph", "app", "tenant", 10_000)

    async def ask() -> None:
        for _ in range(4_000):
            await meter.admit((pair,), 2, READER, clock, Random(1))

    asyncio.run(ask())
    gained = pair.burst + pair.rate * clock.monotonic()
    assert 0.8 * gained < 8_000
    assert ledger.leases < 8_000 / 50


def test_many_who_ask_at_once_lease_once() -> None:
    [meter], ledger, clock = met()

    async def ask() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(10):
                group.create_task(meter.admit((SCOPE,), 1.2, READER, clock, Random(1)))

    asyncio.run(ask())
    assert ledger.leases == 1


def test_a_pause_holds_for_every_process_and_only_who_was_told_waits_long() -> None:
    [first, second], _, clock = met(2)
    run(lambda: first.pause(SCOPE, 40.0, READER, clock.monotonic()))
    with pytest.raises(Retry) as left:
        run(lambda: first.admit((SCOPE,), 1, OTHER, clock, Random(1)))
    assert left.value.after >= 40.0
    run(lambda: second.admit((SCOPE,), 5, OTHER, clock, Random(1)))
    assert 40.0 <= clock.monotonic() <= 45.0, "of another process the first that asks waits"
    run(lambda: first.admit((SCOPE,), 1, OTHER, clock, Random(1)))
    run(lambda: first.pause(SCOPE, 40.0, READER, clock.monotonic()))
    begun = clock.monotonic()
    run(lambda: first.admit((SCOPE,), 1, READER, clock, Random(1)))
    assert clock.monotonic() >= begun + 40.0


def test_a_person_can_always_try_now() -> None:
    """Whether the pause still holds, Microsoft says itself; the schedule goes on waiting."""
    [first, second], _, clock = met(2)
    run(lambda: first.pause(SCOPE, 3_000.0, READER, clock.monotonic()))
    for meter in (first, second):
        for _ in range(3):
            assert run(lambda: meter.admit((SCOPE,), 50, OTHER, clock, Random(1), by_person=True)) == 0.0  # noqa: B023
        with pytest.raises(Retry):
            run(lambda: meter.admit((SCOPE,), 50, OTHER, clock, Random(1)))  # noqa: B023


def test_what_a_person_takes_in_spite_of_a_pause_is_missing_for_others() -> None:
    [first, second], ledger, clock = met(2)
    ledger.press(SCOPE, debt=400.0)
    for _ in range(20):
        assert run(lambda: first.admit((SCOPE,), 50, OTHER, clock, Random(1), by_person=True)) == 0.0
    run(lambda: second.admit((SCOPE,), 50, READER, clock, Random(1)))
    assert clock.monotonic() >= (400 + 20 * 50) / SCOPE.rate


def test_a_person_waits_for_what_their_own_reading_was_told() -> None:
    [meter], _, clock = met()
    run(lambda: meter.pause(SCOPE, 40.0, READER, clock.monotonic()))
    run(lambda: meter.admit((SCOPE,), 1, READER, clock, Random(1), by_person=True))
    assert clock.monotonic() >= 40.0
    run(lambda: meter.pause(SCOPE, 3_000.0, READER, clock.monotonic()))
    with pytest.raises(Retry):
        run(lambda: meter.admit((SCOPE,), 1, READER, clock, Random(1), by_person=True))


def test_a_short_pause_is_sat_out_by_all_and_a_long_one_by_nobody() -> None:
    [meter], _, clock = met()
    run(lambda: meter.pause(SCOPE, SHORT, READER, clock.monotonic()))
    run(lambda: meter.admit((SCOPE,), 1, OTHER, clock, Random(1)))
    assert clock.monotonic() >= SHORT
    run(lambda: meter.pause(SCOPE, 90.0, READER, clock.monotonic()))
    with pytest.raises(Retry) as left:
        run(lambda: meter.admit((SCOPE,), 1, READER, clock, Random(1)))
    assert left.value.after >= 90.0


def test_another_tenant_is_not_kept_waiting() -> None:
    [meter], _, clock = met()
    run(lambda: meter.pause(SCOPE, 600.0, READER, clock.monotonic()))
    elsewhere = UnitScope("another pair", 1_000, 10.0)
    assert run(lambda: meter.admit((APPLICATION, elsewhere), 5, OTHER, clock, Random(1))) == 0.0


@pytest.mark.parametrize(("share", "least"), [(0.8, 0.0), (1.0, 2.0), (1.8, 12.0)])
def test_the_nearer_to_the_limit_the_longer_nothing_is_leased(share: float, least: float) -> None:
    [meter, other], _, clock = met(2)
    run(lambda: meter.press(SCOPE, share, clock.monotonic()))
    run(lambda: other.admit((SCOPE,), 12, READER, clock, Random(1)))
    assert clock.monotonic() >= least


def test_what_a_question_cost_more_is_missing_from_the_lease() -> None:
    [meter], ledger, clock = met()
    run(lambda: meter.admit((SCOPE,), 5, READER, clock, Random(1)))
    assert ledger.leases == 1
    meter.correct((SCOPE,), 4, clock.monotonic())
    run(lambda: meter.admit((SCOPE,), 5, READER, clock, Random(1)))
    assert ledger.leases == 2


def test_a_lease_ends_counted_from_before_it_was_asked_for() -> None:
    [meter], ledger, clock = met()
    ledger.delay = lambda: setattr(clock, "passed", clock.passed + TERM / 4)
    run(lambda: meter.admit((SCOPE,), 5, READER, clock, Random(1)))
    clock.passed += TERM / 2
    run(lambda: meter.admit((SCOPE,), 5, READER, clock, Random(1)))
    assert ledger.leases == 2


@pytest.mark.parametrize(
    ("path", "query", "cost"),
    [
        ("users", "", 2),
        ("users", "$select=id&$top=999", 1),
        ("users/delta", "$deltatoken=x", 1),
        ("groups", "$top=5", 1),
        ("groups/11111111-2222-4333-8444-555555555555/members", "%24select=id&x=a+b", 2),
        ("groups/11111111-2222-4333-8444-555555555555/transitiveMembers/microsoft.graph.user", "$select=id", 4),
        ("users/11111111-2222-4333-8444-555555555555/checkMemberGroups", "", 4),
        ("users/11111111-2222-4333-8444-555555555555/mailboxSettings/userPurpose", "", 0),
        ("directoryObjects/getByIds", "", 5),
        ("directoryObjects/getByIds", "$select=id", 2),
        ("subscribedSkus", "$select=skuId", 2),
        ("places/microsoft.graph.room", "", 0),
        ("organization", "", 1),
        ("users", "$expand=manager", 3),
        ("$batch", "", 0),
    ],
)
def test_what_questions_cost_is_as_the_page_says(path: str, query: str, cost: int) -> None:
    assert units.cost(path, query) == cost


def test_a_larger_tenant_may_be_asked_for_more() -> None:
    quotas = [units.of_pair("g", "a", "t", users).quota for users in (0, 49, 50, 500, 501)]
    assert quotas == [3_500, 3_500, 5_000, 5_000, 8_000]
    assert all(before <= after for before, after in pairwise(quotas))


class WatchedMeter(UnitMeter):
    """Lets everything out, and notes within which limits."""

    def __init__(self) -> None:
        super().__init__(MemoryLedger(FakeClock().monotonic))
        self.quotas: list[float] = []

    async def admit(self, scopes: Sequence[UnitScope], *given: object, **more: object) -> float:
        self.quotas.append(scopes[-1].quota)
        return 0.0


def test_a_tenant_that_turns_out_larger_as_it_is_listed_is_asked_within_larger_limits() -> None:
    meter, clock = WatchedMeter(), FakeClock()
    own = settings_for("https://localhost", "")
    admission = UnitAdmission(own, meter, Patience(clock, Random(1)), clock, Random(1), users=12)
    for users in (12, 501, 50):
        admission.count(users)
        run(lambda: admission.before(1))
    assert meter.quotas == [3_500, 8_000, 8_000]
