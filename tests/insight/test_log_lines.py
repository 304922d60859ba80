"""Lines of the log say of which run, domain and request they are, and name nobody."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp import ClientSession
from django.contrib.auth import authenticate
from django.db import IntegrityError, connection
from django.test import Client
from pytest_django import Settings

from mailroll import events, log_context
from mailroll.cli.logs import Discreet, EventFormatter
from mailroll.console.server.asgi import Message, Receive, Scope, Send
from mailroll.console.server.request_ids import RequestIds
from mailroll.gateway.copied_lists import CopiedListing
from mailroll.gateway.copy import RollCopy, ServerClock
from mailroll.gateway.demand import AskedTally
from mailroll.gateway.follower import follow
from mailroll.gateway.http import DoorLimits, Where, application, listening
from mailroll.reconcile.errors import Refused
from mailroll.settings import LogFormat
from mailroll.sync.models import RunState
from mailroll.sync.plans import planning
from tests.gateway.memory import Known
from tests.sync.world import DOMAIN, Customer

TOKEN = "a good one"


class Lines:
    """Everything that is logged, at every level, as JSON."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.addFilter(Discreet())
        self.handler.setFormatter(EventFormatter(LogFormat.JSON))

    @property
    def events(self) -> list[Mapping[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def of(self, words: str) -> list[Mapping[str, Any]]:
        return [event for event in self.events if words in str(event["event"])]


@pytest.fixture
def lines() -> Iterator[Lines]:
    made, root = Lines(), logging.getLogger()
    level = root.level
    root.addHandler(made.handler)
    root.setLevel(logging.DEBUG)
    try:
        yield made
    finally:
        root.removeHandler(made.handler)
        root.setLevel(level)


def _ask(roll: RollCopy, clock: ServerClock, customer: Customer, address: str) -> None:
    """Ask a gateway server for an address, with a good token and with a wrong one."""
    known = Known({TOKEN: frozenset({customer.domain.organization_id})})
    listing = CopiedListing(roll, clock, dict)

    async def ask() -> None:
        made = application(listing, known, AskedTally(), clock, DoorLimits())
        async with listening(made, Where("127.0.0.1", 0), DoorLimits()) as port, ClientSession() as session:
            for token in (TOKEN, "wrong"):
                headers = {"Authorization": f"Bearer {token}"}
                url = f"http://127.0.0.1:{port}/lookup"
                async with session.get(url, params={"address": address}, headers=headers) as answer:
                    await answer.read()

    asyncio.run(ask())


def test_a_sync_a_sign_in_and_a_question_of_a_gateway_name_nobody(
    customer: Customer, lines: Lines, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    address = f"p1@{DOMAIN}"
    customer.sync()
    roll = RollCopy()
    follow(roll)
    with monkeypatch.context() as broken:

        def refuses(*_: object) -> None:
            raise IntegrityError(f"Key (address)=({address}) already exists.")

        broken.setattr(planning, "plan", refuses)
        run = customer.sync()
    visitor = Client()
    visitor.post("/account/login/", {"login": address, "password": "wrong"})
    assert authenticate(email=address, password="wrong") is None
    assert visitor.get(f"/domains/{DOMAIN}/users/{address}/nowhere/").status_code == 404
    _ask(roll, ServerClock(), customer, address)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE directory_address")
    follow(roll)

    (failed,) = lines.of("run failed")
    assert run.state == RunState.FAILED
    assert (failed["run"], failed["domain"]) == (str(run.id), str(customer.domain.id))
    assert failed["exception"].endswith("django.db.utils.IntegrityError")
    assert "in refuses" in failed["exception"]
    (vanished,) = lines.of("12 addresses vanished")
    assert vanished["domain"] == str(customer.domain.id)
    (refused,) = lines.of("token_refused")
    assert refused["request"]
    (missing,) = lines.of("Not Found")
    assert missing["event"] == "Not Found: /domains/.../users/.../nowhere/"
    text = lines.stream.getvalue().lower()
    for name in ("brightwater", "p1@", "person 1", "joinery", customer.secret.lower(), TOKEN):
        assert name not in text, name


def test_the_id_of_a_request_is_in_its_lines_and_its_answer(lines: Lines) -> None:
    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.to_thread(events.logger("mailroll.console").warning, "asked")
        logging.getLogger("mailroll.sync").warning("and again")
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def ask(peer: str, *headers: tuple[bytes, bytes]) -> str:
        told: list[Message] = []

        async def send(message: Message) -> None:
            told.append(message)

        async def receive() -> Message:
            return {"type": "http.disconnect"}

        scope = {"type": "http", "headers": list(headers), "client": (peer, 1)}
        await RequestIds(inner, (ip_network("10.0.0.0/8"),))(scope, receive, send)
        return str(dict(told[0]["headers"])[b"x-request-id"].decode())

    given = (b"x-request-id", b"4bf92f3577b34da6")
    assert asyncio.run(ask("10.0.0.1", given)) == "4bf92f3577b34da6"
    others = [
        asyncio.run(ask("192.0.2.1", given)),
        asyncio.run(ask("10.0.0.1", (b"x-request-id", f"ada@{DOMAIN}".encode()))),
        asyncio.run(ask("10.0.0.1", given, given)),
    ]
    assert len({"4bf92f3577b34da6", *others}) == 4
    assert [event["request"] for event in lines.events if event["event"] in {"asked", "and again"}] == [
        one for name in ("4bf92f3577b34da6", *others) for one in (name, name)
    ]
    assert log_context.current() == {}


def test_an_error_of_ours_is_told_by_its_code(lines: Lines) -> None:
    try:
        try:
            _ = dict[str, str]()[f"ada@{DOMAIN}"]
        except KeyError as fault:
            raise Refused("address_taken", f"ada@{DOMAIN} is taken.") from fault
    except Refused:
        logging.getLogger("mailroll.sync").exception("failed")
    (failed,) = lines.of("failed")
    assert [line for line in failed["exception"].splitlines() if not line.startswith("  ")] == [
        "builtins.KeyError",
        "which led to:",
        "mailroll.reconcile.errors.Refused (address_taken)",
    ]
