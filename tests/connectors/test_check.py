"""A check says who answers, which permissions are there, and what is lacking."""

import asyncio

import pytest

from mailroll.connectors.base import PermissionState
from mailroll.reconcile.errors import Broken
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
from tests.connectors.test_connector import OPTIONAL, REQUIRED

DENIED, NONE = (403, "ErrorAccessDenied"), (404, "MailboxNotEnabledForRESTAPI")


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
