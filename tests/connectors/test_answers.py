"""Answers that are none: never taken for a page."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from mailroll.connectors.microsoft365 import Microsoft365
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import Broken
from mailroll.reconcile.model import ExternalId, ObjectType
from tests.connectors.hostile import (
    CANARY,
    TENANT,
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

NONSENSE = {
    "html": (reply(raw=b"<html>login</html>", headers={"Content-Type": "text/html"}), "answer_malformed"),
    "json called html": (reply(page(), headers={"Content-Type": "text/html"}), "answer_malformed"),
    "html called json": (reply(raw=b"<html>login</html>"), "answer_malformed"),
    "no content type": (reply(page(), headers={"Content-Type": ""}), "answer_malformed"),
    "empty": (reply(raw=b""), "answer_malformed"),
    "no content": (Reply(b"HTTP/1.1 204 No Content\r\n\r\n"), "graph_refused"),
    "partial": (reply(page(), status=206), "graph_refused"),
    "error in 200": (reply({"error": {"code": "x", "message": CANARY}}), "error_in_answer"),
    "cut json": (reply(raw=json.dumps(page(user(1))).encode()[:-9]), "answer_malformed"),
    "value no list": (reply({"value": {}}), "answer_malformed"),
    "no value": (reply({}), "answer_malformed"),
    "nan": (reply(raw=b'{"value":[{"id":NaN}]}'), "answer_malformed"),
    "byte order mark": (reply(raw=b'\xef\xbb\xbf{"value":[]}'), "answer_malformed"),
    "depth bomb": (reply(raw=b'{"value":' + b"[" * 100_000), "answer_malformed"),
    "null link": (reply(raw=b'{"value":[],"@odata.nextLink":null}'), "answer_malformed"),
    "not http": (Reply(b"220 smtp.example ESMTP\r\n", "close"), "answer_malformed"),
    "until close, cut": (
        Reply(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{"value":[', "close"),
        "answer_malformed",
    ),
    "not gzip": (reply(page(), headers={"Content-Encoding": "gzip"}), "page_cut_short"),
    "brotli": (reply(page(), headers={"Content-Encoding": "br"}), "answer_malformed"),
    "gzip twice": (reply(page(), headers={"Content-Encoding": "gzip, gzip"}), "answer_malformed"),
    "redirect": (reply(raw=b"", status=302, headers={"Location": "https://127.0.0.2/"}), "redirect_refused"),
    "redirect 307": (reply(raw=b"", status=307, headers={"Location": "/v1.0/users"}), "redirect_refused"),
    "redirect 308": (reply(raw=b"", status=308, headers={"Location": "http://127.0.0.1/"}), "redirect_refused"),
    "not modified": (Reply(b"HTTP/1.1 304 Not Modified\r\n\r\n"), "redirect_refused"),
    "bad request": (failed(400, "BadRequest"), "graph_refused"),
    "bad code": (failed(400, f"{CANARY}\r\n<script>"), "graph_refused"),
    "not found": (failed(404, "Request_ResourceNotFound"), "object_absent"),
    "gone": (failed(410, "resyncRequired", headers={"Location": "https://127.0.0.2/"}), "graph_refused"),
    "not implemented": (failed(501, "NotImplemented"), "graph_refused"),
}


@pytest.mark.parametrize("name", NONSENSE)
@pytest.mark.parametrize("page_number", [1, 2])
def test_an_answer_that_is_none_is_never_taken_for_one(authority: Authority, name: str, page_number: int) -> None:
    answer, code = NONSENSE[name]

    async def go() -> None:
        async with world(authority) as w:
            first = [reply(page(user(1), link=w.server.link()))] if page_number == 2 else []
            w.server.graph = one_after_another(*first, answer)
            with pytest.raises(Broken) as caught:
                await w.whole()
            assert caught.value.code == code
            assert CANARY not in str(caught.value)
            assert str(caught.value).isprintable()

    asyncio.run(go())


EVA = ExternalId(f"{TENANT}:{guid(7)}")
MALFORMED: dict[str, tuple[Reply, Callable[[Microsoft365], Awaitable[object]], str]] = {
    "a page": (reply({}), lambda c: c.domains(), "/domains has no list of objects."),
    "an object": (reply(page({"id": CANARY, "isVerified": CANARY})), lambda c: c.domains(), "/domains has an object"),
    "a room": (
        reply(page({"id": guid(1), "emailAddress": 7})),
        lambda c: c.rooms(),
        "/places/microsoft.graph.room has an object that cannot be read.",
    ),
    "not json": (reply(raw=b"<html>", headers={"Content-Type": "text/html"}), lambda c: c.tenant(), "/organization is"),
    "packed": (reply(page(), headers={"Content-Encoding": "br"}), lambda c: c.tenant(), "/organization is packed"),
    "not http": (Reply(b"220 smtp\r\n", "close"), lambda c: c.tenant(), "/organization is not HTTP as 127.0.0.1"),
    "no tenant": (reply(page()), lambda c: c.tenant(), "/organization does not say which tenant it is."),
    "a batch": (reply({}), lambda c: c.purposes([EVA]), "/$batch has not the shape of a batch"),
    "a count": (reply({}), lambda c: c.people(DomainName("contoso.com")), "/users has no count."),
    "roles": (reply({}), lambda c: c.roles(guid(7)), "/users/{id}/transitiveMemberOf has no list of objects."),
    "by id": (
        reply(page({"displayName": CANARY})),
        lambda c: c.find({EVA: ObjectType.USER}),
        "/directoryObjects/getByIds has an object without a readable id.",
    ),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_an_error_about_an_answer_names_the_call_and_no_value(authority: Authority, name: str) -> None:
    answer, question, words = MALFORMED[name]

    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(answer)
            with pytest.raises(Broken) as caught:
                await question(w.connector)
            assert caught.value.code == "answer_malformed"
            assert f"answer to {words}" in caught.value.message
            assert CANARY not in str(caught.value)
            assert guid(7) not in str(caught.value)

    asyncio.run(go())


def test_a_page_further_on_is_named_by_the_call_that_began_it(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(
                reply(page(link=w.server.link().replace("/users", f"/{CANARY}"))), reply({})
            )
            with pytest.raises(Broken) as caught:
                await w.whole()
            assert caught.value.message == "Microsoft's answer to /users has no list of objects."
            assert CANARY in w.server.asked[-1].target

    asyncio.run(go())


def test_the_id_of_the_request_is_kept_for_support(authority: Authority) -> None:
    fault, _ = failing(authority, one_after_another(failed(400, "BadRequest")))
    assert "aaaa-bbbb" in fault.message
    assert "BadRequest" in fault.message
    fault, _ = failing(authority, one_after_another(failed(400, "BadRequest", headers={"request-id": "<script>"})))
    assert "<" not in fault.message
