-- What mail servers ask. The rule itself is told in gateway/answers.py; a property test holds the two together.
-- Functions run with the rights of their owner, so that a role may ask them and read nothing else.
CREATE SCHEMA gateway;

-- Postfix before 3.8 sends UTF-8 and says that it is LATIN1 (pgsql_table(5), "encoding"): each letter arrives twice
-- encoded. A text that is UTF-8 when written as LATIN1 is one of those.
CREATE FUNCTION gateway.plain(asked text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF octet_length(asked) = char_length(asked) THEN
        RETURN asked;
    END IF;
    RETURN convert_from(convert_to(asked, 'LATIN1'), 'UTF8');
EXCEPTION WHEN untranslatable_character OR character_not_in_repertoire THEN
    RETURN asked;
END
$$;

-- ASCII alone: any other folding would make two people one.
CREATE FUNCTION gateway.lowered(asked text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(asked, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz');

-- The domain that has a name, as its own or as a proved alias, and the name in A-labels.
CREATE FUNCTION gateway.named(asked text) RETURNS TABLE (domain_id uuid, name text)
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF octet_length(asked) = char_length(asked) THEN
        RETURN QUERY
            SELECT d.id, d.name FROM public.directory_domain d WHERE d.name = asked
            UNION ALL
            SELECT a.domain_id, a.name FROM public.directory_domainalias a
             WHERE a.name = asked AND a.proved_at IS NOT NULL
            LIMIT 1;
    ELSE
        RETURN QUERY
            SELECT d.id, d.name FROM public.directory_domain d
             WHERE d.unicode_name = asked AND d.unicode_name <> ''
            UNION ALL
            SELECT a.domain_id, a.name FROM public.directory_domainalias a
             WHERE a.unicode_name = asked AND a.unicode_name <> '' AND a.proved_at IS NOT NULL
            LIMIT 1;
    END IF;
END
$$;

-- Where in its life an address is: in_service, ending, later, ended. See directory/lifecycle.py.
CREATE FUNCTION gateway.stage(ending_since timestamptz, confirmed_at timestamptz, at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN ending_since IS NULL THEN 'in_service'
    WHEN confirmed_at IS NULL OR at < ending_since + interval '24 hours' THEN 'ending'
    WHEN at < greatest(ending_since + interval '24 hours', confirmed_at) + interval '24 hours' THEN 'later'
    ELSE 'ended'
END;

-- accept, later, unknown, cannot_say or not_ours; null for what is no whole address.
CREATE FUNCTION gateway.answer(asked text, at timestamptz DEFAULT now()) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    plain text := gateway.plain(asked);
    label text := substring(plain FROM '@([^@]*)$');
    part text;
    base text;
    held record;
    later boolean := false;
    told text;
    domain record;
BEGIN
    part := gateway.lowered(left(plain, -1 - char_length(label)));
    IF label IS NULL OR label = '' OR part = '' THEN
        RETURN NULL;
    END IF;
    label := CASE WHEN octet_length(label) = char_length(label) THEN gateway.lowered(label) ELSE lower(label) END;
    SELECT d.id, named.name, d.serving, d.plus_tags, d.has_source, d.read_at, d.stale_after INTO domain
      FROM gateway.named(label) named JOIN public.directory_domain d ON d.id = named.domain_id;
    IF NOT FOUND THEN
        RETURN 'not_ours';
    END IF;
    IF domain.serving <> 'serve' OR part = 'postmaster' THEN
        RETURN 'accept';
    END IF;
    FOREACH base IN ARRAY CASE
        WHEN domain.plus_tags AND strpos(part, '+') > 1 THEN ARRAY[part, split_part(part, '+', 1)]
        ELSE ARRAY[part]
    END LOOP
        base := base || '@' || domain.name;
        SELECT gateway.stage(a.ending_since, a.confirmed_at, at) INTO told
          FROM public.directory_address a WHERE a.address = base AND a.domain_id = domain.id;
        IF told IN ('in_service', 'ending') THEN
            RETURN 'accept';
        END IF;
        later := later OR coalesce(told = 'later', false) OR EXISTS (
            SELECT FROM public.directory_waitingaddress w WHERE w.domain_id = domain.id AND w.address = base);
    END LOOP;
    IF later THEN
        RETURN 'later';
    END IF;
    IF domain.read_at IS NULL AND domain.has_source OR domain.read_at > at OR at - domain.read_at > domain.stale_after OR NOT EXISTS (
        SELECT FROM public.directory_address a WHERE a.domain_id = domain.id AND a.ending_since IS NULL)
    THEN
        RETURN 'cannot_say';
    END IF;
    RETURN 'unknown';
END
$$;

-- For check_recipient_access. Never raises: one error takes the whole map away from that smtpd for a minute.
-- No row's worth of answer (null) where Postfix asks for parts of an address, so that it goes on to the next.
CREATE FUNCTION gateway.access(address text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN CASE gateway.answer(address)
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

-- For relay_recipient_maps, which can only say yes, no, or fail: raises where neither yes nor no is true.
CREATE FUNCTION gateway.lookup(address text) RETURNS TABLE (result text)
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    told text := gateway.answer(address);
BEGIN
    IF told = 'accept' THEN
        RETURN QUERY SELECT 'OK'::text;
    ELSIF told IN ('later', 'cannot_say') THEN
        RAISE EXCEPTION 'no answer for this address now: %', told;
    END IF;
END
$$;

-- For relay_domains, by a function for the sake of doubly encoded names.
CREATE FUNCTION gateway.relay_domain(domain text) RETURNS TABLE (result text)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT 'OK'::text FROM gateway.named(gateway.lowered(gateway.plain(domain)))
$$;

CREATE VIEW gateway.relay_domains (domain, result) AS
    SELECT name, 'OK'::text FROM directory_domain
    UNION ALL SELECT unicode_name, 'OK' FROM directory_domain WHERE unicode_name <> ''
    UNION ALL SELECT name, 'OK' FROM directory_domainalias WHERE proved_at IS NOT NULL
    UNION ALL SELECT unicode_name, 'OK' FROM directory_domainalias WHERE proved_at IS NOT NULL AND unicode_name <> '';

-- For reports. Not fail-safe: a row that is missing says "unknown", whatever the reason it is missing for.
CREATE VIEW gateway.relay_recipients (address, result) AS
    SELECT a.address, 'OK'::text
      FROM directory_address a
     WHERE gateway.stage(a.ending_since, a.confirmed_at, now()) IN ('in_service', 'ending')
       AND EXISTS (SELECT FROM gateway.relay_domains d WHERE d.domain = split_part(a.address, '@', 2))
    UNION SELECT 'postmaster@' || domain, 'OK' FROM gateway.relay_domains
    UNION ALL SELECT '@' || named.name, 'OK'
      FROM directory_domain d
     CROSS JOIN LATERAL (SELECT d.name UNION ALL SELECT a.name FROM directory_domainalias a
                          WHERE a.domain_id = d.id AND a.proved_at IS NOT NULL) named
     WHERE d.serving <> 'serve';

REVOKE ALL ON SCHEMA gateway FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gateway FROM PUBLIC;
