"""The panel: what can be made to happen is taken back whole, and no page but its own can make it happen."""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from mailroll_simulator import Simulator, Tenant
from mailroll_simulator.panel.deeds import DEEDS
from mailroll_simulator.panel.desk import Panel
from mailroll_simulator.panel.guide import Hint
from mailroll_simulator.panel.journal import Entry
from mailroll_simulator.tenants import practice, small_firm


@dataclass(frozen=True)
class Words:
    """A guide for tests."""

    home: str = "http://localhost:1"
    home_words: str = "Back"

    def watch(self, entry: Entry, tenant: Tenant) -> Hint:
        return Hint(f"{entry.deed} at {tenant.display_name} <watched>", "Look", "http://localhost:1/look")


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    panel = Panel(Words(), swap_seconds=600)
    with Simulator([small_firm(), practice()], seed=1, panel=panel).in_thread() as running:
        app = running.register_app(display_name="Reader", permissions=["User.Read.All"])
        running.consent(app, running.tenants[0])
        yield running


def panel_of(simulator: Simulator) -> Panel:
    assert simulator.panel is not None
    return simulator.panel


def ask(
    simulator: Simulator, method: str, path: str, body: str = "", **headers: str
) -> tuple[int, str, dict[str, str]]:
    place = urlsplit(panel_of(simulator).url)
    connection = HTTPConnection(str(place.hostname), place.port, timeout=300)
    try:
        sent = {"Content-Type": "application/x-www-form-urlencoded"} | headers
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), dict(answer.getheaders())
    finally:
        connection.close()


def press(simulator: Simulator, way: str, deed: str = "", tenant: int = 0, **changes: str) -> int:
    form = {"key": panel_of(simulator).key, "tenant": simulator.tenants[tenant].id, "deed": deed} | changes
    return ask(simulator, "POST", f"/panel/{way}", urlencode(form))[0]


def state(simulator: Simulator, tenant: int = 0) -> Any:
    """All that a client could be told of a tenant."""
    found = simulator.tenants[tenant]
    people = {user.id: (user.purpose, copy.deepcopy(_set(user.properties))) for user in found.users}
    return people, dict(found.principals), [active.name for active in simulator.faults.active()]


def _set(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value is not None}


@pytest.mark.parametrize("deed", list(DEEDS))
def test_every_deed_changes_something_and_is_taken_back_whole(simulator: Simulator, deed: str) -> None:
    before = state(simulator)
    assert press(simulator, "do", deed) == 303
    assert state(simulator) != before
    page = ask(simulator, "GET", f"/panel/?tenant={simulator.tenants[0].id}")[1]
    assert f"{deed} at Brightwater Joinery &lt;watched&gt;" in page
    assert f": {DEEDS[deed].heading}" in page
    assert press(simulator, "undo", deed) == 303
    assert state(simulator) == before
    # Whoever is back is in listings at once: nobody waits for the directory to show them.
    assert not simulator.tenants[0].made_at.keys() & {user.id for user in simulator.tenants[0].users}
    assert press(simulator, "undo", deed) == 303
    assert state(simulator) == before


def test_all_of_it_is_put_back_at_once_in_whatever_order_it_came(simulator: Simulator) -> None:
    before = state(simulator)
    for deed in ("leaver", "rename", "joiner", "swap", "leaver", "consent", "slow", "deletion", "rename", "empty"):
        assert press(simulator, "do", deed) == 303
    assert press(simulator, "undo", "leaver") == 303
    assert press(simulator, "reset") == 303
    assert state(simulator) == before


def test_who_lost_a_plan_gets_another_one(simulator: Simulator) -> None:
    panel_of(simulator).swap_seconds = 0.0
    people, *_ = state(simulator)
    assert press(simulator, "do", "swap") == 303
    ask(simulator, "GET", "/panel/")  # the loop has had its turn
    after, *_ = state(simulator)
    swapped = [key for key in people if people[key] != after[key]]
    assert len(swapped) == 9
    for key in swapped:
        assert after[key][1]["mail"] == people[key][1]["mail"]
        assert after[key][1]["proxyAddresses"] == people[key][1]["proxyAddresses"]
        assert after[key][1]["assignedLicenses"] != people[key][1]["assignedLicenses"]


def test_a_fault_is_on_for_one_tenant_at_a_time_and_the_page_says_so(simulator: Simulator) -> None:
    press(simulator, "do", "slow")
    press(simulator, "do", "slow", tenant=1)
    assert [active.tenant for active in simulator.faults.active()] == [simulator.tenants[1].id]
    first, second = (ask(simulator, "GET", f"/panel/?tenant={tenant.id}")[1] for tenant in simulator.tenants)
    assert "Answers are slow." not in first
    assert "Answers are slow." in second


def test_where_nobody_is_left_it_says_so_and_nothing_happens(simulator: Simulator) -> None:
    for _ in range(4):
        assert press(simulator, "do", "leaver", tenant=1) == 303
    assert press(simulator, "do", "leaver", tenant=1) == 409
    assert press(simulator, "do", "consent", tenant=1) == 409


def test_administrators_stay_as_somebody_has_to_sign_in(simulator: Simulator) -> None:
    press(simulator, "do", "deletion")
    assert sum(bool(user.roles) for user in simulator.tenants[0].users) == 3


@pytest.mark.parametrize(
    ("changes", "headers"),
    [
        ({"key": ""}, {}),
        ({"key": "guessed"}, {}),
        ({"key": "ü"}, {}),
        ({}, {"Origin": "http://attacker.example"}),
        ({}, {"Origin": "null"}),
        ({}, {"Host": "attacker.example"}),
        ({}, {"Host": "127.0.0.1"}),
        ({}, {"Content-Type": "text/plain"}),
    ],
)
def test_no_other_page_makes_anything_happen(
    simulator: Simulator, changes: dict[str, str], headers: dict[str, str]
) -> None:
    before = state(simulator)
    form = {"key": panel_of(simulator).key, "tenant": simulator.tenants[0].id, "deed": "leaver"} | changes
    status, text, _ = ask(simulator, "POST", "/panel/do", urlencode(form), **headers)
    assert status == 403
    assert panel_of(simulator).key not in text
    assert state(simulator) == before


def test_reading_the_page_changes_nothing_and_no_other_name_leads_to_its_key(simulator: Simulator) -> None:
    before = state(simulator)
    status, page, headers = ask(simulator, "GET", "/panel/")
    assert (status, panel_of(simulator).key in page) == (200, True)
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert not re.search("<script|onclick", page)
    rebound = ask(simulator, "GET", "/panel/", Host="attacker.example")
    assert (rebound[0], panel_of(simulator).key in rebound[1]) == (403, False)
    assert ask(simulator, "GET", "/panel/do")[0] == 404
    assert ask(simulator, "DELETE", "/panel/")[0] == 405
    assert press(simulator, "do", "no such deed") == 404
    assert press(simulator, "elsewhere", "leaver") == 404
    assert press(simulator, "do", "leaver", tenant=0) == 303
    assert state(simulator) != before


def test_a_simulator_has_no_panel_unless_it_is_asked_for() -> None:
    assert Simulator([practice()]).panel is None
