-- How many users each domain has, kept by whatever statement writes them: a sync's COPY, an edit, psql. Counting a
-- million rows for a page that shows one number takes longer than the page may.
CREATE FUNCTION directory_keep_census() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.directory_census AS kept (domain_id, users, billable, retired)
        SELECT domain_id, count(*) FILTER (WHERE retired_at IS NULL),
               count(*) FILTER (WHERE retired_at IS NULL AND billable), count(retired_at)
          FROM changed GROUP BY domain_id ORDER BY domain_id
            ON CONFLICT (domain_id) DO UPDATE SET users = kept.users + EXCLUDED.users,
               billable = kept.billable + EXCLUDED.billable, retired = kept.retired + EXCLUDED.retired;
    ELSIF TG_OP = 'DELETE' THEN
        UPDATE public.directory_census kept
           SET users = kept.users - gone.users, billable = kept.billable - gone.billable,
               retired = kept.retired - gone.retired
          FROM (SELECT domain_id, count(*) FILTER (WHERE retired_at IS NULL) AS users,
                       count(*) FILTER (WHERE retired_at IS NULL AND billable) AS billable,
                       count(retired_at) AS retired
                  FROM changed GROUP BY domain_id) gone
         WHERE kept.domain_id = gone.domain_id;
    ELSE
        UPDATE public.directory_census kept
           SET users = kept.users + moved.users, billable = kept.billable + moved.billable,
               retired = kept.retired + moved.retired
          FROM (SELECT domain_id, coalesce(sum(sign) FILTER (WHERE retired_at IS NULL), 0) AS users,
                       coalesce(sum(sign) FILTER (WHERE retired_at IS NULL AND billable), 0) AS billable,
                       coalesce(sum(sign) FILTER (WHERE retired_at IS NOT NULL), 0) AS retired
                  FROM (SELECT 1 AS sign, domain_id, retired_at, billable FROM changed
                        UNION ALL SELECT -1, domain_id, retired_at, billable FROM before) both_sides
                 GROUP BY domain_id) moved
         WHERE kept.domain_id = moved.domain_id AND (moved.users, moved.billable, moved.retired) <> (0, 0, 0);
    END IF;
    RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION directory_keep_census() FROM PUBLIC;

CREATE TRIGGER keep_census_new AFTER INSERT ON directory_user
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_keep_census();
CREATE TRIGGER keep_census_gone AFTER DELETE ON directory_user
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_keep_census();
CREATE TRIGGER keep_census_changed AFTER UPDATE ON directory_user
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION directory_keep_census();

INSERT INTO directory_census (domain_id, users, billable, retired)
SELECT domain_id, count(*) FILTER (WHERE retired_at IS NULL),
       count(*) FILTER (WHERE retired_at IS NULL AND billable), count(retired_at)
  FROM directory_user GROUP BY domain_id;
