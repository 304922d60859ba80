"""No value of any parameter or field breaks a page. `make fuzz` does the same for longer, from another beginning."""

import os
import random
from collections.abc import Mapping

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from mailroll.connections.models import Source
from mailroll.sync.models import Run
from tests.console import fuzzing
from tests.console.people import People
from tests.sync.world import Customer

pytestmark = pytest.mark.django_db

ROUNDS = int(os.environ.get("MAILROLL_FUZZ_ROUNDS", "2"))
SEED = int(os.environ.get("MAILROLL_FUZZ_SEED", "1"))
# An export reads in a transaction of its own, which none of a test may be around.
_ENDS = {"account_logout", "console:organization-export"}


def _known(customer: Customer) -> dict[str, list[object]]:
    customer.preview()
    domain = customer.domain
    return {
        "domain": [domain.name],
        "source": list(Source.objects.values_list("owner_id", flat=True)),
        "connection": [customer.connection.id],
        "run": list(Run.objects.values_list("id", flat=True)),
        "user": list(domain.users.values_list("id", flat=True)[:5]),
        "organization": [domain.organization_id],
    }


def _answer(client: Client, method: str, path: str, data: Mapping[str, object]) -> int:
    """Ask, and take back whatever it did."""
    with transaction.atomic():
        response = getattr(client, method)(path, data)
        if response.streaming:
            list(response.streaming_content)
        transaction.set_rollback(True)
    return int(response.status_code)


def test_no_value_breaks_a_page(customer: Customer, people: People) -> None:
    known = _known(customer)
    words = tuple(str(one) for some in known.values() for one in some)
    every = fuzzing.names()
    chance = random.Random(SEED)
    clients = [people.client("owner"), Client()]
    for client in clients:
        client.raise_request_exception = False
    broken: list[object] = []
    for _ in range(ROUNDS):
        for name, route in fuzzing.routes():
            if name in _ENDS:
                continue
            filled = fuzzing.arguments(route, chance, known)
            data = fuzzing.fields(chance, every, words)
            try:
                path = reverse(name, kwargs=filled)
            except NoReverseMatch:
                continue
            for client in clients:
                for method in ("get", "post"):
                    sent = {key: one for key, one in data.items() if method == "post" or isinstance(one, str)}
                    status = _answer(client, method, path, sent)
                    if status >= 500:
                        broken.append((method, path, sent, status))
    assert broken == []


ONCE_BROKEN: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("post", "/theme/", {"back": "-1"}),
    ("post", "/theme/", {"back": "home"}),
    ("get", "/domains/a%00b/", {}),
    ("get", "{runs}", {"before": "9999-12-31T23:59:59-23:59"}),
    ("get", "{runs}", {"before": "0001-01-01T00:00:00+23:59"}),
    ("get", "/help/dynamic-lists/", {"domain": "a\0b"}),
    ("post", "/domains/{domain}/groups/add/", {"name": "a\0b"}),
    ("post", "{filters}", {"do": "import", "json": '{"all": ["\\ud800"]}'}),
    ("post", "{filters}", {"do": "import", "json": '{"all": "\\u0000"}'}),
)


def test_what_once_broke_a_page_does_not(customer: Customer, owner: Client) -> None:
    domain, source = customer.domain.name, customer.source.owner_id
    runs, filters = reverse("console:runs", args=[domain]), reverse("console:source-filters", args=[domain, source])
    for method, path, data in ONCE_BROKEN:
        where = path.format(domain=domain, runs=runs, filters=filters)
        assert _answer(owner, method, where, data) < 500, (method, path, data)
