"""What a run has seen of its connections is kept with them: who was let in, and which permissions are there."""

from collections.abc import Iterator

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.connections import check, health, sources
from mailroll.connections.models import Connection
from mailroll.reconcile.findings import Finding, FindingCode
from mailroll.sync.reading import ReadingOutcome


def keep(outcome: ReadingOutcome, acting: Acting) -> tuple[Finding, ...]:
    """Keep it, and tell of permissions that are lost, but for those whose lack the reading tells of itself."""
    told = " ".join(f"{one.error.message} {one.error.help}" for one in outcome.lacking)
    findings: list[Finding] = []
    with transaction.atomic():
        # In their order, so that two runs that share them wait for each other and never both.
        rows = Connection.objects.select_for_update().order_by("id")
        lost = {row.id: health.lost(row.health) for row in rows.filter(id__in={*outcome.checked, *outcome.evidence})}
        check.keep(outcome.checked, acting)
        for row in rows.filter(id__in=lost):
            # Where a check was answered it tells more; of one that nobody ever checked too little is known.
            if row.id not in outcome.checked and "permissions" in row.health:
                row.health = health.of_reading(outcome.evidence[row.id], acting.now(), row.health)
                row.save(update_fields=["health"])
            for name in health.lost(row.health):
                if name not in lost[row.id]:
                    subject = Subject(str(row.id), row.organization_id)
                    note(acting, "connection.permission_lost", subject, permission=name)
            findings += _findings(row, told)
    return tuple(findings)


def _findings(row: Connection, told: str) -> Iterator[Finding]:
    for need in sources.needs(row.kind):
        if need.name in health.lost(row.health) and need.name not in told:
            yield Finding.of(
                FindingCode.PERMISSION_LOST,
                tenant=row.health.get("tenant_name") or row.tenant_id,
                permission=need.name,
                without=need.without[:1].lower() + need.without[1:],
            )
