"""A server that answers exactly what a test says, byte for byte, over TLS with an authority of its own."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from random import Random

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mailroll.connectors.base import End, RecordPage, Unread, WantedObjects
from mailroll.connectors.meter import UnitMeter
from mailroll.connectors.microsoft365 import Microsoft365
from mailroll.connectors.microsoft365.http.channel import Timeouts
from mailroll.connectors.microsoft365.http.clouds import CUSTOM, Cloud
from mailroll.connectors.microsoft365.settings import ConnectionSettings, Credential, Secret
from mailroll_simulator.door import Door

TENANT = "11111111-1111-4111-8111-111111111111"
CLIENT = "22222222-2222-4222-8222-222222222222"
CANARY = "Canary~secret.value-9"
PRODUCTS = "/v1.0/subscribedSkus?"
START = 1_800_000_000.0
PATIENT = Timeouts(connect=300, idle=300, total=300)
"""For tests whose subject is no wait: a machine may be busy with others."""


class FakeClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.passed = 0.0

    def time(self) -> float:
        return START + self.passed

    def monotonic(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    peer: object


@dataclass(frozen=True)
class Reply:
    """Bytes to send as they are; then the connection is left open, closed, reset, or left hanging."""

    data: bytes
    then: str = "open"


def reply(
    content: object = None, *, status: int = 200, headers: Mapping[str, str] | None = None, raw: bytes | None = None
) -> Reply:
    """Return a proper answer: JSON of the content, or the raw bytes as its body."""
    body = json.dumps(content).encode() if raw is None else raw
    head = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return Reply(f"HTTP/1.1 {status} Whatever\r\n{lines}\r\n".encode() + body)


def failed(status: int, code: str, *, headers: Mapping[str, str] | None = None) -> Reply:
    """Return an error as Graph writes it."""
    inner = {"date": "2026-11-23T08:00:00", "request-id": "r", "client-request-id": "c"}
    return reply(
        {"error": {"code": code, "message": f"{CANARY} text", "innerError": inner}},
        status=status,
        headers={"request-id": "aaaa-bbbb", **(headers or {})},
    )


def guid(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


def user(number: int, **properties: object) -> dict[str, object]:
    """Return a licensed person as Graph has one."""
    address = f"person{number}@contoso.com"
    return {
        "id": guid(number),
        "displayName": f"Person {number}",
        "givenName": "Person",
        "surname": str(number),
        "mail": address,
        "proxyAddresses": [f"SMTP:{address}", f"smtp:p{number}@contoso.com"],
        "assignedPlans": [
            {
                "servicePlanId": "efb87545-963c-4e0d-99df-69c6916d9eb0",
                "capabilityStatus": "Enabled",
                "service": "exchange",
                "assignedDateTime": "2026-01-01T00:00:00Z",
            },
        ],
        "userPrincipalName": address,
        "userType": "Member",
        "creationType": None,
    } | properties


def group(number: int, **properties: object) -> dict[str, object]:
    """Return a distribution list as Graph has one."""
    address = f"list{number}@contoso.com"
    return {
        "id": guid(number),
        "displayName": f"List {number}",
        "mail": address,
        "proxyAddresses": [f"SMTP:{address}"],
        "mailEnabled": True,
        "securityEnabled": False,
        "groupTypes": [],
        "visibility": None,
    } | properties


def contact(number: int, **properties: object) -> dict[str, object]:
    """Return a contact outside as Graph has one."""
    address = f"contact{number}@fabrikam.example"
    return {
        "id": guid(number),
        "displayName": f"Contact {number}",
        "givenName": "Contact",
        "surname": str(number),
        "mail": address,
        "proxyAddresses": [f"SMTP:{address}"],
    } | properties


def page(*users: object, link: str | None = None) -> dict[str, object]:
    more = {} if link is None else {"@odata.nextLink": link}
    return {"@odata.context": "c", **more, "value": list(users)}


Script = Callable[[Request], Reply]


def one_after_another(*replies: Reply) -> Script:
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@dataclass
class Hostile:
    """`graph`, `skus` and `tokens` say what is answered; everything asked is kept.

    Nobody has to script the list of products, which comes before every reading: without a script it is refused.
    """

    url: str
    graph: Script = field(default=lambda _: failed(418, "NothingScripted"))
    skus: Script = field(default=lambda _: failed(403, "Authorization_RequestDenied"))
    tokens: Script | None = None
    discovery: Script | None = None
    requests: list[Request] = field(default_factory=list)

    @property
    def asked(self) -> list[Request]:
        graph = [each for each in self.requests if each.target.startswith("/v1.0/")]
        return [each for each in graph if not each.target.startswith(PRODUCTS)]

    @property
    def signed_in(self) -> list[Request]:
        return [each for each in self.requests if each.target.endswith("/oauth2/v2.0/token")]

    def link(self, token: str = "x") -> str:
        return f"{self.url}/v1.0/users?$skiptoken={token}"

    def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        if request.target.startswith(PRODUCTS):
            return self.skus(request)
        if request.target.startswith("/v1.0/"):
            return self.graph(request)
        if request.target.endswith("/.well-known/openid-configuration"):
            return self.discovery(request) if self.discovery else reply(self.document())
        if self.tokens:
            return self.tokens(request)
        return token(f"token-{len(self.signed_in)}")

    def document(self, token_host: str = "") -> dict[str, str]:
        return {
            "issuer": f"{self.url}/{TENANT}/v2.0",
            "authorization_endpoint": f"{self.url}/{TENANT}/oauth2/v2.0/authorize",
            "token_endpoint": f"{token_host or self.url}/{TENANT}/oauth2/v2.0/token",
        }


def token(value: str, lifetime: int = 3599) -> Reply:
    return reply({"token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime, "access_token": value})


@dataclass(frozen=True)
class Authority:
    """A certificate authority and the files a test needs of it."""

    ca_file: str
    server_file: str
    expired_file: str
    wrong_name_file: str
    self_signed_file: str

    @classmethod
    def make(cls, folder: Path) -> "Authority":
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Authority")])
        ca = _certificate(name, name, key, key, is_ca=True)
        (folder / "ca.pem").write_bytes(ca.public_bytes(serialization.Encoding.PEM))
        made = {}
        for label, days, host in (
            ("server", 9, "127.0.0.1"),
            ("expired", -1, "127.0.0.1"),
            ("wrong_name", 9, "127.0.0.2"),
        ):
            made[label] = _leaf(folder / f"{label}.pem", name, key, days=days, host=host)
        alone = _leaf(folder / "alone.pem", x509.Name([]), ec.generate_private_key(ec.SECP256R1()), days=9)
        return cls(str(folder / "ca.pem"), made["server"], made["expired"], made["wrong_name"], alone)


def _leaf(
    file: Path, issuer: x509.Name, signer: ec.EllipticCurvePrivateKey, *, days: int, host: str = "127.0.0.1"
) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test server")])
    certificate = _certificate(subject, issuer, key, signer, days=days, host=host)
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return str(file)


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    *,
    days: int = 9,
    host: str = "127.0.0.1",
    is_ca: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=10))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(host)), x509.DNSName("localhost")]), critical=False
        )
        .sign(signer, hashes.SHA256())
    )


@asynccontextmanager
async def listening(certificate: str) -> AsyncIterator[Hostile]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    tasks: set[asyncio.Task[None]] = set()
    hostile = Hostile("")

    def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(_serve(hostile, reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    door = Door()
    server = await asyncio.start_server(met, sock=door, ssl=context, limit=1 << 20)
    hostile.url = f"https://127.0.0.1:{door.port}"
    try:
        yield hostile
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
        await door.clear()


async def _serve(hostile: Hostile, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            while True:
                found = hostile.answer(await _request(reader, writer.get_extra_info("peername")))
                writer.write(found.data)
                await writer.drain()
                if found.then == "hang":
                    await asyncio.sleep(60)
                if found.then == "reset":
                    writer.transport.abort()
                if found.then != "open":
                    return
    finally:
        writer.close()
        with suppress(ConnectionError, ssl.SSLError, asyncio.CancelledError, TimeoutError):
            await writer.wait_closed()


async def _request(reader: asyncio.StreamReader, peer: object) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, target, headers, body, peer)


def settings_for(
    url: str, ca_file: str, credential: Credential | None = None, login_url: str = ""
) -> ConnectionSettings:
    return ConnectionSettings(
        TENANT, CLIENT, credential or Secret(CANARY), Cloud(CUSTOM, login_url or url, url, ca_file)
    )


@dataclass
class World:
    """A connector, the server it talks to, and the clock it waits by."""

    server: Hostile
    connector: Microsoft365
    clock: FakeClock
    unread: list[Unread] = field(default_factory=list)

    async def whole(self) -> tuple[list[RecordPage], bool]:
        """Return the pages of a reading, and whether it came to its end."""
        pages, ended = [], False
        async for part in self.connector.read():
            assert not ended
            if isinstance(part, End):
                ended = True
            elif isinstance(part, Unread):
                self.unread.append(part)
            else:
                pages.append(part)
        return pages, ended


@asynccontextmanager
async def world(
    authority: Authority,
    *,
    certificate: str = "",
    timeouts: Timeouts | None = None,
    attributes: tuple[str, ...] = (),
    groups: bool = False,
    contacts: bool = False,
    credential: Credential | None = None,
    known: int = 0,
    meter: UnitMeter | None = None,
) -> AsyncIterator[World]:
    async with listening(certificate or authority.server_file) as server:
        clock = FakeClock()
        opening = Microsoft365.open(
            settings_for(server.url, authority.ca_file, credential),
            clock=clock,
            chance=Random(1),
            timeouts=timeouts or PATIENT,
            wanted_objects=WantedObjects(frozenset(attributes), groups=groups, contacts=contacts, known=known),
            meter=meter,
        )
        async with opening as connector:
            yield World(server, connector, clock)
