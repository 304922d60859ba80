"""The servers of the simulator leave no socket open, however their clients behave."""

import gc
import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from socket import create_connection
from urllib.parse import urlsplit

from mailroll_simulator import Simulator
from simulator.tests.office import office


@contextmanager
def nothing_left() -> Iterator[None]:
    """Fail where a socket was left to chance: one that is collected while it is open says so."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        yield
        gc.collect()
    assert [str(each.message) for each in said] == []


def _at(url: str) -> tuple[str, int]:
    return "127.0.0.1", urlsplit(url).port or 0


def test_a_client_that_never_shakes_hands_keeps_no_socket_open() -> None:
    with nothing_left(), Simulator([office()]).in_thread() as sim:
        silent = create_connection(_at(sim.graph_url))
        other = create_connection(_at(sim.graph_url))
        with ssl.create_default_context(cafile=sim.ca_file).wrap_socket(other, server_hostname="localhost") as spoken:
            spoken.sendall(b"GET /v1.0/users HTTP/1.1\r\nHost: localhost\r\n\r\n")
            spoken.recv(1)  # so the silent one was accepted before
    silent.close()


def test_a_client_that_does_not_take_leave_keeps_no_socket_open() -> None:
    with nothing_left():
        with Simulator([office()]).in_thread() as sim:
            context = ssl.create_default_context(cafile=sim.ca_file)
            spoken = context.wrap_socket(create_connection(_at(sim.graph_url)), server_hostname="localhost")
            spoken.sendall(b"GET /v1.0/users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            spoken.recv(1)
        spoken.close()
