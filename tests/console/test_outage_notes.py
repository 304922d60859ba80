"""What the log says while the database is away from the Console."""

from structlog.testing import capture_logs

from mailroll.console.errors import OutageNotes
from mailroll.schema.outage import DATABASE_AWAY


def test_a_minute_without_a_database_is_a_line_with_the_number_of_pages_before() -> None:
    now = 0.0
    notes = OutageNotes(lambda: now)
    with capture_logs() as lines:
        for _ in range(1000):
            notes.note(DATABASE_AWAY)
        now = OutageNotes.EVERY
        notes.note(DATABASE_AWAY)
    assert [(line["code"], line["pages"]) for line in lines] == [
        ("database_unreachable", 1),
        ("database_unreachable", 1000),
    ]
