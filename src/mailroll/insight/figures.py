"""What Prometheus is told of the whole installation: counted by the database when it is asked for, whoever asks."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, F, FloatField, Min, Q, Sum, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from mailroll.connections.models import ChangeSubscription, Connection
from mailroll.gateway import demand, endpoints
from mailroll.gateway.models import MissingRows
from mailroll.insight.actions import Sign
from mailroll.measures import table
from mailroll.measures.text import Scrape
from mailroll.sync import tasks, totals
from mailroll.sync.models import DomainStanding, Run, RunState, Schedule
from mailroll.sync.standings import judgement

HOURS: Final = (1, 6, 12, 24, 72)
"""How old a list has to be to be counted as older: 24 is what pages call old, 72 what gateways no longer refuse by."""


def count(now: datetime) -> Scrape:
    """Ask for all of it: a dozen questions, none of which goes through runs or users."""
    scrape = Scrape()
    scrape.set(table.DATABASE_UP, 1)
    _add_domains(scrape, now)
    _add_runs(scrape, now)
    _add_queue(scrape)
    _add_connections(scrape, now)
    _add_subscriptions(scrape)
    _add_gateways(scrape, now)
    return scrape


def _add_domains(scrape: Scrape, now: datetime) -> None:
    health, cause = dict.fromkeys(map(str, judgement.Health), 0), dict.fromkeys(map(str, judgement.Cause), 0)
    rows = DomainStanding.objects.order_by().annotate(
        stands=judgement.health_in_sql(now), because=judgement.cause_in_sql(now)
    )
    for stands, because, number in rows.values_list("stands", "because").annotate(number=Count("domain_id")):
        health[stands] += number
        if because:
            cause[because] += number
    scrape.set_all(table.DOMAINS, health)
    scrape.set_all(table.DOMAINS_PRESSING, cause)
    is_automatic = Q(automatic=True)
    sums = DomainStanding.objects.aggregate(
        # Not under the names of columns: a later one would mean the sum before it.
        kept=Count("domain_id", filter=is_automatic),
        oldest=Min("read_at", filter=is_automatic & Q(read_at__lte=now)),
        in_service=Coalesce(Sum("users"), 0),
        billed=Coalesce(Sum("billable"), 0),
        **{
            f"older_{hours}": Count("domain_id", filter=is_automatic & Q(read_at__lt=now - timedelta(hours=hours)))
            for hours in HOURS
        },
    )
    scrape.set(table.DOMAINS_AUTOMATIC, sums["kept"])
    scrape.set(table.USERS, sums["in_service"])
    scrape.set(table.USERS_BILLABLE, sums["billed"])
    scrape.set_all(table.LISTS_OLDER, {str(hours): sums[f"older_{hours}"] for hours in HOURS})
    if sums["oldest"] is not None:
        scrape.set(table.OLDEST_LIST, (now - sums["oldest"]).total_seconds())
    paused = Schedule.objects.filter(automatic=True, paused__isnull=False).order_by()
    by_code = paused.values_list(KeyTextTransform("code", "paused")).annotate(number=Count("domain_id"))
    scrape.set_all(table.DOMAINS_PAUSED, {code or "": number for code, number in by_code})


def _add_runs(scrape: Scrape, now: datetime) -> None:
    held_runs = Run.objects.filter(state=RunState.HELD, valid_until__gte=now)
    removals = sum(
        (
            Coalesce(Cast(KeyTextTransform(action, "counts"), FloatField()), Value(0.0))
            for action in Sign.REMOVE.actions
        ),
        start=Value(0.0),
    )
    sums = held_runs.aggregate(number=Count("id"), removals=Coalesce(Sum(removals), 0.0))
    scrape.set(table.HELD_RUNS, sums["number"])
    scrape.set(table.HELD_REMOVALS, sums["removals"])
    measures_by_name = {measure.name: measure for measure in table.COUNTED}
    for (name, labels), value in totals.all_counted().items():
        # What an older version counted may have had other labels.
        if name in measures_by_name and len(labels) == len(measures_by_name[name].labels):
            scrape.set(measures_by_name[name], value, *labels)


def _add_queue(scrape: Scrape) -> None:
    queue = tasks.queue()
    scrape.set_all(table.QUEUE_JOBS, {"todo": queue.waiting, "doing": queue.at_work})
    scrape.set(table.QUEUE_OLDEST, queue.oldest)
    scrape.set(table.WORKERS, queue.workers)


def _add_connections(scrape: Scrape, now: datetime) -> None:
    states = dict.fromkeys(("ok", "lessened", "incomplete", "refused", "unanswered", "unchecked"), 0)
    rows = Connection.objects.order_by().values_list(KeyTextTransform("state", "health"))
    for state, number in rows.annotate(number=Count("id")):
        states[state or "unchecked"] = number
    scrape.set_all(table.CONNECTIONS, states)
    used = Connection.objects.filter(sources__enabled=True)
    first = used.aggregate(first=Min(F("credential_ends_at")))["first"]
    if first is not None:
        scrape.set(table.CREDENTIAL_END, (first - now).total_seconds())


def _add_subscriptions(scrape: Scrape) -> None:
    sums = ChangeSubscription.objects.aggregate(
        told=Count("id", filter=~Q(remote_id="") & Q(failures=0)), failing=Count("id", filter=Q(failures__gt=0))
    )
    scrape.set_all(table.SUBSCRIPTIONS, sums)


def _add_gateways(scrape: Scrape, now: datetime) -> None:
    scrape.set_all(table.ANSWERS_TODAY, demand.answers_on(now))
    last = demand.last_noted()
    if last is not None:
        scrape.set(table.LAST_QUESTION, max(0.0, (now - last).total_seconds()))
    scrape.set(table.GATEWAY_SERVERS, endpoints.machines(now))
    missing = MissingRows.objects.aggregate(number=Coalesce(Sum("count"), 0))
    scrape.set(table.MISSING_ADDRESSES, missing["number"])
