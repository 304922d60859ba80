"""Waiting for an outside directory."""

import asyncio
from typing import Final

import pytest
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from mailroll.connections import outside
from tests.sync.waiting import drop_connections_of_others

FOREVER: Final = 3600.0


class Reading:
    """An answer that may be too large to be written down as text."""

    written = False

    def __repr__(self) -> str:
        self.written = True
        return "a reading"


@pytest.mark.django_db
def test_an_answer_is_handed_over_and_never_written_down() -> None:
    reading = Reading()

    async def read() -> Reading:
        return reading

    assert outside.ask(read()) is reading
    assert not reading.written


def session() -> int:
    """The process of PostgreSQL that this thread's connection has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_brief_answer_leaves_the_connection_as_it_is_and_questions_meanwhile_use_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outside, "BRIEF", FOREVER)
    before = session()

    async def read() -> int:
        return await outside.later(session)()

    assert outside.ask(read()) == before
    assert session() == before


@pytest.mark.django_db(transaction=True)
def test_behind_an_answer_that_is_not_brief_there_is_one_other_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "BRIEF", 0.0)
    before, own = session(), connections["default"]

    async def read() -> list[int]:
        await _given_back(own)
        monkeypatch.setattr(outside, "BRIEF", FOREVER)
        return [await outside.later(session)() for _ in range(2)]

    answers = outside.ask(read())
    assert {*answers, session()} == {answers[0]} != {before}
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_settings WHERE name = 'tcp_keepalives_count' AND source = 'session'")
        assert cursor.rowcount == 1


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_a_question_opened_is_given_back_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "BRIEF", 0.0)
    before, own = session(), connections["default"]

    async def read() -> int:
        await _given_back(own)
        answer = await outside.later(session)()
        await _given_back(own)
        return answer

    assert before != outside.ask(read()) != session() != before


async def _given_back(own: BaseDatabaseWrapper) -> None:
    while own.connection is not None:  # noqa: ASYNC110 - nobody tells when it is given back
        await asyncio.sleep(0.01)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_lost_meanwhile_is_opened_anew() -> None:
    before = session()

    async def read() -> int:
        await asyncio.to_thread(_drop)
        return await outside.later(session)()

    assert before != outside.ask(read())
    assert session() != before


@pytest.mark.django_db(transaction=True)
def test_behind_a_question_that_a_lost_connection_failed_it_is_opened_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "BRIEF", FOREVER)

    async def read() -> tuple[int, int]:
        first = await outside.later(session)()
        await asyncio.to_thread(_drop)
        with pytest.raises(DatabaseError):
            await outside.later(session)()
        return first, await outside.later(session)()

    first, second = outside.ask(read())
    assert first != second


@pytest.mark.django_db(transaction=True)
def test_questions_one_after_the_other_ask_once_whether_the_connection_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outside, "BRIEF", FOREVER)
    looks: list[object] = []

    def look(database: object) -> bool:
        looks.append(database)
        return True

    monkeypatch.setattr(type(connections[DEFAULT_DB_ALIAS]), "is_usable", look)

    async def read() -> None:
        for _ in range(3):
            await outside.later(session)()

    session()
    outside.ask(read())
    assert len(looks) == 2  # before the first, and when the connection is taken back


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_is_an_error_leaves_a_connection_that_is_usable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "BRIEF", FOREVER)
    before = session()

    async def read() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        outside.ask(read())
    assert session() == before


def _drop() -> None:
    try:
        drop_connections_of_others()
    finally:
        connection.close()
