"""Who asks, and over what line: believed only of web servers that are named."""

from http.client import HTTPConnection
from ipaddress import ip_network

import pytest

from mailroll.console.server.asgi import Receive, Scope, Send, answer
from mailroll.console.server.line import WaitingLine
from tests.console.server.serving import answering

SAFE = "https://console.example"
HERE = (ip_network("127.0.0.1"),)
ELSEWHERE = (ip_network("10.0.0.0/8"),)


async def _tell(scope: Scope, _: Receive, send: Send) -> None:
    await answer(send, 200, f"{scope['scheme']} {scope['client'][0]}".encode(), {})


def _ask(line: WaitingLine, path: str = "/", **headers: str) -> tuple[int, str, dict[str, str]]:
    with answering(line) as port:
        visitor = HTTPConnection("127.0.0.1", port)
        visitor.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        told = visitor.getresponse()
        text = told.read().decode()
        visitor.close()
        return told.status, text, {name.lower(): value for name, value in told.getheaders()}


@pytest.mark.parametrize("trusted", [(), ELSEWHERE])
def test_nobody_is_believed_who_is_not_named(trusted: tuple[object, ...]) -> None:
    line = WaitingLine(_tell, "http://localhost:8000", trusted)  # type: ignore[arg-type] # as the table has it
    assert _ask(line, X_Forwarded_For="203.0.113.7", X_Forwarded_Proto="https")[1] == "http 127.0.0.1"


def test_a_named_web_server_says_for_whom_it_asks_and_nobody_before_it_does() -> None:
    line = WaitingLine(_tell, "http://localhost:8000", HERE)
    told = _ask(line, X_Forwarded_For="198.51.100.1, 203.0.113.7", X_Forwarded_Proto="https")[1]
    assert told == "https 203.0.113.7"


def test_with_an_address_of_https_browsers_are_told_to_stay_with_it() -> None:
    assert "strict-transport-security" not in _ask(WaitingLine(_tell, "http://localhost:8000", ()))[2]
    assert _ask(WaitingLine(_tell, SAFE, ()))[2]["strict-transport-security"] == "max-age=31536000"


def test_a_plain_request_is_sent_to_the_safe_address_where_that_is_known() -> None:
    status, _, headers = _ask(WaitingLine(_tell, SAFE, HERE), "/a/?b=c", X_Forwarded_Proto="http", Host="evil.example")
    assert (status, headers["location"]) == (308, f"{SAFE}/a/?b=c")
    assert _ask(WaitingLine(_tell, SAFE, HERE), "//evil.example/")[2]["location"] == f"{SAFE}/evil.example/"
    assert _ask(WaitingLine(_tell, SAFE, HERE), X_Forwarded_Proto="https")[0] == 200


def test_nobody_is_sent_round_in_circles_where_no_web_server_is_named() -> None:
    assert _ask(WaitingLine(_tell, SAFE, ()), X_Forwarded_Proto="https")[0] == 200
