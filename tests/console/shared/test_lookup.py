"""The look-up in the Console: the same answer as a gateway's, what one may do about it, and nothing for strangers."""

import re
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mailroll.audit.models import AuditEntry
from mailroll.console.lookup.views import address_of
from mailroll.directory import edit
from mailroll.directory.models import Address, Domain, Organization, Serving, StaticNote, User
from mailroll.sync.models import AddressQuestion
from tests.console.pages import buttons, words
from tests.console.people import People
from tests.sync.world import DOMAIN, Customer

NOBODY = f"night-desk@{DOMAIN}"
BOX = "Would we accept this address?"
ANSWER = "/lookup/answer/"


def begin(customer: Customer) -> None:
    """In step with its tenant."""
    customer.sync()


def test_the_box_is_on_every_page_of_a_person_and_on_no_other(owner: Client) -> None:
    for path in ("/", reverse("console:user-sync", args=[DOMAIN]), reverse("console:profile"), reverse("mfa_index")):
        assert BOX in words(owner.get(path)), path
    assert BOX not in words(Client().get(reverse("account_login")))


def test_an_answer_is_told_in_words(customer: Customer, owner: Client) -> None:
    for text, said in (
        (f"p2@{DOMAIN}", f"Accepted: p2@{DOMAIN} A mail server is told 250"),
        (f"p2+tag@{DOMAIN}", f"Without its tag it is p2@{DOMAIN}"),
        (NOBODY, f"Not accepted: {NOBODY} A mail server is told 550"),
        ("bob", "“bob” is not an address Write it whole"),
        ("ann@nowhere.example", "nowhere.example is not in this Console So we have no say."),
        (f"postmaster@{DOMAIN}", "postmaster is always accepted"),
    ):
        response = owner.get(address_of(text))
        assert response.status_code == 200, text
        assert said in words(response)


def test_whoever_has_a_name_now_learns_nothing_of_who_had_addresses_in_it(customer: Customer, people: People) -> None:
    long_ago, person = datetime.now(UTC) - timedelta(days=60), User.objects.get(addresses__address=f"p2@{DOMAIN}")
    User.objects.filter(id=person.id).update(display_name="Petra Secret")
    common = {"domain": customer.domain, "user": person, "is_primary": False}
    Address.objects.create(address="petra@old.example", ending_since=long_ago, confirmed_at=long_ago, **common)
    Address.objects.create(address="desk@old.example", **common)
    edit.add_domain(Organization.objects.get(name="Somebody Else"), "old.example", customer.acting)
    for asked in ("petra@old.example", "desk+x@old.example"):
        said = words(people.client("stranger").get(address_of(asked)))
        assert "Petra Secret" not in said
        assert DOMAIN not in said


def test_a_list_too_old_cannot_say(customer: Customer, owner: Client) -> None:
    Domain.objects.filter(id=customer.domain.id).update(read_at=datetime.now(UTC) - timedelta(hours=73))
    said = words(owner.get(address_of(NOBODY)))
    assert f"Cannot say: the list is too old: {NOBODY} A mail server is told 451" in said
    assert "It counts for 72 hours." in said


def test_how_a_domain_is_served_is_said(customer: Customer, owner: Client) -> None:
    Domain.objects.filter(id=customer.domain.id).update(serving=Serving.WATCH)
    assert "Accepted, as the domain is only watched" in words(owner.get(address_of(NOBODY)))


def test_an_address_that_ends_says_until_when(customer: Customer, owner: Client) -> None:
    now = datetime.now(UTC)
    Address.objects.filter(address=f"p2@{DOMAIN}").update(ending_since=now - timedelta(hours=2), confirmed_at=now)
    assert "Accepted until t" in words(owner.get(address_of(f"p2@{DOMAIN}")))


def test_a_near_match_is_a_link(customer: Customer, owner: Client) -> None:
    response = owner.get(address_of(f"pp2@{DOMAIN}"))
    assert f"A typing error? Close to it: p2@{DOMAIN}" in words(response)
    assert address_of(f"p2@{DOMAIN}") in response.content.decode()


def test_a_user_is_exempted_from_here_and_one_comes_back(customer: Customer, owner: Client) -> None:
    here, user = address_of(f"p2@{DOMAIN}"), customer.user(f"p2@{DOMAIN}").id
    assert "Exempt" in buttons(owner.get(here))
    response = owner.post(reverse("console:user-exempt", args=[DOMAIN, user]), {"on": "1", "back": here})
    assert response.headers["Location"] == here
    assert "End exemption" in buttons(owner.get(here))


def test_an_address_is_accepted_now_with_an_owner_and_a_review(
    customer: Customer, people: People, owner: Client
) -> None:
    page = owner.get(address_of(NOBODY)).content.decode()
    review = re.search(r'name="review" value="([0-9-]+)"', page)
    assert review is not None
    assert f'value="{people.owner.name}"' in page
    given = {"address": NOBODY, "owner": "Sadia Rahman", "review": review[1], "note": "Dynamic list of the night desk"}
    response = owner.post(reverse("console:lookup-accept", args=[DOMAIN]), given, follow=True)
    assert "Accepted from now on, as a static address." in words(response)
    assert f"Accepted: {NOBODY}" in words(response)
    note = StaticNote.objects.get(domain=customer.domain)
    assert (note.responsible, note.review_on.isoformat() if note.review_on else "") == ("Sadia Rahman", review[1])
    assert AuditEntry.objects.filter(action="static.added", actor=f"operator:{people.owner.email}").count() == 1


def test_what_is_wrong_is_said_on_the_same_page(customer: Customer, owner: Client) -> None:
    before = Address.objects.count()
    for given, said in (
        ({"address": NOBODY}, "Say what it is for"),
        ({"address": NOBODY, "note": "x", "review": "soon"}, "soon"),
        ({"address": "ann@elsewhere.example", "note": "x"}, "elsewhere.example"),
        ({"address": f"p2@{DOMAIN}", "note": "x"}, f"Accepted: p2@{DOMAIN}"),
    ):
        response = owner.post(reverse("console:lookup-accept", args=[DOMAIN]), given)
        assert response.status_code == 422, given
        assert said in words(response)
        assert Address.objects.count() == before, given


def test_a_viewer_sees_the_answer_and_no_button(customer: Customer, people: People) -> None:
    viewer = people.client("viewer")
    response = viewer.get(address_of(NOBODY))
    assert f"Not accepted: {NOBODY}" in words(response)
    assert "Accept now" not in buttons(response)
    assert "Exempt" not in buttons(viewer.get(address_of(f"p2@{DOMAIN}")))


def test_a_stranger_s_page_is_that_of_a_domain_which_is_nowhere(customer: Customer, people: People) -> None:
    edit.add_domain_alias(customer.domain, "alias.example", customer.acting, proved=True)
    stranger = people.client("stranger")
    for local in ("p2", "nobody", "postmaster", "p2+x"):
        nowhere = stranger.get(address_of(f"{local}@nowhere.example"))
        for name in (DOMAIN, "alias.example"):
            hidden = stranger.get(address_of(f"{local}@{name}"))
            assert hidden.status_code == nowhere.status_code == 200
            pages = [_plain(page.content.decode()) for page in (hidden, nowhere)]
            assert pages[0].replace(name, "?") == pages[1].replace("nowhere.example", "?")


def test_the_box_answers_a_stranger_as_for_a_domain_which_is_nowhere(customer: Customer, people: People) -> None:
    """By the same words, after as many questions to the database: neither tells, nor does the time they take."""
    edit.add_domain_alias(customer.domain, "alias.example", customer.acting, proved=True)
    stranger = people.client("stranger")
    stranger.get(ANSWER, {"address": "p2@nowhere.example"})
    with CaptureQueriesContext(connection) as asked:
        nowhere = stranger.get(ANSWER, {"address": "p2@nowhere.example"})
    for name in (DOMAIN, "alias.example"):
        with CaptureQueriesContext(connection) as now:
            hidden = stranger.get(ANSWER, {"address": f"p2@{name}"})
        assert len(now) == len(asked)
        pages = [_plain(page.content.decode()) for page in (hidden, nowhere)]
        assert pages[0].replace(name, "?") == pages[1].replace("nowhere.example", "?")
        assert f"{name} is not in this Console" in words(hidden)


def test_the_box_answers_with_the_last_steps_and_a_form(customer: Customer, people: People, owner: Client) -> None:
    page = owner.get(ANSWER, {"address": NOBODY})
    assert f"Not accepted: {NOBODY}" in words(page)
    assert page.content.decode().count("<li") == 3
    assert "Accept now" in buttons(page)
    # The page below may have the same form.
    assert 'id="id_' not in page.content.decode()
    listed = words(owner.get(ANSWER, {"address": f"p2@{DOMAIN}"}))
    assert f"Accepted: p2@{DOMAIN}" in listed
    assert "Open the user" in listed
    assert "Accept now" not in buttons(people.client("viewer").get(ANSWER, {"address": NOBODY}))


def test_any_text_gets_a_page_and_what_is_none_is_refused(customer: Customer, owner: Client) -> None:
    for text in ('"><script>', "é@ü", "x" * 1_000, "\u202e@" + DOMAIN, "@", "*@" + DOMAIN):
        assert owner.get(ANSWER, {"address": text}).status_code == 200, text
        response = owner.get(reverse("console:lookup"), {"address": text})
        assert response.status_code == 200, text
        assert "<script>" not in response.content.decode().replace("</script>", "")
        assert "\u202e" not in re.sub(r"<input[^>]*>", "", response.content.decode())
    for text in ("\0", "a\0@b.example", "x" * 10_000):
        assert owner.get(ANSWER, {"address": text}).status_code == 400, text
        assert owner.get(reverse("console:lookup"), {"address": text}).status_code == 400, text


def _plain(page: str) -> str:
    """A page without what differs each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)


def test_nothing_else_than_an_address_of_the_domain_is_asked_for(customer: Customer, owner: Client) -> None:
    for text in ("bob", "", "ann@elsewhere.example", f"a b@{DOMAIN}"):
        asked = owner.post(reverse("console:lookup-ask", args=[DOMAIN]), {"address": text})
        assert (asked.status_code, AddressQuestion.objects.exists()) == (404, False), text


def test_a_viewer_cannot_ask_and_sees_no_answer_of_the_directory(customer: Customer, people: People) -> None:
    assert "says now" not in words(people.client("viewer").get(address_of(NOBODY)))
