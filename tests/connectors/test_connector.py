"""What the connector asks, and what it makes of proper answers."""

import asyncio
import json
from typing import Any

import pytest

from mailroll.connectors.microsoft365.facts.wire import BASE_SELECT
from mailroll.reconcile.errors import BadFilter, Broken, NeedsConsent, NotVerified, Retry
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, ObjectType, Record
from tests.connectors.hostile import (
    TENANT,
    Authority,
    Reply,
    Request,
    failed,
    guid,
    one_after_another,
    page,
    reply,
    user,
    world,
)


def xid(number: int) -> ExternalId:
    return ExternalId(f"{TENANT}:{guid(number)}")


def users(*names: ExternalId) -> dict[ExternalId, ObjectType]:
    return dict.fromkeys(names, ObjectType.USER)


def test_a_reading_follows_every_link_and_ends_with_its_mark(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(
                reply(page(user(1), link=w.server.link("a"))),
                reply(page(link=w.server.link("b"))),
                reply(page(user(2), user(3))),
            )
            pages, ended = await w.whole()
            assert ended
            assert [each.id for part in pages for each in part.records] == [xid(1), xid(2), xid(3)]
            assert [each.target for each in w.server.asked[1:]] == [
                "/v1.0/users?$skiptoken=a",
                "/v1.0/users?$skiptoken=b",
            ]

    asyncio.run(go())


def test_only_what_is_used_is_asked_for(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority, attributes=("jobTitle", "proxyAddress")) as w:
            w.server.graph = one_after_another(reply(page(user(1, jobTitle="Smith"))))
            pages, _ = await w.whole()
            [asked] = w.server.asked
            assert asked.target == f"/v1.0/users?$select={','.join(BASE_SELECT)},jobTitle&$top=999"
            assert pages[0].records[0].attributes == {
                "jobTitle": "Smith",
                "proxyAddresses": (
                    "SMTP:person1@contoso.com",
                    "smtp:p1@contoso.com",
                    "person1@contoso.com",
                    "p1@contoso.com",
                ),
            }

    asyncio.run(go())


def test_an_attribute_that_does_not_exist_is_refused_before_anything_is_sent(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority, attributes=("shoeSize", "mail")):
            raise AssertionError

    with pytest.raises(BadFilter, match="shoeSize"):
        asyncio.run(go())


def test_every_request_carries_the_token_and_an_id_of_its_own(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(reply(page(link=w.server.link())), reply(page()))
            await w.whole()
            assert {each.headers["authorization"] for each in w.server.asked} == {"Bearer token-1"}
            assert len({each.headers["client-request-id"] for each in w.server.asked}) == 2

    asyncio.run(go())


def test_the_tenant_is_what_the_directory_says(authority: Authority) -> None:
    other = "AAAAAAAA-1111-4111-8111-111111111111"

    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(reply(page({"id": other, "displayName": "Other"})))
            assert await w.connector.tenant() == other.lower()

    asyncio.run(go())


@pytest.mark.parametrize("value", [[], [{"id": "x"}], [{"id": guid(1)}, {"id": guid(2)}], [{"id": 7}], [None]])
def test_a_directory_that_does_not_name_itself_is_broken(authority: Authority, value: list[object]) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(reply(page(*value)))
            with pytest.raises(Broken) as caught:
                await w.connector.tenant()
            assert caught.value.code == "answer_malformed"

    asyncio.run(go())


def test_only_verified_domains_count_and_never_microsofts_own(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(
                reply(
                    page(
                        {"id": "Contoso.COM", "isVerified": True},
                        {"id": "bücher.example", "isVerified": True},
                        {"id": "pending.example", "isVerified": False},
                        {"id": "unsaid.example"},
                        {"id": "contoso.onmicrosoft.com", "isVerified": True},
                        {"id": "contoso.mail.onmicrosoft.com", "isVerified": True},
                        {"id": "no domain", "isVerified": True},
                    )
                )
            )
            assert await w.connector.domains() == {"contoso.com", "xn--bcher-kva.example"}

    asyncio.run(go())


def test_a_user_that_answers_is_found_and_one_that_does_not_is_gone(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(reply(page(user(2), user(9))))
            found = await w.connector.find(users(xid(1), xid(2)))
            assert set(found) == {xid(1), xid(2)}
            assert found[xid(1)] is None
            assert isinstance(found[xid(2)], Record)
            [asked] = w.server.asked
            assert asked.method == "POST"
            assert asked.target == f"/v1.0/directoryObjects/getByIds?$select={','.join(BASE_SELECT)}"
            assert json.loads(asked.body) == {"ids": [guid(1), guid(2)], "types": ["user"]}

    asyncio.run(go())


def test_ids_are_asked_for_a_thousand_at_a_time(authority: Authority) -> None:
    sizes = []

    def there(request: Request) -> Reply:
        ids = json.loads(request.body)["ids"]
        sizes.append(len(ids))
        return reply(page(*({"id": each, "userPrincipalName": "x@contoso.com"} for each in ids)))

    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = there
            found = await w.connector.find(users(*(xid(number) for number in range(2500))))
            assert len(found) == 2500
            assert all(found.values())

    asyncio.run(go())
    assert sizes == [1000, 1000, 500]


@pytest.mark.parametrize(
    "thing",
    [
        {"id": guid(1)},
        {"id": guid(1), "displayName": None, "mail": None, "proxyAddresses": None, "userPrincipalName": None},
        {"id": guid(1), "displayName": 7},
        {"id": guid(1), "proxyAddresses": "x", "mail": 7, "assignedPlans": [7]},
    ],
)
def test_whoever_comes_back_unreadable_is_there_all_the_same(authority: Authority, thing: dict[str, Any]) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(reply(page(thing)))
            found = (await w.connector.find(users(xid(1))))[xid(1)]
            assert found is not None
            assert found.proxies is UNSET
            assert found.mail is UNSET
            assert found.mailbox_plan is UNSET

    asyncio.run(go())


@pytest.mark.parametrize("thing", [{"id": 7}, {}, {"id": "no guid"}, None, "text"])
def test_nobody_is_gone_while_an_answer_cannot_be_told_to_be_about_somebody(
    authority: Authority, thing: object
) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(reply(page(thing)))
            with pytest.raises(Broken):
                await w.connector.find(users(xid(1)))

    asyncio.run(go())


def test_nobody_is_gone_while_the_rest_of_the_answer_is_missing(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(reply(page(link=w.server.link())), failed(400, "BadRequest"))
            with pytest.raises(Retry):
                await w.connector.find(users(xid(1)))

    asyncio.run(go())


def test_asking_for_nobody_asks_nothing(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            assert await w.connector.find({}) == {}
            assert not w.server.requests

    asyncio.run(go())


@pytest.mark.parametrize(
    "name", [f"{guid(7)}:{guid(1)}", guid(1), f"{TENANT}:x", "", f"{TENANT}:{guid(1)}/../{guid(2)}"]
)
def test_users_of_another_tenant_are_not_asked_for(authority: Authority, name: str) -> None:
    async def go() -> None:
        async with world(authority) as w:
            with pytest.raises(NotVerified):
                await w.connector.find(users(ExternalId(name)))
            assert not w.server.requests

    asyncio.run(go())


def test_where_many_may_not_be_asked_for_a_few_are_asked_for_one_by_one(authority: Authority) -> None:
    def graph(request: Request) -> Reply:
        if request.method == "POST":
            return failed(403, "Authorization_RequestDenied")
        if guid(1) in request.target:
            return failed(404, "Request_ResourceNotFound")
        return reply(user(2) if guid(2) in request.target else {"id": guid(3), "mail": 7})

    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = graph
            found = await w.connector.find(users(xid(1), xid(2), xid(3)))
            assert found[xid(1)] is None
            assert found[xid(2)] is not None
            assert found[xid(3)] == Record(xid(3), ObjectType.USER, guest=UNSET, attributes={}, flaws=("mail",))
            with pytest.raises(NeedsConsent, match=r"Directory\.Read\.All"):
                await w.connector.find(users(*(xid(number) for number in range(201))))

    asyncio.run(go())


@pytest.mark.parametrize("answer", [failed(404, "ResourceNotFound"), reply(raw=b"<html>", status=404), failed(404, "")])
def test_only_the_directorys_own_word_makes_a_user_gone(authority: Authority, answer: Reply) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = lambda request: (
                failed(403, "Authorization_RequestDenied") if request.method == "POST" else answer
            )
            with pytest.raises(Broken):
                await w.connector.find(users(xid(1)))

    asyncio.run(go())


REQUIRED = ("User.Read.All", "Domain.Read.All", "Organization.Read.All")
OPTIONAL = ("GroupMember.Read.All", "OrgContact.Read.All", "MailboxSettings.Read", "Place.Read.All")
