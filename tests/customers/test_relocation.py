"""A domain moves with its history, and what was the first organization's alone stays with it."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from mailroll.accounts import tokens
from mailroll.accounts.models import Membership, Operator, Role, Token
from mailroll.accounts.tokens import TokenPurpose
from mailroll.accounts.trail import Audience
from mailroll.audit import clock
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.connections.models import Connection, ConsentLink, Source
from mailroll.customers import archive, relocation
from mailroll.directory import edit
from mailroll.directory.models import Address, Domain, Organization
from mailroll.gateway.models import Asker, KnownAddress
from mailroll.reconcile.errors import Refused
from mailroll.sync.locks.domain_lock import AlreadyRunning
from mailroll.sync.models import DomainStanding, Run, RunChange, RunSkip, RunState, Schedule
from mailroll_simulator import Tenant
from tests.cli.commands import mailroll
from tests.console.pages import words
from tests.console.people import confirm
from tests.customers.neighbours import PASSWORD, Street, build
from tests.customers.test_archive import taken
from tests.sync.world import DOMAIN, Customer

ACTING = Acting("operator:root@provider.example")
SISTER = "sister.example"


@pytest.fixture
def tenant(tenant: Tenant) -> Tenant:
    """Somebody of another domain of the tenant, who is nobody's business where the domain goes."""
    tenant.add_domain(SISTER)
    tenant.add_user("Sister Secret", local="secret", domain=SISTER)
    return tenant


@pytest.fixture
def street(customer: Customer) -> Street:
    return build(customer)


def move(street: Street, *, by: Operator | None = None) -> relocation.Relocated:
    return relocation.move_domain(street.customer.domain, street.next_door, ACTING, by=by)


def test_list_and_history_go_along_and_everything_is_bound_to_its_new_place(street: Street) -> None:
    domain = street.customer.domain
    addresses = set(Address.objects.filter(domain=domain).values_list("address", flat=True))
    applied = set(Run.objects.filter(domain=domain, state=RunState.APPLIED).values_list("id", flat=True))
    changes = RunChange.objects.filter(run__in=applied).count()
    done = move(street)
    domain.refresh_from_db()
    assert (domain.organization, domain.proved_at is not None) == (street.next_door, True)
    assert set(Address.objects.filter(domain=domain).values_list("address", flat=True)) == addresses
    assert set(Run.objects.filter(domain=domain, state=RunState.APPLIED).values_list("id", flat=True)) == applied
    assert (RunChange.objects.filter(run__in=applied).count(), changes > 0) == (changes, True)
    assert DomainStanding.objects.get(domain=domain).organization_id == street.next_door.id
    assert not Schedule.objects.get(domain=domain).automatic
    # The consent was the house's: its source waits, and remembers which tenant it was.
    source = Source.objects.get(owner=street.customer.source.owner_id)
    assert (source.connection, source.enabled, bool(source.tenant)) == (None, False, True)
    assert done.disconnected == (source.owner.label,)
    assert not Connection.objects.filter(id=street.customer.connection.id).exists()
    assert not RunSkip.objects.filter(run__domain=domain).exists()
    assert not Run.objects.filter(domain=domain).exclude(state__in=("applied", "unchanged")).exists()
    assert not ConsentLink.objects.filter(domain=domain).exists()
    assert not Asker.objects.filter(domain=domain).exists()
    assert KnownAddress.objects.filter(domain=domain).exists()


def test_the_next_organization_gets_nothing_that_is_not_of_the_domain(street: Street) -> None:
    connection_id = str(street.customer.connection.id)
    RunSkip.objects.create(run=Run.objects.filter(domain=street.customer.domain)[0], name=f"secret@{SISTER}", reason={})
    change = RunChange.objects.filter(run__domain=street.customer.domain, run__state=RunState.APPLIED)[0]
    change.reasons = [{"code": "address_moved", "address": f"p1@{DOMAIN}", "to": "Sister Secret"}, *change.reasons]
    change.save()
    move(street)
    found = taken(archive.pieces(street.next_door, Audience(None), clock.now()))
    text = json.dumps(found).lower()
    foreign = [SISTER, "sister secret", "branch.brightwater", connection_id, "mx-brightwater", f"it@{DOMAIN}"]
    assert [one for one in foreign if one in text] == []
    assert "belongs to" not in text
    assert "somebody else" in text
    # The log of before stays where it was.
    assert {entry["organization"] for entry in found["audit"]} == {str(street.next_door.id)}


def test_old_roles_and_tokens_reach_it_no_longer_and_new_ones_do(street: Street, client: Client) -> None:
    _, old = tokens.create("old", [street.house], [TokenPurpose.GATEWAY], ACTING)
    _, new = tokens.create("new", [street.next_door], [TokenPurpose.GATEWAY], ACTING)
    boss, nina = street.boss, Operator.objects.get(email="nina@coldharbour.example")
    Membership.objects.filter(operator=nina, organization=street.house).delete()
    page = reverse("console:users", args=[DOMAIN])

    def seen() -> list[int]:
        told = []
        for who in (boss, nina):
            client.force_login(who)
            told.append(client.get(page).status_code)
        return told

    assert seen() == [200, 404]
    move(street)
    assert seen() == [404, 200]
    street.customer.domain.refresh_from_db()
    reach = [tokens.bearer(text, TokenPurpose.GATEWAY, clock.now()) for text in (old, new)]
    assert [street.next_door.id in one.organizations for one in reach if one] == [False, True]


def test_both_logs_say_it_and_only_who_stands_above_both_learns_both_names(street: Street) -> None:
    move(street)
    entries = {one.action: one for one in AuditEntry.objects.filter(action__startswith="domain.moved")}
    assert {action: one.organization for action, one in entries.items()} == {
        "domain.moved_away": street.house.id,
        "domain.moved_here": street.next_door.id,
        "domain.moved": street.provider.id,
    }
    assert entries["domain.moved"].details == {"before": "Brightwater Joinery", "after": "Coldharbour"}
    assert "Coldharbour" not in str(entries["domain.moved_away"].details)
    assert "Brightwater" not in str(entries["domain.moved_here"].details)


def test_a_connection_of_who_stands_above_both_goes_on_serving(street: Street) -> None:
    Connection.objects.filter(id=street.customer.connection.id).update(organization=street.provider)
    assert move(street).disconnected == ()
    source = Source.objects.get(owner=street.customer.source.owner_id)
    assert (source.connection_id, source.enabled) == (street.customer.connection.id, True)


def test_who_administers_one_of_them_only_cannot_move_it_and_nothing_moves_meanwhile(street: Street) -> None:
    nina = Operator.objects.get(email="nina@coldharbour.example")
    for one in (street.boss, nina):
        with pytest.raises(Refused, match="Only who administers both"):
            move(street, by=one)
    with pytest.raises(Refused, match="is in Brightwater Joinery already"):
        relocation.move_domain(street.customer.domain, street.house, ACTING, by=None)
    waiting = edit.add_domain(street.next_door, DOMAIN, ACTING, proved=False)
    with pytest.raises(Refused, match="waits to prove it"):
        move(street)
    with pytest.raises(Refused, match="Nobody has proved yet"):
        relocation.move_domain(waiting, street.house, ACTING, by=None)
    waiting.groups.all().delete()
    waiting.delete()
    key = f"mailroll:domain:{street.customer.domain.id}"

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [key])

    def release() -> None:
        # By word: of a session that is closed the database hears a moment later.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
        connection.close()

    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(hold).result()
        with pytest.raises(AlreadyRunning):
            move(street)
        elsewhere.submit(release).result()
    assert Domain.objects.get(name=DOMAIN).organization == street.house
    assert move(street, by=street.root).users > 0


def test_a_move_keeps_nobody_waiting_who_adds_something_to_either_organization(street: Street) -> None:
    def add_without_waiting() -> None:
        with closing(connection), connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1ms'")
            for place in (street.house, street.next_door):
                edit.add_organization("Newcomer", ACTING, parent=place)

    with ThreadPoolExecutor(1) as elsewhere, transaction.atomic():
        move(street)
        elsewhere.submit(add_without_waiting).result()
    assert Organization.objects.filter(name="Newcomer").count() == 2


def test_what_gateways_read_by_token_is_not_taken_from_them_unsaid(street: Street, client: Client) -> None:
    domain, now = street.customer.domain, clock.now()
    Asker.objects.create(domain=domain, kind="http", name="mx-brightwater", last_at=now)
    assert Token.objects.filter(organizations=street.next_door).update(expires_at=now) == 2
    url = reverse("console:domain-move", args=[DOMAIN])
    client.force_login(street.root)
    confirm(client)
    assert "with the token mx-brightwater." in words(client.get(url))
    given = {"organization": str(street.next_door.id)}
    refused = client.post(url, given)
    assert (refused.status_code, "no token reads the lists of Coldharbour" in words(refused)) == (422, True)
    told = mailroll("domain", "move", DOMAIN, "--to", "Coldharbour", "--json")
    assert (told.exit_code != 0, "domain_read_by_token" in told.out + told.err) == (True, True)
    assert Organization.objects.get(domains__name=DOMAIN) == street.house
    # A token of the house reaches its branch as well: the one for both organizations ended, the other works.
    assert client.post(url, {"organization": str(street.branch.id)}).status_code == 302
    Asker.objects.create(domain=domain, kind="http", name="mx-brightwater", last_at=now)
    assert client.post(url, {**given, "although_served": "on"}).status_code == 302
    Asker.objects.create(domain=domain, kind="http", name="mx-coldharbour", last_at=now)
    said = mailroll("domain", "move", DOMAIN, "--to", "Provider", "--although-served", "--json")
    assert said.exit_code == 0, said
    # Nobody asked there, so nobody loses it.
    assert client.post(url, given).status_code == 302


def test_it_is_moved_by_command_and_in_the_console_after_confirming(street: Street, client: Client) -> None:
    url = reverse("console:domain-move", args=[DOMAIN])
    client.force_login(street.boss)
    confirm(client)
    # The branch below is the boss's too; next door is not.
    page = client.get(url).content.decode()
    assert ("Brightwater Branch" in page, "Coldharbour" in page) == (True, False)
    wrong = client.post(url, {"organization": str(street.next_door.id)})
    assert (wrong.status_code, "Choose one of the list." in words(wrong)) == (422, True)
    done = words(client.post(url, {"organization": str(street.branch.id)}, follow=True))
    # The house stands above its branch, so its connection goes on serving.
    assert f"{DOMAIN} is in Brightwater Branch now. Automatic sync is off." in done
    assert "Connect anew" not in done
    told = mailroll("domain", "move", DOMAIN, "--to", "Coldharbour", "--json")
    assert (told.exit_code, told.document["organization"]) == (0, str(street.next_door.id))
    assert Organization.objects.get(domains__name=DOMAIN) == street.next_door
    alone = Operator.objects.create_user("solo@coldharbour.example", PASSWORD, name="Solo")
    Membership.objects.create(operator=alone, organization=street.next_door, role=Role.ADMINISTRATOR)
    client.force_login(alone)
    assert client.post(url, {})["Location"].startswith(reverse("account_reauthenticate"))
    assert "You administer no other organization." in words(client.get(url))
