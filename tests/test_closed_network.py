"""The suite talks to nobody but itself."""

import asyncio
import socket

import pytest
from django.db import connection

from tests.conftest import NetworkClosedError

OUTSIDE = "192.0.2.1"
"""RFC 5737: an address that nobody has."""


def test_a_connection_to_another_machine_is_refused_before_it_is_tried() -> None:
    with socket.socket() as one, pytest.raises(NetworkClosedError):
        one.connect((OUTSIDE, 80))


def test_an_event_loop_is_refused_too() -> None:
    with pytest.raises(NetworkClosedError):
        asyncio.run(asyncio.open_connection(OUTSIDE, 80))


def test_no_name_is_looked_up() -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("login.microsoftonline.com", 443)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_is_open(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection((host, server.getsockname()[1])):
        pass


def test_a_test_that_asks_for_no_database_has_none() -> None:
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        connection.ensure_connection()
