-- Servers keep in memory which tokens work and what each reaches: whoever revokes one wakes them.
CREATE FUNCTION gateway.wake_admissions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('mailroll_gateway', '');
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION gateway.wake_admissions() FROM PUBLIC;

-- Not by the time of its last use, which changes all day.
CREATE TRIGGER wake_admissions AFTER INSERT OR DELETE OR UPDATE OF digest, purposes, expires_at, revoked_at
    ON accounts_token FOR EACH STATEMENT EXECUTE FUNCTION gateway.wake_admissions();
CREATE TRIGGER wake_admissions AFTER INSERT OR DELETE OR UPDATE
    ON accounts_token_organizations FOR EACH STATEMENT EXECUTE FUNCTION gateway.wake_admissions();
CREATE TRIGGER wake_admissions AFTER INSERT OR DELETE OR UPDATE OF parent_id
    ON directory_organization FOR EACH STATEMENT EXECUTE FUNCTION gateway.wake_admissions();
