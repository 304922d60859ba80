-- A row a domain for pages that list domains. Whoever writes what it follows from marks the domain; at the end of the
-- transaction the rows of all marked domains are made anew, in the order of their ids. So no standing is locked while
-- its transaction still waits for anything else, and two that share domains wait for each other and never both.

-- Whether what was read is in doubt so that a person has to see to it: `readings.pressing_doubt` of a run's findings.
CREATE FUNCTION sync_doubted(findings jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM jsonb_array_elements(findings) one
         WHERE one ->> 'code' = 'no_mailbox_in_domain'
            OR one ->> 'level' IN ('holds-removals', 'holds-plan') AND one ->> 'code' IN ({doubts}))
$$;

-- Makes the standings of these domains anew, and tells how many were not as they should be. A session keeps the plan
-- that it made first, perhaps while the tables were empty; the indexes are right for tables of every size.
CREATE FUNCTION sync_keep_standings(domains uuid[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
    changed bigint;
BEGIN
    -- First the locks, then a look: what another transaction wrote meanwhile is seen by the next statement.
    PERFORM FROM public.sync_domainstanding WHERE domain_id = ANY (domains) ORDER BY domain_id FOR UPDATE;
    DELETE FROM public.sync_domainstanding kept
     WHERE domain_id = ANY (domains) AND NOT EXISTS (SELECT FROM public.directory_domain d WHERE d.id = kept.domain_id);
    INSERT INTO public.sync_domainstanding AS kept ({columns})
    SELECT {columns}
      FROM (SELECT d.id AS domain_id, d.organization_id, d.name, coalesce(census.users, 0) AS users,
                   coalesce(census.billable, 0) AS billable, coalesce(source.number, 0)::int AS sources,
                   d.has_source, d.read_at,
                   coalesce(schedule.automatic, false) AS automatic, schedule.paused IS NOT NULL AS paused,
                   schedule.next_run_at, latest.id AS last_run_id, coalesce(latest.state = 'failed', false) AS failed,
                   coalesce(public.sync_doubted(latest.findings), false) AS doubted, held.id AS held_run_id,
                   held.valid_until AS held_until, coalesce(source.connected, false) AS connected,
                   coalesce(source.lacks, false) AS lacks_permission, source.credential_ends_at,
                   EXISTS (SELECT FROM public.sync_run r
                            WHERE r.domain_id = d.id AND r.state IN ('reading', 'applying'))
                   OR EXISTS (SELECT FROM public.sync_runrequest q
                               WHERE q.domain_id = d.id AND q.outcome = '') AS under_way,
                   EXISTS (SELECT FROM public.sync_run r WHERE r.domain_id = d.id) AS previewed
              FROM public.directory_domain d
              LEFT JOIN public.directory_census census ON census.domain_id = d.id
              LEFT JOIN public.sync_schedule schedule ON schedule.domain_id = d.id
              LEFT JOIN LATERAL (
                    SELECT count(*) AS number, bool_or(s.enabled AND c.id IS NOT NULL) AS connected,
                           bool_or(s.enabled AND c.health ->> 'state' IN ('incomplete', 'lessened')) AS lacks,
                           min(c.credential_ends_at) FILTER (WHERE s.enabled) AS credential_ends_at
                      FROM public.connections_source s
                      LEFT JOIN public.connections_connection c ON c.id = s.connection_id
                     WHERE s.domain_id = d.id) source ON true
              LEFT JOIN LATERAL (
                    SELECT r.id, r.state, r.findings FROM public.sync_run r
                     WHERE r.domain_id = d.id AND r.parent_id IS NULL AND r.trigger <> 'import'
                       AND r.state NOT IN ('reading', 'applying', 'cancelled')
                       AND (r.trigger NOT IN ('preview', 'held') OR r.state = 'applied' OR r.timings ? 'apply')
                     ORDER BY r.number DESC LIMIT 1) latest ON true
              LEFT JOIN LATERAL (
                    SELECT r.id, r.valid_until FROM public.sync_run r
                     WHERE r.domain_id = d.id AND r.state = 'held'
                     ORDER BY r.number DESC LIMIT 1) held ON true
             WHERE d.id = ANY (domains)) standing
     ORDER BY domain_id
        ON CONFLICT (domain_id) DO UPDATE SET {settings}
     WHERE kept.* IS DISTINCT FROM EXCLUDED.*;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;

-- The domains that this transaction has moved. Never more than a transaction lives, so nothing of it needs a log.
CREATE UNLOGGED TABLE sync_standing_mark (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    domain_id uuid NOT NULL,
    PRIMARY KEY (xid, domain_id)
);

CREATE FUNCTION sync_mark_standings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'directory_domain' THEN
        INSERT INTO public.sync_standing_mark (domain_id) SELECT id FROM changed ON CONFLICT DO NOTHING;
    ELSIF TG_TABLE_NAME = 'connections_connection' THEN
        -- Most checks find what the last one found.
        INSERT INTO public.sync_standing_mark (domain_id)
        SELECT DISTINCT s.domain_id
          FROM changed JOIN before USING (id) JOIN public.connections_source s ON s.connection_id = id
         WHERE (changed.health ->> 'state', changed.credential_ends_at)
               IS DISTINCT FROM (before.health ->> 'state', before.credential_ends_at)
            ON CONFLICT DO NOTHING;
    ELSE
        INSERT INTO public.sync_standing_mark (domain_id) SELECT DISTINCT domain_id FROM changed ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION sync_settle_standings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    marked uuid[];
BEGIN
    -- The first mark of a transaction settles them all; the others find themselves gone.
    IF NOT EXISTS (SELECT FROM public.sync_standing_mark
                    WHERE xid = pg_current_xact_id() AND domain_id = NEW.domain_id) THEN
        RETURN NULL;
    END IF;
    WITH gone AS (DELETE FROM public.sync_standing_mark WHERE xid = pg_current_xact_id() RETURNING domain_id)
    SELECT array_agg(domain_id) INTO marked FROM gone;
    PERFORM public.sync_keep_standings(marked);
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER settle_standings AFTER INSERT ON sync_standing_mark
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sync_settle_standings();

CREATE TRIGGER mark_standings AFTER UPDATE ON connections_connection
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sync_mark_standings();

REVOKE ALL ON FUNCTION sync_keep_standings(uuid[]), sync_doubted(jsonb), sync_mark_standings(), sync_settle_standings()
    FROM PUBLIC;
