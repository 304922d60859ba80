"""What the connector asks, and what it makes of proper answers."""

import asyncio
import json
from typing import Any

import pytest

from mailroll.connectors.base import PermissionState
from mailroll.connectors.microsoft365.wire import BASE_SELECT
from mailroll.reconcile.errors import BadFilter, Broken, NeedsConsent, NotVerified, Retry
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, ObjectType, Record
from tests.connectors.hostile import (
    TENANT,
    Authority,
    Reply,
    Request,
    Script,
    contact,
    failed,
    group,
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


def health(denied: str = "", people: object = None) -> Script:
    """Answer every question of a check, but for one that is denied."""

    def graph(request: Request) -> Reply:
        resource = request.target.removeprefix("/v1.0/").partition("?")[0]
        if resource == denied:
            return failed(403, "Authorization_RequestDenied")
        return {
            "organization": reply(page({"id": TENANT, "displayName": "Contoso"})),
            "domains": reply(page({"id": "contoso.com", "isVerified": True})),
            "users": reply(page(people or user(1))),
            "groups": reply(page(group(1))),
            f"groups/{guid(1)}/members": reply(page({"id": guid(1)})),
            "contacts": reply(page(contact(1))),
            "$batch": reply({"responses": [{"id": "0", "status": 200, "body": {"value": "user"}}]}),
            "places/microsoft.graph.room": reply(page()),
        }[resource]

    return graph


REQUIRED = ("User.Read.All", "Domain.Read.All", "Organization.Read.All")
OPTIONAL = ("GroupMember.Read.All", "OrgContact.Read.All", "MailboxSettings.Read", "Place.Read.All")


def test_a_check_says_who_answers_and_which_permissions_are_there(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = health()
            found = await w.connector.check()
            assert (found.tenant, found.tenant_name) == (TENANT, "Contoso")
            assert found.domains == {"contoso.com"}
            assert [each.name for each in found.permissions if each.required] == [*REQUIRED]
            assert [each.name for each in found.permissions if not each.required] == [*OPTIONAL]
            assert {each.state for each in found.permissions} == {PermissionState.GRANTED}
            assert all(each.why and each.fix for each in found.permissions)
            assert (found.lacking, found.required) == ((), 3)

    asyncio.run(go())


@pytest.mark.parametrize(
    ("denied", "missing"),
    [
        ("users", "User.Read.All"),
        ("domains", "Domain.Read.All"),
        ("organization", "Organization.Read.All"),
        ("groups", "GroupMember.Read.All"),
        (f"groups/{guid(1)}/members", "GroupMember.Read.All"),
        ("contacts", "OrgContact.Read.All"),
        ("places/microsoft.graph.room", "Place.Read.All"),
    ],
)
def test_a_check_names_the_permission_that_is_missing(authority: Authority, denied: str, missing: str) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = health(denied)
            found = await w.connector.check()
            assert [each.name for each in found.permissions if each.state is PermissionState.MISSING] == [missing]
            assert [each.name for each in found.lacking] == [missing] * (missing in REQUIRED)

    asyncio.run(go())


DENIED, NONE = (403, "ErrorAccessDenied"), (404, "MailboxNotEnabledForRESTAPI")


@pytest.mark.parametrize(
    ("seen", "synced", "state"),
    [
        ([(200, "")], 0, "granted"),
        ([DENIED, (200, "")], 0, "granted"),
        ([(200, ""), (403, "Authorization_RequestDenied")], 0, "granted"),
        ([(200, ""), DENIED], 1, "granted"),
        ([DENIED, DENIED], 0, "missing"),
        ([(403, "Authorization_RequestDenied")], 0, "missing"),
        ([(403, "extensionError"), NONE], 0, "missing"),
        # Only one of them is surely in the cloud.
        ([DENIED, DENIED], 1, "missing"),
        # These may lie on premises, where the permission opens nothing.
        ([DENIED, DENIED], 2, "unknown"),
        ([DENIED, NONE], 1, "unknown"),
        ([NONE], 0, "unknown"),
        ([(401, "OrganizationFromTenantGuidNotFound")], 0, "unknown"),
        ([(503, "ServiceUnavailable")], 0, "unknown"),
        ([], 0, "unknown"),
    ],
)
def test_mailboxes_are_asked_several_at_once_as_some_may_be_kept_from_us(
    authority: Authority, seen: list[tuple[int, str]], synced: int, state: str
) -> None:
    answers = [
        {"id": str(place), "status": status, "body": {"error": {"code": code}} if code else {"value": "user"}}
        for place, (status, code) in enumerate(seen)
    ]

    def graph(request: Request) -> Reply:
        if request.method == "POST":
            return reply({"responses": answers})
        people = page(
            *(user(number, onPremisesSyncEnabled=number < synced or None) for number in range(max(1, len(seen))))
        )
        return reply(people) if request.target.startswith("/v1.0/users?") else health()(request)

    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = graph
            found = await w.connector.check()
            states = {each.name: each.state.value for each in found.permissions}
            assert states["MailboxSettings.Read"] == state

    asyncio.run(go())


class Ahead(asyncio.SelectorEventLoop):
    """A loop whose time a test puts on."""

    by = 0.0

    def time(self) -> float:
        return super().time() + self.by


def test_what_is_not_required_is_waited_for_a_little_and_all_at_once(authority: Authority) -> None:
    slow, patience = ("groups?", "contacts?", "places/", "$batch"), 30
    loop, waited_for = Ahead(), set[str]()

    def graph(request: Request) -> Reply:
        asked = request.target.removeprefix("/v1.0/")
        if not asked.startswith(slow):
            return health()(request)
        waited_for.add(asked)
        if len(waited_for) == len(slow):
            # All of them wait: what would be waited for is over.
            loop.by = patience
        return Reply(b"", "hang")

    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = graph
            begun = loop.time()
            found = await w.connector.check(patience=patience)
            # One after the other, three would have been waited for before the last was asked.
            assert loop.time() - begun < 3 * patience
            states = {each.name: each.state.value for each in found.permissions}
            assert [states[name] for name in OPTIONAL] == ["unknown"] * 4
            assert [states[name] for name in REQUIRED] == ["granted"] * 3

    try:
        loop.run_until_complete(go())
    finally:
        loop.close()


def test_a_tenant_without_anybody_does_not_tell_about_mailboxes(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = lambda request: (
                reply(page()) if request.target.startswith("/v1.0/users?") else health()(request)
            )
            found = await w.connector.check()
            assert [each.name for each in found.permissions if each.state is PermissionState.UNKNOWN] == [
                "MailboxSettings.Read"
            ]

    asyncio.run(go())


def test_a_check_of_a_tenant_without_exchange_says_so_and_asks_for_no_consent(authority: Authority) -> None:
    refused = failed(401, "OrganizationFromTenantGuidNotFound")

    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = lambda request: refused if "/places/" in request.target else health()(request)
            found = await w.connector.check()
            [places] = [each for each in found.permissions if each.name == "Place.Read.All"]
            assert places.state is PermissionState.UNKNOWN
            assert places.fix.startswith("Exchange Online does not know this tenant")

    asyncio.run(go())


def test_a_check_sees_that_users_come_without_their_addresses(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = health(people={"id": guid(1)})
            found = await w.connector.check()
            assert [each.name for each in found.lacking] == ["User.Read.All"]

    asyncio.run(go())


@pytest.mark.parametrize(("path", "missing"), [("groups", "GroupMember.Read.All"), ("contacts", "OrgContact.Read.All")])
@pytest.mark.parametrize("seen", [{"id": guid(1)}, {"id": guid(1), "proxyAddresses": None}])
def test_a_check_sees_that_groups_or_contacts_come_without_their_addresses(
    authority: Authority, path: str, missing: str, seen: object
) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = lambda request: (
                reply(page(seen)) if request.target.startswith(f"/v1.0/{path}?") else health()(request)
            )
            found = await w.connector.check()
            assert [each.name for each in found.permissions if each.state is PermissionState.MISSING] == [missing]
            assert not found.lacking

    asyncio.run(go())


def test_a_check_takes_a_new_token_as_the_old_one_keeps_its_permissions(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = health()
            await w.connector.tenant()
            await w.connector.check()
            await w.connector.check()
            assert [each.headers["authorization"] for each in w.server.asked] == (
                ["Bearer token-1"] + ["Bearer token-2"] * 8 + ["Bearer token-3"] * 8
            )

    asyncio.run(go())


def test_a_check_that_learns_nothing_at_all_raises_what_stood_in_the_way(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(reply(raw=b"<html>", headers={"Content-Type": "text/html"}))
            with pytest.raises(Broken) as caught:
                await w.connector.check()
            assert caught.value.code == "answer_malformed"

    asyncio.run(go())
