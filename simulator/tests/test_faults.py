"""Every fault there is: switched on by name, and seen on the wire."""

from inspect import isfunction

import pytest

from mailroll_simulator.faults.catalogue import CATALOGUE
from mailroll_simulator.faults.switchboard import Stage
from simulator.tests.entrance import OTHER
from simulator.tests.office import ALL, Graph
from simulator.tests.proofs import answers, bodies, pages, tokens, values

PROOFS = {
    name: each
    for module in (answers, bodies, pages, tokens, values)
    for name, each in vars(module).items()
    if isfunction(each) and each.__module__ == module.__name__ and not name.startswith("_")
}
"""Of each fault the function with its name."""
# Sign-in faults are met by a person with a browser: they have tests of their own.
ELSEWHERE = {name for name, fault in CATALOGUE.items() if fault.stage is Stage.SIGN_IN}


@pytest.mark.parametrize("name", sorted(CATALOGUE.keys() - ELSEWHERE))
def test_a_fault_has_its_effect_and_is_named_in_the_log(graph: Graph, name: str) -> None:
    graph.sim.requests.clear()
    PROOFS[name](graph)
    assert any(name in (seen.fault or "").split(",") for seen in graph.sim.requests)


def test_a_fault_strikes_as_often_as_it_is_told(graph: Graph) -> None:
    graph.sim.faults.on("throttle", times=2)
    assert [graph.get("/users").status for _ in range(4)] == [429, 429, 200, 200]


def test_a_fault_strikes_one_page(graph: Graph) -> None:
    graph.sim.faults.on("server_error", at_page=2)
    first = graph.get(ALL)
    assert (first.status, graph.get(first.json["@odata.nextLink"]).status) == (200, 503)


def test_a_fault_strikes_one_path(graph: Graph) -> None:
    graph.sim.faults.on("throttle", path="/groups/*/members")
    assert graph.get(f"/groups/{graph.group('Team')}/members").status == 429
    assert graph.get(f"/groups/{graph.group('Team')}").status == 200


def test_a_fault_strikes_one_tenant(graph: Graph) -> None:
    there = Graph.connected(graph.sim, graph.sim.tenants[1], "User.Read.All")
    graph.sim.faults.on("throttle", tenant=OTHER)
    assert (graph.get("/users").status, there.get("/users").status) == (200, 429)


def test_faults_can_be_switched_off_and_are_told_apart(graph: Graph) -> None:
    graph.sim.faults.on("throttle")
    graph.sim.faults.on("bom")
    assert [active.name for active in graph.sim.faults.active()] == ["throttle", "bom"]
    graph.sim.faults.off("throttle")
    assert graph.get("/users").body.startswith(b"\xef\xbb\xbf")
    graph.sim.reset()
    assert graph.get("/users").body.startswith(b"{")


def test_an_unknown_fault_or_option_is_refused(graph: Graph) -> None:
    with pytest.raises(LookupError, match="no fault nothing"):
        graph.sim.faults.on("nothing")
    with pytest.raises(TypeError, match="no option rate"):
        graph.sim.faults.on("throttle", rate=1)
    with pytest.raises(LookupError, match="no fault nothing"):
        graph.sim.faults.off("nothing")


def test_every_fault_is_proved() -> None:
    without = (CATALOGUE.keys() - ELSEWHERE) ^ PROOFS.keys()
    assert not without, f"each wants a function with its name in simulator/tests/proofs: {without}"
    assert {"forged_id_token", "forged_callback", "consent_not_granted"} == ELSEWHERE
