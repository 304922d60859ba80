-- Changes and skips belong to a run that is there: as keys have it, but looked at once for each statement. The run's row is
-- locked as a key would, so whoever deletes it waits for this transaction, and then sees what it wrote.
CREATE FUNCTION sync_check_run() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    runs uuid[];
    found integer;
BEGIN
    SELECT array_agg(DISTINCT run_id) INTO runs FROM changed;
    IF runs IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM FROM public.sync_run WHERE id = ANY (runs) ORDER BY id FOR KEY SHARE;
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found <> cardinality(runs) THEN
        RAISE EXCEPTION 'rows of % belong to a run that is not there', TG_TABLE_NAME
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_TABLE_NAME || '_run_id';
    END IF;
    RETURN NULL;
END
$$;

-- Deleted runs: nothing belongs to them any more. A session keeps the plan that it made first, perhaps for empty tables;
-- rows are looked up by index, which is right for any number of them.
CREATE FUNCTION sync_check_gone_run() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    used boolean;
BEGIN
    -- Who looks with an older view than this statement's would not see what was written since.
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'runs are deleted in transactions that read what is committed'
            USING ERRCODE = 'invalid_transaction_state';
    END IF;
    SELECT EXISTS (SELECT FROM changed JOIN public.sync_runchange r ON r.run_id = changed.id)
        OR EXISTS (SELECT FROM changed JOIN public.sync_runskip r ON r.run_id = changed.id) INTO used;
    IF used THEN
        RAISE EXCEPTION 'changes or skips still belong to a run that is deleted' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION sync_check_emptied_runs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.sync_runchange) OR EXISTS (SELECT FROM public.sync_runskip) THEN
        RAISE EXCEPTION 'changes or skips still belong to runs' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION sync_refuse_other_run() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a row of % keeps its run', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
END
$$;

REVOKE ALL ON FUNCTION sync_check_run(), sync_check_gone_run(), sync_check_emptied_runs(), sync_refuse_other_run()
    FROM PUBLIC;

DO $$
DECLARE
    referring text;
BEGIN
    FOREACH referring IN ARRAY ARRAY['sync_runchange', 'sync_runskip'] LOOP
        EXECUTE format('CREATE TRIGGER check_new AFTER INSERT ON %I REFERENCING NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION sync_check_run()', referring);
        EXECUTE format('CREATE TRIGGER check_place BEFORE UPDATE OF run_id ON %I FOR EACH ROW
            WHEN (OLD.run_id <> NEW.run_id) EXECUTE FUNCTION sync_refuse_other_run()', referring);
    END LOOP;
END
$$;
CREATE TRIGGER check_gone AFTER DELETE ON sync_run
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sync_check_gone_run();
CREATE TRIGGER check_emptied AFTER TRUNCATE ON sync_run
    FOR EACH STATEMENT EXECUTE FUNCTION sync_check_emptied_runs();
CREATE TRIGGER check_place BEFORE UPDATE OF id ON sync_run FOR EACH ROW
    WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION sync_refuse_other_run();
