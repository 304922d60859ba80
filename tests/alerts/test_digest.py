"""The daily digest: one letter a day, at the time that was set, of all that is open and one's own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pytest_django import Settings

from mailroll.accounts.models import Membership, Operator, Role
from mailroll.alerts import digest, messages
from mailroll.alerts.causes import AlertCause
from mailroll.alerts.channels import letters
from mailroll.alerts.models import Alert, AlertDelivery
from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.directory.models import Organization
from mailroll.settings import Mail
from mailroll.settings.mail import MailTransport

pytestmark = pytest.mark.django_db
ACTING = Acting("test:priya")


@pytest.fixture(autouse=True)
def _by_mail(settings: Settings) -> None:
    settings.MAILROLL = replace(settings.MAILROLL, mail=Mail(MailTransport.STDERR))


@pytest.fixture
def boss() -> Operator:
    # The last digit of the id is the minute by which the letter is later.
    return Operator.objects.create_user("priya@northgate.example", id="00000000-0000-4000-8000-000000000000")


@pytest.fixture
def place(boss: Operator) -> Organization:
    made = edit.add_organization("Northgate", ACTING)
    Membership.objects.create(operator=boss, organization=made, role=Role.ADMINISTRATOR)
    return made


def _at(clock: str, day: int = 27) -> datetime:
    return datetime.fromisoformat(f"2026-11-{day}T{clock}").replace(tzinfo=UTC)


def _alert(place: Organization) -> Alert:
    at = _at("01:00")
    return Alert.objects.create(
        cause=AlertCause.STATIC_DUE,
        organization=place,
        key=str(uuid4()),
        severity="soon",
        facts={"count": 1},
        **dict.fromkeys(("since", "seen_at", "changed_at"), at),
    )


def _written(now: datetime) -> int:
    before = AlertDelivery.objects.count()
    digest.write(now)
    return AlertDelivery.objects.count() - before


def test_it_is_one_letter_a_day_from_its_time_on(place: Organization) -> None:
    _alert(place)
    _alert(place)
    late = digest.DEFAULT_MINUTE + int(Operator.objects.get().id) % 10
    due = _at("00:00") + timedelta(minutes=late)
    assert [_written(due - timedelta(minutes=1)), _written(due), _written(due + timedelta(hours=1))] == [0, 1, 0]
    assert _written(due + timedelta(days=1)) == 1
    first = AlertDelivery.objects.earliest("created_at")
    letter = letters.letter("x@y.example", messages.told_by(first))
    assert letter.subject == "2 open alerts"
    assert "Open, soon: A static address is due for review" in letter.text


def test_a_worker_that_was_away_all_day_writes_none_at_night(place: Organization) -> None:
    _alert(place)
    assert _written(_at("22:00")) == 0


def test_where_nothing_is_open_there_is_no_letter(place: Organization) -> None:
    assert _written(_at("08:00")) == 0
    _alert(place)
    # The day's is over: what comes later is told by itself.
    assert _written(_at("09:00")) == 0


def test_it_is_of_one_s_own_time_zone_and_organizations(place: Organization, boss: Operator) -> None:
    stranger = edit.add_organization("Coldharbour", ACTING)
    _alert(stranger)
    own = _alert(edit.add_organization("Kestrel", ACTING, parent=place))
    boss.time_zone = "Pacific/Auckland"
    boss.save()
    # 07:45 there.
    assert _written(_at("18:45", 26)) == 1
    assert AlertDelivery.objects.get().alerts == [own.id]


def test_its_time_is_set_and_holds_below_and_it_is_switched_off(place: Organization, boss: Operator) -> None:
    customer = edit.add_organization("Kestrel", ACTING, parent=place)
    _alert(customer)
    digest.settle(place, ACTING, on=True, minute=16 * 60)
    assert (digest.digest_of(customer).minute, digest.digest_of(customer).by) == (960, place)
    assert [_written(_at("08:00")), _written(_at("16:15"))] == [0, 1]
    digest.settle(place, ACTING, on=False, minute=16 * 60)
    assert _written(_at("16:15", 28)) == 0
