"""Signing in with an OpenID Connect issuer, a real one on this machine: who gets in, and who does not."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialLogin
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailroll.accounts import identities, operators
from mailroll.accounts.identities import Identity
from mailroll.accounts.issuer import identity, is_fresh
from mailroll.accounts.models import Operator
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.insight import run_queries
from mailroll.reconcile.errors import Refused
from mailroll.settings import Switch
from mailroll.sync.models import Decision, RunRequest
from tests.console import issuers
from tests.console.issuers import Elsewhere
from tests.console.pages import words
from tests.console.people import PASSWORD, People
from tests.sync.world import DOMAIN, Customer

# The issuer lives in this process, and uses what its own library will drop.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")]


server, elsewhere, browser = issuers.server, issuers.elsewhere, issuers.browser


def _who(client: Client) -> str | None:
    seen = client.get(reverse("console:profile"))
    return str(seen.context["who"].email) if seen.status_code == 200 else None


def _connected(people: People, elsewhere: Elsewhere, subject: str = "tom-1") -> Operator:
    identities.connect(people.technician, Identity(elsewhere.url, subject, None, ""))
    return people.technician


def test_whoever_connected_an_account_signs_in_with_it_and_it_is_told(
    people: People, elsewhere: Elsewhere, browser: Client
) -> None:
    who = _connected(people, elsewhere)
    elsewhere.knows("tom-1", email="anything@elsewhere.example")
    assert elsewhere.sign_in(browser, "tom-1", next="/connections/") == "/connections/"
    assert _who(browser) == who.email
    assert AuditEntry.objects.latest("id").details == {"methods": ["socialaccount"]}


def test_an_address_alone_leads_to_nobody_who_is_there(people: People, elsewhere: Elsewhere, browser: Client) -> None:
    elsewhere.knows("evil", email=people.owner.email, email_verified=True)
    assert elsewhere.sign_in(browser, "evil") == reverse("account_login")
    assert "has not connected an account of Northgate yet" in browser.get(reverse("account_login")).content.decode()
    assert _who(browser) is None
    assert identities.identity_of(people.owner) is None


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "new@northgate.example"},
        {"email": "new@northgate.example", "email_verified": False},
        {"email": "new@northgate.example", "email_verified": "true"},
        {"email": "new@sub.northgate.example", "email_verified": True},
        {"email": "northgate.example", "email_verified": True},
        {},
    ],
)
def test_a_stranger_stays_outside(
    people: People, elsewhere: Elsewhere, browser: Client, claims: dict[str, str | bool]
) -> None:
    before = Operator.objects.count()
    elsewhere.knows("stranger", **claims)
    assert elsewhere.sign_in(browser, "stranger") == reverse("account_login")
    page = browser.get(reverse("account_login")).content.decode()
    assert "Nobody here signs in with this account of Northgate" in page
    assert 'href="/help/reference/errors/#identity_unknown"' in page
    assert (_who(browser), Operator.objects.count()) == (None, before)


def test_whom_the_issuer_vouches_for_in_a_domain_of_ours_gets_the_role_of_newcomers(
    people: People, elsewhere: Elsewhere, browser: Client
) -> None:
    elsewhere.knows("new-1", email="Nina@Northgate.example", email_verified=True, name="Nina Sol")
    assert elsewhere.sign_in(browser, "new-1") == "/"
    made = Operator.objects.get(email="nina@northgate.example")
    assert (made.name, made.has_usable_password()) == ("Nina Sol", False)
    assert {held.role for held in made.memberships.all()} == {"technician"}
    browser.post(reverse("account_logout"))
    assert elsewhere.sign_in(browser, "new-1") == "/"
    assert Operator.objects.filter(name="Nina Sol").count() == 1


def test_nothing_of_the_person_is_kept_from_the_issuer(people: People, elsewhere: Elsewhere, browser: Client) -> None:
    who = _connected(people, elsewhere)
    elsewhere.knows("tom-1", email="private@elsewhere.example", phone_number="+44 1")
    elsewhere.sign_in(browser, "tom-1")
    held = identities.identity_of(who)
    assert held is not None
    assert held.extra_data == {"iss": elsewhere.url, "sub": "tom-1"}


def test_an_operator_who_is_switched_off_stays_outside(people: People, elsewhere: Elsewhere, browser: Client) -> None:
    operators.deactivate(_connected(people, elsewhere), Acting("cli:root"))
    elsewhere.knows("tom-1")
    elsewhere.sign_in(browser, "tom-1")
    # In the words for an account that nobody has connected; only the audit log has why.
    assert "Nobody here signs in with this account of Northgate" in words(browser.get(reverse("account_login")))
    assert _who(browser) is None
    (entry,) = AuditEntry.objects.filter(action="operator.sign_in_failed")
    assert (entry.subject, entry.details) == (people.technician.email, {"by": "issuer", "switched_off": True})


def test_an_account_is_connected_by_whoever_has_just_shown_who_they_are(
    people: People, elsewhere: Elsewhere, browser: Client
) -> None:
    browser.force_login(people.owner)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    elsewhere.knows("priya-1")
    assert elsewhere.sign_in(browser, "priya-1", "issuer_connect") == reverse("console:profile")
    held = identities.identity_of(people.owner)
    assert held is not None
    assert held.extra_data["sub"] == "priya-1"
    assert "Disconnect" in browser.get(reverse("console:profile")).content.decode()
    browser.post(reverse("issuer_disconnect"))
    assert identities.identity_of(people.owner) is None


def test_an_open_screen_connects_nothing(people: People, elsewhere: Elsewhere, browser: Client) -> None:
    browser.force_login(people.owner)
    asked = browser.get(reverse("issuer_connect"))
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_an_account_of_another_operator_is_not_connected(people: People, elsewhere: Elsewhere, browser: Client) -> None:
    _connected(people, elsewhere)
    browser.force_login(people.owner)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    elsewhere.knows("tom-1")
    elsewhere.sign_in(browser, "tom-1", "issuer_connect")
    assert "Another operator signs in with this account" in browser.get(reverse("console:profile")).content.decode()
    assert identities.identity_of(people.owner) is None
    assert _who(browser) == people.owner.email


@pytest.mark.parametrize("seconds", [10, 3600])
def test_confirming_at_the_issuer_counts_where_it_says_that_it_asked(
    people: People, elsewhere: Elsewhere, browser: Client, seconds: int
) -> None:
    browser.force_login(_connected(people, elsewhere))
    elsewhere.knows("tom-1", auth_time=int(time.time()) - seconds)
    begun = browser.get(reverse("issuer_confirm"), {"next": reverse("mfa_index")})
    assert parse_qs(urlsplit(begun.headers["Location"]).query)["max_age"] == ["0"]
    led = elsewhere.sign_in(browser, "tom-1", "issuer_confirm", next=reverse("mfa_index"))
    assert led == (reverse("mfa_index") if seconds == 10 else reverse("console:profile"))
    after = browser.get(reverse("mfa_activate_totp"))
    assert (after.status_code == 200) == (seconds == 10)
    told = AuditEntry.objects.get(action="operator.confirmed" if seconds == 10 else "operator.not_confirmed")
    assert (told.subject, told.details) == (people.technician.email, {"by": "issuer"})


def test_somebody_elses_account_confirms_nothing(people: People, elsewhere: Elsewhere, browser: Client) -> None:
    _connected(people, elsewhere)
    browser.force_login(people.owner)
    elsewhere.knows("tom-1", auth_time=int(time.time()))
    assert elsewhere.sign_in(browser, "tom-1", "issuer_confirm") == reverse("console:profile")
    assert _who(browser) == people.owner.email
    assert AuditEntry.objects.get(action="operator.not_confirmed").subject == people.owner.email
    assert browser.get(reverse("mfa_activate_totp")).status_code == 302


def test_without_passwords_nobody_gets_in_by_one(
    people: People, elsewhere: Elsewhere, browser: Client, settings: Settings
) -> None:
    settings.MAILROLL = replace(settings.MAILROLL, password_sign_in=Switch.OFF)
    page = browser.get(reverse("account_login")).content.decode()
    assert 'name="password"' not in page
    assert "Sign in with Northgate" in page
    browser.post(reverse("account_login"), {"login": people.owner.email, "password": PASSWORD})
    assert _who(browser) is None
    assert browser.get(reverse("account_reset_password")).headers["Location"] == reverse("account_login")


def test_the_page_on_security_names_the_ways_in_that_an_operator_has(
    people: People, elsewhere: Elsewhere, browser: Client, settings: Settings
) -> None:
    browser.force_login(people.technician)
    page = words(browser.get(reverse("mfa_index")))
    assert "Password Set." in page
    assert "Northgate No account of yours there is connected." in page
    _connected(people, elsewhere)
    people.technician.set_unusable_password()
    people.technician.save()
    browser.force_login(people.technician)
    page = words(browser.get(reverse("mfa_index")))
    assert "Password None." in page
    assert "Northgate Your account there signs you in here." in page
    settings.MAILROLL = replace(settings.MAILROLL, password_sign_in=Switch.OFF)
    assert "Password Not taken: sign-in by password is switched off here." in words(browser.get(reverse("mfa_index")))


def test_the_only_way_in_is_not_disconnected(people: People, elsewhere: Elsewhere, browser: Client) -> None:
    elsewhere.knows("new-2", email="nora@northgate.example", email_verified=True)
    elsewhere.sign_in(browser, "new-2")
    assert browser.post(reverse("issuer_disconnect")).headers["Location"].startswith(reverse("issuer_confirm"))
    elsewhere.knows("new-2", email="nora@northgate.example", email_verified=True, auth_time=int(time.time()))
    led = elsewhere.sign_in(browser, "new-2", "issuer_confirm", next=reverse("issuer_disconnect"))
    assert led == reverse("console:profile")
    assert "this is your only way in" in browser.get(reverse("console:profile")).content.decode()


def test_an_answer_that_nobody_asked_for_or_that_is_used_twice_signs_nobody_in(
    people: People, elsewhere: Elsewhere, browser: Client
) -> None:
    _connected(people, elsewhere)
    elsewhere.knows("tom-1")
    begun = browser.get(reverse("issuer_enter")).headers["Location"]
    back = requests.post(begun, {"sub": "tom-1"}, timeout=300, allow_redirects=False).headers["Location"]
    victim = Client(HTTP_HOST="localhost:8000")
    assert victim.get(back).headers["Location"] == reverse("account_login")
    assert 'href="/help/reference/errors/#issuer_failed"' in victim.get(reverse("account_login")).content.decode()
    assert _who(victim) is None


def test_an_issuer_that_calls_itself_otherwise_is_not_believed(
    people: People, elsewhere: Elsewhere, browser: Client, settings: Settings
) -> None:
    own = settings.MAILROLL.issuer
    settings.MAILROLL = replace(
        settings.MAILROLL, issuer=replace(own, url=own.url.replace("localhost", "127.0.0.1") + "/")
    )
    assert browser.get(reverse("issuer_enter")).headers["Location"] == reverse("account_login")
    assert "issuer_away" in browser.get(reverse("account_login")).content.decode()


def test_from_another_name_of_the_console_one_is_led_to_its_own(elsewhere: Elsewhere) -> None:
    led = Client().get(reverse("issuer_enter")).headers["Location"]
    assert led == "http://localhost:8000/account/issuer/"


def test_without_an_issuer_there_is_no_way_to_it(people: People) -> None:
    assert Client().get(reverse("issuer_enter")).status_code == 404
    assert Client().get(reverse("issuer_callback")).status_code == 404
    assert "Sign in with" not in Client().get(reverse("account_login")).content.decode().replace("with a passkey", "")


ENTRA = "https://login.microsoftonline.com/6f1c2d3e-0000-4000-8000-000000000001/v2.0"


@pytest.mark.parametrize(
    ("claims", "subject", "address"),
    [
        ({"oid": "o", "preferred_username": "jo@northgate.example"}, "o", "jo@northgate.example"),
        ({"oid": "o", "preferred_username": "jo_gmail.com#EXT#@northgate.example"}, "o", None),
        # Nobody verified it: whoever edits a mailbox's address could become anybody.
        ({"oid": "o", "email": "ceo@northgate.example", "email_verified": True}, "o", None),
        ({"oid": "o", "preferred_username": "+44 20"}, "o", None),
    ],
)
def test_of_entra_the_object_counts_and_a_name_that_the_tenant_proved(
    claims: dict[str, object], subject: str, address: str | None
) -> None:
    found = identity({"iss": ENTRA, "sub": "pairwise", **claims})
    assert (found.subject, found.address) == (subject, address)


def test_an_issuer_that_does_not_say_when_it_asked_confirms_nothing() -> None:
    login = SocialLogin()
    login.authenticated_at = None
    assert not is_fresh(login)


def test_the_same_subject_of_two_issuers_is_two_people() -> None:
    assert Identity("https://a", "x", None, "").key != Identity("https://b", "x", None, "").key
    assert Identity("https://a", "x", None, "").key == Identity("https://a", "x", "jo@a.example", "Jo").key


@pytest.mark.django_db(transaction=True)
def test_of_two_who_connect_one_account_at_once_one_is_refused_in_words(transactional_db: None) -> None:
    both = [Operator.objects.create_user(f"{name}@northgate.example", None) for name in ("ann", "bob")]
    together, shared = Barrier(2), Identity("https://issuer.example", "shared", None, "")

    def connect(operator: Operator) -> str:
        together.wait()
        with closing(connection):
            try:
                identities.connect(operator, shared)
            except Refused as refused:
                return refused.code
        return "connected"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(connect, both)) == ["connected", "identity_taken"]
    assert AuditEntry.objects.filter(action="identity.connected").count() == 1


def test_who_is_a_moment_later_than_the_look_whose_account_it_is_gets_the_same_words(people: People) -> None:
    """What the race leads to, without the race: the row is there, and the look before it found none."""
    shared = Identity("https://issuer.example", "shared", None, "")
    identities.connect(people.technician, shared)
    with pytest.raises(Refused) as refused:
        identities.attach(people.owner, shared)
    assert refused.value.code == "identity_taken"
    with pytest.raises(Refused) as refused:
        identities.newcomer(people.owner.email, Identity("https://issuer.example", "other", None, ""))
    assert refused.value.code == "identity_at_once"


def test_an_issuer_that_is_away_is_said_on_the_page_of_the_sign_in(
    people: People, elsewhere: Elsewhere, browser: Client, settings: Settings
) -> None:
    # Port 1 is of TCPMUX, which nobody serves: the connection is refused at once.
    own = replace(settings.MAILROLL.issuer, url="http://localhost:1")
    settings.MAILROLL = replace(settings.MAILROLL, issuer=own)
    assert browser.get(reverse("issuer_enter")).headers["Location"] == reverse("account_login")
    assert "Northgate does not answer as it should" in words(browser.get(reverse("account_login")))


@pytest.mark.parametrize("fault", ["gone", "no text"])
def test_a_client_secret_that_cannot_be_read_is_said_with_its_code_and_without_its_path(
    people: People, elsewhere: Elsewhere, browser: Client, settings: Settings, fault: str
) -> None:
    file = settings.MAILROLL.issuer.secret_file
    begun = browser.get(reverse("issuer_enter")).headers["Location"]
    back = requests.post(begun, {"sub": "tom-1"}, timeout=300, allow_redirects=False).headers["Location"]
    if fault == "gone":
        file.unlink()
    else:
        file.write_bytes(b"\xff\xfe\xff")
    for path in (reverse("issuer_enter"), back):
        assert browser.get(path).headers["Location"] == reverse("account_login")
        page = browser.get(reverse("account_login")).content.decode()
        assert "issuer_secret_unreadable" in page
        assert str(file) not in page


@pytest.mark.parametrize("page", ["account_reauthenticate", "mfa_reauthenticate"])
def test_every_page_that_asks_who_is_there_leads_to_the_issuer_too(
    people: People, elsewhere: Elsewhere, browser: Client, page: str
) -> None:
    who = _connected(people, elsewhere)
    Authenticator.objects.create(user=who, type=Authenticator.Type.TOTP, data={})
    browser.force_login(who)
    asked = browser.get(reverse(page), {"next": "/connections/"}).content.decode()
    assert re.search(rf'<a href="{reverse("issuer_confirm")}\?next=[^"]+">\s*Sign in with Northgate again</a>', asked)


def test_a_release_is_confirmed_at_the_issuer_by_who_has_no_password(
    customer: Customer, people: People, elsewhere: Elsewhere, browser: Client
) -> None:
    # Pages know no other clock than the real one.
    customer.time.at = datetime.now(UTC)
    customer.sync()
    for number in range(5):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    customer.sync()
    run = run_queries.board(customer.domain, customer.time(), 1).held
    assert run is not None
    who = _connected(people, elsewhere)
    who.set_unusable_password()
    who.save()
    browser.force_login(who)
    page, release = (f"/domains/{DOMAIN}/runs/{run.id}/{step}" for step in ("", "release/"))
    given, asks = {"reason": "Agreed", "number": "5"}, f'href="{reverse("issuer_confirm")}?next={page}"'
    refused = browser.post(release, given)
    for seen in (browser.get(page), refused):
        assert asks in seen.content.decode()
        assert 'name="password"' not in seen.content.decode()
    assert refused.status_code == 422
    assert "Confirm that it is you first" in words(refused)
    elsewhere.knows("tom-1", auth_time=int(time.time()))
    assert elsewhere.sign_in(browser, "tom-1", "issuer_confirm", next=page) == page
    assert "You confirmed that it is you" in words(browser.get(page))
    assert browser.post(release, given).status_code == 302
    assert RunRequest.objects.get(outcome="").decision == Decision.RELEASE
