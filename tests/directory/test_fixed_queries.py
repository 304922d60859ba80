"""What is put together once gives what Django gives, whoever asks, and from whichever thread."""

import gc
from collections.abc import Sequence
from threading import Thread
from typing import Any
from weakref import ref

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import TextField
from django.test.utils import CaptureQueriesContext

from mailroll.directory import edit
from mailroll.directory.fixed_queries import FixedQuery, FixedStatement, Parameter
from mailroll.directory.models import Domain
from tests.directory.rolls import ACTING

NAME = Parameter("name", TextField())


def _add(*names: str) -> None:
    organization = edit.add_organization("Brightwater", ACTING)
    for name in names:
        edit.add_domain(organization, name, ACTING)


@pytest.mark.django_db
def test_each_question_has_values_of_its_own() -> None:
    _add("a.example", "b.example")
    named = FixedQuery(Domain.objects.filter(name=NAME).select_related("organization"))
    assert [[row.name for row in named.rows(name=name)] for name in ("a.example", "b.example", "c.example")] == [
        ["a.example"],
        ["b.example"],
        [],
    ]


@pytest.mark.django_db
def test_rows_come_with_what_they_refer_to() -> None:
    _add("a.example")
    named = FixedQuery(Domain.objects.filter(name=NAME).select_related("organization"))
    with CaptureQueriesContext(connection) as queries:
        (row,) = named.rows(name="a.example")
        assert row.organization.name == "Brightwater"
    assert len(queries) == 1
    assert row == Domain.objects.get(name="a.example")


@pytest.mark.django_db
def test_a_value_is_no_text_of_the_statement() -> None:
    _add("a.example")
    named = FixedQuery(Domain.objects.filter(name=NAME))
    assert named.rows(name="a.example' OR 'a' = 'a") == []


@pytest.mark.django_db
def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError):
        FixedQuery(Domain.objects.filter(name=NAME)).rows()


@pytest.mark.django_db
def test_each_query_of_a_statement_has_its_own_values() -> None:
    _add("a.example", "b.example")
    statement = FixedStatement(
        "SELECT ARRAY({of_name}), ARRAY({of_other}), ARRAY({of_name})",
        of_other=Domain.objects.filter(name=Parameter("other", TextField())).values("name"),
        of_name=Domain.objects.filter(name=NAME).values("name"),
    )
    assert [*statement.row(name="a.example", other="b.example")] == [["a.example"], ["b.example"], ["a.example"]]


@pytest.mark.django_db(transaction=True)
def test_a_thread_asks_over_its_own_connection() -> None:
    _add("a.example")
    named, backends = FixedQuery(Domain.objects.filter(name=NAME)), set[int]()
    count = FixedStatement("SELECT pg_backend_pid(), count(*) FROM ({named}) d", named=Domain.objects.filter(name=NAME))
    answers: list[Sequence[Any]] = []

    def ask() -> None:
        answers.append([row.name for row in named.rows(name="a.example")])
        backends.add(count.row(name="a.example")[0])
        connection.close()

    for thread in (Thread(target=ask), Thread(target=ask)):
        thread.start()
        thread.join()
    ask()
    assert answers == [["a.example"]] * 3
    assert connection.connection is None
    assert len(backends) > 1


def test_a_thread_leaves_no_connection_behind() -> None:
    queries: list[FixedQuery[Domain]] = []
    backends: list[ref[Any]] = []

    def make() -> None:
        queries.append(FixedQuery(Domain.objects.filter(name=NAME)))
        backends.append(ref(connections[DEFAULT_DB_ALIAS]))

    thread = Thread(target=make)
    thread.start()
    thread.join()
    gc.collect()
    assert [backend() for backend in backends] == [None]
