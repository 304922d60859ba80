"""An organization is erased with all that is kept of it, the chain of events stays, and no neighbour notices."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mailroll.accounts.models import Membership, Operator, Token
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.customers import erasure
from mailroll.customers.pseudonyms import Pseudonyms
from mailroll.directory.models import Domain, Organization
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.sync.locks.domain_lock import AlreadyRunning
from mailroll.sync.standings import sums
from tests.cli.commands import mailroll
from tests.console.pages import words
from tests.console.people import confirm
from tests.customers.neighbours import Street, build, rows
from tests.sync.world import DOMAIN, TENANT_ID, Customer

ACTING = Acting("operator:root@provider.example")


@pytest.fixture
def street(customer: Customer) -> Street:
    return build(customer)


def erased(street: Street) -> erasure.Erased:
    return erasure.erase(street.house, street.house.name, ACTING, although_served=True)


def test_no_row_names_it_any_more_and_every_other_row_is_as_it_was(street: Street) -> None:
    sums.fold()  # as a worker does at each beat
    before = list(rows())
    done = erased(street)
    after = list(rows())
    assert (done.organizations, done.domains, done.people) == (2, 2, 1)
    # What gateways' servers have to know: that these domains went on purpose. And what the provider reads of it.
    left = [
        (table, row) for table, row in after if table not in {"public.directory_departure", "public.audit_auditentry"}
    ]
    # Nina works next door, and held a role here; her account is hers.
    told = [row for _, row in left if re.search(rf"brightwater|boss@|{TENANT_ID}|p\d+@", row, re.IGNORECASE)]
    assert told == []
    ids = [str(street.house.id), str(street.branch.id), str(street.customer.domain.id)]
    feeds = {"gateway.feed", "gateway.noted"}
    assert [row for table, row in left if table not in feeds and any(one in row for one in ids)] == []
    departed = [row for table, row in after if table == "public.directory_departure"]
    assert [row for row in departed if "@" in row] == []
    # Of whoever else: nothing is gone, nothing has changed, nothing was added.
    theirs = [street.next_door.id, street.domain_next_door.id, street.provider.id, street.root.id, "coldharbour"]
    mark = re.compile("|".join(map(str, theirs)))

    def of_others(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
        # What the house's own log and roles say of somebody from next door is the house's.
        own = re.compile("|".join(ids))
        known = [(table, row) for table, row in found if table != "public.audit_auditentry" and mark.search(row)]
        return [(table, row) for table, row in known if not own.search(row)]

    assert len(of_others(before)) > 30
    assert of_others(after) == of_others(before)


def test_the_chain_of_events_stays_without_names(street: Street) -> None:
    here = [street.house.id, street.branch.id]
    before = list(AuditEntry.objects.filter(organization__in=here).order_by("id"))
    next_door = list(AuditEntry.objects.filter(organization=street.next_door.id).order_by("id").values())
    done = erased(street)
    after = list(AuditEntry.objects.filter(organization__in=here).order_by("id"))
    assert [(one.id, one.at, one.action) for one in before] == [
        (one.id, one.at, one.action) for one in after[: len(before)]
    ]
    text = " ".join(f"{one.actor} {one.subject} {one.details} {one.client}" for one in after)
    assert re.search(r"brightwater|boss|nina|fax@", text, re.IGNORECASE) is None
    # One subject before is one subject still, so that what happened to it can be followed.
    pairs = {(old.subject, new.subject) for old, new in zip(before, after[: len(before)], strict=True)}
    assert len(pairs) == len({old for old, _ in pairs}) == len({new for _, new in pairs})
    # Who acted for the provider has an account still.
    assert "operator:root@provider.example" in {one.actor for one in after}
    assert list(AuditEntry.objects.filter(organization=street.next_door.id).order_by("id").values()) == next_door
    assert done.entries >= len(after)
    told = AuditEntry.objects.get(action="organization.erased")
    assert (told.organization, told.subject, told.details["domains"]) == (street.provider.id, street.house.name, 2)


def test_people_tokens_and_roles_of_others_are_kept(street: Street) -> None:
    erased(street)
    assert set(Operator.objects.values_list("email", flat=True)) == {
        *("root@provider.example", "nina@coldharbour.example"),
    }
    assert {held.organization_id for held in Membership.objects.all()} == {street.provider.id, street.next_door.id}
    tokens = {one.name: {place.name for place in one.organizations.all()} for one in Token.objects.all()}
    assert tokens == {"mx-coldharbour": {"Coldharbour"}, "mx-both": {"Coldharbour"}}
    assert set(Organization.objects.values_list("name", flat=True)) == {"Provider", "Coldharbour"}


def test_it_is_refused_without_its_name_while_it_is_served_and_while_a_run_goes_on(street: Street) -> None:
    with pytest.raises(BadInput, match="Type Brightwater Joinery"):
        erasure.erase(street.house, "Brightwater", ACTING, although_served=True)
    with pytest.raises(Refused, match=f"Gateways are told of branch.{DOMAIN}, {DOMAIN}"):
        erasure.erase(street.house, street.house.name, ACTING)
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
            erased(street)
        elsewhere.submit(release).result()
    with pytest.raises(Refused, match="all there is in this installation"):
        erasure.erase(street.provider, street.provider.name, ACTING, although_served=True)
    assert Domain.objects.count() == 3


def test_the_command_wants_the_name_and_says_what_there_was(street: Street) -> None:
    asked = mailroll("organization", "erase", street.house.name, "--although-served", "--json")
    assert asked.document["error"]["code"] == "name_not_typed"
    served = mailroll("organization", "erase", street.house.name, "--confirm", street.house.name, "--json")
    assert (served.exit_code, served.document["error"]["code"]) == (3, "organization_served")
    words = ("organization", "erase", str(street.house.id), "--confirm", street.house.name, "--although-served")
    done = mailroll(*words, "--json")
    assert (done.exit_code, set(done.document)) == (
        0, {"organizations", "domains", "users", "runs", "people", "entries"}
    )  # fmt: skip
    mailroll("organization", "add", "Alone", "--parent", street.provider.name)
    said = mailroll("organization", "erase", "Alone", "--confirm", "Alone").out
    assert said.startswith("Alone is erased: 1 organization, 0 domains, 0 users, 0 runs, 0 people. What stays")


def test_its_provider_erases_it_in_the_console_and_it_cannot_do_so_itself(street: Street, client: Client) -> None:
    url = reverse("console:organization-erase", args=[street.house.id])
    settings = reverse("console:organization", args=[street.house.id])
    client.force_login(street.boss)
    confirm(client)
    assert client.get(url).status_code == 403
    assert url not in client.get(settings).content.decode()
    client.force_login(street.root)
    assert client.post(url, {"name": street.house.name})["Location"].startswith(reverse("account_reauthenticate"))
    confirm(client)
    assert url in client.get(settings).content.decode()
    told = words(client.get(url))
    assert "and 1 organization below it will be gone" in told
    assert DOMAIN in told
    served = client.post(url, {"name": street.house.name})
    assert (served.status_code, "Gateways are told of" in words(served)) == (422, True)
    wrong = client.post(url, {"name": "Bright", "although_served": "on"})
    assert "Type Brightwater Joinery to erase it." in words(wrong)
    done = client.post(url, {"name": street.house.name, "although_served": "on"}, follow=True)
    assert "Brightwater Joinery was erased" in words(done)
    assert not Organization.objects.filter(id=street.house.id).exists()


@given(st.text(), st.text())
def test_a_pseudonym_is_one_to_one_and_gives_nothing_away(one: str, other: str) -> None:
    here, elsewhere = Pseudonyms(b"a"), Pseudonyms(b"b")
    assert (here.pseudonym(one) == here.pseudonym(other)) == (one == other)
    assert here.pseudonym(here.pseudonym(one)) == here.pseudonym(one)
    assert here.pseudonym(f"jo@{one}.example") != elsewhere.pseudonym(f"jo@{one}.example")
