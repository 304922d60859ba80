"""Our own sender posts to no place inside, and waits for nobody who hangs."""

import threading
from dataclasses import replace
from ipaddress import ip_address
from threading import Event
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from mailroll.alerts.channels import poster
from mailroll.alerts.channels.errors import NotSent
from tests.alerts.receivers import Desk


def test_what_hangs_is_left(desk_: Desk) -> None:
    desk_.hangs = True
    with pytest.raises(NotSent, match=r"^No answer of 127\.0\.0\.1 within 0\.3 seconds\. "):
        poster.post(desk_.url(), b"{}", {}, patience=0.3)


def test_a_lookup_that_hangs_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name servers that say nothing: a call of the machine's library cannot be broken off."""
    over, came_back = Event(), Event()

    def hang(*_: object, **__: object) -> NoReturn:
        over.wait(20)
        came_back.set()
        raise OSError

    monkeypatch.setattr("socket.getaddrinfo", hang)
    with pytest.raises(NotSent, match=r"^No answer of desk\.example within 0\.1 seconds\. "):
        poster.post("https://desk.example/", b"{}", {}, patience=0.1)
    assert not came_back.is_set()
    over.set()
    for thread in threading.enumerate():
        if thread.name == poster.LOOKING:
            thread.join()
    assert came_back.is_set()


def test_without_leave_nothing_is_posted_inside(settings: Settings, desk_: Desk) -> None:
    settings.MAILROLL = replace(settings.MAILROLL, alert_networks=())

    async def look(_host: str, _port: int) -> list[poster.Address]:
        return [ip_address("93.184.216.34"), ip_address("127.0.0.1")]

    for url in (desk_.url().replace("http:", "https:"), f"https://[::ffff:127.0.0.1]:{desk_.port}/"):
        with pytest.raises(NotSent, match="leads into a private network"):
            poster.post(url, b"{}", {})
    with pytest.raises(NotSent, match="leads into a private network"):
        poster.post("https://both.example/", b"{}", {}, look=look)
    with pytest.raises(NotSent, match="Without TLS nothing leaves"):
        poster.post("http://93.184.216.34/", b"{}", {})
    assert desk_.posts == []


def test_a_name_is_looked_up_once_and_what_was_found_is_used(desk_: Desk) -> None:
    """Name servers that answer something else the second time lead nowhere."""
    asked = []

    async def look(host: str, _port: int) -> list[poster.Address]:
        asked.append(host)
        return [ip_address("127.0.0.1")]

    reply = poster.post(f"http://desk.example:{desk_.port}/x", b"{}", {}, look=look)
    assert (reply.status, asked, desk_.posts[0].headers["host"]) == (
        202,
        ["desk.example"],
        f"desk.example:{desk_.port}",
    )


@given(st.ip_addresses())
def test_no_address_of_a_private_network_is_outside(address: poster.Address) -> None:
    if poster.is_outside(address):
        assert address.is_global
        assert not (address.is_private)
        assert not (address.is_loopback)
        assert not (address.is_link_local)
        assert not (address.is_multicast)


@pytest.mark.parametrize(
    "inside",
    "127.0.0.1 10.0.0.1 169.254.169.254 100.64.0.1 0.0.0.0 255.255.255.255 224.0.0.1 ::1 fe80::1 fd00::1 ff02::1"
    " fec0::1 192.0.0.9 192.0.0.170 ::ffff:10.0.0.1 64:ff9b::a00:1 2002:a00:1::1 2001:db8::1".split(),
)
def test_ways_to_write_an_address_inside_are_known(inside: str) -> None:
    assert not poster.is_outside(ip_address(inside))
