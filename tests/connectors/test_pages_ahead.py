"""The next page of a listing comes while one is worked on, where all pages are wanted, and else once it is."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from typing import Any, cast

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from mailroll.connectors.microsoft365.facts.decode import PageSplitter
from mailroll.connectors.microsoft365.graph.transport import Transport
from mailroll.connectors.microsoft365.http.channel import OK, HttpAnswer
from mailroll.connectors.microsoft365.listing.listings import follow
from mailroll.reconcile.errors import Broken

LINK = "https://graph.example/v1.0/users?$skiptoken=second"


def answer(link: str | None = None) -> HttpAnswer:
    body = {"value": [{"id": "1"}]} | ({} if link is None else {"@odata.nextLink": link})
    return HttpAnswer("/users", OK, CIMultiDictProxy(CIMultiDict()), json.dumps(body).encode())


class SlowTransport:
    """Answers once it may, and says which links it was asked for and which questions were given up."""

    def __init__(self, error: Exception | None = None) -> None:
        self.may_ask = asyncio.Event()
        self.may_ask.set()
        self.may_answer = asyncio.Event()
        self.links: list[str] = []
        self.given_up: list[str] = []
        self._error = error

    def count(self, call: str, objects: int, listed: int) -> None:
        pass

    async def follow(self, link: str, _: str, notify: Callable[[], None]) -> HttpAnswer:
        try:
            await self.may_ask.wait()
            self.links.append(link)
            if self._error is not None:
                raise self._error
            notify()
            await self.may_answer.wait()
        except asyncio.CancelledError:
            self.given_up.append(link)
            raise
        return answer()


def pages(transport: SlowTransport, note: Callable[[bytes, Any], None] | None = None) -> AsyncGenerator[Any, None]:
    listing = follow(cast("Transport", transport), answer(LINK), PageSplitter(), note)
    return cast("AsyncGenerator[Any, None]", listing)


def noted(_: bytes, __: Any) -> None:
    pass


def test_the_next_page_is_under_way_while_one_is_worked_on() -> None:
    async def go() -> None:
        transport = SlowTransport()
        listing = pages(transport, noted)
        await anext(listing)
        assert transport.links == [LINK]
        transport.may_answer.set()
        assert [len(page.objects) async for page in listing] == [1]
        assert transport.links == [LINK]

    asyncio.run(go())


def test_a_page_is_worked_on_once_the_next_one_is_asked_for_and_not_while_that_waits_for_units() -> None:
    async def go() -> None:
        transport = SlowTransport()
        transport.may_ask.clear()
        page = asyncio.create_task(anext(pages(transport, noted)))
        for _ in range(10):
            await asyncio.sleep(0)
        assert not page.done()
        transport.may_ask.set()
        await page
        assert transport.links == [LINK]

    asyncio.run(go())


def test_who_stops_while_the_next_page_waits_for_units_never_asks_for_it() -> None:
    async def go() -> None:
        transport = SlowTransport()
        transport.may_ask.clear()
        before = asyncio.all_tasks()
        page = asyncio.create_task(anext(pages(transport, noted)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        page.cancel()
        await asyncio.gather(*asyncio.all_tasks() - before, return_exceptions=True)
        assert page.cancelled()
        assert transport.given_up == [LINK]
        assert transport.links == []

    asyncio.run(go())


def test_whoever_may_do_with_a_page_asks_for_no_more() -> None:
    async def go() -> None:
        transport = SlowTransport()
        await anext(pages(transport))
        assert transport.links == []

    asyncio.run(go())


def test_a_page_that_nobody_wants_any_more_is_given_up() -> None:
    async def go() -> None:
        transport = SlowTransport()
        listing, before = pages(transport, noted), asyncio.all_tasks()
        await anext(listing)
        await listing.aclose()
        await asyncio.gather(*asyncio.all_tasks() - before, return_exceptions=True)
        assert transport.given_up == [LINK]

    asyncio.run(go())


def test_an_error_of_the_next_page_ends_the_listing_behind_this_one(caplog: pytest.LogCaptureFixture) -> None:
    error = Broken("answer_malformed", "It is none.", "Report it.")

    async def go() -> None:
        listing = pages(SlowTransport(error), noted)
        await anext(listing)
        with pytest.raises(Broken) as raised:
            await anext(listing)
        assert raised.value is error
        abandoned = pages(SlowTransport(error), noted)
        await anext(abandoned)
        await abandoned.aclose()

    asyncio.run(go())
    assert not caplog.records
