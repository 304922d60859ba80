"""Connections that a process keeps between readings, each of which has a loop of its own."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import pytest
from yarl import URL

from mailroll.connectors.microsoft365 import Microsoft365
from mailroll.connectors.microsoft365.http.channel import OK, Timeouts
from mailroll.connectors.microsoft365.settings import Secret
from mailroll.connectors.microsoft365.sign_in.token_cache import Kept
from mailroll.reconcile.errors import BadInput, MailrollError, Retry
from tests.connectors.hostile import (
    CANARY,
    TENANT,
    Authority,
    FakeClock,
    Hostile,
    Reply,
    listening,
    one_after_another,
    page,
    reply,
    settings_for,
)

ORGANIZATION = page({"id": TENANT, "displayName": "Contoso"})


@asynccontextmanager
async def serving(authority: Authority) -> AsyncIterator[tuple[Hostile, Kept]]:
    kept = Kept()
    async with listening(authority.server_file) as server:
        server.graph = one_after_another(reply(ORGANIZATION))
        try:
            yield server, kept
        finally:
            # Its connections are ended by another thread, whom the server in this one has to hear.
            await asyncio.to_thread(kept.lines.close)


async def reading(server: Hostile, authority: Authority, kept: Kept, secret: str = CANARY) -> None:
    """Make a reading in a thread and a loop of its own, as a worker does."""

    async def go() -> None:
        opening = Microsoft365.open(
            settings_for(server.url, authority.ca_file, Secret(secret)),
            clock=FakeClock(),
            chance=Random(1),
            timeouts=Timeouts(5, 5, 10),
            pool=kept,
        )
        async with opening as connector:
            assert await connector.tenant() == TENANT

    await asyncio.to_thread(asyncio.run, go())


def test_readings_go_on_over_the_connection_of_the_one_before(authority: Authority) -> None:
    async def go() -> None:
        async with serving(authority) as (server, kept):
            await reading(server, authority, kept)
            await reading(server, authority, kept)
            await reading(server, authority, kept, secret=f"{CANARY}other")
            assert len({seen.peer for seen in server.requests}) == 1

    asyncio.run(go())
    assert "lines" not in {thread.name for thread in threading.enumerate()}


def test_readings_beside_each_other_share_and_do_not_mix(authority: Authority) -> None:
    async def go() -> None:
        async with serving(authority) as (server, kept):
            await asyncio.gather(*(reading(server, authority, kept, f"{CANARY}{number}") for number in range(6)))
            tokens = {seen.headers["authorization"] for seen in server.asked}
            assert len(server.asked) == len(tokens) == 6

    asyncio.run(go())


@pytest.mark.parametrize("odd", [Reply(b"", then="reset"), Reply(b"", then="close")])
def test_a_connection_that_broke_meanwhile_is_made_anew(authority: Authority, odd: Reply) -> None:
    async def go() -> None:
        async with serving(authority) as (server, kept):
            await reading(server, authority, kept)
            server.graph = one_after_another(odd, reply(ORGANIZATION))
            await reading(server, authority, kept)
            assert len({seen.peer for seen in server.requests}) == 2

    asyncio.run(go())


def test_errors_pass_as_they_are(authority: Authority) -> None:
    async def go() -> None:
        async with serving(authority) as (server, kept):
            server.graph = one_after_another(reply({}, status=429, headers={"Retry-After": "600"}))
            with pytest.raises(Retry) as caught:
                await reading(server, authority, kept)
            assert caught.value.after == 600
            with pytest.raises(MailrollError):
                await reading(Hostile("https://127.0.0.1:1"), authority, kept)

    asyncio.run(go())


def test_a_file_of_authorities_that_is_not_there_is_told(authority: Authority) -> None:
    async def go() -> None:
        kept = Kept()
        opening = Microsoft365.open(settings_for("https://127.0.0.1:1", "/nowhere.pem"), pool=kept)
        try:
            with pytest.raises(BadInput, match="certificate"):
                async with opening:
                    pass
        finally:
            kept.lines.close()

    asyncio.run(go())


def test_who_asks_hears_in_its_own_thread_that_the_question_was_sent(authority: Authority) -> None:
    async def go() -> None:
        async with serving(authority) as (server, kept):
            cloud = settings_for(server.url, authority.ca_file, Secret(CANARY)).cloud

            async def ask() -> None:
                channel = kept.lines.channel(cloud, Timeouts(5, 5, 10))
                assert channel is not None
                threads: list[threading.Thread] = []
                url = URL(f"{cloud.graph}/v1.0/organization")
                answer = await channel.send(
                    "GET", url, call="", headers={}, notify=lambda: threads.append(threading.current_thread())
                )
                assert answer.status == OK
                assert threads == [threading.current_thread()]

            await asyncio.to_thread(asyncio.run, ask())

    asyncio.run(go())
