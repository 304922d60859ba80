"""People and roles as one table, and the list of organizations: found, narrowed, paged, and never taken for another."""

import csv
import io
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from mailroll.accounts import invitations, operators, roster
from mailroll.accounts.models import Membership, Operator, Role
from mailroll.accounts.places import FEW
from mailroll.accounts.roster import Line, Roster
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.directory import edit
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import Refused
from tests.console.pages import words
from tests.console.people import People, confirm
from tests.sync.world import Customer

PEOPLE, SETTINGS = reverse("console:people"), reverse("console:settings")
ACTING = Acting("test:setup")


@pytest.fixture
def top(customer: Customer) -> Organization:
    return customer.domain.organization


def _below(top: Organization, name: str) -> Organization:
    return edit.add_organization(name, ACTING, parent=top)


def _hired(email: str, role: Role, *places: Organization, name: str = "") -> Operator:
    made, _ = Operator.objects.get_or_create(email=email, defaults={"name": name})
    for place in places:
        Membership.objects.create(operator=made, organization=place, role=role)
    return made


def _row(page: str, email: str) -> str:
    """The words of somebody's line: from the address to the actions."""
    return page.partition(f"{email} ")[2].partition("Change")[0]


def test_a_person_with_many_roles_is_one_line_that_says_how_far_they_reach(top: Organization, people: People) -> None:
    first, second, third = (_below(top, name) for name in ("Ash", "Birch", "Cedar"))
    _below(second, "Birch Two")
    ruth = _hired("ruth@northgate.example", Role.TECHNICIAN, first, second, third, name="Ruth Adeyemi")
    page = words(people.client("owner").get(PEOPLE))
    assert page.count("ruth@northgate.example") == 1
    assert _row(page, ruth.email).startswith("Technician Birch and 2 more 4 None")
    assert _row(page, "priya@northgate.example · you").startswith("Administrator Brightwater Joinery All 5")
    Membership.objects.filter(operator=ruth, organization=third).delete()
    Membership.objects.filter(operator=ruth, organization=first).update(role=Role.VIEWER)
    assert "Technician Birch; viewer of Ash 3" in words(people.client("owner").get(PEOPLE))


def test_the_table_is_searched_and_narrowed_and_says_how_many(top: Organization, people: People) -> None:
    ash = _below(top, "Ash & Sons")
    gone = _hired("tom.ellery@ash.example", Role.VIEWER, ash, name="Tom of Ash")
    operators.deactivate(gone, ACTING)
    Authenticator.objects.create(user=people.technician, type=Authenticator.Type.TOTP, data={})
    Operator.objects.filter(id=people.viewer.id).update(last_login=datetime.now(UTC) - timedelta(days=91))
    invitations.invite("new@ash.example", ash, Role.VIEWER, by=people.owner, now=datetime.now(UTC))
    owner = people.client("owner")
    every = words(owner.get(PEOPLE))
    assert "4 people in 2 organizations." in every
    assert "Everybody 5 Administrators 1 Technicians 1 Viewers 3" in every
    assert "No second factor 2 Not seen for 90 days 1 Invited 1 Switched off 1" in every
    assert "App" in _row(every, "tom@northgate.example")

    def shown(query: str) -> set[str]:
        page = words(owner.get(f"{PEOPLE}?{query}"))
        return {one for one in ("tom@", "vera", "tom.ellery", "new@") if one in page}

    assert shown("q=ASH") == {"tom.ellery", "new@"}
    assert shown("role=viewer&state=unseen") == {"vera"}
    assert shown("state=off") == {"tom.ellery"}
    assert shown("state=invited") == {"new@"}
    assert shown(f"organization={ash.id}") == {"tom.ellery", "new@"}
    assert "Nobody matches" in words(owner.get(f"{PEOPLE}?q=xyz"))
    for odd in ("page=-1", "page=99999999999", "page=%C2%B2", "role=king", "organization=x"):
        assert owner.get(f"{PEOPLE}?{odd}").status_code == 200


def test_fifty_lines_are_a_page_and_the_next_has_the_rest(top: Organization, people: People) -> None:
    for number in range(55):
        _hired(f"p{number:02}@northgate.example", Role.VIEWER, top)
    owner = people.client("owner")
    first, second = words(owner.get(PEOPLE)), words(owner.get(f"{PEOPLE}?page=2"))
    assert "1 to 50 of 58 · Next page" in first
    assert "51 to 58 of 58 · Previous page" in second
    assert words(owner.get(f"{PEOPLE}?page=9")) == second


def test_organizations_of_one_name_are_told_apart_wherever_one_is_chosen(top: Organization, people: People) -> None:
    first, second, third, fourth = (_below(top, "Oak") for _ in range(4))
    edit.add_domain(first, "oak.example", ACTING)
    edit.add_domain(second, "oak-two.example", ACTING)
    _hired("jo@oak.example", Role.VIEWER, second)
    owner = people.client("owner")
    for url in (PEOPLE, SETTINGS, reverse("console:person-invite")):
        page = words(owner.get(url))
        assert "Oak (oak.example)" in page
        assert "Oak (oak-two.example)" in page
        assert str(third.id)[:8] in page
        assert str(fourth.id)[:8] in page
    assert "Viewer Oak (oak-two.example)" in words(owner.get(PEOPLE))


@pytest.mark.parametrize("others", [0, FEW])
def test_somebodys_organization_is_told_apart_from_others_of_the_name_among_few_and_many(
    top: Organization, people: People, others: int
) -> None:
    first, second = (_below(top, "Oak") for _ in range(2))
    edit.add_domain(first, "oak.example", ACTING)
    edit.add_domain(second, "oak-two.example", ACTING)
    Organization.objects.bulk_create(Organization(name=f"Elm {number}", parent=top) for number in range(others))
    _hired("jo@oak.example", Role.VIEWER, second)
    owner = people.client("owner")
    for asked in ({}, {"q": "(OAK-two"}):
        assert "Viewer Oak (oak-two.example)" in _row(words(owner.get(PEOPLE, asked)), "jo@oak.example")
    assert "jo@oak.example" not in words(owner.get(PEOPLE, {"q": "(oak.example"}))
    told = owner.get(reverse("console:people-export")).getvalue().decode()
    assert "jo@oak.example,active,viewer of Oak (oak-two.example)," in told


def test_an_organization_that_is_removed_while_people_are_read_breaks_no_page(
    top: Organization, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    ash = _below(top, "Ash")
    _hired("jo@ash.example", Role.VIEWER, ash)
    place_names = roster.place_names

    def overtaken(listed: Roster, lines: Collection[Line], by: Operator) -> Mapping[UUID, str]:
        Membership.objects.filter(organization=ash).delete()
        Organization.objects.filter(id=ash.id).delete()
        return place_names(listed, lines, by)

    monkeypatch.setattr(roster, "place_names", overtaken)
    assert "Viewer Ash" in _row(words(people.client("owner").get(PEOPLE)), "jo@ash.example")
    assert not _row(words(people.client("owner").get(PEOPLE)), "jo@ash.example")


def test_who_has_nobody_of_its_own_is_counted_and_found(top: Organization, people: People) -> None:
    ash, birch = _below(top, "Ash"), _below(top, "Birch")
    _hired("jo@ash.example", Role.VIEWER, ash)
    owner = people.client("owner")
    assert "1 organization has nobody of its own: only roles above reach it. Which?" in words(owner.get(PEOPLE))
    lonely = owner.get(f"{SETTINGS}?show=nobody").content.decode()
    assert str(birch.id) in lonely
    assert str(ash.id) not in lonely


def test_organizations_are_searched_by_their_domains_too_and_paged(top: Organization, people: People) -> None:
    for number in range(52):
        edit.add_domain(_below(top, f"Customer {number:02}"), f"c{number:02}.example", ACTING)
    owner = people.client("owner")
    found = words(owner.get(f"{SETTINGS}?q=c07.exa"))
    assert "Customer 07" in found
    assert "1 to 1 of 1" in found
    assert "1 to 50 of 53 · Next page" in words(owner.get(SETTINGS))
    own = words(owner.get(reverse("console:organization", args=[top.id])))
    assert "Customer 09" in own
    assert "Customer 10" not in own
    assert "All 52" in own
    assert "1 to 50 of 52" in words(owner.get(f"{SETTINGS}?below={top.id}"))


def test_somebodys_page_has_the_roles_that_the_reader_may_change_and_no_others(
    top: Organization, people: People
) -> None:
    ash, birch = _below(top, "Ash"), _below(top, "Birch")
    ruth = _hired("ruth@northgate.example", Role.VIEWER, ash, birch)
    _hired("jo@ash.example", Role.ADMINISTRATOR, ash)
    client = Client()
    client.force_login(Operator.objects.get(email="jo@ash.example"))
    confirm(client)
    page = words(client.get(reverse("console:person", args=[ruth.id])))
    assert "Ash" in page
    assert "Birch" not in page
    assert client.get(reverse("console:person", args=[people.owner.id])).status_code == 404
    held = ruth.memberships.get(organization=ash)
    said = words(client.post(reverse("console:person-role", args=[held.id]), {"role": "technician"}, follow=True))
    assert "ruth@northgate.example is technician of Ash now." in said


def test_everybody_whom_the_table_is_narrowed_to_leaves_as_a_file(top: Organization, people: People) -> None:
    _hired("=1+1@northgate.example", Role.VIEWER, top, _below(top, "Ash"), name="=HYPERLINK(1)")
    invitations.invite("nia@brightwater.example", top, Role.VIEWER, by=people.owner, now=datetime.now(UTC))
    owner = people.client("owner")

    def rows(**asked: str) -> list[dict[str, str]]:
        body = owner.get(reverse("console:people-export"), asked).getvalue().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(body)))

    told = {row["email"]: row for row in rows()}
    assert set(told) == {
        *("priya@northgate.example", "tom@northgate.example", "vera@northgate.example"),
        *("'=1+1@northgate.example", "nia@brightwater.example"),
    }
    odd = told["'=1+1@northgate.example"]
    assert (odd["name"], odd["roles"], odd["reaches"]) == (
        "'=HYPERLINK(1)",
        f"viewer of {top.name}; viewer of Ash",
        "2",
    )
    assert (told["nia@brightwater.example"]["state"], told["priya@northgate.example"]["state"]) == ("invited", "active")
    assert [row["email"] for row in rows(role="technician")] == ["tom@northgate.example"]
    assert AuditEntry.objects.filter(action="people.exported", organization=top.id).count() == 2
    assert 'people/export/?role=technician"' in owner.get(PEOPLE, {"role": "technician"}).content.decode()


def test_an_invitation_is_made_once_more_and_the_link_of_before_ends(top: Organization, people: People) -> None:
    now = datetime.now(UTC)
    offer, token = invitations.invite("nia@brightwater.example", top, Role.TECHNICIAN, by=people.owner, now=now)
    owner = people.client("owner")
    assert "New link to nia@brightwater.example" in words(owner.get(PEOPLE))
    url = reverse("console:invitation-again", args=[offer.id])
    assert people.client("stranger").post(url).status_code == 404
    page = owner.post(url).content.decode()
    with pytest.raises(Refused):
        invitations.find(token, datetime.now(UTC))
    found = re.search(r"/account/invitation/([^/<\" ]+)/", page)
    assert found is not None
    again = invitations.find(found[1], datetime.now(UTC))
    assert (again.email, again.role, again.organization_id) == (offer.email, "technician", top.id)
    assert owner.post(url).status_code == 404


def test_who_is_off_is_switched_on_by_whoever_administers_the_whole_installation(
    top: Organization, people: People
) -> None:
    operators.deactivate(people.viewer, Acting("cli:root"))
    url, owner = reverse("console:person-on", args=[people.viewer.id]), people.client("owner")
    # Another organization stands at the top beside this one.
    assert "Switch on vera" not in words(owner.get(PEOPLE)).lower()
    owner.post(url)
    assert not Operator.objects.get(id=people.viewer.id).is_active
    Organization.objects.filter(name="Somebody Else").update(parent=top)
    page = words(owner.get(PEOPLE))
    assert "Switch on Vera Lund" in page
    assert "root, on the command line" in page
    owner.post(url)
    assert Operator.objects.get(id=people.viewer.id).is_active
    assert AuditEntry.objects.get(action="operator.activated").actor == "operator:priya@northgate.example"
