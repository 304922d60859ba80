"""Times come out of the database as they went in, and a database that went away is noticed."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import DataError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroll.config.database import database
from mailroll.sync.locks.lock_session import open_session

_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@pytest.mark.django_db
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=_ZONES))  # noqa: DTZ001 - zones stand beside
def test_a_time_is_read_as_it_was_written(moment: datetime) -> None:
    read = _read(moment)
    assert (read, read.tzinfo) == (moment, UTC)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["infinity", "-infinity", "0044-03-15 12:00+00 BC", "10000-01-01 00:00+00"])
def test_a_time_that_no_program_can_count_with_is_an_error(text: str) -> None:
    with pytest.raises(DataError, match="timestamp"):
        _read(text)


@pytest.mark.django_db
def test_a_database_whose_machine_went_away_is_noticed_within_a_minute() -> None:
    connection.ensure_connection()
    with open_session() as locks:
        for session in (connection.connection, locks):
            given = session.info.get_parameters()
            assert 0 < int(given["tcp_user_timeout"]) <= 60_000
            idle, interval, count = (int(given[f"keepalives_{name}"]) for name in ("idle", "interval", "count"))
            assert 0 < idle + interval * count <= 60


def test_an_address_may_say_otherwise() -> None:
    options = database("postgresql://db.example.com/mailroll?tcp_user_timeout=5000&keepalives=0")["OPTIONS"]
    assert isinstance(options, dict)
    assert (options["tcp_user_timeout"], options["keepalives"]) == ("5000", "0")


def _read(moment: datetime | str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [moment])
        (read,) = cursor.fetchone()
        assert isinstance(read, datetime)
        return read
