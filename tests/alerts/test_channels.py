"""Alerts leave by a real SMTP server and a real web server, which refuses, hangs and leads elsewhere."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import NoReturn
from uuid import UUID, uuid4

import pytest
from django.db import connection as database
from pytest_django import Settings

from mailroll.accounts.models import LetterCount, Membership, Operator, Role
from mailroll.alerts import dispatch, evaluation, rules, tasks
from mailroll.alerts.causes import AlertCause, Severity, Turn
from mailroll.alerts.channels import delivery, storage, webhook
from mailroll.alerts.channels.errors import NotSent
from mailroll.alerts.models import Alert, AlertChannel, AlertDelivery, ChannelKind
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.directory import edit
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput
from tests.alerts.receivers import Desk, Mailbox
from tests.sync.world import Time


def _alert(place: Organization, time: Time, severity: Severity = Severity.URGENT) -> Alert:
    return Alert.objects.create(
        cause=AlertCause.SYNC_FAILED,
        organization=place,
        key=str(uuid4()),
        severity=severity,
        facts={"times": 2, "error": {"message": "The tenant evil.example did not answer."}},
        **dict.fromkeys(("since", "seen_at", "changed_at"), time()),
    )


def _webhook(place: Organization, desk: Desk, acting: Acting) -> storage.NewChannel:
    made = storage.add(place, ChannelKind.WEBHOOK, "Desk", desk.url(), acting)
    wanted = rules.WantedRule(AlertCause.SYNC_FAILED, Severity.IMPORTANT, None, False, frozenset({made.channel.id}))
    rules.save(place, [wanted], acting)
    return made


def _tell(alert: Alert, time: Time, turn: Turn = Turn.OPENED) -> None:
    dispatch.tell([(alert.id, turn)], time())


def _deliver(time: Time) -> None:
    for target in dict.fromkeys(one.target for one in AlertDelivery.objects.filter(next_at__lte=time())):
        delivery.deliver(target, time())


def _letter(box: Mailbox) -> tuple[str, str, str]:
    (taken,) = box.taken
    letter = message_from_bytes(taken.original_content or b"", policy=policy.default)
    body = letter.get_body(("plain",))
    assert body is not None
    return letter["Subject"], letter["To"], body.get_content()


def test_administrators_get_a_letter_once(place: Organization, time: Time, box: Mailbox) -> None:
    alert = _alert(place, time)
    _tell(alert, time)
    _deliver(time)
    _deliver(time)
    subject, to, text = _letter(box)
    assert (subject, to) == ("Mailroll: urgent, new: 2 syncs in a row failed", "priya@northgate.example")
    assert "New, urgent: 2 syncs in a row failed" in text
    # What a directory said is no link, wherever it stands.
    assert "The tenant evil. example did not answer." in text
    assert "Whose mail: Northgate" in text
    assert f"/alerts/{alert.id}/" in text


@pytest.mark.parametrize("ends", ["membership", "account"])
def test_who_administers_no_more_is_told_nothing_that_waited(
    place: Organization, time: Time, acting: Acting, box: Mailbox, ends: str
) -> None:
    other = edit.add_organization("Coldharbour", acting)
    boss = Operator.objects.get()
    kept = Membership.objects.create(operator=boss, organization=other, role=Role.ADMINISTRATOR)
    _tell(_alert(place, time), time)
    _tell(_alert(other, time), time)
    if ends == "membership":
        Membership.objects.exclude(id=kept.id).update(role=Role.VIEWER)
    else:
        Operator.objects.update(is_active=False)
    _deliver(time)
    if ends == "membership":
        assert "Whose mail: Coldharbour" in _letter(box)[2]
    else:
        assert box.taken == []
    gone = AlertDelivery.objects.filter(answer="There was nothing left to tell.", sent_at=time(), next_at=None)
    assert gone.count() == (1 if ends == "membership" else 2)


def test_a_fault_of_ours_holds_nothing_up(
    place: Organization, time: Time, acting: Acting, desk_: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _webhook(place, desk_, acting)
    _tell(_alert(place, time), time)

    def fail(*_: object) -> NoReturn:
        raise KeyError("hush")

    monkeypatch.setattr(webhook, "send", fail)
    _deliver(time)
    message = AlertDelivery.objects.get()
    assert (message.next_at, message.tries) == (time() + delivery.BREAKS[0], 1)
    assert message.answer == "Mailroll failed to send it (KeyError)."
    assert AlertChannel.objects.get().failures == 1


def test_a_webhook_is_signed_so_that_its_receiver_can_tell(
    place: Organization, time: Time, acting: Acting, desk_: Desk
) -> None:
    made = _webhook(place, desk_, acting)
    alert = _alert(place, time)
    _tell(alert, time)
    _deliver(time)
    (post,) = desk_.posts
    assert post.path == "/hooks/mailroll?key=hush"
    assert post.is_signed_with(made.secret)
    assert int(post.headers["webhook-timestamp"]) == int(time().timestamp())
    (event,) = json.loads(post.body)["data"]["events"]
    assert (event["event"], event["alert"], event["cause"]) == ("opened", str(alert.id), "sync_failed")
    assert event["organization"]["name"] == "Northgate"
    channel = AlertChannel.objects.get()
    assert (channel.failures, channel.last_answer.startswith("Answered 202 in ")) == (0, True)


def test_what_is_secret_of_a_channel_is_sealed_to_its_row_and_in_no_entry(
    place: Organization, acting: Acting, desk_: Desk
) -> None:
    first = storage.add(place, ChannelKind.WEBHOOK, "", desk_.url(), acting)
    second = storage.add(place, ChannelKind.MAIL, "", "IT@northgate.example", acting).channel
    assert (second.name, second.shown) == ("it@northgate.example", "it@northgate.example")
    row = first.channel
    for text in (row.shown, row.name, row.sealed, str(AuditEntry.objects.latest("id").details)):
        assert "hush" not in text
    assert first.secret not in row.sealed
    AlertChannel.objects.filter(id=second.id).update(sealed=row.sealed)
    with pytest.raises(NotSent, match="cannot be opened"):
        delivery.try_out(AlertChannel.objects.get(id=second.id), acting.now())
    kept = storage.opened(row)
    storage.reseal(row)
    assert storage.opened(AlertChannel.objects.get(id=row.id)) == kept


def test_what_fails_is_tried_again_with_growing_breaks_and_at_last_given_up(
    place: Organization, time: Time, acting: Acting, desk_: Desk
) -> None:
    _webhook(place, desk_, acting)
    desk_.status = 401
    _tell(_alert(place, time), time)
    _tell(_alert(place, time), time)
    for pause in delivery.BREAKS:
        _deliver(time)
        message = AlertDelivery.objects.order_by("-tries").first()
        assert message is not None
        assert message.next_at == time() + pause
        assert message.answer.startswith("Refused: 127.0.0.1 answered 401. Look there")
        # The other waits with it, and does not knock at a door that is shut.
        assert not AlertDelivery.objects.filter(next_at__lte=time()).exists()
        time.at += pause
    assert len({post.headers["webhook-id"] for post in desk_.posts}) == 1
    _deliver(time)
    first = AlertDelivery.objects.get(id=desk_.posts[0].headers["webhook-id"])
    assert (first.next_at, first.sent_at, first.tries) == (None, None, len(delivery.BREAKS) + 1)
    desk_.status = 200
    _deliver(time)
    second = AlertDelivery.objects.exclude(id=first.id).get()
    assert (second.next_at, second.sent_at) == (None, time())
    assert AlertChannel.objects.get().failures == 0


def test_a_channel_that_fails_three_times_is_told_by_the_others_until_it_works(
    place: Organization, time: Time, acting: Acting, desk_: Desk, box: Mailbox
) -> None:
    made = _webhook(place, desk_, acting).channel
    # Also where a rule names the channel itself.
    wanted = rules.WantedRule(AlertCause.CHANNEL_FAILS, Severity.IMPORTANT, None, True, frozenset({made.id}))
    rules.save(place, [wanted], acting)
    desk_.status, desk_.location = 302, "http://127.0.0.1:1/"
    _tell(_alert(place, time), time)
    for pause in delivery.BREAKS[:3]:
        _deliver(time)
        time.at += pause
    evaluation.evaluate(time())
    failing = Alert.objects.get(cause=AlertCause.CHANNEL_FAILS)
    assert [one.operator is not None for one in AlertDelivery.objects.filter(alerts__contains=[failing.id])] == [True]
    delivery.deliver(AlertDelivery.objects.get(alerts__contains=[failing.id]).target, time())
    subject, _, text = _letter(box)
    assert subject == "Mailroll: new: A channel of alerts fails"
    assert "leads elsewhere (302), and no redirect is followed." in text
    assert all(post.path.startswith("/hooks/") for post in desk_.posts)
    desk_.status, desk_.location = 200, ""
    _deliver(time)
    time.pass_(minutes=1)
    evaluation.evaluate(time())
    failing.refresh_from_db()
    assert failing.ended_at == time()


def _letters_to(address: str, place: Organization, acting: Acting) -> None:
    channel = storage.add(place, ChannelKind.MAIL, "", address, acting).channel
    wanted = rules.WantedRule(AlertCause.SYNC_FAILED, Severity.IMPORTANT, None, False, frozenset({channel.id}))
    rules.save(place, [wanted], acting)


def test_a_mailbox_that_may_never_have_asked_for_them_gets_few_letters_a_day(
    place: Organization, time: Time, acting: Acting, box: Mailbox, settings: Settings
) -> None:
    few = replace(settings.MAILROLL.letters, notices=2)
    settings.MAILROLL = replace(settings.MAILROLL, letters=few)
    customer = edit.add_organization("Weststrand", acting, parent=place)
    _letters_to("it+alerts@northgate.example", customer, acting)
    box.refuses = "451 later"
    _tell(_alert(customer, time), time)
    _deliver(time)
    box.refuses = ""
    for _ in range(2):
        _tell(_alert(customer, time), time)
    time.pass_(minutes=2)
    _deliver(time)
    # The one that was not taken does not count.
    assert len(box.taken) == 2
    waits = AlertDelivery.objects.get(sent_at=None)
    assert waits.next_at is not None
    assert "it+alerts@northgate.example was sent 2 letters with alerts within 24 hours." in waits.answer
    LetterCount.objects.update(began_at=datetime.now(UTC) - timedelta(days=1))
    time.pass_(hours=24)
    _deliver(time)
    assert len(box.taken) == 3


def test_no_customer_uses_up_the_letters_of_another_or_of_the_provider(
    place: Organization, time: Time, acting: Acting, box: Mailbox, settings: Settings
) -> None:
    few = replace(settings.MAILROLL.letters, notices=1)
    settings.MAILROLL = replace(settings.MAILROLL, letters=few)
    hostile, victim = (edit.add_organization(name, acting, parent=place) for name in ("Hostile", "Weststrand"))
    # What is below one counts as that one: it can have as many of those as it likes.
    below = edit.add_organization("Hostile too", acting, parent=hostile)
    for one in (place, hostile, below, victim):
        _letters_to("it@weststrand.example", one, acting)
    for one, arrive in ((hostile, 1), (hostile, 1), (below, 1), (victim, 2), (place, 3), (place, 4)):
        _tell(_alert(one, time), time)
        _deliver(time)
        assert len(box.taken) == arrive


def test_a_worker_that_dies_after_sending_sends_the_same_message_again(
    place: Organization, time: Time, acting: Acting, desk_: Desk
) -> None:
    _webhook(place, desk_, acting)
    _tell(_alert(place, time), time)
    message = AlertDelivery.objects.get()
    _deliver(time)
    # What a worker leaves that died before it could write down that it was sent.
    AlertDelivery.objects.filter(id=message.id).update(sent_at=None, next_at=time(), tries=0)
    _deliver(time)
    assert [post.headers["webhook-id"] for post in desk_.posts] == [str(message.id)] * 2


@pytest.mark.django_db(transaction=True)
def test_a_job_for_each_target_that_is_due_and_few_at_a_time(
    transactional_db: None, time: Time, acting: Acting, desk_: Desk
) -> None:
    place = edit.add_organization("Northgate", acting)
    alert = _alert(place, time)
    for _ in range(3):
        made = storage.add(place, ChannelKind.WEBHOOK, "", desk_.url(), acting).channel
        AlertDelivery.objects.create(
            channel=made,
            events=[{"alert": str(alert.id), "turn": "opened"}],
            alerts=[alert.id],
            created_at=time(),
            next_at=time(),
        )
    for _ in range(2):
        tasks.queue_due(time())
        with database.cursor() as cursor:
            cursor.execute("SELECT count(*), count(DISTINCT args) FROM procrastinate_jobs")
            assert cursor.fetchone() == (tasks.TOGETHER, tasks.TOGETHER)


@pytest.mark.django_db(transaction=True)
def test_an_organization_of_many_channels_holds_up_no_other(transactional_db: None, time: Time, acting: Acting) -> None:
    targets = []
    for name, number in (("Coldharbour", storage.CHANNELS_MAX), ("Northgate", 2)):
        own = edit.add_organization(name, acting)
        alert = _alert(own, time)
        for channel in range(number):
            made = storage.add(own, ChannelKind.MAIL, "", f"it{channel}@{name.lower()}.example", acting).channel
            event = {"alert": str(alert.id), "turn": "opened"}
            told = AlertDelivery.objects.create(
                channel=made, events=[event], alerts=[alert.id], created_at=time(), next_at=time()
            )
            targets.append(told.target)
            time.pass_(minutes=1)
    with pytest.raises(BadInput, match="Coldharbour has 20 channels"):
        storage.add(Organization.objects.get(name="Coldharbour"), ChannelKind.MAIL, "", "x@x.example", acting)
    many, (first, second) = targets[:-2], targets[-2:]
    for expected in ({many[0], first}, {many[0], second}):
        tasks.queue_due(time())
        with database.cursor() as cursor:
            cursor.execute("SELECT args ->> 'target' FROM procrastinate_jobs WHERE status = 'todo'")
            assert {target for (target,) in cursor.fetchall()} == expected
            # The other one of the two hangs on; this one has arrived.
            cursor.execute("DELETE FROM procrastinate_jobs WHERE args ->> 'target' = %s", [first])
        AlertDelivery.objects.filter(channel_id=UUID(first.partition(":")[2])).update(next_at=None, sent_at=time())


def test_a_test_message_answers_at_once(place: Organization, acting: Acting, desk_: Desk, box: Mailbox) -> None:
    hook = storage.add(place, ChannelKind.WEBHOOK, "Desk", desk_.url(), acting).channel
    assert delivery.try_out(hook, acting.now()).startswith("Answered 202 in ")
    assert json.loads(desk_.posts[0].body)["data"]["events"] == [{"event": "test", "channel": "Desk"}]
    letter = storage.add(place, ChannelKind.MAIL, "", "it@northgate.example", acting).channel
    assert delivery.try_out(letter, acting.now()) == "Sent. Look into the mailbox."
    assert _letter(box)[0] == "Mailroll: a test"
    box.refuses = "550 no"
    with pytest.raises(NotSent, match="did not take the letter"):
        delivery.try_out(letter, acting.now())
    assert AlertChannel.objects.get(id=letter.id).failures == 1


def test_somebody_is_told_of_what_is_urgent_also_when_its_channel_is_gone(
    place: Organization, time: Time, acting: Acting, desk_: Desk, box: Mailbox
) -> None:
    made = storage.add(place, ChannelKind.WEBHOOK, "Desk", desk_.url(), acting).channel
    wanted = rules.WantedRule(AlertCause.SYNC_FAILED, Severity.URGENT, None, False, frozenset({made.id}))
    with pytest.raises(BadInput, match="would be told nowhere"):
        rules.save(place, [replace(wanted, channels=frozenset())], acting)
    rules.save(place, [wanted], acting)
    storage.remove(made, acting)
    _tell(_alert(place, time), time)
    _deliver(time)
    assert _letter(box)[1] == "priya@northgate.example"


def test_a_customer_has_the_rules_of_its_provider_until_it_has_its_own(place: Organization, acting: Acting) -> None:
    customer = edit.add_organization("Kestrel", acting, parent=place)
    old = rules.WantedRule(AlertCause.LIST_OLD, Severity.URGENT, 24, True, frozenset())
    rules.save(place, [old], acting)
    held = {one.cause: one for one in rules.rules_of(customer)}[AlertCause.LIST_OLD]
    assert (held.threshold, held.by, held.own) == (24, place, False)
    # What is the same as above makes no rule of its own.
    assert rules.save(customer, [old], acting) == 0
    assert rules.save(customer, [replace(old, threshold=6)], acting) == 1
    held = {one.cause: one for one in rules.rules_of(customer)}[AlertCause.LIST_OLD]
    assert (held.threshold, held.own) == (6, True)
    assert rules.inherit(customer, [AlertCause.LIST_OLD], acting) == 1
    assert {one.cause: one for one in rules.rules_of(customer)}[AlertCause.LIST_OLD].threshold == 24
    for threshold in (0, 721):
        with pytest.raises(BadInput, match="out of bounds"):
            rules.save(customer, [replace(old, threshold=threshold)], acting)
    stranger = edit.add_organization("Coldharbour", acting)
    foreign = storage.add(stranger, ChannelKind.MAIL, "", "it@coldharbour.example", acting).channel
    with pytest.raises(BadInput, match="not here any more"):
        rules.save(customer, [replace(old, channels=frozenset({foreign.id}))], acting)


def test_deliveries_are_forgotten_with_their_alerts(place: Organization, time: Time, box: Mailbox) -> None:
    _tell(_alert(place, time), time)
    assert AlertDelivery.objects.exists()
    Alert.objects.update(ended_at=time())
    evaluation.evaluate(datetime(2027, 6, 1, tzinfo=UTC) + timedelta())
    assert not AlertDelivery.objects.filter(created_at=time()).exists()
