"""Readings that Microsoft asked to come back later: a later one goes on behind the pages that came."""

import asyncio
import json
from collections.abc import Callable, Sequence

import pytest

from mailroll.connectors.base import RecordPage
from mailroll.connectors.microsoft365.listing.tape import SIZE_MAX, Tape
from mailroll.reconcile.errors import Retry
from tests.connectors.hostile import (
    Authority,
    Reply,
    Request,
    World,
    failed,
    guid,
    one_after_another,
    page,
    user,
    world,
)
from tests.connectors.hostile import reply as whole

LATER = failed(429, "TooManyRequests", headers={"Retry-After": "600"})
Script = Callable[[World], Sequence[Reply]]


def _ids(pages: Sequence[RecordPage]) -> list[str]:
    return [each.id[-36:] for part in pages for each in part.records]


async def _ended(w: World) -> tuple[bytes, ...]:
    """Read until Microsoft asks to come back later; returns what is kept."""
    w.server.graph = one_after_another(
        whole(page(user(1), link=w.server.link("a"))), whole(page(user(2), link=w.server.link("b"))), LATER
    )
    with pytest.raises(Retry) as caught:
        await w.whole()
    assert caught.value.after == 600
    return w.connector.kept()


async def _gone_on(w: World, kept: Sequence[bytes]) -> list[RecordPage]:
    return [part async for part in w.connector.read(kept) if isinstance(part, RecordPage)]


def test_a_reading_goes_on_with_the_link_that_was_kept(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            kept = await _ended(w)
            before = len(w.server.asked)
            w.server.graph = one_after_another(whole(page(user(3))))
            assert _ids(await _gone_on(w, kept)) == [guid(1), guid(2), guid(3)]
            (asked,) = w.server.asked[before:]
            assert w.server.link("b").endswith(asked.target)

    asyncio.run(go())


def test_a_reading_that_went_on_can_be_ended_again(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            kept = await _ended(w)
            w.server.graph = one_after_another(whole(page(user(3), link=w.server.link("c"))), LATER)
            with pytest.raises(Retry) as pause:
                await _gone_on(w, kept)
            # Where automatic sync is off nothing goes on before somebody asks.
            assert pause.value.as_json()["help"].startswith("Automatic sync goes on by itself once the pause is over;")
            w.server.graph = one_after_another(whole(page(user(4))))
            assert _ids(await _gone_on(w, w.connector.kept())) == [guid(1), guid(2), guid(3), guid(4)]

    asyncio.run(go())


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "Directory_ExpiredPageToken"),
        (400, "DirectoryPageTokenNotFoundException"),
        (410, "syncStateNotFound"),
    ],
)
def test_where_the_link_is_refused_it_begins_anew(authority: Authority, status: int, code: str) -> None:
    async def go() -> None:
        async with world(authority) as w:
            kept = await _ended(w)
            w.server.graph = one_after_another(failed(status, code), whole(page(user(1), user(3))))
            # What was listed then and is not now comes as a record all the same: whoever wants it gone asks by id.
            assert _ids(await _gone_on(w, kept)) == [guid(1), guid(2), guid(1), guid(3)]
            assert "%24top=999" in w.server.asked[-1].target or "$top=999" in w.server.asked[-1].target
            assert len(w.connector.kept()) == 1

    asyncio.run(go())


def test_what_is_kept_of_another_question_is_not_used(authority: Authority) -> None:
    other = Tape()
    other.note("users?$select=id&$top=999", json.dumps(page(user(9))).encode())

    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(whole(page(user(1))))
            assert _ids(await _gone_on(w, other.kept())) == [guid(1)]

    asyncio.run(go())


def test_a_link_that_was_kept_may_lead_nowhere_else(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            kept = await _ended(w)
            tape = Tape(kept)
            (listing,) = {each.target.removeprefix("/v1.0/") for each in w.server.asked[:1]}
            bodies = tape.take(listing)
            assert len(bodies) == 2
            forged = Tape()
            forged.note(listing, json.dumps(page(user(1), link="https://elsewhere.example/v1.0/users?a")).encode())
            before = len(w.server.asked)
            with pytest.raises(Exception, match="not on the Graph host"):
                await _gone_on(w, forged.kept())
            assert len(w.server.asked) == before

    asyncio.run(go())


def test_nothing_is_kept_of_a_reading_whose_time_was_over(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:

            def slow(_: Request) -> Reply:
                w.clock.passed += 300
                return whole(page(user(1), link=w.server.link(str(len(w.server.asked)))))

            w.server.graph = slow
            with pytest.raises(Retry) as caught:
                await w.whole()
            assert caught.value.code == "reading_too_slow"
            assert w.connector.kept() == ()

    asyncio.run(go())


def test_more_than_is_kept_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    assert SIZE_MAX == 256 << 20
    monkeypatch.setattr("mailroll.connectors.microsoft365.listing.tape.SIZE_MAX", 10)
    tape = Tape()
    tape.note("users", b"{}")
    assert len(tape.kept()) == 1
    tape.note("users", b"{}")
    assert tape.kept() == ()
    assert tape.take("users") == [b"{}", b"{}"]
    assert tape.take("users") == []


def test_pages_come_back_as_they_were_and_small_ones_take_no_effort() -> None:
    tape, large = Tape(), b'{"value":[],"more":"%b"}' % (b"x" * (9 << 20))
    for body in (b'{"value":[]}', large):
        tape.note("users", body)
    small_page, large_page = tape.kept()
    assert small_page.endswith(b'{"value":[]}')
    assert len(large_page) < 1 << 20
    assert Tape((small_page, large_page)).take("users") == [b'{"value":[]}', large]
