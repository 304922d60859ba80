"""Home: what a person sees of their domains, and adding one."""

import pytest
from django.test import Client

from mailroll.audit.models import AuditEntry
from mailroll.console.home.page import compose
from mailroll.directory import edit
from mailroll.directory.models import Domain, Organization
from mailroll.insight import domain_totals
from mailroll.sync.models import Schedule
from mailroll.sync.schedules import schedule
from tests.console.pages import words
from tests.console.people import People
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.usefixtures("today")


def test_home_counts_what_one_may_see(customer: Customer, owner: Client) -> None:
    customer.sync()
    schedule.switch_on_unseen(customer.domain, customer.acting)
    page = words(owner.get("/"))
    assert "1 domain of 1 organization. What needs you comes first." in page
    assert "Nothing needs you. Last checked" in page
    assert "Healthy" in page
    assert "Users protected 12" in page
    assert "Domains in order 1 of 1" in page
    assert "Runs since midnight 1 1 fine" in page


def test_what_is_held_is_said_with_what_it_means_for_mail(customer: Customer, owner: Client) -> None:
    customer.sync()
    for number in range(5):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    held = customer.sync()
    page = owner.get("/")
    assert "5 removals wait for you" in words(page)
    assert "Nobody was removed, mail is accepted as before. Decide before tomorrow" in words(page)
    assert "Held: 5 removals" in words(page)
    assert f"/domains/{DOMAIN}/runs/{held.id}/" in page.content.decode()


def test_a_tenant_without_one_mailbox_is_not_called_healthy(customer: Customer, owner: Client) -> None:
    for number in range(12):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    customer.sync()
    schedule.switch_on_unseen(customer.domain, customer.acting)
    page = words(owner.get("/"))
    assert "Last reading in doubt" in page
    assert "The tenant of “Office 365” has no mailbox in this domain, so there is nothing to add" in page
    assert "Domains in order 0 of 1" in page


def test_a_failure_says_that_the_list_stays_in_use(customer: Customer, owner: Client) -> None:
    customer.sync()
    customer.simulator.faults.on("malformed_json")
    customer.time.pass_(seconds=1)
    customer.sync()
    page = words(owner.get("/"))
    assert "Last run failed" in page
    assert "stays in use." in page


def test_a_stranger_sees_nothing_of_it(customer: Customer, people: People) -> None:
    customer.sync()
    assert DOMAIN not in words(people.client("stranger").get("/"))
    assert people.client("stranger").get(f"/domains/{DOMAIN}/").status_code == 404


def test_nobody_is_sent_to_the_sign_in(customer: Customer, people: People) -> None:
    response = people.client("anonymous").get("/")
    assert (response.status_code, response.headers["Location"]) == (302, "/account/login/?next=/")


def test_search_and_chips_narrow_the_table(customer: Customer, owner: Client) -> None:
    edit.add_domain(customer.domain.organization, "aspen.example", customer.acting)
    assert "1 of 1" in words(owner.get("/?q=ASPEN"))
    assert "2 of 2" in words(owner.get("/?q=joinery"))
    assert "2 of 2" in words(owner.get("/?show=off"))
    assert "No domain matches \N{LEFT SINGLE QUOTATION MARK}nowhere" in words(owner.get("/?q=nowhere"))
    assert "No domain matches." in words(owner.get("/?show=attention"))


def _many(organization: Organization, number: int, *, paused: int) -> None:
    """Make that many domains, the first of them paused because access was refused."""
    start = Domain.objects.count()
    made = [Domain(organization=organization, name=f"d{start + one:03}.example") for one in range(number)]
    Domain.objects.bulk_create(made)
    Schedule.objects.bulk_create(
        Schedule(domain=one, jitter=0, paused={"code": "consent_missing", "message": "Refused.", "help": ""})
        for one in made[:paused]
    )


def test_a_long_table_is_read_a_page_at_a_time(customer: Customer, owner: Client) -> None:
    _many(customer.domain.organization, 60, paused=0)
    first, second = words(owner.get("/")), words(owner.get("/?page=2"))
    assert "1 to 50 of 61" in first
    assert ("Next page" in first, "Previous page" in first) == (True, False)
    assert "51 to 61 of 61" in second
    assert ("Next page" in second, "Previous page" in second) == (False, True)
    assert words(owner.get("/?page=99")) == second
    assert ("d040.example" in first, "d040.example" in second) == (True, False)


def test_many_that_need_somebody_are_counted_and_the_first_are_told(
    customer: Customer, owner: Client, people: People
) -> None:
    _many(customer.domain.organization, 60, paused=52)
    _many(people.stranger.memberships.get().organization, 3, paused=3)
    page = owner.get("/").content.decode()
    assert page.count("Reconnect</a>") == 20
    assert "All 52 that need attention" in words(owner.get("/"))
    # Those that press stand before the others, over the edge of a page too.
    second = words(owner.get("/?page=2"))
    assert "51 to 61 of 61" in second
    assert second.index("d051.example") < second.index(DOMAIN)
    assert "51 to 52 of 52" in words(owner.get("/?show=attention&page=2"))
    assert "1 to 50 of 61" in words(owner.get("/?show=off"))
    assert "3 domains of 1 organization" in words(people.client("stranger").get("/"))


def test_what_needs_somebody_stands_in_the_table_only_where_that_is_asked_for(
    customer: Customer, people: People
) -> None:
    customer.sync()
    schedule.switch_on_unseen(customer.domain, customer.acting)
    _many(customer.domain.organization, 4, paused=2)
    pressing, others = ["d001.example", "d002.example"], ["d003.example", "d004.example"]
    table = {
        ("", ""): [*pressing, DOMAIN, *others],
        ("", "attention"): pressing,
        ("", "healthy"): [DOMAIN],
        ("", "off"): [*pressing, *others],
        ("example", "off"): [*pressing, *others],
        ("d003", ""): ["d003.example"],
        ("d00", "attention"): pressing,
        ("d002", ""): ["d002.example"],
    }
    for (query, chip), names in table.items():
        page = compose(domain_totals.seen_by(people.owner), customer.time(), query=query, chip=chip, number=1)
        assert [row.standing.domain.name for row in page.rows] == names, (query, chip)
        assert [standing.domain.name for standing, _ in page.items] == pressing


def test_an_administrator_adds_a_domain(people: People, owner: Client) -> None:
    assert "Nothing is read or changed until you connect a source" in words(owner.get("/domains/add/"))
    response = owner.post("/domains/add/", {"name": " Halefinch.Example "})
    assert response.headers["Location"] == "/domains/halefinch.example/"
    made = Domain.objects.get(name="halefinch.example")
    entry = AuditEntry.objects.get(action="domain.added", subject=made.name)
    assert entry.actor == "operator:priya@northgate.example"
    assert "was added. Next, add a source." in words(owner.get(response.headers["Location"], follow=True))


def test_what_is_no_new_domain_is_told_beside_the_field(owner: Client) -> None:
    known = Domain.objects.count()
    for name in ("", "brightwater", DOMAIN):
        response = owner.post("/domains/add/", {"name": name})
        assert (response.status_code, Domain.objects.count()) == (422, known), name
        assert 'aria-invalid="true"' in response.content.decode()


def test_only_administrators_add_domains(people: People) -> None:
    for who in ("technician", "viewer"):
        assert people.client(who).post("/domains/add/", {"name": "halefinch.example"}).status_code == 403
    assert people.client("anonymous").post("/domains/add/").status_code == 302
    assert not Domain.objects.filter(name="halefinch.example").exists()


def test_an_organization_of_others_is_no_choice(customer: Customer, people: People) -> None:
    second = edit.add_organization("Second", customer.acting)
    second.parent = customer.domain.organization
    second.save()
    form = {"name": "halefinch.example", "organization": str(second.id)}
    assert people.client("owner").post("/domains/add/", form).status_code == 302
    assert Domain.objects.get(name="halefinch.example").organization == second
    other = people.stranger.memberships.get().organization
    form = {"name": "marlowe.example", "organization": str(other.id)}
    assert people.client("owner").post("/domains/add/", form).status_code == 422
