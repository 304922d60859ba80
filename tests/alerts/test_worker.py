"""From a cause to a receiver, by the command that people start: a worker looks, tells and is done with it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Network

import pytest
from pytest_django import Settings

from mailroll.alerts import rules
from mailroll.alerts.causes import AlertCause, Severity
from mailroll.alerts.channels import storage
from mailroll.alerts.models import AlertCheck, AlertDelivery, ChannelKind
from mailroll.audit import clock
from mailroll.audit.actor import Acting
from mailroll.connections.models import Connection
from tests.alerts.receivers import Desk, desk
from tests.forked import ForkedPython
from tests.sync.waiting import until
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Desk]:
    settings.MAILROLL = replace(settings.MAILROLL, alert_networks=(IPv4Network("127.0.0.0/8"),))
    with desk() as made:
        yield made


@pytest.fixture
def worker(customer: Customer, database_url: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "MAILROLL_SECRET_KEY": "s6eX1sK0gGBvGxnMqLPMHfdGmIRQ9i8pQyVRFkKq7LQ=",
        "MAILROLL_ALERT_NETWORKS": "127.0.0.0/8",
    }
    words = [sys.executable, "-m", "mailroll", "worker", "--concurrency", "1"]
    process = ForkedPython(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield process
    process.kill()
    process.communicate()


def test_a_worker_tells_a_webhook_when_a_cause_is_there_and_when_it_is_over(
    customer: Customer, receiver: Desk, worker: subprocess.Popen[bytes]
) -> None:
    acting, place = Acting("test:priya"), customer.domain.organization
    hook = storage.add(place, ChannelKind.WEBHOOK, "Desk", receiver.url(), acting).channel
    wanted = rules.WantedRule(AlertCause.SECRET_ENDS, Severity.IMPORTANT, None, False, frozenset({hook.id}))
    rules.save(place, [wanted], acting)
    for ends_in, event in ((timedelta(days=20), "opened"), (timedelta(days=200), "ended")):
        Connection.objects.update(credential_ends_at=clock.now() + ends_in)
        # As if a minute had passed.
        AlertCheck.objects.update(at=clock.now() - timedelta(minutes=2))
        told = {"opened": 1, "ended": 2}[event]
        until(lambda told=told: len(receiver.posts) >= told, "the webhook is told", lambda: worker.poll() is None)  # type: ignore[misc]
        (one,) = json.loads(receiver.posts[-1].body)["data"]["events"]
        assert (one["event"], one["severity"], one["domains"]) == (event, "important", [DOMAIN])
    until(lambda: not AlertDelivery.objects.filter(sent_at=None).exists(), "it is written down that both arrived")
    assert len({post.headers["webhook-id"] for post in receiver.posts}) == 2
