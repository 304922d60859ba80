from collections.abc import Sequence
from http import HTTPStatus
from typing import IO

class Response:
    status: HTTPStatus
    headers: Sequence[tuple[str, str]]
    file: IO[bytes] | None

class StaticFile:
    def get_response(self, method: str | None, request_headers: dict[str, str]) -> Response: ...
