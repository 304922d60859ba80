"""What no sync can do without: decoding the pages into types, and writing the rows."""

import json
import ssl
import time
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import psycopg
from psycopg import sql

_SELECT = "id,displayName,givenName,surname,mail,userPrincipalName,userType,proxyAddresses"
LICENCES, PLANS = "assignedLicenses", "assignedPlans"
"""What tells of mailboxes: what a sync reads of everybody, and what it reads where products may not be read."""
_TABLES = ("directory_user", "directory_address", "sync_runchange")


@dataclass(frozen=True, slots=True)
class Floor:
    """CPU seconds for decoding, wall seconds for COPY, as the rows are written by another process."""

    seconds: float
    what: str
    page: int = 0
    """Bytes of the largest page."""


class Plan(msgspec.Struct):
    servicePlanId: str  # noqa: N815 - Graph's own name
    capabilityStatus: str  # noqa: N815


class Licence(msgspec.Struct):
    skuId: str  # noqa: N815
    disabledPlans: list[str]  # noqa: N815


class User(msgspec.Struct):
    id: str
    displayName: str | None  # noqa: N815
    mail: str | None
    userPrincipalName: str  # noqa: N815
    proxyAddresses: list[str]  # noqa: N815
    assignedPlans: list[Plan] = []  # noqa: N815
    assignedLicenses: list[Licence] = []  # noqa: N815


class Page(msgspec.Struct):
    value: list[User]


def decode(tenant: Mapping[str, Any], told_by: str, most: int = 1_000_000) -> Floor:
    """Fetch the pages that a sync reads, or the first of them, then time nothing but their decoding into types."""
    trust = ssl.create_default_context(cafile=tenant["ca_file"])
    headers = {"Authorization": f"Bearer {_token(tenant, trust)}"}
    pages: list[bytes] = []
    url: str | None = f"{tenant['graph_url']}/v1.0/users?$select={_SELECT},{told_by}&$top=999"
    while url is not None and len(pages) < most:
        request = urllib.request.Request(url, headers=headers)
        with urllib.request.urlopen(request, context=trust, timeout=60) as answer:
            pages.append(answer.read())
        url = json.loads(pages[-1]).get("@odata.nextLink")
    decoder = msgspec.json.Decoder(Page)
    began = time.process_time()
    found = sum(len(decoder.decode(page).value) for page in pages)
    seconds = time.process_time() - began
    return Floor(seconds, f"{found} users", max(map(len, pages)))


def copy(dsn: str) -> Floor:
    """Write the very rows of the roll and of the run once more, into tables of the same make."""
    seconds, total = 0.0, 0
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        for table in _TABLES:
            named = sql.Identifier(table)
            twin = sql.Identifier(f"floor_{table}")
            with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(named)) as rows:
                data = b"".join(bytes(part) for part in rows)
            cursor.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(twin, named))
            began = time.perf_counter()
            with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(twin)) as rows:
                rows.write(data)
            seconds += time.perf_counter() - began
            total += data.count(b"\n")
        connection.rollback()
    return Floor(seconds, f"{total} rows")


def _token(tenant: Mapping[str, Any], trust: ssl.SSLContext) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": tenant["app"]["client_id"],
        "client_secret": tenant["app"]["secret"],
        "scope": "https://graph.microsoft.com/.default",
    }
    url = f"{tenant['login_url']}/{tenant['tenants'][0]['id']}/oauth2/v2.0/token"
    body = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(url, data=body, context=trust, timeout=60) as answer:
        token: str = json.load(answer)["access_token"]
    return token
