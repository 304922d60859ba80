"""What may happen any number of times is counted, and few of its times are entries."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.audit import origin, repetitions
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry, Repetition
from mailroll.audit.notes import Subject
from mailroll.audit.repetitions import note_repeated

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


def _happen(subject: str = "jo@example.com", apart: str = "here", at: datetime = NOON) -> None:
    note_repeated(Acting("visitor", lambda: at), "operator.sign_in_failed", Subject(subject), apart=apart, by="x")


@pytest.mark.django_db
def test_each_doubling_is_an_entry_with_the_count_so_far() -> None:
    for minute in range(20):
        _happen(at=NOON + timedelta(minutes=minute))
    told = list(AuditEntry.objects.order_by("id").values_list("details", flat=True))
    assert told[0] == {"by": "x"}
    assert [one["times"] for one in told[1:]] == [2, 4, 8, 16]
    assert {one["since"] for one in told[1:]} == {NOON.isoformat()}


@pytest.mark.django_db
def test_subjects_places_and_days_are_told_apart() -> None:
    _happen()
    _happen("eve@example.com")
    _happen(apart="there")
    _happen(at=NOON + timedelta(days=1))
    assert list(AuditEntry.objects.values_list("details", flat=True)) == [{"by": "x"}] * 4
    repetitions.clear(NOON + timedelta(days=1))
    assert Repetition.objects.count() == 1


@pytest.mark.django_db
def test_a_stranger_with_any_number_of_networks_writes_no_more_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repetitions, "MOST", 5)
    for number in range(40):
        _happen(apart=f"network {number}")
    # Five of their own; the other 35 are counted together: 1, 2, 4, 8, 16, 32.
    assert AuditEntry.objects.count() == 5 + 6
    assert Repetition.objects.count() == 6
    assert AuditEntry.objects.latest("id").details == {
        "by": "x",
        "places": "many",
        "times": 32,
        "since": NOON.isoformat(),
    }


@given(st.text(), st.text(max_size=3000))
def test_what_a_client_says_of_itself_becomes_one_short_line(client: str, agent: str) -> None:
    came = origin.Origin.read(client, agent)
    assert len(came.client) <= origin.CLIENT_MAX
    assert len(came.agent) <= origin.AGENT_MAX
    assert (came.client + came.agent).isprintable()


def test_an_origin_holds_no_longer_than_its_request() -> None:
    with origin.within(origin.Origin("203.0.113.9")):
        assert origin.current().client == "203.0.113.9"
    assert origin.current() == origin.Origin()
