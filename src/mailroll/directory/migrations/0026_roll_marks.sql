-- Whoever writes rows of a roll, by whatever statement, leaves a mark in the same transaction: a number that nobody had
-- before, in place of those it finds. The marks that a snapshot shows stand for the rows that it shows. Two writers at
-- once leave one each and wait for nobody: marks that another is about to take away stay where they are.
CREATE FUNCTION directory_mark_roll() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    written uuid[];
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        SELECT array_agg(id) INTO written FROM public.directory_domain;
    ELSIF TG_OP = 'UPDATE' THEN
        SELECT array_agg(domain_id) INTO written
          FROM (SELECT domain_id FROM changed UNION SELECT domain_id FROM before) both_sides;
    ELSE
        SELECT array_agg(DISTINCT domain_id) INTO written FROM changed;
    END IF;
    IF written IS NULL THEN
        RETURN NULL;
    END IF;
    DELETE FROM public.directory_rollmark
     WHERE id IN (SELECT id FROM public.directory_rollmark WHERE domain_id = ANY (written) FOR UPDATE SKIP LOCKED);
    INSERT INTO public.directory_rollmark (id, domain_id) SELECT gen_random_uuid(), unnest(written);
    RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION directory_mark_roll() FROM PUBLIC;

DO $$
DECLARE
    written text;
BEGIN
    FOREACH written IN ARRAY ARRAY['directory_user', 'directory_address', 'directory_group', 'directory_owner'] LOOP
        EXECUTE format('CREATE TRIGGER mark_new AFTER INSERT ON %I REFERENCING NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION directory_mark_roll()', written);
        EXECUTE format('CREATE TRIGGER mark_gone AFTER DELETE ON %I REFERENCING OLD TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION directory_mark_roll()', written);
        EXECUTE format('CREATE TRIGGER mark_changed AFTER UPDATE ON %I
            REFERENCING OLD TABLE AS before NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION directory_mark_roll()', written);
        EXECUTE format('CREATE TRIGGER mark_everything AFTER TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION directory_mark_roll()', written);
    END LOOP;
END
$$;

INSERT INTO directory_rollmark (id, domain_id) SELECT gen_random_uuid(), id FROM directory_domain;
