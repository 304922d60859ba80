"""Says by its exit code whether something answers: a page with 200, or `tcp://HOST:PORT` with a connection."""

import socket
import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

_PATIENCE = 5


def answers(place: str) -> bool:
    parts = urlsplit(place)
    host, port = parts.hostname or "", parts.port or 80
    try:
        if parts.scheme == "tcp":
            socket.create_connection((host, port), _PATIENCE).close()
            return True
        line = HTTPConnection(host, port, timeout=_PATIENCE)
        line.request("GET", f"{parts.path}?{parts.query}")
        healthy = line.getresponse().status == HTTPStatus.OK
        line.close()
    except (OSError, HTTPException):
        return False
    return healthy


if __name__ == "__main__":
    sys.exit(0 if answers(sys.argv[1]) else 1)
