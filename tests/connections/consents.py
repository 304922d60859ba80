"""An operator who connects a source, a browser that goes to Microsoft for it, and the tenants it may find there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from pytest_django import Settings

from mailroll.accounts import memberships, operators
from mailroll.accounts.models import Operator, Role
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.connections import sources
from mailroll.connections.consent import arrival, departure
from mailroll.connections.consent.departure import Going
from mailroll.connections.models import AttemptStep, Connection, ConsentAttempt, Source
from mailroll.directory import edit
from mailroll.directory.models import Domain, Organization
from mailroll.settings import CloudName
from mailroll.settings.mail import Mail, MailTransport
from mailroll.sync.schedules import resumption
from mailroll_simulator import App, Simulator, Tenant
from simulator.tests.entrance import ADMIN, PASSWORD, Answer, Client, Form, firm, other
from tests.sync.world import PERMISSIONS, Time

HOME = "http://localhost:18365"
BACK = f"{HOME}/connect/callback/"
SESSION = "session-of-jo"
DOMAIN = "firm.example"


def told(answer: Answer) -> dict[str, str]:
    """What a redirect to the Console carries."""
    assert answer.status == 302, answer.text
    assert answer.location.startswith(BACK), answer.location
    return dict(parse_qsl(urlsplit(answer.location).query, keep_blank_values=True))


def operator(email: str, organization: Organization | None, role: Role = Role.ADMINISTRATOR) -> Operator:
    made = operators.add(email, f"long-{uuid4()}", Acting("test"))
    if organization is not None:
        memberships.grant(made, organization, role, Acting("test"))
    return made


def audited(action: str) -> list[dict[str, object]]:
    return list(AuditEntry.objects.filter(action=action).order_by("id").values_list("details", flat=True))


@dataclass
class Scene:
    """Everything a test of consent starts from."""

    simulator: Simulator
    app: App
    secret: str
    time: Time = field(default_factory=Time)
    browser: str = ""

    def __post_init__(self) -> None:
        acting = Acting("test", self.time)
        self.organization = edit.add_organization("Firm Ltd", acting)
        self.domain = edit.add_domain(self.organization, DOMAIN, acting)
        self.source = sources.choose(self.domain, "microsoft365", acting)
        self.operator = operator("jo@northgate.example", self.organization)
        self.client = Client(self.simulator.ca_file)

    @property
    def acting(self) -> Acting:
        return Acting(f"operator:{self.operator.email}", self.time)

    def tenant(self, number: int = 0) -> Tenant:
        return self.simulator.tenants[number]

    def click(self, origin: str = HOME) -> Going:
        token = departure.start_token(self.source, self.operator, SESSION, self.acting)
        return self.go(departure.begin(token, self.operator, SESSION, origin, self.acting))

    def go(self, way: Going) -> Going:
        if way.browser:
            self.browser = way.browser
        return way

    def sign_in(self, way: Going, account: str = ADMIN) -> dict[str, str]:
        page = self.client.get(way.url)
        return told(self.client.press(page, "Sign in", other_account=account, password=PASSWORD))

    def consent(self, way: Going, account: str = ADMIN) -> dict[str, str]:
        page = self.client.get(way.url)
        # Whoever is signed in at Microsoft is not asked again.
        asked = {} if "password" not in Form.on(page).names else {"other_account": account, "password": PASSWORD}
        return told(self.client.press(page, "Accept", **asked))

    def back(self, carried: Mapping[str, str]) -> ConsentAttempt | Going:
        return arrival.returned(carried, self.browser, Acting("anonymous", self.time))

    def to_consent(self, account: str = ADMIN) -> Going:
        way = self.back(self.sign_in(self.click(), account))
        assert isinstance(way, Going), way
        return way

    def to_waiting(self, account: str = ADMIN) -> ConsentAttempt:
        attempt = self.back(self.consent(self.to_consent(account), account))
        assert isinstance(attempt, ConsentAttempt)
        assert attempt.step == AttemptStep.WAITING, attempt.refusal
        return attempt

    def wait(self, attempt: ConsentAttempt, tries: int = 1) -> ConsentAttempt:
        for _ in range(tries):
            self.time.pass_(seconds=15)
            attempt = resumption.advance(attempt, self.acting)
        return attempt

    def refused(self, attempt: ConsentAttempt | Going, code: str) -> None:
        """Hold a refusal against everything that has to be true of every one of them."""
        assert isinstance(attempt, ConsentAttempt), attempt
        row = ConsentAttempt.objects.get(id=attempt.id)
        assert row.step == AttemptStep.REFUSED
        assert row.refusal is not None
        assert row.refusal["code"] == code, row.refusal
        assert [each["code"] for each in audited("connect.refused")] == [code]
        self.nothing_changed()

    def nothing_changed(self) -> None:
        source = Source.objects.get(owner=self.source.owner_id)
        assert (source.connection_id, source.enabled, source.tenant) == (None, False, "")
        assert not Connection.objects.exists()
        assert not audited("source.connected")
        self.nothing_secret()

    def nothing_secret(self) -> None:
        written = str(list(AuditEntry.objects.values())) + str(
            list(ConsentAttempt.objects.values_list("refusal", "waits", "account", "sealed"))
        )
        for secret in (self.secret, self.browser, PASSWORD):
            assert not secret or secret not in written

    def source_now(self) -> Source:
        return Source.objects.select_related("connection").get(owner=self.source.owner_id)

    def domain_of(self, organization: Organization, name: str) -> Domain:
        return edit.add_domain(organization, name, self.acting)


@contextmanager
def scened(settings: Settings, folder: Path) -> Iterator[Scene]:
    """Set up a Console with an app registration of its own, and two firms that may consent to it."""
    with Simulator([firm(), other()], seed=1, consent_delay=0.0).in_thread() as running:
        app = running.register_app(display_name="Mailroll", permissions=PERMISSIONS, redirect_uris=(BACK,))
        secret = app.add_secret()
        file = folder / "secret"
        file.write_text(secret)
        settings.MAILROLL = replace(
            settings.MAILROLL,
            secret_keys=("s6eX1sK0gGBvGxnMqLPMHfdGmIRQ9i8pQyVRFkKq7LQ=",),
            custom_login_url=running.login_url,
            custom_graph_url=running.graph_url,
            custom_pages_url=running.front_url,
            custom_ca_file=running.ca_file,
            url=HOME,
            m365_client_id=app.client_id,
            m365_secret_file=file,
            m365_cloud=CloudName.CUSTOM,
            mail=Mail(MailTransport.STDERR),
        )
        yield Scene(running, app, secret)
