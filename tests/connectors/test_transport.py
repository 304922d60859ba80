"""What can be sent to Graph at all: questions, and nothing that would change anything."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import pytest

from mailroll.connectors.microsoft365.graph.permissions import permission_for
from mailroll.connectors.microsoft365.graph.transport import BATCH_MAX, Transport
from mailroll.connectors.microsoft365.http.channel import Channel
from mailroll.connectors.microsoft365.http.patience import Patience
from mailroll.connectors.microsoft365.sign_in.login import Login
from mailroll.reconcile.errors import Broken
from tests.connectors.hostile import (
    PATIENT,
    Authority,
    FakeClock,
    Hostile,
    listening,
    one_after_another,
    reply,
    settings_for,
)


@asynccontextmanager
async def transported(authority: Authority) -> AsyncIterator[tuple[Transport, Hostile]]:
    clock, chance = FakeClock(), Random(1)
    async with listening(authority.server_file) as server:
        settings = settings_for(server.url, authority.ca_file)
        async with Channel.open(settings.cloud, PATIENT) as channel:
            patience = Patience(clock, chance)
            login = Login(settings, channel, patience, clock)
            yield (
                Transport(settings.cloud.graph, channel, login, patience=patience, clock=clock, chance=chance),
                server,
            )


def test_a_batch_is_made_of_gets_whatever_is_asked(authority: Authority) -> None:
    async def go() -> None:
        async with transported(authority) as (transport, server):
            server.graph = one_after_another(reply({"responses": []}))
            await transport.batch(["users/a/mailboxSettings/userPurpose", "groups?$top=1"])
            [asked] = server.asked
            assert (asked.method, asked.target) == ("POST", "/v1.0/$batch")
            assert json.loads(asked.body) == {
                "requests": [
                    {"id": "0", "method": "GET", "url": "/users/a/mailboxSettings/userPurpose"},
                    {"id": "1", "method": "GET", "url": "/groups?$top=1"},
                ]
            }

    asyncio.run(go())


@pytest.mark.parametrize("count", [0, BATCH_MAX + 1])
def test_a_batch_holds_one_question_at_least_and_twenty_at_most(authority: Authority, count: int) -> None:
    async def go() -> None:
        async with transported(authority) as (transport, server):
            with pytest.raises(ValueError):  # noqa: PT011 - what it says is nobody's to read
                await transport.batch(["users"] * count)
            assert not server.requests

    asyncio.run(go())


USER, GROUP = "00000001-0000-4000-8000-000000000000", "00000002-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("identity", "groups"),
    [(USER, []), (USER, [GROUP] * 21), ("me", [GROUP]), (f"{USER}/revokeSignInSessions?x=", [GROUP]), (USER, ["x"])],
)
def test_a_check_of_memberships_names_a_user_and_one_to_twenty_groups(
    authority: Authority, identity: str, groups: list[str]
) -> None:
    async def go() -> None:
        async with transported(authority) as (transport, server):
            with pytest.raises(ValueError):  # noqa: PT011 - what it says is nobody's to read
                await transport.check_member_groups(identity, groups)
            assert not server.requests

    asyncio.run(go())


@pytest.mark.parametrize("path", ["https://evil.example/", "/users", "../users", "users#x", "%2e%2e/users"])
def test_a_path_that_leads_elsewhere_is_not_put_into_a_batch(authority: Authority, path: str) -> None:
    async def go() -> None:
        async with transported(authority) as (transport, server):
            with pytest.raises(Broken):
                await transport.batch(["users", path])
            assert not server.requests

    asyncio.run(go())


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("users", "User.Read.All"),
        ("users?$select=id", "User.Read.All"),
        ("users/x/transitiveMemberOf", "User.Read.All"),
        ("users/x/mailboxSettings/userPurpose", "MailboxSettings.Read"),
        ("groups/x/members", "GroupMember.Read.All"),
        ("contacts?$top=1", "OrgContact.Read.All"),
        ("places/microsoft.graph.room", "Place.Read.All"),
        ("subscribedSkus", "Organization.Read.All"),
        ("organization", "Organization.Read.All"),
        ("domains", "Domain.Read.All"),
        ("usersettings", "Directory.Read.All"),
        ("directoryObjects/getByIds", "Directory.Read.All"),
    ],
)
def test_a_path_tells_which_permission_it_needs(path: str, name: str) -> None:
    assert permission_for(path) == name
