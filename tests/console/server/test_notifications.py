"""Where Microsoft tells of changes: anybody may send anything there, and gets nothing by it."""

import asyncio
import json
import threading
from collections.abc import Collection, Iterator, Sequence
from urllib.parse import quote_plus
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError

from mailroll.connections.subscriptions import states
from mailroll.console.server import notifications
from mailroll.console.server.asgi import Message
from mailroll.console.server.notifications import (
    BODY_MAX,
    HELD_MAX,
    NUMBER_MAX,
    TOKEN_MAX,
    HintBasket,
    NotificationDoor,
)
from mailroll.measures.accumulator import PROCESS
from mailroll.settings import NOTIFICATION_PATH
from tests.console.server.visits import BEHIND, console

Effects = list[tuple[set[UUID], set[UUID]]]


class Recorded:
    """Keeps what would take effect; fails as often as it is told, and waits while it is told to."""

    def __init__(self, fails: int = 0) -> None:
        self.effects: Effects = []
        self.fails = fails
        self.begun, self.goes_on = threading.Event(), threading.Event()
        self.goes_on.set()

    def __call__(self, rows: Collection[UUID], attend: Collection[UUID]) -> int:
        self.begun.set()
        assert self.goes_on.wait(300)
        if self.fails:
            self.fails -= 1
            raise OperationalError("away")
        self.effects.append((set(rows), set(attend)))
        return 1


class Visitor:
    """Asks a door as a server would hand it on."""

    def __init__(self, effect: Recorded, *, is_on: bool = True) -> None:
        self.door = NotificationDoor(console, is_on=is_on, basket=HintBasket(effect, apart=0.0))

    async def post(
        self, body: bytes | Sequence[bytes] = b"", query: str = "", method: str = "POST", path: str = NOTIFICATION_PATH
    ) -> tuple[int, bytes, dict[str, str]]:
        told: list[Message] = []
        pieces = iter([body] if isinstance(body, bytes) else body)
        left = 1 if isinstance(body, bytes) else len(body)

        async def receive() -> Message:
            nonlocal left
            left -= 1
            return {"type": "http.request", "body": next(pieces), "more_body": left > 0}

        async def send(message: Message) -> None:
            told.append(message)

        scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": []}
        await self.door(scope, receive, send)
        headers = {name.decode(): value.decode() for name, value in told[0]["headers"]}
        return told[0]["status"], told[1]["body"], headers


async def settle() -> None:
    """Wait until what was put into a basket has taken effect."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.gather(*others)


def told(*given: str | None, event: str | None = None) -> bytes:
    item = {"subscriptionId": str(uuid4()), "tenantId": str(uuid4()), "changeType": "updated"}
    more = {} if event is None else {"lifecycleEvent": event}
    return json.dumps({"value": [item | more | {"clientState": one} for one in given]}).encode()


@pytest.fixture(autouse=True)
def counted() -> Iterator[None]:
    PROCESS.take()
    yield
    PROCESS.take()


def counts() -> dict[str, float]:
    return {labels[0]: number for (_, labels), number in PROCESS.take().items()}


def test_a_token_is_said_back_as_plain_text_that_no_browser_takes_for_a_page() -> None:
    async def ask() -> None:
        visitor = Visitor(Recorded())
        token = "Validation: Testing client application reachability for subscription Request-Id: 1+2"
        status, body, headers = await visitor.post(query=f"validationToken={quote_plus(token)}")
        assert (status, body.decode()) == (200, token)
        assert headers["content-type"] == "text/plain; charset=utf-8"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; sandbox"
        hostile = quote_plus("<script>alert('1')</script>\r\nX: 1")
        status, body, headers = await visitor.post(query=f"validationToken={hostile}")
        assert (status, body) == (200, b"&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;\r\nX: 1")
        assert "x" not in headers
        for wrong in (
            "validationToken=",
            f"validationToken={'x' * (TOKEN_MAX + 1)}",
            "validationToken=a&validationToken=b",
            "validationToken=ä",
            "&".join(f"a{number}=1" for number in range(50)),
        ):
            assert (await visitor.post(query=wrong))[:2] == (400, b""), wrong

    asyncio.run(ask())


def test_forged_and_real_ones_are_answered_alike_and_only_real_ones_count() -> None:
    async def ask() -> None:
        effect = Recorded()
        visitor = Visitor(effect)
        row = uuid4()
        real = states.issue(row)
        forged = [
            None, "", "x", real[:-1], f"{real}=", real.replace(".", ":"), f"{uuid4().hex}{real[32:]}", real.upper(),
            f"{real[:-1]}{'A' if real[-1] != 'A' else 'B'}", "ä" * states.LENGTH, f"{'z' * 32}{real[32:]}",
        ]  # fmt: skip
        answers = [await visitor.post(told(one)) for one in [real, *forged]]
        assert [answers[0]] * len(answers) == answers
        assert answers[0][:2] == (202, b"")
        await settle()
        assert effect.effects == [({row}, set())]
        assert counts() == {"taken": 1, "forged": len(forged)}

    asyncio.run(ask())


def test_ten_thousand_at_once_take_effect_together() -> None:
    async def ask() -> None:
        effect = Recorded()
        visitor = Visitor(effect)
        rows = [uuid4() for _ in range(3)]
        effect.goes_on.clear()
        await visitor.post(told(states.issue(rows[0])))
        assert await asyncio.to_thread(effect.begun.wait, 300)
        body = told(*(states.issue(rows[number % 3]) for number in range(500)))
        assert {(await visitor.post(body))[0] for _ in range(10)} == {202}
        assert {(await visitor.post(told(states.issue(rows[1]))))[0] for _ in range(5_000)} == {202}
        effect.goes_on.set()
        await settle()
        assert effect.effects == [({rows[0]}, set()), (set(rows), set())]
        assert counts() == {"taken": 10_001}

    asyncio.run(ask())


def test_what_is_no_notification_is_refused_and_nothing_of_it_is_kept() -> None:
    async def ask() -> None:
        effect = Recorded()
        visitor = Visitor(effect)
        state = states.issue(uuid4())
        for body, status in (
            (b"", 400),
            (b"<html>", 400),
            (b"\xff\xfe", 400),
            (b"[]", 400),
            (b'{"value": {}}', 400),
            (b'{"value": [{"clientState": 1}]}', 400),
            (b'{"value": ' + b"[" * 100_000, 400),
            (told(state) + b" " * BODY_MAX, 413),
            ([b" " * 1024] * 10_000, 413),
        ):
            assert (await visitor.post(body))[:2] == (status, b""), body[:20]
        assert counts() == {"unreadable": 9}
        assert (await visitor.post(b'{"value": []}'))[0] == 202
        await settle()
        assert effect.effects == []

    asyncio.run(ask())


def test_half_requests_keep_nobody_out_and_what_was_first_is_to_be_sent_again() -> None:
    async def ask() -> None:
        effect = Recorded()
        visitor = Visitor(effect)
        goes_on = asyncio.Event()

        async def half(number: int, body: bytes = b" " * BODY_MAX) -> int:
            parts = iter([{"type": "http.request", "body": body, "more_body": True}])
            told: list[Message] = []

            async def receive() -> Message:
                if (part := next(parts, None)) is not None:
                    return part
                await goes_on.wait()
                return {"type": "http.disconnect" if number else "http.request", "body": b"", "more_body": False}

            async def send(message: Message) -> None:
                told.append(message)

            await visitor.door(scope, receive, send)
            return int(told[0]["status"])

        scope = {"type": "http", "method": "POST", "path": NOTIFICATION_PATH, "query_string": b"", "headers": []}
        # Of which nothing came, that has nothing to give.
        empty = asyncio.create_task(half(1, b""))
        halves = [asyncio.create_task(half(number)) for number in range(HELD_MAX // BODY_MAX)]
        await asyncio.sleep(0)
        row = uuid4()
        assert (await visitor.post(told(states.issue(row))))[:2] == (202, b"")
        goes_on.set()
        assert await asyncio.gather(empty, *halves) == [400, 503] + [400] * (len(halves) - 1)
        assert visitor.door.held == 0
        await settle()
        assert effect.effects == [({row}, set())]
        assert counts() == {"busy": 1, "unreadable": len(halves), "taken": 1}

    asyncio.run(ask())


def test_of_very_many_in_one_request_none_is_judged() -> None:
    async def ask() -> None:
        effect = Recorded()
        visitor = Visitor(effect)
        state = states.issue(uuid4())
        body = json.dumps({"value": [{"clientState": state}] + [{}] * NUMBER_MAX}, separators=(",", ":")).encode()
        assert (await visitor.post(body))[:2] == (413, b"")
        assert counts() == {"unreadable": 1}
        await settle()
        assert effect.effects == []

    asyncio.run(ask())


def test_what_the_database_does_not_take_takes_effect_once_it_does() -> None:
    async def ask() -> None:
        effect = Recorded(fails=2)
        visitor = Visitor(effect)
        rows = uuid4(), uuid4()
        await visitor.post(told(states.issue(rows[0]), event="missed"))
        await visitor.post(told(states.issue(rows[1])))
        await settle()
        assert effect.effects == [(set(rows), {rows[0]})]

    asyncio.run(ask())


def test_no_more_subscriptions_wait_than_a_bound_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "KEPT_MAX", 2)

    async def ask() -> None:
        effect = Recorded()
        visitor = Visitor(effect)
        rows = [uuid4() for _ in range(4)]
        effect.goes_on.clear()
        await visitor.post(told(states.issue(rows[0])))
        assert await asyncio.to_thread(effect.begun.wait, 300)
        await visitor.post(told(*map(states.issue, rows[1:])))
        await visitor.post(told(states.issue(rows[1]), event="missed"))
        effect.goes_on.set()
        await settle()
        assert effect.effects == [({rows[0]}, set()), ({rows[1], rows[2]}, {rows[1]})]

    asyncio.run(ask())


def test_where_it_is_off_and_for_other_questions_there_is_no_such_address() -> None:
    async def ask() -> None:
        for visitor, method, path in (
            (Visitor(Recorded(), is_on=False), "POST", NOTIFICATION_PATH),
            (Visitor(Recorded()), "GET", NOTIFICATION_PATH),
            (Visitor(Recorded()), "POST", NOTIFICATION_PATH.rstrip("/")),
        ):
            assert (await visitor.post(query="validationToken=1", method=method, path=path))[:2] == (
                BEHIND,
                b"the Console",
            )

    asyncio.run(ask())
