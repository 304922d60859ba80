"""The pages of users as they stand: the list, one user, and what is done by hand."""

from django.test import Client
from django.urls import reverse

from mailroll.audit.models import AuditEntry
from mailroll.directory import edit
from mailroll.directory.models import Group
from mailroll.reconcile.model import Kind
from tests.console.pages import buttons, words
from tests.console.people import People
from tests.console.test_users import _NAMES, _post, _user, _users
from tests.sync.world import DOMAIN, Customer


def begin(customer: Customer) -> None:
    """In step with its tenant, where one of thirteen has many aliases."""
    customer.tenant.add_user("Ines Calloway", local="ines.calloway", aliases=[f"{name}@{DOMAIN}" for name in _NAMES])
    customer.sync()


def test_users_are_listed_with_whether_they_are_billed_and_why_not(customer: Customer, owner: Client) -> None:
    edit.add_user(customer.domain, f"fax@{DOMAIN}", customer.acting, kind=Kind.STATIC)
    page = words(_users(owner))
    assert "Ines Calloway ines.calloway@brightwater.example User Yes Main front.desk@, ines@ and 1 more" in page
    assert "fax@brightwater.example Static No: static Main" in page
    assert "In the list 14 Retired 0 By hand 1" in page
    assert "1 to 14 of 14" in page


def test_a_search_finds_an_alias_and_says_where_it_finds_nobody(customer: Customer, owner: Client) -> None:
    assert "Ines Calloway" in words(_users(owner, "?q=FRONT.desk"))
    nobody = words(_users(owner, "?q=xyz"))
    assert "No user matches" in nobody
    assert "Ines" not in nobody


def test_what_nobody_offers_in_the_address_is_passed_over(customer: Customer, owner: Client) -> None:
    odd = "?state=x&kind=boat&group=9999999999&page=-1&sort=--name&q=%C3%BF&billable"
    assert _users(owner, odd).status_code == 200
    assert _users(owner, "?page=999999999").status_code == 200
    assert "Person 0" in words(_users(owner, "?page=0&group=x"))


def test_a_column_is_sorted_both_ways(customer: Customer, owner: Client) -> None:
    page = _users(owner).content.decode()
    assert 'aria-sort="ascending"><a href="?sort=-name">User' in page
    turned = _users(owner, "?sort=-name").content.decode()
    assert 'aria-sort="descending"><a href="?">User' in turned
    assert turned.index("Person 9") < turned.index("Ines Calloway")


def test_of_a_user_made_by_hand_no_sync_is_spoken_of(customer: Customer, owner: Client) -> None:
    edit.add_user(customer.domain, f"fax@{DOMAIN}", customer.acting, display_name="Fax")
    said = words(_post(owner, "user-group", customer, f"fax@{DOMAIN}", group="Main"))
    assert "Fax is in Main now." in said
    assert "A sync leaves it there." not in said


def test_a_user_page_says_why_it_is_here_and_what_happened(customer: Customer, owner: Client) -> None:
    _post(owner, "user-pin", customer, f"ines@{DOMAIN}", on="1")
    page = words(_user(owner, customer, f"ines@{DOMAIN}"))
    assert "Why is this address here?" in page
    assert "matches Last read" in page
    assert "Kind is user, so billable A plan with a mailbox is assigned and active." in page
    assert "Mail for it is accepted" in page
    assert "Pinned By you" in page
    assert "Added to Main Microsoft 365 has it and the list does not." in page


def test_pin_and_exemption_are_set_and_ended(customer: Customer, owner: Client) -> None:
    for route, on, off in (("user-pin", "Pin", "Unpin"), ("user-exempt", "Exempt", "End exemption")):
        assert on in buttons(_user(owner, customer, f"p1@{DOMAIN}"))
        assert off in buttons(_post(owner, route, customer, f"p1@{DOMAIN}", on="1"))
        assert on in buttons(_post(owner, route, customer, f"p1@{DOMAIN}"))


def test_whom_a_source_keeps_cannot_be_removed_or_renamed_here(customer: Customer, owner: Client) -> None:
    assert "Rename" not in buttons(_user(owner, customer, f"p1@{DOMAIN}"))
    assert "A source keeps this user" in words(_post(owner, "user-remove", customer, f"p1@{DOMAIN}"))
    assert "A source keeps this user" in words(_post(owner, "user-name", customer, f"p1@{DOMAIN}", name="X"))
    assert f"p1@{DOMAIN}" in customer.roll()


def test_a_user_is_added_by_hand_changed_and_removed(customer: Customer, owner: Client) -> None:
    add = reverse("console:user-add", args=[DOMAIN])
    given = {"address": f" Fax@{DOMAIN} ", "display_name": "Fax", "aliases": f"a@{DOMAIN}\nb@{DOMAIN}"}
    done = owner.post(add, {**given, "kind": "static", "group": "Main"}, follow=True)
    assert f"Fax@{DOMAIN} is in the list. Mail for it is accepted" in words(done)
    fax = f"fax@{DOMAIN}"
    assert customer.roll()[fax].aliases == (f"a@{DOMAIN}", f"b@{DOMAIN}")
    _post(owner, "user-aliases", customer, fax, address=f"c@{DOMAIN}")
    _post(owner, "user-aliases", customer, fax, remove=f"a@{DOMAIN}")
    _post(owner, "user-name", customer, fax, name="Old fax")
    page = words(_user(owner, customer, fax))
    assert "Renamed: Fax → Old fax By you" in page
    assert f"Alias a@{DOMAIN} removed By you" in page
    assert "Made by hand" in page
    asks = words(owner.get(reverse("console:user-remove", args=[DOMAIN, customer.user(fax).id])))
    assert f"Mail for {fax} and 2 aliases is refused at once" in asks
    assert "was removed. Mail for it is refused." in words(_post(owner, "user-remove", customer, fax))
    assert fax not in customer.roll()
    deeds = ["user.added", "user.alias_added", "user.alias_removed", "user.renamed", "user.removed"]
    assert list(AuditEntry.objects.filter(subject=fax).order_by("id").values_list("action", flat=True)) == deeds


def test_every_problem_of_a_new_user_stands_beside_its_field(customer: Customer, owner: Client) -> None:
    given = {"address": "bob", "display_name": "x" * 300, "aliases": f"p1@{DOMAIN} *@{DOMAIN}"}
    page = owner.post(reverse("console:user-add", args=[DOMAIN]), {**given, "kind": "user", "group": "Main"})
    assert page.status_code == 422
    said = words(page)
    assert "Nothing was added." in said
    assert f"“bob” is not an address. Write it whole, like bob@{DOMAIN}." in said
    assert "The name is longer than 256 characters." in said
    assert f"p1@{DOMAIN} belongs to another user of {DOMAIN}." in said
    assert f"“*@{DOMAIN}” stands for many addresses." in said
    empty = owner.post(reverse("console:user-add", args=[DOMAIN]), {"kind": "boat", "group": "Nowhere"})
    assert "A user needs an address." in words(empty)


def test_a_viewer_looks_and_is_offered_no_button(customer: Customer, people: People) -> None:
    viewer = people.client("viewer")
    listed, one = _users(viewer), _user(viewer, customer, f"p1@{DOMAIN}")
    assert "Add by hand" not in words(listed)
    assert not {"Pin", "Exempt", "Move", "Set kind"} & set(buttons(one))


def test_a_user_of_another_domain_is_not_here(customer: Customer, owner: Client) -> None:
    other = edit.add_domain(customer.domain.organization, "other.example", customer.acting)
    key = customer.user(f"p1@{DOMAIN}").id
    assert owner.get(reverse("console:user", args=[other.name, key])).status_code == 404
    assert owner.post(reverse("console:user-pin", args=[other.name, key]), {"on": "1"}).status_code == 404


def test_a_way_back_to_another_host_or_to_a_word_is_not_taken(customer: Customer, owner: Client) -> None:
    url = reverse("console:user-pin", args=[DOMAIN, customer.user(f"p1@{DOMAIN}").id])
    for back in ("https://evil.example/", "//evil.example/", "evil"):
        assert "evil" not in owner.post(url, {"on": "1", "back": back})["Location"]
    here = reverse("console:users", args=[DOMAIN]) + "?q=p1"
    assert owner.post(url, {"back": here})["Location"] == here


def test_of_very_many_groups_the_largest_narrow_the_list_and_the_tab_has_them_all(
    customer: Customer, owner: Client
) -> None:
    Group.objects.bulk_create(
        [Group(domain=customer.domain, name=f"Team {number:03}", key=f"team {number:03}") for number in range(60)]
    )
    page = _users(owner)
    number = Group.objects.filter(domain=customer.domain).count()
    assert f"All groups {number}" in words(page)
    assert f"Main {customer.domain.users.count()}" in words(page)
    assert "Team 059" not in words(page)
    last = Group.objects.get(name="Team 059")
    assert "Team 059" in words(_users(owner, f"?group={last.id}"))


def test_of_more_groups_than_a_list_offers_the_name_is_typed(customer: Customer, owner: Client) -> None:
    Group.objects.bulk_create(Group(domain=customer.domain, name=f"Team {number:03}") for number in range(200))
    whom = f"p1@{DOMAIN}"
    assert b'<input type="text" name="group" id="group" value="Main"' in _user(owner, customer, whom).content
    assert "Team 199" not in words(_user(owner, customer, whom))
    _post(owner, "user-group", customer, whom, group="team 199")
    assert customer.roll()[whom].group == "Team 199"
    assert "has no group “Nowhere”" in words(_post(owner, "user-group", customer, whom, group="Nowhere"))
    add = reverse("console:user-add", args=[DOMAIN])
    assert b'<input type="text" name="group" value="Main"' in owner.get(add).content
    made = {"address": f"fax@{DOMAIN}", "kind": "static", "group": "Team 007"}
    assert "is in the list" in words(owner.post(add, made, follow=True))
    assert "has no group “Nowhere”" in words(owner.post(add, {**made, "address": f"b@{DOMAIN}", "group": "Nowhere"}))
