"""What stands for all that our own side brings to a run of a domain, worked out by the database for many in one query.

`steady_state.OwnSide` stands for the same in one run, which reads all of it. Here is the same again and more: whatever
`place` is made of is in a ground, as it stands in the tables. So two grounds that are equal are of one place; others
may be too, and then a run tells. A test moves every part of a place, and finds another ground.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from django.db import connection

from mailroll.directory import arrays, rollmarks
from mailroll.sync.footings import steady_state

GROUNDS: Final = f"""
    asked AS (SELECT * FROM directory_domain WHERE id = ANY(%(domains)s::uuid[])),
    above (root, id, parent_id) AS (
        SELECT o.id, o.id, o.parent_id FROM directory_organization o WHERE o.id IN (SELECT organization_id FROM asked)
        UNION
        SELECT above.root, o.id, o.parent_id FROM above JOIN directory_organization o ON o.id = above.parent_id
    ),
    below (root, id) AS (
        SELECT o.id, o.id FROM directory_organization o WHERE o.id IN (SELECT organization_id FROM asked)
        UNION
        SELECT below.root, o.id FROM below JOIN directory_organization o ON o.parent_id = below.id
    ),
    -- The names of mail in the organizations around a domain, looked up for each of these: domains may be very many.
    around AS (
        SELECT line.root, concat(count(*), ':', sum(hashtextextended(named.name, 0))) AS names
          FROM (SELECT root, id FROM above UNION SELECT root, id FROM below) line
         CROSS JOIN LATERAL (
               SELECT name FROM directory_domain WHERE organization_id = line.id
               UNION ALL
               SELECT a.name FROM directory_domain d JOIN directory_domainalias a ON a.domain_id = d.id
                WHERE d.organization_id = line.id) named
         GROUP BY line.root
    ),
    -- The names of the domains that read the same tenants. Once for each tenant: a large one has hundreds of domains.
    tenants AS MATERIALIZED (
        SELECT DISTINCT mine.domain_id, c.cloud, c.login_url, c.tenant_id
          FROM asked
          JOIN connections_source mine ON mine.domain_id = asked.id AND mine.enabled
          JOIN connections_connection c ON c.id = mine.connection_id
    ),
    readers AS MATERIALIZED (
        SELECT DISTINCT cloud, login_url, tenant_id, other.domain_id
          FROM (SELECT DISTINCT cloud, login_url, tenant_id FROM tenants) tenant
          JOIN connections_connection same USING (cloud, login_url, tenant_id)
          JOIN connections_source other ON other.connection_id = same.id AND other.enabled
    ),
    -- What the planner takes for a few may be hundreds, as long as statistics are old.
    shared AS MATERIALIZED (
        SELECT cloud, login_url, tenant_id,
               concat(count(*), ':', sum(hashtextextended(concat(readers.domain_id, named.name), 0))) AS names
          FROM readers
         CROSS JOIN LATERAL (
               SELECT name FROM directory_domain WHERE id = readers.domain_id
               UNION ALL
               SELECT name FROM directory_domainalias WHERE domain_id = readers.domain_id) named
         GROUP BY cloud, login_url, tenant_id
    ),
    siblings AS (
        SELECT domain_id, string_agg(names, ' ' ORDER BY cloud, login_url, tenant_id) AS names
          FROM tenants JOIN shared USING (cloud, login_url, tenant_id)
         GROUP BY domain_id
    ),
    sourced AS (
        SELECT s.domain_id,
               string_agg(concat_ws(' ', o.label, (to_jsonb(s) - 'read_at')::text), ',' ORDER BY s.owner_id) AS rows
          FROM asked JOIN connections_source s ON s.domain_id = asked.id JOIN directory_owner o ON o.id = s.owner_id
         GROUP BY s.domain_id
    ),
    -- What was merely asked about a connection once more, and found as it was, is no news.
    connected AS (
        SELECT used.domain_id,
               string_agg(concat_ws(' ', (to_jsonb(c) - 'health')::text, (c.health - 'checked_at' - 'people')::text,
                   (SELECT concat_ws(' ', m.grants, m.refusal::text, m.tries) FROM sync_mailboxaccess m
                     WHERE m.connection_id = c.id),
                   (SELECT concat(count(*), ':', sum(hashtextextended(
                               concat_ws(' ', p.object, p.state, p.purpose, p.key), 0)))
                      FROM sync_mailboxpurpose p WHERE p.connection_id = c.id)), ',' ORDER BY c.id) AS rows
          FROM (SELECT DISTINCT s.domain_id, s.connection_id
                  FROM asked JOIN connections_source s ON s.domain_id = asked.id) used
          JOIN connections_connection c ON c.id = used.connection_id
         GROUP BY used.domain_id
    ),
    parts AS MATERIALIZED (
        SELECT d.id AS domain_id, d.fence, encode(sha256(convert_to(concat_ws('|',
               %(release)s, d.id, d.organization_id, d.name, d.revision, d.proved_at, d.claimed_at,
               (SELECT concat('aliases ',
                           string_agg(concat_ws(' ', a.name, a.proved_at, a.claimed_at), ',' ORDER BY a.name))
                  FROM directory_domainalias a WHERE a.domain_id = d.id),
               (SELECT concat('claims ', count(*))
                  FROM (SELECT d.name UNION SELECT a.name FROM directory_domainalias a WHERE a.domain_id = d.id) mine
                 CROSS JOIN LATERAL (
                       SELECT FROM directory_domain WHERE name = mine.name AND claimed_at IS NOT NULL
                       UNION ALL
                       SELECT FROM directory_domainalias WHERE name = mine.name AND claimed_at IS NOT NULL) claimed),
               concat('sources ', sourced.rows), concat('connections ', connected.rows),
               concat('siblings ', siblings.names), concat('around ', around.names),
               (SELECT concat('exempt ', count(*), ':', sum(hashtextextended(e.external_id, 0)))
                  FROM directory_exemption e WHERE e.domain_id = d.id)), 'UTF8')), 'hex') AS beside,
               {rollmarks.STAMP.format(domain="d.id")} AS roll
          FROM asked d
          LEFT JOIN sourced ON sourced.domain_id = d.id
          LEFT JOIN connected ON connected.domain_id = d.id
          LEFT JOIN siblings ON siblings.domain_id = d.id
          LEFT JOIN around ON around.root = d.organization_id
    ),
    grounds AS MATERIALIZED (
        SELECT domain_id, beside, roll,
               encode(sha256(convert_to(concat_ws('|', fence, beside, roll), 'UTF8')), 'hex') AS ground
          FROM parts
    )
"""  # noqa: S608 - of our own pieces
"""Parts of a query that begins WITH RECURSIVE; it has the domains and the release as `values` gives them."""
# To plan it takes PostgreSQL 2.4 ms of 2.7, and a run asks three to five times. A generic plan is made once for a
# session, but by default not before the sixth time (postgresql.org/docs/current/sql-prepare.html). Nobody else is lent
# the session of a run: a pooler that does so is refused (`pooler`).
_ONE: Final = f"WITH RECURSIVE {GROUNDS} SELECT ground, beside, roll FROM grounds"  # noqa: S608 - as above
_NAME: Final = "mailroll_ground"
_PREPARE: Final = f"PREPARE {_NAME} (text, text) AS {_ONE % {'domains': '$1', 'release': '$2'}}"
_ASK: Final = f"""
    SET plan_cache_mode = force_generic_plan; EXECUTE {_NAME} (%(domains)s, %(release)s); RESET plan_cache_mode
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """`whole` stands for all of it, `beside` for all but the roll and the number of the last run, `roll` for the roll.

    For a domain that is no more, all is empty.
    """

    whole: str = ""
    beside: str = ""
    roll: str = ""


def read(domain: UUID) -> Ground:
    """Return what stands for our own side now."""
    with connection.cursor() as cursor:
        # Those of our own class of connections (`config.postgresql`), which has opened one by now.
        statements: set[str] = cast(Any, connection).statements
        if _NAME not in statements:
            # By itself: it stays prepared whatever becomes of the question, and may not be prepared twice.
            cursor.execute(_PREPARE)
            statements.add(_NAME)
        cursor.execute(_ASK, values([domain]))
        while cursor.description is None:
            cursor.nextset()
        row = cursor.fetchone()
    return Ground() if row is None else Ground(*row)


def values(domains: Collection[UUID]) -> dict[str, Any]:
    return {"domains": arrays.uuids(domains), "release": steady_state.release()}
