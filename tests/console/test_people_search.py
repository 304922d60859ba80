"""A search among people: what is found, whatever letters it is written in, and nobody of others."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from mailroll.accounts import invitations, places
from mailroll.accounts.models import Membership, Operator, Role
from mailroll.accounts.places import FEW
from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.directory.models import Organization
from mailroll.reconcile.text import folded
from tests.bench.pages import Given
from tests.console.pages import words
from tests.console.people import People
from tests.sync.world import Customer

PEOPLE = reverse("console:people")
ACTING = Acting("test:setup")
NAMES = (
    *("Ruth Adeyemi", "Ruth  Adeyemi", "Ruth\tAdeyemi", "Ruth\u00a0Adeyemi", "RUTH ADEYEMI-ADE", "r\u202euth", ""),
    *("Stra\u00dfe", "STRASSE", "Jos\u00e9", "Jose\u0301", "JOSE", "Zo\u00eb \u200bM\u00fcller", "M\u00dcLLER"),
    *("Mu\u0308ller & Sons", "\u0130pek", "ipek", "\u039f\u03b4\u03cc\u03c2", "\u0418\u0432\u0430\u043d"),
    *("100 % sure", "1000 sure", "under_score", "underscore", "back\\slash", "it's", '"quoted"'),
    *("\u212aelvin", "\ufb01nance", "finance"),
)
TEXTS = (
    *("ruth", "ruth adeyemi", " RUTH\u00a0 Adeyemi ", "h a", "strasse", "STRA\u00dfE", "stra", "jose", "jos\u00e9"),
    *("JOS\u00c9", "m\u00fcller", "muller", "zo\u00eb m", "& sons", "\u0130pek", "ipek", "\u03bf\u03b4\u03cc\u03c3"),
    *("\u0438\u0432\u0430\u043d", "%", "100 %", "_", "r_s", "\\", "'", '"', "kelvin", "\u212a", "fi", "p1", "\u200b"),
    *("@NORTHGATE.example", "nothing of it", "\u00e9"),
)


@pytest.fixture
def top(customer: Customer) -> Organization:
    return customer.domain.organization


def _below(parent: Organization, name: str) -> Organization:
    return edit.add_organization(name, ACTING, parent=parent)


def _operator(email: str, *places: Organization, name: str = "", role: Role = Role.VIEWER) -> Operator:
    operator = Operator.objects.create(email=email, name=name, password="!")
    Membership.objects.bulk_create(Membership(operator=operator, organization=place, role=role) for place in places)
    return operator


def _emails(client: Client, **query: str) -> set[str]:
    """Whom a search leaves, on all pages."""
    body = client.get(reverse("console:people-export"), query).getvalue().decode("utf-8-sig")
    return {row["email"] for row in csv.DictReader(io.StringIO(body))}


@pytest.mark.parametrize("others", [0, FEW])
def test_who_is_searched_is_found_in_whatever_case_and_form_the_letters_are(
    top: Organization, people: People, others: int
) -> None:
    Organization.objects.bulk_create(Organization(name=f"Elm {number}", parent=top) for number in range(others))
    for number, name in enumerate(NAMES):
        _operator(f"p{number}@northgate.example", top, name=name)
        place = Organization.objects.create(name=name or "-", parent=top)
        _operator(f"o{number}@ash.example", place)
        invitations.invite(f"i{number}@oak.example", place, Role.VIEWER, by=people.owner, now=datetime.now(UTC))
    owner = people.client("owner")
    texts = {operator.email: [operator.name, operator.email, top.name] for operator in Operator.objects.all()}
    del texts[people.stranger.email]
    for number, name in enumerate(NAMES):
        texts[f"o{number}@ash.example"] = [f"o{number}@ash.example", name or "-"]
        texts[f"i{number}@oak.example"] = [f"i{number}@oak.example", name or "-"]
    for text in TEXTS:
        expected = {
            email for email, of_person in texts.items() if any(folded(text) in folded(one) for one in of_person)
        }
        assert (text, _emails(owner, q=text)) == (text, expected)


def test_nobody_is_found_by_a_role_that_the_reader_does_not_administer(top: Organization, people: People) -> None:
    ash, birch = _below(top, "Ash"), _below(top, "Birch")
    both = _operator("ruth@northgate.example", ash, birch, name="Ruth Adeyemi")
    _operator("tom.ellery@birch.example", birch, name="Tom of Birch")
    invitations.invite("nia@birch.example", birch, Role.VIEWER, by=people.owner, now=datetime.now(UTC))
    reader = _operator("jo@ash.example", ash, role=Role.ADMINISTRATOR)
    client = Client()
    client.force_login(reader)
    for query in ({"q": "birch"}, {"q": "BIRCH.example"}, {"q": "tom"}, {"organization": str(birch.id)}):
        page = words(client.get(PEOPLE, query))
        assert "2 people in 1 organization." in page
        assert "Everybody 0 Administrators 0 Technicians 0 Viewers 0" in page
        assert "birch.example " not in page.partition("Everybody")[2]
        assert both.email not in page
        assert _emails(client, **query) == set()
    assert _emails(client) == {both.email, reader.email}


@pytest.mark.parametrize("few", [0, FEW])
def test_a_namesake_of_others_tells_no_organization_apart(
    top: Organization, people: People, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(places, "FEW", few)
    ash = _below(top, "Ash")
    edit.add_domain(ash, "ash.example", ACTING)
    _below(top, "Ash")
    reader = _operator("jo@northgate.example", ash, role=Role.ADMINISTRATOR)
    client = Client()
    client.force_login(reader)
    assert _emails(people.client("owner"), q="(ash.example)") == {reader.email}
    assert _emails(client, q="(ash.example)") == set()
    assert "(ash.example)" not in words(client.get(PEOPLE, {"q": "ash"}))


def test_a_search_counts_and_pages_whom_it_finds(top: Organization, people: People) -> None:
    ash = _below(top, "Ash")
    for number in range(53):
        _operator(f"p{number:02}@northgate.example", ash, name=f"Person {number}")
    for number in range(2):
        invitations.invite(f"i{number}@ash.example", ash, Role.TECHNICIAN, by=people.owner, now=datetime.now(UTC))
    owner = people.client("owner")
    query = {"q": "ash", "organization": str(ash.id)}
    first, second = words(owner.get(PEOPLE, query)), words(owner.get(PEOPLE, {**query, "page": "2"}))
    assert "56 people in 2 organizations." in first
    assert "Everybody 55 Administrators 0 Technicians 2 Viewers 53" in first
    assert "No second factor 53 Invited 2" in first
    assert "1 to 50 of 55 · Next page" in first
    assert "51 to 55 of 55 · Previous page" in second
    assert [f"p{number:02}@" in second for number in (49, 50, 52)] == [False, True, True]
    assert "i1@ash.example by Priya Nair Technician Ash" in second
    assert words(owner.get(PEOPLE, {**query, "page": "7"})) == second
    assert words(owner.get(PEOPLE, {**query, "role": "technician", "page": "7"})).count("by Priya Nair") == 2


def test_of_many_people_only_those_who_stand_on_the_page_are_read(top: Organization, people: People) -> None:
    owner, rows = people.client("owner"), list[int]()
    owner.get(PEOPLE)
    for more in (60, 40):
        for _ in range(more):
            number = Operator.objects.count()
            _operator(f"p{number}@northgate.example", top, name=f"Person {number}")
        for query in ({}, {"q": "northgate"}, {"q": "person", "page": "2"}):
            given = Given()
            with connection.execute_wrapper(given):
                owner.get(PEOPLE, query)
            rows.append(given.rows)
    assert rows[:2] == rows[3:5]
    assert max(rows) < 80
