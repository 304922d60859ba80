"""Finds the entries of the audit trail that the Activity of an organization tells: the latest few, each by an index."""

from collections.abc import Iterable, Sequence
from typing import Final

from mailroll.audit.models import AuditEntry
from mailroll.directory.models import Organization

_EVERY: Final = 2**63 - 1
"""Above every id."""

# Below what stands at the top is nearly everything: acts are read from the latest, and of each it is asked upwards
# whether it was here. UNION, not UNION ALL: a ring of parents, which no constraint can forbid, ends the walk.
_WITHIN: Final = """
    %(place)s::uuid IN (
        WITH RECURSIVE above (id, parent_id) AS (
            SELECT own.id, own.parent_id FROM directory_organization own WHERE own.id = {column}
            UNION
            SELECT upper.id, upper.parent_id FROM directory_organization upper JOIN above ON upper.id = above.parent_id
        ) SELECT id FROM above)
"""
# From and to an action, in its order: of one that is equal the planner expects many, and reads the whole trail by ids.
_HERE_ON_TOP: Final = f"""
    unnest(%(of_place)s::text[]) act CROSS JOIN LATERAL (
        SELECT e.id FROM audit_auditentry e
         WHERE e.action >= act AND e.action <= act AND e.id < %(before)s
           AND {_WITHIN.format(column="e.organization")}
         ORDER BY e.action, e.id DESC LIMIT %(size)s) found
"""  # noqa: S608 - of our own pieces
_WORKS_ON_TOP: Final = f"""EXISTS (
    SELECT 1 FROM accounts_operator who JOIN accounts_membership held ON held.operator_id = who.id
     WHERE who.email = e.subject AND {_WITHIN.format(column="held.organization_id")})
"""  # noqa: S608
# Below a customer are few: each of these has its own entries in an index. As an array, as the planner takes what
# recursion finds for thousands.
_BELOW: Final = """
    WITH RECURSIVE below (id) AS (
        SELECT id FROM directory_organization WHERE id = %(place)s
        UNION
        SELECT lower.id FROM directory_organization lower JOIN below ON lower.parent_id = below.id
    )
"""
_HERE: Final = """
    unnest(ARRAY(TABLE below)) one CROSS JOIN LATERAL (
        SELECT e.id FROM audit_auditentry e
         WHERE e.organization = one AND e.action = ANY (%(of_place)s) AND e.id < %(before)s
         ORDER BY e.id DESC LIMIT %(size)s) found
"""
_WORKS: Final = """
    e.subject = ANY (ARRAY(
        SELECT who.email FROM accounts_membership held JOIN accounts_operator who ON who.id = held.operator_id
         WHERE held.organization_id = ANY (ARRAY(TABLE below))))
"""
# 1. What was done here and below  2. what was done above and reaches down: what an organization did to itself, not to a
# domain of its own  3. what was done to who works here
_ENTRIES: Final = """
    {below} SELECT * FROM audit_auditentry WHERE id = ANY (ARRAY(
        SELECT found.id FROM {here}
        UNION ALL
        SELECT e.id FROM audit_auditentry e
         WHERE e.action = ANY (%(reaching)s) AND e.id < %(before)s
           AND (e.organization IS NULL OR NOT e.details ? 'domain' AND (e.organization, e.subject) IN (
                SELECT * FROM unnest(%(above)s::uuid[], %(names)s::text[])))
        UNION ALL
        SELECT e.id FROM audit_auditentry e
         WHERE e.action = ANY (%(of_person)s) AND e.organization IS NULL AND e.id < %(before)s
           AND (e.action <> ALL (%(by_others)s) OR e.actor <> 'operator:' || e.subject) AND {works}
        ORDER BY id DESC LIMIT %(size)s
    )) ORDER BY id DESC
"""
_ON_TOP: Final = _ENTRIES.format(below="", here=_HERE_ON_TOP, works=_WORKS_ON_TOP)
_OF_CUSTOMER: Final = _ENTRIES.format(below=_BELOW, here=_HERE, works=_WORKS)


def latest(
    place: Organization,
    above: Iterable[Organization],
    *,
    of_place: Sequence[str],
    of_person: Sequence[str],
    by_others: Sequence[str],
    reaching: Sequence[str],
    before: int | None,
    size: int,
) -> list[AuditEntry]:
    """Return entries of these actions, the latest first: of `reaching`, those of who stands above are among them.

    Of `by_others` those are left out that somebody did to themselves.
    """
    line = list(above)
    parameters = {
        "place": place.id,
        "above": [ancestor.id for ancestor in line],
        "names": [ancestor.name for ancestor in line],
        "of_place": of_place,
        "of_person": of_person,
        "by_others": by_others,
        "reaching": reaching,
        "before": _EVERY if before is None else before,
        "size": size,
    }
    return list(AuditEntry.objects.raw(_ON_TOP if place.parent_id is None else _OF_CUSTOMER, parameters))
