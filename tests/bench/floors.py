"""What no sync can do without, one after the other in a process that does nothing else: `python -m tests.bench.floors`,
or those that are named.

- `serial`: the pages that a first sync reads are fetched, decoded into types, and its very rows written by COPY.
- `keyed`: the same with a key for each row, where triggers of the product look at whole statements.
- `hashed`: the pages are fetched and hashed. `bare`: one request for each type of object, over one connection.
- `bulk`: what a Django program does: fetch, decode, and `bulk_create(update_conflicts=True)` of users and addresses.
"""

import hashlib
import http.client
import json
import os
import ssl
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec
import psycopg
from psycopg import sql

from mailroll.connectors.microsoft365.facts.wire import LICENCE_SELECT
from tests.bench.measured import Cost, cost, tell

if TYPE_CHECKING:
    from django.db.models import Model

TABLES = ("directory_user", "directory_address", "sync_runchange")
"""The roll, and the plan: all that a first sync writes of each user.

What stands for each object of a listing, by which a run tells that nothing changed, is written by the run behind it.
"""
_KEYS = """
    SELECT pg_get_constraintdef(oid) FROM pg_constraint
     WHERE conrelid = %s::regclass AND contype = 'f' ORDER BY conname
"""
_ROW_KEYS = {
    "directory_user": (
        "FOREIGN KEY (domain_id, group_id) REFERENCES directory_group (domain_id, id)",
        "FOREIGN KEY (domain_id, owner_id) REFERENCES directory_owner (domain_id, id)",
    ),
    "directory_address": ("FOREIGN KEY (domain_id, user_id) REFERENCES directory_user (domain_id, id)",),
    "sync_runchange": ("FOREIGN KEY (run_id) REFERENCES sync_run (id)",),
}
_BATCH = 1000


class AssignedPlan(msgspec.Struct, rename="camel"):
    service_plan_id: str
    capability_status: str


class AssignedLicence(msgspec.Struct, rename="camel"):
    sku_id: str
    disabled_plans: list[str]


class Person(msgspec.Struct, rename="camel"):
    """A user as a sync reads it, with all that it reads."""

    id: str
    display_name: str | None = None
    mail: str | None = None
    user_principal_name: str | None = None
    user_type: str | None = None
    proxy_addresses: list[str] = []
    assigned_plans: list[AssignedPlan] = []
    assigned_licenses: list[AssignedLicence] = []


class Page(msgspec.Struct):
    value: list[Person]
    next_link: str | None = msgspec.field(default=None, name="@odata.nextLink")


class Graph:
    """One connection to the tenant, signed in."""

    def __init__(self, tenant: Mapping[str, Any]) -> None:
        trust = ssl.create_default_context(cafile=tenant["ca_file"])
        self._root = urllib.parse.urlsplit(tenant["graph_url"])
        self._line = http.client.HTTPSConnection(self._root.netloc, context=trust, timeout=60)
        self._headers = {"Authorization": f"Bearer {_token(tenant, trust)}"}

    def get(self, path: str) -> bytes:
        self._line.request("GET", path, headers=self._headers)
        answer = self._line.getresponse()
        body = answer.read()
        if answer.status != 200:
            sys.exit(f"{path}: {answer.status}\n{body[:500].decode()}")
        return body

    def pages(self) -> Iterator[tuple[bytes, Page]]:
        decoder = msgspec.json.Decoder(Page)
        path = f"/v1.0/users?$select={','.join(LICENCE_SELECT)}&$top=999"
        while path:
            body = self.get(path)
            page = decoder.decode(body)
            yield body, page
            path = (page.next_link or "").removeprefix(f"{self._root.scheme}://{self._root.netloc}")

    def close(self) -> None:
        self._line.close()


def serial(graph: Graph, dsn: str) -> Cost:
    return _copied(graph, dsn, {})


def keyed(graph: Graph, dsn: str) -> Cost:
    return _copied(graph, dsn, _ROW_KEYS)


def _copied(graph: Graph, dsn: str, more: Mapping[str, tuple[str, ...]]) -> Cost:
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        rows = {table: _rows(cursor, table) for table in TABLES}
        keys = sum(_twin(cursor, table, more.get(table, ())) for table in TABLES)

        def work() -> Mapping[str, Any]:
            users = sum(len(page.value) for _, page in graph.pages())
            for table, data in rows.items():
                with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(_name(table))) as copy:
                    copy.write(data)
            return {"users": users, "rows": sum(data.count(b"\n") for data in rows.values()), "keys": keys}

        spent = cost(work, dsn)
        connection.rollback()
    return spent


def hashed(graph: Graph, dsn: str) -> Cost:
    def work() -> Mapping[str, Any]:
        spent = hashlib.sha256()
        for body, _ in graph.pages():
            spent.update(body)
        return {}

    return cost(work, dsn)


def bare(graph: Graph, dsn: str) -> Cost:
    paths = [f"/v1.0/{sort}?$select=id&$top=1" for sort in ("users", "groups", "contacts")]
    graph.get(paths[0])  # by then the connection is open
    return cost(lambda: {"requests": len([graph.get(path) for path in paths])}, dsn)


def bulk(graph: Graph, dsn: str) -> Cost:
    import django  # noqa: PLC0415 - the others do without

    django.setup()
    from django.db import connection, transaction  # noqa: PLC0415 - of what is set up above

    from mailroll.directory.models import Address, User  # noqa: PLC0415

    kept: dict[type[Model], list[Any]] = {
        User: list(User.objects.values()),
        Address: list(Address.objects.values()),
    }

    def work() -> Mapping[str, Any]:
        users = sum(len(page.value) for _, page in graph.pages())
        for model, rows in kept.items():
            _bulk_create(model, rows)
        return {"users": users}

    with transaction.atomic():
        with connection.cursor() as cursor:
            for model in kept:
                _twin(cursor, model._meta.db_table)
                model._meta.db_table = f"floor_{model._meta.db_table}"
        spent = cost(work, dsn)
        transaction.set_rollback(True)
    connection.close()
    return spent


def _bulk_create(model: "type[Model]", rows: list[Any]) -> None:
    fields = model._meta.concrete_fields
    model._default_manager.bulk_create(
        (model(**row) for row in rows),
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=[field.name for field in fields if field.primary_key],
        update_fields=[field.name for field in fields if not field.primary_key],
    )


def _rows(cursor: "psycopg.Cursor[Any]", table: str) -> bytes:
    with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as rows:
        return b"".join(bytes(part) for part in rows)


def _twin(cursor: Any, table: str, more: tuple[str, ...] = ()) -> int:
    """Make a table of the same make, with the same keys to other tables, and more; how many of those there are."""
    cursor.execute(f"CREATE TABLE floor_{table} (LIKE {table} INCLUDING ALL)")
    cursor.execute(_KEYS, [table])
    keys = [*(definition for (definition,) in cursor.fetchall()), *more]
    for definition in keys:
        cursor.execute(f"ALTER TABLE floor_{table} ADD {definition}")
    return len(keys)


def _name(table: str) -> sql.Identifier:
    return sql.Identifier(f"floor_{table}")


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


def main() -> None:
    graph, dsn = Graph(json.loads(os.environ["BENCH_TENANT"])), os.environ["DATABASE_URL"]
    try:
        wanted = sys.argv[1:]
        floors = [floor for floor in (serial, keyed, hashed, bare, bulk) if not wanted or floor.__name__ in wanted]
        tell({floor.__name__: floor(graph, dsn) for floor in floors})
    finally:
        graph.close()


if __name__ == "__main__":
    main()
