"""Whoever administers a customer comes to nothing of another one: by no id of theirs below an own domain, in no field.

Both are below one provider, whose connection reads both.

Addresses come from the Console's own list, and fields from its code: what is new is tried without being named here.
That whole addresses of another customer are not there, `test_matrix.py` holds row by row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from psycopg import sql

from mailroll.accounts.models import Membership, Operator, Role
from mailroll.connections import attach, sources
from mailroll.connections.credentials import Credential
from mailroll.connections.models import Connection
from mailroll.console import scope, urls
from mailroll.directory import edit
from mailroll.directory.models import Organization
from tests.console import fuzzing
from tests.console.matrix import ROWS
from tests.console.people import People
from tests.sync.world import Customer

MARK = b"kestrel"
"""In every name and address of the other customer, and in nothing that is sent."""
_TABLES = """
    SELECT c.table_name, c.column_name FROM information_schema.columns c
      JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND c.column_name IN ('domain_id', 'organization_id')
"""
_ROWS = sql.SQL("SELECT {}, array_agg(t::text ORDER BY t::text) FROM {} t WHERE {} = {}")
_APART = frozenset({"organization-export"})
"""Reads in a transaction of its own, which none may be around."""


@dataclass(frozen=True)
class TwoCustomers:
    """By route: what its address is made of for the own customer and for the other, and what is posted there."""

    own: Mapping[str, Mapping[str, Any]]
    theirs: Mapping[str, Mapping[str, Any]]
    posted: Mapping[str, Mapping[str, str]]
    other: Customer
    kept: list[tuple[object, ...]]
    client: Client

    def ask(self, method: str, path: str, data: Mapping[str, str]) -> str:
        """Ask, look what is shown and done, and take it back; returns what is wrong with that."""
        with transaction.atomic():
            response: Any = getattr(self.client, method)(path, data)
            shown = b"".join(response.streaming_content) if response.streaming else response.content
            if response.status_code in {302, 303}:
                # What became of it is told on the page that follows.
                shown += self.client.get(response["Location"]).content
            is_kept = method == "get" or kept_of(self.other) == self.kept
            transaction.set_rollback(True)
        faults = {"shows": MARK in shown.lower(), "changes": not is_kept, "breaks": response.status_code >= 500}
        return ", ".join(word for word, is_so in faults.items() if is_so)


def kept_of(customer: Customer) -> list[tuple[object, ...]]:
    """Everything that is kept of a customer."""
    ids = {"domain_id": customer.domain.id, "organization_id": customer.domain.organization_id}
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        columns = [(table, sql.Identifier(table), sql.Identifier(name), ids[name]) for table, name in cursor.fetchall()]
        assert len(columns) > 20
        statement = sql.SQL(" UNION ALL ").join(_ROWS.format(*values) for values in columns)
        cursor.execute(statement.as_string(cursor.connection))
        return sorted(cursor.fetchall(), key=str)


@pytest.fixture
def two(customer: Customer, people: People) -> TwoCustomers:
    other = _other(customer)
    for customer_of_two in (customer, other):
        domain, acting = customer_of_two.domain, customer_of_two.acting
        edit.add_user(domain, f"fax@{domain.name}", acting, display_name=f"Fax of {domain.name}")
        edit.add_static(domain, edit.Static(f"lists@{domain.name}"), acting)
        customer_of_two.preview()
    posted: dict[str, dict[str, str]] = {}
    for row in ROWS:
        posted.setdefault(row.route, {}).update(row.data)
    own, theirs = ({row.route: row.of(whose) for row in ROWS} for whose in (customer, other))
    return TwoCustomers(own, theirs, posted, other, kept_of(other), people.client("owner"))


def _other(customer: Customer) -> Customer:
    acting = customer.acting
    provider = edit.add_organization("Northgate IT", acting)
    Organization.objects.filter(id=customer.domain.organization_id).update(parent=provider)
    organization = edit.add_organization("Kestrel Surveying", acting, parent=provider)
    for name, role in (("Ada", Role.ADMINISTRATOR), ("Tilda", Role.TECHNICIAN), ("Vik", Role.VIEWER)):
        operator = Operator.objects.create_user(f"{name.lower()}@kestrel.example", name=f"{name} Kestrel")
        Membership.objects.create(operator=operator, organization=organization, role=role)
    domain = edit.add_domain(organization, "kestrel.example", acting)
    shared, made = (_connected(customer, place) for place in (provider, organization))
    for domain_of_two in (customer.domain, domain):
        sources.add(domain_of_two, shared, acting)
    return replace(customer, domain=domain, connection=made, source=sources.add(domain, made, acting))


def _connected(customer: Customer, organization: Organization) -> Connection:
    client_id, proof = str(uuid4()), Credential(secret="none at all")
    offer = attach.offer(organization, "microsoft365", customer.tenant.id, client_id, "custom", proof)
    return attach.attach(None, offer, attach.OnTrust(), customer.acting)


def test_below_an_own_domain_or_organization_no_id_of_another_is_there(two: TwoCustomers) -> None:
    wrong = {}
    for route, (first, *others) in _routes(2):
        below = {name: two.theirs[route][name] for name in others}
        path = _path(route, {first: two.own[route][first], **below})
        wrong["get", path] = two.ask("get", path, {})
        wrong["post", path] = two.ask("post", path, two.posted[route])
    assert len(wrong) > 80
    assert {key: words for key, words in wrong.items() if words} == {}


def test_no_field_brings_anything_of_another(two: TwoCustomers) -> None:
    ids = {name: str(value) for arguments in two.theirs.values() for name, value in arguments.items()}
    fields = dict.fromkeys(fuzzing.names(), str(two.other.domain.id)) | {
        **{name: ids[name] for name in ("connection", "organization", "operator", "user")},
        "beside": ids["run"],
        "group": f"group:{ids['group']}",
        "owner": ids["source"],
        "object": ids["user"],
    }
    wrong = {}
    for route, names in _routes(0):
        if route not in _APART:
            path = _path(route, two.own[route] if names else {})
            posted = two.posted.get(route, {})
            everything = {**fields, **posted, **{name: fields[name] for name in ids.keys() & posted}}
            wrong["get", path] = two.ask("get", path, fields)
            wrong["post", path] = two.ask("post", path, everything)
    assert len(wrong) > 200
    assert {key: words for key, words in wrong.items() if words} == {}


def _routes(least: int) -> list[tuple[str, tuple[str, ...]]]:
    """Return the routes with at least so many names in their addresses; a link is whoever's who has it."""
    routes = [(pattern, tuple(pattern.pattern.converters)) for pattern in urls.urlpatterns]
    return [
        (str(pattern.name), names)
        for pattern, names in routes
        if len(names) >= least and not (names and getattr(pattern.callback, scope.DOORS) == "public")
    ]


def _path(route: str, arguments: Mapping[str, Any]) -> str:
    return reverse(f"console:{route}", kwargs=dict(arguments))
