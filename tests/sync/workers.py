"""Workers as processes of their own, and what is waited for until they have done it."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import connection

from mailroll.audit.actor import Acting
from mailroll.directory.models import Domain
from mailroll.sync.locks.domain_lock import taken
from mailroll.sync.models import (
    QuietSpell,
    Run,
    RunRequest,
    RunState,
    Schedule,
)
from mailroll.sync.schedules import schedule
from tests.forked import ForkedPython
from tests.sync.waiting import drop_connections_of_others, until
from tests.sync.world import Customer

WORKER = """
import gc

gc.set_threshold(50_000, 10, 2)  # as the command does

import django, json, sys, threading, time

# A machine whose clock is off: by so many seconds, from the first import on.
off = sum(float(word.removeprefix("off=")) for word in sys.argv[3:] if word.startswith("off="))
real = time.time
time.time = lambda: real() + off
django.setup()
from django.db import DatabaseError
from mailroll.sync.workers.worker import Pace, work

def hang(now):
    print("hangs", flush=True)
    threading.Event().wait()

def refused(now):
    raise DatabaseError("host=secret.example")

def broken(now):
    raise RuntimeError("broken")

def last(now):
    print("last", flush=True)

quick = dict(tick=0.2, heartbeat=0.3, stalled=60, fetch=0.3, grace=0.2, end=300, again=0.2)
chores = {"hangs": [hang], "fails": [refused, broken, last]}
work(int(sys.argv[1]), Pace(**quick | json.loads(sys.argv[2])), [c for w in sys.argv[3:] for c in chores.get(w, ())])
"""


PRIYA = Acting("test:priya")


@dataclass
class Workers:
    """Starts workers, and ends those that a test left."""

    environment: dict[str, str]
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, concurrency: int = 2, *words: str, **pace: float) -> subprocess.Popen[bytes]:
        words = (sys.executable, "-W", "error", "-c", WORKER, str(concurrency), json.dumps(pace), *words)
        # What patches the clock does so before anything is imported.
        start = subprocess.Popen if any(word.startswith("off=") for word in words) else ForkedPython
        worker = start(words, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.running.append(worker)
        return worker

    def until(self, condition: Callable[[], bool], what: str) -> None:
        until(condition, what, lambda: any(worker.poll() is None for worker in self.running))

    def silent(self, domain: Domain) -> None:
        """Let all who were started be taken for dead: so many processes may really be silent for seconds."""
        until(lambda: not taken(domain.id), "the lock of who has gone is free")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - '1 hour'::interval")

    def stop(self) -> None:
        for worker in self.running:
            worker.kill()
            worker.communicate()
        # What the last statement of a dead worker commits is not to be in the next test's database.
        drop_connections_of_others()


def due() -> None:
    """Let every domain that is switched on be due now, and then not for days."""
    Schedule.objects.filter(automatic=True).update(next_run_at=datetime.now(UTC), interval=10_080)


def switch_on(customer: Customer) -> None:
    schedule.switch_on_unseen(customer.domain, PRIYA)
    due()


def settled(number: int = 1) -> Callable[[], bool]:
    return lambda: RunRequest.objects.exclude(outcome="").count() == number


def checked() -> bool:
    return QuietSpell.objects.filter(checks=1).exists()


def settled_or_checked(number: int) -> Callable[[], bool]:
    done = settled(number)
    return lambda: done() or checked()


def reading() -> bool:
    return Run.objects.filter(state=RunState.READING).exists()
