"""The link of the first run: it works once, for an hour, in the process that made it, and only while nobody is here."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections

from mailroll.accounts import access
from mailroll.accounts.first_run import VALID, FirstRun
from mailroll.accounts.models import Operator
from mailroll.audit.models import AuditEntry
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput, Refused
from tests.console.people import PASSWORD
from tests.directory.rolls import NOON
from tests.sync.world import Time

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def time() -> Time:
    return Time(NOON)


@pytest.fixture
def run(time: Time) -> FirstRun:
    return FirstRun(time)


def _offer(run: FirstRun) -> tuple[str, str]:
    """The link's token, and what a session keeps of it."""
    offered = run.offer()
    assert offered is not None
    link = run.opens(offered[0])
    assert link is not None
    return offered[0], link.mark


def _begin(run: FirstRun, mark: str, email: str = "priya@northgate.example", password: str = PASSWORD) -> Operator:
    return run.begin(mark, email=email, password=password, name="Priya Raman", organization="Northgate IT")


def test_it_makes_an_administrator_with_an_organization_and_is_over(run: FirstRun) -> None:
    token, mark = _offer(run)
    made = _begin(run, mark)
    (top,) = access.organizations(made)
    assert (top.name, top.parent, made.name, made.is_proved) == ("Northgate IT", None, "Priya Raman", True)
    assert access.may_settle(made, top)
    told = AuditEntry.objects.order_by("id").values_list("action", "actor")
    assert [action for action, _ in told] == [
        "operator.added",
        "organization.added",
        "membership.added",
        "installation.begun",
    ]
    assert {actor for _, actor in told} == {"operator:priya@northgate.example"}
    assert not any(token in str(entry.details) or mark in str(entry.details) for entry in AuditEntry.objects.all())
    assert run.waits() is None
    Operator.objects.all().delete()
    assert (run.opens(token), run.shown(mark)) == (None, None)


def test_it_ends_after_an_hour(run: FirstRun, time: Time) -> None:
    token, mark = _offer(run)
    time.at = NOON + VALID - timedelta(seconds=1)
    assert run.opens(token) is not None
    time.at = NOON + VALID
    assert run.opens(token) is None
    with pytest.raises(Refused):
        _begin(run, mark)
    time.at = NOON
    assert run.opens(token) is None


def test_another_process_and_another_start_know_nothing_of_it(run: FirstRun, time: Time) -> None:
    token, mark = _offer(run)
    assert FirstRun(time).opens(token) is None
    other, _ = _offer(run)
    assert run.opens(token) is None
    assert run.shown(mark) is None
    assert run.opens(other) is not None
    assert run.opens("") is None
    assert run.opens("\ud800") is None
    assert run.shown("") is None


def test_it_opens_nothing_where_somebody_has_an_account(run: FirstRun) -> None:
    token, mark = _offer(run)
    Operator.objects.create_user("jo@example.com")
    assert run.opens(token) is None
    with pytest.raises(Refused):
        _begin(run, mark)
    assert run.offer() is None
    assert Operator.objects.count() == 1


def test_of_two_at_once_one_is_made(run: FirstRun) -> None:
    _, mark = _offer(run)
    together = Barrier(2)

    def attempt(email: str) -> bool:
        together.wait(30)
        try:
            _begin(run, mark, email)
        except Refused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(attempt, ("one@example.com", "two@example.com"))) == [False, True]
    assert Operator.objects.count() == 1
    assert Organization.objects.count() == 1


def test_what_is_refused_leaves_nothing_and_the_link_as_it_was(run: FirstRun) -> None:
    token, mark = _offer(run)
    with pytest.raises(BadInput):
        _begin(run, mark, password="northgate")
    assert not Organization.objects.exists()
    assert not AuditEntry.objects.exists()
    assert run.opens(token) is not None
