"""Answers that hold one object, or one bare value."""

from collections.abc import Mapping
from http import HTTPStatus

from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.wire import GraphResponse
from mailroll_simulator.values import Json


def entity(call: Call, context: str, values: Mapping[str, Json]) -> GraphResponse:
    return GraphResponse.of({"@odata.context": call.context(context), **values})


def number(value: int) -> GraphResponse:
    """Give a count as Graph does: bare text behind a byte order mark."""
    return GraphResponse(HTTPStatus.OK, f"\ufeff{value}".encode(), {"Content-Type": "text/plain"})
