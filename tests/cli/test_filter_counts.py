"""`mailroll source filter --count`: reads and says whom a filter would take, and saves nothing."""

import json
from pathlib import Path

import pytest

from mailroll.connections.models import Source
from mailroll.sync.models import Run, Sample, UnitBucket
from tests.cli.commands import mailroll
from tests.cli.test_sources import SALES, only_sales, source
from tests.sync.world import Customer


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "filter.json"
    path.write_text(json.dumps(SALES))
    return path


def test_whom_a_filter_would_take_is_counted_before_it_is_saved(customer: Customer, file: Path) -> None:
    only_sales(customer)
    customer.sync()
    told = mailroll("source", "filter", source(customer), "--file", str(file), "--count")
    assert told.exit_code == 0
    assert "9 of 12 people match. Read " in told.out
    assert "nothing was saved." in told.out
    assert "3 left out: department is not “Sales”" in told.out
    assert "Left out, for example: Person" in told.out
    found = mailroll("source", "filter", source(customer), "--file", str(file), "--count", "--json").document
    assert (found["total"], found["matching"], found["undecided"], found["newly_out"]) == (12, 9, 0, 3)
    assert found["left_out"] == [{"why": "department is not “Sales”", "number": 3}]
    assert Source.objects.get(owner=customer.source.owner_id).filter is None
    assert Run.objects.count() == 1


def test_the_saved_filter_is_counted_on_a_new_reading_each_time(customer: Customer) -> None:
    said = mailroll("source", "filter", "Office 365", "--count", "--json").document
    assert (said["total"], said["matching"], said["left_out"]) == (12, 12, [])
    customer.tenant.add_user("New Joiner", local="joiner")
    assert mailroll("source", "filter", "Office 365", "--count", "--json").document["total"] == 13


def test_members_of_groups_are_read_for_it_and_one_that_is_not_there_is_told(customer: Customer, file: Path) -> None:
    members = [customer.tenant.user(f"p{number}@brightwater.example") for number in range(3)]
    customer.tenant.add_group("Clinic", members=members)
    file.write_text(json.dumps({"any": [{"field": "memberOf", "operator": "is", "value": "Clinic"}]}))
    found = mailroll("source", "filter", "Office 365", "--file", str(file), "--count", "--json").document
    assert (found["matching"], found["unknown_groups"]) == (3, [])
    file.write_text(json.dumps({"any": [{"field": "memberOf", "operator": "is", "value": "Klinik"}]}))
    told = mailroll("source", "filter", "Office 365", "--file", str(file), "--count").out
    assert "There is no group “Klinik” in the directory." in told


def test_a_filter_that_would_be_held_is_said_to(customer: Customer, file: Path) -> None:
    customer.sync()
    assert "Nobody matches: a run with this filter would be held." in (
        mailroll("source", "filter", "Office 365", "--file", str(file), "--count").out
    )
    customer.tenant.change_user("p0@brightwater.example", department="Sales")
    told = mailroll("source", "filter", "Office 365", "--file", str(file), "--count").out
    assert "11 more would be left out than by the saved filter, and 3 may go in one run" in told


def test_what_goes_wrong_is_told_and_changes_nothing(customer: Customer, file: Path, tmp_path: Path) -> None:
    def refused(*words: str) -> tuple[int, str]:
        answer = mailroll("source", "filter", *words, "--count", "--json")
        return answer.exit_code, json.loads(answer.err or answer.out)["error"]["code"]

    broken = tmp_path / "broken.json"
    broken.write_text('{"all": [{"field": "compnay", "operator": "is", "value": "x"}]}')
    assert refused("Office 365", "--file", str(broken))[1] == "filter_invalid"
    assert refused("Office 365", "--clear")[1] == "options_exclude"
    assert refused("Nobody knows it")[1] == "source_unknown"
    assert not Sample.objects.exists()
    customer.simulator.faults.on("forbidden")
    status, code = refused("Office 365", "--file", str(file))
    kept = Sample.objects.get().error
    assert status != 0
    assert kept is not None
    assert kept["code"] == code
    customer.simulator.faults.off("forbidden")
    customer.simulator.faults.on("throttle", path="/users", retry_after=3_600, times=1)
    assert refused("Office 365")[1] == "throttled"
    # Workers are to keep that pause as well.
    assert UnitBucket.objects.filter(paused_until__isnull=False).exists()
    Source.objects.filter(owner=customer.source.owner_id).update(connection=None, enabled=False)
    assert refused("Office 365")[1] == "source_not_connected"
    assert Source.objects.get(owner=customer.source.owner_id).filter is None
