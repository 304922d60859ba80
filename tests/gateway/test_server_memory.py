"""What the server gives back to the system, and what it had better keep."""

from asyncio import selector_events

from mailroll.gateway.server import LARGE


def test_what_each_read_takes_hold_of_is_not_given_back() -> None:
    transport = getattr(selector_events, "_SelectorSocketTransport")  # noqa: B009 - a name without a type
    assert transport.max_size < LARGE
