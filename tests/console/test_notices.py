"""Whether Microsoft tells of changes is said on the page of a connection, and what there is to do where it does not."""

from dataclasses import replace
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from mailroll.connections.models import ChangeSubscription
from mailroll.settings import Switch
from mailroll.sync.schedules import schedule
from tests.console.pages import words
from tests.console.people import People
from tests.sync.world import Customer


def test_the_page_says_how_it_stands_and_why(customer: Customer, people: People, settings: Settings) -> None:
    owner, url = people.client("owner"), reverse("console:connection", args=[customer.connection.id])

    def told() -> str:
        page = words(owner.get(url))
        return page[page.index("Changes told by Microsoft") : page.index("at their times.")]

    def row(type_: str, remote_id: str = "", message: str = "") -> None:
        problem = {"code": "x", "message": message, "help": "Mend it."} if message else None
        ChangeSubscription.objects.update_or_create(
            connection=customer.connection,
            type=type_,
            defaults={"remote_id": remote_id, "problem": problem, "attend_at": timezone.now() + timedelta(days=3)},
        )

    assert "no public address with HTTPS" in told()
    settings.MAILROLL = replace(settings.MAILROLL, url="https://console.example.com")
    assert "once a domain that uses this connection was read" in told()
    assert customer.sync().counts["create"] == 12
    schedule.switch_on_unseen(customer.domain, customer.acting)
    assert "about to be asked" in told()
    row("user", message="Nobody <b>answers</b>.")
    assert "does not tell this Console of changes" in told()
    assert "The last try came to this: Nobody <b>answers</b>. Mend it." in words(owner.get(url))
    row("user", remote_id="u")
    row("group", message="Not allowed.")
    assert "when a user changes, and not when a group does. What changed is then read" in told()
    row("group", remote_id="g")
    assert "when a user or a group changes. What changed is then read" in told()
    assert "The last try" not in words(owner.get(url))
    settings.MAILROLL = replace(settings.MAILROLL, notifications=Switch.OFF)
    assert "wants no changes told" in told()
