"""Rounds of changes under a script: what ends in a cursor, and what loses it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from mailroll.connectors.delta import Altered, CursorLost, DeltaCursor, Regrouped, Told, gathered
from mailroll.connectors.microsoft365.connector import Microsoft365
from mailroll.connectors.microsoft365.settings import ConnectionSettings
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent, Retry
from mailroll.reconcile.model import ExternalId, ObjectType
from tests.connectors.hostile import (
    CANARY,
    TENANT,
    Authority,
    Reply,
    World,
    failed,
    group,
    guid,
    one_after_another,
    reply,
    settings_for,
    user,
    world,
)

Followed = tuple[list[Told | DeltaCursor], list[str], DeltaCursor]
LATER = failed(429, "TooManyRequests", headers={"Retry-After": "600"})


def page(w: World, *entries: object, more: str = "", end: str = "") -> Reply:
    """A page of a round: with a link to the next page (`more`), to the next round (`end`), or as it is scripted."""
    links = {"@odata.nextLink": w.server.link(more)} if more else {}
    links |= {"@odata.deltaLink": f"{w.server.url}/v1.0/users/delta?$deltatoken={end}"} if end else {}
    return reply({"@odata.context": "c", "value": list(entries)} | links)


async def _cursor(w: World) -> DeltaCursor:
    w.server.graph = one_after_another(page(w, end="start"))
    (cursor,) = await w.connector.delta.latest()
    return cursor


def following(
    authority: Authority, *script: Callable[[World], Reply]
) -> tuple[list[Told | DeltaCursor], list[str], DeltaCursor]:
    """Follow a round under a script to its end: what was told, what was asked, and the cursor before."""

    async def go() -> Followed:
        async with world(authority) as w:
            cursor = await _cursor(w)
            before = len(w.server.asked)
            w.server.graph = one_after_another(*(each(w) for each in script))
            told = [each async for each in w.connector.delta.changes(cursor)]
            return told, [each.target for each in w.server.asked[before:]], cursor

    return asyncio.run(go())


def losing(authority: Authority, *script: Callable[[World], Reply]) -> MailrollError:
    """Follow a round under a script that must fail; returns the error, which never holds a secret."""

    async def go() -> MailrollError:
        async with world(authority) as w:
            cursor = await _cursor(w)
            w.server.graph = one_after_another(*(each(w) for each in script))
            with pytest.raises(MailrollError) as caught:
                await gathered(w.connector.delta.changes(cursor))
            assert CANARY not in f"{caught.value} {caught.value.code}"
            assert "token" not in str(caught.value)
            return caught.value

    return asyncio.run(go())


def test_a_round_is_followed_over_empty_pages_to_its_end(authority: Authority) -> None:
    told, asked, cursor = following(
        authority,
        lambda w: page(w, more="a"),
        lambda w: page(w, user(1), more="b"),
        lambda w: page(w, more="c"),
        lambda w: page(w, user(1), user(2), end="next"),
    )
    *changes, last = told
    assert [each.id for each in changes if isinstance(each, Altered)] == [f"{TENANT}:{guid(n)}" for n in (1, 1, 2)]
    assert isinstance(last, DeltaCursor)
    assert last.link.endswith("$deltatoken=next")
    assert replace(last, link="") == replace(cursor, link="")
    assert asked[0].endswith("$deltatoken=start")
    assert len(asked) == 4


@pytest.mark.parametrize(
    ("status", "code", "location"),
    [
        (410, "resyncRequired", "/v1.0/users/delta?$deltatoken="),
        (410, "resyncRequired", ""),
        (410, "", "https://elsewhere.example/"),
        (400, "syncStateNotFound", ""),
        (404, "SyncStateNotFound", ""),
        (409, "resyncRequired", ""),
        (400, "BadRequest", ""),
        (400, "Directory_ExpiredPageToken", ""),
    ],
)
def test_a_token_that_is_not_known_any_more_is_a_cursor_lost(
    authority: Authority, status: int, code: str, location: str
) -> None:
    gone = failed(status, code, headers={"Location": location} if location else {})
    lost = losing(authority, lambda _: gone)
    assert isinstance(lost, CursorLost)
    assert lost.code == "cursor_expired"


def test_a_round_whose_own_link_expires_begins_once_more_and_then_is_lost(authority: Authority) -> None:
    expired = failed(400, "Directory_ExpiredPageToken")
    told, asked, _ = following(
        authority,
        lambda w: page(w, user(1), more="a"),
        lambda _: expired,
        lambda w: page(w, user(1), more="b"),
        lambda w: page(w, end="next"),
    )
    assert len(told) == 3
    assert asked[0] == asked[2]
    lost = losing(
        authority,
        lambda w: page(w, user(1), more="a"),
        lambda _: expired,
        lambda w: page(w, user(1), more="b"),
        lambda _: expired,
    )
    assert lost.code == "cursor_expired"


@pytest.mark.parametrize(
    "odd",
    [
        lambda w: page(w, user(1)),
        lambda w: page(w, user(1), more="a", end="next"),
        lambda _: reply({"value": [], "@odata.deltaLink": 17}),
        lambda _: reply({"@odata.deltaLink": "x"}),
    ],
    ids=["no link", "both links", "a link that is none", "no list"],
)
def test_a_page_that_breaks_the_protocol_gives_nothing(authority: Authority, odd: Callable[[World], Reply]) -> None:
    broken = losing(authority, odd)
    assert isinstance(broken, Broken)
    assert not isinstance(broken, CursorLost)
    assert broken.code == "answer_malformed"


@pytest.mark.parametrize(
    "link",
    [
        "https://graph.attacker.example/v1.0/users/delta?$deltatoken=x",
        "{url}/v1.0/../users/delta?$deltatoken=x",
        "{url}@attacker.example/v1.0/users/delta?$deltatoken=x",
        "{url}/v1.0/groups/delta?$deltatoken=x",
    ],
)
def test_a_link_that_leads_elsewhere_becomes_no_cursor(authority: Authority, link: str) -> None:
    fault = losing(authority, lambda w: reply({"value": [], "@odata.deltaLink": link.replace("{url}", w.server.url)}))
    assert fault.code == "link_to_other_host"


@pytest.mark.parametrize(
    "entry",
    [17, None, {}, {"id": "x"}, {"id": 17}, {"displayName": "Nobody"}],
)
def test_a_change_of_nobody_can_tell_whom_is_a_cursor_lost(authority: Authority, entry: object) -> None:
    lost = losing(authority, lambda w: page(w, entry, end="next"))
    assert isinstance(lost, CursorLost)
    assert lost.code == "changes_unreadable"


@pytest.mark.parametrize("members", [17, [17], [{"id": "x"}], [{"@removed": {"reason": "deleted"}}]])
def test_members_that_cannot_be_read_are_a_cursor_lost(authority: Authority, members: object) -> None:
    lost = losing(authority, lambda w: page(w, group(21) | {"members@delta": members}, end="next"))
    assert lost.code == "changes_unreadable"


def test_an_odd_text_costs_no_round(authority: Authority) -> None:
    told, _, _ = following(authority, lambda w: page(w, user(1, displayName="\ud800"), user(2), end="next"))
    assert [type(each) for each in told] == [Altered, Altered, DeltaCursor]


def test_a_large_group_comes_in_parts(authority: Authority) -> None:
    parts = [[{"id": guid(n)} for n in some] for some in ((1, 2), (3,), (4, 5))]
    told, _, _ = following(
        authority, lambda w: page(w, *(group(21) | {"members@delta": part} for part in parts), end="next")
    )
    joined = [name for each in told if isinstance(each, Regrouped) for name in each.joined]
    assert joined == [ExternalId(f"{TENANT}:{guid(n)}") for n in range(1, 6)]


def test_a_throttled_round_goes_on_behind_what_came(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            cursor = await _cursor(w)
            w.server.graph = one_after_another(page(w, user(1), more="a"), page(w, user(2), more="b"), LATER)
            with pytest.raises(Retry) as caught:
                await gathered(w.connector.delta.changes(cursor))
            assert caught.value.after == 600
            kept, before = w.connector.kept(), len(w.server.asked)
            w.server.graph = one_after_another(page(w, user(3), end="next"))
            found = await gathered(w.connector.delta.changes(cursor, kept))
            assert [*found.altered] == [f"{TENANT}:{guid(n)}" for n in (1, 2, 3)]
            (asked,) = w.server.asked[before:]
            assert w.server.link("b").endswith(asked.target)
            assert found.cursor.link.endswith("next")

    asyncio.run(go())


def test_what_is_broken_off_moves_no_cursor(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            cursor = await _cursor(w)
            w.server.graph = one_after_another(page(w, user(1), more="a"), page(w, end="next"))
            changes = w.connector.delta.changes(cursor)
            async for _ in changes:
                break
            await changes.aclose()  # type: ignore[attr-defined]  # a generator
            w.server.graph = one_after_another(page(w, user(1), end="next"))
            assert [*(await gathered(w.connector.delta.changes(cursor))).altered] == [f"{TENANT}:{guid(1)}"]

    asyncio.run(go())


def test_changes_without_an_end_are_not_whole(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            cursor = await _cursor(w)
            w.server.graph = one_after_another(page(w, user(1), end="next"))
            told = [each async for each in w.connector.delta.changes(cursor)]

            async def cut() -> AsyncIterator[Told | DeltaCursor]:
                for each in told[:-1]:
                    yield each

            with pytest.raises(Broken, match="without the mark"):
                await gathered(cut())

    asyncio.run(go())


@pytest.mark.parametrize("off", [timedelta(days=6), -timedelta(days=1)], ids=["ahead", "behind"])
def test_a_cursor_counts_on_a_machine_whose_clock_is_off(authority: Authority, off: timedelta) -> None:
    async def go() -> None:
        async with world(authority) as w:
            cursor = await _cursor(w)
            w.clock.passed += off.total_seconds()
            w.server.graph = one_after_another(page(w, end="next"))
            assert (await gathered(w.connector.delta.changes(cursor))).is_empty

    asyncio.run(go())


def test_a_cursor_of_another_question_is_lost_without_a_question(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w, world(authority, attributes=("department",)) as other:
            cursor = await _cursor(w)
            await _cursor(other)
            before = len(other.server.requests)
            for foreign in (cursor, replace(cursor, type=ObjectType.GROUP)):
                with pytest.raises(CursorLost) as caught:
                    await gathered(other.connector.delta.changes(foreign))
                assert caught.value.code == "cursor_foreign"
            assert len(other.server.requests) == before
            assert "start" not in repr(cursor)

    asyncio.run(go())


_ANOTHER: Mapping[str, Callable[[ConnectionSettings], ConnectionSettings]] = {
    "tenant": lambda one: replace(one, tenant=guid(9)),
    "client": lambda one: replace(one, client=guid(9)),
    "host": lambda one: replace(one, cloud=replace(one.cloud, graph="https://graph.example")),
    "none of these": lambda one: one,
}


@pytest.mark.parametrize("another", _ANOTHER)
def test_a_cursor_of_another_connection_is_lost_without_a_question(authority: Authority, another: str) -> None:
    async def go() -> None:
        async with world(authority) as w:
            cursor = await _cursor(w)
            before = len(w.server.requests)
            w.server.graph = one_after_another(page(w, end="next"))
            settings = _ANOTHER[another](settings_for(w.server.url, authority.ca_file))
            async with Microsoft365.open(settings, clock=w.clock, chance=Random(1)) as connector:
                if another == "none of these":
                    assert (await gathered(connector.delta.changes(cursor))).is_empty
                    return
                with pytest.raises(CursorLost) as caught:
                    await gathered(connector.delta.changes(cursor))
            assert caught.value.code == "cursor_foreign"
            assert len(w.server.requests) == before

    asyncio.run(go())


@pytest.mark.parametrize(
    "refused", [failed(403, "Authorization_RequestDenied"), failed(501, "NotImplemented"), failed(400, "BadRequest")]
)
def test_a_tenant_that_tells_no_changes_has_no_cursor_and_fails_nothing(authority: Authority, refused: Reply) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(refused)
            assert not await w.connector.delta.latest()
            w.server.graph = one_after_another(reply({"value": [user(1)]}))
            assert (await w.whole())[1]

    asyncio.run(go())


def test_a_permission_that_is_gone_by_the_next_round_is_told(authority: Authority) -> None:
    assert isinstance(losing(authority, lambda _: failed(403, "Authorization_RequestDenied")), NeedsConsent)
