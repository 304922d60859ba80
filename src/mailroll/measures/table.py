"""Every metric that Mailroll offers: the tables behind the reference page, the alert rules and the board.

Names as Prometheus asks for them (prometheus.io/docs/practices/naming): a unit at the end, `_total` on what only grows.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mailroll import promises


class MeasureKind(StrEnum):
    """How Prometheus shall take it (prometheus.io/docs/concepts/metric_types)."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric; its value is that of the whole installation, or of the one gateway server that is asked."""

    name: str
    kind: MeasureKind
    meaning: str
    labels: tuple[str, ...] = ()


_SEEN: Final = promises.in_words(promises.WORKER)
_COUNTER, _GAUGE, _HISTOGRAM = MeasureKind.COUNTER, MeasureKind.GAUGE, MeasureKind.HISTOGRAM

DATABASE_UP: Final = Measure(
    "mailroll_database_up", _GAUGE, "1 where the database answered in time; where it is 0 all the others are missing."
)
DOMAINS: Final = Measure(
    "mailroll_domains", _GAUGE, "Domains by how they stand, as the list of domains shows it.", ("health",)
)
DOMAINS_PRESSING: Final = Measure(
    "mailroll_domains_pressing", _GAUGE, "Domains that need a person, by the cause that is told first.", ("cause",)
)
DOMAINS_AUTOMATIC: Final = Measure("mailroll_domains_automatic", _GAUGE, "Domains that are synced by themselves.")
DOMAINS_PAUSED: Final = Measure(
    "mailroll_domains_paused",
    _GAUGE,
    "Domains whose automatic sync stopped at an error that only a person can mend, by its code.",
    ("reason",),
)
OLDEST_LIST: Final = Measure(
    "mailroll_oldest_list_age_seconds",
    _GAUGE,
    "Age of the oldest list among the domains that are synced by themselves; missing where none was read.",
)
LISTS_OLDER: Final = Measure(
    "mailroll_lists_older",
    _GAUGE,
    "Domains that are synced by themselves and whose list is older than so many hours.",
    ("hours",),
)
USERS: Final = Measure("mailroll_users", _GAUGE, "Users in service, of all domains.")
USERS_BILLABLE: Final = Measure("mailroll_users_billable", _GAUGE, "Users in service that are counted for the bill.")
RUNS: Final = Measure(
    "mailroll_runs_total",
    _COUNTER,
    "Runs by what they came to; `held` where removals or all of it wait for a person. `reason` is the code of the "
    "error where one failed, else empty.",
    ("trigger", "outcome", "reason"),
)
RUNS_INTERRUPTED: Final = Measure(
    "mailroll_runs_interrupted_total",
    _COUNTER,
    "Runs whose process ended before they did. Nothing of them was applied.",
)
RUN_SECONDS: Final = Measure("mailroll_run_seconds_total", _COUNTER, "Time that runs took, all of them together.")
CHECKS: Final = Measure(
    "mailroll_checks_total",
    _COUNTER,
    "Times a directory was asked whether anything changed, told of nothing, and no run was needed.",
)
GRAPH_REQUESTS: Final = Measure(
    "mailroll_graph_requests_total",
    _COUNTER,
    "Requests to Microsoft Graph: `ok`, `throttled` (429), `refused` (another 4xx), `trouble` (5xx), `none` without a "
    "whole answer, `other`.",
    ("answer",),
)
QUEUE_JOBS: Final = Measure(
    "mailroll_queue_jobs", _GAUGE, "Jobs in the queue of the workers: `todo` waits, `doing` is at work.", ("status",)
)
QUEUE_OLDEST: Final = Measure(
    "mailroll_queue_oldest_seconds", _GAUGE, "How long the oldest job has waited that no worker has taken; 0 for none."
)
WORKERS: Final = Measure("mailroll_workers", _GAUGE, f"Workers that have shown within {_SEEN} that they live.")
HELD_RUNS: Final = Measure("mailroll_held_runs", _GAUGE, "Runs that are held until a person decides.")
HELD_REMOVALS: Final = Measure("mailroll_held_removals", _GAUGE, "Removals in the runs that are held.")
CONNECTIONS: Final = Measure(
    "mailroll_connections",
    _GAUGE,
    "Connections by what the last look at them found: `refused` is a lost consent, `incomplete` a missing permission, "
    "`unchecked` one that nobody has looked at.",
    ("state",),
)
CREDENTIAL_END: Final = Measure(
    "mailroll_credential_end_seconds",
    _GAUGE,
    "Time until the first credential of a connection in use ends; below 0 where it has; missing where none is known.",
)
NOTIFICATIONS: Final = Measure(
    "mailroll_notifications_total",
    _COUNTER,
    "Notifications of changes: `taken`, `forged` where nothing of ours proves them; requests that were "
    "`unreadable`, or were first of so many at once that they had to make room (`busy`).",
    ("outcome",),
)
SUBSCRIPTIONS: Final = Measure(
    "mailroll_subscriptions",
    _GAUGE,
    "Subscriptions to changes by how they stand: `told`, or `failing` where the last try to make or renew one failed.",
    ("state",),
)
ANSWERS_TODAY: Final = Measure(
    "mailroll_gateway_answers_total",
    _COUNTER,
    "Answers to mail servers by verdict, as the database has them: since midnight UTC, which `rate()` takes for a "
    "restart. `would_refuse` was accepted, as its domain is only watched.",
    ("answer",),
)
LAST_QUESTION: Final = Measure(
    "mailroll_gateway_last_question_seconds",
    _GAUGE,
    "How long ago the last question of a mail server was noted; missing where there was none.",
)
GATEWAY_SERVERS: Final = Measure(
    "mailroll_gateway_servers", _GAUGE, f"Machines on which a gateway server told within {_SEEN} that it answers."
)
MISSING_ADDRESSES: Final = Measure(
    "mailroll_gateway_missing_addresses",
    _GAUGE,
    "Addresses that gateway servers accept although they vanished from the roll and nothing accounts for it.",
)
CONSOLE: Final = (
    DATABASE_UP, DOMAINS, DOMAINS_PRESSING, DOMAINS_AUTOMATIC, DOMAINS_PAUSED, OLDEST_LIST, LISTS_OLDER,
    USERS, USERS_BILLABLE, RUNS, RUNS_INTERRUPTED, RUN_SECONDS, CHECKS, GRAPH_REQUESTS, QUEUE_JOBS, QUEUE_OLDEST,
    WORKERS, HELD_RUNS, HELD_REMOVALS, CONNECTIONS, CREDENTIAL_END, NOTIFICATIONS, SUBSCRIPTIONS, ANSWERS_TODAY,
    LAST_QUESTION, GATEWAY_SERVERS, MISSING_ADDRESSES,
)  # fmt: skip
"""What the Console tells at `/metrics`, for the whole installation."""

COUNTED: Final = (RUNS, RUNS_INTERRUPTED, RUN_SECONDS, CHECKS, GRAPH_REQUESTS, NOTIFICATIONS)
"""Those that processes count and the database adds up: `sync/totals.py`."""

SERVER_ANSWERS: Final = Measure(
    "mailroll_server_answers_total",
    _COUNTER,
    "Answers of this gateway server since it began, by verdict and by the way they were asked for.",
    ("way", "answer"),
)
SERVER_LISTS: Final = Measure("mailroll_server_lists_total", _COUNTER, "Whole lists that were asked for over HTTP.")
SERVER_SECONDS: Final = Measure(
    "mailroll_server_answer_seconds",
    _HISTOGRAM,
    "Time from the end of a question about one address to its answer; where several came at once, the mean of them.",
)
COPY_AGE: Final = Measure(
    "mailroll_server_copy_age_seconds", _GAUGE, "Age of the copy of the roll; missing where there never was one."
)
COPY_DOMAINS: Final = Measure("mailroll_server_copy_domains", _GAUGE, "Domains in the copy of the roll.")
COPY_ADDRESSES: Final = Measure("mailroll_server_copy_addresses", _GAUGE, "Addresses in the copy of the roll.")
GATEWAY: Final = (SERVER_ANSWERS, SERVER_LISTS, SERVER_SECONDS, COPY_AGE, COPY_DOMAINS, COPY_ADDRESSES)
"""What `mailroll gateway serve --http` tells at `/metrics`, of that one process."""
