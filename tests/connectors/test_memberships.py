"""Groups as filters name them, and who is in them; where that cannot be told, why, and what to do."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from mailroll.connectors.base import GroupName, Members
from mailroll.reconcile.errors import BadInput, Broken, MailrollError, NeedsConsent, Retry
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId
from tests.connectors.hostile import (
    TENANT,
    Authority,
    Hostile,
    Reply,
    Request,
    Script,
    failed,
    group,
    guid,
    one_after_another,
    page,
    reply,
    world,
)

DENIED = failed(403, "Authorization_RequestDenied")
GONE = failed(404, "Request_ResourceNotFound")


def xid(number: int) -> ExternalId:
    return ExternalId(f"{TENANT}:{guid(number)}")


def xids(*numbers: int) -> frozenset[ExternalId]:
    return frozenset(xid(number) for number in numbers)


SALES = group(
    1,
    displayName="Sales",
    mail="sales@contoso.com",
    proxyAddresses=["SMTP:sales@contoso.com", "smtp:verkauf@contoso.com"],
)
OFFICE = group(2, displayName="Office", mail=None, proxyAddresses=[], mailEnabled=False, securityEnabled=True)
TWIN = group(3, displayName="Twins", mail="twin@contoso.com")
OTHER_TWIN = group(4, displayName="twins", mail=None, proxyAddresses=[])
ODD = group(5, displayName="office@contoso.com", mail=None, proxyAddresses=["x500:/o=x", "smtp:nonsense"])
GROUPS = [SALES, OFFICE, TWIN, OTHER_TWIN, ODD]
PEOPLE = {1: [11, 12], 2: [13], 3: [14], 4: [15], 5: [16]}


def member(number: int, type_: str = "user") -> dict[str, object]:
    return {"@odata.type": f"#microsoft.graph.{type_}", "id": guid(number)}


def inside(number: int) -> str:
    """Name the listing of everybody in a group."""
    return f"groups/{guid(number)}/transitiveMembers"


def directory(changes: Mapping[str, Reply] = {}, groups: list[Any] = GROUPS) -> Script:
    """Answer for the groups above, with other answers where given, by path."""
    whole = {"groups": reply(page(*groups))}
    for each in GROUPS:
        number = int(str(each["id"])[:8], 16)
        here = f"groups/{guid(number)}"
        people = page(*(member(person) for person in PEOPLE[number]))
        whole |= {here: reply(each), inside(number): reply(people)}
        whole[f"{here}/members"] = reply(page({"id": guid(PEOPLE[number][0])}))
    answers = whole | dict(changes)

    def graph(request: Request) -> Reply:
        return answers.get(urlsplit(request.target).path.removeprefix("/v1.0/"), GONE)

    return graph


def told(authority: Authority, script: Script, *names: str) -> tuple[Mapping[str, Members], list[str]]:
    async def go() -> tuple[Mapping[str, Members], list[str]]:
        async with world(authority) as w:
            w.server.graph = script
            found = await w.connector.members(names)
            assert set(found) == set(names)
            return found, [urlsplit(each.target).path.removeprefix("/v1.0/") for each in w.server.asked]

    return asyncio.run(go())


def problem(found: Members) -> MailrollError:
    assert found.ids is UNSET
    assert found.problem is not None
    assert found.problem.message
    assert found.problem.help
    return found.problem


@pytest.mark.parametrize(
    "name",
    [
        guid(1),
        guid(1).upper(),
        f" {guid(1)} ",
        "sales@contoso.com",
        "SALES@Contoso.com",
        "verkauf@contoso.com",
        "Sales",
        "sALES",
        " Sales ",
    ],
)
def test_a_group_is_found_by_id_by_any_address_and_by_name(authority: Authority, name: str) -> None:
    found, _ = told(authority, directory(), name)
    assert found == {name: Members(xids(11, 12), "Sales", object=guid(1))}


def test_a_name_that_looks_like_an_address_is_a_name_where_no_group_has_the_address(authority: Authority) -> None:
    found, _ = told(authority, directory(), "office@contoso.com")
    assert found["office@contoso.com"].ids == xids(16)


def test_the_groups_are_listed_once_and_each_is_read_once(authority: Authority) -> None:
    found, asked = told(authority, directory(), "Sales", "sales@contoso.com", guid(1), "Office")
    assert {name: each.group for name, each in found.items()} == {
        "Sales": "Sales",
        "sales@contoso.com": "Sales",
        guid(1): "Sales",
        "Office": "Office",
    }
    assert sorted(asked) == ["groups", f"groups/{guid(1)}", inside(1), inside(2)]


def test_an_id_alone_needs_no_listing(authority: Authority) -> None:
    _, asked = told(authority, directory(), guid(1))
    assert "groups" not in asked


def test_nobody_is_asked_about_nothing(authority: Authority) -> None:
    assert told(authority, directory()) == ({}, [])


@pytest.mark.parametrize("name", ["Marketing", "nobody@contoso.com", guid(99), "nonsense", "x" * 1_000, "Sale"])
def test_an_unknown_group_has_no_members_but_a_problem(authority: Authority, name: str) -> None:
    found, _ = told(authority, directory(), name)
    fault = problem(found[name])
    assert isinstance(fault, BadInput)
    assert fault.code == "group_unknown"
    assert len(fault.message) < 200


def test_of_two_groups_of_one_name_neither_is_taken(authority: Authority) -> None:
    found, _ = told(authority, directory(), "Twins", "twin@contoso.com", guid(4))
    fault = problem(found["Twins"])
    assert fault.code == "group_ambiguous"
    assert "twin@contoso.com" in fault.help
    assert guid(4) in fault.help
    assert (found["twin@contoso.com"].ids, found[guid(4)].ids) == (xids(14), xids(15))


def test_of_two_groups_with_one_address_neither_is_taken(authority: Authority) -> None:
    double = group(6, proxyAddresses=["smtp:sales@contoso.com"])
    found, _ = told(authority, directory(groups=[*GROUPS, double]), "sales@contoso.com")
    assert problem(found["sales@contoso.com"]).code == "group_ambiguous"


def test_a_group_without_anybody_is_known_to_be_empty(authority: Authority) -> None:
    empty = {inside(2): reply(page())}
    found, _ = told(authority, directory(empty), "Office")
    assert found["Office"] == Members(frozenset(), "Office", object=guid(2))


HIDING = {"visibility": "HiddenMembership"}
NOBODY = reply(page())


def test_hidden_members_are_not_taken_for_none(authority: Authority) -> None:
    users = {inside(1): NOBODY, f"groups/{guid(1)}/members": NOBODY}
    found, _ = told(authority, directory(users, [SALES | HIDING]), "Sales")
    fault = problem(found["Sales"])
    assert isinstance(fault, NeedsConsent)
    assert fault.code == "membership_hidden"
    assert "Member.Read.Hidden" in fault.help


def test_members_of_a_hiding_group_that_are_shown_count(authority: Authority) -> None:
    found, _ = told(authority, directory(groups=[SALES | HIDING]), "Sales")
    assert found["Sales"].ids == xids(11, 12)


@pytest.mark.parametrize("is_listed", [True, False])
def test_a_group_inside_that_hides_its_members_makes_the_whole_unknown(authority: Authority, is_listed: bool) -> None:
    hiding = group(8, displayName="Hiding") | HIDING
    groups = [*GROUPS, hiding] if is_listed else GROUPS
    answers = {
        inside(1): reply(page(member(11), member(12), member(8, "group"))),
        f"groups/{guid(8)}": reply(hiding),
        f"groups/{guid(8)}/members": NOBODY,
    }
    found, _ = told(authority, directory(answers, groups), "Sales")
    assert problem(found["Sales"]).code == "membership_hidden"
    shown, _ = told(authority, directory(answers | {f"groups/{guid(8)}/members": reply(page(member(11)))}), "Sales")
    assert shown["Sales"].ids == xids(11, 12)


def test_members_are_sorted_by_type_without_a_cast_a_header_or_a_count(authority: Authority) -> None:
    kinds = ["user", "agentUser", "group", "orgContact", "device", "servicePrincipal"]
    everybody = page(*(member(20 + place, kind) for place, kind in enumerate(kinds)))
    answers = {inside(1): reply(everybody), f"groups/{guid(22)}": reply(group(22))}

    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = directory(answers)
            found = await w.connector.members([guid(1)])
            assert found[guid(1)].ids == xids(20, 21)
            [asked] = [each for each in w.server.asked if "transitiveMembers" in each.target]
            assert asked.target.partition("?")[2] == "$select=id&$top=999"
            assert "consistencylevel" not in {name.lower() for name in asked.headers}

    asyncio.run(go())


@pytest.mark.parametrize("where", ["groups", inside(1)])
def test_a_permission_that_is_missing_is_the_problem(authority: Authority, where: str) -> None:
    found, _ = told(authority, directory({where: DENIED}), "Sales", "sales@contoso.com")
    for each in found.values():
        assert "GroupMember.Read.All" in str(problem(each))


def test_a_permission_that_is_missing_is_the_problem_of_an_id_too(authority: Authority) -> None:
    found, _ = told(authority, directory({f"groups/{guid(1)}": DENIED}), guid(1), "Office")
    assert problem(found[guid(1)]).code == "permission_missing"
    assert found["Office"].ids == xids(13)


def test_a_group_that_goes_while_it_is_read_is_unknown(authority: Authority) -> None:
    found, _ = told(authority, directory({inside(1): GONE}), "Sales")
    assert problem(found["Sales"]).code == "group_unknown"


USER = {"@odata.type": "#microsoft.graph.user"}


@pytest.mark.parametrize(
    "spoiled", [USER | {"id": 7}, USER, USER | {"id": "x"}, USER | {"id": "../users"}, {"id": guid(12)}]
)
def test_a_member_that_cannot_be_read_makes_the_whole_unknown(authority: Authority, spoiled: dict[str, object]) -> None:
    found, _ = told(authority, directory({inside(1): reply(page(member(11), spoiled))}), "Sales", "Office")
    fault = problem(found["Sales"])
    assert isinstance(fault, Broken)
    assert "/groups/{id}/transitiveMembers of Sales has a member" in fault.message
    assert found["Office"].ids == xids(13)


@pytest.mark.parametrize("answer", [{"id": guid(2)}, {"id": 7}, [], {"id": guid(1), "displayName": 7}])
def test_an_answer_that_is_not_the_group_asked_for_is_none(authority: Authority, answer: object) -> None:
    found, _ = told(authority, directory({f"groups/{guid(1)}": reply(answer)}), guid(1))
    fault = problem(found[guid(1)])
    assert isinstance(fault, Broken)
    assert f"answer to /groups/{{id}} is not the group {guid(1)}." in fault.message


def test_a_group_that_cannot_be_read_spoils_no_other(authority: Authority) -> None:
    spoiled = [group(7, displayName="\ud800"), {"displayName": "Office"}, {"id": "x", "displayName": "Office"}]
    nameless = dict.fromkeys(group(8)) | {"id": guid(8)}
    found, _ = told(authority, directory(groups=[*spoiled, nameless, *GROUPS]), "Office")
    assert found["Office"].ids == xids(13)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (failed(503, "ServiceUnavailable"), Retry),
        (failed(400, "Request_UnsupportedQuery"), Broken),
        (failed(404, "ResourceNotFound"), Broken),
        (reply([]), Broken),
    ],
)
@pytest.mark.parametrize("where", [f"groups/{guid(1)}", inside(1)])
def test_one_group_that_cannot_be_told_spoils_no_other(
    authority: Authority, where: str, answer: Reply, kind: type[MailrollError]
) -> None:
    found, _ = told(authority, directory({where: answer}), guid(1), "Office", guid(4))
    assert isinstance(problem(found[guid(1)]), kind)
    assert (found["Office"].ids, found[guid(4)].ids) == (xids(13), xids(15))


def test_without_the_list_of_groups_those_named_by_id_are_told(authority: Authority) -> None:
    found, _ = told(authority, directory({"groups": failed(503, "ServiceUnavailable")}), guid(1), "Office", "Sales")
    assert found[guid(1)].ids == xids(11, 12)
    assert isinstance(problem(found["Office"]), Retry)


@pytest.mark.parametrize(
    "answer",
    [failed(429, "TooManyRequests", headers={"Retry-After": "600"}), failed(403, "Authorization_IdentityNotFound")],
)
@pytest.mark.parametrize("where", [inside(1), f"groups/{guid(1)}"])
def test_what_is_wrong_with_all_groups_is_asked_once_and_spoils_none_that_was_told(
    authority: Authority, where: str, answer: Reply
) -> None:
    answers = directory({where: answer})
    found, asked = told(authority, answers, guid(0), guid(1), guid(4), "Office")
    codes = {name: problem(each).code for name, each in found.items()}
    assert codes[guid(0)] == "group_unknown"
    assert len({codes[guid(1)], codes[guid(4)], codes["Office"]}) == 1
    assert asked[-1] == where


def test_members_come_in_pages_and_begin_again_where_a_link_grew_too_old(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(
                reply(SALES),
                reply(page(member(11), link=w.server.link())),
                failed(400, "Directory_ExpiredPageToken"),
                reply(page(member(12), link=w.server.link())),
                reply(page(USER | {"id": guid(13).upper()})),
            )
            found = await w.connector.members([guid(1)])
            assert found[guid(1)].ids == xids(12, 13)
            w.server.graph = one_after_another(reply(SALES), failed(400, "Directory_ExpiredPageToken"))
            found = await w.connector.members([guid(1)])
            assert isinstance(problem(found[guid(1)]), Retry)

    asyncio.run(go())


def checked(authority: Authority, script: Script, asked: Mapping[int, list[int]]) -> tuple[dict[int, Any], Hostile]:
    """Ask which groups each of some users is in; both by number."""

    async def go() -> tuple[dict[int, Any], Hostile]:
        async with world(authority) as w:
            w.server.graph = script
            wanted = {xid(user): [guid(each) for each in groups] for user, groups in asked.items()}
            found = await w.connector.memberships(wanted)
            assert set(found) == set(wanted)
            return {user: found[xid(user)] for user in asked}, w.server

    return asyncio.run(go())


def holding(*numbers: int) -> Reply:
    return reply({"@odata.context": "c", "value": [guid(number).upper() for number in numbers]})


def test_each_user_is_asked_about_once_for_twenty_groups(authority: Authority) -> None:
    many = list(range(1, 26))
    found, server = checked(authority, lambda _: holding(3, 24, 99), {50: many, 51: [3]})
    assert found == {50: {guid(3), guid(24)}, 51: {guid(3)}}
    asked = [(each.method, each.target, len(json.loads(each.body)["groupIds"])) for each in server.asked]
    path = "/v1.0/users/{}/checkMemberGroups"
    assert sorted(asked) == [
        ("POST", path.format(guid(50)), 5),
        ("POST", path.format(guid(50)), 20),
        ("POST", path.format(guid(51)), 1),
    ]


@pytest.mark.parametrize(
    "answer", [GONE, failed(400, "BadRequest"), failed(503, "ServiceUnavailable"), reply({}), reply({"value": [7]})]
)
def test_who_cannot_be_told_is_not_known_and_spoils_nobody_else(authority: Authority, answer: Reply) -> None:
    def graph(request: Request) -> Reply:
        return answer if guid(50) in request.target else holding(1)

    found, _ = checked(authority, graph, {50: [1], 51: [1], 52: [2]})
    assert found == {50: UNSET, 51: {guid(1)}, 52: frozenset()}


def test_a_refusal_of_all_ends_the_questions(authority: Authority) -> None:
    refusal = failed(403, "Authorization_IdentityNotFound")
    found, server = checked(authority, lambda _: refusal, {user: [1] for user in range(50, 90)})
    assert set(found.values()) == {UNSET}
    assert len(server.asked) < 10


def test_all_groups_with_a_name_are_offered(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = directory(groups=[SALES, OFFICE, dict.fromkeys(group(8)) | {"id": guid(8)}])
            assert await w.connector.groups() == [
                GroupName(guid(1), "Sales", "sales@contoso.com"),
                GroupName(guid(2), "Office", ""),
            ]

    asyncio.run(go())
