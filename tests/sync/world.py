"""A customer with one domain, connected to a simulated tenant: what every test of a run starts from."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from mailroll.audit.actor import Acting
from mailroll.connections import attach, sources
from mailroll.connections.credentials import Credential
from mailroll.connections.models import Connection, Source
from mailroll.directory import edit, headcounts, queries
from mailroll.directory.models import Domain, Owner, User
from mailroll.sync.models import Run
from mailroll.sync.runs import make
from mailroll_simulator import Simulator, Tenant

DOMAIN = "brightwater.example"
PERMISSIONS = (
    "User.Read.All",
    "Domain.Read.All",
    "Organization.Read.All",
    "GroupMember.Read.All",
    "OrgContact.Read.All",
    "MailboxSettings.Read",
    "Place.Read.All",
)
TENANT_ID = "11111111-2222-4333-8444-555555555555"


@dataclass
class Time:
    """A clock that stands still until a test moves it."""

    at: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Customer:
    """One customer: its tenant, its domain in the Console, and the person who acts."""

    simulator: Simulator
    tenant: Tenant
    domain: Domain
    connection: Connection
    source: Source
    secret: str
    time: Time = field(default_factory=Time)

    @property
    def acting(self) -> Acting:
        return Acting("test:priya", self.time)

    def preview(self) -> Run:
        return make.preview(self.domain, self.acting)

    def sync(self) -> Run:
        return make.run(self.domain, self.acting)

    def hold(self) -> Run:
        """Have five of twelve leave, and one join who is let in; return the run in which the removals wait."""
        self.sync()
        for number in range(5):
            self.tenant.delete_user(f"p{number}@{DOMAIN}")
        self.tenant.add_user("New Joiner", local="joiner")
        waiting = self.sync().waits_in
        assert waiting is not None
        return waiting

    def roll(self) -> dict[str, queries.ListedUser]:
        """The users in service by address."""
        return {user.address: user for user in self.everyone() if user.address and user.retired_at is None}

    def everyone(self) -> list[queries.ListedUser]:
        return list(queries.users(self.domain))

    def user(self, address: str) -> User:
        return User.objects.get(addresses__address=address, domain=self.domain)


def failure(run: Run) -> dict[str, str]:
    """What went wrong with a run that failed."""
    assert run.error is not None
    error: dict[str, str] = run.error
    return error


def tenant(people: int = 12) -> Tenant:
    """A small tenant with licensed people p0, p1 and so on."""
    made = Tenant("Brightwater Joinery", "brightwater.onmicrosoft.com", TENANT_ID, Random(7))
    made.add_domain(DOMAIN, default=True)
    for number in range(people):
        made.add_user(f"Person {number}", local=f"p{number}")
    return made


@contextmanager
def simulated(*tenants: Tenant) -> Iterator[Simulator]:
    with Simulator(tenants=list(tenants), seed=1).in_thread() as simulator:
        yield simulator


def connect(simulator: Simulator, of: Tenant, name: str = DOMAIN) -> Customer:
    """Set a customer up as an operator would."""
    app = simulator.register_app(display_name="Mailroll", permissions=PERMISSIONS, redirect_uris=())
    simulator.consent(app, of)
    acting = Acting("test:priya")
    organization = edit.add_organization("Brightwater Joinery", acting)
    domain = edit.add_domain(organization, name, acting)
    secret = app.add_secret()
    offer = attach.offer(organization, "microsoft365", of.id, app.client_id, "custom", Credential(secret=secret))
    connection = attach.attach(None, offer, attach.OnTrust(), acting)
    source = sources.add(domain, connection, acting)
    return Customer(simulator, of, domain, connection, source, secret)


def expect_counted() -> None:
    """Hold that what is kept of how many each roll has, moved along by plans, is what comes of counting it."""
    for domain in Domain.objects.all():
        owners = list(Owner.objects.filter(domain=domain).values_list("id", flat=True))
        if headcounts.types(domain.id, owners) is None:
            continue
        kept = headcounts.rest(domain.id, ()), headcounts.types(domain.id, owners)
        headcounts.forget(domain.id)
        headcounts.keep(domain.id)
        assert kept == (headcounts.rest(domain.id, ()), headcounts.types(domain.id, owners))
