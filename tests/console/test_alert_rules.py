"""Rules and channels of alerts: who sets them, what holds below, and what is never shown."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network

import pytest
from django.test import Client
from pytest_django import Settings

from mailroll.accounts.models import Membership, Operator, Role
from mailroll.alerts import digest, rules
from mailroll.alerts.causes import AlertCause, Severity
from mailroll.alerts.channels import storage
from mailroll.alerts.models import Alert, AlertChannel, AlertDelivery, AlertRule, ChannelKind
from mailroll.audit.models import AuditEntry
from mailroll.directory import edit
from tests.alerts.conftest import send_through
from tests.alerts.receivers import Desk, desk, mailbox
from tests.console.pages import words
from tests.console.people import People
from tests.sync.world import Customer


@pytest.fixture
def desk_(settings: Settings) -> Iterator[Desk]:
    settings.MAILROLL = replace(settings.MAILROLL, alert_networks=(IPv4Network("127.0.0.0/8"),))
    with desk() as made:
        yield made


def _url(customer: Customer, tail: str = "") -> str:
    return f"/alerts/rules/{customer.domain.organization_id}/{tail}"


def _filled(client: Client, customer: Customer, **other: str | None) -> dict[str, str]:
    """What a browser would send of the form as it is shown, with a few fields changed; None is a box not ticked."""
    form = client.get(_url(customer)).context["form"]
    given = {}
    for field in form:
        value = field.value()
        if value is True:
            given[field.html_name] = "on"
        elif value is not False:
            given[field.html_name] = str(value)
    changed = {name.replace("__", "-"): value for name, value in other.items()}
    return {name: value for name, value in {**given, **changed}.items() if value is not None}


def test_a_webhook_is_made_its_secret_shown_once_tried_and_taken_away(
    customer: Customer, owner: Client, desk_: Desk
) -> None:
    made = owner.post(_url(customer, "channels/add/"), {"kind": "webhook", "address": desk_.url(), "name": "Desk"})
    assert "It is shown only now." in words(made)
    assert "whsec_" in words(made)
    page = owner.get(_url(customer))
    assert "Nothing sent yet" in words(page)
    for secret in ("whsec_", "hush"):
        assert secret not in page.content.decode()
    channel = AlertChannel.objects.get()
    tried = owner.post(_url(customer, f"channels/{channel.id}/test/"), follow=True)
    assert "Desk: Answered 202 in " in words(tried)
    assert "Works" in words(tried)
    desk_.status = 401
    tried = owner.post(_url(customer, f"channels/{channel.id}/test/"), follow=True)
    assert "Refused: 127.0.0.1 answered 401. Look there whether the address" in words(tried)
    assert "/help/reference/errors/#channel_refused" in tried.content.decode()
    owner.post(_url(customer, f"channels/{channel.id}/remove/"))
    assert not AlertChannel.objects.exists()
    actions = AuditEntry.objects.filter(action__startswith="alert_channel").order_by("id")
    assert list(actions.values_list("action", flat=True)) == ["alert_channel.added", "alert_channel.removed"]


def test_a_channel_is_edited_in_place_and_keeps_its_rules_and_gets_a_new_secret_with_another_address(
    customer: Customer, owner: Client, desk_: Desk
) -> None:
    place, now = customer.domain.organization, datetime.now(UTC)
    made = storage.add(place, ChannelKind.WEBHOOK, "Desk", "http://127.0.0.1:1/hook", customer.acting)
    channel = made.channel
    old = rules.WantedRule(AlertCause.LIST_OLD, Severity.URGENT, 6, False, frozenset({channel.id}))
    rules.save(place, [old], customer.acting)
    AlertChannel.objects.update(failures=3, last_at=now, last_answer="The connection to 127.0.0.1 failed.")
    told_there = {"channel": channel, "events": [], "alerts": [], "created_at": now}
    waits = AlertDelivery.objects.create(**told_there, next_at=now + timedelta(hours=3))
    over = AlertDelivery.objects.create(**told_there, next_at=None, sent_at=now)
    url = _url(customer, f"channels/{channel.id}/edit/")
    page = owner.get(url)
    assert "With another address comes a new secret that signs them, shown once." in words(page)
    assert "hook" not in page.content.decode().replace("webhook", "")
    refused = owner.post(url, {"name": "Desk", "address": "no address"})
    assert (refused.status_code, "This is no https:// address" in words(refused)) == (422, True)
    renamed = owner.post(url, {"name": "Night desk", "address": ""}, follow=True)
    assert "Night desk was changed." in words(renamed)
    channel.refresh_from_db()
    assert (channel.failures, storage.opened(channel)["address"]) == (3, "http://127.0.0.1:1/hook")
    same = owner.post(url, {"name": "Night desk", "address": "http://127.0.0.1:1/hook"}, follow=True)
    assert "Night desk was changed." in words(same)
    channel.refresh_from_db()
    assert storage.opened(channel)["secret"] == made.secret
    AlertChannel.objects.update(failures=3, last_at=now, last_answer="The connection to 127.0.0.1 failed.")
    shown = words(owner.post(url, {"name": "Night desk", "address": desk_.url()}))
    channel.refresh_from_db()
    kept = storage.opened(channel)
    assert (kept["address"], kept["secret"] in shown) == (desk_.url(), True)
    assert kept["secret"] != made.secret
    assert (channel.failures, channel.last_at, channel.last_answer) == (0, None, "")
    assert "hush" not in channel.shown + str(AuditEntry.objects.latest("id").details)
    held = {one.cause: one for one in rules.rules_of(place)}[AlertCause.LIST_OLD]
    assert held.channels == {channel.id}
    waits.refresh_from_db()
    over.refresh_from_db()
    assert waits.next_at is not None
    assert (waits.next_at < now + timedelta(hours=1), over.next_at) == (True, None)


def test_a_webhook_whose_secret_no_key_opens_gets_a_new_one_with_a_new_address(
    customer: Customer, owner: Client, desk_: Desk
) -> None:
    made = storage.add(customer.domain.organization, ChannelKind.WEBHOOK, "Desk", desk_.url(), customer.acting)
    AlertChannel.objects.update(sealed="of a key that is gone")
    url = _url(customer, f"channels/{made.channel.id}/edit/")
    assert "With a new address comes a new secret that signs them, shown once." in words(owner.get(url))
    page = words(owner.post(url, {"name": "Desk", "address": desk_.url()}))
    kept = storage.opened(AlertChannel.objects.get())
    assert kept["secret"] in page
    assert kept["secret"] != made.secret


def test_to_add_a_channel_asks_to_confirm(customer: Customer, people: People) -> None:
    plain = people.unconfirmed("owner")
    answer = plain.post(_url(customer, "channels/add/"), {"kind": "mail", "address": "it@brightwater.example"})
    assert answer.status_code == 302
    assert "/account/" in answer.headers["Location"]
    assert not AlertChannel.objects.exists()


def test_only_what_is_changed_becomes_a_rule_and_is_taken_back(customer: Customer, owner: Client) -> None:
    given = _filled(owner, customer)
    assert "Nothing was changed." in words(owner.post(_url(customer), given, follow=True))
    given = _filled(owner, customer, list_old__threshold="24", static_due__administrators="on")
    page = words(owner.post(_url(customer), given, follow=True))
    assert "Saved." in page
    assert page.count("Changed") == 2
    held = {one.cause: one for one in rules.rules_of(customer.domain.organization)}
    assert held[AlertCause.LIST_OLD].threshold == 24
    assert held[AlertCause.STATIC_DUE].administrators
    owner.post(_url(customer, "inherit/"), {"cause": "list_old"})
    assert list(AlertRule.objects.values_list("cause", flat=True)) == ["static_due"]
    owner.post(_url(customer, "inherit/"))
    assert not AlertRule.objects.exists()


def test_what_is_urgent_must_be_told_somewhere_and_a_number_be_within_bounds(customer: Customer, owner: Client) -> None:
    untold = owner.post(_url(customer), _filled(owner, customer, no_access__administrators=None))
    assert untold.status_code == 422
    assert "Somebody must be told" in words(untold)
    far = owner.post(_url(customer), _filled(owner, customer, list_old__threshold="721"))
    assert "“The list is old”: a whole number from 1 to 720." in words(far)
    assert not AlertRule.objects.exists()


def test_a_customer_is_told_whose_word_it_is_and_sees_no_address_from_above(customer: Customer, people: People) -> None:
    place = customer.domain.organization
    top = edit.add_organization("Northgate IT", customer.acting)
    type(place).objects.filter(id=place.id).update(parent=top)
    made = AlertChannel.objects.create(
        organization=top,
        kind="mail",
        name="Night shift",
        shown="night@northgate.example",
        sealed="x",
        created_at=customer.time(),
    )
    old = rules.WantedRule(AlertCause.LIST_OLD, Severity.URGENT, 24, False, frozenset({made.id}))
    rules.save(top, [old], customer.acting)
    owner = people.client("owner")
    page = owner.get(_url(customer))
    assert "As Northgate IT says" in words(page)
    assert "night@northgate.example" not in page.content.decode()
    assert owner.post(_url(customer, f"channels/{made.id}/test/")).status_code == 404
    owner.post(_url(customer), _filled(owner, customer, list_old__threshold="6"))
    held = {one.cause: one for one in rules.rules_of(place)}[AlertCause.LIST_OLD]
    assert (held.threshold, held.channels, held.own) == (6, frozenset({made.id}), True)


def test_what_a_channel_above_answers_is_shown_to_its_own_organization_alone(
    customer: Customer, owner: Client, people: People
) -> None:
    """It names the host of the provider, which may be inside."""
    below = edit.add_organization("Kestrel", customer.acting, parent=customer.domain.organization)
    reader = Operator.objects.create_user("ann@kestrel.example", name="Ann")
    Membership.objects.create(operator=reader, organization=below, role=Role.ADMINISTRATOR)
    client = Client()
    client.force_login(reader)
    address = "https://desk.inside.invalid/hook"
    made = storage.add(customer.domain.organization, ChannelKind.WEBHOOK, "Desk", address, customer.acting).channel
    now = datetime.now(UTC)
    alert = Alert.objects.create(
        cause=AlertCause.SYNC_LATE,
        organization=below,
        key="late",
        severity=Severity.URGENT,
        facts={"due": now.isoformat()},
        **dict.fromkeys(("since", "seen_at", "changed_at"), now),
    )
    events = [{"alert": str(alert.id), "turn": "opened"}]
    AlertDelivery.objects.create(channel=made, events=events, alerts=[alert.id], created_at=now, next_at=now)
    for failures, sent_at, shown in ((1, None, "Desk Of an organization above Fails"), (0, now, "above Works")):
        answer = "Refused: desk.inside.invalid answered 401." if failures else "Answered 200 in 7 ms."
        AlertChannel.objects.update(failures=failures, last_at=now, last_answer=answer)
        AlertDelivery.objects.update(answer=answer, tries=1, sent_at=sent_at)
        page = words(client.get(f"/alerts/rules/{below.id}/"))
        assert shown in page
        told = words(client.get(f"/alerts/{alert.id}/"))
        assert "Desk New" in told
        for said in (page, told):
            assert answer not in said
            assert "desk.inside" not in said
        assert answer in words(owner.get(f"/alerts/{alert.id}/"))
        assert answer in words(owner.get(_url(customer)))


def test_tests_by_mail_are_counted_as_letters(customer: Customer, owner: Client, settings: Settings) -> None:
    with mailbox() as box:
        send_through(box, settings)
        place = customer.domain.organization
        made = storage.add(place, ChannelKind.MAIL, "V", "victim@elsewhere.example", customer.acting).channel
        most = settings.MAILROLL.letters.to_receiver
        # What did not leave is not counted.
        box.refuses = "550 no"
        for _ in range(most):
            owner.post(_url(customer, f"channels/{made.id}/test/"))
        box.refuses = ""
        for _ in range(most):
            said = words(owner.post(_url(customer, f"channels/{made.id}/test/"), follow=True))
            assert "V: Sent. Look into the mailbox." in said
        said = words(owner.post(_url(customer, f"channels/{made.id}/test/"), follow=True))
        assert f"V: victim@elsewhere.example was sent {most} letters from here within 24 hours" in said
        assert len(box.taken) == most


def test_what_is_no_address_is_said_at_the_field_and_a_secret_of_it_not_repeated_elsewhere(
    customer: Customer, owner: Client
) -> None:
    answer = owner.post(_url(customer, "channels/add/"), {"kind": "service", "address": "json://localhost/hush"})
    assert answer.status_code == 422
    assert "This is no address of a service that alerts can be brought to: Teams, Slack" in words(answer)


def test_the_daily_digest_is_set_and_switched_off(customer: Customer, owner: Client) -> None:
    assert "On, but no mail is sent from here." in words(owner.get(_url(customer)))
    assert "Saved." in words(owner.post(_url(customer, "digest/"), {"on": "on", "at": "16:00"}, follow=True))
    sent = digest.digest_of(customer.domain.organization)
    assert (sent.on, sent.minute) == (True, 960)
    assert "Give a time of the day" in words(owner.post(_url(customer, "digest/"), {"on": "on", "at": "25:00"}))
    off = words(owner.post(_url(customer, "digest/"), {"at": "16:00"}, follow=True))
    assert "Daily digest. Off." in off
