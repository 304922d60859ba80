"""Looks into the changes of one run: searched, picked by what happens and by kind, a part at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce

from mailroll.directory.models import User
from mailroll.insight import actions
from mailroll.insight.actions import LOOKS, Sign
from mailroll.reconcile import stored
from mailroll.reconcile.model import State
from mailroll.reconcile.plan import Action
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.sync.models import Run, RunChange

FIRST = 12
"""Changes shown before anybody asks for more."""
MOST = 1000
"""Changes on one page at the most: more are found by searching."""


_NO, _NOTHING = Value("false", TextField()), Value("", TextField())


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes are asked for; what is empty asks for all. `billing`: only those that change what is billed."""

    text: str = ""
    sign: Sign | None = None
    kind: str = ""
    cause: str = ""
    billing: bool = False
    shown: int = FIRST


@dataclass(frozen=True, slots=True)
class Row:
    """One change as a page shows it. `known`: the user stands in the roll now, so that a person can mark it."""

    position: int
    user: UUID
    known: bool
    sign: Sign
    action: Action
    name: str
    address: str
    kind: str
    before: State | None
    after: State | None
    reasons: tuple[Reason, ...]
    billable: int


@dataclass(frozen=True, slots=True)
class Page:
    """The rows asked for, how many there are of them, and how many there would be under each other choice."""

    rows: tuple[Row, ...]
    found: int
    total: int
    signs: Mapping[Sign, int]
    kinds: Mapping[str, int]
    causes: Mapping[str, int]
    everything: int
    every_kind: int

    @property
    def more(self) -> int:
        return self.found - len(self.rows)


def page(run: Run, wanted: Wanted) -> Page:
    """Return the part of a run's changes that is wanted. Each count leaves out its own choice and keeps the others."""
    changes = _changes(run)
    text, sign, kind = _text(wanted.text), _sign(wanted.sign), _exactly("kind", wanted.kind)
    cause, billing = _exactly("cause", wanted.cause), _billing(wanted)
    found = changes.filter(text & sign & kind & cause & billing)
    by_action = _counts(changes.filter(text & kind & cause & billing), "action")
    by_kind = _counts(changes.filter(text & sign & cause & billing), "kind")
    signs = {sign: actions.number(by_action, sign) for sign in Sign}
    rows = list(found.order_by("danger", "address", "position")[: min(max(wanted.shown, FIRST), MOST)])
    users = User.objects.filter(domain=run.domain_id, id__in=[row.user for row in rows])
    known = set(users.values_list("id", flat=True))
    return Page(
        rows=tuple(_row(row, row.user in known) for row in rows),
        found=found.count(),
        total=changes.count(),
        signs=signs,
        kinds=by_kind,
        causes=_counts(changes.filter(text & sign & kind & billing), "cause"),
        everything=sum(signs.values()),
        every_kind=sum(by_kind.values()),
    )


def causes(run: Run) -> Mapping[ReasonCode, int]:
    """Why the removals of a run are in its plan: how many for each cause, the most frequent first."""
    found = _counts(_changes(run).filter(_sign(Sign.REMOVE)), "cause")
    return {ReasonCode(code): number for code, number in sorted(found.items(), key=lambda one: -one[1])}


def change_of(run: Run, position: int) -> Row | None:
    row = _changes(run).filter(position=position).first()
    return None if row is None else _row(row, User.objects.filter(domain=run.domain_id, id=row.user).exists())


def _changes(run: Run) -> "QuerySet[Any]":
    danger = [When(action__in=sign.actions, then=Value(place)) for place, sign in enumerate(Sign)]
    return RunChange.objects.filter(run=run).annotate(
        danger=Case(*danger, default=Value(len(Sign)), output_field=IntegerField()),
        kind=_of_either("kind"),
        name=_of_either("display_name"),
        aliases_before=KeyTextTransform("aliases", "before"),
        aliases_after=KeyTextTransform("aliases", "after"),
        billed_before=Coalesce(KeyTextTransform("billable", "before"), _NO),
        billed_after=Coalesce(KeyTextTransform("billable", "after"), _NO),
        cause=KeyTextTransform("code", KeyTransform("0", "reasons")),
    )


def _of_either(key: str) -> Combinable:
    """What a field will be; what it was where there is nothing afterwards."""
    return Coalesce(KeyTextTransform(key, "after"), KeyTextTransform(key, "before"), _NOTHING)


def _text(text: str) -> Q:
    words = Q()
    for word in text.split():
        words &= (
            Q(address__icontains=word)
            | Q(name__icontains=word)
            | Q(aliases_before__icontains=word)
            | Q(aliases_after__icontains=word)
        )
    return words


def _sign(sign: Sign | None) -> Q:
    return Q() if sign is None else Q(action__in=sign.actions)


def _exactly(name: str, value: str) -> Q:
    return Q(**{name: value}) if value else Q()


def _billing(wanted: Wanted) -> Q:
    return ~Q(billed_before=F("billed_after")) if wanted.billing else Q()


def _counts(changes: "QuerySet[Any]", name: str) -> dict[str, int]:
    return dict(changes.order_by().values_list(name).annotate(Count("id")))


def _row(row: RunChange, known: bool) -> Row:  # noqa: FBT001 - a fact of the row
    before, after = stored.state_from_json(row.before), stored.state_from_json(row.after)
    last = after or before
    return Row(
        position=row.position,
        user=row.user,
        known=known,
        sign=LOOKS[Action(row.action)].sign,
        action=Action(row.action),
        name=last.display_name if last else "",
        address=row.address,
        kind=last.kind.value if last else "",
        before=before,
        after=after,
        reasons=stored.reasons_from_json(row.reasons),
        billable=int(bool(after and after.billable)) - int(bool(before and before.billable)),
    )
