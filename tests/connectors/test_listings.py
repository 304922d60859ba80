"""Listings from the first page to the end mark, with all that may be wrong with a page or an object of it."""

import asyncio
import json

import pytest

from mailroll.connectors.microsoft365.http.channel import BODY_MAX
from mailroll.connectors.microsoft365.listing.listings import PAGES_MAX
from mailroll.reconcile.errors import Broken, Retry
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, ObjectType
from tests.connectors.hostile import (
    TENANT,
    Authority,
    Reply,
    Request,
    World,
    failed,
    guid,
    one_after_another,
    page,
    reply,
    user,
    world,
)
from tests.connectors.readings import failing


def test_an_empty_tenant_reads_as_whole_and_empty(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(reply(page()))
            pages, ended = await w.whole()
            assert ended
            assert [part.records for part in pages] == [()]

    asyncio.run(go())


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_empty_page_is_a_page_like_any_other(authority: Authority, place: int) -> None:
    people = [[user(1)], [], []]
    contents = [*people[-place:], *people[:-place]] if place else people

    def script(w_url: str) -> list[Reply]:
        links = [f"{w_url}/v1.0/users?a", f"{w_url}/v1.0/users?b", None]
        return [reply(page(*who, link=link)) for who, link in zip(contents, links, strict=True)]

    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(*script(w.server.url))
            pages, ended = await w.whole()
            assert ended
            assert sum(len(part.records) for part in pages) == 1
            assert len(pages) == 3

    asyncio.run(go())


def test_a_link_that_comes_again_ends_the_reading(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(
                reply(page(user(1), link=w.server.link("a"))),
                reply(page(user(2), link=w.server.link("b"))),
                reply(page(user(3), link=w.server.link("a"))),
            )
            with pytest.raises(Broken) as caught:
                await w.whole()
            assert caught.value.code == "reading_loop"
            assert len(w.server.asked) == 3

    asyncio.run(go())


def test_a_listing_without_end_is_ended(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PAGES_MAX == 10_000
    monkeypatch.setattr("mailroll.connectors.microsoft365.listing.listings.PAGES_MAX", 20)

    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = lambda _: reply(page(link=w.server.link(str(len(w.server.asked)))))
            with pytest.raises(Broken) as caught:
                await w.whole()
            assert caught.value.code == "too_many_pages"
            assert len(w.server.asked) == 21

    asyncio.run(go())


@pytest.mark.parametrize(
    ("known", "objects", "minutes"), [(0, 1, 15), (20_000, 1, 16), (200_000, 1, 25), (0, 200, 17), (60_000, 1, 18)]
)
def test_a_reading_ends_however_slow_it_is_and_says_how_far_it_came(
    authority: Authority, known: int, objects: int, minutes: int
) -> None:
    async def go() -> None:
        async with world(authority, known=known) as w:

            def script(_: Request) -> Reply:
                w.clock.passed += 5
                who = ({"id": guid(1)} for _ in range(objects))
                return reply(page(*who, link=w.server.link(str(len(w.server.asked)))))

            w.server.graph = script
            with pytest.raises(Retry) as caught:
                await w.whole()
            pages = len(w.server.asked)
            assert caught.value.code == "reading_too_slow"
            assert f"after {minutes} minutes" in str(caught.value)
            assert f"page {pages:,}, with {pages * objects:,} objects" in str(caught.value)
            assert w.clock.passed == pytest.approx(60 * minutes, abs=30)

    asyncio.run(go())


def test_pauses_that_microsoft_asks_for_are_not_counted_as_slowness(authority: Authority) -> None:
    pause = failed(429, "TooManyRequests", headers={"Retry-After": "59"})

    async def go() -> None:
        async with world(authority) as w:
            links = [w.server.link(str(number)) for number in range(50)]
            pages = [reply(page(user(number), link=link)) for number, link in enumerate(links)]
            w.server.graph = one_after_another(*(each for one in pages for each in (pause, one)), reply(page()))
            assert (await w.whole())[1]
            assert w.clock.passed > 45 * 60

    asyncio.run(go())


def test_pauses_without_end_end_a_reading_all_the_same(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:

            def script(_: Request) -> Reply:
                number = len(w.server.asked)
                if number % 2:
                    return failed(429, "TooManyRequests", headers={"Retry-After": "60"})
                return reply(page(link=w.server.link(str(number))))

            w.server.graph = script
            with pytest.raises(Retry) as caught:
                await w.whole()
            assert caught.value.code == "reading_too_slow"
            assert w.clock.passed == pytest.approx(75 * 60, abs=120)

    asyncio.run(go())


def test_every_version_of_a_user_is_given_in_the_order_it_came(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(
                reply(page(user(1, displayName="old"), link=w.server.link())), reply(page(user(1, displayName="new")))
            )
            pages, _ = await w.whole()
            assert [each.display_name for part in pages for each in part.records] == ["old", "new"]

    asyncio.run(go())


def test_a_page_without_addresses_says_nothing_about_addresses(authority: Authority) -> None:
    lacking = {key: value for key, value in user(2).items() if key != "proxyAddresses"}

    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(
                reply(page(user(1), link=w.server.link())), reply(page(lacking, user(3, proxyAddresses=[])))
            )
            pages, _ = await w.whole()
            assert [each.proxies for each in pages[1].records] == [UNSET, ()]

    asyncio.run(go())


LOST = [
    (400, "Directory_ExpiredPageToken"),
    (400, "DirectoryPageTokenNotFoundException"),
    (404, "DirectoryPageTokenNotFoundException"),
    (400, "Request_BadRequest"),
    (400, "BadRequest"),
    (410, "resyncRequired"),
]
"""How Graph says that it has lost its place in a listing."""


def tops(w: World) -> list[int]:
    """The page sizes of the beginnings."""
    return [int(size) for each in w.server.asked if (size := each.target.partition("&$top=")[2])]


@pytest.mark.parametrize(("status", "code"), LOST)
def test_a_reading_whose_link_leads_nowhere_begins_again_with_smaller_pages(
    authority: Authority, status: int, code: str
) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(
                reply(page(user(1), link=w.server.link())),
                failed(status, code),
                reply(page(user(1), user(2))),
            )
            pages, ended = await w.whole()
            assert ended
            assert [each.id[-36:] for part in pages for each in part.records] == [guid(1), guid(1), guid(2)]
            assert tops(w) == [999, 500]

    asyncio.run(go())


def test_a_refusal_of_the_question_itself_is_none_of_the_link(authority: Authority) -> None:
    fault, w = failing(authority, one_after_another(failed(400, "Request_BadRequest")))
    assert (fault.code, len(w.server.asked)) == ("graph_refused", 1)


def test_a_reading_does_not_begin_again_for_ever(authority: Authority) -> None:
    fault, w = failing(authority, one_after_another(failed(400, "Directory_ExpiredPageToken")))
    assert (fault.code, tops(w)) == ("reading_expired", [999, 500, 250, 100, 50])
    assert isinstance(fault, Retry)


def test_a_link_out_of_a_retried_answer_that_leads_nowhere_is_asked_for_anew(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(
                reply(page(user(1), link=w.server.link("second"))),
                failed(503, "serviceNotAvailable"),
                reply(page(user(2), link=w.server.link("retried"))),
                failed(400, "DirectoryPageTokenNotFoundException"),
                reply(page(user(2), link=w.server.link("third"))),
                reply(page(user(3))),
            )
            pages, ended = await w.whole()
            assert ended
            assert [each.id[-36:] for part in pages for each in part.records] == [*map(guid, (1, 2, 2, 3))]
            asked = [each.target.partition("$skiptoken=")[2] for each in w.server.asked]
            assert asked == ["", "second", "second", "retried", "second", "third"]

    asyncio.run(go())


def test_the_same_dead_link_again_is_no_loop_but_a_new_beginning(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(
                reply(page(user(1), link=w.server.link("second"))),
                failed(503, "serviceNotAvailable"),
                reply(page(user(2), link=w.server.link("dead"))),
                failed(400, "Request_BadRequest"),
                reply(page(user(2), link=w.server.link("dead"))),
                failed(400, "Request_BadRequest"),
                reply(page(user(1), user(2), user(3))),
            )
            pages, ended = await w.whole()
            assert ended
            assert {each.id[-36:] for part in pages for each in part.records} == {*map(guid, (1, 2, 3))}
            assert tops(w) == [999, 500]

    asyncio.run(go())


@pytest.mark.parametrize("place", [1, 2])
def test_a_page_that_is_too_large_is_asked_for_with_fewer_on_it(authority: Authority, place: int) -> None:
    large = reply(raw=b" " * (BODY_MAX + 1))

    async def go() -> None:
        async with world(authority) as w:
            begun = [] if place == 1 else [reply(page(user(1), link=w.server.link()))]
            w.server.graph = one_after_another(*begun, large, large, reply(page(user(1), user(2))))
            pages, ended = await w.whole()
            assert ended
            assert {each.id[-36:] for part in pages for each in part.records} == {guid(1), guid(2)}
            assert tops(w) == [999, 500, 250]

    asyncio.run(go())


def test_what_cannot_be_asked_for_in_pieces_is_too_large_at_once(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(reply(raw=b" " * (BODY_MAX + 1)))
            with pytest.raises(Broken, match="/domains is larger than 16 MiB"):
                await w.connector.domains()
            assert len(w.server.asked) == 1

    asyncio.run(go())


def test_ids_are_asked_for_in_halves_where_their_answer_is_too_large(authority: Authority) -> None:
    def script(request: Request) -> Reply:
        ids = json.loads(request.body)["ids"]
        return reply(raw=b" " * (BODY_MAX + 1)) if len(ids) > 300 else reply(page(*({"id": each} for each in ids)))

    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = script
            ids = [ExternalId(f"{TENANT}:{guid(number)}") for number in range(1_000)]
            found = await w.connector.find(dict.fromkeys(ids, ObjectType.USER))
            assert None not in found.values()
            assert [len(json.loads(each.body)["ids"]) for each in w.server.asked] == [1_000, *[500, 250, 250] * 2]

    asyncio.run(go())


def test_an_object_that_cannot_be_used_is_reported_and_the_rest_goes_on(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            bad = [
                user(1, displayName="\ud800"),
                user(2, displayName="\0"),
                user(3, displayName="x" * 1_000_000),
                user(4, proxyAddresses=["smtp:a@contoso.com"] * 10_000),
                user(5, mail=7),
                {"displayName": "x"},
            ]
            w.server.graph = one_after_another(reply(page(*bad, user(6))))
            [part], ended = await w.whole()
            assert ended
            assert {each.id[-36:]: each.flaws for each in part.records} == {
                guid(1): ("displayName",),
                guid(2): ("displayName",),
                guid(3): ("displayName",),
                guid(4): ("proxyAddresses",),
                guid(5): ("mail",),
                guid(6): (),
            }
            assert [(each.id, each.code, each.name) for each in part.unreadable] == [(None, "object_malformed", "x")]

    asyncio.run(go())


def test_a_domain_that_is_no_longer_verified_is_not_among_the_domains(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(
                reply(page({"id": "contoso.com", "isVerified": True})),
                reply(page({"id": "contoso.com", "isVerified": False})),
                reply(page({"id": "contoso.com", "isVerified": "yes"})),
            )
            assert await w.connector.domains() == {"contoso.com"}
            assert await w.connector.domains() == frozenset()
            with pytest.raises(Broken):
                await w.connector.domains()

    asyncio.run(go())
