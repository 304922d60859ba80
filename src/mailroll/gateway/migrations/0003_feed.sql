-- What changed in the roll, for servers that hold a copy of it: whichever way it changed, by a sync, by hand or by psql.
-- A row says where to look again, never what is there. Its address is null where all of the domain is to be read again,
-- and empty where only the domain's own row and names are; without a domain it means everything.
CREATE TABLE gateway.feed (
    domain_id uuid,
    address text COLLATE "C",
    -- Readers go by what they could see, not by a sequence: commits come in another order than their rows.
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX feed_by_transaction ON gateway.feed (xid);
CREATE INDEX feed_by_time ON gateway.feed (at);

-- Wakes readers, and lets go of rows of the day before: who slept longer reads everything again. Bounded, so that no
-- statement pays for a day of others.
CREATE FUNCTION gateway.wake() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM gateway.feed WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM gateway.feed WHERE at < now() - interval '1 day'
         ORDER BY at LIMIT 1000 FOR UPDATE SKIP LOCKED));
    SELECT pg_notify('mailroll_gateway', '');
$$;

-- Inserted or deleted addresses. Many at once are one row for each domain: that is read again as a whole.
CREATE FUNCTION gateway.feed_addresses() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM changed OFFSET 2000) THEN
        INSERT INTO gateway.feed (domain_id) SELECT DISTINCT domain_id FROM changed;
    ELSE
        INSERT INTO gateway.feed (domain_id, address) SELECT domain_id, address FROM changed;
    END IF;
    IF FOUND THEN
        PERFORM gateway.wake();
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION gateway.feed_updated_addresses() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM changed OFFSET 2000) THEN
        INSERT INTO gateway.feed (domain_id)
            SELECT domain_id FROM before UNION SELECT domain_id FROM changed;
    ELSE
        INSERT INTO gateway.feed (domain_id, address)
            SELECT domain_id, address FROM before UNION SELECT domain_id, address FROM changed;
    END IF;
    IF FOUND THEN
        PERFORM gateway.wake();
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION gateway.feed_domains() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'directory_domain' THEN
        INSERT INTO gateway.feed (domain_id, address) SELECT id, '' FROM changed;
    ELSE
        INSERT INTO gateway.feed (domain_id, address) SELECT DISTINCT domain_id, '' FROM changed;
    END IF;
    IF FOUND THEN
        PERFORM gateway.wake();
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION gateway.feed_everything() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO gateway.feed DEFAULT VALUES;
    PERFORM gateway.wake();
    RETURN NULL;
END
$$;

CREATE TRIGGER feed_new AFTER INSERT ON directory_address
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_addresses();
CREATE TRIGGER feed_gone AFTER DELETE ON directory_address
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_addresses();
CREATE TRIGGER feed_changed AFTER UPDATE ON directory_address
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_updated_addresses();
CREATE TRIGGER feed_everything AFTER TRUNCATE ON directory_address
    FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_everything();

CREATE TRIGGER feed_new AFTER INSERT ON directory_waitingaddress
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_addresses();
CREATE TRIGGER feed_gone AFTER DELETE ON directory_waitingaddress
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_addresses();
CREATE TRIGGER feed_changed AFTER UPDATE ON directory_waitingaddress
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_updated_addresses();

CREATE TRIGGER feed_new AFTER INSERT ON directory_domain
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_domains();
CREATE TRIGGER feed_gone AFTER DELETE ON directory_domain
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_domains();
CREATE TRIGGER feed_changed AFTER UPDATE ON directory_domain
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_domains();
CREATE TRIGGER feed_new AFTER INSERT ON directory_domainalias
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_domains();
CREATE TRIGGER feed_gone AFTER DELETE ON directory_domainalias
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_domains();
CREATE TRIGGER feed_changed AFTER UPDATE ON directory_domainalias
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_domains();

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gateway FROM PUBLIC;
