"""When everybody is compared, those are loaded who are not as the directory shows them, and nobody else."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection, transaction

from mailroll.connections import check
from mailroll.directory import edit, load, row_hashes
from mailroll.directory.models import User
from mailroll.reconcile.crowd import Crowd
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, Kind, Purpose
from mailroll.sync.models import PurposeState, RunState, SteadyState
from mailroll.sync.purposes import cache
from mailroll.sync.readings.residents import ComparedRoll
from mailroll.sync.readings.whole_listing import WholeListing
from tests.sync.test_kinds import withdraw
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def synced(customer: Customer, listings: list[WholeListing]) -> Customer:
    """A customer who was synced once, and whose next run compares everybody."""
    withdraw(customer, "MailboxSettings.Read")
    assert customer.sync().state == RunState.APPLIED
    listings.clear()
    return customer


def loaded(listings: list[WholeListing]) -> set[str]:
    """Whom the last run loaded beside those who may be asked, by what stands before the sign."""
    listing = listings[-1]
    asked = {one.id for one in listing.candidates.held()}
    assert listing.compared is not None
    states = [one.state for one in listing.compared.others if one.state.external_id not in asked]
    return {one.primary.partition("@")[0] for one in states if one.primary is not None}


def test_of_a_roll_that_is_as_its_directory_shows_it_hardly_anybody_is_loaded(
    synced: Customer, listings: list[WholeListing]
) -> None:
    run = synced.sync()
    assert run.state == RunState.UNCHANGED
    assert (run.counts["unchanged"], run.counts["users_after"]) == (12, 12)
    assert loaded(listings) == set()


@pytest.mark.parametrize("settles", [False, True])
def test_whoever_changed_came_or_went_is_loaded_and_the_others_are_not(
    synced: Customer, listings: list[WholeListing], *, settles: bool
) -> None:
    tenant = synced.tenant
    if settles:
        # Then the listing is skimmed, as it may say nothing new.
        assert [synced.sync().state for _ in range(2)] == [RunState.UNCHANGED] * 2
        assert len(listings) == 1
    tenant.change_user(f"p9@{DOMAIN}", displayName='An "other"\tname')
    tenant.change_user(f"p10@{DOMAIN}", proxyAddresses=[f"SMTP:p10@{DOMAIN}", f"smtp:p8@{DOMAIN}", f"smtp:x@{DOMAIN}"])
    tenant.delete_user(f"p11@{DOMAIN}")
    tenant.add_user("New", local="new")
    run = synced.sync()
    changed = {name: run.counts[name] for name in ("create", "update", "retire", "unchanged")}
    assert changed == {"create": 1, "update": 2, "retire": 1, "unchanged": 9}
    assert loaded(listings) <= {"p9", "p10", "p11"}
    assert f"p8@{DOMAIN}" in synced.roll()
    assert synced.user(f"x@{DOMAIN}") == synced.user(f"p10@{DOMAIN}")


def test_whoever_was_taken_over_is_shown_although_its_user_is_not_named_by_its_object(
    customer: Customer, listings: list[WholeListing]
) -> None:
    withdraw(customer, "MailboxSettings.Read")
    for number in range(5, 12):
        edit.add_user(customer.domain, f"p{number}@{DOMAIN}", customer.acting, display_name="By hand")
    customer.source.adopts = True
    customer.source.save()
    assert customer.sync().counts["adopt"] == 7
    listings.clear()
    customer.tenant.delete_user(f"p9@{DOMAIN}")
    run = customer.sync()
    assert (run.state, run.counts["retire"], run.counts["unchanged"]) == (RunState.APPLIED, 1, 11)
    assert "listing_incomplete" not in {finding["code"] for finding in run.findings}
    assert loaded(listings) <= {f"p{number}" for number in range(5, 12)}


def _without_its_hash(customer: Customer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE directory_user SET display_name = 'Written past us' WHERE display_name = 'Person 9'")


def _without_its_alias(customer: Customer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM directory_address WHERE address = %s", [f"second@{DOMAIN}"])


def _in_a_group_of_another_domain(customer: Customer) -> None:
    other = edit.add_domain(edit.add_organization("Oakhaven", customer.acting), "oakhaven.example", customer.acting)
    group = edit.add_group(other, "Main hall", customer.acting)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE directory_user SET group_id = %s WHERE display_name = 'Person 9'", [group.id])


@pytest.mark.parametrize("spoil", [_without_its_hash, _without_its_alias, _in_a_group_of_another_domain])
def test_a_row_that_was_written_past_everything_is_found_and_mended(
    customer: Customer, listings: list[WholeListing], spoil: Callable[[Customer], None]
) -> None:
    withdraw(customer, "MailboxSettings.Read")
    addresses = [f"SMTP:p9@{DOMAIN}", f"smtp:second@{DOMAIN}"]
    customer.tenant.change_user(f"p9@{DOMAIN}", proxyAddresses=addresses)
    customer.sync()
    before = customer.everyone()
    spoil(customer)
    assert customer.everyone() != before
    run = customer.sync()
    assert run.counts["update"] == 1
    assert [(one.display_name, one.address, one.group) for one in customer.everyone()] == [
        (one.display_name, one.address, one.group) for one in before
    ]
    assert customer.user(f"second@{DOMAIN}") == customer.user(f"p9@{DOMAIN}")


def test_a_roll_that_moves_while_it_is_compared_is_compared_once_more(
    synced: Customer, listings: list[WholeListing], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"p{number}@{DOMAIN}" for number in range(12)]
    times: list[ComparedRoll] = []
    of = ComparedRoll.of

    def moving(domain: UUID, crowd: Crowd) -> ComparedRoll:
        times.append(of(domain, crowd))
        if len(times) == 1:
            for each in names:
                edit.pin(synced.domain, synced.user(each).id, synced.acting)
        return times[-1]

    monkeypatch.setattr(ComparedRoll, "of", moving)
    run = synced.sync()
    assert len(times) == 2
    assert len(times[1].others) == 12
    assert run.counts["unchanged"] == 12


def test_a_hash_of_a_row_is_that_of_all_it_says(synced: Customer, listings: list[WholeListing]) -> None:
    names = ['"quoted" \\ back', "tab\tand\x1b\x7f", "Zoë 🦆", "", " "]
    for number, name in enumerate(names):
        synced.tenant.change_user(f"p{number}@{DOMAIN}", displayName=name)
    synced.tenant.add_group("All staff", kind="distribution", local="all")
    synced.tenant.delete_user(f"p11@{DOMAIN}")
    edit.add_user(synced.domain, f"desk@{DOMAIN}", synced.acting, display_name="Desk")
    synced.sync()
    edit.pin(synced.domain, synced.user(f"p9@{DOMAIN}").id, synced.acting)
    users = load.current(synced.domain.id).users
    apart = {one.id for one in users if one.pinned or one.state.retired or one.state.owner is None}
    rows = row_hashes.read(synced.domain.id)
    assert len(apart) == 3
    assert set[bytes]().union(*rows) == {
        one.id.bytes + (bytes(16) if one.id in apart else bytes.fromhex(one.hash)) for one in users
    }


def test_what_mailboxes_told_somebody_else_meanwhile_counts(
    synced: Customer, listings: list[WholeListing], monkeypatch: pytest.MonkeyPatch
) -> None:
    of, users = ComparedRoll.of, list(synced.tenant.users)

    def telling(domain: UUID, crowd: Crowd) -> ComparedRoll:
        sieve = listings[-1].sieve
        assert sieve is not None
        records = sieve.again({ExternalId(f"{synced.tenant.id}:{user.id}") for user in users})
        keys = {record.id: cache.key_of(record) for record in records}
        cache.keep(synced.connection.id, dict.fromkeys(keys, Purpose.SHARED), keys, {}, synced.acting.now())
        return of(domain, crowd)

    monkeypatch.setattr(ComparedRoll, "of", telling)
    synced.sync()
    assert {user.kind for user in User.objects.filter(domain=synced.domain)} == {Kind.SHARED}


@pytest.fixture
def answered(customer: Customer, listings: list[WholeListing]) -> Customer:
    """A customer whose mailboxes all told what they are for, two or so in a run."""
    for _ in range(12):
        customer.sync()
        if customer.connection.purposes.count() == 12:
            break
    customer.time.pass_(minutes=1)
    assert customer.sync().state == RunState.UNCHANGED
    assert {user.kind for user in User.objects.filter(domain=customer.domain)} == {Kind.USER}
    SteadyState.objects.all().delete()
    listings.clear()
    return customer


def test_of_those_who_told_before_nobody_is_loaded(answered: Customer, listings: list[WholeListing]) -> None:
    run = answered.sync()
    assert (run.state, run.counts["unchanged"]) == (RunState.UNCHANGED, 12)
    (listing,) = listings
    assert len(listing.candidates.held()) <= 4
    assert loaded(listings) == set()
    # Nobody is due, so the next run needs to compare nobody.
    assert answered.sync().state == RunState.UNCHANGED
    assert len(listings) == 1


def test_what_a_mailbox_told_between_two_runs_counts(answered: Customer, listings: list[WholeListing]) -> None:
    objects = answered.connection.purposes.values_list("object", flat=True)
    rows = cache.kept(answered.connection.id, map(ExternalId, objects))
    last = max(rows)
    cache.keep(answered.connection.id, {last: Purpose.ROOM}, {last: rows[last].key}, rows, answered.acting.now())
    run = answered.sync()
    assert (run.counts["update"], run.counts["unchanged"]) == (1, 11)
    assert User.objects.get(external_id=last).kind == Kind.ROOM
    assert len(loaded(listings)) <= 1


def test_whoever_is_not_held_is_asked_once_the_answer_expires(answered: Customer, listings: list[WholeListing]) -> None:
    answered.sync()
    before = answered.connection.purposes.filter(asked_at__lt=answered.acting.now()).count()
    answered.time.pass_(days=31)
    for _ in range(12):
        answered.sync()
    assert before == 12
    assert answered.connection.purposes.filter(asked_at=answered.acting.now()).count() == 12


def test_where_mailboxes_tell_again_those_are_asked_anew_of_whom_no_record_is_held(
    customer: Customer, listings: list[WholeListing]
) -> None:
    withdraw(customer, "MailboxSettings.Read")
    customer.sync()
    users = list(customer.tenant.users)
    assert listings[-1].sieve is not None
    records = listings[-1].sieve.again({ExternalId(f"{customer.tenant.id}:{user.id}") for user in users})
    keys = {record.id: cache.key_of(record) for record in records}
    # Each of them was asked many times, and is not asked again for a week.
    customer.connection.purposes.all().delete()
    for _ in range(9):
        rows = cache.kept(customer.connection.id, keys)
        cache.keep(customer.connection.id, dict.fromkeys(keys, UNSET), keys, rows, customer.acting.now())
    customer.time.pass_(minutes=61)
    # They tell without anything that was granted, as far as we know.
    check.check(customer.connection, customer.domain, customer.acting)
    withdraw(customer)
    for _ in range(8):
        customer.sync()
    assert set(customer.connection.purposes.values_list("state", flat=True)) == {PurposeState.KNOWN}
    assert customer.connection.purposes.count() == 12
