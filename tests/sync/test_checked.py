"""Runs keep what a tenant grants: its name, its permissions, and that it does not let in any more."""

from typing import Any

from mailroll.audit.models import AuditEntry
from mailroll.connections import check
from mailroll.connections.models import Connection
from tests.sync.world import Customer, failure


def health(customer: Customer) -> dict[str, Any]:
    known: dict[str, Any] = Connection.objects.get(id=customer.connection.id).health
    return known


def entries() -> list[str]:
    found = AuditEntry.objects.filter(action="connection.checked").order_by("id")
    return [entry.details["result"] for entry in found]


def test_a_run_learns_the_name_of_the_tenant_and_what_it_grants(customer: Customer) -> None:
    assert health(customer) == {}
    customer.preview()
    known = health(customer)
    assert (known["state"], known["tenant_name"], known["error"]) == ("ok", "Brightwater Joinery", None)
    assert known["checked_at"] == customer.time().isoformat()
    assert {each["state"] for each in known["permissions"] if each["required"]} == {"granted"}
    assert entries() == ["ok"]


def test_it_is_asked_again_after_an_hour_and_news_alone_are_audited(customer: Customer) -> None:
    customer.sync()
    first = customer.time()
    customer.time.pass_(minutes=59)
    customer.sync()
    assert health(customer)["checked_at"] == first.isoformat()
    customer.time.pass_(minutes=2)
    customer.sync()
    assert health(customer)["checked_at"] == customer.time().isoformat()
    assert entries() == ["ok"]


def test_a_recommended_permission_that_went_is_seen_by_the_next_check(customer: Customer) -> None:
    customer.sync()
    app = customer.simulator.world.apps[customer.connection.client_id]
    app.permissions = tuple(name for name in app.permissions if name != "Place.Read.All")
    customer.simulator.consent(app, customer.tenant)
    customer.time.pass_(hours=2)
    customer.sync()
    states = {each["name"]: each["state"] for each in health(customer)["permissions"]}
    assert states["Place.Read.All"] == "missing"
    assert health(customer)["state"] == "lessened"
    assert entries() == ["ok", "ok"]


def test_a_withdrawn_consent_shows_at_once_and_so_does_its_return(customer: Customer) -> None:
    customer.sync()
    app = customer.simulator.world.apps[customer.connection.client_id]
    customer.simulator.withdraw(app, customer.tenant)
    customer.time.pass_(minutes=5)
    customer.sync()
    known = health(customer)
    assert known["state"] == "refused"
    assert known["tenant_name"] == "Brightwater Joinery"
    customer.simulator.consent(app, customer.tenant)
    customer.time.pass_(minutes=5)
    customer.sync()
    assert (health(customer)["state"], health(customer)["error"]) == ("ok", None)
    assert entries() == ["ok", known["error"]["code"], "ok"]


def test_a_directory_that_is_busy_changes_nothing_of_what_is_known(customer: Customer) -> None:
    customer.sync()
    before = health(customer)
    # Longer than anybody waits for it within a run, so that no try follows.
    customer.simulator.faults.on("server_error", status=503, retry_after=3600)
    customer.time.pass_(hours=2)
    assert failure(customer.sync())["code"] == "graph_unavailable"
    assert health(customer) == before


def test_a_time_to_come_was_written_by_a_wrong_clock(customer: Customer) -> None:
    customer.sync()
    customer.time.pass_(days=-1)
    assert check.due({customer.connection.id}, customer.time()) == {customer.connection.id}


def test_a_connection_that_is_gone_meanwhile_is_passed_over(customer: Customer) -> None:
    customer.sync()
    key = customer.connection.id
    customer.source.delete()
    Connection.objects.filter(id=key).delete()
    check.keep({key: check.ask(customer.connection).health}, customer.acting)
    assert entries() == ["ok"]
