"""Listings from the first page to the end mark, with all that may be wrong with a page or an object of it."""

import asyncio

import pytest

from mailroll.connectors.microsoft365.transport import PAGES_MAX
from mailroll.reconcile.errors import Broken, Retry
from mailroll.reconcile.known import UNSET
from tests.connectors.hostile import (
    Authority,
    Reply,
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
    monkeypatch.setattr("mailroll.connectors.microsoft365.transport.PAGES_MAX", 20)

    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = lambda _: reply(page(link=w.server.link(str(len(w.server.asked)))))
            with pytest.raises(Broken) as caught:
                await w.whole()
            assert caught.value.code == "too_many_pages"
            assert len(w.server.asked) == 21

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


def test_a_reading_whose_link_grew_too_old_begins_again(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(
                reply(page(user(1), link=w.server.link())),
                failed(400, "Directory_ExpiredPageToken"),
                reply(page(user(1), user(2))),
            )
            pages, ended = await w.whole()
            assert ended
            assert [each.id[-36:] for part in pages for each in part.records] == [guid(1), guid(1), guid(2)]

    asyncio.run(go())


def test_a_reading_does_not_begin_again_for_ever(authority: Authority) -> None:
    fault, w = failing(authority, one_after_another(failed(400, "Directory_ExpiredPageToken")))
    assert (fault.code, len(w.server.asked)) == ("reading_expired", 3)
    assert isinstance(fault, Retry)


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
