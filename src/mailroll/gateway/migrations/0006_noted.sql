-- When a mail server last asked PostgreSQL about a domain: noted once a minute, never counted, and never at the cost of an
-- answer. No key to the domain: its check would run at the commit, where nothing catches what goes wrong with it.
CREATE TABLE gateway.noted (domain_id uuid PRIMARY KEY, at timestamptz NOT NULL);

-- Whoever would have to wait leaves it: another session is noting, or holds the table. Whatever is raised is for `access`
-- to catch.
CREATE FUNCTION gateway.note(asked text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '20ms' AS $$
DECLARE
    label text := substring(gateway.plain(asked) FROM '@([^@]*)$');
    key uuid;
BEGIN
    label := CASE WHEN octet_length(label) = char_length(label) THEN gateway.lowered(label) ELSE lower(label) END;
    SELECT named.domain_id INTO key FROM gateway.named(label) named WHERE NOT EXISTS (
        SELECT FROM gateway.noted n
         WHERE n.domain_id = named.domain_id AND n.at > clock_timestamp() - interval '1 minute');
    IF key IS NULL OR NOT pg_try_advisory_xact_lock(1835100526, hashtext(key::text)) THEN
        RETURN;
    END IF;
    -- The answer waits neither for the disk nor for a standby. It is no loss where this is lost.
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO gateway.noted AS n VALUES (key, clock_timestamp())
        ON CONFLICT (domain_id) DO UPDATE SET at = excluded.at;
END
$$;

-- As before, and noted: not on a standby or where a transaction only reads, and not where Mailroll's own account asks.
CREATE OR REPLACE FUNCTION gateway.access(address text) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    told text;
BEGIN
    told := gateway.answer(address);
    IF told <> 'not_ours' AND session_user <> current_user AND current_setting('transaction_read_only') = 'off' THEN
        BEGIN
            PERFORM gateway.note(address);
        EXCEPTION WHEN OTHERS OR query_canceled THEN
            NULL;
        END;
    END IF;
    RETURN CASE told
        WHEN 'accept' THEN 'DUNNO'
        WHEN 'not_ours' THEN 'DUNNO'
        WHEN 'later' THEN '450 4.2.1 This mailbox takes no mail at the moment, try again later'
        WHEN 'unknown' THEN '550 5.1.1 No such recipient here'
        WHEN 'cannot_say' THEN '451 4.3.0 The list of recipients is not available, try again later'
    END;
EXCEPTION WHEN OTHERS OR query_canceled THEN
    RETURN '451 4.3.0 The list of recipients is not available, try again later';
END
$$;

CREATE OR REPLACE FUNCTION gateway.lookup(address text) RETURNS TABLE (result text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    told text := gateway.answer(address);
BEGIN
    IF told <> 'not_ours' AND session_user <> current_user AND current_setting('transaction_read_only') = 'off' THEN
        BEGIN
            PERFORM gateway.note(address);
        EXCEPTION WHEN OTHERS OR query_canceled THEN
            NULL;
        END;
    END IF;
    IF told = 'accept' THEN
        RETURN QUERY SELECT 'OK'::text;
    ELSIF told IN ('later', 'cannot_say') THEN
        RAISE EXCEPTION 'no answer for this address now: %', told;
    END IF;
END
$$;

REVOKE ALL ON FUNCTION gateway.note(text) FROM PUBLIC;
