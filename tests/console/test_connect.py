"""Connecting in the Console: every page on the way to Microsoft and back, and every refusal."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from mailroll.accounts import memberships
from mailroll.accounts.models import Membership, Role
from mailroll.audit.models import AuditEntry
from mailroll.cli.logs import Discreet
from mailroll.connections import sources
from mailroll.connections.consent.departure import ARRIVAL
from mailroll.connections.models import AttemptStep, Connection, ConsentAttempt, ConsentLink
from mailroll.directory import edit
from mailroll.directory.models import Organization
from mailroll.sync.models import RunState
from mailroll.sync.runs import make
from simulator.tests.entrance import ADMIN, CLERK, FIRM, OTHER, PASSWORD, PLUMBER, KeyPair
from tests.connections.consents import HOME, Scene, audited, operator, scened
from tests.console.connecting import BRAND, HERE, Browser
from tests.sync.world import PERMISSIONS


@pytest.fixture
def scene(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[Scene]:
    with scened(settings, tmp_path) as made:
        yield made


@pytest.fixture
def browser(scene: Scene, settings: Settings) -> Iterator[Browser]:
    settings.ALLOWED_HOSTS = [urlsplit(HOME).hostname, BRAND]
    settings.MAILROLL = replace(settings.MAILROLL, hosts=(BRAND,))
    made = Browser(scene)
    made.sign_in(scene.operator)
    yield made
    scene.nothing_secret()


def text(response: Any) -> str:
    body = str(response.content.decode())
    assert PASSWORD not in body
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body)).replace("&#x27;", "'")


def refused(browser: Browser, url: str, headline: str) -> str:
    """Open the page of a refusal: it is whole, names the two checks, and nothing was changed."""
    response = browser.follow(url)
    assert response.status_code == 200
    page = text(response)
    assert f"Not connected: {headline}" in page
    assert "Nothing was stored and nothing was changed." in page
    assert "Address of the Console: right" in page
    assert "Account:" in page
    assert "What to do" in page
    assert "For support" in page
    assert browser.scene.secret not in response.content.decode()
    browser.scene.nothing_changed()
    assert len(audited("connect.refused")) == 1
    return page


def stray(browser: Browser, response: Any, *, noted: bool = True) -> None:
    """See that nobody is told more than that it is too old.

    A state that is nobody's is not even noted: anybody can make up any number of them.
    """
    assert response.status_code == 403
    page = text(response)
    assert "Not connected: this link was used or is too old" in page
    assert browser.scene.domain.name not in page
    assert bool(audited("connect.refused")) is noted


def test_the_editor_of_an_unconnected_source_has_both_doors(browser: Browser, scene: Scene) -> None:
    response = browser.get(browser.source())
    page = text(response)
    assert response.content.decode().count(">Connect Office 365<") == 1
    assert "Use your own app registration" in page
    assert f"{HOME}/connect/callback/" in page
    for permission in PERMISSIONS:
        assert permission in page
    assert "Not connected" in page


def test_from_the_click_to_connected_to_office_365(browser: Browser, scene: Scene) -> None:
    waiting = browser.consented()
    assert waiting.startswith(HOME)
    done = browser.follow(waiting)
    assert browser.location(done) == browser.source()
    page = text(browser.get(browser.source()))
    assert "Connected to Office 365." in page
    assert "4 mailboxes of firm.example can be read." in page
    assert ADMIN in page
    assert "Global Administrator" in page
    assert scene.source_now().enabled


def test_the_page_waits_while_consent_spreads_and_can_be_opened_again(browser: Browser, scene: Scene) -> None:
    scene.simulator.login.consent_delay = 60.0
    waiting = browser.consented()
    response = browser.follow(waiting)
    assert "Waiting until Microsoft has passed your consent on" in text(response)
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in response.content.decode()
    scene.simulator.clock.advance(61)
    ConsentAttempt.objects.update(next_try_at=scene.time())
    assert browser.location(browser.follow(waiting)) == browser.source()


def test_no_form_leads_to_another_host(browser: Browser) -> None:
    body = browser.get(browser.source()).content.decode()
    for action in re.findall(r'<form[^>]*action="([^"]*)"', body):
        assert action.startswith("/")
    assert re.search(r'<a class="button primary" href="/connect/start/', body)


def test_from_another_address_the_way_leads_over_the_registered_one_and_back(browser: Browser, scene: Scene) -> None:
    browser.host = BRAND
    assert f"You will pass through {HERE} and come back here." in text(browser.get(browser.source()))
    over = browser.click()
    assert over.startswith(f"{HOME}/connect/hand-over/")
    microsoft = browser.location(browser.follow(over))
    assert microsoft.startswith(scene.simulator.front_url)
    consent = browser.location(browser.back(browser.at_microsoft(microsoft)))
    home = browser.location(browser.back(browser.at_microsoft(consent, press="Accept")))
    assert home.startswith(f"http://{BRAND}{browser.source()}connecting/")
    assert browser.location(browser.follow(home)) == browser.source()


def test_a_hand_over_works_once(browser: Browser) -> None:
    browser.host = BRAND
    over = browser.click()
    browser.location(browser.follow(over))
    again = browser.follow(over)
    assert again.status_code == 403
    assert "this link was used or is too old" in text(again)


def test_who_did_not_arrive_at_the_registered_address_is_told_which_it_is(browser: Browser, scene: Scene) -> None:
    browser.host = BRAND
    browser.click()
    ConsentAttempt.objects.update(started_at=datetime.now(UTC) - 2 * ARRIVAL)
    page = text(browser.get(browser.source()))
    assert "Not connected: this address of the Console cannot be used for connecting" in page
    assert f"You are at {BRAND}." in page
    assert f"Go on at {HERE}" in page


def test_an_ordinary_user_is_refused_in_plain_words(browser: Browser) -> None:
    url = browser.location(browser.back(browser.at_microsoft(browser.click(), CLERK)))
    page = refused(browser, url, "this account may not give consent")
    assert CLERK in page
    assert "Account: not an administrator" in page
    assert "Try again with another account" in page
    assert "AADSTS90094" in page


def test_after_a_refusal_the_first_button_starts_again(browser: Browser, scene: Scene) -> None:
    url = browser.location(browser.back(browser.at_microsoft(browser.click(), CLERK)))
    found = re.search(r'href="(/connect/start/[^"]+)"', browser.follow(url).content.decode())
    assert found is not None
    consent = browser.location(browser.back(browser.at_microsoft(browser.location(browser.get(found.group(1))))))
    waiting = browser.location(browser.back(browser.at_microsoft(consent, press="Accept")))
    assert browser.location(browser.follow(waiting)) == browser.source()


@pytest.mark.parametrize("leg", ["sign-in", "consent"])
def test_declining_is_told_as_declining(browser: Browser, leg: str) -> None:
    url = browser.click()
    if leg == "consent":
        url = browser.location(browser.back(browser.at_microsoft(url)))
    page = browser.location(browser.back(browser.at_microsoft(url, press="Cancel")))
    refused(browser, page, "the request was declined")


# Each kind is seen through in the tests of consent; the page is one.
@pytest.mark.parametrize("kind", ["nonce", "signature"])
def test_a_forged_id_token_has_its_page(browser: Browser, scene: Scene, kind: str) -> None:
    scene.simulator.faults.on("forged_id_token", kind=kind)
    url = browser.location(browser.back(browser.at_microsoft(browser.click())))
    refused(browser, url, "the proof of sign-in does not hold")


@pytest.mark.parametrize(
    ("kind", "headline"),
    [
        ("tenant", "consent was reported for another tenant"),
        ("no_tenant", "the proof of sign-in does not hold"),
        ("error_with_consent", "the request was declined"),
    ],
)
def test_a_forged_callback_has_its_page(browser: Browser, scene: Scene, kind: str, headline: str) -> None:
    scene.simulator.consent(scene.app, scene.tenant(1))
    scene.simulator.faults.on("forged_callback", kind=kind)
    consent = browser.location(browser.back(browser.at_microsoft(browser.click())))
    url = browser.location(browser.back(browser.at_microsoft(consent, press="Accept")))
    refused(browser, url, headline)


def test_a_callback_made_up_by_somebody_who_is_signed_in_connects_nothing(browser: Browser, scene: Scene) -> None:
    scene.simulator.consent(scene.app, scene.tenant(1))
    stray(browser, browser.back({"admin_consent": "True", "tenant": OTHER}), noted=False)
    stray(browser, browser.back({"admin_consent": "True", "tenant": OTHER, "state": "x"}), noted=False)
    scene.nothing_changed()


def test_a_state_works_once_and_in_its_own_browser(browser: Browser, scene: Scene) -> None:
    carried = browser.at_microsoft(browser.click())
    thief = Browser(scene)
    thief.sign_in(operator("eve@firm.example", scene.organization))
    stray(thief, thief.back(carried))
    stray(thief, Browser(scene).back(carried))
    consent = browser.location(browser.back(carried))
    stray(browser, browser.back(carried))
    accepted = browser.at_microsoft(consent, press="Accept")
    stray(thief, thief.back(accepted))
    waiting = browser.location(browser.back(accepted))
    stray(browser, browser.back(accepted))
    scene.nothing_changed()
    assert thief.follow(waiting).status_code == 404
    assert browser.location(browser.follow(waiting)) == browser.source()


def test_a_parameter_given_twice_counts_as_not_given(browser: Browser) -> None:
    carried = browser.at_microsoft(browser.click())
    twice = {**carried, "state": [carried["state"], "other"]}
    stray(browser, browser.console.get("/connect/callback/", twice, headers={"host": HERE}), noted=False)


def test_an_old_state_is_refused(browser: Browser, scene: Scene) -> None:
    carried = browser.at_microsoft(browser.click())
    ConsentAttempt.objects.update(expires_at=scene.time())
    stray(browser, browser.back(carried))


def test_a_start_of_another_session_is_refused(browser: Browser, scene: Scene) -> None:
    found = re.search(r'href="(/connect/start/[^"]+)"', browser.get(browser.source()).content.decode())
    assert found is not None
    thief = Browser(scene)
    thief.sign_in(operator("eve@firm.example", scene.organization))
    assert thief.get(found.group(1)).status_code == 403
    anybody = Browser(scene)
    assert anybody.get(found.group(1)).status_code == 302
    assert not ConsentAttempt.objects.exists()


def test_a_tenant_without_the_domain_is_refused_with_its_domains(browser: Browser) -> None:
    page = refused(browser, browser.consented(PLUMBER), "this tenant does not own firm.example")
    assert "Its domains are: other.example" in page


def test_a_role_that_is_taken_away_half_way_ends_it(browser: Browser, scene: Scene) -> None:
    waiting = browser.consented()
    Membership.objects.update(role=Role.VIEWER.value)
    page = refused(browser, waiting, "you may not connect sources here")
    assert "Connect again" not in page


def test_losing_every_role_half_way_ends_it_too(browser: Browser, scene: Scene) -> None:
    waiting = browser.consented()
    Membership.objects.all().delete()
    response = browser.follow(waiting)
    assert response.status_code == 403
    assert "you may not connect sources here" in text(response)
    assert [each["code"] for each in audited("connect.refused")] == ["role_missing"]
    scene.nothing_changed()


def test_a_source_that_is_removed_half_way_is_gone(browser: Browser, scene: Scene) -> None:
    waiting = browser.consented()
    sources.remove_keeping_users(sources.find(scene.domain, scene.source.owner_id), scene.acting)
    assert browser.follow(waiting).status_code == 404
    assert not Connection.objects.exists()


def test_two_organizations_do_not_get_one_tenant(browser: Browser, scene: Scene) -> None:
    browser.follow(browser.consented())
    stranger = edit.add_organization("Stranger", scene.acting)
    scene.domain = scene.domain_of(stranger, "second.example")
    scene.tenant().add_domain("second.example")
    scene.source = sources.choose(scene.domain, "microsoft365", scene.acting)
    second = Browser(scene)
    second.sign_in(operator("sam@stranger.example", stranger))
    url = second.location(second.back(second.at_microsoft(second.click())))
    page = text(second.follow(url))
    assert "Not connected: this tenant is connected elsewhere in this Console" in page
    assert "Firm Ltd" not in page
    assert scene.source_now().connection is None


def test_a_source_keeps_its_tenant(browser: Browser, scene: Scene) -> None:
    browser.follow(browser.consented())
    url = browser.location(browser.back(browser.at_microsoft(browser.click(), PLUMBER)))
    assert "Not connected: this is not the tenant this source had" in text(browser.follow(url))
    assert scene.source_now().tenant == FIRM


def test_disconnecting_asks_first_and_removes_nobody(browser: Browser, scene: Scene) -> None:
    browser.follow(browser.consented())
    assert "Nobody is removed" in text(browser.get(browser.url("source-disconnect")))
    assert scene.source_now().enabled
    assert browser.location(browser.post(browser.url("source-disconnect"))) == browser.source()
    assert scene.source_now().connection is None
    assert "Disconnected. The list stays as it is" in text(browser.get(browser.source()))


def test_a_check_tells_what_is_missing_and_nobody_is_removed(browser: Browser, scene: Scene) -> None:
    browser.follow(browser.consented())
    principal = scene.tenant().principals[scene.app.client_id]
    principal.roles = ("User.Read.All", "Organization.Read.All")
    browser.post(browser.url("source-check"))
    page = text(browser.get(browser.source()))
    assert re.search(r"Domain\.Read\.All\s*Missing", page)
    scene.simulator.withdraw(scene.app, scene.tenant())
    browser.post(browser.url("source-check"))
    assert "Nobody is removed: the last good list stays in use." in text(browser.get(browser.source()))


def test_no_page_of_a_source_says_connected_once_consent_is_withdrawn(browser: Browser, scene: Scene) -> None:
    browser.follow(browser.consented())
    pages = [browser.url(name) for name in ("source", "source-filters", "source-destination", "source-disconnect")]
    assert all("Connected to Office 365" in text(browser.get(page)) for page in pages)
    scene.simulator.withdraw(scene.app, scene.tenant())
    assert make.run(scene.domain, scene.acting).state == RunState.FAILED
    for page in map(browser.get, pages):
        assert "Connected to Office 365" not in text(page)
        assert "Access refused" in text(page)
    assert "Access refused" in text(browser.get("/connections/"))


def test_a_permission_that_is_merely_recommended_leaves_a_connection_healthy(browser: Browser, scene: Scene) -> None:
    scene.app.permissions = ("User.Read.All", "Organization.Read.All", "Domain.Read.All")
    browser.follow(browser.consented())
    browser.post(browser.url("source-check"))
    page = text(browser.get(browser.source()))
    assert re.search(r"GroupMember\.Read\.All\s*Not granted\s*Without it: No addresses of groups", page)
    listed = text(browser.get("/connections/"))
    assert "Healthy" in listed
    assert "3 of 7" in listed


def test_a_tenant_without_a_mailbox_in_the_domain_is_said_plainly(browser: Browser, scene: Scene) -> None:
    scene.tenant(1).add_domain("empty.example")
    scene.domain = scene.domain_of(scene.organization, "empty.example")
    scene.source = sources.choose(scene.domain, "microsoft365", scene.acting)
    browser.follow(browser.consented(PLUMBER))
    assert "This tenant has no mailbox in empty.example." in text(browser.get(browser.source()))


def test_the_customers_own_registration_connects_with_a_certificate_made_here(browser: Browser, scene: Scene) -> None:
    own = scene.simulator.register_app(display_name="Own", permissions=PERMISSIONS)
    scene.simulator.consent(own, scene.tenant())
    browser.post(browser.url("source-certificate"))
    file = browser.get(browser.url("source-certificate-file"))
    assert b"PRIVATE" not in file.content
    own.add_certificate(file.content)
    entered = {"tenant": FIRM, "client": own.client_id, "cloud": "custom", "proof": "made"}
    assert browser.location(browser.post(browser.url("source-register"), entered)) == browser.source()
    assert "Connected to Office 365." in text(browser.get(browser.source()))


def test_a_wrong_secret_is_told_and_not_shown_again(browser: Browser, scene: Scene) -> None:
    own = scene.simulator.register_app(display_name="Own", permissions=PERMISSIONS)
    scene.simulator.consent(own, scene.tenant())
    own.add_secret()
    entered = {"tenant": FIRM, "client": own.client_id, "cloud": "custom", "proof": "secret", "secret": "Wr0ng-secret"}
    response = browser.post(browser.url("source-register"), entered)
    assert response.status_code == 422
    assert "The client secret is not the right one" in text(response)
    assert own.client_id in response.content.decode()
    assert "Wr0ng-secret" not in response.content.decode()
    scene.nothing_changed()


def test_a_certificate_can_be_uploaded(browser: Browser, scene: Scene) -> None:
    own = scene.simulator.register_app(display_name="Own", permissions=PERMISSIONS)
    scene.simulator.consent(own, scene.tenant())
    pair = KeyPair.make()
    own.add_certificate(pair.pem)
    entered = {
        "tenant": FIRM,
        "client": own.client_id,
        "cloud": "custom",
        "proof": "own",
        "certificate": SimpleUploadedFile("c.pem", pair.pem.encode()),
        "certificate_key": SimpleUploadedFile("k.pem", pair.key_pem.encode()),
    }
    assert browser.location(browser.post(browser.url("source-register"), entered)) == browser.source()
    assert pair.key_pem[40:80] not in str(list(AuditEntry.objects.values()))


def linked(browser: Browser) -> str:
    browser.post(browser.url("source-link"), {"do": "make"})
    found = re.search(r"http://[^<]+/consent/[^<]+/", browser.get(browser.source()).content.decode())
    assert found is not None
    return found.group()


def test_a_customer_connects_with_a_link_and_no_account(browser: Browser, scene: Scene) -> None:
    url = linked(browser)
    assert "Not sent yet." in text(browser.get(browser.source()))
    customer = Browser(scene)
    page = text(customer.follow(url))
    assert "Firm Ltd asks to read the mailbox list of firm.example" in page
    assert "Opened" in text(browser.get(browser.source()))
    microsoft = customer.location(customer.follow(f"{url}go/"))
    consent = customer.location(customer.back(customer.at_microsoft(microsoft)))
    attempt = customer.location(customer.back(customer.at_microsoft(consent, press="Accept")))
    assert "Thank you. Firm Ltd can see that you accepted; you can close this page." in text(customer.follow(attempt))
    assert "Connected to Office 365." in text(browser.get(browser.source()))
    again = customer.follow(url)
    assert again.status_code == 410
    assert "This link no longer works." in text(again)
    assert customer.follow(f"{url}go/").status_code == 410
    assert Browser(scene).follow(attempt).status_code == 404


def test_the_page_of_a_link_says_that_the_provider_asks(browser: Browser, scene: Scene) -> None:
    provider = edit.add_organization("Northgate IT", scene.acting)
    Organization.objects.filter(id=scene.organization.id).update(parent=provider)
    memberships.grant(scene.operator, provider, Role.ADMINISTRATOR, scene.acting)
    url = linked(browser)
    customer = Browser(scene)
    page = text(customer.follow(url))
    assert "Northgate IT asks to read the mailbox list of firm.example" in page
    assert "of Northgate IT, who look after Firm Ltd in Mailroll, made this link on" in page
    assert "Call Northgate IT on a number that you know already" in page
    assert "Firm Ltd asks" not in page
    assert "What you accept at Microsoft is for the whole tenant" in page
    browser.post(browser.url("source-link"), {"do": "send", "to": "helen@firm.example"})
    assert re.search(r"sent this on \d+ \w+ to helen@firm\.example\.", text(customer.follow(url)))
    declined = text(customer.post(f"{urlsplit(url).path}decline/"))
    assert "Nothing was connected. Northgate IT can see that you do not want this" in declined


def test_a_customer_with_the_wrong_account_may_try_again(browser: Browser, scene: Scene) -> None:
    url = linked(browser)
    customer = Browser(scene)
    microsoft = customer.location(customer.follow(f"{url}go/"))
    attempt = customer.location(customer.back(customer.at_microsoft(microsoft, CLERK)))
    response = customer.follow(attempt)
    assert "Not connected: this account may not give consent" in text(response)
    assert url in response.content.decode()
    assert "Refused: " in text(browser.get(browser.source()))
    scene.nothing_changed()


def test_a_customer_may_not_want_this(browser: Browser, scene: Scene) -> None:
    url = linked(browser)
    customer = Browser(scene)
    path = urlsplit(url).path
    assert "Nothing was connected." in text(customer.post(f"{path}decline/"))
    assert customer.follow(url).status_code == 410
    assert "Refused: The person with the link does not want this." in text(browser.get(browser.source()))


def test_an_expired_link_and_one_that_never_was_are_the_same_page(browser: Browser, scene: Scene) -> None:
    url = linked(browser)
    ConsentLink.objects.update(expires_at=scene.time())
    customer = Browser(scene)
    old, never = customer.follow(url), customer.follow(f"{HOME}/consent/never-was/")
    assert (old.status_code, never.status_code) == (410, 410)
    assert text(old) == text(never)


def test_a_link_opened_at_another_address_goes_to_the_registered_one(browser: Browser, scene: Scene) -> None:
    url = linked(browser)
    customer = Browser(scene, host=BRAND)
    assert customer.location(customer.get(urlsplit(url).path)) == url


def test_connections_are_those_of_ones_own_organizations(browser: Browser, scene: Scene) -> None:
    browser.follow(browser.consented())
    made = Connection.objects.get()
    page = text(browser.get("/connections/"))
    assert "Firm Ltd" in page
    assert "7 of 7" in page
    assert "Permissions" in text(browser.get(f"/connections/{made.id}/"))
    stranger = Browser(scene)
    stranger.sign_in(operator("sam@stranger.example", None))
    assert "Firm Ltd" not in text(stranger.get("/connections/"))
    assert stranger.get(f"/connections/{made.id}/").status_code == 404
    assert stranger.get(browser.source()).status_code == 404


def test_a_viewer_looks_and_does_not_connect(browser: Browser, scene: Scene) -> None:
    viewer = Browser(scene)
    viewer.sign_in(operator("vera@firm.example", scene.organization, Role.VIEWER))
    page = viewer.get(viewer.source())
    assert page.status_code == 200
    assert "Connect Office 365" not in text(page)
    for name in ("source-register", "source-certificate", "source-link", "source-check", "source-disconnect"):
        assert viewer.post(viewer.url(name)).status_code == 403
    browser.follow(browser.consented())
    assert viewer.post(viewer.url("source-disconnect")).status_code == 403
    assert scene.source_now().enabled
    assert ConsentAttempt.objects.get().step == AttemptStep.DONE


def test_a_guest_is_refused_in_plain_words(browser: Browser, scene: Scene) -> None:
    guest = next(user for user in scene.tenant().users if user.home_tenant is not None)
    # A guest signs in only where the tenant is named; somebody may well have bent the address to that.
    url = browser.click().replace("/organizations/", f"/{FIRM}/")
    page = browser.location(browser.back(browser.at_microsoft(url, guest.upn)))
    refused(browser, page, "a guest may not give consent")


def test_what_is_secret_is_in_no_line_of_the_log(
    browser: Browser, scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    caplog.handler.addFilter(Discreet())
    carried = browser.at_microsoft(browser.click())
    browser.back(carried)
    browser.back(carried)
    url = linked(browser)
    browser.console.cookies.clear()
    browser.post(f"{urlsplit(url).path}decline/", {})
    browser.follow(url)
    logged = caplog.text + str([record.getMessage() for record in caplog.records])
    for secret in (carried["code"], carried["state"], url.removesuffix("/").rpartition("/")[2], scene.secret):
        assert secret not in logged
