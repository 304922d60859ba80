"""Links for a customer's administrator, who has no account here."""

from dataclasses import replace

import pytest
from django.core import mail
from pytest_django import Settings

from mailroll.accounts import memberships
from mailroll.accounts.models import Membership, Operator, Role
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.connections.consent import links, proof
from mailroll.connections.consent.departure import LINK_TRIES, Going
from mailroll.connections.consent.links import LinkState
from mailroll.connections.models import AttemptStep, ConsentAttempt, ConsentLink
from mailroll.directory import edit
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import MailrollError
from simulator.tests.entrance import ADMIN, CLERK, PASSWORD
from tests.connections.consents import HOME, Scene, audited, told


def anybody(scene: Scene) -> Acting:
    return Acting("anonymous", scene.time)


def made(scene: Scene) -> tuple[ConsentLink, str]:
    link = links.make(scene.source, scene.operator, scene.acting)
    address = links.address(link)
    assert address.startswith(f"{HOME}/consent/")
    return link, address.removesuffix("/").rpartition("/")[2]


def state(scene: Scene) -> LinkState:
    link = links.latest(scene.source)
    assert link is not None
    return links.state(link, scene.time())


def dead(scene: Scene, token: str) -> None:
    with pytest.raises(MailrollError) as caught:
        links.opened(token, anybody(scene))
    assert caught.value.code == "link_ended"
    with pytest.raises(MailrollError):
        links.follow(token, anybody(scene))


def accept(scene: Scene, token: str, account: str = ADMIN) -> ConsentAttempt:
    way = scene.back(scene.sign_in(scene.go(links.follow(token, anybody(scene))), account))
    if isinstance(way, ConsentAttempt):
        return way
    attempt = scene.back(scene.consent(way, account))
    assert isinstance(attempt, ConsentAttempt)
    return scene.wait(attempt)


def test_a_link_connects_its_source_once(scene: Scene) -> None:
    link, token = made(scene)
    assert state(scene) is LinkState.NOT_SENT
    links.opened(token, anybody(scene))
    assert state(scene) is LinkState.OPENED
    attempt = accept(scene, token)
    assert attempt.step == AttemptStep.DONE
    assert state(scene) is LinkState.ACCEPTED
    assert scene.source_now().enabled
    actors = set(AuditEntry.objects.filter(action__startswith="connect.").values_list("actor", flat=True))
    assert actors == {f"consent-link:{link.id}"}
    dead(scene, token)
    assert [message.subject for message in mail.outbox] == ["Mailroll: connected"]


def test_of_two_who_accept_with_one_link_one_is_first(scene: Scene) -> None:
    _, token = made(scene)
    ways = []
    for _ in range(2):
        way = scene.back(scene.sign_in(scene.go(links.follow(token, anybody(scene)))))
        assert isinstance(way, Going)
        attempt = scene.back(scene.consent(way))
        assert isinstance(attempt, ConsentAttempt)
        ways.append(attempt)
        scene.client.jar.clear()
    first, second = (scene.wait(attempt) for attempt in ways)
    assert first.step == AttemptStep.DONE
    assert second.refusal is not None
    assert second.refusal["code"] == "state_spent"
    assert len(audited("source.connected")) == 1


def test_a_link_ends_after_seven_days(scene: Scene) -> None:
    _, token = made(scene)
    scene.time.pass_(days=6, hours=23)
    links.opened(token, anybody(scene))
    scene.time.pass_(hours=1)
    dead(scene, token)
    assert state(scene) is LinkState.ENDED


def test_a_link_that_was_never_made_has_the_words_of_one_that_ended(scene: Scene) -> None:
    dead(scene, "made-up")


def test_a_new_link_ends_the_one_before(scene: Scene) -> None:
    _, first = made(scene)
    _, second = made(scene)
    dead(scene, first)
    links.opened(second, anybody(scene))


def test_a_link_goes_with_the_right_of_who_made_it(scene: Scene) -> None:
    _, token = made(scene)
    Membership.objects.filter(operator=scene.operator).delete()
    dead(scene, token)


def test_an_ordinary_user_is_refused_and_the_link_still_works(scene: Scene) -> None:
    _, token = made(scene)
    attempt = accept(scene, token, CLERK)
    assert attempt.refusal is not None
    assert attempt.refusal["code"] == "not_administrator"
    assert state(scene) is LinkState.REFUSED
    scene.nothing_changed()
    assert accept(scene, token).step == AttemptStep.DONE
    assert state(scene) is LinkState.ACCEPTED


def test_whoever_does_not_want_this_ends_the_link_and_the_sender_is_told(scene: Scene) -> None:
    _, token = made(scene)
    links.decline(token, anybody(scene))
    assert state(scene) is LinkState.REFUSED
    dead(scene, token)
    assert [message.subject for message in mail.outbox] == ["Mailroll: declined"]
    scene.nothing_changed()


def test_a_link_can_be_ended_by_its_organization(scene: Scene) -> None:
    link, token = made(scene)
    links.end(link, scene.acting)
    dead(scene, token)


def test_an_attempt_that_was_begun_before_the_link_ended_connects_nothing(scene: Scene) -> None:
    link, token = made(scene)
    way = scene.back(scene.sign_in(scene.go(links.follow(token, anybody(scene)))))
    assert isinstance(way, Going)
    attempt = scene.back(scene.consent(way))
    assert isinstance(attempt, ConsentAttempt)
    links.end(link, scene.acting)
    scene.time.pass_(seconds=15)
    scene.refused(proof.advance(attempt, scene.acting), "state_spent")


def test_a_link_is_sent_by_mail(scene: Scene) -> None:
    link, token = made(scene)
    links.send(link, "it@firm.example", scene.operator, scene.acting)
    assert state(scene) is LinkState.SENT
    (message,) = mail.outbox
    assert message.to == ["it@firm.example"]
    assert token in message.body
    assert message.subject == "Mailroll: consent is asked for"
    assert "Domain: firm. example" in message.body.splitlines()
    with pytest.raises(MailrollError):
        links.send(link, "no address\r\nBcc: all@firm.example", scene.operator, scene.acting)


def test_the_letter_says_that_the_provider_asks_and_never_in_a_sentence_of_ours(scene: Scene) -> None:
    trap = "Northgate IT. See http://evil.example"
    provider = edit.add_organization(trap, scene.acting)
    Organization.objects.filter(id=scene.organization.id).update(parent=provider)
    memberships.grant(scene.operator, provider, Role.ADMINISTRATOR, scene.acting)
    link, _ = made(scene)
    links.send(link, "it@firm.example", scene.operator, scene.acting)
    (message,) = mail.outbox
    lines = message.body.splitlines()
    assert [line for line in lines if "Northgate IT" in line] == ["Asked by: Northgate IT. See http: // evil. example"]
    assert "Firm Ltd" not in message.body
    assert lines[0] == "You are asked for your consent to read the mailbox list of a domain in Microsoft 365."


def test_a_letter_says_who_sent_it_and_not_who_made_the_link(scene: Scene) -> None:
    provider = edit.add_organization("Northgate IT", scene.acting)
    Organization.objects.filter(id=scene.organization.id).update(parent=provider)
    link, _ = made(scene)
    assert links.asker(link) == scene.organization
    clerk = Operator.objects.create_user("ann@northgate.example", None, name="Ann")
    with pytest.raises(MailrollError):
        links.send(link, "it@firm.example", clerk, scene.acting)
    memberships.grant(clerk, provider, Role.ADMINISTRATOR, scene.acting)
    links.send(link, "it@firm.example", clerk, scene.acting)
    (message,) = mail.outbox
    lines = message.body.splitlines()
    assert "Asked by: Northgate IT" in lines
    assert "Sent by: Ann, ann@northgate. example" in lines
    assert (links.asker(link), links.sender(link)) == (provider, clerk)
    links.decline(links.address(link).removesuffix("/").rpartition("/")[2], anybody(scene))
    assert mail.outbox[-1].to == [clerk.email]


def test_a_customer_s_own_administrator_asks_in_its_own_name(scene: Scene) -> None:
    provider = edit.add_organization("Northgate IT", scene.acting)
    Organization.objects.filter(id=scene.organization.id).update(parent=provider)
    memberships.grant(scene.operator, provider, Role.VIEWER, scene.acting)
    link, _ = made(scene)
    assert links.asker(link) == scene.organization


def test_neither_the_trail_nor_the_rows_hold_a_link(scene: Scene) -> None:
    link, token = made(scene)
    links.send(link, "it@firm.example", scene.operator, scene.acting)
    links.opened(token, anybody(scene))
    written = str(list(AuditEntry.objects.values())) + str(list(ConsentLink.objects.values()))
    assert token not in written
    assert PASSWORD not in written


def test_declining_at_microsoft_keeps_the_link(scene: Scene) -> None:
    _, token = made(scene)
    page = scene.client.get(scene.go(links.follow(token, anybody(scene))).url)
    scene.refused(scene.back(told(scene.client.press(page, "Cancel"))), "declined")
    links.opened(token, anybody(scene))


def test_a_link_used_in_vain_is_written_down_once_however_often_it_is(scene: Scene) -> None:
    link, token = made(scene)
    links.end(link, scene.acting)
    for _ in range(3):
        dead(scene, token)
    assert len(audited("consent_link.refused")) == 1


def test_a_link_is_tried_so_often_a_day_and_no_more_rows_are_made(scene: Scene) -> None:
    _, token = made(scene)
    for _ in range(LINK_TRIES):
        links.follow(token, anybody(scene))
    with pytest.raises(MailrollError) as caught:
        links.follow(token, anybody(scene))
    assert caught.value.code == "link_tried_often"
    assert ConsentAttempt.objects.count() == LINK_TRIES
    scene.time.pass_(days=1, seconds=1)
    links.follow(token, anybody(scene))


def test_letters_with_links_are_counted_by_whom_they_reach(scene: Scene, settings: Settings) -> None:
    settings.MAILROLL = replace(settings.MAILROLL, letters=replace(settings.MAILROLL.letters, to_receiver=1))
    link, _ = made(scene)
    links.send(link, "it@firm.example", scene.operator, scene.acting)
    with pytest.raises(MailrollError) as caught:
        links.send(link, "it@firm.example", scene.operator, scene.acting)
    assert caught.value.code == "letters_to_receiver"
    assert len(mail.outbox) == 1
    links.send(link, "boss@firm.example", scene.operator, scene.acting)
