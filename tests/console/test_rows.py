"""Whoever only looks leaves nothing behind: a page for everybody writes no row, whatever is asked of it."""

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.console.fuzzing import routes
from tests.console.people import People
from tests.sync.world import Customer

pytestmark = pytest.mark.django_db

LONG = "x" * 900
_OPENS = {"mfa_login_webauthn"}
"""Begins the sign-in with a passkey, by a button: what is asked has to be remembered until it is answered."""


def _rows() -> dict[str, int]:
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    counts = {}
    with connection.cursor() as cursor:
        for table in [*tables, "accounts_cache"]:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            (counts[table],) = cursor.fetchone()
    return counts


def test_a_look_at_any_page_by_nobody_writes_nothing(customer: Customer, people: People) -> None:
    before = _rows()
    for name, route in routes():
        if name in _OPENS:
            continue
        names = route.pattern.converters
        known = {"UUIDConverter": "00000000-0000-0000-0000-000000000000", "IntConverter": 1}
        filled = {part: known.get(type(kind).__name__, LONG) for part, kind in names.items()}
        if name == "account_reset_password_from_key":
            filled = {"uidb36": "x", "key": LONG}
        path = reverse(name, kwargs=filled)
        for query in ({}, {"state": LONG, "code": LONG}, {"next": f"/{LONG}"}):
            Client().get(path, query)
    assert {table: (before[table], count) for table, count in _rows().items() if count != before[table]} == {}


@pytest.mark.parametrize("path", ["/" + "x" * 1100, "/?" + "x" * 101 + "=1", "/?q=" + "x" * 9000, "/a%0Ab/"])
def test_what_is_absurdly_long_is_not_read(people: People, path: str) -> None:
    answer = people.client("owner").get(path)
    assert (answer.status_code, "This request cannot be read." in answer.content.decode()) == (400, True)
