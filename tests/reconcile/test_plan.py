"""A plan is frozen: its digest says what it does, its fingerprint what it may be applied to."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import fields, replace
from uuid import uuid5

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mailroll.reconcile import storage
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.arrivals import Arrival
from mailroll.reconcile.model import Current, Kind, Reading, RollUser, State
from mailroll.reconcile.plan import Action, Change, Plan, Tally, Touched, as_json, fingerprint, older_fingerprint
from mailroll.reconcile.reasons import Reason, ReasonCode
from tests.reconcile.outcome import advance, from_json, hashed
from tests.reconcile.stories import World, worlds
from tests.reconcile.world import (
    FIRST,
    NAMESPACE,
    SCOPE,
    address,
    ask,
    oid,
    owners,
    record,
    roll,
    snapshot,
    state,
    user,
)

ANN = user("Ann", "a@d.example", "b@d.example")
NEW = uuid5(NAMESPACE, "new")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)


def a_plan_knows_what_comes_into_service_by_it(world: World, plan: Plan) -> None:
    def served(current: Current) -> set[Address]:
        return {held for one in current.users if not one.state.retired for held in one.state.addresses}

    assert plan.arriving == served(advance(world.current, plan)) - served(world.current)


def a_plan_written_down_reads_back_equal(world: World, plan: Plan) -> None:
    text = json.dumps([as_json(change) for change in plan.changes])
    again = Plan.of(plan.domain, plan.revision, plan.tenants, [from_json(row) for row in json.loads(text)])
    assert again == plan
    assert again.digest == plan.digest


def a_plan_is_the_same_in_whatever_order_its_changes_come(world: World, plan: Plan) -> None:
    assert Plan.of(plan.domain, plan.revision, (*plan.tenants, *plan.tenants), reversed(plan.changes)) == plan


def _variants(change: Change) -> Iterator[Change]:
    """The same change with one field of it, or of one of its states, or of its reasons, different."""
    yield replace(change, action=Action.RESTORE)
    yield replace(change, user=NEW)
    yield replace(change, before=None)
    yield replace(change, after=None)
    yield replace(change, reasons=())
    yield replace(change, reasons=(*change.reasons, Reason.of(ReasonCode.GONE)))
    yield replace(change, reasons=(Reason.of(ReasonCode.WAITS, address="c@d.example"),))
    yield replace(change, reasons=(Reason.of(ReasonCode.WAITS, address="d@d.example"),))
    other = State(
        oid("Other"),
        NEW,
        "Other",
        Kind.ROOM,
        billable=True,
        group="Else",
        primary=address("o@d.example"),
        aliases=(address("p@d.example"),),
        former=(address("q@d.example"),),
        retired=True,
        kept=True,
    )
    for side in ("before", "after"):
        was = getattr(change, side)
        for field in fields(State):
            assert getattr(was, field.name) != getattr(other, field.name), field.name
            yield replace(change, **{side: replace(was, **{field.name: getattr(other, field.name)})})


def test_any_difference_makes_another_digest() -> None:
    change = Change(
        Action.UPDATE,
        ANN.id,
        replace(ANN.state, billable=False),
        replace(ANN.state, display_name="Bob", billable=False),
        (Reason.of(ReasonCode.LICENSED),),
    )
    plan = Plan.of(SCOPE.id, 1, ["t"], [change])
    plans = [Plan.of(SCOPE.id, 1, ["t"], [one]) for one in _variants(change)]
    plans += [replace(plan, domain=NEW), replace(plan, tenants=("u",)), replace(plan, tenants=("t", "u"))]
    plans += [replace(plan, changes=()), replace(plan, changes=(change, replace(change, user=NEW)))]
    digests = {one.digest for one in (plan, *plans)}
    assert len(digests) == 1 + len(plans)


def test_a_digest_does_not_depend_on_settings_so_that_the_same_removals_are_known_again() -> None:
    plan = ask(roll(), [Reading(FIRST, snapshot(record("Ann", "SMTP:a@d.example")))]).plan
    assert replace(plan, revision=2).digest == plan.digest


@given(worlds(), st.integers(0, 20))
def test_a_fingerprint_moves_with_each_row_and_address_it_touches_and_with_no_other(world: World, number: int) -> None:
    plan, current = world.proposal().plan, world.current
    assume(plan.changes and current.users)
    before = fingerprint(plan, Touched.within(plan, current))
    chosen = current.users[number % len(current.users)]
    rest = [one for one in current.users if one is not chosen]
    touched = chosen.id in plan.touched_users
    for other in (
        hashed(replace(chosen, pinned=not chosen.pinned)),
        hashed(replace(chosen, state=replace(chosen.state, display_name="somebody else"))),
        hashed(replace(chosen, state=replace(chosen.state, owner=NEW))),
        replace(chosen, state=replace(chosen.state, owner=NEW)),
    ):
        moved = fingerprint(plan, Touched.within(plan, roll(*rest, other, elsewhere=current.elsewhere))) != before
        assert moved == touched
    without = fingerprint(plan, Touched.within(plan, roll(*rest, elsewhere=current.elsewhere)))
    assert (without != before) == touched


def a_fingerprint_outlives_an_addition_that_has_nothing_to_do_with_it(world: World, plan: Plan) -> None:
    current = world.current
    new = user("Newcomer", "newcomer@d.example")
    wider = roll(*current.users, new, elsewhere=current.elsewhere)
    assert fingerprint(plan, Touched.within(plan, wider)) == fingerprint(plan, Touched.within(plan, current))


def a_fingerprint_moves_when_an_address_that_it_gives_is_taken_meanwhile(world: World, plan: Plan) -> None:
    current = world.current
    before = fingerprint(plan, Touched.within(plan, current))
    for taken in {held for change in plan.changes for held in change.gained} - owners(current).keys():
        rival = user("Rival", taken)
        wider = roll(*current.users, rival, elsewhere=current.elsewhere)
        assert fingerprint(plan, Touched.within(plan, wider)) != before


def a_fingerprint_moves_with_settings_tenant_and_domain(world: World, plan: Plan) -> None:
    touched = Touched.within(plan, world.current)
    others = (replace(plan, revision=2), replace(plan, tenants=("another",)), replace(plan, domain=NEW))
    assert len({fingerprint(one, touched) for one in (plan, *others)}) == 4


def a_plan_applied_is_what_its_changes_say(world: World, plan: Plan) -> None:
    before = {one.id: one for one in world.current.users}
    after = {one.id: one for one in advance(world.current, plan).users}
    for change in plan.changes:
        assert after[change.user].state == change.after
    for key in before.keys() - plan.touched_users:
        assert after[key] == before[key]
    for key, one in after.items():
        had = before.get(key)
        assert _marks(one) == (_marks(had) if had else (False, False, False, False))
        assert one == hashed(one)


def _marks(one: RollUser) -> tuple[bool, ...]:
    return one.pinned, one.exempt, one.kind_by_hand, one.group_by_hand


def test_a_removal_takes_the_row_away() -> None:
    change = Change(Action.REMOVE, ANN.id, ANN.state, None, ())
    assert advance(roll(ANN), Plan.of(SCOPE.id, 1, [], [change])).users == ()
    assert change.lost == {"a@d.example", "b@d.example"}
    assert change.external_id == oid("Ann")
    assert from_json(json.loads(json.dumps(as_json(change)))) == change


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (None, state("Ann", "a@d.example"), "a@d.example"),
        (state("Ann", "a@d.example"), state("Ann", "b@d.example"), "b@d.example"),
        (state("Ann", "a@d.example"), None, "a@d.example"),
        (state("Ann", "a@d.example"), state("Ann"), "a@d.example"),
        (state("Ann"), replace(state("Ann"), former=(address("z@d.example"),)), "z@d.example"),
        (state("Ann"), None, None),
    ],
)
def test_a_change_is_shown_by_the_address_people_know(
    before: State | None, after: State | None, shown: str | None
) -> None:
    change = Change(Action.UPDATE, ANN.id, before, after, ())
    assert change.address == shown


def test_a_change_of_nothing_is_of_nobody() -> None:
    assert Change(Action.REMOVE, ANN.id, None, None, ()).external_id is None


def test_counts_name_every_action() -> None:
    plan = ask(roll(), [Reading(FIRST, snapshot(record("Ann", "SMTP:a@d.example")))]).plan
    assert plan.counts == {action: int(action is Action.CREATE) for action in Action}


def equal_states_have_equal_hashes_and_no_others_do(world: World, _: Plan) -> None:
    rows = {(one.state, *_marks(one)): one.hash for one in world.current.users}
    assert len(set(rows.values())) == len(rows)
    assert all(hashed(replace(one, hash="")).hash == one.hash for one in world.current.users)


@given(worlds(), st.text(), st.booleans())
def test_the_hash_of_a_row_is_that_of_its_canonical_json(world: World, name: str, mark: bool) -> None:
    """Rows keep the hashes that they have had from the first version on."""
    name = name.encode("utf-8", "ignore").decode()
    for one in world.current.users:
        for varied in (one.state, replace(one.state, display_name=name, group=name, kept=mark)):
            row = [storage.state_to_json(varied), mark, False, mark, *(["group_by_hand"] if mark else [])]
            digest = hashlib.blake2b(storage.canonical_json(row).encode(), digest_size=16).hexdigest()
            found = storage.content_hash(varied, pinned=mark, exempt=False, kind_by_hand=mark, group_by_hand=mark)
            assert found == digest
            assert storage.canonical_state(varied) == storage.canonical_json(storage.state_to_json(varied))


@given(st.lists(st.lists(TEXTS, max_size=3)), TEXTS)
def test_rows_of_texts_are_hashed_as_lists_are(rows: list[list[str]], other: str) -> None:
    """Plans that wait keep the fingerprint that they have."""
    head = {"version": "1", other: 2}
    assert storage.sha256_of_rows(head, rows, [(other,)]) == storage.sha256(head, iter(rows), iter([[other]]))


def a_plan_of_before_is_known_by_its_digest_and_fingerprint(world: World, plan: Plan) -> None:
    """As the versions up to 30bf84c worked them out: their plans wait when a new version begins."""
    touched = Touched.within(plan, world.current)
    head = {"version": "mailroll-plan-1", "domain": str(plan.domain), "tenants": list(plan.tenants)}
    assert plan.older_digest == storage.sha256(head, (as_json(change) for change in plan.changes))
    moved = replace(touched, rows={user: ("0" * 32, owner) for user, (_, owner) in touched.rows.items()})
    assert (older_fingerprint(plan, moved) != older_fingerprint(plan, touched)) == bool(touched.rows)


def test_reasons_come_back_from_their_text() -> None:
    reasons = (Reason.of(ReasonCode.RENAMED, before="Ann", after="Änne"), Reason.of(ReasonCode.ALIAS_ADDED))
    assert storage.reasons_from_text(storage.canonical_json(storage.reasons_to_json(reasons))) == reasons


def test_canonical_json_has_one_form() -> None:
    assert storage.canonical_json({"b": "é", "a": [1, None]}) == '{"a":[1,null],"b":"é"}'
    assert storage.sha256("ab", "c") != storage.sha256("a", "bc")
    assert storage.sha256(["a", "b"]) != storage.sha256("a", "b")
    assert storage.sha256(iter(["a", "b"])) != storage.sha256(iter(["a"]), "b")


def users_are_counted_as_carrying_a_plan_out_would_leave_them(world: World, plan: Plan) -> None:
    now = Tally.of(user.state for user in world.current.users)
    then = Tally.of(user.state for user in advance(world.current, plan).users)
    assert now.after(plan) == then


TRUTHS = (
    a_plan_knows_what_comes_into_service_by_it,
    a_plan_written_down_reads_back_equal,
    a_plan_is_the_same_in_whatever_order_its_changes_come,
    a_fingerprint_outlives_an_addition_that_has_nothing_to_do_with_it,
    a_fingerprint_moves_when_an_address_that_it_gives_is_taken_meanwhile,
    a_fingerprint_moves_with_settings_tenant_and_domain,
    a_plan_applied_is_what_its_changes_say,
    equal_states_have_equal_hashes_and_no_others_do,
    a_plan_of_before_is_known_by_its_digest_and_fingerprint,
    users_are_counted_as_carrying_a_plan_out_would_leave_them,
)
"""Of every plan of every world: a world takes much longer to make up than to look at."""


def test_of_a_plain_plan_is_true_what_is_said_of_every_one() -> None:
    here = [record("Ann", "SMTP:b@d.example"), record("Dan", "SMTP:dan@d.example"), record("Eve", "SMTP:eve@d.example")]
    here += [record("Fay", "SMTP:a@d.example")]
    current = roll(ANN, user("Bob", "c@d.example"), user("Cid", "e@d.example"))
    world = World(current, (Reading(FIRST, snapshot(*here, asked={oid("Bob"): None})),))
    plan = world.proposal().plan
    assert {name: number for name, number in plan.counts.items() if number} == {
        Action.CREATE: 3,
        Action.UPDATE: 1,
        Action.RETIRE: 1,
    }
    assert plan.arrivals
    assert sorted(plan.touched_ids) == sorted(user.hex for user in plan.touched_users)
    assert [one.change() if isinstance(one, Arrival) else one for one, _ in plan.entries()] == [*plan.changes]
    for truth in TRUTHS:
        truth(world, plan)


@settings(max_examples=200)
@given(worlds())
def test_of_every_plan_is_true_what_is_said_of_it(world: World) -> None:
    plan = world.proposal().plan
    for truth in TRUTHS:
        truth(world, plan)
