"""A Microsoft 365 of any size that keeps nobody: pages of people are written when they are asked for.

`python -m tests.bench.page_server CERTIFICATE` prints its port. What a tenant has stands in the client secret of its
connection, which becomes the token (`secret_of`); so one process answers for any number of tenants, of ten users or a
million, in memory of its own size. Nothing ever changes here: a round of changes tells of nothing.

The simulator keeps permissions, tokens and changes of tenants; here the one who asks is measured, so whoever answers
has to be faster. It reads no more of a request than its line, its token and where it ends.
"""

import asyncio
import json
import ssl
import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qs, unquote

from mailroll_simulator.plans import ENTERPRISE, OFFICE

_GIVEN: Final = "Amelia Bram Carys Dilan Elodie Farid Greta Hamish Imani Jonas Keira Lasse Mirela Nadir".split()
_FAMILY: Final = "Abernathy Birch Castellanos Dupont Eriksen Fontaine Gallagher Haddad Ivanova Jankowski Kaya".split()
_SKU: Final = "6fd2c87f-b296-42f0-b197-1e91e994b900"
_MIXER: Final = 0x9E3779B1
"""2**32 divided by the golden ratio: ids of neighbours are far apart, as Graph's are."""
_USER: Final = (
    '{{"id":"{key:08x}-4eee-4679-9ad2-3d907485e6cf","displayName":"{given} {family}",'
    '"mail":"{local}@{domain}","proxyAddresses":["SMTP:{local}@{domain}",'
    '"smtp:{local}@{first}.onmicrosoft.com"{more}],"assignedLicenses":[{{"skuId":"{sku}","disabledPlans":[]}}],'
    '"userPrincipalName":"{local}@{domain}","userType":"Member","creationType":null,"accountEnabled":true,'
    '"onPremisesSyncEnabled":null}}'
)
_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_LINK_TOKEN: Final = "x" * 300
"""About as long as Microsoft's."""


def secret_of(domain: str, users: int, latency: float = 0.0) -> str:
    """What the connection of a tenant signs in with: its domain, its number of people, and seconds until an answer."""
    return f"{domain}/{users}/{round(latency * 1000)}"


def token_of(tenant: str, secret: str) -> str:
    return f"{tenant}/{secret}"


class PageServer(asyncio.Protocol):
    """One connection to it."""

    host = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.rest = b""
        if isinstance(transport, asyncio.Transport):
            self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while (end := self.rest.find(b"\r\n\r\n")) >= 0:
            head = self.rest[:end].decode("latin-1")
            size = int(_header(head, "content-length") or 0)
            if len(self.rest) < end + 4 + size:
                return
            body, self.rest = self.rest[end + 4 : end + 4 + size], self.rest[end + 4 + size :]
            self._answer(head, body)

    def _answer(self, head: str, body: bytes) -> None:
        target = head.partition("\r\n")[0].split(" ")[1]
        token = _header(head, "authorization").removeprefix("Bearer ")
        if not token:
            self._send(_signed_in(self.host, target, body))
            return
        tenant, domain, users, latency = token.split("/")
        answer = page(self.host, tenant, domain, int(users), target, body)
        if latency == "0":
            self._send(answer)
        else:
            asyncio.get_running_loop().call_later(int(latency) / 1000, self._send, answer)

    def _send(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)


def page(host: str, tenant: str, domain: str, users: int, target: str, body: bytes) -> bytes:  # noqa: PLR0917 - a question
    """Answer one question about a tenant, as Graph does."""
    path, _, query = target.removeprefix("/v1.0/").partition("?")
    if path.endswith("/delta"):
        return _silent(host, path)
    match path:
        case "organization":
            return _http(_listed([json.dumps({"id": tenant, "displayName": domain})]))
        case "domains":
            return _http(_listed([json.dumps({"id": domain, "isVerified": True})]))
        case "subscribedSkus":
            return _products()
        case "users":
            asked = parse_qs(query)
            start, size = int(asked.get("$skiptoken", ["0"])[0]), int(asked.get("$top", ["100"])[0])
            end = min(users, start + size)
            link = f"https://{host}/v1.0/users?$select=id&$top={size}&$skiptoken={end}" if end < users else ""
            return _http(_listed(people(domain, start, end), link))
        case "$batch":
            # Its mailboxes tell nobody what they are for: this application lacks the permission.
            refused = '{{"id":"{}","status":403,"body":{{"error":{{"code":"ErrorAccessDenied","message":""}}}}}}'
            each = ",".join(refused.format(one["id"]) for one in json.loads(body)["requests"])
            return _http(f'{{"responses":[{each}]}}')
        case _:
            return _http(_listed(()))


def people(domain: str, start: int, end: int) -> Iterator[str]:
    """Some people of a tenant, as a listing shows them: every third has an alias. They are the same each time."""
    first = domain.partition(".")[0]
    for number in range(start, end):
        given, family = _GIVEN[number % len(_GIVEN)], _FAMILY[number // len(_GIVEN) % len(_FAMILY)]
        local, other = f"{given}.{family}{number}".lower(), f"{family}.{given}{number}".lower()
        more = f',"smtp:{other}@{domain}"' if number % 3 == 0 else ""
        key = number * _MIXER & 0xFFFFFFFF
        yield _USER.format(
            key=key, given=given, family=family, local=local, domain=domain, first=first, more=more, sku=_SKU
        )


def _signed_in(host: str, target: str, body: bytes) -> bytes:
    """The two answers of the sign-in service. Who asks it brings no token."""
    tenant = target.split("/")[1]
    root = f"https://{host}/{tenant}"
    if target.endswith("/openid-configuration"):
        places = {"issuer": f"{root}/v2.0", "token_endpoint": f"{root}/oauth2/v2.0/token"}
        return _http(json.dumps(places | {"authorization_endpoint": f"{root}/oauth2/v2.0/authorize"}))
    form = dict(pair.split("=", 1) for pair in body.decode().split("&"))
    token = token_of(tenant, unquote(form["client_secret"]))
    return _http(json.dumps({"token_type": "Bearer", "expires_in": 3599, "access_token": token}))


@lru_cache
def _silent(host: str, path: str) -> bytes:
    link = f"https://{host}/v1.0/{path}?$deltatoken={_LINK_TOKEN}"
    return _http(f'{{"@odata.context":"https://{host}/v1.0/$metadata#users","@odata.deltaLink":"{link}","value":[]}}')


@lru_cache
def _products() -> bytes:
    plans = [{"servicePlanId": plan.id, "provisioningStatus": "Success"} for plan in (ENTERPRISE, *OFFICE)]
    units = {"enabled": 10, "suspended": 0, "warning": 0, "lockedOut": 0}
    sku = {"skuId": _SKU, "skuPartNumber": "ENTERPRISEPACK", "capabilityStatus": "Enabled", "prepaidUnits": units}
    return _http(_listed([json.dumps(sku | {"servicePlans": plans})]))


def _listed(objects: Iterator[str] | list[str] | tuple[str, ...], link: str = "") -> str:
    more = f'"@odata.nextLink":"{link}",' if link else ""
    return f'{{{more}"value":[{",".join(objects)}]}}'


def _http(body: str) -> bytes:
    content = body.encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
        len(content),
        content,
    )


def _header(head: str, name: str) -> str:
    """The value of a header, whose name is in lower case here, as the client writes it in any."""
    for line in head.split("\r\n")[1:]:
        if line[: len(name) + 1].lower() == f"{name}:":
            return line[len(name) + 1 :].strip()
    return ""


async def main() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1])
    server = await asyncio.get_running_loop().create_server(PageServer, "127.0.0.1", 0, ssl=context, backlog=1000)
    port = server.sockets[0].getsockname()[1]
    PageServer.host = f"127.0.0.1:{port}"
    print(port, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
