"""The table of states: it holds for every change, nothing goes round it, and the documents draw it."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailroll.sync import states
from mailroll.sync.models import UNDER_WAY, Run, RunState
from tests.sync.world import Customer

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reference/run-states.md"
HEAD = """# The states of a run

<!-- Drawn from `sync/states.py` by `make docs`; a test compares. -->

Every change of a state is one of these. Whoever asks for another one is refused, and the run stays as it was.

"""


def stand(run: Run, state: RunState) -> Run:
    """Put the row of a run into a state, whatever the table says."""
    Run.objects.filter(id=run.id).update(state=state)
    return Run.objects.get(id=run.id)


def pairs(*, allowed: bool) -> Iterator[tuple[RunState, RunState]]:
    return ((before, to) for before in RunState for to in RunState if (to in states.MOVES[before]) is allowed)


def test_every_state_has_a_place_in_the_table_and_is_reached() -> None:
    reached = set(states.BEGINNINGS) | {to for ways in states.MOVES.values() for to in ways}
    assert set(states.MOVES) == reached == set(RunState)
    assert all(RunState.FAILED in states.MOVES[state] for state in UNDER_WAY)


def test_a_move_that_is_not_in_the_table_is_refused_and_changes_nothing(customer: Customer) -> None:
    made = customer.preview()
    for before, to in pairs(allowed=False):
        run = stand(made, before)
        with pytest.raises(states.WrongMove) as wrong:
            states.move(run, to, customer.time())
        assert wrong.value.code == "run_moved_on"
        assert (run.state, Run.objects.get().state) == (before, before)


def test_a_move_of_the_table_is_made(customer: Customer) -> None:
    made = customer.preview()
    for before, to in pairs(allowed=True):
        states.move(stand(made, before), to, customer.time())
        assert Run.objects.get().state == to


def test_a_run_begins_only_as_the_table_says(customer: Customer) -> None:
    for state in set(RunState) - set(states.BEGINNINGS):
        with pytest.raises(states.WrongMove):
            states.begin(Run(domain=customer.domain), state, customer.time())
    assert not Run.objects.exists()


def test_a_process_that_remembers_another_state_moves_nothing(customer: Customer) -> None:
    remembered = customer.preview()
    stand(remembered, RunState.DISCARDED)
    with pytest.raises(states.WrongMove):
        states.move(remembered, RunState.APPLYING, customer.time())
    assert Run.objects.get().state == RunState.DISCARDED


def test_a_plan_waits_for_a_day_and_keeps_its_time_while_it_is_applied(customer: Customer) -> None:
    run = customer.preview()
    until = run.valid_until
    assert until == customer.time() + states.VALID
    customer.time.pass_(hours=1)
    states.move(run, RunState.APPLYING, customer.time())
    assert run.valid_until == until
    states.move(run, RunState.APPLIED, customer.time())
    assert Run.objects.filter(valid_until=None, finished_at=customer.time()).exists()


def test_nothing_else_in_the_product_sets_the_state_of_a_run() -> None:
    source = ROOT / "src/mailroll"
    found = [
        f"{path.relative_to(source)}:{node.lineno}"
        for path in source.rglob("*.py")
        if path != Path(states.__file__) and "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.stmt | ast.Call) and _sets_a_state(node)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "run.state = RunState.FAILED",
        "run.state: str = 'failed'",
        "run.state, run.error = RunState.FAILED, None",
        "setattr(run, 'state', 'failed')",
        "Run(domain=domain, state=state)",
        "Run.objects.create(domain=domain, state=state)",
        "runs.filter(state='held').update(state='failed')",
        "Run.objects.bulk_update(runs, ['state'])",
        "run.save(update_fields=['state', 'error'])",
    ],
)
def test_what_would_set_a_state_is_noticed(line: str) -> None:
    assert any(isinstance(node, ast.stmt | ast.Call) and _sets_a_state(node) for node in ast.walk(ast.parse(line)))


def test_the_page_of_the_states_is_drawn_from_the_table() -> None:
    drawn = HEAD + "\n".join(_drawn())
    if os.environ.get("MAILROLL_WRITE_DOCS"):
        PAGE.write_text(drawn)
    assert PAGE.read_text() == drawn, "make docs draws it anew"


def _sets_a_state(node: ast.stmt | ast.Call) -> bool:
    match node:
        case ast.Assign(targets=targets):
            inside = [part for target in targets for part in ast.walk(target)]
            return any(isinstance(part, ast.Attribute) and part.attr == "state" for part in inside)
        case ast.AnnAssign(target=ast.Attribute(attr="state")) | ast.AugAssign(target=ast.Attribute(attr="state")):
            return True
        case ast.Call(func=ast.Name(id="Run"), keywords=given):
            return _names_state(given)
        case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value="state"), *_]):
            return True
        case ast.Call(func=ast.Attribute(attr="bulk_update" | "save"), args=args, keywords=given):
            told = [*args, *(keyword.value for keyword in given)]
            parts = (part for one in told for part in ast.walk(one))
            return any(isinstance(part, ast.Constant) and part.value == "state" for part in parts)
        case ast.Call(
            func=ast.Attribute(attr="create" | "update" | "get_or_create" | "update_or_create"), keywords=given
        ):
            return _names_state(given)
        case _:
            return False


def _names_state(given: list[ast.keyword]) -> bool:
    return any(keyword.arg == "state" for keyword in given)


def _drawn() -> Iterator[str]:
    yield from ("```mermaid", "stateDiagram-v2")
    yield from (f"    [*] --> {state}" for state in states.BEGINNINGS)
    yield from (f"    {before} --> {to}" for before, ways in states.MOVES.items() for to in ways)
    yield from (f"    {state} --> [*]" for state, ways in states.MOVES.items() if not ways)
    yield from ("```", "", "| From | To | When |", "|---|---|---|")
    yield from (f"| | `{state}` | {when} |" for state, when in states.BEGINNINGS.items())
    for before, ways in states.MOVES.items():
        yield from (f"| `{before}` | `{to}` | {when} |" for to, when in ways.items())
    ends = ", ".join(f"`{state}`" for state, ways in states.MOVES.items() if not ways)
    yield from ("", f"A run ends as one of {ends}.", "")
