"""A customer of a provider, for every test of alerts."""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Network

import pytest
from pytest_django import Settings

from mailroll.accounts.models import Membership, Operator, Role
from mailroll.audit.actor import Acting
from mailroll.config import web
from mailroll.directory import edit
from mailroll.directory.models import Organization
from mailroll.settings import Mail
from mailroll.settings.mail import MailTransport
from tests.alerts.receivers import Desk, Mailbox, desk, mailbox
from tests.sync.conftest import customer, simulator, tenant
from tests.sync.world import Time

__all__ = ["customer", "simulator", "tenant"]

LOOPBACK = (IPv4Network("127.0.0.0/8"),)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def acting(time: Time) -> Acting:
    return Acting("test:priya", time)


@pytest.fixture
def place(db: None, acting: Acting) -> Organization:
    """A provider that somebody administers."""
    made = edit.add_organization("Northgate", acting)
    boss = Operator.objects.create_user("priya@northgate.example", name="Priya")
    Membership.objects.create(operator=boss, organization=made, role=Role.ADMINISTRATOR)
    return made


@pytest.fixture
def desk_(settings: Settings) -> Iterator[Desk]:
    settings.MAILROLL = replace(settings.MAILROLL, alert_networks=LOOPBACK)
    with desk() as made:
        yield made


@pytest.fixture
def box(settings: Settings) -> Iterator[Mailbox]:
    with mailbox() as made:
        send_through(made, settings)
        yield made


def send_through(box: Mailbox, settings: Settings) -> None:
    """Have letters go to a mailbox, by the settings that an installation makes of its own."""
    settings.MAILROLL = replace(settings.MAILROLL, mail=Mail(MailTransport.PLAIN, "127.0.0.1", box.port))
    for name, value in web.mail(settings.MAILROLL).items():
        setattr(settings, name, value)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
