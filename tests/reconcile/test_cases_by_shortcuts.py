"""The written cases come out the same by each way that spares work."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mailroll.reconcile.guards import Limits
from mailroll.reconcile.model import ExternalId, Snapshot
from mailroll.reconcile.statements import trust
from tests.reconcile.table import Case, read
from tests.reconcile.test_cases import CASES
from tests.reconcile.test_residents import Day
from tests.reconcile.test_touched import Directory, Facts, Story
from tests.reconcile.world import DOMAIN, SCOPE, record, roll

STEADY = 8
CALM = Limits(floor=1_000)


def _alone() -> Iterator[Path]:
    """Cases of one source that is to be trusted: of others everybody is compared."""
    for path in CASES:
        case = read(path)
        if len(case.readings) == 1 and isinstance(trust(case.readings[0].snapshot, case.scope), Snapshot):
            yield path


@pytest.mark.parametrize("path", [*_alone()], ids=lambda path: path.stem)
def test_the_case_is_the_same_where_objects_are_told_as_they_come_and_residents_are_not_loaded(path: Path) -> None:
    case = read(path)
    day = Day(case.readings[0], case.current, taken=frozenset(case.elsewhere), scope=case.scope)
    for outlined in (False, True):
        quick, _ = day.without_residents(outlined=outlined)
        assert quick == day.whole()


def test_cases_are_the_same_where_only_what_is_touched_is_compared() -> None:
    parts = 0
    for path in CASES:
        case = read(path)
        if case.scope != SCOPE or any(reading.snapshot is None for reading in case.readings):
            continue
        parts += _touched(case)
    # In the others something is said of everybody, and everybody is compared.
    assert parts > len(CASES) // 2


def _touched(case: Case) -> int:
    """Let what a case says come to a domain of steady people, who were synced before; tells whether it was a part."""
    shots = {id(one.snapshot): one.snapshot for one in case.readings if one.snapshot is not None}
    places = {key: place for place, key in enumerate(shots)}
    sources = tuple(
        (replace(one.source, tenant=one.snapshot.tenant), places[id(one.snapshot)])
        for one in case.readings
        if one.snapshot is not None
    )
    before = [_directory(replace(shot, records=(), unreadable=(), asked={})) for shot in shots.values()]
    story = Story(sources, before, roll(), asking=case.asking)
    for _ in range(2):  # behind a first sync everybody is open
        story.take_effect([story.run(CALM).plan])
    before_case = story.parts
    story.directories = [_directory(shot) for shot in shots.values()]
    story.current = replace(
        story.current, users=roll(*story.current.users, *case.users).users, elsewhere=case.current.elsewhere
    )
    story.run(CALM)
    return story.parts - before_case


def _directory(shot: Snapshot) -> Directory:
    """What a snapshot says, object by object, and that of steady people."""
    facts: dict[ExternalId, Facts] = {}
    for number in range(STEADY):
        one = record(
            f"{shot.tenant[0]} steady {number}", f"SMTP:steady{number}{shot.tenant[0]}@{DOMAIN}", tenant=shot.tenant
        )
        facts[one.id] = Facts((one,))
    for one in shot.records:
        facts[one.id] = replace(facts.get(one.id, Facts()), versions=(*facts.get(one.id, Facts()).versions, one))
    for broken in shot.unreadable:
        if broken.id is not None:
            facts[broken.id] = replace(facts.get(broken.id, Facts()), unreadable=(broken,))
    for key, answer in shot.asked.items():
        facts[key] = replace(facts.get(key, Facts()), asked=(answer,))
    nameless = tuple(broken for broken in shot.unreadable if broken.id is None)
    return Directory(replace(shot, unreadable=nameless), facts)
