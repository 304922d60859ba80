"""A reading that is followed first and decoded later, or never: what comes of it is what would have come anyway."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from mailroll.connectors.base import RecordPage, Unread
from mailroll.reconcile.errors import Broken, Retry
from tests.connectors.hostile import (
    Authority,
    Reply,
    Request,
    World,
    contact,
    failed,
    group,
    guid,
    page,
    reply,
    user,
    world,
)
from tests.connectors.test_licences import licence, product

PEOPLE: tuple[dict[str, Any], ...] = tuple(user(number) for number in range(1, 8))


def served(w: World, users: Sequence[object], *, size: int = 2) -> None:
    """Let the server list these users in pages, a group and a contact."""

    def answer(request: Request) -> Reply:
        target = urlsplit(request.target)
        match target.path.removeprefix("/v1.0/"):
            case "users":
                start = int(parse_qs(target.query).get("$skiptoken", ["0"])[0])
                more = start + size < len(users)
                link = f"{w.server.url}/v1.0/users?$skiptoken={start + size}" if more else None
                return reply(page(*users[start : start + size], link=link))
            case "groups":
                return reply(page(group(21)))
            case "contacts":
                return reply(page(contact(31)))
            case _:
                return failed(404, "BadRequest")

    w.server.graph = answer


def counted() -> tuple[list[int], Callable[[int], None]]:
    found: list[int] = []
    return found, found.append


async def straight(w: World) -> tuple[list[RecordPage], str | None]:
    pages, ended = await w.whole()
    assert ended
    return pages, w.connector.imprint()


async def skimmed(w: World) -> tuple[list[RecordPage], str | None]:
    """Skim, then decode what came; returns the imprint of the skimming."""
    found, count = counted()
    await w.connector.skim((), count)
    imprint, asked = w.connector.imprint(), len(w.server.requests)
    pages = [part async for part in w.connector.read(w.connector.kept()) if isinstance(part, RecordPage)]
    assert len(w.server.requests) == asked
    assert [len(each.records) + len(each.unreadable) for each in pages] == found
    return pages, imprint


ODD: dict[str, Sequence[object]] = {
    "plain": PEOPLE,
    "nobody": (),
    "one twice": (*PEOPLE, PEOPLE[0]),
    "two versions of one": (*PEOPLE, PEOPLE[0] | {"displayName": "Another"}),
    "a wrong type": (*PEOPLE, user(9, proxyAddresses=17)),
    "no object": (*PEOPLE, 17, None, []),
    "no id": (*PEOPLE, {"displayName": "Nobody"}, user(9) | {"id": "x"}),
    "a NUL": (*PEOPLE, user(9, displayName="a\0b")),
    "a lone surrogate": (*PEOPLE, user(9, displayName="\ud800")),
    "nulls alone": (*PEOPLE, {"id": guid(9), "mail": None, "userPrincipalName": None}),
}


@pytest.mark.parametrize("users", ODD.values(), ids=ODD.keys())
def test_what_was_skimmed_is_what_is_read(authority: Authority, users: Sequence[object]) -> None:
    async def go() -> None:
        async with world(authority, groups=True, contacts=True) as w:
            served(w, users)
            pages, imprint = await straight(w)
            assert await skimmed(w) == (pages, imprint)
            assert (await straight(w)) == (pages, imprint)

    asyncio.run(go())


def test_a_page_that_only_the_standard_library_reads_has_no_imprint(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            served(w, ODD["a lone surrogate"])
            assert (await straight(w))[1] is None
            served(w, PEOPLE)
            assert (await straight(w))[1] is not None

    asyncio.run(go())


def test_the_imprint_tells_every_other_object(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            found = set()
            first = PEOPLE[0]
            changed = (
                PEOPLE,
                PEOPLE[1:],
                (*PEOPLE, user(9)),
                (first | {"accountEnabled": False}, *PEOPLE[1:]),
                (first | {"proxyAddresses": first["proxyAddresses"][::-1]}, *PEOPLE[1:]),
                (dict(reversed(first.items())), *PEOPLE[1:]),
            )
            for users in changed:
                served(w, users)
                found.add((await skimmed(w))[1])
            assert len(found) == len(changed)
            served(w, PEOPLE[::-1], size=5)
            assert (await skimmed(w))[1] in found

    asyncio.run(go())


def test_the_imprint_tells_what_was_asked_for(authority: Authority) -> None:
    async def imprint(**wanted: Any) -> str | None:
        async with world(authority, **wanted) as w:
            served(w, PEOPLE)
            return (await straight(w))[1]

    async def go() -> None:
        questions: tuple[dict[str, Any], ...] = (
            {},
            {"groups": True},
            {"contacts": True},
            {"attributes": ("department",)},
            # Read by every reading, and yet an attribute of records only where it is wanted.
            {"attributes": ("displayName",)},
        )
        found = [await imprint(**wanted) for wanted in questions]
        assert None not in found
        assert len(set(found)) == len(questions)

    asyncio.run(go())


def test_the_imprint_tells_which_products_a_tenant_has(authority: Authority) -> None:
    people = [user(n, assignedPlans=None, assignedLicenses=[licence()]) for n in range(1, 4)]

    async def go() -> None:
        async with world(authority) as w:
            served(w, people)
            found = []
            for products in ([product()], [product(), product(guid(0xA2))], [product(skuPartNumber="SPE_E3")]):
                w.server.skus = lambda _, products=products: reply(page(*products))  # type: ignore[misc]
                found.append((await straight(w))[1])
            assert None not in found
            assert len(set(found)) == len(found)

    asyncio.run(go())


def test_a_type_that_may_not_be_read_is_told_by_both(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority, groups=True) as w:
            served(w, PEOPLE)
            whole = (await straight(w))[1]
            users = w.server.graph
            refused = failed(403, "Authorization_RequestDenied")
            w.server.graph = lambda request: refused if "/groups?" in request.target else users(request)
            _, count = counted()
            await w.connector.skim((), count)
            imprint = w.connector.imprint()
            parts = [part async for part in w.connector.read(w.connector.kept())]
            assert any(isinstance(part, Unread) for part in parts)
            assert imprint == w.connector.imprint() != whole

    asyncio.run(go())


def test_of_whom_plans_are_asked_for_by_id_a_listing_tells_not_all(authority: Authority) -> None:
    unlisted = user(1, assignedLicenses=[licence(guid(0xA3))])
    del unlisted["assignedPlans"]

    async def go() -> None:
        async with world(authority) as w:
            w.server.skus = lambda _: reply(page(product()))
            w.server.graph = lambda _: reply(page(unlisted))
            (shown,), imprint = await straight(w)
            assert shown.beyond == {record.id for record in shown.records}
            await w.connector.skim((), counted()[1])
            assert imprint == w.connector.imprint()

    asyncio.run(go())


def test_a_skimming_that_is_told_to_wait_keeps_its_pages(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            served(w, PEOPLE)
            pages, imprint = await straight(w)
            listing = w.server.graph
            later = failed(429, "TooManyRequests", headers={"Retry-After": "600"})
            w.server.graph = lambda request: later if "skiptoken=4" in request.target else listing(request)
            _, count = counted()
            with pytest.raises(Retry):
                await w.connector.skim((), count)
            assert w.connector.imprint() is None
            kept, before = w.connector.kept(), len(w.server.asked)
            w.server.graph = listing
            found, count = counted()
            await w.connector.skim(kept, count)
            assert (sum(found), w.connector.imprint()) == (len(PEOPLE), imprint)
            assert ["skiptoken=4" in each.target for each in w.server.asked[before:]] == [True, False]
            assert [
                part async for part in w.connector.read(w.connector.kept()) if isinstance(part, RecordPage)
            ] == pages

    asyncio.run(go())


def test_what_is_no_page_ends_a_skimming_as_it_ends_a_reading(authority: Authority) -> None:
    bodies = (b'{"value": [', b"[]", b'{"error": {"code": "x"}}', b'{"value": {}}', b'{"value": [1], "x": NaN}')

    async def go() -> None:
        async with world(authority) as w:
            for raw in bodies:
                w.server.graph = lambda _, raw=raw: reply(raw=raw)  # type: ignore[misc]
                with pytest.raises(Broken) as read:
                    await w.whole()
                with pytest.raises(Broken) as skim:
                    await w.connector.skim((), counted()[1])
                assert str(skim.value) == str(read.value)

    asyncio.run(go())
