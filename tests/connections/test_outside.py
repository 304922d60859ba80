"""Waiting for an outside directory."""

import pytest

from mailroll.connections import outside


class Reading:
    """An answer that may be too large to be written down as text."""

    written = False

    def __repr__(self) -> str:
        self.written = True
        return "a reading"


@pytest.mark.django_db
def test_an_answer_is_handed_over_and_never_written_down() -> None:
    reading = Reading()

    async def read() -> Reading:
        return reading

    assert outside.ask(read()) is reading
    assert not reading.written
