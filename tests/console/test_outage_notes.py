"""What the log says while the database is away from the Console."""

from django.db import OperationalError
from structlog.testing import capture_logs

from mailroll.console.errors import OutageNotes


def test_a_minute_without_a_database_is_a_line_with_the_number_of_pages_before() -> None:
    now, fault = 0.0, OperationalError()
    notes = OutageNotes(lambda: now)
    with capture_logs() as lines:
        for _ in range(1000):
            notes.note(fault)
        now = OutageNotes.EVERY
        notes.note(fault)
    assert [(line["exc_info"], line["pages"]) for line in lines] == [(fault, 1), (fault, 1000)]
