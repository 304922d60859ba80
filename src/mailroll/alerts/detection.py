"""What raises each alert, as one query a cause over what is stored: never a loop over domains.

A query gives a row for each thing that may be one: `organization_id`, whose alert it is; `key`; the `domain_id` whose
mail it is about; `value`, which a threshold is compared with; `since`; `facts`; `state` and `size`: see `models.Alert`.
Rows of one organization and key are one alert. They know the time as %(now)s, and %(least)s, the lowest threshold of
all organizations: what lies below it need not be read.
"""

from collections.abc import Mapping
from typing import Final

from mailroll import promises
from mailroll.alerts.causes import AlertCause
from mailroll.alerts.models import FAILS
from mailroll.gateway.demand import WOULD_REFUSE

# Domains that one tenant lets down are one cause: what they are read through is a part of the key.
_READ_THROUGH: Final = """
    LEFT JOIN LATERAL (
        SELECT string_agg(DISTINCT s.connection_id::text, ',' ORDER BY s.connection_id::text) AS key
          FROM connections_source s WHERE s.domain_id = st.domain_id AND s.enabled) through ON true
"""

# Names that Microsoft gives a tenant and nobody else's mail comes under: one for each of its clouds.
_MICROSOFTS: Final = r"(^|\.)(onmicrosoft\.com|onmicrosoft\.us|partner\.onmschina\.cn|microsoftonline\.com)$"

# Past so long a silence a gateway was taken away; what is silent for less, may come back.
_GONE: Final = promises.in_words(promises.GATEWAY_GONE)

_ASKED: Final = """SELECT domain_id, kind, name, last_at FROM gateway_asker
                    UNION ALL SELECT domain_id, 'pgsql', '', at FROM gateway.noted"""

QUERIES: Final[Mapping[AlertCause, str]] = {
    AlertCause.SYNC_FAILED: f"""
    SELECT st.organization_id, concat_ws(' ', through.key, r.error ->> 'code') AS key, st.domain_id,
           w.failures::float8 AS value, r.started_at AS since, '' AS state, 1 AS size,
           jsonb_build_object('run', r.id, 'domain', st.domain_id, 'times', w.failures, 'error', r.error) AS facts
      FROM sync_domainstanding st
      JOIN sync_schedule w ON w.domain_id = st.domain_id
      JOIN sync_run r ON r.id = st.last_run_id
      {_READ_THROUGH}
     WHERE st.failed AND st.automatic AND NOT st.paused AND w.failures >= %(least)s
    """,  # noqa: S608 - of pieces of ours
    # Late is late for one reason: nobody works, or not fast enough. So it is one alert an organization.
    AlertCause.SYNC_LATE: """
    SELECT st.organization_id, 'late' AS key, st.domain_id,
           extract(epoch FROM %(now)s - st.next_run_at)::float8 / 60 AS value, st.next_run_at AS since,
           '' AS state, 1 AS size, jsonb_build_object('due', st.next_run_at) AS facts
      FROM sync_domainstanding st
     WHERE st.automatic AND st.connected AND NOT st.under_way AND NOT st.paused
       AND st.next_run_at < %(now)s - %(least)s * interval '1 minute'
    """,
    # A tenant is asked through a connection, so the connection's organization is who can mend it.
    AlertCause.NO_ACCESS: """
    SELECT c.organization_id, c.id::text AS key, s.domain_id, 0::float8 AS value, NULL::timestamptz AS since,
           CASE WHEN d.read_at < %(now)s - d.stale_after THEN 'cannot say' ELSE '' END AS state, 1 AS size,
           jsonb_build_object('connection', c.id, 'kind', c.kind, 'error', coalesce(w.paused, c.health -> 'error'),
                              'cannot_say', coalesce(d.read_at < %(now)s - d.stale_after, false)) AS facts
      FROM connections_connection c
      JOIN connections_source s ON s.connection_id = c.id AND s.enabled
      JOIN directory_domain d ON d.id = s.domain_id
      LEFT JOIN sync_schedule w ON w.domain_id = s.domain_id
     WHERE c.health ->> 'state' = 'refused'
        OR w.paused IS NOT NULL AND NOT EXISTS (
               SELECT FROM connections_source o JOIN connections_connection oc ON oc.id = o.connection_id
                WHERE o.domain_id = s.domain_id AND o.enabled AND oc.health ->> 'state' = 'refused')
    """,
    # What runs less often than every hour may be older by as much. What nobody syncs by itself counts once gateways can
    # no longer tell who is unknown. Where a tenant refuses access, that is the cause, and is told already.
    AlertCause.LIST_OLD: f"""
    SELECT st.organization_id, coalesce(through.key, '') AS key, st.domain_id,
           CASE WHEN st.automatic
                THEN extract(epoch FROM %(now)s - st.read_at)::float8 / 3600 - greatest(0, w.interval - 60) / 60.0
                ELSE 1e9 END::float8 AS value,
           NULL::timestamptz AS since,
           CASE WHEN d.read_at < %(now)s - d.stale_after THEN 'cannot say' ELSE '' END AS state, 1 AS size,
           jsonb_build_object('read_at', st.read_at, 'domain', st.domain_id,
                              'cannot_say', d.read_at < %(now)s - d.stale_after,
                              'stale_hours', extract(epoch FROM d.stale_after)::int / 3600) AS facts
      FROM sync_domainstanding st
      JOIN directory_domain d ON d.id = st.domain_id
      LEFT JOIN sync_schedule w ON w.domain_id = st.domain_id
      {_READ_THROUGH}
     WHERE st.has_source AND NOT st.paused
       AND (st.automatic AND st.read_at < %(now)s - %(least)s * interval '1 hour'
            OR NOT st.automatic AND st.read_at < %(now)s - d.stale_after)
       AND NOT EXISTS (SELECT FROM connections_source s JOIN connections_connection c ON c.id = s.connection_id
                        WHERE s.domain_id = st.domain_id AND s.enabled AND c.health ->> 'state' = 'refused')
    """,  # noqa: S608
    AlertCause.REMOVALS_WAIT: """
    SELECT st.organization_id, st.domain_id::text AS key, st.domain_id, 0::float8 AS value,
           coalesce(r.finished_at, r.started_at) AS since, '' AS state,
           greatest(1, coalesce((r.counts ->> 'remove')::int, 0) + coalesce((r.counts ->> 'retire')::int, 0)) AS size,
           jsonb_build_object('run', r.id, 'domain', st.domain_id, 'counts', r.counts, 'findings', r.findings,
                              'until', r.valid_until) AS facts
      FROM sync_domainstanding st JOIN sync_run r ON r.id = st.held_run_id
     WHERE r.valid_until IS NULL OR r.valid_until >= %(now)s
    """,
    AlertCause.PERMISSION_MISSING: """
    SELECT c.organization_id, c.id::text AS key, s.domain_id, 0::float8 AS value, lacking.since,
           array_to_string(lacking.names, ' ') AS state, 1 AS size,
           jsonb_build_object('connection', c.id, 'kind', c.kind, 'names', to_jsonb(lacking.names),
                              'needed', c.health ->> 'state' = 'incomplete') AS facts
      FROM connections_connection c
      JOIN connections_source s ON s.connection_id = c.id AND s.enabled
     CROSS JOIN LATERAL (
           SELECT array_agg(p ->> 'name' ORDER BY p ->> 'name') AS names, min((p ->> 'lost_at')::timestamptz) AS since
             FROM jsonb_array_elements(c.health -> 'permissions') p
            WHERE p ? 'lost_at' OR (p ->> 'required')::boolean AND p ->> 'state' = 'missing') lacking
     WHERE c.health ->> 'state' IN ('incomplete', 'lessened') AND lacking.names IS NOT NULL
    """,
    AlertCause.SECRET_ENDS: """
    SELECT c.organization_id, c.id::text AS key, s.domain_id, 0::float8 AS value, NULL::timestamptz AS since,
           CASE WHEN c.credential_ends_at <= %(now)s THEN 'ended'
                WHEN c.credential_ends_at <= %(now)s + interval '1 day' THEN '1'
                WHEN c.credential_ends_at <= %(now)s + interval '7 days' THEN '7'
                WHEN c.credential_ends_at <= %(now)s + interval '30 days' THEN '30' ELSE '60' END AS state, 1 AS size,
           jsonb_build_object('connection', c.id, 'credential', c.credential_kind, 'ends_at', c.credential_ends_at,
                              'ended', c.credential_ends_at <= %(now)s) AS facts
      FROM connections_connection c JOIN connections_source s ON s.connection_id = c.id AND s.enabled
     WHERE c.credential_ends_at <= %(now)s + interval '60 days'
    """,
    # A name that anybody here has, proved or not, is known: nobody learns from this what other organizations have.
    AlertCause.DOMAIN_UNKNOWN: f"""
    SELECT c.organization_id, c.id::text AS key, s.domain_id, 0::float8 AS value, NULL::timestamptz AS since,
           array_to_string(strange.names, ' ') AS state, cardinality(strange.names) AS size,
           jsonb_build_object('connection', c.id, 'kind', c.kind, 'names', to_jsonb(strange.names)) AS facts
      FROM connections_connection c
      JOIN connections_source s ON s.connection_id = c.id AND s.enabled
     CROSS JOIN LATERAL (
           SELECT array_agg(name ORDER BY name) AS names FROM jsonb_array_elements_text(c.health -> 'domains') name
            WHERE name !~ '{_MICROSOFTS}'
              AND NOT EXISTS (SELECT FROM directory_domain d WHERE d.name = name.name)
              AND NOT EXISTS (SELECT FROM directory_domainalias a WHERE a.name = name.name)) strange
     WHERE jsonb_typeof(c.health -> 'domains') = 'array' AND strange.names IS NOT NULL
    """,  # noqa: S608
    AlertCause.STATIC_DUE: """
    SELECT d.organization_id, d.id::text AS key, d.id AS domain_id, 0::float8 AS value,
           min(n.review_on)::timestamp AT TIME ZONE 'UTC' AS since, max(n.review_on)::text AS state,
           count(*) AS size, jsonb_build_object('domain', d.id, 'count', count(*)) AS facts
      FROM directory_staticnote n
      JOIN directory_user u ON u.id = n.user_id
      JOIN directory_domain d ON d.id = u.domain_id
     WHERE n.review_on <= (%(now)s AT TIME ZONE 'UTC')::date
       AND u.kind = 'static' AND u.owner_id IS NULL AND u.retired_at IS NULL
     GROUP BY d.id
    """,
    # Silent is a gateway that asks about nobody at all. Where it asked for several organizations, it is the alert of
    # who stands at the top of them.
    AlertCause.GATEWAY_SILENT: f"""
    SELECT place.id AS organization_id, concat_ws(' ', silent.kind, nullif(silent.name, '')) AS key, asked.domain_id,
           extract(epoch FROM %(now)s - silent.last_at)::float8 / 3600 AS value, silent.last_at AS since, '' AS state,
           1 AS size,
           jsonb_build_object('kind', silent.kind, 'name', silent.name, 'last_at', silent.last_at,
                              'domain', asked.domain_id) AS facts
      FROM (SELECT a.kind, a.name, max(a.last_at) AS last_at, count(DISTINCT d.organization_id) AS organizations
              FROM ({_ASKED}) a JOIN directory_domain d ON d.id = a.domain_id GROUP BY a.kind, a.name
            HAVING max(a.last_at) > %(now)s - interval '{_GONE}'
               AND max(a.last_at) <= %(now)s - %(least)s * interval '1 hour') silent
      JOIN ({_ASKED}) asked ON asked.kind = silent.kind AND asked.name = silent.name
                          AND asked.last_at > %(now)s - interval '{_GONE}'
      JOIN directory_domain d ON d.id = asked.domain_id
     CROSS JOIN LATERAL (
           WITH RECURSIVE up (id, parent_id, depth) AS (
                SELECT o.id, o.parent_id, 0 FROM directory_organization o WHERE o.id = d.organization_id
                UNION ALL
                SELECT o.id, o.parent_id, up.depth + 1 FROM up JOIN directory_organization o ON o.id = up.parent_id
                 WHERE silent.organizations > 1 AND up.depth < 30)
           SELECT id FROM up ORDER BY depth DESC LIMIT 1) place
    """,  # noqa: S608
    AlertCause.WOULD_REFUSE: f"""
    SELECT d.organization_id, d.id::text AS key, d.id AS domain_id, sum(a.count)::float8 AS value,
           min(a.day)::timestamp AT TIME ZONE 'UTC' AS since, '' AS state, sum(a.count)::bigint AS size,
           jsonb_build_object('domain', d.id, 'count', sum(a.count)) AS facts
      FROM gateway_answercount a JOIN directory_domain d ON d.id = a.domain_id
     WHERE a.answer = '{WOULD_REFUSE}' AND a.day > (%(now)s AT TIME ZONE 'UTC')::date - 7 AND d.serving = 'watch'
     GROUP BY d.id HAVING sum(a.count) >= %(least)s
    """,  # noqa: S608
    AlertCause.CHANNEL_FAILS: f"""
    SELECT c.organization_id, c.id::text AS key, NULL::uuid AS domain_id, 0::float8 AS value, c.last_at AS since,
           '' AS state, 1 AS size,
           jsonb_build_object('channel', c.id, 'name', c.name, 'answer', c.last_answer) AS facts
      FROM alerts_alertchannel c WHERE c.failures >= {FAILS}
    """,  # noqa: S608
}
"""Every cause, in the order in which they are looked for."""
