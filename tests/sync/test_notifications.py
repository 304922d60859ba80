"""Microsoft tells of a change, and what changed is read: over HTTPS, both ways, with the worker driven by hand."""

import json
import queue
import socket
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import uvicorn
from django.db import connection, connections
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from mailroll.accounts import installation
from mailroll.audit import clock
from mailroll.audit.actor import Acting
from mailroll.config.asgi import assembled
from mailroll.connections import attach, sources
from mailroll.connections.credentials import Credential
from mailroll.connections.models import ChangeSubscription, PartedSubscription
from mailroll.connections.subscriptions import states, upkeep
from mailroll.connectors import registry
from mailroll.console.server.notifications import HintBasket, take_effect
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.gateway.answers import Answer, answer
from mailroll.gateway.recipients import StoredRoll
from mailroll.insight import figures, notices
from mailroll.insight.notices import NoticeState
from mailroll.measures.text import render
from mailroll.server.runner import configured
from mailroll.settings import NOTIFICATION_PATH, Switch
from mailroll.sync import tasks
from mailroll.sync.models import Run, RunRequest, RunState, Schedule, Trigger
from mailroll.sync.notifications import coverage, hints, renewals
from mailroll.sync.runs import answer as answers
from mailroll.sync.runs import make
from mailroll.sync.schedules import pace, schedule
from mailroll.sync.workers.tick import fill
from mailroll_simulator import Simulator
from mailroll_simulator.certificates import make_tls
from mailroll_simulator.notices import NoticeSubscription
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)

HOST = "console.example.com"
PRIYA = Acting("test:priya")
PATIENCE = 300


@dataclass
class Told:
    """A customer who is synced by itself, and whose changes Microsoft tells the Console, at its own TLS."""

    customer: Customer
    effects: "queue.Queue[int]"

    @property
    def simulator(self) -> Simulator:
        return self.customer.simulator

    @property
    def living(self) -> list[NoticeSubscription]:
        return self.simulator.notices.living()

    def deliver(self) -> None:
        """Have Microsoft tell what waits, and wait until it has taken effect."""
        assert {each.status for each in self.simulator.notices.deliver()} == {202}
        self.effects.get(timeout=PATIENCE)

    def due(self) -> int:
        return fill(clock.now(), 10, leaves_quiet=False)[0]


@contextmanager
def listening(simulator: Simulator, folder: Path, settings: Settings) -> Iterator["queue.Queue[int]"]:
    """Serve the Console under a public name, with a certificate of an authority that the simulator trusts."""
    effects: queue.Queue[int] = queue.Queue()

    def effect(rows: Collection[UUID], attend: Collection[UUID]) -> int:
        number = take_effect(rows, attend)
        effects.put(number)
        return number

    connections.settings["default"]["CONN_MAX_AGE"] = 0
    settings.MAILROLL = replace(settings.MAILROLL, url=f"https://{HOST}")
    tls = make_tls(folder, HOST)
    config = configured(assembled(settings.MAILROLL, HintBasket(effect, apart=0.0)))
    config.ssl_certfile, config.ssl_keyfile = str(folder / "server.pem"), str(folder / "server.key")
    server, door = uvicorn.Server(config), socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, name="console")
    thread.start()
    simulator.notices.internet.ports[HOST] = door.getsockname()[1]
    simulator.notices.internet.ca_file = tls.ca_file
    try:
        yield effects
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        door.close()
        assert not thread.is_alive()


@pytest.fixture
def told(customer: Customer, tmp_path: Path, settings: Settings) -> Iterator[Told]:
    with listening(customer.simulator, tmp_path, settings) as effects:
        assert make.run(customer.domain, PRIYA).state == RunState.APPLIED
        schedule.switch_on_unseen(customer.domain, PRIYA)
        drive()
        # However long it took on this machine, no hint has to wait for it; and nothing is due by itself meanwhile.
        Run.objects.update(started_at=F("finished_at"))
        _put_off()
        yield Told(customer, effects)


def _put_off() -> None:
    """Give the domain the place in the hour that is farthest from now."""
    now = clock.now()
    jitter = (now.timestamp() / 3600 + 0.5) % 1
    Schedule.objects.update(jitter=jitter, next_run_at=pace.next_slot(now, timedelta(hours=1), jitter))


def drive() -> None:
    """Do what a worker does: look what is due with subscriptions, then every job, until there is none."""
    renewals.queue_due(clock.now())
    while jobs := _jobs():
        for name, arguments in jobs:
            if name == "mailroll.sync.tasks.attend":
                renewals.attend(UUID(arguments["connection_id"]))
            elif name == "mailroll.sync.tasks.part":
                renewals.end_parted()
            else:
                answers.answer(UUID(arguments["request"]), lambda: False)


def _jobs() -> list[tuple[str, dict[str, str]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM procrastinate_jobs WHERE status = 'todo' RETURNING id, task_name, args)"
            " SELECT task_name, args::text FROM gone ORDER BY id"
        )
        return [(name, json.loads(arguments)) for name, arguments in cursor.fetchall()]


def row(type_: str = "user") -> ChangeSubscription:
    return ChangeSubscription.objects.get(type=type_)


def asked_of_subscriptions(simulator: Simulator) -> list[tuple[str, int]]:
    return [(seen.method, seen.status) for seen in simulator.requests.to("/subscriptions")]


def verdict(address: str) -> Answer:
    return answer(address, StoredRoll(), clock.now()).answer


def next_run_at() -> datetime:
    found = Schedule.objects.get().next_run_at
    assert found is not None
    return found


def test_a_joiner_is_accepted_as_soon_as_the_worker_had_its_turn(told: Told) -> None:
    (subscription,) = told.living
    assert (subscription.resource, subscription.change_types) == ("users", ("updated", "deleted"))
    assert subscription.url == subscription.lifecycle_url == f"https://{HOST}{NOTIFICATION_PATH}"
    assert told.due() == 0
    assert verdict(f"joiner@{DOMAIN}") is Answer.UNKNOWN
    told.customer.tenant.add_user("Joiner", local="joiner")
    told.deliver()
    assert told.due() == 1
    drive()
    run = Run.objects.latest("number")
    assert (run.trigger, run.state, run.counts["create"]) == (Trigger.AUTOMATIC, RunState.APPLIED, 1)
    assert verdict(f"joiner@{DOMAIN}") is Answer.ACCEPT
    assert told.due() == 0


def test_what_is_not_allowed_shows_and_fails_nothing(told: Told) -> None:
    # The registration has no Group.Read.All.
    assert (row().remote_id, row().problem) == (told.living[0].id, None)
    refused = row("group").problem
    assert refused is not None
    assert (refused["code"], row("group").remote_id) == ("notice_not_allowed", "")
    assert "Group.Read.All" in refused["help"]
    standing = notices.notices_of(told.customer.connection)
    assert (standing.state, standing.problem) == (NoticeState.PARTLY, refused)
    assert b'mailroll_subscriptions{state="failing"} 1' in figures_text()
    assert Schedule.objects.get().failures == 0
    drive()
    assert asked_of_subscriptions(told.simulator) == [("POST", 403), ("POST", 201)]


def figures_text() -> bytes:
    return render(figures.count(clock.now()))


def test_a_hint_makes_due_once_and_is_not_lost_while_a_run_is_under_way(told: Told) -> None:
    state = states.issue(row().id)
    for _ in range(3):
        assert hints.take_effect([row().id, uuid4()]) == 1
    assert told.due() == 1
    assert told.due() == 0
    # What comes once the run has begun counts for the one behind it; what came before, it reads.
    request = RunRequest.objects.get(outcome="")
    trigger, fence = Trigger.AUTOMATIC, request.domain.fence
    run = Run(id=uuid4(), domain=request.domain, trigger=trigger, fence=fence, started_at=clock.now())
    schedule.succeeded(run, run.started_at)
    assert next_run_at() > run.started_at + timedelta(minutes=10)
    assert hints.take_effect([row().id]) == 1
    schedule.succeeded(run, run.started_at)
    hinted_at = Schedule.objects.get().hinted_at
    assert hinted_at is not None
    assert hinted_at <= next_run_at() <= hinted_at + hints.APART
    # Nobody who waits because runs fail is made to wait less, and nobody who is paused or off runs.
    for changed in ({"failures": 1}, {"paused": {"code": "x"}}, {"automatic": False}):
        Schedule.objects.update(**changed)
        assert hints.take_effect([row().id]) == 0
        Schedule.objects.update(failures=0, paused=None, automatic=True)
    assert states.judge(state) == row().id


def test_what_is_forged_or_of_before_asks_for_nothing(told: Told) -> None:
    internet, url = told.simulator.notices.internet, f"https://{HOST}{NOTIFICATION_PATH}"
    old = states.issue(row().id)
    for state in ("", "secret", f"{row().id.hex}.{'A' * 43}"):
        body = json.dumps({"value": [{"clientState": state}]}).encode()
        assert internet.post(url, body, "application/json", within=30).status == 202
    assert Schedule.objects.get().hinted_at is None
    ChangeSubscription.objects.all().delete()
    body = json.dumps({"value": [{"clientState": old}]}).encode()
    assert internet.post(url, body, "application/json", within=30).status == 202
    assert told.effects.get(timeout=PATIENCE) == 0
    assert told.due() == 0


def test_it_is_renewed_long_before_it_ends_and_made_anew_where_it_is_gone(told: Told) -> None:
    first = row()
    assert first.ends_at is not None
    left = first.attend_at - timezone.now()
    assert upkeep.LIFE * 0.4 < left < upkeep.LIFE * 0.75
    ChangeSubscription.objects.filter(type="user").update(attend_at=timezone.now())
    told.simulator.clock.advance(60)
    drive()
    assert row().remote_id == first.remote_id
    assert asked_of_subscriptions(told.simulator)[-1] == ("PATCH", 200)
    for event in ("reauthorizationRequired", "missed", "subscriptionRemoved"):
        before = row().remote_id
        ChangeSubscription.objects.update(attended_at=timezone.now() - timedelta(hours=1))
        told.simulator.notices.happen(event, before)
        told.deliver()
        assert row().attend_at <= clock.now()
        drive()
        assert (row().remote_id != before) == (event == "subscriptionRemoved")
        assert [one.id for one in told.living] == [row().remote_id]
        told.due()
        drive()
    # Told again at once, it is not looked after again at once.
    told.simulator.notices.happen("reauthorizationRequired", row().remote_id)
    told.deliver()
    assert row().attend_at > clock.now()


def test_one_that_no_row_knows_is_ended_and_made_anew(told: Told) -> None:
    lost = told.living[0].id
    ChangeSubscription.objects.all().delete()
    drive()
    (subscription,) = told.living
    assert subscription.id != lost
    assert row().remote_id == subscription.id
    # One that another program has, by the same registration, stays.
    subscription.url = "https://other.example/"
    ChangeSubscription.objects.all().delete()
    drive()
    problem = row().problem
    assert problem is not None
    assert problem["code"] == "notice_taken"
    assert told.living == [subscription]
    assert notices.notices_of(told.customer.connection).state == NoticeState.FAILS


def test_an_address_that_does_not_answer_is_tried_less_and_less_often(told: Told) -> None:
    told.simulator.notices.subscriptions.clear()
    told.simulator.notices.internet.ports.clear()
    waits = []
    for _ in range(4):
        ChangeSubscription.objects.filter(type="user").update(attend_at=timezone.now())
        before = timezone.now()
        drive()
        waits.append(row().attend_at - before)
    problem = row().problem
    assert problem is not None
    assert problem["code"] == "notice_refused"
    assert "MAILROLL_URL" in problem["help"]
    assert timedelta(minutes=5) <= waits[0] < waits[1] < waits[2] < waits[3] < timedelta(hours=1)


def test_what_is_not_wanted_any_more_is_ended(told: Told, settings: Settings) -> None:
    def living() -> list[str]:
        drive()
        return [one.url for one in told.living]

    own, here = settings.MAILROLL, [f"https://{HOST}{NOTIFICATION_PATH}"]
    settings.MAILROLL = replace(own, notifications=Switch.OFF)
    assert living() == []
    assert not ChangeSubscription.objects.exists()
    settings.MAILROLL = own
    assert living() == here
    # One that a key of before proves is made anew.
    before = told.living[0].id
    ChangeSubscription.objects.update(state_hash=b"of before", attend_at=timezone.now())
    assert living() == here
    assert told.living[0].id != before
    # The certificate is not for another name, which Microsoft sees.
    told.simulator.notices.internet.ports["other.example.com"] = told.simulator.notices.internet.ports[HOST]
    settings.MAILROLL = replace(own, url="https://other.example.com")
    assert living() == []
    assert (row().problem or {})["code"] == "notice_refused"
    assert notices.notices_of(told.customer.connection).state == NoticeState.FAILS
    settings.MAILROLL = own
    ChangeSubscription.objects.update(attend_at=timezone.now())
    assert living() == here
    schedule.switch_off(told.customer.domain, PRIYA)
    assert living() == []
    assert not ChangeSubscription.objects.exists()
    schedule.switch_on_unseen(told.customer.domain, PRIYA)
    assert living() == here
    attach.detach(told.customer.source, PRIYA)
    assert PartedSubscription.objects.count() == 1
    assert told.customer.secret not in PartedSubscription.objects.get().sealed_access
    assert living() == []
    assert not PartedSubscription.objects.exists()
    assert not ChangeSubscription.objects.exists()


def test_a_directory_that_tells_nobody_of_changes_is_not_asked_to(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    key = told.customer.connection.id
    assert coverage.types(key)
    assert sources.kinds() == ("microsoft365",)
    silent = replace(registry.kind("microsoft365"), sign_in=None, notices=None)
    monkeypatch.setattr(registry, "CONNECTORS", {"microsoft365": silent})
    assert (coverage.types(key), coverage.leader(key)) == (frozenset(), None)
    assert notices.notices_of(told.customer.connection).state == NoticeState.UNWANTED
    assert sources.kinds() == ()


def test_two_connections_by_one_registration_are_told_by_one_subscription(told: Told) -> None:
    customer = told.customer
    customer.tenant.add_domain("second.example")
    customer.tenant.add_user("Nia", local="nia", domain="second.example")
    again = _second(customer, "second.example")
    assert make.run(again, PRIYA).state == RunState.APPLIED
    schedule.switch_on_unseen(again, PRIYA)
    told.deliver()
    drive()
    assert len(told.living) == 1
    second = again.sources.get().connection
    assert second is not None
    assert coverage.leader(second.id) == customer.connection.id != second.id
    assert notices.notices_of(second).state == NoticeState.PARTLY
    assert notices.notices_of(second).problem is None
    customer.tenant.add_user("Joiner", local="joiner")
    told.deliver()
    assert told.due() == 2
    drive()
    # When the first one wants nothing any more, the second one asks.
    schedule.switch_off(customer.domain, PRIYA)
    drive()
    assert row().connection_id == second.id
    assert [one.id for one in told.living] == [row().remote_id]


def _second(customer: Customer, name: str) -> Domain:
    """Another organization that reads the same tenant by the same registration."""
    organization = edit.add_organization("Brightwater Boats", PRIYA)
    domain = edit.add_domain(organization, name, PRIYA)
    credential = Credential(secret=customer.secret)
    client = customer.connection.client_id
    offer = attach.offer(organization, "microsoft365", customer.tenant.id, client, "custom", credential)
    sources.add(domain, attach.attach(None, offer, attach.OnTrust(), PRIYA), PRIYA)
    return domain


def test_nothing_is_asked_for_without_a_public_address(customer: Customer) -> None:
    assert installation.settings().notification_url is None
    assert customer.sync().state == RunState.APPLIED
    schedule.switch_on_unseen(customer.domain, PRIYA)
    drive()
    assert not ChangeSubscription.objects.exists()
    assert asked_of_subscriptions(customer.simulator) == []
    assert notices.notices_of(customer.connection).state == NoticeState.NO_ADDRESS
    assert Domain.objects.get().read_at is not None
    assert tasks.waiting() == 0
