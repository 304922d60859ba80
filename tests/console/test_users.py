"""The Users tab: looked through, added to, and one user's own page."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mailroll.connections.models import Source
from mailroll.directory import edit
from mailroll.insight import history
from tests.console.pages import buttons, words
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


def test_what_was_only_planned_or_is_of_another_domain_is_nothing_that_happened(customer: Customer) -> None:
    applied = customer.sync()
    user = customer.user(f"p1@{DOMAIN}").id
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    preview = customer.preview()
    assert preview.changes.filter(user=user).exists()
    events = history.latest(customer.domain, [user])
    assert events[user].run == applied
    other = edit.add_domain(customer.domain.organization, "aspen.example", customer.acting)
    assert history.latest(other, [user]) == {}


def test_a_domain_without_users_says_where_they_come_from(customer: Customer, owner: Client) -> None:
    page = words(_users(owner))
    assert "Nobody here yet. Users appear after the first Sync & Save, or add one by hand." in page


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
