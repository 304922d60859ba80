-- Inserted and updated addresses: their user. A session keeps the plan that it made first, perhaps for a single row or an
-- empty table. Users are looked up by their key, which is right for any number of addresses. Where most of a domain come,
-- its users are gone through once, in order: measured, a third of the work.
CREATE OR REPLACE FUNCTION directory_check_addresses() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    domains uuid[];
    number bigint;
    lacking boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(domain_id), sum(rows) INTO domains, number
          FROM (SELECT domain_id, count(*) AS rows FROM changed GROUP BY domain_id) named;
    ELSE
        SELECT array_agg(DISTINCT domain_id) INTO domains
          FROM (SELECT domain_id, user_id FROM changed EXCEPT SELECT domain_id, user_id FROM before) named;
    END IF;
    IF domains IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM public.directory_hold_domains(domains);
    IF cardinality(domains) = 1 AND number * 4 > (
        SELECT users + retired FROM public.directory_census WHERE domain_id = domains[1]) THEN
        -- Until the function ends; this statement is planned here, whenever it is.
        PERFORM set_config('enable_mergejoin', 'on', true), set_config('enable_nestloop', 'off', true);
        SELECT EXISTS (SELECT FROM changed
                        WHERE NOT EXISTS (SELECT FROM public.directory_user u
                                           WHERE u.domain_id = domains[1] AND u.id = changed.user_id)) INTO lacking;
    ELSE
        SELECT EXISTS (SELECT FROM changed
                        WHERE NOT EXISTS (SELECT FROM public.directory_user u
                                           WHERE u.domain_id = changed.domain_id AND u.id = changed.user_id)) INTO lacking;
    END IF;
    IF lacking THEN
        RAISE EXCEPTION 'an address refers to a user that its domain does not have'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'directory_address_user_id_same_domain';
    END IF;
    RETURN NULL;
END
$$;
