"""Consent from the click to the connection, over real HTTP against a simulated tenant."""

import pytest
from django.db import connection as database

from mailroll.accounts.models import Membership, Role
from mailroll.audit.models import AuditEntry
from mailroll.connections import attach, check, refusals, sources
from mailroll.connections.consent import departure, proof
from mailroll.connections.consent.departure import Going
from mailroll.connections.models import AttemptStep, Connection, ConsentAttempt, Source
from mailroll.directory import edit
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import MailrollError, NeedsConsent
from mailroll.sync.models import Schedule
from mailroll.sync.runs import make
from mailroll.sync.schedules import resumption, schedule
from simulator.tests.entrance import ADMIN, CLERK, FIRM, PLUMBER
from tests.connections.consents import DOMAIN, HOME, SESSION, Scene, operator, told
from tests.connections.test_consent_forgery import spent
from tests.sync.world import PERMISSIONS


def test_a_source_is_connected_once_the_administrator_accepted(scene: Scene) -> None:
    attempt = scene.wait(scene.to_waiting())
    assert attempt.step == AttemptStep.DONE
    source = scene.source_now()
    assert source.enabled
    assert source.tenant == FIRM
    made = source.connection
    assert made is not None
    assert (made.credential_kind, made.sealed_credential, made.client_id) == ("installation", "", scene.app.client_id)
    assert made.consent["by"] == ADMIN
    assert made.consent["role"] == "Global Administrator"
    assert made.health["people"] == {DOMAIN: 4}
    assert {one["state"] for one in made.health["permissions"]} == {"granted"}
    scene.nothing_secret()


def test_each_step_is_audited_under_the_name_of_who_clicked(scene: Scene) -> None:
    scene.wait(scene.to_waiting())
    rows = AuditEntry.objects.filter(organization=scene.organization.id, action__contains="connect")
    assert list(rows.order_by("id").values_list("action", flat=True)) == [
        "connect.started",
        "connect.signed_in",
        "connect.accepted",
        "source.connected",
        "connect.done",
    ]
    assert set(rows.values_list("actor", flat=True)) == {"operator:jo@northgate.example"}


def test_a_connected_source_can_be_previewed(scene: Scene) -> None:
    scene.wait(scene.to_waiting())
    run = make.preview(scene.domain, scene.acting)
    assert run.state == "planned", run.error


def test_consent_that_takes_its_time_is_waited_for(scene: Scene) -> None:
    scene.simulator.login.consent_delay = 120.0
    attempt = scene.wait(scene.to_waiting())
    assert attempt.step == AttemptStep.WAITING
    assert attempt.waits is not None
    scene.nothing_changed()
    scene.simulator.clock.advance(121)
    assert scene.wait(attempt).step == AttemptStep.DONE


def test_nobody_asks_more_often_than_it_is_time(scene: Scene) -> None:
    scene.simulator.login.consent_delay = 120.0
    attempt = scene.wait(scene.to_waiting())
    asked = len(list(scene.simulator.requests))
    proof.advance(attempt, scene.acting)
    assert len(list(scene.simulator.requests)) == asked


def test_consent_without_effect_is_given_up_after_a_quarter_of_an_hour(scene: Scene) -> None:
    scene.simulator.faults.on("consent_not_granted")
    attempt = scene.wait(scene.to_waiting())
    assert attempt.step == AttemptStep.WAITING
    scene.time.pass_(minutes=16)
    scene.refused(proof.advance(attempt, scene.acting), "consent_without_effect")


def test_a_busy_microsoft_is_no_refusal(scene: Scene) -> None:
    attempt = scene.to_waiting()
    scene.simulator.faults.on("token_html_page")
    attempt = scene.wait(attempt)
    assert attempt.step == AttemptStep.WAITING
    scene.simulator.faults.off("token_html_page")
    assert scene.wait(attempt).step == AttemptStep.DONE


def test_an_ordinary_user_is_refused_before_consent(scene: Scene) -> None:
    attempt = scene.back(scene.sign_in(scene.click(), CLERK))
    scene.refused(attempt, "not_administrator")
    assert isinstance(attempt, ConsentAttempt)
    assert attempt.refusal is not None
    assert CLERK in attempt.refusal["message"]


def test_an_application_administrator_may_not_consent_to_these_permissions(scene: Scene) -> None:
    scene.refused(scene.back(scene.sign_in(scene.click(), "apps@firm.example")), "not_administrator")


def test_cancelling_at_microsoft_is_no_fault(scene: Scene) -> None:
    page = scene.client.get(scene.click().url)
    scene.refused(scene.back(told(scene.client.press(page, "Cancel"))), "declined")


def test_declining_consent_connects_nothing(scene: Scene) -> None:
    page = scene.client.get(scene.to_consent().url)
    scene.refused(scene.back(told(scene.client.press(page, "Cancel"))), "declined")


def test_roles_that_no_token_tells_are_looked_up_in_the_directory(scene: Scene) -> None:
    scene.app.role_claims = False
    scene.app.permissions = (*PERMISSIONS, "RoleManagement.Read.Directory")
    attempt = scene.wait(scene.to_waiting())
    assert attempt.step == AttemptStep.DONE, attempt.refusal
    assert attempt.role == "Global Administrator"


def test_a_role_that_nobody_can_tell_is_none(scene: Scene) -> None:
    scene.app.role_claims = False
    scene.refused(scene.wait(scene.to_waiting()), "role_unknown")


def test_somebody_who_only_looks_like_an_administrator_is_refused_by_the_directory(scene: Scene) -> None:
    """The token tells no roles, and another tab consented as an administrator: the one who signed in has none."""
    scene.app.role_claims = False
    scene.app.permissions = (*PERMISSIONS, "RoleManagement.Read.Directory")
    way = scene.to_consent(CLERK)
    scene.client.jar.clear()
    attempt = scene.back(scene.consent(way, ADMIN))
    assert isinstance(attempt, ConsentAttempt)
    scene.refused(scene.wait(attempt), "not_administrator")


def test_a_domain_that_the_tenant_has_not_verified_is_not_connected(scene: Scene) -> None:
    attempt = scene.wait(scene.to_waiting(PLUMBER))
    scene.refused(attempt, "domain_not_verified")
    assert attempt.refusal is not None
    assert "other.example" in attempt.refusal["message"]


def test_a_registration_that_declares_too_little_is_told_by_name(scene: Scene) -> None:
    scene.app.permissions = ("Organization.Read.All", "Domain.Read.All")
    attempt = scene.wait(scene.to_waiting())
    assert attempt.step == AttemptStep.WAITING  # perhaps it is only on its way
    scene.time.pass_(minutes=6)
    attempt = proof.advance(attempt, scene.acting)
    scene.refused(attempt, "permissions_missing")
    assert attempt.refusal is not None
    assert "Missing: User.Read.All" in attempt.refusal["message"]


def test_a_registration_that_declares_only_what_is_needed_connects(scene: Scene) -> None:
    scene.app.permissions = ("User.Read.All", "Organization.Read.All", "Domain.Read.All")
    attempt = scene.wait(scene.to_waiting())
    assert attempt.step == AttemptStep.DONE
    made = scene.source_now().connection
    assert made is not None
    states = {one["name"]: (one["state"], one["required"]) for one in made.health["permissions"]}
    assert states["User.Read.All"] == ("granted", True)
    assert states["GroupMember.Read.All"] == states["MailboxSettings.Read"] == ("missing", False)


def test_two_organizations_do_not_share_a_tenant(scene: Scene) -> None:
    scene.wait(scene.to_waiting())
    stranger = edit.add_organization("Stranger", scene.acting)
    scene.domain_of(stranger, "unproved.example")
    scene.tenant().add_domain("second.example")
    theirs = scene.domain_of(stranger, "second.example")
    scene.source = sources.choose(theirs, "microsoft365", scene.acting)
    scene.operator = operator("sam@stranger.example", stranger)
    attempt = scene.back(scene.sign_in(scene.click()))
    assert isinstance(attempt, ConsentAttempt)
    assert attempt.refusal is not None
    assert attempt.refusal["code"] == "tenant_claimed"
    assert "Firm" not in attempt.refusal["message"] + attempt.refusal["help"]
    assert scene.source_now().connection is None
    assert Connection.objects.count() == 1


@pytest.mark.parametrize("below", [True, False])
def test_an_operator_of_both_organizations_may_link_a_tenant_to_both(scene: Scene, below: bool) -> None:
    scene.wait(scene.to_waiting())
    top = edit.add_organization("Northgate IT", scene.acting) if below else None
    Organization.objects.filter(id=scene.organization.id).update(parent=top)
    second = edit.add_organization("Second", scene.acting, parent=top)
    scene.tenant().add_domain("second.example")
    scene.source = sources.choose(scene.domain_of(second, "second.example"), "microsoft365", scene.acting)
    Membership.objects.create(operator=scene.operator, organization=second, role=Role.ADMINISTRATOR.value)
    assert scene.wait(scene.to_waiting()).step == AttemptStep.DONE
    assert Connection.objects.count() == 2
    # Each of them reads of itself alone; with whom it shares is for whoever administers both.
    told = list(AuditEntry.objects.filter(organization=second.id).values())
    assert str(scene.organization.id) not in str(told)
    assert scene.organization.name not in str(told)
    shared = AuditEntry.objects.get(action="connection.tenant_shared")
    assert shared.organization == (top.id if top else None)
    assert shared.details == {"organizations": sorted(["Second", scene.organization.name])}


def test_a_second_domain_of_the_organization_takes_up_its_connection(scene: Scene) -> None:
    scene.wait(scene.to_waiting())
    first = scene.source_now().connection_id
    scene.tenant().add_domain("second.example")
    scene.source = sources.choose(scene.domain_of(scene.organization, "second.example"), "microsoft365", scene.acting)
    assert scene.wait(scene.to_waiting()).step == AttemptStep.DONE
    assert scene.source_now().connection_id == first
    made = Connection.objects.get()
    assert made.health["people"] == {DOMAIN: 4, "second.example": 0}


def test_a_source_never_silently_turns_to_another_tenant(scene: Scene) -> None:
    scene.wait(scene.to_waiting())
    scene.tenant(1).add_domain("firm2.example")
    attempt = scene.back(scene.sign_in(scene.click(), PLUMBER))
    assert isinstance(attempt, ConsentAttempt)
    assert attempt.refusal is not None
    assert attempt.refusal["code"] == "other_tenant"
    assert scene.source_now().tenant == FIRM
    assert scene.source_now().enabled


def test_not_even_after_it_was_disconnected(scene: Scene) -> None:
    scene.wait(scene.to_waiting())
    attach.detach(scene.source_now(), scene.acting)
    source = scene.source_now()
    assert (source.connection, source.enabled, source.tenant) == (None, False, FIRM)
    assert not Connection.objects.exists()
    attempt = scene.back(scene.sign_in(scene.click(), PLUMBER))
    assert isinstance(attempt, ConsentAttempt)
    assert attempt.refusal is not None
    assert attempt.refusal["code"] == "other_tenant"


def test_reconnecting_to_the_same_tenant_is_welcome(scene: Scene) -> None:
    scene.wait(scene.to_waiting())
    attach.detach(scene.source_now(), scene.acting)
    assert scene.wait(scene.to_waiting()).step == AttemptStep.DONE
    assert scene.source_now().enabled


def test_from_another_address_of_the_console_the_way_leads_over_the_registered_one(scene: Scene) -> None:
    way = scene.click(origin="https://mail.brand.example")
    assert way.url.startswith(f"{HOME}/connect/hand-over/")
    assert way.browser == ""
    token = way.url.removesuffix("/").rpartition("/")[2]
    there = scene.go(departure.hand_over(token, scene.acting))
    with pytest.raises(MailrollError):
        departure.hand_over(token, scene.acting)
    second = scene.back(scene.sign_in(there))
    assert isinstance(second, Going)
    attempt = scene.back(scene.consent(second))
    assert isinstance(attempt, ConsentAttempt)
    assert attempt.origin == "https://mail.brand.example"
    assert scene.wait(attempt).step == AttemptStep.DONE


def test_a_hand_over_waits_two_minutes(scene: Scene) -> None:
    way = scene.click(origin="https://mail.brand.example")
    scene.time.pass_(minutes=2)
    with pytest.raises(MailrollError) as caught:
        departure.hand_over(way.url.removesuffix("/").rpartition("/")[2], scene.acting)
    assert caught.value.code == "state_spent"


def test_a_start_belongs_to_its_session_and_operator_and_ends(scene: Scene) -> None:
    token = departure.start_token(scene.source, scene.operator, SESSION, scene.acting)
    stranger = operator("sam@stranger.example", None)
    for who, session, wait in (
        (scene.operator, "another session", 0),
        (stranger, SESSION, 0),
        (scene.operator, SESSION, 61),
    ):
        scene.time.pass_(minutes=wait)
        with pytest.raises(MailrollError) as caught:
            departure.begin(token, who, session, HOME, scene.acting)
        assert caught.value.code == "state_spent"
    with pytest.raises(MailrollError):
        departure.begin("made-up", scene.operator, SESSION, HOME, scene.acting)
    assert not ConsentAttempt.objects.exists()


def test_going_back_and_clicking_again_begins_anew_until_somebody_signed_in(scene: Scene) -> None:
    token = departure.start_token(scene.source, scene.operator, SESSION, scene.acting)
    first = scene.sign_in(scene.go(departure.begin(token, scene.operator, SESSION, HOME, scene.acting)))
    way = scene.go(departure.begin(token, scene.operator, SESSION, HOME, scene.acting))
    spent(scene, first)
    assert isinstance(scene.back(scene.sign_in(way)), Going)
    with pytest.raises(MailrollError):
        departure.begin(token, scene.operator, SESSION, HOME, scene.acting)


def test_somebody_without_the_role_does_not_even_start(scene: Scene) -> None:
    Membership.objects.filter(operator=scene.operator).update(role=Role.TECHNICIAN.value)
    with pytest.raises(MailrollError) as caught:
        scene.click()
    assert caught.value.code == "role_missing"


def test_what_is_stored_of_a_sign_in_is_hashed_or_sealed(scene: Scene) -> None:
    carried = scene.sign_in(scene.click())
    with database.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM connections_consentattempt a")
        (stored,) = cursor.fetchone()
    for secret in (carried["state"], carried["code"], scene.browser, SESSION):
        assert secret not in stored


def test_a_check_keeps_what_it_found(scene: Scene) -> None:
    scene.wait(scene.to_waiting())
    made = Connection.objects.get()
    check.check(made, scene.domain, scene.acting)
    assert made.health.get("error") is None
    scene.simulator.withdraw(scene.app, scene.tenant())
    check.check(made, scene.domain, scene.acting)
    made.refresh_from_db()
    assert made.health["error"]["code"] == "app_not_in_tenant"
    assert Source.objects.get().enabled


def test_a_domain_that_was_paused_goes_on_once_its_tenant_answers_again(scene: Scene) -> None:
    scene.wait(scene.to_waiting())
    schedule.switch_on_unseen(scene.domain, scene.acting)
    for again in (check_again, connect_again):
        Schedule.objects.update(paused={"code": "app_not_in_tenant", "message": "No.", "help": "Connect."})
        again(scene)
        after = schedule.view(scene.domain, scene.time())
        assert after.paused is None
        assert after.next_run_at == scene.time()


def test_a_refused_credential_of_the_installation_is_renewed_in_its_settings(scene: Scene) -> None:
    """Before, people were to store it in the connection, which holds none."""
    own = "the file that MAILROLL_M365_SECRET_FILE names."
    scene.wait(scene.to_waiting())
    scene.simulator.faults.on("inactive_secret")
    resumption.check(Connection.objects.get(), scene.domain, scene.acting)
    assert Connection.objects.get().health["error"]["help"].endswith(own)
    run = make.run(scene.domain, scene.acting)
    assert run.error is not None
    assert (run.error["code"], run.error["help"].endswith(own)) == ("secret_expired", True)
    Connection.objects.update(credential_kind="secret", sealed_credential="sealed")
    assert (
        refusals.reword(NeedsConsent("secret_expired", "No.", "Store it."), Connection.objects.get()).help
        == "Store it."
    )
    scene.back(scene.sign_in(scene.click()))
    refused = ConsentAttempt.objects.latest("started_at").refusal
    assert refused is not None
    assert (refused["code"], refused["help"].endswith(own)) == ("secret_expired", True)


def check_again(scene: Scene) -> None:
    resumption.check(Connection.objects.get(), scene.domain, scene.acting)


def connect_again(scene: Scene) -> None:
    scene.wait(scene.to_waiting())
