"""One bad object spoils itself, a bad page spoils the reading."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.connectors.microsoft365.facts.decode import Decoded, PageDecoder
from mailroll.connectors.microsoft365.facts.wire import GraphUser
from mailroll.reconcile.errors import Broken
from tests.connectors.hostile import guid, page, user

USERS = PageDecoder(GraphUser)
UNSTORABLE = ["\0", "a\0b", "\ud800", "x\udfff", "\ud800\ud800"]


def read(content: object) -> Decoded[GraphUser]:
    return USERS.decode(json.dumps(content).encode(), "/users")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"null",
        b"[]",
        b'"text"',
        b"7",
        b"{}",
        b"<html></html>",
        b'{"value": []',
        b'{"value": [{"id": "x"}',
        b'{"value": {}}',
        b'{"value": null}',
        b'{"value": "x"}',
        b'{"value": [{"id": NaN}]}',
        b'{"value": [{"id": "x", "n": Infinity}]}',
        b'{"value": [], "x": NaN}',
        b'\xef\xbb\xbf{"value": []}',
        '{"value": []}'.encode("utf-16"),
        b'{"value": []} trailing',
        b"{'value': []}",
        b'{"value": [],}',
        b'{"value": [{"id": "\x00"}]}',
        b'{"value": [], "@odata.nextLink": null}',
        b'{"value": [], "@odata.nextLink": 7}',
        b'{"value": [], "@odata.nextLink": ["https://x"]}',
        b'{"value": [{"id": "\\ud800"}], "@odata.nextLink": null}',
        b'{"value": {"id": "\\ud800"}}',
        b'["\\ud800"]',
        b'{"@odata.context": "\\ud800"}',
        b'{"value": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"value": [{"id": "\\ud800", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]}",
        b"[" * 100_000,
    ],
)
def test_a_page_that_is_not_what_was_promised_is_broken(body: bytes) -> None:
    with pytest.raises(Broken) as caught:
        USERS.decode(body, "/users")
    assert caught.value.code == "answer_malformed"


@pytest.mark.parametrize("extra", [{}, {"value": []}, {"value": [{"id": "\ud800"}]}])
def test_an_error_in_a_pages_place_is_an_error(extra: dict[str, Any]) -> None:
    with pytest.raises(Broken) as caught:
        read({"error": {"code": "generalException", "message": "x"}, **extra})
    assert caught.value.code == "error_in_answer"


def test_a_page_says_whether_there_is_another() -> None:
    assert read(page()).next_link is None
    assert read(page(link="https://x/")).next_link == "https://x/"
    assert read(page({"id": "\ud800"}, link="https://x/")).next_link == "https://x/"


@pytest.mark.parametrize("text", UNSTORABLE)
@pytest.mark.parametrize("place", ["displayName", "mail", "unknown", "proxyAddresses", "deep", "key"])
def test_a_text_that_cannot_be_stored_takes_its_own_user_out_and_nobody_else(text: str, place: str) -> None:
    places: dict[str, dict[str, Any]] = {
        "proxyAddresses": {"proxyAddresses": ["SMTP:a@contoso.com", text]},
        "deep": {"other": [{"a": [text]}]},
        "key": {"other": {text: 1}},
    }
    spoilt = places.get(place, {place: text})
    found = read(page(user(1), user(2, **spoilt), user(3)))
    assert [each.id for each in found.objects] == [guid(1), guid(3)]
    assert [(each.id, each.code) for each in found.spoiled] == [(guid(2), "name_unusable")]


@pytest.mark.parametrize("bad", [b"\xff", b"\xed\xa0\x80", b"\xc3"])
@pytest.mark.parametrize("other", ["Person", "\ud800", "\0"])
def test_bytes_that_are_no_text_take_their_own_user_out_and_nobody_else(bad: bytes, other: str) -> None:
    body = json.dumps(page(user(1), user(2, displayName="MARK"), user(3, displayName=other), user(4))).encode()
    found = USERS.decode(body.replace(b"MARK", bad), "/users")
    assert {guid(1), guid(4)} <= {each.id for each in found.objects}
    assert (guid(2), "name_unusable") in [(each.id, each.code) for each in found.spoiled]


@pytest.mark.parametrize(
    "changes",
    [
        {"displayName": 7},
        {"mail": ["a@contoso.com"]},
        {"proxyAddresses": "SMTP:a@contoso.com"},
        {"proxyAddresses": [None]},
        {"proxyAddresses": {}},
        {"assignedPlans": [7]},
        {"assignedPlans": [{"servicePlanId": 7}]},
        {"userType": True},
    ],
)
@pytest.mark.parametrize("other", ["Person", "\ud800"])
def test_a_wrong_type_takes_its_own_user_out_and_nobody_else(changes: dict[str, Any], other: str) -> None:
    found = read(page(user(1), user(2, **changes), user(3, displayName=other), user(4)))
    assert guid(2) not in [each.id for each in found.objects]
    assert {guid(1), guid(4)} <= {each.id for each in found.objects}
    assert (guid(2), "object_malformed") in [(each.id, each.code) for each in found.spoiled]


@pytest.mark.parametrize("thing", [7, None, "x", [], {}, {"id": None}, {"id": 7}, {"displayName": "x"}])
@pytest.mark.parametrize("other", ["Person", "\ud800"])
def test_an_object_without_an_id_is_reported_without_one(thing: object, other: str) -> None:
    found = read(page(user(1), thing, user(3, displayName=other)))
    assert found.spoiled[0].id is None
    assert found.objects[0].id == guid(1)


def test_pictures_and_other_scripts_are_texts_like_any_other() -> None:
    found = read(page(user(1, displayName="Łukasz 😀"), user(2, displayName="\\u0000 as text")))
    assert [each.display_name for each in found.objects] == ["Łukasz 😀", "\\u0000 as text"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
PROPERTIES = st.sampled_from(
    ["id", "displayName", "mail", "proxyAddresses", "assignedPlans", "userType", "userPrincipalName", "more"]
)


@given(st.lists(st.dictionaries(PROPERTIES, JSON | st.text(st.characters()), max_size=5) | JSON, max_size=6))
def test_every_object_is_either_read_or_reported(things: list[Any]) -> None:
    found = read(page(*things))
    assert len(found.objects) + len(found.spoiled) == len(things)


@given(st.binary())
def test_any_bytes_are_a_page_or_broken(body: bytes) -> None:
    with suppress(Broken):
        USERS.decode(body, "/users")


@given(st.lists(st.text(st.characters()), min_size=1, max_size=5))
def test_both_ways_of_reading_say_the_same(names: list[str]) -> None:
    people = [user(number, displayName=name) for number, name in enumerate(names)]
    one_by_one = [read(page(each)) for each in people]
    together = read(page(*people, {"id": "\ud800"}))
    assert [each for one in one_by_one for each in one.objects] == list(together.objects)
