"""Services that are named by their address: known by it, and reached by our own sender alone."""

import pytest
from pytest_django import Settings

from mailroll.alerts.channels import poster, services, storage
from mailroll.alerts.channels.errors import NotSent
from mailroll.alerts.models import AlertChannel, ChannelKind
from mailroll.audit.actor import Acting
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput


@pytest.mark.parametrize(
    ("kind", "address", "code"),
    [
        (ChannelKind.MAIL, "bob", "channel_no_mailbox"),
        (ChannelKind.WEBHOOK, "ftp://desk.example/", "channel_no_https"),
        (ChannelKind.WEBHOOK, "http://desk.example/", "channel_no_https"),
        (ChannelKind.WEBHOOK, "https://user:hush@desk.example/", "channel_no_https"),
        (ChannelKind.WEBHOOK, "https://[desk/", "channel_no_https"),
        (ChannelKind.SERVICE, "json://localhost/hush", "channel_unknown"),
        (ChannelKind.SERVICE, "slack://", "channel_unknown"),
        (ChannelKind.SERVICE, "workflows://evil.example/workflow/hush", "channel_unknown"),
        (
            ChannelKind.SERVICE,
            "https://evil.example/workflows/a/triggers/manual/paths/invoke?sig=hush",
            "channel_unknown",
        ),
    ],
)
def test_what_is_no_address_is_refused_and_never_repeated(
    place: Organization, acting: Acting, kind: ChannelKind, address: str, code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        storage.add(place, kind, "x", address, acting)
    assert refused.value.code == code
    assert "hush" not in f"{refused.value.message} {refused.value.help}"
    assert not AlertChannel.objects.exists()


SERVICES = {
    "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7": "Slack",
    "https://prod-16.westeurope.logic.azure.com:443/workflows/abcd1234/triggers/manual/paths/invoke"
    "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=hushhush": "Teams",
    "https://chat.googleapis.com/v1/spaces/AAAA/messages?key=hush&token=hush": "Google Chat",
    "https://discord.com/api/webhooks/417429632418316298/JHZ7lQml277CDHmQKMHI8qBe7bk2ZwO5UKjCiOAF7711o33MyqU344Qpgv7": (
        "Discord"
    ),
    "pagerduty://0123456789abcdef0123456789abcdef@0123456789abcdef0123": "PagerDuty",
    "tgram://123456789:abcdefg_hijklmnop/12315544/": "Telegram",
    "pover://azGDORePK8gMaC0QOYAMyEEuzJnyUi@uQiRzpo4DXghDmr9QzzfQu27cmVRsG": "Pushover",
}


@pytest.mark.parametrize(("address", "service"), SERVICES.items(), ids=SERVICES.values())
def test_a_service_is_known_by_its_address_and_reached_by_our_sender_alone(
    settings: Settings, address: str, service: str
) -> None:
    """Names lead nowhere in tests: that our sender says so shows that nothing else was asked."""
    assert services.of_address(address).words == service
    with pytest.raises(NotSent, match=r"^The name [a-z0-9.-]+ could not be found\. "):
        services.send(address, "12 removals wait for you", "Nobody was removed.")


@pytest.mark.parametrize("address", SERVICES, ids=SERVICES.values())
def test_an_address_sets_nothing_that_reads_files_or_asks_elsewhere(address: str) -> None:
    for option in ("template", "TEMPLATE", "%74emplate", "+template", "retry", "wait", "rto", "store", ":name"):
        given = f"{address}{'&' if '?' in address else '?'}{option}=file:///etc/hush"
        with pytest.raises(BadInput) as refused:
            services.of_address(given)
        assert refused.value.code == "channel_option"
        assert "hush" not in f"{refused.value.message} {refused.value.help}"
        # One that was kept before is sent nowhere either.
        with pytest.raises(NotSent, match="sets something that alerts do not take"):
            services.send(given, "A title", "A body")


@pytest.mark.parametrize("address", ["slack://T1JJ3T3L2/A1BRTD4JD/hush!!/", "workflows://a.logic.azure.com/hush!!/"])
def test_what_is_wrong_with_an_address_is_in_no_log(caplog: pytest.LogCaptureFixture, address: str) -> None:
    with pytest.raises(BadInput):
        services.of_address(address)
    assert caplog.records == []


def test_a_service_has_another_sender_for_one_message_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    held = []

    def post(*_: object) -> poster.ReceiverReply:
        held.append(services._SENDING.locked())
        return poster.ReceiverReply(204, b"", 1)

    monkeypatch.setattr(poster, "post", post)
    assert services.send(next(iter(SERVICES)), "A title", "A body") == "Answered 204 in 1 ms."
    assert (held, services._SENDING.locked()) == ([True], False)
