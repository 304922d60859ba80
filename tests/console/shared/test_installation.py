"""How the installation is, on a page for those who administer all of it."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailroll.accounts.models import Membership, Operator, Role
from mailroll.alerts.channels import storage
from mailroll.alerts.models import AlertChannel, ChannelKind
from mailroll.audit.actor import Acting
from mailroll.directory.models import Organization
from mailroll.settings.mail import Mail, MailTransport
from tests.console.pages import words
from tests.console.people import People, confirm
from tests.sync.world import DOMAIN, Customer

URL = "/settings/installation/"


@pytest.fixture
def provider(customer: Customer, people: People) -> Client:
    """Somebody who administers everything that stands at the top."""
    who = Operator.objects.create_user("root@northgate.example", name="Petra Provider")
    for top in Organization.objects.filter(parent=None):
        Membership.objects.create(operator=who, organization=top, role=Role.ADMINISTRATOR)
    client = Client()
    client.force_login(who)
    confirm(client)
    return client


def test_who_administers_all_is_led_there_and_nobody_else(provider: Client, people: People) -> None:
    assert reverse("console:installation") == URL
    assert URL in provider.get(reverse("console:settings")).content.decode()
    # One of two customers is not the installation.
    owner = people.client("owner")
    assert URL not in owner.get(reverse("console:settings"), follow=True).content.decode()
    assert owner.get(URL).status_code == 403
    Organization.objects.filter(name="Somebody Else").update(
        parent=Organization.objects.get(name="Brightwater Joinery")
    )
    page = owner.get(reverse("console:settings"), follow=True)
    alone = owner.get(reverse("console:organization", args=[Organization.objects.get(parent=None).id]))
    assert URL in page.content.decode()
    assert URL in alone.content.decode()


def test_an_alert_channel_that_no_key_opens_is_a_secret_as_others(provider: Client) -> None:
    place = Organization.objects.get(name="Brightwater Joinery")
    made = [storage.add(place, ChannelKind.MAIL, "", f"{name}@{DOMAIN}", Acting("test")).channel for name in "ab"]
    assert "Stored secrets Good 3 stored secrets open." in words(provider.get(URL))
    # What is sealed is sealed for its row.
    AlertChannel.objects.filter(id=made[0].id).update(sealed=made[1].sealed)
    lost = words(provider.get(URL))
    assert "Stored secrets Fails 1 of 3 stored secrets that were tried do not open: 1 of alert channels." in lost


def test_each_check_is_told_with_what_mends_it_and_no_secret(provider: Client, settings: Settings) -> None:
    way = Mail(MailTransport.PLAIN, "127.0.0.1", 1, "mailroll", "never-shown")
    settings.MAILROLL = replace(settings.MAILROLL, mail=way, url="https://testserver")
    page = provider.get(URL, headers={"X-Forwarded-For": "203.0.113.9"})
    told = words(page)
    assert "Workers Fails No worker was seen within 1 minute" in told
    assert "Start one: mailroll worker, or mailroll serve." in told
    assert "Mail Fails 127.0.0.1:1 cannot be reached" in told
    assert "MAILROLL_TRUSTED_PROXIES=127.0.0.1" in told
    assert "Tables Good All" in told
    assert "never-shown" not in page.content.decode()
    assert settings.MAILROLL.secret_keys[0] not in page.content.decode()


def test_a_disk_without_room_is_told_on_home_to_whoever_administers_all(
    provider: Client, people: People, settings: Settings
) -> None:
    """Before, home said that nothing needs anybody: on a full disk no run ends as failed, and no alert is raised."""
    settings.MAILROLL = replace(settings.MAILROLL, data_dir=Path("/proc"))  # where nothing is free
    page = words(provider.get("/"))
    assert "Needs attention 0.0 GB are free where the data folder /proc is. Make room there" in page
    assert "Nothing needs you" not in page
    assert "are free" not in words(people.client("owner").get("/"))
    # Before, home broke where the Console may not look into a folder above the data folder.
    settings.MAILROLL = replace(settings.MAILROLL, data_dir=Path("/", "x" * 300))
    assert "Nothing needs you" in words(provider.get("/"))
