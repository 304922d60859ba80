"""Reading the JSON that a POST carries."""

from http import HTTPStatus

import msgspec

from mailroll_simulator.errors import GraphError, bad_request
from mailroll_simulator.graph.wire import GraphRequest


def json_object(request: GraphRequest) -> dict[str, object]:
    """Give the body; a GraphError where it is not announced as JSON, or is no JSON object."""
    if not request.headers.get("content-type", "").lower().startswith("application/json"):
        raise GraphError(
            HTTPStatus.BAD_REQUEST,
            "BadRequest",
            "Write requests (excluding DELETE) must contain the Content-Type header declaration.",
        )
    try:
        return msgspec.json.decode(request.body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise bad_request("Unable to read JSON request payload. Please ensure Content-Type header is set.") from error
