"""What a run has seen of its connections is kept with them: who was let in, and which permissions are there."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.connections import check, health, sources
from mailroll.connections.models import Connection
from mailroll.directory import arrays, model_rows
from mailroll.reconcile.findings import Finding, FindingCode
from mailroll.sync.readings.reading import ReadingOutcome
from mailroll.sync.sources.asides import ReadingGap

_KEPT: Final = "WHERE t.id = ANY(%s::uuid[]) ORDER BY t.id"


def keep(outcome: ReadingOutcome, acting: Acting) -> tuple[Finding, ...]:
    """Keep it, and tell of permissions that are lost, but for those whose lack its own reading tells of."""
    keys = outcome.checked.keys() | outcome.evidence.keys()
    connections = model_rows.select(Connection, _KEPT, [arrays.uuids(keys)])
    if outcome.checked or any(_new_health(row, outcome, acting) != row.health for row in connections):
        # In their order, so that two runs that share them wait for each other and never both.
        rows = Connection.objects.filter(id__in=keys).order_by("id")
        connections = _write(rows.select_for_update(no_key=True), outcome, acting)
    # Two connections to one tenant say it in the same words.
    return tuple(
        dict.fromkeys(finding for row in connections for finding in _findings(row, outcome.lacking.get(row.id, ())))
    )


def _write(rows: "QuerySet[Connection]", outcome: ReadingOutcome, acting: Acting) -> list[Connection]:
    with transaction.atomic():
        lost_permissions = {row.id: health.lost(row.health) for row in rows.all()}
        check.keep(outcome.checked, acting)
        connections = list(rows.all())
        for row in connections:
            row.health = _new_health(row, outcome, acting)
            row.save(update_fields=["health"])
            for name in health.lost(row.health):
                if name not in lost_permissions[row.id]:
                    subject = Subject(str(row.id), row.organization_id)
                    note(acting, "connection.permission_lost", subject, permission=name)
    return connections


def _new_health(row: Connection, outcome: ReadingOutcome, acting: Acting) -> dict[str, Any]:
    """How a connection stands by what was seen of it: where a check was answered, that tells more.

    Of one that nobody ever checked too little is known.
    """
    if row.id in outcome.checked or "permissions" not in row.health:
        return dict(row.health)
    return health.of_reading(outcome.evidence[row.id], acting.now(), row.health)


def _findings(row: Connection, lacking: Iterable[ReadingGap]) -> Iterator[Finding]:
    sentences = " ".join(f"{gap.error.message} {gap.error.help}" for gap in lacking)
    for need in sources.needs(row.kind):
        if need.name in health.lost(row.health) and need.name not in sentences:
            yield Finding.of(
                FindingCode.PERMISSION_LOST,
                tenant=row.health.get("tenant_name") or row.tenant_id,
                permission=need.name,
                without=need.without[:1].lower() + need.without[1:],
            )
