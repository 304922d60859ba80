-- A domain that nobody has proved is served to nobody: of one name there may be several, and one at most is proved.
CREATE OR REPLACE FUNCTION gateway.named(asked text) RETURNS TABLE (domain_id uuid, name text)
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF octet_length(asked) = char_length(asked) THEN
        RETURN QUERY
            SELECT d.id, d.name FROM public.directory_domain d WHERE d.name = asked AND d.proved_at IS NOT NULL
            UNION ALL
            SELECT a.domain_id, a.name FROM public.directory_domainalias a
              JOIN public.directory_domain d ON d.id = a.domain_id
             WHERE a.name = asked AND a.proved_at IS NOT NULL AND d.proved_at IS NOT NULL
            LIMIT 1;
    ELSE
        RETURN QUERY
            SELECT d.id, d.name FROM public.directory_domain d
             WHERE d.unicode_name = asked AND d.unicode_name <> '' AND d.proved_at IS NOT NULL
            UNION ALL
            SELECT a.domain_id, a.name FROM public.directory_domainalias a
              JOIN public.directory_domain d ON d.id = a.domain_id
             WHERE a.unicode_name = asked AND a.unicode_name <> '' AND a.proved_at IS NOT NULL
               AND d.proved_at IS NOT NULL
            LIMIT 1;
    END IF;
END
$$;

CREATE OR REPLACE VIEW gateway.relay_domains (domain, result) AS
    SELECT name, 'OK'::text FROM directory_domain WHERE proved_at IS NOT NULL
    UNION ALL SELECT unicode_name, 'OK' FROM directory_domain WHERE unicode_name <> '' AND proved_at IS NOT NULL
    UNION ALL SELECT a.name, 'OK' FROM directory_domainalias a JOIN directory_domain d ON d.id = a.domain_id
               WHERE a.proved_at IS NOT NULL AND d.proved_at IS NOT NULL
    UNION ALL SELECT a.unicode_name, 'OK' FROM directory_domainalias a JOIN directory_domain d ON d.id = a.domain_id
               WHERE a.proved_at IS NOT NULL AND a.unicode_name <> '' AND d.proved_at IS NOT NULL;

CREATE OR REPLACE VIEW gateway.relay_recipients (address, result) AS
    SELECT a.address, 'OK'::text
      FROM directory_address a
      JOIN directory_domain d ON d.id = a.domain_id
     WHERE gateway.stage(a.ending_since, a.confirmed_at, now()) IN ('in_service', 'ending')
       AND d.proved_at IS NOT NULL
       AND EXISTS (SELECT FROM gateway.relay_domains r WHERE r.domain = split_part(a.address, '@', 2))
    UNION SELECT 'postmaster@' || domain, 'OK' FROM gateway.relay_domains
    UNION ALL SELECT '@' || named.name, 'OK'
      FROM directory_domain d
     CROSS JOIN LATERAL (SELECT d.name UNION ALL SELECT a.name FROM directory_domainalias a
                          WHERE a.domain_id = d.id AND a.proved_at IS NOT NULL) named
     WHERE d.serving <> 'serve' AND d.proved_at IS NOT NULL;
