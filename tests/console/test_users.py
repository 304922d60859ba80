"""The Users tab: looked through, added to, and one user's own page."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mailroll.audit.models import AuditEntry
from mailroll.connections.models import Source
from mailroll.directory import edit
from mailroll.directory.models import Group
from mailroll.reconcile.model import Kind
from tests.console.pages import buttons, words
from tests.console.people import People
from tests.sync.world import DOMAIN, Customer

LISTED_AGAIN = "the source “Office 365” lists it again"
_NAMES = ("ines", "front.desk", "info")


@pytest.fixture
def synced(customer: Customer) -> Customer:
    customer.tenant.add_user("Ines Calloway", local="ines.calloway", aliases=[f"{name}@{DOMAIN}" for name in _NAMES])
    customer.sync()
    return customer


def _users(client: Client, query: str = "") -> Any:
    return client.get(reverse("console:users", args=[DOMAIN]) + query)


def _user(client: Client, customer: Customer, address: str) -> Any:
    return client.get(reverse("console:user", args=[DOMAIN, customer.user(address).id]))


def _post(client: Client, route: str, customer: Customer, whom: str, **data: str) -> Any:
    return client.post(reverse(f"console:{route}", args=[DOMAIN, customer.user(whom).id]), data, follow=True)


def _retired(customer: Customer, *locals_: str) -> list[UUID]:
    """Users whom their source lost, and whose removal was applied."""
    for local in locals_:
        customer.tenant.delete_user(f"{local}@{DOMAIN}")
    customer.sync()
    gone = [customer.user(f"{local}@{DOMAIN}") for local in locals_]
    assert all(user.retired_at for user in gone)
    return [user.id for user in gone]


def test_a_domain_without_users_says_where_they_come_from(customer: Customer, owner: Client) -> None:
    page = words(_users(owner))
    assert "Nobody here yet. Users appear after the first Sync & Save, or add one by hand." in page


def test_users_are_listed_with_whether_they_are_billed_and_why_not(synced: Customer, owner: Client) -> None:
    edit.add_user(synced.domain, f"fax@{DOMAIN}", synced.acting, kind=Kind.STATIC)
    page = words(_users(owner))
    assert "Ines Calloway ines.calloway@brightwater.example User Yes Main front.desk@, ines@ and 1 more" in page
    assert "fax@brightwater.example Static No: static Main" in page
    assert "In the list 14 Retired 0 By hand 1" in page
    assert "1 to 14 of 14" in page


def test_a_search_finds_an_alias_and_says_where_it_finds_nobody(synced: Customer, owner: Client) -> None:
    assert "Ines Calloway" in words(_users(owner, "?q=FRONT.desk"))
    nobody = words(_users(owner, "?q=xyz"))
    assert "No user matches" in nobody
    assert "Ines" not in nobody


def test_what_nobody_offers_in_the_address_is_passed_over(synced: Customer, owner: Client) -> None:
    odd = "?state=x&kind=boat&group=9999999999&page=-1&sort=--name&q=%C3%BF&billable"
    assert _users(owner, odd).status_code == 200
    assert _users(owner, "?page=999999999").status_code == 200
    assert "Person 0" in words(_users(owner, "?page=0&group=x"))


def test_a_column_is_sorted_both_ways(synced: Customer, owner: Client) -> None:
    page = _users(owner).content.decode()
    assert 'aria-sort="ascending"><a href="?sort=-name">User' in page
    turned = _users(owner, "?sort=-name").content.decode()
    assert 'aria-sort="descending"><a href="?">User' in turned
    assert turned.index("Person 9") < turned.index("Ines Calloway")


def test_who_retired_stands_below_with_why_and_can_be_restored(synced: Customer, owner: Client) -> None:
    synced.tenant.delete_user(next(iter(synced.tenant.users)))
    synced.sync()
    page = _users(owner)
    assert "Retired 1" in words(page)
    assert "no longer has it" in words(page)
    assert "Can be restored at least until" in words(page)
    assert "Restore Person 0" in buttons(page)
    there = words(_user(owner, synced, f"p0@{DOMAIN}"))
    assert "Why is it retired?" in there
    assert "Comes back with a restore no alias, group Main, not pinned" in there
    assert f"Restore : in the list again at once, and kept: no run retires it until {LISTED_AGAIN}." in there
    done = _post(owner, "user-restore", synced, f"p0@{DOMAIN}")
    assert "Person 0 is in the list again. Mail is accepted now." in words(done)
    assert f"It is kept: no run retires it until {LISTED_AGAIN}, or until somebody ends that." in words(done)
    assert "Kept since it was restored" in words(done)
    synced.sync()
    assert (synced.roll()[f"p0@{DOMAIN}"].kept, synced.roll()[f"p0@{DOMAIN}"].pinned) == (True, False)
    assert "Kept 1" in words(_users(owner))


def test_who_is_kept_no_longer_retires_with_the_next_run_as_the_page_says(synced: Customer, owner: Client) -> None:
    (gone,) = _retired(synced, "p0")
    edit.restore(synced.domain, gone, synced.acting)
    assert "Keep no longer" in buttons(_user(owner, synced, f"p0@{DOMAIN}"))
    done = _post(owner, "user-unkeep", synced, f"p0@{DOMAIN}")
    assert "Person 0 is no longer kept: the next run plans to retire it, unless it is listed again." in words(done)
    assert "Keep no longer" not in buttons(done)
    assert synced.sync().counts["retire"] == 1


def test_many_are_restored_at_once_after_a_look_at_what_becomes_of_them(synced: Customer, owner: Client) -> None:
    gone = _retired(synced, "p0", "p1", "p2")
    page = _users(owner, "?state=retired")
    assert "Restore chosen" in buttons(page)
    assert "Choose Person 0" in page.content.decode()
    url = reverse("console:users-restore", args=[DOMAIN])
    assert "#nobody_chosen" in owner.post(url, {}, follow=True).content.decode()
    assert "Nobody was chosen." in words(owner.post(url, {"user": "x"}, follow=True))
    asks = owner.post(url, {"user": [str(one) for one in gone[:2]]})
    assert "Restore 2 users? They are in the list again at once" in words(asks)
    assert "Mail is accepted, and 2 are billed." in words(asks)
    assert f"Person 0 (p0@{DOMAIN})" in words(asks)
    assert "Restore 2" in buttons(asks)
    assert synced.user(f"p0@{DOMAIN}").retired_at is not None
    done = owner.post(url, {"user": " ".join(map(str, gone[:2])), "confirmed": "1"}, follow=True)
    assert "2 users are in the list again, and kept. Mail is accepted now." in words(done)
    assert [synced.user(f"p{i}@{DOMAIN}").kept for i in range(3)] == [True, True, False]
    again = owner.post(url, {"user": " ".join(map(str, gone[:2])), "confirmed": "1"}, follow=True)
    assert "Nobody was restored. 2 are in the list already." in words(again)
    asks = owner.post(url, {"user": [str(gone[0]), str(gone[2]), str(uuid4())]})
    assert "Restore 1 user? It is in the list again at once" in words(asks)
    assert "1 of those chosen is in the list already. 1 of those chosen is not there any more." in words(asks)


def test_everybody_whom_a_search_finds_is_restored(synced: Customer, owner: Client) -> None:
    gone = _retired(synced, "p0", "p1", "p2")
    url = reverse("console:users-restore", args=[DOMAIN])
    asks = owner.post(url, {"every": "1", "q": "Person 1", "state": "retired"})
    assert "Restore 1 user?" in words(asks)
    asks = owner.post(url, {"every": "1", "state": "retired"})
    assert "Restore 3 users?" in words(asks)
    assert all(str(one) in asks.content.decode() for one in gone)


def test_who_cannot_come_back_is_named_before_and_counted_after(synced: Customer, owner: Client) -> None:
    gone = _retired(synced, "p0", "p1")
    edit.add_user(synced.domain, f"p0@{DOMAIN}", synced.acting)
    url = reverse("console:users-restore", args=[DOMAIN])
    asks = words(owner.post(url, {"user": [str(one) for one in gone]}))
    assert "Cannot come back All their addresses belong to somebody else by now. Free one first. Person 0" in asks
    done = owner.post(url, {"user": " ".join(map(str, gone)), "confirmed": "1"}, follow=True)
    assert "1 user is in the list again, and kept. Mail is accepted now. 1 stays retired: every address" in words(done)
    assert "Nobody can be restored" in words(owner.post(url, {"user": str(gone[0])}))


def test_a_user_stays_in_the_group_it_is_in_where_somebody_puts_it_there(synced: Customer, owner: Client) -> None:
    edit.add_group(synced.domain, "Clinical", synced.acting)
    done = _post(owner, "user-group", synced, f"p1@{DOMAIN}", group="Main")
    assert "Person 1 is in Main now. A sync leaves it there." in words(done)
    assert "Stays in Main by hand By you" in words(done)
    Source.objects.filter(owner=synced.source.owner_id).update(group="Clinical")
    edit.bump_revision(synced.domain.id)
    synced.sync()
    roll = synced.roll()
    assert (roll[f"p1@{DOMAIN}"].group, roll[f"p2@{DOMAIN}"].group) == ("Main", "Clinical")


def test_of_a_user_made_by_hand_no_sync_is_spoken_of(synced: Customer, owner: Client) -> None:
    edit.add_user(synced.domain, f"fax@{DOMAIN}", synced.acting, display_name="Fax")
    said = words(_post(owner, "user-group", synced, f"fax@{DOMAIN}", group="Main"))
    assert "Fax is in Main now." in said
    assert "A sync leaves it there." not in said


def test_a_user_page_says_why_it_is_here_and_what_happened(synced: Customer, owner: Client) -> None:
    _post(owner, "user-pin", synced, f"ines@{DOMAIN}", on="1")
    page = words(_user(owner, synced, f"ines@{DOMAIN}"))
    assert "Why is this address here?" in page
    assert "matches Last read" in page
    assert "Kind is user, so billable A plan with a mailbox is assigned and active." in page
    assert "Mail for it is accepted" in page
    assert "Pinned By you" in page
    assert "Added to Main Microsoft 365 has it and the list does not." in page


def test_pin_and_exemption_are_set_and_ended(synced: Customer, owner: Client) -> None:
    for route, on, off in (("user-pin", "Pin", "Unpin"), ("user-exempt", "Exempt", "End exemption")):
        assert on in buttons(_user(owner, synced, f"p1@{DOMAIN}"))
        assert off in buttons(_post(owner, route, synced, f"p1@{DOMAIN}", on="1"))
        assert on in buttons(_post(owner, route, synced, f"p1@{DOMAIN}"))


def test_a_group_chosen_by_hand_outlives_a_sync_until_it_is_left_to_it(synced: Customer, owner: Client) -> None:
    edit.add_group(synced.domain, "Clinical", synced.acting)
    moved = _post(owner, "user-group", synced, f"p1@{DOMAIN}", group="Clinical")
    assert "Person 1 is in Clinical now. A sync leaves it there." in words(moved)
    synced.sync()
    assert synced.roll()[f"p1@{DOMAIN}"].group == "Clinical"
    assert "Leave the group to the sync" in buttons(moved)
    _post(owner, "user-group", synced, f"p1@{DOMAIN}", group="")
    synced.sync()
    assert synced.roll()[f"p1@{DOMAIN}"].group == "Main"


def test_a_kind_is_set_by_hand_and_left_to_the_sync(synced: Customer, owner: Client) -> None:
    page = words(_post(owner, "user-kind", synced, f"p1@{DOMAIN}", kind="room"))
    assert "No: room" in page
    assert "There is no such kind." in words(_post(owner, "user-kind", synced, f"p1@{DOMAIN}", kind="boat"))
    _post(owner, "user-kind", synced, f"p1@{DOMAIN}", kind="")
    synced.sync()
    assert synced.roll()[f"p1@{DOMAIN}"].kind == "user"


def test_whom_a_source_keeps_cannot_be_removed_or_renamed_here(synced: Customer, owner: Client) -> None:
    assert "Rename" not in buttons(_user(owner, synced, f"p1@{DOMAIN}"))
    assert "A source keeps this user" in words(_post(owner, "user-remove", synced, f"p1@{DOMAIN}"))
    assert "A source keeps this user" in words(_post(owner, "user-name", synced, f"p1@{DOMAIN}", name="X"))
    assert f"p1@{DOMAIN}" in synced.roll()


def test_a_user_is_added_by_hand_changed_and_removed(synced: Customer, owner: Client) -> None:
    add = reverse("console:user-add", args=[DOMAIN])
    given = {"address": f" Fax@{DOMAIN} ", "display_name": "Fax", "aliases": f"a@{DOMAIN}\nb@{DOMAIN}"}
    done = owner.post(add, {**given, "kind": "static", "group": "Main"}, follow=True)
    assert f"Fax@{DOMAIN} is in the list. Mail for it is accepted" in words(done)
    fax = f"fax@{DOMAIN}"
    assert synced.roll()[fax].aliases == (f"a@{DOMAIN}", f"b@{DOMAIN}")
    _post(owner, "user-aliases", synced, fax, address=f"c@{DOMAIN}")
    _post(owner, "user-aliases", synced, fax, remove=f"a@{DOMAIN}")
    _post(owner, "user-name", synced, fax, name="Old fax")
    page = words(_user(owner, synced, fax))
    assert "Renamed: Fax → Old fax By you" in page
    assert f"Alias a@{DOMAIN} removed By you" in page
    assert "Made by hand" in page
    asks = words(owner.get(reverse("console:user-remove", args=[DOMAIN, synced.user(fax).id])))
    assert f"Mail for {fax} and 2 aliases is refused at once" in asks
    assert "was removed. Mail for it is refused." in words(_post(owner, "user-remove", synced, fax))
    assert fax not in synced.roll()
    deeds = ["user.added", "user.alias_added", "user.alias_removed", "user.renamed", "user.removed"]
    assert list(AuditEntry.objects.filter(subject=fax).order_by("id").values_list("action", flat=True)) == deeds


def test_every_problem_of_a_new_user_stands_beside_its_field(synced: Customer, owner: Client) -> None:
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


def test_a_viewer_looks_and_is_offered_no_button(synced: Customer, people: People) -> None:
    viewer = people.client("viewer")
    listed, one = _users(viewer), _user(viewer, synced, f"p1@{DOMAIN}")
    assert "Add by hand" not in words(listed)
    assert not {"Pin", "Exempt", "Move", "Set kind"} & set(buttons(one))


def test_a_user_of_another_domain_is_not_here(synced: Customer, owner: Client) -> None:
    other = edit.add_domain(synced.domain.organization, "other.example", synced.acting)
    key = synced.user(f"p1@{DOMAIN}").id
    assert owner.get(reverse("console:user", args=[other.name, key])).status_code == 404
    assert owner.post(reverse("console:user-pin", args=[other.name, key]), {"on": "1"}).status_code == 404


def test_a_way_back_to_another_host_or_to_a_word_is_not_taken(synced: Customer, owner: Client) -> None:
    url = reverse("console:user-pin", args=[DOMAIN, synced.user(f"p1@{DOMAIN}").id])
    for back in ("https://evil.example/", "//evil.example/", "evil"):
        assert "evil" not in owner.post(url, {"on": "1", "back": back})["Location"]
    here = reverse("console:users", args=[DOMAIN]) + "?q=p1"
    assert owner.post(url, {"back": here})["Location"] == here


def test_of_very_many_groups_the_largest_narrow_the_list_and_the_tab_has_them_all(
    synced: Customer, owner: Client
) -> None:
    Group.objects.bulk_create(
        [Group(domain=synced.domain, name=f"Team {number:03}", key=f"team {number:03}") for number in range(60)]
    )
    page = _users(owner)
    number = Group.objects.filter(domain=synced.domain).count()
    assert f"All groups {number}" in words(page)
    assert f"Main {synced.domain.users.count()}" in words(page)
    assert "Team 059" not in words(page)
    last = Group.objects.get(name="Team 059")
    assert "Team 059" in words(_users(owner, f"?group={last.id}"))


def test_of_more_groups_than_a_list_offers_the_name_is_typed(synced: Customer, owner: Client) -> None:
    Group.objects.bulk_create(Group(domain=synced.domain, name=f"Team {number:03}") for number in range(200))
    whom = f"p1@{DOMAIN}"
    assert b'<input type="text" name="group" id="group" value="Main"' in _user(owner, synced, whom).content
    assert "Team 199" not in words(_user(owner, synced, whom))
    _post(owner, "user-group", synced, whom, group="team 199")
    assert synced.roll()[whom].group == "Team 199"
    assert "has no group “Nowhere”" in words(_post(owner, "user-group", synced, whom, group="Nowhere"))
    add = reverse("console:user-add", args=[DOMAIN])
    assert b'<input type="text" name="group" value="Main"' in owner.get(add).content
    made = {"address": f"fax@{DOMAIN}", "kind": "static", "group": "Team 007"}
    assert "is in the list" in words(owner.post(add, made, follow=True))
    assert "has no group “Nowhere”" in words(owner.post(add, {**made, "address": f"b@{DOMAIN}", "group": "Nowhere"}))
