"""Any roll, any plan: applying rows does what the core says it does."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroll.audit.actor import Acting
from mailroll.directory import edit, headcounts
from mailroll.directory.addresses import OWN
from mailroll.directory.models import Address, User
from mailroll.directory.staging import Staged
from mailroll.reconcile.addresses import in_order
from mailroll.reconcile.model import ExternalId, Kind, ObjectType, State
from mailroll.reconcile.plan import Plan
from mailroll.reconcile.reasons import ReasonCode
from mailroll.sync import states
from mailroll.sync.models import Run, RunState, Trigger
from mailroll.sync.plans import plan_rows
from tests.directory.rolls import NOON, TENANT, Roll
from tests.reconcile.outcome import advance, hashed

PEOPLE = tuple(f"p{i}" for i in range(6))
LOCALS = tuple(f"a{i}" for i in range(9))

Stage = dict[str, State]
"""Everybody in the roll at one moment; addresses are local parts, and the domain is put behind them later."""

_marks = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(("pin", "unpin", "exempt", "unexempt"))))


@st.composite
def _stages(draw: st.DrawFn) -> Stage:
    """Draw some of the people, and give each address to one of them or to nobody."""
    present = draw(st.lists(st.sampled_from(PEOPLE), unique=True))
    held: dict[str, list[str]] = {name: [] for name in present}
    for local in LOCALS:
        holder = draw(st.sampled_from((None, *present)))
        if holder is not None:
            held[holder].append(local)
    return {name: draw(_states(name, tuple(locals_))) for name, locals_ in held.items()}


def _states(name: str, held: tuple[str, ...]) -> st.SearchStrategy[State]:
    return st.builds(
        lambda order, **fields: State(primary=order[0] if order else None, aliases=tuple(order[1:]), **fields),
        order=st.permutations(held),
        external_id=st.sampled_from((None, ExternalId(f"{TENANT}:{name}"))),
        owner=st.none(),
        display_name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
        kind=st.sampled_from(Kind),
        billable=st.booleans(),
        group=st.sampled_from(("Main", "Sales", "Gruppe Ä")),
        former=st.lists(st.sampled_from(LOCALS), unique=True).map(tuple),
        retired=st.booleans(),
        kept=st.booleans(),
        rule=st.sampled_from((None, ReasonCode.LICENSED, ReasonCode.KIND_KEPT)),
        object_type=st.sampled_from((None, *ObjectType)),
    )


def _arriving(stage: Stage, here: Stage) -> Stage:
    """Have nobody arrive retired: a plan with one who does is written from what the process has, whole."""
    return {name: state if name in here else replace(state, retired=False) for name, state in stage.items()}


def _in(roll: Roll, stage: Stage, *, owned: bool) -> Stage:
    return {
        name: replace(
            state,
            owner=roll.owner.id if owned and state.external_id else None,
            primary=None if state.primary is None else roll.address(state.primary),
            aliases=in_order(map(roll.address, state.aliases)),
            former=tuple(map(roll.address, state.former)),
        )
        for name, state in stage.items()
    }


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(stages=st.lists(_stages(), min_size=1, max_size=4), marks=_marks, owned=st.booleans(), stored=st.booleans())
def test_the_roll_after_a_plan_is_what_the_core_says(  # noqa: PLR0917 - all that a plan can be about
    roll: Roll, acting: Acting, stages: list[Stage], marks: list[tuple[str, str]], owned: bool, stored: bool
) -> None:
    """Whether it is written from what the process has, or from the rows in which it is stored."""
    with transaction.atomic():
        here: Stage = {}
        for number, stage in enumerate(stages):
            there = _in(roll, _arriving(stage, here) if stored else stage, owned=owned)
            current = roll.current()
            plan = roll.plan(
                *(
                    roll.change(name, here.get(name), there.get(name))
                    for name in sorted({*here, *there})
                    if here.get(name) != there.get(name)
                )
            )
            now = NOON + timedelta(hours=number)
            headcounts.keep(roll.domain.id)
            roll.apply(plan, current, now=now, staged=_store(plan, now) if stored else None)
            here = there
            _holds(roll, advance(current, plan).users)
            _is_counted(roll)
            _end(roll, plan)
            _decide(roll, here, marks, acting)
        transaction.set_rollback(True)


def _store(plan: Plan, now: datetime) -> Staged:
    """Store a plan with a run of its own, from which it reads back equal."""
    run = Run(domain_id=plan.domain, trigger=Trigger.MANUAL, actor="test", fence=0, started_at=now)
    run.revision, run.tenants, run.digest = plan.revision, list(plan.tenants), plan.digest
    states.begin(run, RunState.READING, now)
    staged = plan_rows.write(run.id, plan)
    assert plan_rows.read(run) == plan
    states.move(run, RunState.UNCHANGED, now)
    return staged


def _holds(roll: Roll, expected: tuple[object, ...]) -> None:
    loaded = roll.current().users
    assert loaded == expected
    for user in loaded:
        assert user == hashed(user)
    assert Address.objects.filter(OWN).count() == sum(len(user.state.addresses) for user in loaded)
    in_service = sum(len(user.state.addresses) for user in loaded if not user.state.retired)
    assert Address.objects.filter(ending_since=None).count() == in_service
    assert User.objects.filter(retired_at__isnull=False).count() == sum(user.state.retired for user in loaded)


def _is_counted(roll: Roll) -> None:
    """Hold that what is kept of the roll was moved along, to what comes of counting it."""
    moved = headcounts.rest(roll.domain.id, ()), headcounts.types(roll.domain.id, [roll.owner.id])
    assert moved[1] is not None
    headcounts.forget(roll.domain.id)
    headcounts.keep(roll.domain.id)
    assert moved == (headcounts.rest(roll.domain.id, ()), headcounts.types(roll.domain.id, [roll.owner.id]))


def _end(roll: Roll, plan: Plan) -> None:
    """Hold that whoever stays in the list keeps what it lost to nobody until that has ended."""
    gained = {address for change in plan.changes for address in change.gained}
    lost = {address for change in plan.changes if change.after is not None for address in change.lost - gained}
    assert set(Address.objects.filter(address__in=lost).exclude(OWN).values_list("address", flat=True)) == lost


def _decide(roll: Roll, here: Stage, marks: list[tuple[str, str]], acting: Acting) -> None:
    deeds = {"pin": edit.pin, "unpin": edit.unpin, "exempt": edit.exempt, "unexempt": edit.unexempt}
    for name, deed in marks:
        if name in here:
            deeds[deed](roll.domain, roll.key(name), acting)
