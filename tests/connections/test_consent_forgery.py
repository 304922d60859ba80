"""What is forged, stale or nobody's on the way to consent connects nothing."""

import pytest

from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.connections.consent import arrival
from mailroll.connections.consent.departure import Going
from mailroll.connections.models import AttemptStep, ConsentAttempt
from mailroll.reconcile.errors import MailrollError
from simulator.tests.entrance import FIRM, OTHER
from tests.connections.consents import Scene, audited

FORGERIES = (
    "nonce no_nonce audience issuer tenant none hs256 unknown_kid signature expired future no_oid no_tid"
).split()


def spent(scene: Scene, carried: dict[str, str], browser: str | None = None) -> None:
    """Come back with something that nobody may use."""
    with pytest.raises(MailrollError) as caught:
        arrival.returned(carried, scene.browser if browser is None else browser, Acting("anonymous", scene.time))
    assert caught.value.code == "state_spent"


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_forged_id_token_connects_nothing(scene: Scene, kind: str) -> None:
    scene.simulator.faults.on("forged_id_token", kind=kind)
    attempt = scene.back(scene.sign_in(scene.click()))
    assert isinstance(attempt, ConsentAttempt)
    assert attempt.refusal is not None
    assert attempt.refusal["code"].startswith("id_token_")
    assert attempt.tenant_id == ""
    scene.refused(attempt, attempt.refusal["code"])


def test_a_forged_tenant_in_the_callback_connects_nothing(scene: Scene) -> None:
    carried = scene.consent(scene.to_consent())
    scene.simulator.consent(scene.app, scene.tenant(1))  # another customer of ours really did consent
    scene.refused(scene.back(carried | {"tenant": OTHER}), "callback_tenant_differs")


def test_a_callback_without_a_tenant_connects_nothing(scene: Scene) -> None:
    carried = scene.consent(scene.to_consent())
    del carried["tenant"]
    scene.refused(scene.back(carried), "callback_tenant_missing")


def test_an_error_beside_consent_is_an_error(scene: Scene) -> None:
    scene.simulator.faults.on("forged_callback", kind="error_with_consent")
    scene.refused(scene.back(scene.consent(scene.to_consent())), "declined")


def test_a_callback_that_nobody_asked_for_connects_nothing(scene: Scene) -> None:
    spent(scene, {"admin_consent": "True", "tenant": OTHER, "state": "made-up"})
    spent(scene, {"admin_consent": "True", "tenant": OTHER})
    assert AuditEntry.objects.filter(action__startswith="connect").count() == 0
    scene.nothing_changed()


def test_a_consent_answer_at_the_sign_in_leg_connects_nothing(scene: Scene) -> None:
    carried = scene.sign_in(scene.click())
    way = scene.back({"admin_consent": "True", "tenant": FIRM, "state": carried["state"]})
    scene.refused(way, "callback_malformed")


def test_a_state_is_spent_by_its_first_use(scene: Scene) -> None:
    signed_in = scene.sign_in(scene.click())
    way = scene.back(signed_in)
    assert isinstance(way, Going)
    spent(scene, signed_in)
    accepted = scene.consent(way)
    attempt = scene.back(accepted)
    spent(scene, accepted)
    spent(scene, signed_in)
    assert isinstance(attempt, ConsentAttempt)
    assert [each["cause"] for each in audited("connect.refused")] == ["used"]
    scene.nothing_changed()
    assert scene.wait(attempt).step == AttemptStep.DONE


def test_the_state_of_another_browser_is_nobodys(scene: Scene) -> None:
    signed_in = scene.sign_in(scene.click())
    spent(scene, signed_in, browser="another")
    spent(scene, signed_in, browser="")
    assert [each["cause"] for each in audited("connect.refused")] == ["other browser"]
    scene.nothing_changed()
    # Whoever held that browser is not named as the operator who began it.
    began = AuditEntry.objects.get(action="connect.started").actor
    assert began not in set(AuditEntry.objects.filter(action="connect.refused").values_list("actor", flat=True))
    assert isinstance(scene.back(signed_in), Going)  # it is still good where it belongs


def test_the_other_states_value_opens_nothing(scene: Scene) -> None:
    way = scene.to_consent()
    mine = scene.consent(way)
    other_scene_browser = scene.browser
    scene.to_consent()  # the same operator in a second tab, with a browser value of its own
    spent(scene, mine)
    assert scene.browser != other_scene_browser


@pytest.mark.parametrize("leg", ["sign-in", "consent"])
def test_a_state_is_good_for_ten_minutes(scene: Scene, leg: str) -> None:
    carried = scene.sign_in(scene.click()) if leg == "sign-in" else scene.consent(scene.to_consent())
    scene.time.pass_(minutes=10)
    spent(scene, carried)
    assert [each["cause"] for each in audited("connect.refused")] == ["too old"]
    scene.nothing_changed()
