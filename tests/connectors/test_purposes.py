"""What mailboxes say they are for, asked twenty at a time; what cannot be told is not known, never "no mailbox"."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from mailroll.connectors.base import MailboxAnswers
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent, NotVerified, Retry
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import ExternalId, Purpose
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
    world,
)

Answer = dict[str, Any]


def xid(number: int) -> ExternalId:
    return ExternalId(f"{TENANT}:{guid(number)}")


def purpose(value: object, **more: object) -> Answer:
    return {"status": 200, "headers": {"Content-Type": "application/json"}, "body": {"value": value}} | more


def refusal(status: int, code: str, **headers: str) -> Answer:
    return {"status": status, "headers": headers, "body": {"error": {"code": code, "message": "m"}}}


def batch(*answers: Answer) -> Reply:
    return reply({"responses": [{"id": str(place)} | answer for place, answer in enumerate(answers)]})


def asked(authority: Authority, *script: Reply, count: int = 1) -> tuple[Mapping[int, Purpose | Unset | None], Any]:
    """Ask for so many mailboxes under a script."""

    async def go() -> tuple[Mapping[int, Purpose | Unset | None], Any]:
        async with world(authority) as w:
            w.server.graph = one_after_another(*script)
            found = (await w.connector.purposes([xid(number) for number in range(count)])).purposes
            assert list(found) == [xid(number) for number in range(count)]
            return dict(enumerate(found.values())), w

    return asyncio.run(go())


def one(authority: Authority, answer: Answer) -> Purpose | Unset | None:
    return asked(authority, batch(answer))[0][0]


@pytest.mark.parametrize("value", ["user", "linked", "shared", "room", "equipment", "others"])
def test_every_purpose_is_known(authority: Authority, value: str) -> None:
    assert one(authority, purpose(value)) == Purpose(value)


@pytest.mark.parametrize(
    "body",
    [
        {"value": "shared"},
        {"userPurpose": "shared"},
        {"userPurpose": {"value": "shared"}},
        {"@odata.context": "c", "value": "Shared"},
    ],
)
def test_the_value_is_read_in_each_of_its_shapes(authority: Authority, body: object) -> None:
    assert one(authority, purpose(None, body=body)) is Purpose.SHARED


@pytest.mark.parametrize("value", ["unknownFutureValue", "scheduling", "teamMailbox"])
def test_a_purpose_that_nobody_knows_yet_is_another(authority: Authority, value: str) -> None:
    assert one(authority, purpose(value)) is Purpose.OTHERS


@pytest.mark.parametrize(
    "body", [None, {}, {"value": None}, {"value": ""}, {"value": 3}, {"userPurpose": {}}, [], "PGh0bWw+", 7]
)
def test_an_answer_that_says_nothing_says_nothing(authority: Authority, body: object) -> None:
    assert one(authority, purpose(None, body=body)) is UNSET


@pytest.mark.parametrize("code", ["MailboxNotEnabledForRESTAPI", "ResourceNotFound", "ErrorInvalidUser"])
def test_no_mailbox_is_known_by_the_workloads_own_word(authority: Authority, code: str) -> None:
    assert one(authority, refusal(404, code)) is None


@pytest.mark.parametrize(
    "answer",
    [
        refusal(403, "ErrorAccessDenied"),
        refusal(403, "extensionError"),
        {"status": 403, "body": {"error": {"code": "accessDenied", "message": "Access to OData is disabled."}}},
        {"status": 403},
        {"status": 403, "body": "PGh0bWw+"},
        refusal(404, "Request_ResourceNotFound"),
        refusal(404, "UnknownError"),
        {"status": 404},
        refusal(401, "InvalidAuthenticationToken"),
        refusal(424, "failedDependency"),
        refusal(500, "MailboxNotEnabledForRESTAPI"),
        refusal(503, "ServiceUnavailable"),
        {"status": 504, "body": "PGh0bWw+"},
        {"status": 204},
        {"status": "200", "body": {"value": "user"}},
        {"status": 200, "headers": 7, "body": {"value": "user"}},
        {"body": {"value": "user"}},
    ],
)
def test_every_other_answer_leaves_a_mailbox_unknown(authority: Authority, answer: Answer) -> None:
    assert one(authority, answer) is UNSET


def test_answers_are_told_apart_by_their_ids_in_any_order(authority: Authority) -> None:
    answers = [
        {"id": "2"} | purpose("room"),
        {"id": "0"} | purpose("user"),
        {"id": "1"} | refusal(404, "ResourceNotFound"),
    ]
    found, _ = asked(authority, reply({"responses": answers}), count=3)
    assert found == {0: Purpose.USER, 1: None, 2: Purpose.ROOM}


@pytest.mark.parametrize("others", [[], [7], [{"id": "9"} | purpose("room")], [{"id": 1} | purpose("room")], [None]])
def test_an_answer_that_is_missing_is_not_known(authority: Authority, others: list[object]) -> None:
    found, _ = asked(authority, reply({"responses": [{"id": "0"} | purpose("user"), *others]}), count=2)
    assert found == {0: Purpose.USER, 1: UNSET}


def test_two_answers_for_one_mailbox_are_none(authority: Authority) -> None:
    twice = [{"id": "0"} | purpose("user"), {"id": "0"} | purpose("shared")]
    found, _ = asked(authority, reply({"responses": twice}))
    assert found == {0: UNSET}


def test_twenty_are_asked_at_a_time_and_each_by_a_get(authority: Authority) -> None:
    open_: list[int] = []
    asked_: list[Sequence[str]] = []

    def graph(request: Request) -> Reply:
        assert (request.method, request.target) == ("POST", "/v1.0/$batch")
        open_.append(len(open_))
        inside = json.loads(request.body)["requests"]
        assert {each["method"] for each in inside} == {"GET"}
        assert {tuple(sorted(each)) for each in inside} == {("id", "method", "url")}
        asked_.append([each["url"] for each in inside])
        return batch(*(purpose("user") for _ in inside))

    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = graph
            found = await w.connector.purposes([xid(number) for number in range(45)])
            assert set(found.purposes.values()) == {Purpose.USER}
            assert [len(each) for each in asked_] == [20, 20, 5]
            assert [url for each in asked_ for url in each] == [
                f"/users/{guid(number)}/mailboxSettings/userPurpose" for number in range(45)
            ]
            assert await w.connector.purposes([]) == MailboxAnswers({})

    asyncio.run(go())


def test_only_those_that_were_throttled_are_asked_again_after_the_longest_wait(authority: Authority) -> None:
    first = batch(
        purpose("user"),
        refusal(429, "ApplicationThrottled", **{"Retry-After": "7"}),
        refusal(429, "TooManyRequests", **{"retry-after": "11.5"}),
        refusal(429, "TooManyRequests"),
    )
    found, w = asked(authority, first, batch(purpose("shared"), purpose("room"), purpose("equipment")), count=4)
    assert list(found.values()) == [Purpose.USER, Purpose.SHARED, Purpose.ROOM, Purpose.EQUIPMENT]
    [pause] = w.clock.slept
    assert 11.5 <= pause <= 12.65
    again = [each["url"] for each in json.loads(w.server.asked[1].body)["requests"]]
    assert [url.split("/")[2] for url in again] == [guid(1), guid(2), guid(3)]


def test_a_pause_until_a_time_counts_from_when_the_batch_was_answered(authority: Authority) -> None:
    until = refusal(429, "TooManyRequests", **{"Retry-After": "Fri, 01 Jan 2100 08:00:20 GMT"})
    answer = reply({"responses": [{"id": "0"} | until]}, headers={"Date": "Fri, 01 Jan 2100 08:00:00 GMT"})
    _, w = asked(authority, answer, batch(purpose("user")))
    [pause] = w.clock.slept
    assert 20 <= pause <= 22


def test_a_pause_without_a_length_is_nearly_a_minute(authority: Authority) -> None:
    _, w = asked(authority, batch(refusal(429, "TooManyRequests")), batch(purpose("user")))
    [pause] = w.clock.slept
    assert 45 <= pause <= 60


@pytest.mark.parametrize(("wait", "tries"), [("9", 5), ("200", 1), ("60", 5)])
def test_once_patience_ends_nobody_else_is_asked(authority: Authority, wait: str, tries: int) -> None:
    throttled = [purpose("user"), *(refusal(429, "TooManyRequests", **{"Retry-After": wait}) for _ in range(19))]
    still = [refusal(429, "TooManyRequests", **{"Retry-After": wait}) for _ in range(19)]
    found, w = asked(authority, batch(*throttled), batch(*still), count=60)
    assert found == {0: Purpose.USER} | dict.fromkeys(range(1, 60), UNSET)
    assert len(w.server.asked) == tries


def test_a_batch_that_is_throttled_as_a_whole_is_asked_again(authority: Authority) -> None:
    found, w = asked(authority, failed(429, "TooManyRequests", headers={"Retry-After": "3"}), batch(purpose("user")))
    [pause] = w.clock.slept
    assert (found, 3.0 <= pause <= 3.3) == ({0: Purpose.USER}, True)


@pytest.mark.parametrize(
    ("answer", "fault", "code"),
    [
        (failed(503, "ServiceUnavailable"), Retry, "graph_unavailable"),
        (failed(400, "BadRequest"), Broken, "graph_refused"),
        (failed(401, "InvalidAuthenticationToken"), NeedsConsent, "token_refused"),
        (failed(403, "Authorization_IdentityNotFound"), NeedsConsent, "consent_missing"),
        (reply({"responses": {}}), Broken, "answer_malformed"),
        (reply({"value": []}), Broken, "answer_malformed"),
        (reply([]), Broken, "answer_malformed"),
        (reply(raw=b'{"responses": ['), Broken, "answer_malformed"),
        (reply(raw=b"<html>", headers={"Content-Type": "text/html"}), Broken, "answer_malformed"),
    ],
)
def test_trouble_with_a_batch_as_a_whole_is_an_error(
    authority: Authority, answer: Reply, fault: type[MailrollError], code: str
) -> None:
    with pytest.raises(fault) as caught:
        asked(authority, answer)
    assert caught.value.code == code


REFUSALS = ["Authorization_RequestDenied", "ErrorAccessDenied", "extensionError", "accessDenied", "", "NewCode"]


def refused(authority: Authority, *answers: Answer) -> MailboxAnswers:
    async def go() -> MailboxAnswers:
        async with world(authority) as w:
            w.server.graph = one_after_another(batch(*answers))
            return await w.connector.purposes([xid(number) for number in range(len(answers))])

    return asyncio.run(go())


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_is_told_apart_whatever_its_code_and_concluded_from_by_nobody(
    authority: Authority, code: str
) -> None:
    others = [refusal(404, "MailboxNotEnabledForRESTAPI"), refusal(503, "ServiceUnavailable")]
    found = refused(authority, refusal(403, code), purpose("user"), *others)
    assert found.purposes == {xid(0): UNSET, xid(1): Purpose.USER, xid(2): None, xid(3): UNSET}
    assert found.refused == {xid(0)}


def test_where_exchange_does_not_know_the_tenant_nobody_can_tell(authority: Authority) -> None:
    with pytest.raises(Broken) as caught:
        asked(authority, batch(refusal(401, "OrganizationFromTenantGuidNotFound")))
    assert caught.value.code == "no_exchange"


def test_mailboxes_of_another_tenant_are_not_asked_for(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            with pytest.raises(NotVerified):
                await w.connector.purposes([xid(1), ExternalId(f"{guid(9)}:{guid(1)}")])
            assert not w.server.requests

    asyncio.run(go())


def test_rooms_are_the_addresses_that_places_have(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(
                reply(page({"id": "x", "emailAddress": "Hall@Contoso.com"}, {"id": "y", "emailAddress": None})),
                reply(
                    page(
                        {"id": "z", "emailAddress": "loft@contoso.com"}, {"id": "v"}, {"id": "w", "emailAddress": "no"}
                    )
                ),
                reply(page()),
            )
            assert await w.connector.rooms() == {"hall@contoso.com", "loft@contoso.com"}
            asked = [each.target.partition("&$top=")[2] for each in w.server.asked]
            assert asked == ["100&$skip=0", "100&$skip=2", "100&$skip=5"]
            w.server.graph = one_after_another(reply({"value": [{"id": "x", "emailAddress": 7}]}))
            with pytest.raises(Broken):
                await w.connector.rooms()
            w.server.graph = one_after_another(failed(403, "Authorization_RequestDenied"))
            with pytest.raises(NeedsConsent, match=r"Place\.Read\.All"):
                await w.connector.rooms()
            w.server.graph = one_after_another(failed(401, "OrganizationFromTenantGuidNotFound"))
            with pytest.raises(Broken, match="does not know this tenant"):
                await w.connector.rooms()

    asyncio.run(go())


def test_rooms_end_where_nothing_is_skipped(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(reply(page({"id": "x", "emailAddress": "hall@contoso.com"})))
            assert await w.connector.rooms() == {"hall@contoso.com"}
            assert len(w.server.asked) == 2

    asyncio.run(go())
