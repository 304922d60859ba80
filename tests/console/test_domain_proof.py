"""The page of a domain that nobody has proved: what it shows, to whom, and that everything else leads to it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailroll.accounts.models import Membership, Role
from mailroll.audit.actor import Acting
from mailroll.connections.models import DnsProof
from mailroll.connections.ownership import watch
from mailroll.directory import edit
from mailroll.directory.models import Domain, Organization, ProvedBy
from tests.connections.zones import Zones, serving
from tests.console.pages import words
from tests.console.people import People
from tests.sync.world import Customer

NAME = "birch.example"
ACTING = Acting("test:setup")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def zones(settings: Settings) -> Iterator[Zones]:
    with serving() as zones:
        settings.MAILROLL = replace(settings.MAILROLL, resolver=(zones.server,))
        yield zones


@pytest.fixture
def domain(customer: Customer, owner: Client, zones: Zones) -> Domain:
    """What the administrator of a customer has just added on the page for it."""
    provider = edit.add_organization("Northgate IT", ACTING)
    Organization.objects.filter(id=customer.domain.organization_id).update(parent=provider)
    page = owner.post("/domains/add/", {"name": NAME}, follow=True)
    assert f"{NAME} was added. Next, prove that it is yours." in words(page)
    return Domain.objects.get(name=NAME)


def _url(name: str, domain: Domain) -> str:
    return reverse(f"console:{name}", args=[domain.path])


def _record(domain: Domain) -> tuple[str, str]:
    wanted = watch.record(DnsProof.objects.get(domain=domain))
    return wanted.name, wanted.value


def test_it_is_proved_by_its_record_at_a_click(domain: Domain, owner: Client, zones: Zones) -> None:
    page = owner.get(_url("domain-proof", domain))
    name, value = _record(domain)
    assert name in words(page)
    assert value in words(page)
    assert "Looked for" not in words(page)
    missing = owner.post(_url("domain-proof-check", domain), {"name": NAME}, follow=True)
    assert f"There is no name {name} yet." in words(missing)
    assert "Looked for" in words(missing)
    DnsProof.objects.update(asked_at=None)
    zones.write(name, value)
    done = owner.post(_url("domain-proof-check", domain), {"name": NAME}, follow=True)
    assert f"{NAME} is proved. Next, connect a source." in words(done)
    assert done.redirect_chain[-1][0] == f"/domains/{NAME}/user-sync/"
    settings = owner.get(f"/domains/{NAME}/settings/")
    assert "by a record in its DNS zone" in words(settings)
    assert owner.get(f"/domains/{domain.path}/proof/", follow=True).redirect_chain[-1][0].endswith("/user-sync/")


def test_all_that_needs_a_list_leads_to_its_page(domain: Domain, owner: Client) -> None:
    page = _url("domain-proof", domain)
    for name in ("domain", "user-sync", "users", "groups", "gateway", "runs", "domain-settings", "user-add"):
        assert owner.get(_url(name, domain)).headers["Location"] == page, name
    for name in ("preview", "sync", "automatic", "domain-alias-add"):
        assert owner.post(_url(name, domain)).headers["Location"] == page, name
    assert owner.get(_url("source-add", domain)).status_code == 200


def test_its_record_is_for_administrators(domain: Domain, people: People) -> None:
    for who in ("viewer", "technician"):
        client = people.client(who)
        page = words(client.get(_url("domain-proof", domain)))
        assert "Not proved yet" in page
        assert "mailroll-proof=" not in page
        assert client.post(_url("domain-proof-check", domain), {"name": NAME}).status_code == 403
    stranger = people.client("stranger")
    assert stranger.get(_url("domain-proof", domain)).status_code == 404
    assert stranger.post(_url("domain-proof-check", domain), {"name": NAME}).status_code == 404
    assert stranger.get(f"/domains/{NAME}/").status_code == 404


def test_whoever_sees_several_of_one_name_reaches_each(domain: Domain, people: People) -> None:
    """Once the rival proves it, the plain name is the rival's; the other is told that it was proved elsewhere."""
    other = edit.add_organization("Oak Ltd", ACTING, parent=domain.organization)
    rival = edit.add_domain(other, NAME, ACTING, proved=False)
    owner = people.client("owner")
    home = owner.get("/").content.decode()
    assert all(f'href="/domains/{one.path}/"' in home for one in (domain, rival))
    edit.prove_domain(rival, ProvedBy.TENANT, ACTING)
    edit.prove_domain(domain, ProvedBy.DNS, ACTING)
    assert "Oak Ltd" in words(owner.get(f"/domains/{NAME}/user-sync/"))
    domain.refresh_from_db()
    told = words(owner.get(_url("domain-proof", domain)))
    assert "in another organization first" in told
    assert "Another organization has proved birch.example, too." in words(owner.get(f"/domains/{NAME}/settings/"))


def test_it_is_removed_without_a_word_about_lists(domain: Domain, owner: Client) -> None:
    page = words(owner.get(_url("domain-remove", domain)))
    assert "no gateway knows of it" in page
    assert "A gateway that reads this list" not in page
    gone = owner.post(_url("domain-remove", domain), {"name": NAME}, follow=True)
    assert f"{NAME} was removed with its sources." in words(gone)
    assert not DnsProof.objects.exists()


def test_an_alias_domain_shows_its_record_on_the_page_of_settings(
    domain: Domain, customer: Customer, owner: Client, zones: Zones
) -> None:
    settings = reverse("console:domain-settings", args=[customer.domain.name])
    owner.post(reverse("console:domain-alias-add", args=[customer.domain.name]), {"name": "brook.example"})
    proof = DnsProof.objects.get(name="brook.example")
    wanted = watch.record(proof)
    assert wanted.value in words(owner.get(settings))
    zones.write(wanted.name, wanted.value)
    check = reverse("console:domain-proof-check", args=[customer.domain.name])
    assert "brook.example is proved." in words(owner.post(check, {"name": "brook.example"}, follow=True))
    assert wanted.value not in words(owner.get(settings))


def test_what_a_name_looks_like_is_told_to_those_who_may_see_both(domain: Domain, people: People) -> None:
    """Whoever tries names learns nothing of other customers' domains; whoever stands above sees it."""
    other = edit.add_organization("Rival Ltd", ACTING, parent=domain.organization)
    rival = edit.add_domain(other, "b\u0456rch.example", ACTING, proved=False)
    assert f"is easily taken for {NAME}." in words(people.client("owner").get(_url("domain-proof", rival)))
    Membership.objects.create(operator=people.stranger, organization=other, role=Role.ADMINISTRATOR)
    page = words(people.client("stranger").get(_url("domain-proof", rival)))
    assert "Not proved yet" in page
    assert "easily taken" not in page
    assert NAME not in page
