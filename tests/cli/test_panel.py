"""The panel of the demo's simulated Microsoft 365: what it says that comes of each deed, does come of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from pytest_django import Settings

from mailroll.cli.demo.guidance import Guidance
from mailroll.sync.models import Run, RunState
from mailroll_simulator import Simulator, Tenant
from mailroll_simulator.panel.desk import Panel
from mailroll_simulator.tenants import haulier, practice
from tests.cli.commands import mailroll
from tests.sync import world
from tests.sync.world import Customer

DOMAIN = "coldharbour.example"


@dataclass
class Played:
    """A customer who was synced, and the panel of its tenant."""

    customer: Customer
    panel: Panel
    tenant: Tenant

    def page(self) -> str:
        return ask(self.panel, "GET", f"/panel/?tenant={self.tenant.id}")[1]

    def do(self, deed: str, way: str = "do") -> str:
        """Press a button; return what is to be watched."""
        form = {"key": self.panel.key, "tenant": self.tenant.id, "deed": deed}
        status, _ = ask(self.panel, "POST", f"/panel/{way}", form)
        assert status == 303
        found = re.search(r"What to watch:</strong> (.*?) <a", self.page())
        return found[1] if found else ""

    def sync(self) -> Run:
        # Listings show who is new only after some seconds.
        self.customer.simulator.clock.advance(10)
        self.customer.time.pass_(minutes=5)
        return self.customer.sync()


def ask(panel: Panel, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
    place = urlsplit(panel.url)
    connection = HTTPConnection(str(place.hostname), place.port, timeout=300)
    try:
        sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        connection.request(method, path, urlencode(form or {}), sent)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.fixture
def played(transactional_db: None, settings: Settings) -> Iterator[Played]:
    tenant, panel = haulier(), Panel(Guidance("http://localhost:8000"), swap_seconds=600)
    with Simulator([tenant], seed=1, panel=panel).in_thread() as running:
        settings.MAILROLL = replace(
            settings.MAILROLL,
            database_url="postgresql://the-database-of-this-test",
            secret_keys=("s6eX1sK0gGBvGxnMqLPMHfdGmIRQ9i8pQyVRFkKq7LQ=",),
            custom_login_url=running.login_url,
            custom_graph_url=running.graph_url,
            custom_ca_file=running.ca_file,
        )
        customer = world.connect(running, tenant, DOMAIN)
        customer.sync()
        yield Played(customer, panel, tenant)


def codes(run: Run) -> set[str]:
    return {finding["code"] for finding in run.findings}


def test_what_is_said_of_people_comes_true(played: Played) -> None:
    roll = played.customer.roll
    assert "Nia Bevan comes into listings after some seconds; then the next run adds the mailbox" in played.do("joiner")
    assert played.sync().counts["create"] == 1
    assert f"nia.bevan@{DOMAIN}" in roll()

    before = roll().keys()
    assert "The old address goes on being accepted." in played.do("rename")
    assert played.sync().counts["update"] == 1
    (new,), (old,) = roll().keys() - before, before - roll().keys()
    assert old in roll()[new].aliases

    told = played.do("leaver")
    assert "the next run retires it" in told
    name = told.split(" is in the list")[0].removeprefix("where ")
    assert played.sync().counts["retire"] == 1
    (gone,) = [user for user in played.customer.everyone() if user.retired_at is not None]
    assert gone.display_name == name
    assert mailroll("lookup", str(gone.address), "--json").document["accepted"]


def test_many_who_go_at_once_are_held_and_found_back(played: Played) -> None:
    before = played.customer.roll()
    assert "a run in that minute holds their removals" in played.do("swap")
    held = played.sync()
    assert (held.state, held.counts["retire"]) == (RunState.HELD, 20)
    played.do("swap", "undo")
    assert played.sync().state == RunState.UNCHANGED
    held.refresh_from_db()
    assert held.state != RunState.HELD

    assert "Delete 32" in played.page()
    assert "the next run holds these removals for a person. Mail for everybody goes on." in played.do("deletion")
    assert (run := played.sync()).state == RunState.HELD
    assert run.counts["retire"] == 32
    assert played.customer.roll().keys() == before.keys()
    played.do("", "reset")
    assert played.sync().state == RunState.UNCHANGED


def test_what_is_said_of_microsoft_comes_true(played: Played) -> None:
    everybody = played.customer.roll().keys()
    assert "All of them answer, so nobody is removed." in played.do("empty")
    assert "listing_incomplete" in codes(played.sync())
    played.do("empty", "undo")
    for deed, code in (("cut", "page_cut_short"), ("throttle", "throttled"), ("consent", "app_not_in_tenant")):
        assert "The list stays in use" in played.do(deed)
        assert world.failure(played.sync())["code"] == code
        played.do(deed, "undo")
    assert "The Console cannot read" not in played.page()
    assert played.sync().state == RunState.UNCHANGED
    assert played.customer.roll().keys() == everybody


def test_of_a_tenant_that_nobody_connected_it_says_so(played: Played) -> None:
    played.tenant.principals.clear()
    assert "nothing yet, as the Console has no consent to read Coldharbour Haulage." in played.do("leaver")
    other = practice()
    played.customer.simulator.add_tenant(other)
    hint = Guidance("http://localhost:8000").watch(played.panel.journal(played.tenant).entries[0], other)
    assert (hint.link, hint.url) == ("Add petrel-dental.example", "http://localhost:8000/domains/add/")
