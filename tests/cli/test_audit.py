"""`mailroll audit export` prints the trail for other programs, and notes that it did."""

import json
from typing import Any

import pytest

from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.directory import edit
from mailroll.directory.models import Organization
from tests.cli.commands import mailroll

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tree() -> tuple[Organization, Organization]:
    top = edit.add_organization("Northgate IT", Acting("test:setup"))
    return top, edit.add_organization("Brightwater", Acting("test:setup"), parent=top)


def _exported(*asked: str) -> list[dict[str, Any]]:
    answer = mailroll("audit", "export", *asked)
    assert answer.exit_code == 0
    return [json.loads(line) for line in answer.out.splitlines()]


def test_it_prints_everything_and_last_that_it_was_taken(tree: tuple[Organization, Organization]) -> None:
    told = _exported()
    assert [one["action"] for one in told] == ["organization.added", "organization.added", "audit.exported"]
    assert [one["subject"] for one in told] == ["Northgate IT", "Brightwater", "Northgate IT"]
    assert told[-1]["actor"].startswith("cli:")


def test_a_program_goes_on_after_the_last_entry_that_it_has(tree: tuple[Organization, Organization]) -> None:
    last = _exported()[-1]["id"]
    assert [one["action"] for one in _exported("--after", str(last))] == ["audit.exported"]


def test_one_organization_is_taken_alone_and_told_of_it(tree: tuple[Organization, Organization]) -> None:
    told = _exported("--organization", "Brightwater")
    assert [one["subject"] for one in told] == ["Brightwater", "Brightwater"]
    assert AuditEntry.objects.get(action="audit.exported").organization == tree[1].id
