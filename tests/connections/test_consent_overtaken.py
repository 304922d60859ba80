"""What is taken away, moved or done by somebody else while consent is under way."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection as database

from mailroll.accounts.models import Membership
from mailroll.connections import sources
from mailroll.connections.consent import proof, refusal
from mailroll.connections.models import AttemptStep, Connection, ConsentAttempt
from mailroll.directory import edit
from mailroll.reconcile.errors import MailrollError
from mailroll.sync import removal
from simulator.tests.entrance import OTHER
from tests.connections.consents import Scene, audited, operator
from tests.connections.test_consent_forgery import spent


def test_another_directory_than_the_one_signed_in_to_is_refused(scene: Scene) -> None:
    attempt = scene.to_waiting()
    scene.simulator.consent(scene.app, scene.tenant(1))
    scene.simulator.faults.on("token_for_other_tenant", tenant_id=OTHER)
    scene.refused(scene.wait(attempt), "other_directory")


def test_a_role_that_is_taken_away_half_way_ends_it(scene: Scene) -> None:
    attempt = scene.to_waiting()
    Membership.objects.filter(operator=scene.operator).delete()
    scene.refused(scene.wait(attempt), "role_missing")


def test_an_operator_who_is_switched_off_half_way_connects_nothing(scene: Scene) -> None:
    attempt = scene.to_waiting()
    scene.operator.is_active = False
    scene.operator.save()
    scene.refused(scene.wait(attempt), "role_missing")


def test_a_source_that_is_removed_half_way_ends_it(scene: Scene) -> None:
    attempt = scene.to_waiting()
    sources.remove_keeping_users(sources.find(scene.domain, scene.source.owner_id), scene.acting)
    scene.time.pass_(seconds=15)
    with pytest.raises(MailrollError) as caught:
        proof.advance(attempt, scene.acting)
    assert caught.value.code == "state_spent"
    assert not Connection.objects.exists()


def test_a_domain_that_is_removed_half_way_ends_it(scene: Scene) -> None:
    accepted = scene.consent(scene.to_consent())
    stale = ConsentAttempt.objects.get()
    removal.remove_domain(scene.domain, scene.domain.name, scene.acting)
    spent(scene, accepted)
    late: tuple[Callable[[], object], ...] = (
        lambda: proof.advance(stale, scene.acting),
        lambda: refusal.refuse(stale, refusal.spent(), scene.acting),
        lambda: refusal.keep(stale, "step"),
    )
    for step in late:
        with pytest.raises(MailrollError) as caught:
            step()
        assert caught.value.code == "state_spent"
    assert not Connection.objects.exists()


def test_of_two_organizations_that_claim_one_tenant_at_once_one_gets_it(scene: Scene) -> None:
    first = scene.to_waiting()
    second = edit.add_organization("Second", scene.acting)
    scene.tenant().add_domain("second.example")
    scene.source = sources.choose(scene.domain_of(second, "second.example"), "microsoft365", scene.acting)
    scene.operator = operator("sam@second.example", second)
    later = scene.to_waiting()
    scene.time.pass_(seconds=15)

    def finish(attempt: ConsentAttempt) -> ConsentAttempt:
        try:
            return proof.advance(attempt, scene.acting)
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(finish, (first, later)))
    assert sorted(attempt.step for attempt in done) == [AttemptStep.DONE, AttemptStep.REFUSED]
    refusals = [attempt.refusal["code"] for attempt in done if attempt.refusal]
    assert refusals == ["tenant_claimed"]
    assert Connection.objects.count() == 1


def test_two_open_pages_of_one_attempt_bind_once(scene: Scene) -> None:
    attempt = scene.to_waiting()
    scene.time.pass_(seconds=15)

    def finish(_: int) -> None:
        try:
            proof.advance(attempt, scene.acting)
        finally:
            database.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(finish, range(3)))
    assert len(audited("source.connected")) == 1
    assert Connection.objects.count() == 1


def test_a_domain_that_moves_to_another_organization_half_way_is_not_connected(scene: Scene) -> None:
    attempt = scene.to_waiting()
    new = edit.add_organization("New", scene.acting)
    scene.domain.organization = new
    scene.domain.save()
    scene.refused(scene.wait(attempt), "role_missing")
