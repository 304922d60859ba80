"""What stands for our own side is asked for often, and planned once."""

from uuid import uuid4

import pytest
from django.db import DataError, connection, transaction

from mailroll.sync.footings import ground
from mailroll.sync.footings.ground import Ground

pytestmark = pytest.mark.django_db


def plans() -> tuple[int, int]:
    """How often a plan that serves all values was used in this session, and how often another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE name = 'mailroll_ground'")
        generic, custom = cursor.fetchone()
        return generic, custom


def test_a_session_plans_once_what_stands_for_our_own_side() -> None:
    ground.read(uuid4())
    before, _ = plans()
    assert {ground.read(uuid4()) for _ in range(3)} == {Ground()}
    assert plans() == (before + 3, 0)


def test_nothing_else_in_the_session_is_planned_otherwise_for_it() -> None:
    ground.read(uuid4())
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("auto",)


def test_a_question_that_fails_keeps_nobody_from_asking_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    connection.statements.clear()  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:
        patch.setattr(ground, "_ASK", "SELECT 1 / 0")
        with pytest.raises(DataError), transaction.atomic():
            ground.read(uuid4())
    assert ground.read(uuid4()) == Ground()
