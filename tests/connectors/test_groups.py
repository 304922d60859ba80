"""Groups and contacts: read after the users, as strictly as they are, and left out where they may not be read."""

import asyncio
import json
from typing import Any

import msgspec
import pytest

from mailroll.connectors.microsoft365.facts.records import contact_record, group_record
from mailroll.connectors.microsoft365.facts.wire import CONTACT_SELECT, GROUP_SELECT, GraphContact, GraphGroup
from mailroll.reconcile.addresses import ProxyAddress, ProxyRole
from mailroll.reconcile.errors import MailrollError, NeedsConsent, Retry
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, ObjectType, Record, Unreadable
from tests.connectors.hostile import (
    TENANT,
    Authority,
    Reply,
    Request,
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

DENIED = failed(403, "Authorization_RequestDenied")


def xid(number: int) -> ExternalId:
    return ExternalId(f"{TENANT}:{guid(number)}")


def group_of(thing: dict[str, Any]) -> Record | Unreadable:
    return group_record(TENANT, msgspec.json.decode(json.dumps(thing), type=GraphGroup))


def contact_of(thing: dict[str, Any]) -> Record | Unreadable:
    return contact_record(TENANT, msgspec.json.decode(json.dumps(thing), type=GraphContact))


def test_a_group_is_a_record_with_its_addresses() -> None:
    assert group_of(group(1, proxyAddresses=["SMTP: list1@contoso.com", "smtp:all@contoso.com"])) == Record(
        xid(1),
        ObjectType.GROUP,
        (ProxyAddress(ProxyRole.PRIMARY, "list1@contoso.com"), ProxyAddress(ProxyRole.ALIAS, "all@contoso.com")),
        "list1@contoso.com",
        "List 1",
        mail_enabled=True,
        form="distribution list",
    )


@pytest.mark.parametrize(
    ("changes", "form"),
    [
        ({}, "distribution list"),
        ({"securityEnabled": True}, "mail-enabled security group"),
        ({"groupTypes": ["Unified"]}, "Microsoft 365 group"),
        ({"groupTypes": ["DynamicMembership", "Unified"], "securityEnabled": True}, "Microsoft 365 group"),
        ({"mailEnabled": False, "securityEnabled": True}, "security group"),
        ({"mailEnabled": False, "securityEnabled": True, "groupTypes": ["DynamicMembership"]}, "security group"),
        ({"groupTypes": None}, ""),
        ({"securityEnabled": None}, ""),
    ],
)
def test_the_form_of_a_group_is_said_in_the_admin_centers_words(changes: dict[str, Any], form: str) -> None:
    found = group_of(group(1, **changes))
    assert isinstance(found, Record)
    assert found.form == form


def test_a_group_that_takes_no_mail_is_a_record_too() -> None:
    found = group_of(group(1, mailEnabled=False, securityEnabled=True, mail=None, proxyAddresses=[]))
    assert isinstance(found, Record)
    assert (found.mail_enabled, found.proxies, found.mail) == (False, (), None)


@pytest.mark.parametrize(
    "thing",
    [
        dict.fromkeys(group(1)) | {"id": guid(1)},
        group(1, mailEnabled=None),
    ],
)
def test_nulls_of_a_group_that_may_not_be_seen_say_nothing(thing: dict[str, Any]) -> None:
    assert group_of(thing) == Record(xid(1), ObjectType.GROUP)


def test_null_in_place_of_addresses_means_none() -> None:
    for found in (group_of(group(1, proxyAddresses=None)), contact_of(contact(1, proxyAddresses=None))):
        assert isinstance(found, Record)
        assert found.proxies == ()
        assert found.display_name


def test_nulls_of_a_contact_that_may_not_be_seen_say_nothing() -> None:
    assert contact_of(dict.fromkeys(contact(1)) | {"id": guid(1)}) == Record(xid(1), ObjectType.CONTACT)


def test_objects_as_abbreviated_as_in_samples_say_only_what_is_in_them() -> None:
    short = group_of({"id": guid(1), "displayName": "Sales", "mail": "sales@contoso.com"})
    assert short == Record(xid(1), ObjectType.GROUP, mail="sales@contoso.com", display_name="Sales")
    person = contact_of({"id": guid(2), "surname": "Jones"})
    assert person == Record(xid(2), ObjectType.CONTACT)
    assert isinstance(person, Record)
    assert (person.proxies, person.mail) == (UNSET, UNSET)


def test_a_contact_is_a_record_with_its_addresses_and_name() -> None:
    assert contact_of(contact(1)) == Record(
        xid(1),
        ObjectType.CONTACT,
        (ProxyAddress(ProxyRole.PRIMARY, "contact1@fabrikam.example"),),
        "contact1@fabrikam.example",
        "Contact 1",
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"displayName": "x" * 1_000_000},
        {"mail": "x" * 5_000},
        {"proxyAddresses": ["smtp:a@contoso.com"] * 10_000},
        {"proxyAddresses": ["smtp:" + "x" * 1_000_000, "smtp:a@contoso.com"]},
    ],
)
def test_what_no_group_and_no_contact_can_be_like_is_shortened_and_reported(changes: dict[str, Any]) -> None:
    for found in (group_of(group(1, **changes)), contact_of(contact(1, **changes))):
        assert isinstance(found, Record)
        assert (found.id, found.flaws) == (xid(1), tuple(changes))
        assert found.proxies


def test_a_group_and_a_contact_without_a_guid_are_named_by_what_is_known_of_them() -> None:
    for found in (group_of(group(1, id="x")), contact_of(contact(1, id="x"))):
        assert isinstance(found, Unreadable)
        assert (found.code, found.id) == ("id_malformed", None)
        assert found.name
        assert found.addresses


def serve(**by_path: Reply) -> Any:
    """Answer each listing with what is given for it; users are one person unless given."""
    whole = {"users": reply(page(user(1)))} | by_path
    return lambda request: whole[request.target.removeprefix("/v1.0/").partition("?")[0]]


def test_users_come_first_then_groups_then_contacts(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority, groups=True, contacts=True) as w:
            w.server.graph = serve(groups=reply(page(group(2))), contacts=reply(page(contact(3))))
            pages, ended = await w.whole()
            assert ended
            assert [(each.id, each.type) for part in pages for each in part.records] == [
                (xid(1), ObjectType.USER),
                (xid(2), ObjectType.GROUP),
                (xid(3), ObjectType.CONTACT),
            ]
            assert [each.target for each in w.server.asked[1:]] == [
                f"/v1.0/groups?$select={','.join(GROUP_SELECT)}&$top=999",
                f"/v1.0/contacts?$select={','.join(CONTACT_SELECT)}&$top=999",
            ]

    asyncio.run(go())


@pytest.mark.parametrize(("groups", "contacts"), [(False, False), (True, False), (False, True)])
def test_what_is_not_wanted_is_not_asked_for(authority: Authority, *, groups: bool, contacts: bool) -> None:
    async def go() -> None:
        async with world(authority, groups=groups, contacts=contacts) as w:
            w.server.graph = serve(groups=reply(page()), contacts=reply(page()))
            await w.whole()
            paths = [each.target.partition("?")[0] for each in w.server.asked]
            assert ("/v1.0/groups" in paths, "/v1.0/contacts" in paths) == (groups, contacts)

    asyncio.run(go())


def test_groups_that_may_not_be_read_are_unread_and_the_reading_is_whole(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority, groups=True, contacts=True) as w:
            w.server.graph = serve(groups=DENIED, contacts=reply(page(contact(3))))
            pages, ended = await w.whole()
            assert ended
            assert [each.id for part in pages for each in part.records] == [xid(1), xid(3)]
            [unread] = w.unread
            assert unread.type is ObjectType.GROUP
            assert "GroupMember.Read.All" in str(unread.error)
            w.server.graph = serve(groups=reply(page()), contacts=DENIED)
            await w.whole()
            assert [each.type for each in w.unread] == [ObjectType.GROUP, ObjectType.CONTACT]
            assert "OrgContact.Read.All" in str(w.unread[1].error)

    asyncio.run(go())


@pytest.mark.parametrize("path", ["groups", "contacts"])
@pytest.mark.parametrize(
    "answer",
    [
        failed(403, "Authorization_IdentityNotFound"),
        failed(503, "ServiceUnavailable"),
        failed(400, "BadRequest"),
        failed(404, "Request_ResourceNotFound"),
        reply(raw=b'{"value": ['),
        reply({"value": {}}),
        reply({"error": {"code": "x"}}),
    ],
)
def test_any_other_trouble_with_a_listing_fails_the_reading(authority: Authority, path: str, answer: Reply) -> None:
    async def go() -> None:
        async with world(authority, groups=True, contacts=True) as w:
            w.server.graph = serve(**{"groups": reply(page()), "contacts": reply(page())} | {path: answer})
            with pytest.raises(MailrollError):
                await w.whole()
            assert not w.unread

    asyncio.run(go())


def test_a_permission_for_users_that_is_missing_fails_the_reading(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority, groups=True) as w:
            w.server.graph = serve(users=DENIED, groups=reply(page()))
            with pytest.raises(NeedsConsent):
                await w.whole()

    asyncio.run(go())


def test_each_listing_begins_again_for_itself_where_a_link_grew_too_old(authority: Authority) -> None:
    expired = failed(400, "Directory_ExpiredPageToken")

    async def go() -> None:
        async with world(authority, groups=True) as w:
            link = w.server.link()
            w.server.graph = one_after_another(
                *(reply(page(user(1), link=link)), expired) * 2,
                reply(page(user(1))),
                *(reply(page(group(2), link=link)), expired) * 2,
                reply(page(group(2), group(3))),
            )
            pages, ended = await w.whole()
            assert ended
            assert len([each for part in pages for each in part.records]) == 3 + 4
            w.server.graph = one_after_another(reply(page(user(1))), *(reply(page(group(2), link=link)), expired) * 3)
            with pytest.raises(Retry) as caught:
                await w.whole()
            assert caught.value.code == "reading_expired"

    asyncio.run(go())


def test_a_spoiled_group_spoils_no_other(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority, groups=True, contacts=True) as w:
            w.server.graph = serve(
                groups=reply(page(group(2, displayName="\ud800"), group(3), group(3, mail=7))),
                contacts=reply(page(contact(4, proxyAddresses="x"), {"displayName": "nobody"}, contact(5))),
            )
            pages, _ = await w.whole()
            records = [each for part in pages for each in part.records]
            assert [(each.id, each.flaws) for each in records] == [
                (xid(1), ()),
                (xid(2), ("displayName",)),
                (xid(3), ()),
                (xid(3), ("mail",)),
                (xid(4), ("proxyAddresses",)),
                (xid(5), ()),
            ]
            assert [(each.id, each.code, each.name) for part in pages for each in part.unreadable] == [
                (None, "object_malformed", "nobody"),
            ]

    asyncio.run(go())


def test_objects_are_asked_for_by_their_own_type(authority: Authority) -> None:
    questions = []

    def graph(request: Request) -> Reply:
        question = json.loads(request.body)
        questions.append((question["types"], question["ids"], request.target.partition("?")[2]))
        return reply(page(*{"user": [user(1)], "group": [group(2)], "orgContact": []}[question["types"][0]]))

    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = graph
            found = await w.connector.find(
                {
                    xid(3): ObjectType.CONTACT,
                    xid(2): ObjectType.GROUP,
                    xid(1): ObjectType.USER,
                    xid(4): ObjectType.GROUP,
                }
            )
            assert {name: None if each is None else each.type for name, each in found.items()} == {
                xid(1): ObjectType.USER,
                xid(2): ObjectType.GROUP,
                xid(3): None,
                xid(4): None,
            }
            assert [(types, ids) for types, ids, _ in questions] == [
                (["user"], [guid(1)]),
                (["group"], [guid(2), guid(4)]),
                (["orgContact"], [guid(3)]),
            ]
            assert questions[1][2] == f"$select={','.join(GROUP_SELECT)}"
            assert questions[2][2] == f"$select={','.join(CONTACT_SELECT)}"

    asyncio.run(go())


def test_an_object_that_comes_back_as_another_type_is_not_the_one_that_was_asked_for(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = lambda request: reply(
                page(user(2)) if json.loads(request.body)["types"] == ["user"] else page()
            )
            found = await w.connector.find({xid(1): ObjectType.USER, xid(2): ObjectType.GROUP})
            assert found == {xid(1): None, xid(2): None}

    asyncio.run(go())


@pytest.mark.parametrize(
    ("type_", "path", "thing", "permission"),
    [
        (ObjectType.GROUP, "groups", group(1), "GroupMember.Read.All"),
        (ObjectType.CONTACT, "contacts", contact(1), "OrgContact.Read.All"),
    ],
)
def test_where_many_may_not_be_asked_for_a_few_are_asked_for_one_by_one(
    authority: Authority, type_: ObjectType, path: str, thing: dict[str, object], permission: str
) -> None:
    def graph(request: Request) -> Reply:
        if request.method == "POST":
            return DENIED
        assert request.target.startswith(f"/v1.0/{path}/")
        if guid(2) in request.target:
            return failed(404, "Request_ResourceNotFound")
        return reply(thing if guid(1) in request.target else {"id": guid(3), "mail": 7})

    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = graph
            found = await w.connector.find(dict.fromkeys((xid(1), xid(2), xid(3)), type_))
            assert found[xid(2)] is None
            assert found[xid(3)] == Record(xid(3), type_, flaws=("mail",))
            record = found[xid(1)]
            assert record is not None
            assert record.display_name == thing["displayName"]
            w.server.graph = one_after_another(DENIED)
            with pytest.raises(NeedsConsent, match=permission.replace(".", r"\.")):
                await w.connector.find({xid(1): type_})

    asyncio.run(go())


def test_a_group_that_may_not_be_seen_is_there_all_the_same(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(reply(page(dict.fromkeys(group(1)) | {"id": guid(1)})))
            assert await w.connector.find({xid(1): ObjectType.GROUP}) == {xid(1): Record(xid(1), ObjectType.GROUP)}

    asyncio.run(go())
