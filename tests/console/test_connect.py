"""Connecting in the Console: every page on the way to Microsoft and back, and every refusal."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mailroll.accounts.models import Role
from mailroll.audit.models import AuditEntry
from mailroll.cli.logs import Discreet
from mailroll.connections import sources
from mailroll.connections.consent.departure import ARRIVAL
from mailroll.connections.models import AttemptStep, Connection, ConsentAttempt
from mailroll.sync.models import RunState
from mailroll.sync.runs import make
from simulator.tests.entrance import ADMIN, FIRM, PLUMBER, KeyPair
from tests.connections.consents import HOME, Scene, operator
from tests.console.connecting import BRAND, HERE, Browser, text
from tests.console.test_connect_links import linked
from tests.sync.world import PERMISSIONS


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
    # Whoever left it comes back by the source.
    source = browser.get(browser.source())
    assert "You accepted at Microsoft" in text(source)
    assert f'href="{waiting.removeprefix(HOME)}"' in source.content.decode()
    tab = text(browser.get(browser.source().partition("sources/")[0]))
    assert "Accepted at Microsoft, and that did not count there yet when it was last looked at." in tab
    assert "Whoever accepted goes on by Edit, or by the link they were sent." in tab
    assert "Connect the one below." in tab
    scene.simulator.clock.advance(61)
    ConsentAttempt.objects.update(next_try_at=scene.time())
    assert browser.location(browser.follow(waiting)) == browser.source()
    assert "You accepted at Microsoft" not in text(browser.get(browser.source()))


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
