-- What rows of the roll refer to is there, in their own domain: checked once for each statement, where a key looks at each
-- row by itself and locks what it refers to. Whoever lets a row refer to another one, or takes one away that others may
-- refer to, holds the row of the domain until the transaction ends; who does not takes it here, and fails where somebody
-- else has it. So nobody can take away what another transaction refers to by now, and does not yet show.
CREATE FUNCTION directory_hold_domains(domains uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Who looks with an older view than this statement's would not see what was taken away since, lock or not.
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'rows of a roll are written in transactions that read what is committed'
            USING ERRCODE = 'invalid_transaction_state';
    END IF;
    -- Never waiting, so that no two wait for each other: whoever writes a roll holds its domain before.
    PERFORM FROM public.directory_domain WHERE id = ANY (domains) ORDER BY id FOR NO KEY UPDATE NOWAIT;
END
$$;

-- Inserted and updated users: their group and their owner. Only what no row of the statement referred to before, so that
-- whoever changes a user otherwise needs no domain: addresses are taken over from users of others.
CREATE FUNCTION directory_check_users() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    domains uuid[];
    groups bigint[];
    of_groups uuid[];
    owners uuid[];
    of_owners uuid[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(domain_id), array_agg(group_id) INTO of_groups, groups
          FROM (SELECT DISTINCT domain_id, group_id FROM changed) named;
        SELECT array_agg(domain_id), array_agg(owner_id) INTO of_owners, owners
          FROM (SELECT DISTINCT domain_id, owner_id FROM changed WHERE owner_id IS NOT NULL) named;
    ELSE
        SELECT array_agg(domain_id), array_agg(group_id) INTO of_groups, groups
          FROM (SELECT domain_id, group_id FROM changed EXCEPT SELECT domain_id, group_id FROM before) named;
        SELECT array_agg(domain_id), array_agg(owner_id) INTO of_owners, owners
          FROM (SELECT domain_id, owner_id FROM changed WHERE owner_id IS NOT NULL
                EXCEPT SELECT domain_id, owner_id FROM before) named;
    END IF;
    domains := of_groups || of_owners;
    IF domains IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM public.directory_hold_domains(domains);
    IF EXISTS (SELECT FROM unnest(of_groups, groups) named (domain_id, id)
                WHERE NOT EXISTS (SELECT FROM public.directory_group g
                                   WHERE g.domain_id = named.domain_id AND g.id = named.id)) THEN
        RAISE EXCEPTION 'a user refers to a group that its domain does not have'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'directory_user_group_id_same_domain';
    END IF;
    IF EXISTS (SELECT FROM unnest(of_owners, owners) named (domain_id, id)
                WHERE NOT EXISTS (SELECT FROM public.directory_owner o
                                   WHERE o.domain_id = named.domain_id AND o.id = named.id)) THEN
        RAISE EXCEPTION 'a user refers to an owner that its domain does not have'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'directory_user_owner_id_same_domain';
    END IF;
    RETURN NULL;
END
$$;

-- Inserted and updated addresses: their user. A session keeps the plan that it made first, perhaps for a single row or an
-- empty table; users are looked up by their key, which is right for any number of them.
CREATE FUNCTION directory_check_addresses() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    domains uuid[];
    lacking boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(domain_id) INTO domains FROM (SELECT DISTINCT domain_id FROM changed) named;
    ELSE
        SELECT array_agg(DISTINCT domain_id) INTO domains
          FROM (SELECT domain_id, user_id FROM changed EXCEPT SELECT domain_id, user_id FROM before) named;
    END IF;
    IF domains IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM public.directory_hold_domains(domains);
    SELECT EXISTS (SELECT FROM changed
                    WHERE NOT EXISTS (SELECT FROM public.directory_user u
                                       WHERE u.domain_id = changed.domain_id AND u.id = changed.user_id)) INTO lacking;
    IF lacking THEN
        RAISE EXCEPTION 'an address refers to a user that its domain does not have'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'directory_address_user_id_same_domain';
    END IF;
    RETURN NULL;
END
$$;

-- Deleted users, groups and owners: nobody refers to them any more. Looked up by index, for the same reason.
CREATE FUNCTION directory_check_gone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    domains uuid[];
    used boolean;
BEGIN
    SELECT array_agg(DISTINCT domain_id) INTO domains FROM changed;
    IF domains IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM public.directory_hold_domains(domains);
    IF TG_TABLE_NAME = 'directory_user' THEN
        SELECT EXISTS (SELECT FROM changed JOIN public.directory_address a
                           ON a.domain_id = changed.domain_id AND a.user_id = changed.id) INTO used;
    ELSIF TG_TABLE_NAME = 'directory_group' THEN
        SELECT EXISTS (SELECT FROM public.directory_user u
                        WHERE u.domain_id = ANY (domains)
                          AND (u.domain_id, u.group_id) IN (SELECT domain_id, id FROM changed)) INTO used;
    ELSE
        SELECT EXISTS (SELECT FROM public.directory_user u
                        WHERE u.domain_id = ANY (domains)
                          AND (u.domain_id, u.owner_id) IN (SELECT domain_id, id FROM changed)) INTO used;
    END IF;
    IF used THEN
        RAISE EXCEPTION 'rows of the roll still refer to what is deleted from %', TG_TABLE_NAME
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;

-- A key would have refused to empty a table that others refer to, unless those are emptied by the same statement.
CREATE FUNCTION directory_check_emptied() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.directory_address) OR TG_TABLE_NAME <> 'directory_user'
       AND EXISTS (SELECT FROM public.directory_user) THEN
        RAISE EXCEPTION 'rows of the roll still refer to what is emptied from %', TG_TABLE_NAME
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION directory_refuse_move() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a row of % keeps its number and its domain', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
END
$$;

REVOKE ALL ON FUNCTION directory_hold_domains(uuid[]), directory_check_users(), directory_check_addresses(),
    directory_check_gone(), directory_check_emptied(), directory_refuse_move() FROM PUBLIC;

CREATE TRIGGER check_new AFTER INSERT ON directory_user
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_check_users();
CREATE TRIGGER check_changed AFTER UPDATE ON directory_user
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION directory_check_users();
CREATE TRIGGER check_new AFTER INSERT ON directory_address
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_check_addresses();
CREATE TRIGGER check_changed AFTER UPDATE ON directory_address
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION directory_check_addresses();

DO $$
DECLARE
    referred text;
BEGIN
    FOREACH referred IN ARRAY ARRAY['directory_user', 'directory_group', 'directory_owner'] LOOP
        EXECUTE format('CREATE TRIGGER check_gone AFTER DELETE ON %I REFERENCING OLD TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION directory_check_gone()', referred);
        EXECUTE format('CREATE TRIGGER check_emptied AFTER TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION directory_check_emptied()', referred);
        EXECUTE format('CREATE TRIGGER check_place BEFORE UPDATE OF id, domain_id ON %I FOR EACH ROW
            WHEN (OLD.id <> NEW.id OR OLD.domain_id <> NEW.domain_id)
            EXECUTE FUNCTION directory_refuse_move()', referred);
    END LOOP;
END
$$;
