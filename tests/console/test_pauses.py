"""A person may ask in spite of a pause of an application, which customers share, and is told where that is too soon."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from mailroll.connections import credentials
from mailroll.connectors import registry
from mailroll.reconcile.storage import sha256
from mailroll.sync.models import UnitBucket
from tests.cli.commands import mailroll
from tests.console.pages import words
from tests.console.people import People
from tests.sync.world import Customer


def test_who_checks_a_connection_too_soon_is_told_so(customer: Customer, people: People) -> None:
    application = registry.kind("microsoft365").application(credentials.access(customer.connection).values)
    now = timezone.now()
    UnitBucket.objects.create(
        key=sha256([application.key]),
        level=0.0,
        granted=0.0,
        rate=1.0,
        filled_at=now,
        paused_until=now + timedelta(hours=1),
    )
    url = reverse("console:connection", args=[customer.connection.id])
    owner = people.client("owner")
    assert "Somebody tried it" not in words(owner.post(url, follow=True))
    customer.simulator.requests.clear()
    assert "Somebody tried it all the same, less than 1 minute ago." in words(owner.post(url, follow=True))
    told = mailroll("connection", "check", str(customer.connection.id), "--json").document
    assert told["error"]["code"] == "throttled"
    assert not customer.simulator.requests.to("/")
