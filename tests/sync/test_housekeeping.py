"""Once a day what nobody comes back for is cleared away, and nothing else."""

from datetime import UTC, datetime, timedelta
from types import ModuleType
from unittest.mock import Mock

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import OperationalError, connection

from mailroll import promises
from mailroll.accounts import invitations, letter_limits, throttle
from mailroll.accounts.models import Invitation, LetterCount, Membership, Operator, Role, Throttle
from mailroll.directory import census
from mailroll.directory.models import Census
from mailroll.sync.workers import old_entries
from mailroll.sync.workers.housekeeping import Housekeeping
from tests.sync.world import Customer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def _leave(customer: Customer) -> datetime:
    """Leave one of each that can end; returns the time it was."""
    now = datetime.now(UTC)
    Session.objects.create(session_key="a", session_data="", expire_date=now + DAY)
    who = Operator.objects.create_user("priya@northgate.example", "correct horse battery")
    organization = customer.domain.organization
    Membership.objects.create(operator=who, organization=organization, role=Role.ADMINISTRATOR)
    invitations.invite("jo@northgate.example", organization, Role.VIEWER, by=who, now=now)
    throttle.take(throttle.of_sign_in("jo@northgate.example", "203.0.113.1"))
    letter_limits.take((letter_limits.Quota("a", 1),))
    cache.set("a", 1, 60)
    return now


def _left() -> tuple[int, int, int, int]:
    kept = (Session, Invitation, Throttle, LetterCount)
    sessions, offers, tries, letters = (kind.objects.count() for kind in kept)
    return sessions, offers, tries, letters


def test_what_still_counts_stays(customer: Customer) -> None:
    now = _leave(customer)
    Housekeeping().keep(now)
    assert _left() == (1, 1, 2, 1)
    assert cache.get("a") == 1


def test_what_ended_goes(customer: Customer) -> None:
    now = _leave(customer)
    Housekeeping().keep(now + 3 * DAY)
    assert _left() == (0, 1, 0, 0)
    assert cache.get("a") is None
    Housekeeping().keep(now + invitations.VALID + promises.ENDED_LINKS + DAY)
    assert _left() == (0, 0, 0, 0)


def test_a_process_does_it_once_a_day(customer: Customer) -> None:
    now = _leave(customer)
    housekeeping = Housekeeping()
    assert [housekeeping.keep(now + hours * timedelta(hours=1)) for hours in (0, 1, 23, 24, 25, 48)] == [
        *(True, False, False),
        *(True, False, True),
    ]


@pytest.mark.parametrize(("module", "function"), [(old_entries, "clear"), (census, "recount")])
def test_what_the_database_refused_is_begun_anew_and_not_a_day_later(
    customer: Customer, monkeypatch: pytest.MonkeyPatch, module: ModuleType, function: str
) -> None:
    """Before, a deadlock over one domain left all domains behind it uncounted for a day."""
    now = _leave(customer) + 3 * DAY
    housekeeping = Housekeeping()
    assert Census.objects.update_or_create(domain=customer.domain, defaults={"users": 7, "billable": 0, "retired": 0})
    with monkeypatch.context() as patched:
        patched.setattr(module, function, Mock(side_effect=OperationalError))
        if module is census:
            assert housekeeping.keep(now), "it counts with the next call"
        with pytest.raises(OperationalError):
            housekeeping.keep(now)
    for _ in range(2):
        housekeeping.keep(now)
    assert _left() == (0, 1, 0, 0)
    assert Census.objects.get().users == 0


def test_a_clock_that_was_set_back_puts_nothing_off_until_it_is_where_it_was(customer: Customer) -> None:
    now = _leave(customer)
    housekeeping = Housekeeping()
    assert housekeeping.keep(now + 40 * DAY)
    assert housekeeping.keep(now)
    assert not housekeeping.keep(now + timedelta(hours=1))


def test_what_a_web_machine_made_whose_clock_is_a_day_behind_is_not_taken_for_ended(customer: Customer) -> None:
    now = _leave(customer)
    Session.objects.update(expire_date=now - DAY + timedelta(hours=12))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_cache SET expires = %s", [now - DAY + timedelta(minutes=1)])
    Housekeeping().keep(now)
    assert Session.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_cache")
        assert cursor.fetchone() == (1,)
