"""What a run costs that finds nothing new: our own side is worked out once, and then one question stands for it."""

from typing import Final

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.sync.footings import steady_state
from mailroll.sync.footings.standpoint import Standpoint
from mailroll.sync.footings.steady_state import OwnSide
from mailroll.sync.models import MailboxAccess, RunState, SteadyState
from mailroll.sync.sources import known, source_list
from tests.sync.crowds import rows_gone_through
from tests.sync.test_pulse import MOVES, Move, know_a_mailbox
from tests.sync.test_since import DELTAS, by_schedule
from tests.sync.test_unchanged import settle
from tests.sync.world import Customer

pytestmark = pytest.mark.django_db(transaction=True)

MOST: Final = 37
"""Questions of a run in which nobody is listed."""
ELSEWHERE: Final = {
    *("what is asked for", "a preview that waits", "what waits for a run", "the credential"),
    *("the switch", "the interval", "a hint", "a failure", "a pause", "the time", "a run", "the fence"),
}
"""Moves that refuse to be quiet, and are no part of what a plan is made of."""


@pytest.fixture
def steady(customer: Customer) -> Customer:
    """A customer whom the schedule has asked what changed, and was told of nothing."""
    MailboxAccess.objects.create(connection=customer.connection, grants="", asked_at=customer.time())
    know_a_mailbox(customer)
    assert customer.sync().state == RunState.APPLIED
    settle(customer)
    by_schedule(customer)
    assert by_schedule(customer)[1] == DELTAS
    return customer


def own_side(customer: Customer, last: SteadyState | None) -> OwnSide:
    domain = Domain.objects.get(id=customer.domain.id)
    rows = list(source_list.read_from([domain.id]))
    types = known.known_objects(domain.id, [row.owner_id for row in rows]).types
    return Standpoint(domain, source_list.asked(rows, types), last).own_side()


def test_what_the_last_run_kept_is_what_would_be_worked_out_whatever_moved(steady: Customer) -> None:
    last = SteadyState.objects.get()
    assert own_side(steady, last).place == own_side(steady, None).place == last.place

    def moved_by(move: Move) -> bool:
        with transaction.atomic():
            move(steady)
            knowing = own_side(steady, last)
            assert knowing == own_side(steady, None)
            transaction.set_rollback(True)
        return knowing.place != last.place

    assert {name for name, move in MOVES.items() if not moved_by(move)} <= ELSEWHERE


def test_what_a_build_kept_that_made_plans_otherwise_is_not_gone_by(
    steady: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Both are of one release, so nothing but the format tells them apart.
    monkeypatch.setattr(steady_state, "_FORMAT", 0)
    last = SteadyState.objects.get()
    assert own_side(steady, last) == own_side(steady, None)
    assert own_side(steady, last).place != last.place


def test_our_own_side_is_one_question_where_it_did_not_move(steady: Customer) -> None:
    domain, last = Domain.objects.get(id=steady.domain.id), SteadyState.objects.get()
    standpoint = Standpoint(domain, source_list.sources(domain, ()), last)
    with CaptureQueriesContext(connection) as asked:
        assert standpoint.own_side().place == last.place
    assert len(asked) == 1


def test_a_run_that_finds_nothing_new_puts_few_questions_to_the_database(steady: Customer) -> None:
    with CaptureQueriesContext(connection) as unlisted:
        by_schedule(steady)
    with CaptureQueriesContext(connection) as listed:
        steady.sync()
    # Two of them begin and end each of three transactions.
    assert questions(unlisted) <= MOST
    assert questions(listed) <= MOST + 9


def questions(asked: CaptureQueriesContext) -> int:
    """Count them but for what a connection is told that had to be opened anew, as an answer was not brief."""
    return sum("tcp_keepalives" not in one["sql"] for one in asked)


def test_our_own_side_is_looked_up_and_not_searched_for_among_all_domains(steady: Customer) -> None:
    others = edit.add_organization("Others", steady.acting)
    at = steady.time()
    Domain.objects.bulk_create(
        Domain(organization=others, name=f"d{number}.example", claimed_at=at) for number in range(3_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert rows_gone_through([steady.domain.id]) < 1_000
