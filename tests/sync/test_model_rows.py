"""Rows by statements of a fixed text are those that Django reads and writes."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from mailroll.directory import edit, model_rows
from mailroll.directory.models import Domain, DomainAlias
from mailroll.directory.queries import names
from mailroll.reconcile.errors import BadInput
from mailroll.sync.models import Run, RunState, Trigger
from tests.directory.rolls import ACTING, NOON

pytestmark = pytest.mark.django_db


def values(row: Model) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


@pytest.fixture
def domain(db: None) -> Domain:
    return edit.add_domain(edit.add_organization("Brightwater", ACTING), "brightwater.example", ACTING)


@pytest.fixture
def run(domain: Domain) -> Run:
    row = Run(id=uuid4(), domain=domain, trigger=Trigger.MANUAL, actor="test", fence=3, revision=2, started_at=NOON)
    row.state, row.tenants, row.counts, row.error = RunState.READING, ['a"b', "c"], {"create": 1}, None
    model_rows.insert(row, "number")
    return row


def test_a_row_is_read_as_django_reads_it(run: Run) -> None:
    (own,) = model_rows.select(Run, "WHERE t.id = %s", [run.id], beside=("domain",))
    by_django = Run.objects.select_related("domain").get(id=run.id)
    assert (values(own), values(own.domain)) == (values(by_django), values(by_django.domain))
    assert (own._state.adding, own._state.db) == (by_django._state.adding, by_django._state.db)


def test_what_a_row_refers_to_is_not_asked_for_again(run: Run) -> None:
    (own,) = model_rows.select(Run, "WHERE t.id = %s", [run.id], beside=("domain",))
    with CaptureQueriesContext(connection) as queries:
        assert own.domain.name == "brightwater.example"
    assert not queries.captured_queries


def test_a_column_that_is_left_out_is_asked_for_when_it_is_used(run: Run) -> None:
    (own,) = model_rows.select(Run, "WHERE t.id = %s", [run.id], frozenset({"counts"}))
    assert own.get_deferred_fields() == {"counts"}
    assert own.counts == {"create": 1}


def test_nothing_but_a_reference_stands_beside_a_row() -> None:
    with pytest.raises(TypeError):
        model_rows.select(Run, "", [], beside=("state",))


def test_a_new_row_is_written_as_django_writes_it(run: Run) -> None:
    assert values(run) == values(Run.objects.get(id=run.id))


def test_a_row_is_written_where_it_is_as_it_should_be(run: Run) -> None:
    run.state, run.error, run.timings = RunState.FAILED, {"code": "odd"}, {"read": 0.5}
    assert not model_rows.update(run, "state = %s", ["applying"])
    assert Run.objects.get(id=run.id).state == RunState.READING
    assert model_rows.update(run, "state = %s", ["reading"])
    assert values(run) == values(Run.objects.get(id=run.id))


def test_who_takes_a_domain_over_has_it_as_it_is(domain: Domain) -> None:
    kept, other = Domain.objects.select_related("organization").get(id=domain.id), edit.add_organization("B", ACTING)
    Domain.objects.filter(id=domain.id).update(revision=7, organization=other, stale_after=timedelta(hours=5))
    edit.take_over(kept)
    assert values(kept) == values(Domain.objects.get(id=domain.id))
    assert (kept.fence, kept.organization) == (domain.fence + 1, other)


def test_nobody_takes_a_domain_over_that_is_gone(domain: Domain) -> None:
    edit.remove_domain(domain, ACTING)
    with pytest.raises(BadInput) as problem:
        edit.take_over(domain)
    assert problem.value.code == "domain_unknown"


def test_the_names_of_a_domain_come_with_how_they_stand(domain: Domain) -> None:
    other = edit.add_domain(edit.add_organization("Coldharbour", ACTING), "coldharbour.example", ACTING)
    DomainAlias.objects.create(domain=domain, name="proved.example", proved_at=NOON)
    DomainAlias.objects.create(domain=domain, name="another.example", claimed_at=NOON)
    DomainAlias.objects.create(domain=other, name="proved.example", claimed_at=NOON)
    assert [
        (name.text, name.is_own, name.is_proved, name.is_of_another, name.is_claimed) for name in names(domain.id)
    ] == [
        ("brightwater.example", True, True, False, False),
        ("another.example", False, False, True, True),
        ("proved.example", False, True, False, True),
    ]
