"""Two firms to sign in to, and the clients that try: a browser with its forms, and a program with its token."""

import json
import ssl
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from random import Random
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from urllib.request import (
    HTTPCookieProcessor,
    HTTPRedirectHandler,
    HTTPSHandler,
    ProxyHandler,
    Request,
    build_opener,
)

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from mailroll_simulator import App, Role, Simulator, Tenant

FIRM = "aaaaaaaa-1111-4111-8111-111111111111"
OTHER = "bbbbbbbb-2222-4222-8222-222222222222"
ADMIN, CLERK, PLUMBER = "ada.admin@firm.example", "carl.clerk@firm.example", "pia.pipe@other.example"
PASSWORD = "Simulated-1"
BACK = "https://console.example/connect/callback"
GRAPH_SCOPE = "https://graph.microsoft.com/.default"
ROLES = ("User.Read.All", "Domain.Read.All")


def firm() -> Tenant:
    tenant = Tenant("Firm Ltd", "firm.onmicrosoft.com", FIRM, Random(11))
    tenant.add_domain("firm.example", default=True)
    tenant.add_domain("unproved.example", verified=False)
    tenant.add_user("Ada Admin", roles=(Role.GLOBAL_ADMINISTRATOR,))
    tenant.add_user("Carl Clerk")
    tenant.add_user("Apple Admin", local="apps", roles=(Role.APPLICATION_ADMINISTRATOR,))
    tenant.add_user("Dora Gone", local="gone", accountEnabled=False)
    tenant.add_guest("Gus Guest", mail="gus@elsewhere.example")
    return tenant


def other() -> Tenant:
    tenant = Tenant("Other plc", "other.onmicrosoft.com", OTHER, Random(12))
    tenant.add_domain("other.example", default=True)
    tenant.add_user("Pia Pipe", roles=(Role.PRIVILEGED_ROLE_ADMINISTRATOR,))
    return tenant


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    url: str
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def location(self) -> str:
        return str(self.headers["Location"])

    @property
    def told(self) -> dict[str, str]:
        """Parameters that a redirect carries to the app."""
        assert self.status == 302, self.text
        assert self.location.startswith(BACK), self.location
        parts = urlsplit(self.location)
        return dict(parse_qsl(parts.query or parts.fragment, strict_parsing=True))


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        return None


class Client:
    """Speaks HTTP to the simulator, trusting its authority alone, and goes nowhere by itself."""

    def __init__(self, ca_file: Path) -> None:
        context = ssl.create_default_context(cafile=ca_file)
        self.jar = CookieJar()
        self._opener = build_opener(
            ProxyHandler({}), HTTPSHandler(context=context), HTTPCookieProcessor(self.jar), _Stay()
        )

    def get(self, url: str, query: Mapping[str, str] | None = None) -> Answer:
        asked = f"{url}?{urlencode(query)}" if query else url
        return self.send(Request(asked))  # noqa: S310 - to the simulator

    def post(self, url: str, fields: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Answer:
        return self.send(Request(url, urlencode(fields).encode(), dict(headers or {}), method="POST"))  # noqa: S310

    def send(self, request: Request) -> Answer:
        try:
            response = self._opener.open(request, timeout=300)
        except HTTPError as error:
            response = error
        with response:
            return Answer(request.full_url, int(response.status), response.headers, response.read())

    def press(self, page: Answer, button: str, **fields: str) -> Answer:
        """Fill in the form of a page and press a button on it."""
        form = Form.on(page)
        name, value = form.buttons[button]
        unknown = fields.keys() - form.names
        assert not unknown, f"the form has no {unknown}"
        filled = form.values | fields | {name: value}
        return self.post(urljoin(page.url, form.action) if form.action else page.url, filled)


@dataclass(slots=True)
class Form:
    """The form of a page as a browser would send it."""

    action: str = ""
    names: set[str] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    choices: list[str] = field(default_factory=list)

    @classmethod
    def on(cls, page: Answer) -> "Form":
        reader = _Reader()
        reader.feed(page.text)
        return reader.form


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.form = Form()
        self._button: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form.action = given.get("action", "")
        elif tag == "input":
            self.form.names.add(given["name"])
            if given["type"] == "radio":
                self.form.choices.append(given["value"])
            if given["type"] != "radio" or "checked" in given:
                self.form.values[given["name"]] = given.get("value", "")
        elif tag == "button":
            self._button = (given.get("name", ""), given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._button is not None:
            self.form.buttons[data] = self._button
            self._button = None


@dataclass(slots=True)
class Entrance:
    """A running simulator with both firms, an app that each may consent to, and a client."""

    sim: Simulator
    app: App
    secret: str
    client: Client

    def tenant(self, identifier: str = FIRM) -> Tenant:
        return self.sim.world.tenants[identifier]

    def token_url(self, name: str = FIRM) -> str:
        return f"{self.sim.login_url}/{name}/oauth2/v2.0/token"

    def token(self, name: str = FIRM, /, **fields: str | None) -> Answer:
        """Ask for an app token; a field of None is left out."""
        whole = {
            "grant_type": "client_credentials",
            "client_id": self.app.client_id,
            "client_secret": self.secret,
            "scope": GRAPH_SCOPE,
        } | fields
        return self.client.post(self.token_url(name), {key: value for key, value in whole.items() if value is not None})

    def refused(self, name: str = FIRM, /, **fields: str | None) -> tuple[int, str, int]:
        """Ask for an app token, and give status, OAuth word and AADSTS number of the refusal."""
        return told(self.token(name, **fields))

    def redeem(self, code: str, name: str = FIRM, /, **fields: str | None) -> Answer:
        whole = {"grant_type": "authorization_code", "scope": None, "code": code, "redirect_uri": BACK}
        return self.token(name, **(whole | fields))

    def authorize(self, name: str = FIRM, /, *, host: str = "", **fields: Any) -> Answer:
        """Open the sign-in page."""
        whole = {
            "client_id": self.app.client_id,
            "response_type": "code",
            "redirect_uri": BACK,
            "scope": "openid profile offline_access",
            "state": "state-1",
            "nonce": "nonce-1",
        } | fields
        return self.client.get(
            f"{host or self.sim.front_url}/{name}/oauth2/v2.0/authorize",
            {key: value for key, value in whole.items() if value is not None},
        )

    def code(self, name: str = FIRM, *, account: str = ADMIN, **fields: Any) -> str:
        """Sign in as a person would, and give the code that the app gets."""
        page = self.authorize(name, prompt="select_account", **fields)
        return self.client.press(page, "Sign in", other_account=account, password=PASSWORD).told["code"]

    def consent_page(self, name: str = FIRM, *, version: int = 2, **fields: str | None) -> Answer:
        whole = {"client_id": self.app.client_id, "redirect_uri": BACK, "state": "state-2"}
        if version == 2:
            whole["scope"] = GRAPH_SCOPE
        path = "v2.0/adminconsent" if version == 2 else "adminconsent"
        asked = {key: value for key, value in (whole | fields).items() if value is not None}
        return self.client.get(f"{self.sim.front_url}/{name}/{path}", asked)

    def accept(self, page: Answer, *, account: str = ADMIN) -> Answer:
        return self.client.press(page, "Accept", other_account=account, password=PASSWORD)


def told(answer: Answer) -> tuple[int, str, int]:
    return answer.status, answer.json["error"], answer.json["error_codes"][0]


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{client_id}:{secret}'.encode()).decode()}"}


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A client's certificate and its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @classmethod
    def make(cls, *, days: int = 30) -> "KeyPair":
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "client")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=60))
            .not_valid_after(now + timedelta(days=days))
            .sign(key, hashes.SHA256())
        )
        return cls(certificate, key)

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    def thumbprint(self, algorithm: hashes.HashAlgorithm) -> bytes:
        return self.certificate.fingerprint(algorithm)
