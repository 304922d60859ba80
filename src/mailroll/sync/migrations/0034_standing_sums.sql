-- What an organization's standings come to is the sum of its rows here. Each statement that changes what is counted
-- adds one row an organization, with the difference: nobody waits for anybody, and who reads sees what is committed.
-- Housekeeping puts the rows of an organization into one.

CREATE FUNCTION sync_sum_standings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        -- Most updates move times alone, and write nothing.
        INSERT INTO public.sync_standingsum (organization_id, domains, users, billable, automatic, kept)
        SELECT organization_id, sum(sign), sum(sign * users), sum(sign * billable), sum(sign * automatic::int),
               sum(sign * (automatic AND read_at IS NOT NULL)::int)
          FROM (SELECT before.*, -1 AS sign FROM before UNION ALL SELECT changed.*, 1 FROM changed) moved
         GROUP BY organization_id
        HAVING (sum(sign), sum(sign * users), sum(sign * billable), sum(sign * automatic::int),
                sum(sign * (automatic AND read_at IS NOT NULL)::int)) <> (0, 0, 0, 0, 0);
    ELSE
        INSERT INTO public.sync_standingsum (organization_id, domains, users, billable, automatic, kept)
        SELECT organization_id, sign * count(*), sign * sum(users), sign * sum(billable),
               sign * count(*) FILTER (WHERE automatic), sign * count(*) FILTER (WHERE automatic AND read_at IS NOT NULL)
          FROM changed, (SELECT CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END AS sign) which
         GROUP BY organization_id, sign;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER sum_standings_new AFTER INSERT ON sync_domainstanding
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sync_sum_standings();
CREATE TRIGGER sum_standings_gone AFTER DELETE ON sync_domainstanding
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sync_sum_standings();
CREATE TRIGGER sum_standings_changed AFTER UPDATE ON sync_domainstanding
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sync_sum_standings();

REVOKE ALL ON FUNCTION sync_sum_standings() FROM PUBLIC;

INSERT INTO sync_standingsum (organization_id, domains, users, billable, automatic, kept)
SELECT organization_id, count(*), sum(users), sum(billable), count(*) FILTER (WHERE automatic),
       count(*) FILTER (WHERE automatic AND read_at IS NOT NULL)
  FROM sync_domainstanding GROUP BY organization_id;

-- How many runs ended well that began within each quarter of an hour, in the same way: home counts those of a day, and
-- days begin at such a time everywhere. Those that failed or are held are few, and indexes have them.
CREATE FUNCTION sync_count_runs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO public.sync_runcount (slot, number)
        SELECT date_bin('15 minutes', started_at, 'epoch'), sum(sign)
          FROM (SELECT before.*, -1 AS sign FROM before UNION ALL SELECT changed.*, 1 FROM changed) moved
         WHERE {well} GROUP BY 1 HAVING sum(sign) <> 0;
    ELSE
        INSERT INTO public.sync_runcount (slot, number)
        SELECT date_bin('15 minutes', started_at, 'epoch'), CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END * count(*)
          FROM changed WHERE {well} GROUP BY 1;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER count_runs_new AFTER INSERT ON sync_run
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sync_count_runs();
CREATE TRIGGER count_runs_gone AFTER DELETE ON sync_run
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sync_count_runs();
CREATE TRIGGER count_runs_changed AFTER UPDATE ON sync_run
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sync_count_runs();

REVOKE ALL ON FUNCTION sync_count_runs() FROM PUBLIC;

INSERT INTO sync_runcount (slot, number)
SELECT date_bin('15 minutes', started_at, 'epoch'), count(*)
  FROM sync_run WHERE started_at > now() - interval '3 days' AND {well} GROUP BY 1;
