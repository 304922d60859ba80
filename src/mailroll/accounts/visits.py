"""Where somebody is signed in: one row a session, which ends without use, after a day's work, or when it is ended.

The row decides, not the cookie: a session whose row has ended stays ended, whatever becomes of the account.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from django.db import transaction
from django.db.models import DurationField, Min, Q, QuerySet, UUIDField
from django.db.models.functions import Now
from django.http import HttpRequest

from mailroll import promises
from mailroll.accounts import installation, second_factor
from mailroll.accounts.models import Operator, Visit
from mailroll.accounts.second_factor import Duty
from mailroll.audit.actor import Acting
from mailroll.audit.clock import Clock
from mailroll.audit.notes import Subject, note
from mailroll.directory.fixed_queries import FixedQuery, Parameter

_KEY = "visit"
_AGENT_MAX = 512
_NOTED = timedelta(minutes=1)
"""How exactly it is kept when a session was last used: not every click is a row written."""
CLOCK = "visit_clock"
"""The attribute of a request under which it knows the database's time, once its session was looked up."""
DUTY = "visit_duty"
"""The attribute of a request under which it knows what roles and duties who asks has, told with their session."""
KEPT: Final = promises.VISITS
"""How long one is kept that has ended, so that an address that is new can be told from one that is known."""


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """A session that lives, and since when its network address is known for this person."""

    visit: Visit
    known_since: datetime
    is_new: bool
    """The address was never seen before this week, and others were."""
    is_this: bool


def begin(request: HttpRequest, operator: Operator) -> None:
    """Keep that somebody signed in, and from where; what is long over goes."""
    now = Now()
    Visit.objects.filter(operator=operator, seen_at__lt=now - KEPT).delete()
    records = get_authentication_records(request, operator)
    visit = Visit.objects.create(
        operator=operator,
        address=request.META.get("REMOTE_ADDR", ""),
        agent=request.headers.get("User-Agent", "").replace("\0", "")[:_AGENT_MAX],
        methods=sorted({str(record.get("type") or record["method"]) for record in records}),
        began_at=now,
        seen_at=now,
    )
    request.session[_KEY] = str(visit.id)


def is_alive(request: HttpRequest, operator: Operator) -> bool:
    """Whether the session of a request still holds; if so, it was used just now."""
    current = current_id(request)
    if current is None:
        begin(request, operator)
        return True
    own = installation.settings()
    used = _used().rows(operator=operator.id, visit=current, idle=own.session_idle, life=own.session_life)
    if not used:
        return False
    ((is_due, now, levels),) = used
    setattr(request, CLOCK, Clock(now))
    setattr(request, DUTY, second_factor.duty_by(levels))
    if is_due:
        _open(operator).filter(id=current).update(seen_at=Now())
    return True


@cache
def _used() -> FixedQuery[tuple[bool, datetime, second_factor.ToldLevels | None]]:
    """What every page asks of a session, in one question."""
    operator, idle = Parameter("operator", UUIDField()), Parameter("idle", DurationField())
    visits = _living(operator, idle, Parameter("life", DurationField())).filter(id=Parameter("visit", UUIDField()))
    visits = visits.annotate(is_due=Q(seen_at__lt=Now() - _NOTED), now=Now(), levels=second_factor.levels_of(operator))
    return FixedQuery(visits.values_list("is_due", "now", "levels"))


def duty(request: HttpRequest, operator: Operator) -> Duty:
    """What roles and duties who asks has; asked anew where their session did not tell."""
    known_duty: Duty | None = getattr(request, DUTY, None)
    return second_factor.duty(operator) if known_duty is None else known_duty


def current_id(request: HttpRequest) -> UUID | None:
    visit_id = request.session.get(_KEY)
    return UUID(visit_id) if visit_id else None


def listed(operator: Operator, current: UUID | None, now: datetime) -> Sequence[OpenVisit]:
    """Return every session of somebody that lives, this one first, then the latest used."""
    since_by_address = _first_visits(operator)
    lately = now - timedelta(days=7)
    return [
        OpenVisit(
            visit,
            since_by_address[visit.address],
            is_new=since_by_address[visit.address] > lately
            and any(since < since_by_address[visit.address] for since in since_by_address.values()),
            is_this=visit.id == current,
        )
        for visit in sorted(_open(operator).order_by("-seen_at"), key=lambda visit: visit.id != current)
    ]


def end(operator: Operator, visit: UUID, acting: Acting) -> int:
    return _end(_open(operator).filter(id=visit), operator, acting)


def end_others(operator: Operator, current: UUID | None, acting: Acting) -> int:
    others = _open(operator) if current is None else _open(operator).exclude(id=current)
    return _end(others, operator, acting)


def end_all(operator: Operator, *, but: UUID | None = None) -> None:
    """End every session for good, with what ends them: that is what is told of it."""
    open_visits = Visit.objects.filter(operator=operator, ended_at=None)
    (open_visits if but is None else open_visits.exclude(id=but)).update(ended_at=Now())


def _end(visits: "QuerySet[Visit]", operator: Operator, acting: Acting) -> int:
    with transaction.atomic():
        count = visits.update(ended_at=Now())
        if count:
            note(acting, "operator.sessions_ended", Subject(operator.email), sessions=count)
    return count


def _open(operator: Operator) -> "QuerySet[Visit]":
    own = installation.settings()
    return _living(operator.id, own.session_idle, own.session_life)


def _living(operator: UUID | Parameter, idle: timedelta | Parameter, life: timedelta | Parameter) -> "QuerySet[Visit]":
    return Visit.objects.filter(operator=operator, ended_at=None, seen_at__gt=Now() - idle, began_at__gt=Now() - life)


def _first_visits(operator: Operator) -> Mapping[str, datetime]:
    rows = Visit.objects.filter(operator=operator).values("address").annotate(first=Min("began_at"))
    return {row["address"]: row["first"] for row in rows}
