"""Where there are too many organizations for a list, one is chosen by its name, and never taken for another."""

import pytest
from django.test import Client
from django.urls import reverse

from mailroll.accounts import places
from mailroll.accounts.models import Invitation
from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.directory.models import Domain, Organization
from tests.console.pages import words
from tests.console.people import People, confirm
from tests.sync.world import Customer

ADD, INVITE = "/domains/add/", reverse("console:person-invite")
ACTING = Acting("test:setup")


@pytest.fixture
def top(customer: Customer) -> Organization:
    """An organization with more below it than a list offers: twenty-two Ashes, two Oaks, and others."""
    top = customer.domain.organization
    names = [
        *(f"Ash {number}" for number in range(22)),
        "Oak",
        "Oak",
        *(f"Elm {number}" for number in range(places.FEW)),
    ]
    Organization.objects.bulk_create([Organization(name=name, parent=top) for name in names])
    return top


def _added(owner: Client, organization: str) -> str:
    """What is said to whoever adds a domain to an organization that is written so; empty where it was added."""
    answer = owner.post(ADD, {"name": "new.example", "organization": organization})
    return "" if answer.status_code == 302 else words(answer)


def test_the_name_that_one_alone_has_is_taken_whole_in_any_case(top: Organization, owner: Client) -> None:
    page = owner.get(ADD).content.decode()
    assert "<option" not in page.split('class="narrow"')[1]
    assert _added(owner, "  ash 1 ") == ""
    assert Domain.objects.get(name="new.example").organization.name == "Ash 1"


def test_a_domain_names_its_organization(top: Organization, owner: Client) -> None:
    elm, other = (Organization.objects.get(name=name) for name in ("Elm 7", "Elm 8"))
    edit.add_domain(other, "elm.example", ACTING, proved=False)
    assert "No organization of yours has that in its name." in _added(owner, "elm.example")
    edit.add_domain(elm, "elm.example", ACTING)
    assert _added(owner, "elm.example") == ""
    assert Domain.objects.get(name="new.example").organization == elm


def test_what_fits_several_is_asked_and_nothing_is_guessed(top: Organization, owner: Client) -> None:
    first, second = Organization.objects.filter(name="Oak").order_by("id")
    edit.add_domain(first, "oak.example", ACTING)
    for typed in ("Oak", "oa"):
        asked = _added(owner, typed)
        assert "Choose the one that you mean." in asked
        assert "Oak (oak.example)" in asked
    assert not Domain.objects.filter(name="new.example").exists()
    assert _added(owner, str(second.id)) == ""
    assert Domain.objects.get(name="new.example").organization == second


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ash", "More than 20 fit. Type more of the name, or one of its domains."),
        ("Somebody Else", "No organization of yours has that in its name."),
        ("", "Choose the organization that the domain belongs to."),
    ],
)
def test_what_is_none_is_said_and_nothing_is_added(top: Organization, owner: Client, typed: str, said: str) -> None:
    assert said in _added(owner, typed)
    assert not Domain.objects.filter(name="new.example").exists()


def test_one_of_somebody_else_is_unknown_by_its_id_too(top: Organization, people: People, owner: Client) -> None:
    foreign = Organization.objects.get(name="Somebody Else")
    assert "Choose one of the list." in _added(owner, str(foreign.id))


def test_an_invitation_begins_with_the_organization_that_the_page_before_was_narrowed_to(
    top: Organization, people: People
) -> None:
    elm, owner = Organization.objects.get(name="Elm 7"), people.client("owner")
    assert owner.get(INVITE).content.decode().count("<option") == len(("viewer", "technician", "administrator"))
    page = owner.get(f"{INVITE}?organization={elm.id}").content.decode()
    assert f'<option value="{elm.id}" selected>Elm 7</option>' in page
    confirm(owner)
    owner.post(INVITE, {"email": "jo@elm.example", "organization": "Elm 8", "role": "viewer"})
    assert Invitation.objects.get().organization.name == "Elm 8"


def test_no_page_lists_them_all(top: Organization, owner: Client, customer: Customer) -> None:
    for url in (reverse("console:people"), reverse("console:domain-move", args=[customer.domain.name])):
        page = owner.get(url)
        assert "<option" not in page.content.decode().split("</header>")[-1]
        assert "Elm 150" not in words(page)
