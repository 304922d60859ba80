"""Groups that were told apart by case or accents keep their rows, their names and their users."""

import importlib

import pytest
from django.apps import apps
from django.db import connection

from mailroll.connections.models import Source
from mailroll.directory import edit
from mailroll.directory.models import Domain, Group, Owner
from mailroll.reconcile.errors import Refused
from tests.directory.rolls import ACTING

pytestmark = pytest.mark.django_db

NAMES = ("main", "B\u00fcro", "Bu\u0308ro", "Sales")


@pytest.fixture
def domain() -> Domain:
    made = edit.add_domain(edit.add_organization("Brightwater", ACTING), "brightwater.example", ACTING)
    Group.objects.filter(domain=made).delete()
    # As it was before: no keys, and Main not the oldest.
    Group.objects.bulk_create(Group(domain=made, name=name) for name in (*NAMES, "Main"))
    return made


def _migrate(module: str, function: str) -> None:
    getattr(importlib.import_module(module), function)(apps, connection.schema_editor())


def test_every_group_stays_and_one_of_those_that_look_alike_has_the_name(domain: Domain) -> None:
    _migrate("mailroll.directory.migrations.0011_group_key", "fill")
    keys = dict(Group.objects.filter(domain=domain).values_list("name", "key"))
    assert keys == {"Main": "main", "main": None, "B\u00fcro": "b\u00fcro", "Bu\u0308ro": None, "Sales": "sales"}
    other = Group.objects.get(domain=domain, name="Bu\u0308ro")
    with pytest.raises(Refused):
        edit.add_group(domain, "B\u00dcRO", ACTING)
    edit.rename_group(domain, other.id, "Back office", ACTING)
    assert Group.objects.get(id=other.id).key == "back office"


def test_sources_lead_to_the_group_as_it_is_spelt(domain: Domain) -> None:
    _migrate("mailroll.directory.migrations.0011_group_key", "fill")
    given = ("main", "MAIN", "sales", "Night", "night ")
    for place, group in enumerate(given, 1):
        owner = Owner.objects.create(domain=domain, label=str(place))
        Source.objects.create(owner=owner, domain=domain, group=group, precedence=place, enabled=False)
    _migrate("mailroll.connections.migrations.0002_group_spelling", "align")
    named = list(Source.objects.order_by("precedence").values_list("group", flat=True))
    assert named == ["main", "Main", "Sales", "Night", "Night"]
