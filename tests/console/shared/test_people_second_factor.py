"""Second factors: set up, asked for, demanded by an organization, and never kept in the clear."""

import re
import time
from base64 import b32decode

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailroll.accounts import demands, second_factor
from mailroll.audit.models import AuditEntry
from mailroll.sealing import Sealer
from mailroll.settings import Demand
from tests.console.pages import words
from tests.console.people import PASSWORD, People
from tests.sync.world import Customer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(people: People) -> None:
    cache.clear()


def _code(key: str) -> str:
    return TOTP(b32decode(key), 6, SHA1(), 30, enforce_key_length=False).generate(int(time.time())).decode()  # noqa: S303 - RFC 6238


def _confirmed(client: Client, path: str) -> None:
    """The library asks for the password once more before such a page opens."""
    asked = client.get(path)
    assert asked.status_code == 302
    assert client.post(asked.headers["Location"], {"password": PASSWORD}).status_code == 302


def _set_up(client: Client) -> str:
    """Set an app up as a person would; returns its key."""
    path = reverse("mfa_activate_totp")
    _confirmed(client, path)
    page = client.get(path).content.decode()
    found = re.search(r'id="totp-key">([A-Z2-7]+)<', page)
    assert found is not None
    assert "data:" not in page
    assert client.post(path, {"code": "000000" if _code(found[1]) != "000000" else "111111"}).status_code == 200
    assert client.post(path, {"code": _code(found[1])}).status_code == 302
    return found[1]


def test_the_picture_of_the_key_is_drawn_at_an_address_of_our_own(people: People) -> None:
    client = people.unconfirmed("viewer")
    _confirmed(client, reverse("mfa_activate_totp"))
    page = client.get(reverse("mfa_activate_totp"))
    assert f'src="{reverse("totp_picture")}"' in page.content.decode()
    picture = client.get(reverse("totp_picture"))
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert b"<svg" in picture.content
    assert picture.headers["Cache-Control"] == "no-store"
    assert people.unconfirmed("owner").get(reverse("totp_picture")).status_code in {302, 404}
    assert Client().get(reverse("totp_picture")).status_code == 302


def test_a_code_is_asked_for_once_an_app_is_set_up_and_works_once(people: People) -> None:
    key = _set_up(people.unconfirmed("viewer"))
    cache.clear()  # the code that confirmed it counts as used for this half minute
    client, given = Client(), {"login": people.viewer.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), given).headers["Location"] == reverse("mfa_authenticate")
    assert client.get("/").status_code == 302
    code = _code(key)
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert client.get("/").status_code == 200
    again = Client()
    again.post(reverse("account_login"), given)
    assert again.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200
    assert again.get("/").status_code == 302
    assert AuditEntry.objects.filter(action="operator.signed_in").latest("id").details["methods"] == [
        "password",
        "totp",
    ]


def test_codes_cannot_be_guessed_for_long(people: People) -> None:
    key = _set_up(people.unconfirmed("viewer"))
    client = Client()
    client.post(reverse("account_login"), {"login": people.viewer.email, "password": PASSWORD})
    wrong = "123456" if _code(key) != "123456" else "654321"
    pages = [client.post(reverse("mfa_authenticate"), {"code": wrong}).content.decode() for _ in range(6)]
    assert ["Too many attempts" in page for page in pages] == [False] * 5 + [True]
    told = AuditEntry.objects.filter(subject=people.viewer.email, actor="visitor").order_by("id")
    failed = told.filter(action="operator.sign_in_failed").values_list("details", flat=True)
    assert [(one["by"], one.get("times")) for one in failed] == [("code", None), ("code", 2), ("code", 4)]
    assert told.get(action="operator.sign_in_too_soon").details == {"by": "code"}
    assert client.post(reverse("mfa_authenticate"), {"code": _code(key)}).status_code == 200


def test_a_recovery_code_works_once(people: People) -> None:
    first = people.unconfirmed("viewer")
    _set_up(first)
    cache.clear()
    codes = first.get(reverse("mfa_download_recovery_codes")).content.decode().split()
    assert len(codes) == 10
    for expected in (302, 200):
        client = Client()
        client.post(reverse("account_login"), {"login": people.viewer.email, "password": PASSWORD})
        assert client.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == expected


def test_the_key_is_sealed_and_in_no_entry(people: People) -> None:
    key = _set_up(people.unconfirmed("viewer"))
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert key not in stored
    told = AuditEntry.objects.get(action="second_factor.app_added")
    assert (told.actor, told.subject) == (f"operator:{people.viewer.email}", people.viewer.email)
    assert key not in str(list(AuditEntry.objects.values()))


def test_whoever_owes_a_second_factor_is_led_to_it_before_anything_else(people: People, customer: Customer) -> None:
    client = people.unconfirmed("viewer")
    assert client.get("/").status_code == 200
    demands.demand(customer.domain.organization, Demand.EVERYBODY, by=people.owner)
    path = reverse("console:user-sync", args=[customer.domain.name])
    for asked in ("/", path, reverse("console:profile")):
        assert client.get(asked).headers["Location"] == reverse("mfa_index")
    assert people.unconfirmed("technician").post(reverse("console:sync", args=[customer.domain.name])).headers[
        "Location"
    ] == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    _set_up(client)
    assert client.get(path).status_code == 200
    assert people.unconfirmed("stranger").get("/").status_code == 200


def test_the_last_factor_that_is_demanded_stays(people: People, customer: Customer) -> None:
    client = people.unconfirmed("viewer")
    _set_up(client)
    demands.demand(customer.domain.organization, Demand.EVERYBODY, by=people.owner)
    page = client.post(reverse("mfa_deactivate_totp"))
    assert page.status_code == 200
    assert "this is your last one" in page.content.decode()
    assert second_factor.present(people.viewer)
    demands.demand(customer.domain.organization, Demand.NOBODY, by=people.owner)
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not second_factor.present(people.viewer)
    assert AuditEntry.objects.filter(action="second_factor.app_removed").count() == 1


def test_a_forged_passkey_lets_nobody_in(people: People, settings: Settings) -> None:
    client = Client()
    asked = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    assert asked.json()["request_options"]["publicKey"]["challenge"]
    odd = ("[" * 5000, '{"id": ' + "1" * 5000 + "}")
    for credential in ("", "{}", "[]", '{"id": "x", "response": {"userHandle": "eA"}}', "not json", *odd):
        answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
        assert answer.status_code == 302
        assert client.get("/").status_code == 302


@pytest.mark.parametrize("kind", [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES])
def test_a_secret_whose_key_was_lost_is_a_page_with_a_code_and_a_way_out(
    people: People, kind: Authenticator.Type
) -> None:
    _set_up(people.unconfirmed("viewer"))
    cache.clear()
    sealed = Sealer([Fernet.generate_key().decode()]).seal("x", "y")
    changed = Authenticator.objects.filter(user=people.viewer, type=kind)
    assert changed.update(data={"secret": sealed, "seed": sealed, "used_mask": 0}) == 1
    client = Client()
    client.post(reverse("account_login"), {"login": people.viewer.email, "password": PASSWORD})
    # As long as a recovery code, so that it is no code of the app.
    asked = client.post(reverse("mfa_authenticate"), {"code": "12345678"})
    assert asked.status_code == 503
    page = words(asked)
    assert "A secret that this Console keeps does not open." in page
    assert "sealing_wrong_key" in page
    assert "mailroll operator drop-factors" in page
    # The way back that the page has leads to where a passkey is taken, and where one starts again.
    assert "Start again" in words(client.get(reverse("account_login"), follow=True))
    assert client.get("/").status_code == 302
