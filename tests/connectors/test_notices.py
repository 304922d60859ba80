"""Subscriptions at Graph, whatever it answers: each fault is told apart, and nothing but a subscription is written."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from mailroll.connectors.microsoft365.notices import GraphNotices
from mailroll.connectors.notices import Notice, NoticeGone, NoticeTaken
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent, Retry
from mailroll.reconcile.model import ObjectType
from tests.connectors.hostile import (
    CANARY,
    Authority,
    Hostile,
    Reply,
    failed,
    guid,
    listening,
    one_after_another,
    reply,
    settings_for,
)

URL = "https://console.example.com/notifications/microsoft365/"
END = datetime(2026, 12, 6, 9, tzinfo=UTC)
MADE: dict[str, object] = {
    "id": guid(7).upper(),
    "expirationDateTime": "2026-12-06T09:00:00.1234567Z",
    "resource": "Users",
}
LATER = END.replace(microsecond=123456)


async def _begin(notices: GraphNotices) -> Notice:
    return await notices.begin(ObjectType.GROUP, URL, "proof", END)


def test_what_is_asked_is_a_subscription_and_nothing_else(authority: Authority) -> None:
    async def talk() -> Hostile:
        async with listening(authority.server_file) as graph:
            mine, other = {**MADE, "notificationUrl": URL}, {**MADE, "notificationUrl": "https://other.example/"}
            more = {
                "value": [other, {**mine, "resource": "groups"}],
                "@odata.nextLink": f"{graph.url}/v1.0/subscriptions?n=2",
            }
            graph.graph = one_after_another(
                failed(401, "InvalidAuthenticationToken"), reply(MADE, status=201), reply(MADE),
                reply(more), reply({"value": [mine]}), reply(status=204, raw=b""), failed(404, "ResourceNotFound"),
            )  # fmt: skip
            async with GraphNotices.open(settings_for(graph.url, authority.ca_file)) as notices:
                assert await _begin(notices) == Notice(guid(7), LATER)
                assert await notices.renew(guid(7), END) == Notice(guid(7), LATER)
                assert await notices.at(URL, ObjectType.USER) == (guid(7),)
                await notices.end(guid(7))
                await notices.end(guid(7))
                with pytest.raises(ValueError, match="users"):
                    await notices.end("../users")
            return graph

    graph = asyncio.run(talk())
    place = f"/v1.0/subscriptions/{guid(7)}"
    assert [(one.method, one.target) for one in graph.asked] == [
        ("POST", "/v1.0/subscriptions"), ("POST", "/v1.0/subscriptions"), ("PATCH", place),
        ("GET", "/v1.0/subscriptions"), ("GET", "/v1.0/subscriptions?n=2"), ("DELETE", place), ("DELETE", place),
    ]  # fmt: skip
    assert json.loads(graph.asked[0].body) == {
        "changeType": "updated,deleted",
        "resource": "groups",
        "notificationUrl": URL,
        "lifecycleNotificationUrl": URL,
        "expirationDateTime": "2026-12-06T09:00:00Z",
        "clientState": "proof",
    }
    assert len(graph.signed_in) == 2


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (failed(400, "ValidationError"), Broken, "notice_refused"),
        (failed(403, "ExtensionError"), NeedsConsent, "notice_not_allowed"),
        (failed(404, "ResourceNotFound"), NoticeGone, "notice_gone"),
        (failed(409, "ExtensionError"), NoticeTaken, "notice_taken"),
        (failed(429, "TooManyRequests", headers={"Retry-After": "7"}), Retry, "throttled"),
        (failed(503, "ServiceUnavailable"), Retry, "graph_unavailable"),
        (failed(401, "InvalidAuthenticationToken"), NeedsConsent, "token_refused"),
        (reply(status=302, raw=b"", headers={"Location": "https://other.example/"}), Broken, "redirect_refused"),
        (reply({"id": "x", "expirationDateTime": "2026-12-06T09:00:00Z"}, status=201), Broken, "answer_malformed"),
        (reply({"id": guid(7), "expirationDateTime": "soon"}, status=201), Broken, "answer_malformed"),
        (reply([], status=201), Broken, "answer_malformed"),
        (reply(status=201, raw=b"\xff<html>"), Broken, "answer_malformed"),
        (Reply(b"", "close"), Retry, "connection_lost"),
    ],
)
def test_each_fault_is_told_apart(authority: Authority, answer: Reply, kind: type[MailrollError], code: str) -> None:
    async def talk() -> MailrollError:
        async with listening(authority.server_file) as graph:
            graph.graph = one_after_another(answer)
            async with GraphNotices.open(settings_for(graph.url, authority.ca_file)) as notices:
                with pytest.raises(kind) as caught:
                    await _begin(notices)
                return caught.value

    error = asyncio.run(talk())
    assert (type(error), error.code) == (kind, code)
    assert CANARY not in f"{error}"
    assert error.help or code == "notice_gone"
