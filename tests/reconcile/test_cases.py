"""Every case in `cases/` comes out as written there."""

from pathlib import Path

import pytest

from mailroll.reconcile.split import split
from tests.reconcile.outcome import advance
from tests.reconcile.table import EXPECTATIONS, left_out, read, shown
from tests.reconcile.world import ask, owners

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_case_comes_out_as_written(path: Path) -> None:
    case = read(path)
    proposal = ask(case.current, case.readings, case.scope, asking=case.asking)
    now, later = split(proposal.plan)
    found: dict[str, list[tuple[str, ...]]] = {
        "Expected plan": shown(case, proposal.plan),
        "Applied at once": shown(case, now),
        "Waits": shown(case, later),
        "Findings": [*sorted((one.code.value, one.level.value) for one in proposal.findings)],
        "Left out": left_out(case, proposal.skips),
    }
    for section in EXPECTATIONS:
        if section in case.expected or section not in {"Applied at once", "Waits"}:
            rows = "\n".join("  " + " | ".join(row) for row in found[section])
            assert found[section] == case.expected.get(section, []), f"{case.title}\n{section}\n{rows}"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_case_has_nothing_left_to_do_once_applied(path: Path) -> None:
    case = read(path)
    after = advance(case.current, ask(case.current, case.readings, case.scope, asking=case.asking).plan)
    assert ask(after, case.readings, case.scope, asking=case.asking).plan.changes == ()
    assert all(len(having) == 1 for having in owners(after).values())


def test_each_case_states_a_truth_of_its_own_in_one_line() -> None:
    titles = [read(path).title for path in CASES]
    assert len(set(titles)) == len(titles)
    assert all(title.endswith(".") and len(title) < 120 for title in titles)


def test_a_misspelt_section_is_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "case.txt"
    path.write_text("A truth.\n\nExpected plans\n  create | Ann\n")
    with pytest.raises(ValueError, match="no section 'Expected plans'"):
        read(path)
