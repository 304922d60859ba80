"""Finds runs by their id or their domain."""

from functools import cache
from uuid import UUID

from django.db.models import QuerySet, UUIDField

from mailroll.directory.fixed_queries import FixedQuery, Parameter
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import BadInput
from mailroll.sync.models import Run, RunProgress, RunState


def look_up(run_id: UUID) -> Run | None:
    return next(iter(_by_id().rows(id=run_id)), None)


@cache
def _by_id() -> FixedQuery[Run]:
    runs = Run.objects.select_related("domain__organization", "waits_in__domain", "parent")
    return FixedQuery(runs.filter(id=Parameter("id", UUIDField())))


def find(run_id: UUID) -> Run:
    run = look_up(run_id)
    if run is None:
        raise BadInput("run_unknown", f"There is no run {run_id}.", "List them with: mailroll runs DOMAIN")
    return run


def of_domain(domain: Domain) -> "QuerySet[Run]":
    """The runs of a domain, the latest first."""
    return Run.objects.filter(domain=domain).select_related("domain", "waits_in").order_by("-number")


def is_cancelled(run: UUID) -> bool:
    """Whether a person has cancelled a run, also where its process has not heard of it yet."""
    return RunProgress.objects.filter(run=run).exclude(cancelled_by="").exists()


def is_dropped(run: UUID) -> bool:
    """Whether a run applies nothing any more as somebody cancelled it, or dropped its plan."""
    dropped_states = (RunState.CANCELLED, RunState.DISCARDED)
    return is_cancelled(run) or Run.objects.filter(id=run, state__in=dropped_states).exists()


def may_take_effect(run: Run) -> bool:
    """Whether a run under way has the present sources and limits of its domain, and nobody has cancelled it."""
    return not is_cancelled(run.id) and Domain.objects.filter(id=run.domain_id, revision=run.revision).exists()
