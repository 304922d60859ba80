"""Names and types of all that is answered, held against Graph's own metadata."""

from collections.abc import Iterator

import pytest

from mailroll_simulator import Simulator, tenants
from mailroll_simulator.schema import object_type
from simulator.tests.conformity import faults_of
from simulator.tests.office import EVERYTHING, Graph, office

LISTS = {
    "/users": "user",
    "/groups": "group",
    "/contacts": "orgContact",
    "/domains": "domain",
    "/organization": "organization",
    "/subscribedSkus": "subscribedSku",
    "/places/microsoft.graph.room": "room",
    "/directory/deletedItems/microsoft.graph.user": "user",
    "/users/delta": "user",
    "/groups/delta": "group",
}
MAKERS = [office, tenants.haulier, tenants.mess]


@pytest.fixture(scope="module", params=MAKERS, ids=lambda make: make.__name__)
def readable(request: pytest.FixtureRequest) -> Iterator[Graph]:
    with Simulator([request.param()], seed=1).in_thread() as sim:
        yield Graph.connected(sim, sim.tenants[0], *EVERYTHING)


def test_what_is_listed_by_default_is_as_declared(readable: Graph) -> None:
    for path, kind in LISTS.items():
        assert [(path, fault) for item in readable.listed(path) for fault in faults_of(item, kind)] == []


def test_every_property_can_be_selected_and_is_as_declared(readable: Graph) -> None:
    for path, kind in LISTS.items():
        declared = object_type(kind)
        names = {name for name in declared.properties if name not in declared.single and name != "signInActivity"}
        for item in readable.listed(f"{path}?$select={','.join(names)}"):
            shown = {name for name in item if not name.startswith("@odata.")}
            assert shown == names or (path.endswith("/delta") and shown < names)
            assert faults_of(item, kind) == []


def test_what_one_user_has_is_as_declared(readable: Graph) -> None:
    owner = next(user for user in readable.tenant.users if user.purpose == "user" and not user.barred)
    names = [name for name in object_type("user").properties if name != "signInActivity"]
    assert faults_of(readable.get(f"/users/{owner.id}?$select={','.join(names)}").json, "user") == []
    assert faults_of(readable.get(f"/users/{owner.id}/mailboxSettings").json, "mailboxSettings") == []


def test_a_fault_would_be_found() -> None:
    assert faults_of({"mailEnabled": True}, "user") == ["mailEnabled: no property of user"]
    assert faults_of({"accountEnabled": "yes"}, "user") == ["accountEnabled: 'yes' is no Edm.Boolean"]
    assert faults_of({"proxyAddresses": None}, "user") == ["proxyAddresses: null"]
    assert faults_of({"assignedLicenses": [{"skuId": "x"}]}, "user") == [
        "assignedLicenses[0].skuId: 'x' is no Edm.Guid"
    ]
