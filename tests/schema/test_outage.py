"""What went wrong with the database itself is said as such, wherever it shows."""

import pytest
import typer
from django.db import Error, InterfaceError, connection

from mailroll.cli.output import complaining
from mailroll.schema.outage import DATABASE_AWAY, DATABASE_FULL, outage
from mailroll.sync import faults

pytestmark = pytest.mark.django_db(transaction=True)


def raised(state: str) -> Error:
    with pytest.raises(Error) as caught, connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$")
    return caught.value


@pytest.mark.parametrize(
    ("state", "told"),
    [
        *(("53100", DATABASE_FULL), ("57P01", DATABASE_AWAY), ("57P03", DATABASE_AWAY), ("08006", DATABASE_AWAY)),
        *(("55P03", None), ("40P01", None), ("57014", None), ("23505", None), ("XX000", None)),
    ],
)
def test_a_full_disk_and_a_server_that_is_away_are_told_from_what_was_asked(state: str, told: object) -> None:
    assert outage(raised(state)) is told


def test_where_nobody_answers_there_is_no_code() -> None:
    assert outage(InterfaceError("the connection is closed")) is DATABASE_AWAY
    assert outage(ValueError()) is outage(None) is None


def test_a_command_and_a_run_say_that_the_disk_is_full(capsys: pytest.CaptureFixture[str]) -> None:
    error = raised("53100")
    with pytest.raises(typer.Exit), complaining(as_json=False):
        raise error
    assert "no room on its disk" in capsys.readouterr().err
    assert faults.unexpected(error)["code"] == "database_disk_full"
    assert faults.unexpected(ValueError())["code"] == "internal_error"
