"""What is told of an object, laid upon what it was: by properties, and by a table of odd cases."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.connectors.microsoft365.facts import merge
from tests.connectors.hostile import TENANT, guid

SHOWN = ("id", "displayName", "mail", "proxyAddresses", "employeeOrgData")
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "displayName": st.none() | st.text(max_size=3),
    "mail": st.none() | st.sampled_from(("a@x.example", "b@x.example")),
    "proxyAddresses": st.lists(st.sampled_from(("SMTP:a@x.example", "smtp:b@x.example")), unique=True),
    "employeeOrgData": st.none()
    | st.fixed_dictionaries({name: st.none() | st.text(max_size=2) for name in ("division", "costCenter")}),
    "jobTitle": st.text(max_size=2),  # changes, and nobody asked for it
}
State = dict[str, Any]


def listed(state: State) -> State:
    """An object as a listing shows it: what was never set is null, or an empty list."""
    empty: State = {"id": guid(1), "displayName": None, "mail": None, "proxyAddresses": [], "employeeOrgData": None}
    return empty | {name: state[name] for name in SHOWN if name in state}


@st.composite
def histories(draw: st.DrawFn) -> tuple[bytes | None, list[bytes], State]:
    """An object before, what a round told of it while it changed on, and what it came to.

    An entry has at least the properties that were updated since the one before, and any others that were ever set; a
    change that comes again comes with the values of that time.
    """
    state: State = {}
    for name in draw(st.lists(st.sampled_from(sorted(VALUES)), unique=True)):
        state[name] = draw(VALUES[name])
    was_known = draw(st.booleans())
    before = json.dumps(listed(state)).encode() if was_known else None
    entries: list[bytes] = []
    untold = set() if was_known else {*state}
    for _ in range(draw(st.integers(1, 5))):
        name = draw(st.sampled_from(sorted(VALUES)))
        state[name] = draw(VALUES[name])
        untold.add(name)
        if draw(st.booleans()):
            continue
        entries.append(_entry(draw, state, untold))
        untold.clear()
    entries.append(_entry(draw, state, untold))
    return before, entries, state


def _entry(draw: st.DrawFn, state: State, changed: set[str]) -> bytes:
    names = changed | draw(st.sets(st.sampled_from(sorted(state)))) if state else changed
    told = {name: state[name] for name in draw(st.permutations(sorted(names & {*SHOWN})))}
    return json.dumps({"id": guid(1)} | told).encode()


@given(histories())
def test_what_was_told_comes_to_what_a_listing_shows(history: tuple[bytes | None, list[bytes], State]) -> None:
    raw, entries, state = history
    for entry in entries:
        raw = merge.merged(raw, entry, SHOWN)
    assert raw is not None
    assert json.loads(raw) == listed(state)


@given(histories())
def test_an_entry_that_comes_again_changes_nothing(history: tuple[bytes | None, list[bytes], State]) -> None:
    raw, entries, _ = history
    for entry in entries:
        raw = merge.merged(raw, entry, SHOWN)
    assert merge.merged(raw, entries[-1], SHOWN) == raw


def merged(before: object, entry: object) -> object:
    raw = None if before is None else json.dumps(before).encode()
    return json.loads(merge.merged(raw, json.dumps(entry).encode(), SHOWN))


def test_marks_of_a_round_are_no_properties() -> None:
    entry = {"id": guid(1), "members@delta": [{"id": guid(2)}], "mail": "a@x.example"}
    assert merged({"id": guid(1), "mail": None}, entry) == {"id": guid(1), "mail": "a@x.example"}


def test_the_type_of_an_object_stays_where_it_is_not_told() -> None:
    agent = {"@odata.type": "#microsoft.graph.agentUser", "id": guid(1), "mail": None}
    assert merged(agent, {"id": guid(1), "mail": "a@x.example"}) == agent | {"mail": "a@x.example"}


def test_a_part_of_a_property_leaves_the_rest_of_it() -> None:
    before = {"id": guid(1), "employeeOrgData": {"division": "A", "costCenter": "1"}}
    entry = {"id": guid(1), "employeeOrgData": {"costCenter": None}}
    assert merged(before, entry) == {"id": guid(1), "employeeOrgData": {"division": "A", "costCenter": None}}
    assert merged(before, {"id": guid(1), "employeeOrgData": None}) == {"id": guid(1), "employeeOrgData": None}


def test_a_text_that_cannot_be_stored_passes_for_the_decoder_to_mend() -> None:
    raw = merge.merged(
        None, b'{"id": "%s", "displayName": "\\ud800"}' % guid(1).encode(), ("id", "mail", "displayName")
    )
    assert json.loads(raw) == {"id": guid(1), "mail": None, "displayName": "\ud800"}


@pytest.mark.parametrize("entry", [b"17", b"[]", b"{", b'{"id": NaN}', b"\xff"])
def test_what_is_no_object_is_not_merged(entry: bytes) -> None:
    with pytest.raises(ValueError, match="no JSON object"):
        merge.merged(None, entry, SHOWN)


def test_the_last_word_on_a_member_counts() -> None:
    entries: list[dict[str, Any]] = [
        {"id": guid(1)},
        {"id": guid(2).upper()},
        {"id": guid(1), "@removed": {"reason": "deleted"}},
    ]
    assert merge.members(TENANT, entries) == ((f"{TENANT}:{guid(2)}",), (f"{TENANT}:{guid(1)}",))
