"""Time that passes for what a reading left, where no test can move the clock of who goes on from it."""

from dataclasses import replace
from datetime import UTC, datetime

from mailroll.directory.models import Domain
from mailroll.sync.models import SteadyState
from mailroll.sync.sources import known, since, source_list


def set_back(domain: Domain) -> None:
    """Let it be so long ago that changes were told that the next listing which says the same settles it."""
    row = SteadyState.objects.filter(domain=domain).first()
    if row is None:
        return
    rows = list(source_list.read_from([domain.id]))
    types = known.known_objects(domain.id, [each.owner_id for each in rows]).types
    questions = {question.access.connection: question for _, question in source_list.asked(rows, types)}
    lines = []
    for question in questions.values():
        left = since.opened(row.since, domain.id, question.access, datetime.now(UTC))
        if left is not None:
            changed_at = None if left.changed_at is None else left.changed_at - since.BEHIND
            left = replace(left, anchored_at=left.anchored_at - since.BEHIND, changed_at=changed_at)
            lines.append(since.seal(left, domain.id, question.access, question.wanted))
    if lines:
        SteadyState.objects.filter(domain=domain).update(since="\n".join(lines))
