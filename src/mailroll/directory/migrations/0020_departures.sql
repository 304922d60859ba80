-- What left the roll on purpose. An entry's address is that of a row, or a name without "@" where a domain or an alias
-- domain went, or empty where a person stands for everything that is missing in the domain.
CREATE TABLE directory_departure (
    domain_id uuid NOT NULL,
    address text COLLATE "C" NOT NULL DEFAULT '',
    -- Which transaction: readers go by what they could see, because commits come in another order than their entries.
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX departure_by_address ON directory_departure (domain_id, address);
CREATE INDEX departure_by_time ON directory_departure (at);

CREATE FUNCTION directory_note_departures() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('mailroll.departures', true) IS DISTINCT FROM 'meant' THEN
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME = 'directory_domain' THEN
        INSERT INTO public.directory_departure (domain_id, address) SELECT id, name FROM changed;
    ELSIF TG_TABLE_NAME = 'directory_domainalias' THEN
        INSERT INTO public.directory_departure (domain_id, address) SELECT domain_id, name FROM changed;
    ELSE
        INSERT INTO public.directory_departure (domain_id, address) SELECT domain_id, address FROM changed;
    END IF;
    -- Bounded, so that no single statement pays for a whole year.
    DELETE FROM public.directory_departure WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM public.directory_departure WHERE at < now() - interval '90 days'
         ORDER BY at LIMIT 1000 FOR UPDATE SKIP LOCKED));
    RETURN NULL;
END
$$;

CREATE TRIGGER note_departures AFTER DELETE ON directory_address
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_note_departures();
CREATE TRIGGER note_departures AFTER DELETE ON directory_domain
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_note_departures();
CREATE TRIGGER note_departures AFTER DELETE ON directory_domainalias
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION directory_note_departures();
