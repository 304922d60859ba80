-- has account 0001_initial
-- has account 0002_email_max_length
-- has account 0003_alter_emailaddress_create_unique_verified_email
-- has account 0004_alter_emailaddress_drop_unique_email
-- has account 0005_emailaddress_idx_upper_email
-- has account 0006_emailaddress_lower
-- has account 0007_emailaddress_idx_email
-- has account 0008_emailaddress_unique_primary_email_fixup
-- has account 0009_emailaddress_unique_primary_email
-- has accounts 0001_initial
-- has accounts 0002_membership
-- has accounts 0003_no_theme
-- has accounts 0004_cache
-- has accounts 0005_audit_by_user
-- has accounts 0006_audit_moves
-- has accounts 0007_tokens
-- has accounts 0008_throttle
-- has accounts 0009_proof
-- has accounts 0010_visits
-- has accounts 0011_demands
-- has accounts 0012_owned_secrets
-- has accounts 0013_letter_counts
-- has alerts 0001_alerts
-- has alerts 0002_channels
-- has alerts 0003_digest
-- has audit 0001_initial
-- has audit 0002_origins
-- has audit 0003_others_apart
-- has audit 0004_by_action
-- has auth 0001_initial
-- has auth 0002_alter_permission_name_max_length
-- has auth 0003_alter_user_email_max_length
-- has auth 0004_alter_user_username_opts
-- has auth 0005_alter_user_last_login_null
-- has auth 0006_require_contenttypes_0002
-- has auth 0007_alter_validators_add_error_messages
-- has auth 0008_alter_user_username_max_length
-- has auth 0009_alter_user_last_name_max_length
-- has auth 0010_alter_group_name_max_length
-- has auth 0011_update_proxy_permissions
-- has auth 0012_alter_user_first_name_max_length
-- has connections 0001_initial
-- has connections 0002_group_spelling
-- has connections 0003_read_at
-- has connections 0004_vouched
-- has connections 0005_sent_by
-- has connections 0006_dns_proof
-- has connections 0007_notifications
-- has connections 0008_connection_by_tenant
-- has contenttypes 0001_initial
-- has contenttypes 0002_remove_content_type_name
-- has directory 0001_initial
-- has directory 0002_same_domain
-- has directory 0003_group_by_hand
-- has directory 0004_support
-- has directory 0005_retired_by_name
-- has directory 0006_kind_rule
-- has directory 0007_alias_domains
-- has directory 0008_static_note
-- has directory 0009_exemptions
-- has directory 0010_static_upload
-- has directory 0011_group_key
-- has directory 0012_agents
-- has directory 0013_alias_proved
-- has directory 0014_ending
-- has directory 0015_retired_ending
-- has directory 0016_pauses
-- has directory 0017_keeps_asked
-- has directory 0018_has_source
-- has directory 0019_confirmed_by_hand
-- has directory 0020_departures
-- has directory 0021_kept
-- has directory 0022_census
-- has directory 0023_proved
-- has directory 0024_restoration
-- has directory 0025_names_by_shape
-- has directory 0026_roll_marks
-- has directory 0027_roll_counts
-- has directory 0028_statement_checks
-- has directory 0029_domain_by_name
-- has directory 0030_static_users
-- has directory 0031_check_many_addresses
-- has directory 0032_planner_afterwards
-- has directory 0033_hash_digits
-- has directory 0034_domain_unproved
-- has directory 0035_object_first
-- has gateway 0001_functions
-- has gateway 0002_asked
-- has gateway 0003_feed
-- has gateway 0004_missing_rows
-- has gateway 0005_listening
-- has gateway 0006_noted
-- has gateway 0007_admissions
-- has gateway 0008_proved
-- has gateway 0009_answers_by_day
-- has mfa 0001_initial
-- has mfa 0002_authenticator_timestamps
-- has mfa 0003_authenticator_type_uniq
-- has procrastinate 0001_initial
-- has procrastinate 0002_drop_started_at_column
-- has procrastinate 0003_drop_started_at_column
-- has procrastinate 0004_drop_procrastinate_version_table
-- has procrastinate 0005_fix_procrastinate_fetch_job
-- has procrastinate 0006_fix_trigger_status_events_insert
-- has procrastinate 0007_add_queueing_lock_column
-- has procrastinate 0008_close_fetch_job_race_condition
-- has procrastinate 0009_add_defer_job_function
-- has procrastinate 0010_add_procrastinate_periodic_defers
-- has procrastinate 0011_add_foreign_key_index
-- has procrastinate 0012_add_locks_to_periodic_defer
-- has procrastinate 0013_fix_procrastinate_defer_periodic_job
-- has procrastinate 0014_add_finish_job_and_retry_job_functions
-- has procrastinate 0015_add_trigger_on_job_deletion
-- has procrastinate 0016_delete_finished_jobs
-- has procrastinate 0017_add_checks_to_finish_job
-- has procrastinate 0018_add_checks_to_retry_job
-- has procrastinate 0019_fix_finish_job_compat_issue
-- has procrastinate 0020_add_index_on_procrastinate_jobs
-- has procrastinate 0021_add_kwargs_to_defer_periodic_job
-- has procrastinate 0022_null_locks_excluded
-- has procrastinate 0023_remove_old_finish_job_function
-- has procrastinate 0024_job_id_bigint
-- has procrastinate 0025_add_models
-- has procrastinate 0026_add_job_priority
-- has procrastinate 0027_add_periodic_job_priority
-- has procrastinate 0028_add_cancel_states
-- has procrastinate 0029_add_additional_params_to_retry_job
-- has procrastinate 0030_alter_procrastinateevent_options
-- has procrastinate 0031_add_indexes_for_fetch_job
-- has procrastinate 0032_pre_cancel_notification
-- has procrastinate 0033_post_cancel_notification
-- has procrastinate 0034_pre_add_heartbeat
-- has procrastinate 0035_post_add_heartbeat
-- has procrastinate 0036_add_worker_model
-- has procrastinate 0037_pre_batch_defer_jobs
-- has procrastinate 0038_post_batch_defer_jobs
-- has procrastinate 0039_pre_priority_lock_fetch_job
-- has procrastinate 0040_pre_retry_failed_job
-- has procrastinate 0041_post_retry_failed_job
-- has sessions 0001_initial
-- has socialaccount 0001_initial
-- has socialaccount 0002_token_max_lengths
-- has socialaccount 0003_extra_data_default_dict
-- has socialaccount 0004_app_provider_id_settings
-- has socialaccount 0005_socialtoken_nullable_app
-- has socialaccount 0006_alter_socialaccount_extra_data
-- has sync 0001_initial
-- has sync 0002_waiting_sources
-- has sync 0003_consent
-- has sync 0004_schedule_and_progress
-- has sync 0005_run_held_by_domain
-- has sync 0006_kinds_and_filters
-- has sync 0007_static_upload
-- has sync 0008_import_runs
-- has sync 0009_houses
-- has sync 0010_decisions_asked
-- has sync 0011_mailbox_access
-- has sync 0012_shown_digest
-- has sync 0013_run_sources
-- has sync 0014_run_number
-- has sync 0015_run_in_order
-- has sync 0016_unfinished
-- has sync 0017_address_question
-- has sync 0018_run_in_effect
-- has sync 0019_shown_beside
-- has sync 0020_skip_name
-- has sync 0021_change_in_columns
-- has sync 0022_steady_state
-- has sync 0023_standings
-- has sync 0024_totals
-- has sync 0025_since
-- has sync 0026_footing
-- has sync 0027_footing_hash
-- has sync 0028_ladder
-- has sync 0029_notifications
-- has sync 0030_quiet_spell
-- has sync 0031_amended
-- has sync 0032_unit_buckets
-- has sync 0033_doubted_by_time
-- has sync 0034_standing_sums
-- has sync 0035_change_summary
-- has sync 0036_checked_runs
-- has sync 0037_standings_planned_once
-- has sync 0038_bucket_tries
-- has sync 0039_ground_of_place
-- has sync 0040_block_marks
-- has sync 0041_packed_as_they_are
-- has sync 0042_listing_traces
-- has sync 0043_whole_sums
CREATE SCHEMA gateway;

CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);

CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);

CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);

CREATE FUNCTION gateway.access(address text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

CREATE FUNCTION gateway.answer(asked text, at timestamp with time zone DEFAULT now()) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
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
$_$;

CREATE FUNCTION gateway.feed_addresses() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

CREATE FUNCTION gateway.feed_domains() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO gateway.feed DEFAULT VALUES;
    PERFORM gateway.wake();
    RETURN NULL;
END
$$;

CREATE FUNCTION gateway.feed_updated_addresses() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

CREATE FUNCTION gateway.lookup(address text) RETURNS TABLE(result text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

CREATE FUNCTION gateway.lowered(asked text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN translate(asked, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'::text, 'abcdefghijklmnopqrstuvwxyz'::text);

CREATE FUNCTION gateway.named(asked text) RETURNS TABLE(domain_id uuid, name text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

CREATE FUNCTION gateway.note(asked text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET lock_timeout TO '20ms'
    AS $_$
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
$_$;

CREATE FUNCTION gateway.plain(asked text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF octet_length(asked) = char_length(asked) THEN
        RETURN asked;
    END IF;
    RETURN convert_from(convert_to(asked, 'LATIN1'), 'UTF8');
EXCEPTION WHEN untranslatable_character OR character_not_in_repertoire THEN
    RETURN asked;
END
$$;

CREATE FUNCTION gateway.relay_domain(domain text) RETURNS TABLE(result text)
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT 'OK'::text FROM gateway.named(gateway.lowered(gateway.plain(domain)))
$$;

CREATE FUNCTION gateway.stage(ending_since timestamp with time zone, confirmed_at timestamp with time zone, at timestamp with time zone) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (ending_since IS NULL) THEN 'in_service'::text WHEN ((confirmed_at IS NULL) OR (at < (ending_since + '24:00:00'::interval))) THEN 'ending'::text WHEN (at < (GREATEST((ending_since + '24:00:00'::interval), confirmed_at) + '24:00:00'::interval)) THEN 'later'::text ELSE 'ended'::text END;

CREATE FUNCTION gateway.wake() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    DELETE FROM gateway.feed WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM gateway.feed WHERE at < now() - interval '1 day'
         ORDER BY at LIMIT 1000 FOR UPDATE SKIP LOCKED));
    SELECT pg_notify('mailroll_gateway', '');
$$;

CREATE FUNCTION gateway.wake_admissions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    PERFORM pg_notify('mailroll_gateway', '');
    RETURN NULL;
END
$$;

CREATE FUNCTION public.directory_check_addresses() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_seqscan TO 'off'
    SET enable_nestloop TO 'on'
    AS $$
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

CREATE FUNCTION public.directory_check_emptied() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF EXISTS (SELECT FROM public.directory_address) OR TG_TABLE_NAME <> 'directory_user'
       AND EXISTS (SELECT FROM public.directory_user) THEN
        RAISE EXCEPTION 'rows of the roll still refer to what is emptied from %', TG_TABLE_NAME
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.directory_check_gone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_seqscan TO 'off'
    AS $$
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

CREATE FUNCTION public.directory_check_users() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.directory_hold_domains(domains uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.directory_keep_census() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.directory_census AS kept (domain_id, users, billable, retired)
        SELECT domain_id, count(*) FILTER (WHERE retired_at IS NULL),
               count(*) FILTER (WHERE retired_at IS NULL AND billable), count(retired_at)
          FROM changed GROUP BY domain_id ORDER BY domain_id
            ON CONFLICT (domain_id) DO UPDATE SET users = kept.users + EXCLUDED.users,
               billable = kept.billable + EXCLUDED.billable, retired = kept.retired + EXCLUDED.retired;
    ELSIF TG_OP = 'DELETE' THEN
        UPDATE public.directory_census kept
           SET users = kept.users - gone.users, billable = kept.billable - gone.billable,
               retired = kept.retired - gone.retired
          FROM (SELECT domain_id, count(*) FILTER (WHERE retired_at IS NULL) AS users,
                       count(*) FILTER (WHERE retired_at IS NULL AND billable) AS billable,
                       count(retired_at) AS retired
                  FROM changed GROUP BY domain_id) gone
         WHERE kept.domain_id = gone.domain_id;
    ELSE
        UPDATE public.directory_census kept
           SET users = kept.users + moved.users, billable = kept.billable + moved.billable,
               retired = kept.retired + moved.retired
          FROM (SELECT domain_id, coalesce(sum(sign) FILTER (WHERE retired_at IS NULL), 0) AS users,
                       coalesce(sum(sign) FILTER (WHERE retired_at IS NULL AND billable), 0) AS billable,
                       coalesce(sum(sign) FILTER (WHERE retired_at IS NOT NULL), 0) AS retired
                  FROM (SELECT 1 AS sign, domain_id, retired_at, billable FROM changed
                        UNION ALL SELECT -1, domain_id, retired_at, billable FROM before) both_sides
                 GROUP BY domain_id) moved
         WHERE kept.domain_id = moved.domain_id AND (moved.users, moved.billable, moved.retired) <> (0, 0, 0);
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.directory_mark_roll() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.directory_note_departures() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.directory_refuse_move() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    RAISE EXCEPTION 'a row of % keeps its number and its domain', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
END
$$;

CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;

CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    queueing_lock text,
    priority integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);

CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;

CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;

CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;

CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;

CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;

CREATE FUNCTION public.sync_check_emptied_runs() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF EXISTS (SELECT FROM public.sync_runchange) OR EXISTS (SELECT FROM public.sync_runskip) THEN
        RAISE EXCEPTION 'changes or skips still belong to runs' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.sync_check_gone_run() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_seqscan TO 'off'
    AS $$
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

CREATE FUNCTION public.sync_check_run() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.sync_count_runs() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO public.sync_runcount (slot, number)
        SELECT date_bin('15 minutes', started_at, 'epoch'), sum(sign)
          FROM (SELECT before.*, -1 AS sign FROM before UNION ALL SELECT changed.*, 1 FROM changed) moved
         WHERE parent_id IS NULL AND state IN ('applied', 'unchanged')
           AND (trigger NOT IN ('preview', 'import', 'held') OR state = 'applied' OR timings ? 'apply') GROUP BY 1 HAVING sum(sign) <> 0;
    ELSE
        INSERT INTO public.sync_runcount (slot, number)
        SELECT date_bin('15 minutes', started_at, 'epoch'), CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END * count(*)
          FROM changed WHERE parent_id IS NULL AND state IN ('applied', 'unchanged')
           AND (trigger NOT IN ('preview', 'import', 'held') OR state = 'applied' OR timings ? 'apply') GROUP BY 1;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.sync_doubted(findings jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT EXISTS (
        SELECT FROM jsonb_array_elements(findings) one
         WHERE one ->> 'code' = 'no_mailbox_in_domain'
            OR one ->> 'level' IN ('holds-removals', 'holds-plan') AND one ->> 'code' IN ('addresses_not_shown', 'domain_not_verified', 'filter_decides_nobody', 'group_not_told', 'listing_incomplete', 'memberships_unchecked', 'no_mailbox_in_domain', 'object_unreadable', 'properties_missing', 'source_empty', 'source_unread', 'tenant_changed', 'type_unread'))
$$;

CREATE FUNCTION public.sync_forget_summaries() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    DECLARE
        runs uuid[] := (SELECT array_agg(DISTINCT run_id) FROM changed);
        bucket int;
    BEGIN
        FOR bucket IN SELECT DISTINCT hashtext(run::text) & 63 FROM unnest(runs) run ORDER BY 1 LOOP
            PERFORM pg_advisory_xact_lock_shared(7061303, bucket);
        END LOOP;
        DELETE FROM public.sync_changesummary WHERE run_id = ANY (runs);
        RETURN NULL;
    END
    $$;

CREATE FUNCTION public.sync_keep_standings(domains uuid[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
DECLARE
    changed bigint;
BEGIN
    -- First the locks, then a look: what another transaction wrote meanwhile is seen by the next statement.
    PERFORM FROM public.sync_domainstanding WHERE domain_id = ANY (domains) ORDER BY domain_id FOR UPDATE;
    DELETE FROM public.sync_domainstanding kept
     WHERE domain_id = ANY (domains) AND NOT EXISTS (SELECT FROM public.directory_domain d WHERE d.id = kept.domain_id);
    INSERT INTO public.sync_domainstanding AS kept (domain_id, name, users, billable, sources, has_source, read_at, automatic, paused, next_run_at, failed, doubted, held_until, connected, lacks_permission, credential_ends_at, under_way, previewed, held_run_id, last_run_id, organization_id)
    SELECT domain_id, name, users, billable, sources, has_source, read_at, automatic, paused, next_run_at, failed, doubted, held_until, connected, lacks_permission, credential_ends_at, under_way, previewed, held_run_id, last_run_id, organization_id
      FROM (SELECT d.id AS domain_id, d.organization_id, d.name, coalesce(census.users, 0) AS users,
                   coalesce(census.billable, 0) AS billable, coalesce(source.number, 0)::int AS sources,
                   d.has_source, d.read_at,
                   coalesce(schedule.automatic, false) AS automatic, schedule.paused IS NOT NULL AS paused,
                   schedule.next_run_at, latest.id AS last_run_id, coalesce(latest.state = 'failed', false) AS failed,
                   coalesce(public.sync_doubted(latest.findings), false) AS doubted, held.id AS held_run_id,
                   held.valid_until AS held_until, coalesce(source.connected, false) AS connected,
                   coalesce(source.lacks, false) AS lacks_permission, source.credential_ends_at,
                   EXISTS (SELECT FROM public.sync_run r
                            WHERE r.domain_id = d.id AND r.state IN ('reading', 'applying'))
                   OR EXISTS (SELECT FROM public.sync_runrequest q
                               WHERE q.domain_id = d.id AND q.outcome = '') AS under_way,
                   EXISTS (SELECT FROM public.sync_run r WHERE r.domain_id = d.id) AS previewed
              FROM public.directory_domain d
              LEFT JOIN public.directory_census census ON census.domain_id = d.id
              LEFT JOIN public.sync_schedule schedule ON schedule.domain_id = d.id
              LEFT JOIN LATERAL (
                    SELECT count(*) AS number, bool_or(s.enabled AND c.id IS NOT NULL) AS connected,
                           bool_or(s.enabled AND c.health ->> 'state' IN ('incomplete', 'lessened')) AS lacks,
                           min(c.credential_ends_at) FILTER (WHERE s.enabled) AS credential_ends_at
                      FROM public.connections_source s
                      LEFT JOIN public.connections_connection c ON c.id = s.connection_id
                     WHERE s.domain_id = d.id) source ON true
              LEFT JOIN LATERAL (
                    SELECT r.id, r.state, r.findings FROM public.sync_run r
                     WHERE r.domain_id = d.id AND r.parent_id IS NULL AND r.trigger <> 'import'
                       AND r.state NOT IN ('reading', 'applying', 'cancelled')
                       AND (r.trigger NOT IN ('preview', 'held') OR r.state = 'applied' OR r.timings ? 'apply')
                     ORDER BY r.number DESC LIMIT 1) latest ON true
              LEFT JOIN LATERAL (
                    SELECT r.id, r.valid_until FROM public.sync_run r
                     WHERE r.domain_id = d.id AND r.state = 'held'
                     ORDER BY r.number DESC LIMIT 1) held ON true
             WHERE d.id = ANY (domains)) standing
     ORDER BY domain_id
        ON CONFLICT (domain_id) DO UPDATE SET name = EXCLUDED.name, users = EXCLUDED.users, billable = EXCLUDED.billable, sources = EXCLUDED.sources, has_source = EXCLUDED.has_source, read_at = EXCLUDED.read_at, automatic = EXCLUDED.automatic, paused = EXCLUDED.paused, next_run_at = EXCLUDED.next_run_at, failed = EXCLUDED.failed, doubted = EXCLUDED.doubted, held_until = EXCLUDED.held_until, connected = EXCLUDED.connected, lacks_permission = EXCLUDED.lacks_permission, credential_ends_at = EXCLUDED.credential_ends_at, under_way = EXCLUDED.under_way, previewed = EXCLUDED.previewed, held_run_id = EXCLUDED.held_run_id, last_run_id = EXCLUDED.last_run_id, organization_id = EXCLUDED.organization_id
     WHERE kept.* IS DISTINCT FROM EXCLUDED.*;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;

CREATE FUNCTION public.sync_mark_standings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF TG_TABLE_NAME = 'directory_domain' THEN
        INSERT INTO public.sync_standing_mark (domain_id) SELECT id FROM changed ON CONFLICT DO NOTHING;
    ELSIF TG_TABLE_NAME = 'connections_connection' THEN
        -- Most checks find what the last one found.
        INSERT INTO public.sync_standing_mark (domain_id)
        SELECT DISTINCT s.domain_id
          FROM changed JOIN before USING (id) JOIN public.connections_source s ON s.connection_id = id
         WHERE (changed.health ->> 'state', changed.credential_ends_at)
               IS DISTINCT FROM (before.health ->> 'state', before.credential_ends_at)
            ON CONFLICT DO NOTHING;
    ELSE
        INSERT INTO public.sync_standing_mark (domain_id) SELECT DISTINCT domain_id FROM changed ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.sync_refuse_other_run() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    RAISE EXCEPTION 'a row of % keeps its run', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
END
$$;

CREATE FUNCTION public.sync_settle_standings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    marked uuid[];
BEGIN
    -- The first mark of a transaction settles them all; the others find themselves gone.
    IF NOT EXISTS (SELECT FROM public.sync_standing_mark
                    WHERE xid = pg_current_xact_id() AND domain_id = NEW.domain_id) THEN
        RETURN NULL;
    END IF;
    WITH gone AS (DELETE FROM public.sync_standing_mark WHERE xid = pg_current_xact_id() RETURNING domain_id)
    SELECT array_agg(domain_id) INTO marked FROM gone;
    PERFORM public.sync_keep_standings(marked);
    RETURN NULL;
END
$$;

CREATE FUNCTION public.sync_sum_standings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        -- Most updates move times alone, and write nothing.
        INSERT INTO public.sync_standingsum (organization_id, domains, users, billable, automatic, kept)
        SELECT organization_id, sum(sign), sum(sign * users), sum(sign * billable), sum(sign * automatic::int),
               sum(sign * (automatic AND read_at IS NOT NULL)::int)
          FROM (SELECT before.*, -1 AS sign FROM before UNION ALL SELECT changed.*, 1 FROM changed) moved
         GROUP BY organization_id
        HAVING (sum(sign), sum(sign * users), sum(sign * billable), sum(sign * automatic::int),
                sum(sign * (automatic AND read_at IS NOT NULL)::int)) <> (0, 0, 0, 0, 0);
    ELSE
        INSERT INTO public.sync_standingsum (organization_id, domains, users, billable, automatic, kept)
        SELECT organization_id, sign * count(*), sign * sum(users), sign * sum(billable),
               sign * count(*) FILTER (WHERE automatic), sign * count(*) FILTER (WHERE automatic AND read_at IS NOT NULL)
          FROM changed, (SELECT CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END AS sign) which
         GROUP BY organization_id, sign;
    END IF;
    RETURN NULL;
END
$$;

CREATE TABLE gateway.feed (
    domain_id uuid,
    address text COLLATE pg_catalog."C",
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE gateway.noted (
    domain_id uuid NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE TABLE public.directory_domain (
    id uuid NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    revision integer DEFAULT 1 NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    read_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    organization_id uuid NOT NULL,
    unicode_name text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    serving text DEFAULT 'serve'::text NOT NULL,
    plus_tags boolean DEFAULT true NOT NULL,
    stale_after interval DEFAULT '3 days'::interval NOT NULL,
    has_source boolean DEFAULT false NOT NULL,
    proved_at timestamp with time zone,
    proved_by text DEFAULT ''::text NOT NULL,
    claimed_at timestamp with time zone,
    CONSTRAINT directory_domain_fence_check CHECK ((fence >= 0)),
    CONSTRAINT directory_domain_revision_check CHECK ((revision >= 0)),
    CONSTRAINT domain_canonical CHECK (((octet_length(name) <= 253) AND (name ~ '^([a-z0-9-]+\.)+[a-z0-9-]+$'::text))),
    CONSTRAINT domain_proved_somehow CHECK ((((proved_at IS NULL) AND (proved_by = ''::text)) OR ((claimed_at IS NULL) AND (proved_at IS NOT NULL) AND (proved_by = ANY (ARRAY['dns'::text, 'tenant'::text, 'top'::text, 'before'::text]))))),
    CONSTRAINT domain_serving_known CHECK ((serving = ANY (ARRAY['serve'::text, 'watch'::text, 'pass'::text]))),
    CONSTRAINT domain_stale_after_some_time CHECK ((stale_after > '00:00:00'::interval)),
    CONSTRAINT domain_unproved_unread CHECK (((proved_at IS NOT NULL) OR (NOT has_source)))
);

CREATE TABLE public.directory_domainalias (
    name text NOT NULL COLLATE pg_catalog."C",
    domain_id uuid NOT NULL,
    id bigint NOT NULL,
    proved_at timestamp with time zone,
    claimed_at timestamp with time zone,
    unicode_name text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT alias_canonical CHECK (((octet_length(name) <= 253) AND (name ~ '^([a-z0-9-]+\.)+[a-z0-9-]+$'::text))),
    CONSTRAINT alias_claimed_or_proved CHECK (((proved_at IS NULL) OR (claimed_at IS NULL)))
);

CREATE VIEW gateway.relay_domains AS
 SELECT directory_domain.name AS domain,
    'OK'::text AS result
   FROM public.directory_domain
  WHERE (directory_domain.proved_at IS NOT NULL)
UNION ALL
 SELECT directory_domain.unicode_name AS domain,
    'OK'::text AS result
   FROM public.directory_domain
  WHERE ((directory_domain.unicode_name <> ''::text) AND (directory_domain.proved_at IS NOT NULL))
UNION ALL
 SELECT a.name AS domain,
    'OK'::text AS result
   FROM (public.directory_domainalias a
     JOIN public.directory_domain d ON ((d.id = a.domain_id)))
  WHERE ((a.proved_at IS NOT NULL) AND (d.proved_at IS NOT NULL))
UNION ALL
 SELECT a.unicode_name AS domain,
    'OK'::text AS result
   FROM (public.directory_domainalias a
     JOIN public.directory_domain d ON ((d.id = a.domain_id)))
  WHERE ((a.proved_at IS NOT NULL) AND (a.unicode_name <> ''::text) AND (d.proved_at IS NOT NULL));

CREATE TABLE public.directory_address (
    address text NOT NULL COLLATE pg_catalog."C",
    is_primary boolean NOT NULL,
    domain_id uuid NOT NULL,
    user_id uuid NOT NULL,
    ending_since timestamp with time zone,
    confirmed_at timestamp with time zone,
    CONSTRAINT address_canonical CHECK (((octet_length(address) <= 254) AND (address ~ '^[^@A-Z[:space:]]+@([a-z0-9-]+\.)+[a-z0-9-]+$'::text))),
    CONSTRAINT address_confirmed_ending CHECK (((ending_since IS NOT NULL) OR (confirmed_at IS NULL)))
);

CREATE VIEW gateway.relay_recipients AS
(
         SELECT a.address,
            'OK'::text AS result
           FROM (public.directory_address a
             JOIN public.directory_domain d ON ((d.id = a.domain_id)))
          WHERE ((gateway.stage(a.ending_since, a.confirmed_at, now()) = ANY (ARRAY['in_service'::text, 'ending'::text])) AND (d.proved_at IS NOT NULL) AND (EXISTS ( SELECT
                   FROM gateway.relay_domains r
                  WHERE (r.domain = split_part(a.address, '@'::text, 2)))))
        UNION
         SELECT ('postmaster@'::text || relay_domains.domain) AS address,
            'OK'::text AS result
           FROM gateway.relay_domains
) UNION ALL
 SELECT ('@'::text || named.name) AS address,
    'OK'::text AS result
   FROM (public.directory_domain d
     CROSS JOIN LATERAL ( SELECT d.name
        UNION ALL
         SELECT a.name
           FROM public.directory_domainalias a
          WHERE ((a.domain_id = d.id) AND (a.proved_at IS NOT NULL))) named)
  WHERE ((d.serving <> 'serve'::text) AND (d.proved_at IS NOT NULL));

CREATE TABLE public.account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id uuid NOT NULL
);

ALTER TABLE public.account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);

ALTER TABLE public.account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.audit_auditentry (
    id bigint CONSTRAINT accounts_auditentry_id_not_null NOT NULL,
    at timestamp with time zone DEFAULT statement_timestamp() CONSTRAINT accounts_auditentry_at_not_null NOT NULL,
    actor text CONSTRAINT accounts_auditentry_actor_not_null NOT NULL,
    organization uuid,
    action text CONSTRAINT accounts_auditentry_action_not_null NOT NULL,
    subject text CONSTRAINT accounts_auditentry_subject_not_null NOT NULL,
    details jsonb CONSTRAINT accounts_auditentry_details_not_null NOT NULL,
    agent text DEFAULT ''::text NOT NULL,
    client text DEFAULT ''::text NOT NULL
);

ALTER TABLE public.audit_auditentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_auditentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_cache (
    cache_key character varying(255) NOT NULL,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);

CREATE TABLE public.accounts_invitation (
    id uuid NOT NULL,
    email character varying(254) NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL,
    token_hash text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    invited_by_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    mailed boolean DEFAULT false NOT NULL,
    CONSTRAINT invitation_role_known CHECK ((role = ANY (ARRAY['viewer'::text, 'technician'::text, 'administrator'::text])))
);

CREATE TABLE public.accounts_lettercount (
    key character varying(64) NOT NULL COLLATE pg_catalog."C",
    letters integer NOT NULL,
    began_at timestamp with time zone NOT NULL,
    CONSTRAINT accounts_lettercount_letters_check CHECK ((letters >= 0))
);

CREATE TABLE public.accounts_membership (
    id bigint NOT NULL,
    role text NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    operator_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    CONSTRAINT membership_role_known CHECK ((role = ANY (ARRAY['viewer'::text, 'technician'::text, 'administrator'::text])))
);

ALTER TABLE public.accounts_membership ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_membership_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_operator (
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    id uuid NOT NULL,
    email character varying(254) NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    time_zone text DEFAULT ''::text NOT NULL,
    bound_to_id uuid,
    is_proved boolean DEFAULT true NOT NULL,
    CONSTRAINT operator_email_canonical CHECK (((email)::text = lower((email)::text)))
);

CREATE TABLE public.accounts_signinpolicy (
    organization_id uuid NOT NULL,
    demand text NOT NULL,
    CONSTRAINT sign_in_demand_known CHECK ((demand = ANY (ARRAY['nobody'::text, 'administrators'::text, 'technicians'::text, 'everybody'::text])))
);

CREATE TABLE public.accounts_throttle (
    key character varying(64) NOT NULL COLLATE pg_catalog."C",
    tries integer NOT NULL,
    last_at timestamp with time zone NOT NULL,
    next_at timestamp with time zone NOT NULL,
    CONSTRAINT accounts_throttle_tries_check CHECK ((tries >= 0))
);

CREATE TABLE public.accounts_token (
    id uuid NOT NULL,
    name text NOT NULL,
    purposes text[] NOT NULL,
    digest bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone,
    CONSTRAINT token_named CHECK ((NOT (name = ''::text)))
);

CREATE TABLE public.accounts_token_organizations (
    id bigint NOT NULL,
    token_id uuid NOT NULL,
    organization_id uuid NOT NULL
);

ALTER TABLE public.accounts_token_organizations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_token_organizations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_visit (
    id uuid NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    methods text[] NOT NULL,
    began_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    operator_id uuid NOT NULL
);

CREATE TABLE public.alerts_alert (
    id uuid NOT NULL,
    cause text NOT NULL,
    key text NOT NULL,
    severity text NOT NULL,
    state text DEFAULT ''::text NOT NULL,
    size bigint DEFAULT 1 NOT NULL,
    told_size bigint DEFAULT 1 NOT NULL,
    domains uuid[] NOT NULL,
    users bigint DEFAULT 0 NOT NULL,
    facts jsonb NOT NULL,
    since timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    snoozed_until timestamp with time zone,
    snoozed_until_change boolean DEFAULT false NOT NULL,
    snoozed_by text DEFAULT ''::text NOT NULL,
    acknowledged_at timestamp with time zone,
    acknowledged_by text DEFAULT ''::text NOT NULL,
    acknowledged_note text DEFAULT ''::text NOT NULL,
    organization_id uuid NOT NULL,
    CONSTRAINT alert_cause_known CHECK ((cause = ANY (ARRAY['sync_failed'::text, 'sync_late'::text, 'no_access'::text, 'list_old'::text, 'removals_wait'::text, 'permission_missing'::text, 'secret_ends'::text, 'domain_unknown'::text, 'static_due'::text, 'gateway_silent'::text, 'would_refuse'::text, 'channel_fails'::text]))),
    CONSTRAINT alert_severity_known CHECK ((severity = ANY (ARRAY['urgent'::text, 'decide'::text, 'important'::text, 'soon'::text])))
);

CREATE TABLE public.alerts_alertchannel (
    id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    shown text NOT NULL,
    sealed text NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    last_at timestamp with time zone,
    last_answer text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    organization_id uuid NOT NULL,
    CONSTRAINT alert_channel_kind_known CHECK ((kind = ANY (ARRAY['mail'::text, 'webhook'::text, 'service'::text]))),
    CONSTRAINT alert_channel_whole CHECK (((NOT (name = ''::text)) AND (NOT (sealed = ''::text)))),
    CONSTRAINT alerts_alertchannel_failures_check CHECK ((failures >= 0))
);

CREATE TABLE public.alerts_alertcheck (
    id smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT alert_check_one_row CHECK ((id = 1))
);

CREATE TABLE public.alerts_alertdelivery (
    id uuid NOT NULL,
    events jsonb NOT NULL,
    alerts uuid[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    next_at timestamp with time zone,
    tries integer DEFAULT 0 NOT NULL,
    sent_at timestamp with time zone,
    answer text DEFAULT ''::text NOT NULL,
    channel_id uuid,
    operator_id uuid,
    CONSTRAINT alert_delivery_to_one CHECK ((((channel_id IS NOT NULL) AND (operator_id IS NULL)) OR ((channel_id IS NULL) AND (operator_id IS NOT NULL)))),
    CONSTRAINT alerts_alertdelivery_tries_check CHECK ((tries >= 0))
);

CREATE TABLE public.alerts_alertdigest (
    organization_id uuid NOT NULL,
    "on" boolean NOT NULL,
    minute smallint NOT NULL,
    CONSTRAINT alert_digest_minute_of_day CHECK ((minute < 1440)),
    CONSTRAINT alerts_alertdigest_minute_check CHECK ((minute >= 0))
);

CREATE TABLE public.alerts_alertrule (
    id bigint NOT NULL,
    cause text NOT NULL,
    severity text NOT NULL,
    threshold integer,
    administrators boolean NOT NULL,
    organization_id uuid NOT NULL,
    CONSTRAINT alert_rule_severity_known CHECK ((severity = ANY (ARRAY['urgent'::text, 'decide'::text, 'important'::text, 'soon'::text]))),
    CONSTRAINT alerts_alertrule_threshold_check CHECK ((threshold >= 0))
);

CREATE TABLE public.alerts_alertrule_channels (
    id bigint NOT NULL,
    alertrule_id bigint NOT NULL,
    alertchannel_id uuid NOT NULL
);

ALTER TABLE public.alerts_alertrule_channels ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.alerts_alertrule_channels_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.alerts_alertrule ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.alerts_alertrule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.alerts_digestday (
    id bigint NOT NULL,
    day date NOT NULL,
    operator_id uuid NOT NULL
);

ALTER TABLE public.alerts_digestday ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.alerts_digestday_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.audit_repetition (
    key character varying(64) NOT NULL COLLATE pg_catalog."C",
    action text NOT NULL,
    times bigint NOT NULL,
    since timestamp with time zone NOT NULL
);

CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);

ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);

ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);

ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.connections_certificatedraft (
    source_id uuid CONSTRAINT sync_certificatedraft_source_id_not_null NOT NULL,
    certificate text CONSTRAINT sync_certificatedraft_certificate_not_null NOT NULL,
    sealed_key text CONSTRAINT sync_certificatedraft_sealed_key_not_null NOT NULL,
    ends_at timestamp with time zone CONSTRAINT sync_certificatedraft_ends_at_not_null NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() CONSTRAINT sync_certificatedraft_created_at_not_null NOT NULL
);

CREATE TABLE public.connections_changesubscription (
    id uuid NOT NULL,
    type text NOT NULL,
    remote_id text NOT NULL,
    url text NOT NULL,
    state_hash bytea NOT NULL,
    ends_at timestamp with time zone,
    attend_at timestamp with time zone NOT NULL,
    attended_at timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    problem jsonb,
    connection_id uuid NOT NULL,
    CONSTRAINT connections_changesubscription_failures_check CHECK ((failures >= 0))
);

CREATE TABLE public.connections_connection (
    id uuid CONSTRAINT sync_connection_id_not_null NOT NULL,
    kind text CONSTRAINT sync_connection_kind_not_null NOT NULL,
    cloud text CONSTRAINT sync_connection_cloud_not_null NOT NULL,
    login_url text CONSTRAINT sync_connection_login_url_not_null NOT NULL,
    graph_url text CONSTRAINT sync_connection_graph_url_not_null NOT NULL,
    ca_file text CONSTRAINT sync_connection_ca_file_not_null NOT NULL,
    tenant_id text CONSTRAINT sync_connection_tenant_id_not_null NOT NULL,
    client_id text CONSTRAINT sync_connection_client_id_not_null NOT NULL,
    credential_kind text CONSTRAINT sync_connection_credential_kind_not_null NOT NULL,
    sealed_credential text CONSTRAINT sync_connection_sealed_credential_not_null NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() CONSTRAINT sync_connection_created_at_not_null NOT NULL,
    organization_id uuid CONSTRAINT sync_connection_organization_id_not_null NOT NULL,
    consent jsonb CONSTRAINT sync_connection_consent_not_null NOT NULL,
    credential_ends_at timestamp with time zone,
    health jsonb CONSTRAINT sync_connection_health_not_null NOT NULL,
    hybrid boolean DEFAULT false CONSTRAINT sync_connection_hybrid_not_null NOT NULL,
    vouched boolean DEFAULT false NOT NULL,
    CONSTRAINT connection_credential CHECK ((credential_kind = ANY (ARRAY['secret'::text, 'certificate'::text, 'installation'::text]))),
    CONSTRAINT connection_credential_sealed CHECK (((NOT (sealed_credential = ''::text)) OR (credential_kind = 'installation'::text)))
);

CREATE TABLE public.connections_consentattempt (
    id uuid CONSTRAINT sync_consentattempt_id_not_null NOT NULL,
    start uuid CONSTRAINT sync_consentattempt_start_not_null NOT NULL,
    origin text CONSTRAINT sync_consentattempt_origin_not_null NOT NULL,
    cloud text CONSTRAINT sync_consentattempt_cloud_not_null NOT NULL,
    client_id text CONSTRAINT sync_consentattempt_client_id_not_null NOT NULL,
    step text CONSTRAINT sync_consentattempt_step_not_null NOT NULL,
    hand_over_hash bytea,
    signin_hash bytea,
    consent_hash bytea,
    browser_hash bytea,
    sealed text CONSTRAINT sync_consentattempt_sealed_not_null NOT NULL,
    tenant_id text CONSTRAINT sync_consentattempt_tenant_id_not_null NOT NULL,
    object_id text CONSTRAINT sync_consentattempt_object_id_not_null NOT NULL,
    account text CONSTRAINT sync_consentattempt_account_not_null NOT NULL,
    role text CONSTRAINT sync_consentattempt_role_not_null NOT NULL,
    refusal jsonb,
    waits jsonb,
    tries integer CONSTRAINT sync_consentattempt_tries_not_null NOT NULL,
    next_try_at timestamp with time zone,
    started_at timestamp with time zone CONSTRAINT sync_consentattempt_started_at_not_null NOT NULL,
    expires_at timestamp with time zone CONSTRAINT sync_consentattempt_expires_at_not_null NOT NULL,
    accepted_at timestamp with time zone,
    finished_at timestamp with time zone,
    domain_id uuid CONSTRAINT sync_consentattempt_domain_id_not_null NOT NULL,
    operator_id uuid,
    source_id uuid CONSTRAINT sync_consentattempt_source_id_not_null NOT NULL,
    link_id uuid,
    CONSTRAINT consent_attempt_by_operator_or_link CHECK ((((link_id IS NULL) AND (operator_id IS NOT NULL)) OR ((link_id IS NOT NULL) AND (operator_id IS NULL)))),
    CONSTRAINT consent_attempt_step_known CHECK ((step = ANY (ARRAY['handed-over'::text, 'signing-in'::text, 'redeeming'::text, 'consenting'::text, 'waiting'::text, 'done'::text, 'refused'::text]))),
    CONSTRAINT sync_consentattempt_tries_check CHECK ((tries >= 0))
);

CREATE TABLE public.connections_consentlink (
    id uuid CONSTRAINT sync_consentlink_id_not_null NOT NULL,
    token_hash bytea CONSTRAINT sync_consentlink_token_hash_not_null NOT NULL,
    sealed_token text CONSTRAINT sync_consentlink_sealed_token_not_null NOT NULL,
    created_at timestamp with time zone CONSTRAINT sync_consentlink_created_at_not_null NOT NULL,
    expires_at timestamp with time zone CONSTRAINT sync_consentlink_expires_at_not_null NOT NULL,
    sent_to text CONSTRAINT sync_consentlink_sent_to_not_null NOT NULL,
    sent_at timestamp with time zone,
    opened_at timestamp with time zone,
    accepted_at timestamp with time zone,
    refused jsonb,
    ended_at timestamp with time zone,
    created_by_id uuid CONSTRAINT sync_consentlink_created_by_id_not_null NOT NULL,
    domain_id uuid CONSTRAINT sync_consentlink_domain_id_not_null NOT NULL,
    source_id uuid CONSTRAINT sync_consentlink_source_id_not_null NOT NULL,
    sent_by_id uuid
);

CREATE TABLE public.connections_dnsproof (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    token text NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    asked_at timestamp with time zone,
    next_at timestamp with time zone,
    error jsonb,
    domain_id uuid NOT NULL,
    CONSTRAINT dns_proof_has_a_token CHECK ((NOT (token = ''::text)))
);

ALTER TABLE public.connections_dnsproof ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.connections_dnsproof_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.connections_partedsubscription (
    id uuid NOT NULL,
    kind text NOT NULL,
    remote_id text NOT NULL,
    sealed_access text NOT NULL,
    parted_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL
);

CREATE TABLE public.connections_source (
    owner_id uuid CONSTRAINT sync_source_owner_id_not_null NOT NULL,
    "group" text CONSTRAINT sync_source_group_not_null NOT NULL,
    precedence integer CONSTRAINT sync_source_precedence_not_null NOT NULL,
    enabled boolean DEFAULT true CONSTRAINT sync_source_enabled_not_null NOT NULL,
    adopts boolean DEFAULT false CONSTRAINT sync_source_adopts_not_null NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() CONSTRAINT sync_source_created_at_not_null NOT NULL,
    connection_id uuid,
    domain_id uuid CONSTRAINT sync_source_domain_id_not_null NOT NULL,
    kind text DEFAULT 'microsoft365'::text CONSTRAINT sync_source_kind_not_null NOT NULL,
    tenant text DEFAULT ''::text CONSTRAINT sync_source_tenant_not_null NOT NULL,
    contacts boolean DEFAULT true CONSTRAINT sync_source_contacts_not_null NOT NULL,
    filter jsonb,
    groups boolean DEFAULT true CONSTRAINT sync_source_groups_not_null NOT NULL,
    guests boolean DEFAULT false CONSTRAINT sync_source_guests_not_null NOT NULL,
    read_at timestamp with time zone,
    CONSTRAINT source_connected_where_enabled CHECK (((NOT enabled) OR (connection_id IS NOT NULL))),
    CONSTRAINT sync_source_precedence_check CHECK ((precedence >= 0))
);

CREATE TABLE public.directory_census (
    domain_id uuid NOT NULL,
    users bigint NOT NULL,
    billable bigint NOT NULL,
    retired bigint NOT NULL
);

CREATE TABLE public.directory_departure (
    domain_id uuid NOT NULL,
    address text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE public.directory_domainalias ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.directory_domainalias_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.directory_exemption (
    id bigint NOT NULL,
    external_id text NOT NULL COLLATE pg_catalog."C",
    display_name text NOT NULL,
    address text NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    domain_id uuid NOT NULL,
    CONSTRAINT exemption_of_an_object CHECK ((NOT (external_id = ''::text)))
);

ALTER TABLE public.directory_exemption ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.directory_exemption_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.directory_group (
    id bigint NOT NULL,
    name text NOT NULL,
    domain_id uuid NOT NULL,
    key text,
    CONSTRAINT group_named CHECK ((NOT (name = ''::text)))
);

ALTER TABLE public.directory_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.directory_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.directory_organization (
    id uuid NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    parent_id uuid,
    help_url text DEFAULT ''::text NOT NULL,
    ticket_url text DEFAULT ''::text NOT NULL,
    keeps_asked boolean DEFAULT true NOT NULL,
    CONSTRAINT organization_named CHECK ((NOT (name = ''::text))),
    CONSTRAINT organization_not_its_own_parent CHECK ((NOT ((parent_id = id) AND (parent_id IS NOT NULL))))
);

CREATE TABLE public.directory_owner (
    id uuid NOT NULL,
    label text NOT NULL,
    domain_id uuid NOT NULL
);

CREATE TABLE public.directory_pause (
    id bigint NOT NULL,
    domain_id uuid,
    organization_id uuid,
    since timestamp with time zone NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT pause_of_one_thing CHECK (((domain_id IS NULL) OR (organization_id IS NULL)))
);

ALTER TABLE public.directory_pause ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.directory_pause_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.directory_restoration (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    made_at timestamp with time zone NOT NULL,
    version text NOT NULL,
    actor text NOT NULL
);

ALTER TABLE public.directory_restoration ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.directory_restoration_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.directory_rollcount (
    domain_id uuid NOT NULL,
    stamp text NOT NULL,
    counts jsonb NOT NULL
);

CREATE TABLE public.directory_rollmark (
    id uuid NOT NULL,
    domain_id uuid NOT NULL
);

CREATE TABLE public.directory_rollsurvey (
    domain_id uuid NOT NULL,
    marks text NOT NULL,
    rows text NOT NULL
);

CREATE TABLE public.directory_staticnote (
    user_id uuid NOT NULL,
    responsible text DEFAULT ''::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    review_on date,
    domain_id uuid NOT NULL
);

CREATE TABLE public.directory_staticupload (
    id uuid CONSTRAINT sync_staticupload_id_not_null NOT NULL,
    name text CONSTRAINT sync_staticupload_name_not_null NOT NULL,
    content bytea CONSTRAINT sync_staticupload_content_not_null NOT NULL,
    uploaded_at timestamp with time zone CONSTRAINT sync_staticupload_uploaded_at_not_null NOT NULL,
    domain_id uuid CONSTRAINT sync_staticupload_domain_id_not_null NOT NULL
);

CREATE TABLE public.directory_user (
    id uuid NOT NULL,
    external_id text COLLATE pg_catalog."C",
    object_type text,
    display_name text NOT NULL,
    kind text NOT NULL,
    billable boolean NOT NULL,
    kind_by_hand boolean DEFAULT false NOT NULL,
    pinned boolean DEFAULT false NOT NULL,
    exempt boolean DEFAULT false NOT NULL,
    former_addresses text[] NOT NULL,
    retired_at timestamp with time zone,
    content_hash character varying(32) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    domain_id uuid NOT NULL,
    group_id bigint NOT NULL,
    owner_id uuid,
    group_by_hand boolean DEFAULT false NOT NULL,
    kind_rule text DEFAULT ''::text NOT NULL,
    kept boolean DEFAULT false NOT NULL,
    CONSTRAINT user_content_hash_form CHECK (((NOT ((content_hash)::text ~ '[^0-9a-f]'::text)) AND (octet_length((content_hash)::text) = 32))),
    CONSTRAINT user_external_id_absent_or_given CHECK ((NOT ((external_id = ''::text) AND (external_id IS NOT NULL)))),
    CONSTRAINT user_kind_known CHECK ((kind = ANY (ARRAY['user'::text, 'shared'::text, 'room'::text, 'equipment'::text, 'linked'::text, 'others'::text, 'shared-or-resource'::text, 'unlicensed'::text, 'agent'::text, 'group'::text, 'contact'::text, 'static'::text]))),
    CONSTRAINT user_object_type_known CHECK ((object_type = ANY (ARRAY['user'::text, 'group'::text, 'contact'::text])))
);

CREATE TABLE public.directory_waitingaddress (
    id bigint NOT NULL,
    domain_id uuid NOT NULL,
    address text NOT NULL COLLATE pg_catalog."C",
    since timestamp with time zone NOT NULL
);

ALTER TABLE public.directory_waitingaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.directory_waitingaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);

ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);

CREATE TABLE public.gateway_answercount (
    id bigint NOT NULL,
    day date NOT NULL,
    answer text NOT NULL,
    count bigint NOT NULL,
    domain_id uuid NOT NULL,
    CONSTRAINT gateway_answercount_count_check CHECK ((count >= 0))
);

ALTER TABLE public.gateway_answercount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.gateway_answercount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.gateway_asker (
    id bigint NOT NULL,
    kind text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    last_at timestamp with time zone NOT NULL,
    domain_id uuid NOT NULL
);

ALTER TABLE public.gateway_asker ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.gateway_asker_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.gateway_knownaddress (
    id bigint NOT NULL,
    address text NOT NULL COLLATE pg_catalog."C",
    last_on date NOT NULL,
    counts integer[] NOT NULL,
    domain_id uuid NOT NULL
);

ALTER TABLE public.gateway_knownaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.gateway_knownaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.gateway_listeningplace (
    id bigint NOT NULL,
    machine text NOT NULL,
    place text NOT NULL,
    told_at timestamp with time zone NOT NULL
);

ALTER TABLE public.gateway_listeningplace ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.gateway_listeningplace_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.gateway_missingrows (
    domain_id uuid NOT NULL,
    name text NOT NULL,
    count bigint NOT NULL,
    sample text[] NOT NULL,
    since timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT gateway_missingrows_count_check CHECK ((count >= 0))
);

CREATE TABLE public.gateway_refusedaddress (
    id bigint NOT NULL,
    address text NOT NULL COLLATE pg_catalog."C",
    watched boolean NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    count bigint NOT NULL,
    domain_id uuid NOT NULL,
    CONSTRAINT gateway_refusedaddress_count_check CHECK ((count >= 0))
);

ALTER TABLE public.gateway_refusedaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.gateway_refusedaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);

ALTER TABLE public.mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mfa_authenticator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);

CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;

CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;

CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);

CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;

CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.socialaccount_socialaccount (
    id integer NOT NULL,
    provider character varying(200) NOT NULL,
    uid character varying(191) NOT NULL,
    last_login timestamp with time zone NOT NULL,
    date_joined timestamp with time zone NOT NULL,
    extra_data jsonb NOT NULL,
    user_id uuid NOT NULL
);

ALTER TABLE public.socialaccount_socialaccount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.socialaccount_socialaccount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.socialaccount_socialapp (
    id integer NOT NULL,
    provider character varying(30) NOT NULL,
    name character varying(40) NOT NULL,
    client_id character varying(191) NOT NULL,
    secret character varying(191) NOT NULL,
    key character varying(191) NOT NULL,
    provider_id character varying(200) NOT NULL,
    settings jsonb NOT NULL
);

ALTER TABLE public.socialaccount_socialapp ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.socialaccount_socialapp_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.socialaccount_socialtoken (
    id integer NOT NULL,
    token text NOT NULL,
    token_secret text NOT NULL,
    expires_at timestamp with time zone,
    account_id integer NOT NULL,
    app_id integer
);

ALTER TABLE public.socialaccount_socialtoken ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.socialaccount_socialtoken_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sync_addressquestion (
    id uuid NOT NULL,
    address text NOT NULL COLLATE pg_catalog."C",
    actor text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    answer jsonb,
    error jsonb,
    domain_id uuid NOT NULL
);

CREATE TABLE public.sync_changesummary (
    id bigint NOT NULL,
    run_id uuid NOT NULL,
    digest text NOT NULL,
    lines jsonb NOT NULL
);

ALTER TABLE public.sync_changesummary ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sync_changesummary_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sync_countedtotal (
    id bigint NOT NULL,
    name text NOT NULL,
    labels text NOT NULL,
    value double precision NOT NULL
);

ALTER TABLE public.sync_countedtotal ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sync_countedtotal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sync_domainstanding (
    domain_id uuid NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    users integer NOT NULL,
    billable integer NOT NULL,
    sources integer NOT NULL,
    has_source boolean NOT NULL,
    read_at timestamp with time zone,
    automatic boolean NOT NULL,
    paused boolean NOT NULL,
    next_run_at timestamp with time zone,
    failed boolean NOT NULL,
    doubted boolean NOT NULL,
    held_until timestamp with time zone,
    connected boolean NOT NULL,
    lacks_permission boolean NOT NULL,
    credential_ends_at timestamp with time zone,
    under_way boolean NOT NULL,
    previewed boolean NOT NULL,
    held_run_id uuid,
    last_run_id uuid,
    organization_id uuid NOT NULL,
    CONSTRAINT sync_domainstanding_sources_check CHECK ((sources >= 0))
);

CREATE UNLOGGED TABLE public.sync_listingtrace (
    domain_id uuid NOT NULL,
    trace bytea NOT NULL,
    marks bytea NOT NULL
);
ALTER TABLE ONLY public.sync_listingtrace ALTER COLUMN trace SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.sync_listingtrace ALTER COLUMN marks SET STORAGE EXTERNAL;

CREATE TABLE public.sync_mailboxaccess (
    connection_id uuid NOT NULL,
    grants character varying(16) NOT NULL,
    refusal jsonb,
    tries smallint DEFAULT 0 NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    CONSTRAINT sync_mailboxaccess_tries_check CHECK ((tries >= 0))
);

CREATE TABLE public.sync_mailboxpurpose (
    id bigint NOT NULL,
    object text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL,
    purpose text NOT NULL,
    key character varying(16) NOT NULL,
    tries smallint DEFAULT 0 NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    connection_id uuid NOT NULL,
    CONSTRAINT purpose_named CHECK (((NOT (state = 'known'::text)) OR (NOT (purpose = ''::text)))),
    CONSTRAINT purpose_state_known CHECK ((state = ANY (ARRAY['known'::text, 'none'::text, 'unknown'::text]))),
    CONSTRAINT sync_mailboxpurpose_tries_check CHECK ((tries >= 0))
);

ALTER TABLE public.sync_mailboxpurpose ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sync_mailboxpurpose_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sync_quietspell (
    domain_id uuid NOT NULL,
    ground character varying(64) NOT NULL,
    types text[] NOT NULL,
    began_at timestamp with time zone NOT NULL,
    until timestamp with time zone,
    checks integer DEFAULT 0 NOT NULL,
    checked_at timestamp with time zone,
    lease bigint DEFAULT 0 NOT NULL,
    leased_until timestamp with time zone,
    CONSTRAINT sync_quietspell_checks_check CHECK ((checks >= 0)),
    CONSTRAINT sync_quietspell_lease_check CHECK ((lease >= 0))
);

CREATE SEQUENCE public.sync_run_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.sync_run (
    id uuid NOT NULL,
    trigger text NOT NULL,
    state text NOT NULL,
    actor text NOT NULL,
    fence bigint NOT NULL,
    revision integer NOT NULL,
    tenants text[] NOT NULL,
    digest text NOT NULL,
    fingerprint text NOT NULL,
    counts jsonb NOT NULL,
    findings jsonb NOT NULL,
    error jsonb,
    timings jsonb NOT NULL,
    started_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone,
    valid_until timestamp with time zone,
    finished_at timestamp with time zone,
    decided_by text NOT NULL,
    decision_reason text NOT NULL,
    domain_id uuid NOT NULL,
    parent_id uuid,
    waits_in_id uuid,
    opened_at timestamp with time zone,
    shown_digest text DEFAULT ''::text NOT NULL,
    sources jsonb DEFAULT '[]'::jsonb NOT NULL,
    number bigint DEFAULT nextval('public.sync_run_number'::regclass) NOT NULL,
    CONSTRAINT run_state_known CHECK ((state = ANY (ARRAY['reading'::text, 'planned'::text, 'held'::text, 'applying'::text, 'applied'::text, 'unchanged'::text, 'failed'::text, 'superseded'::text, 'discarded'::text, 'lapsed'::text, 'cancelled'::text]))),
    CONSTRAINT run_trigger_known CHECK ((trigger = ANY (ARRAY['preview'::text, 'manual'::text, 'automatic'::text, 'held'::text, 'import'::text]))),
    CONSTRAINT sync_run_fence_check CHECK ((fence >= 0)),
    CONSTRAINT sync_run_revision_check CHECK ((revision >= 0))
);

CREATE TABLE public.sync_runchange (
    id bigint NOT NULL,
    "position" integer NOT NULL,
    action text NOT NULL,
    "user" uuid NOT NULL,
    external_id text NOT NULL,
    address text NOT NULL,
    before jsonb,
    reasons jsonb NOT NULL,
    run_id uuid NOT NULL,
    lead text NOT NULL,
    object_type text NOT NULL,
    display_name text NOT NULL,
    kind text NOT NULL,
    kind_rule text NOT NULL,
    "group" text NOT NULL,
    "primary" text NOT NULL,
    billable boolean NOT NULL,
    kept boolean NOT NULL,
    retired boolean NOT NULL,
    aliases text[] NOT NULL,
    former text[] NOT NULL,
    owner uuid,
    content_hash character varying(32) NOT NULL,
    CONSTRAINT run_change_action_known CHECK ((action = ANY (ARRAY['create'::text, 'adopt'::text, 'update'::text, 'retire'::text, 'restore'::text, 'remove'::text]))),
    CONSTRAINT sync_runchange_position_check CHECK (("position" >= 0))
);

ALTER TABLE public.sync_runchange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sync_runchange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sync_runcount (
    id bigint NOT NULL,
    slot timestamp with time zone NOT NULL,
    number integer NOT NULL
);

ALTER TABLE public.sync_runcount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sync_runcount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sync_runprogress (
    run_id uuid NOT NULL,
    step text NOT NULL,
    done integer DEFAULT 0 NOT NULL,
    total integer,
    objects_read integer DEFAULT 0 NOT NULL,
    began jsonb NOT NULL,
    cancelled_by text DEFAULT ''::text NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT progress_step_known CHECK ((step = ANY (ARRAY['connect'::text, 'read'::text, 'match'::text, 'compare'::text, 'check'::text, 'apply'::text]))),
    CONSTRAINT sync_runprogress_done_check CHECK ((done >= 0)),
    CONSTRAINT sync_runprogress_objects_read_check CHECK ((objects_read >= 0)),
    CONSTRAINT sync_runprogress_total_check CHECK ((total >= 0))
);

CREATE TABLE public.sync_runrequest (
    id uuid NOT NULL,
    trigger text NOT NULL,
    actor text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    run uuid,
    outcome text NOT NULL,
    settled_at timestamp with time zone,
    domain_id uuid NOT NULL,
    decides_id uuid,
    decision text DEFAULT ''::text NOT NULL,
    error jsonb,
    reason text DEFAULT ''::text NOT NULL,
    shown_id uuid,
    CONSTRAINT request_decision_whole CHECK ((((decides_id IS NULL) AND (decision = ''::text) AND (reason = ''::text)) OR ((decision = ANY (ARRAY['apply'::text, 'release'::text])) AND (decides_id IS NOT NULL)))),
    CONSTRAINT request_outcome_known CHECK (((outcome = ''::text) OR (outcome = ANY (ARRAY['done'::text, 'joined'::text, 'cancelled'::text, 'refused'::text])))),
    CONSTRAINT request_trigger_known CHECK ((trigger = ANY (ARRAY['preview'::text, 'manual'::text, 'automatic'::text, 'held'::text, 'import'::text])))
);

CREATE TABLE public.sync_runskip (
    id bigint NOT NULL,
    external_id text NOT NULL,
    address text NOT NULL,
    reason jsonb NOT NULL,
    run_id uuid NOT NULL,
    name text DEFAULT ''::text NOT NULL
);

ALTER TABLE public.sync_runskip ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sync_runskip_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sync_sample (
    connection_id uuid NOT NULL,
    data bytea,
    read_at timestamp with time zone,
    asked_at timestamp with time zone,
    memberships jsonb NOT NULL,
    error jsonb
);

CREATE TABLE public.sync_schedule (
    domain_id uuid NOT NULL,
    automatic boolean DEFAULT false NOT NULL,
    "interval" integer DEFAULT 60 NOT NULL,
    jitter double precision NOT NULL,
    next_run_at timestamp with time zone,
    previewed_revision integer,
    switched_by text NOT NULL,
    switched_at timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    paused jsonb,
    filtered_revision integer,
    rung integer DEFAULT 0 NOT NULL,
    failing jsonb,
    hinted_at timestamp with time zone,
    CONSTRAINT schedule_has_a_next_run_where_on CHECK (((NOT automatic) OR (next_run_at IS NOT NULL))),
    CONSTRAINT schedule_interval_sane CHECK ((("interval" >= 5) AND ("interval" <= 10080))),
    CONSTRAINT schedule_jitter_below_one CHECK (((jitter >= (0.0)::double precision) AND (jitter < (1.0)::double precision))),
    CONSTRAINT sync_schedule_failures_check CHECK ((failures >= 0)),
    CONSTRAINT sync_schedule_filtered_revision_check CHECK ((filtered_revision >= 0)),
    CONSTRAINT sync_schedule_interval_check CHECK (("interval" >= 0)),
    CONSTRAINT sync_schedule_previewed_revision_check CHECK ((previewed_revision >= 0)),
    CONSTRAINT sync_schedule_rung_check CHECK ((rung >= 0))
);

CREATE UNLOGGED TABLE public.sync_standing_mark (
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    domain_id uuid NOT NULL
);

CREATE TABLE public.sync_standingsum (
    id bigint NOT NULL,
    organization_id uuid NOT NULL,
    domains integer NOT NULL,
    users bigint NOT NULL,
    billable bigint NOT NULL,
    automatic integer NOT NULL,
    kept integer NOT NULL,
    is_whole boolean DEFAULT false NOT NULL
);

ALTER TABLE public.sync_standingsum ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sync_standingsum_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sync_steadystate (
    domain_id uuid NOT NULL,
    place character varying(64) NOT NULL,
    said character varying(64) NOT NULL,
    imprint character varying(64) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    run_id uuid NOT NULL,
    since text DEFAULT ''::text NOT NULL,
    footing jsonb,
    left_out bytea,
    footing_hash character varying(64) DEFAULT ''::character varying NOT NULL,
    amended jsonb,
    ground character varying(64) DEFAULT ''::character varying NOT NULL,
    beside character varying(64) DEFAULT ''::character varying NOT NULL
);

CREATE TABLE public.sync_unfinishedpage (
    id bigint NOT NULL,
    number integer NOT NULL,
    sealed text NOT NULL,
    reading_id bigint NOT NULL,
    CONSTRAINT sync_unfinishedpage_number_check CHECK ((number >= 0))
);

ALTER TABLE public.sync_unfinishedpage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sync_unfinishedpage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sync_unfinishedreading (
    id bigint NOT NULL,
    key character varying(64) NOT NULL,
    began_at timestamp with time zone NOT NULL,
    connection_id uuid NOT NULL,
    domain_id uuid NOT NULL
);

ALTER TABLE public.sync_unfinishedreading ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sync_unfinishedreading_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sync_unitbucket (
    key character varying(64) NOT NULL,
    level double precision NOT NULL,
    granted double precision NOT NULL,
    rate double precision NOT NULL,
    filled_at timestamp with time zone NOT NULL,
    paused_until timestamp with time zone,
    tried_at timestamp with time zone
);

ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);

INSERT INTO public.auth_permission VALUES
	(1, 'Can add content type', 1, 'add_contenttype'),
	(2, 'Can change content type', 1, 'change_contenttype'),
	(3, 'Can delete content type', 1, 'delete_contenttype'),
	(4, 'Can view content type', 1, 'view_contenttype'),
	(5, 'Can add permission', 2, 'add_permission'),
	(6, 'Can change permission', 2, 'change_permission'),
	(7, 'Can delete permission', 2, 'delete_permission'),
	(8, 'Can view permission', 2, 'view_permission'),
	(9, 'Can add group', 3, 'add_group'),
	(10, 'Can change group', 3, 'change_group'),
	(11, 'Can delete group', 3, 'delete_group'),
	(12, 'Can view group', 3, 'view_group'),
	(13, 'Can add procrastinate event', 4, 'add_procrastinateevent'),
	(14, 'Can change procrastinate event', 4, 'change_procrastinateevent'),
	(15, 'Can delete procrastinate event', 4, 'delete_procrastinateevent'),
	(16, 'Can view procrastinate event', 4, 'view_procrastinateevent'),
	(17, 'Can add procrastinate job', 5, 'add_procrastinatejob'),
	(18, 'Can change procrastinate job', 5, 'change_procrastinatejob'),
	(19, 'Can delete procrastinate job', 5, 'delete_procrastinatejob'),
	(20, 'Can view procrastinate job', 5, 'view_procrastinatejob'),
	(21, 'Can add procrastinate periodic defer', 6, 'add_procrastinateperiodicdefer'),
	(22, 'Can change procrastinate periodic defer', 6, 'change_procrastinateperiodicdefer'),
	(23, 'Can delete procrastinate periodic defer', 6, 'delete_procrastinateperiodicdefer'),
	(24, 'Can view procrastinate periodic defer', 6, 'view_procrastinateperiodicdefer'),
	(25, 'Can add procrastinate worker', 7, 'add_procrastinateworker'),
	(26, 'Can change procrastinate worker', 7, 'change_procrastinateworker'),
	(27, 'Can delete procrastinate worker', 7, 'delete_procrastinateworker'),
	(28, 'Can view procrastinate worker', 7, 'view_procrastinateworker'),
	(29, 'Can add session', 8, 'add_session'),
	(30, 'Can change session', 8, 'change_session'),
	(31, 'Can delete session', 8, 'delete_session'),
	(32, 'Can view session', 8, 'view_session'),
	(33, 'Can add audit entry', 9, 'add_auditentry'),
	(34, 'Can change audit entry', 9, 'change_auditentry'),
	(35, 'Can delete audit entry', 9, 'delete_auditentry'),
	(36, 'Can view audit entry', 9, 'view_auditentry'),
	(37, 'Can add repetition', 10, 'add_repetition'),
	(38, 'Can change repetition', 10, 'change_repetition'),
	(39, 'Can delete repetition', 10, 'delete_repetition'),
	(40, 'Can view repetition', 10, 'view_repetition'),
	(41, 'Can add operator', 11, 'add_operator'),
	(42, 'Can change operator', 11, 'change_operator'),
	(43, 'Can delete operator', 11, 'delete_operator'),
	(44, 'Can view operator', 11, 'view_operator'),
	(45, 'Can add invitation', 12, 'add_invitation'),
	(46, 'Can change invitation', 12, 'change_invitation'),
	(47, 'Can delete invitation', 12, 'delete_invitation'),
	(48, 'Can view invitation', 12, 'view_invitation'),
	(49, 'Can add membership', 13, 'add_membership'),
	(50, 'Can change membership', 13, 'change_membership'),
	(51, 'Can delete membership', 13, 'delete_membership'),
	(52, 'Can view membership', 13, 'view_membership'),
	(53, 'Can add sign in policy', 14, 'add_signinpolicy'),
	(54, 'Can change sign in policy', 14, 'change_signinpolicy'),
	(55, 'Can delete sign in policy', 14, 'delete_signinpolicy'),
	(56, 'Can view sign in policy', 14, 'view_signinpolicy'),
	(57, 'Can add token', 15, 'add_token'),
	(58, 'Can change token', 15, 'change_token'),
	(59, 'Can delete token', 15, 'delete_token'),
	(60, 'Can view token', 15, 'view_token'),
	(61, 'Can add throttle', 16, 'add_throttle'),
	(62, 'Can change throttle', 16, 'change_throttle'),
	(63, 'Can delete throttle', 16, 'delete_throttle'),
	(64, 'Can view throttle', 16, 'view_throttle'),
	(65, 'Can add visit', 17, 'add_visit'),
	(66, 'Can change visit', 17, 'change_visit'),
	(67, 'Can delete visit', 17, 'delete_visit'),
	(68, 'Can view visit', 17, 'view_visit'),
	(69, 'Can add letter count', 18, 'add_lettercount'),
	(70, 'Can change letter count', 18, 'change_lettercount'),
	(71, 'Can delete letter count', 18, 'delete_lettercount'),
	(72, 'Can view letter count', 18, 'view_lettercount'),
	(73, 'Can add domain', 19, 'add_domain'),
	(74, 'Can change domain', 19, 'change_domain'),
	(75, 'Can delete domain', 19, 'delete_domain'),
	(76, 'Can view domain', 19, 'view_domain'),
	(77, 'Can add group', 20, 'add_group'),
	(78, 'Can change group', 20, 'change_group'),
	(79, 'Can delete group', 20, 'delete_group'),
	(80, 'Can view group', 20, 'view_group'),
	(81, 'Can add organization', 21, 'add_organization'),
	(82, 'Can change organization', 21, 'change_organization'),
	(83, 'Can delete organization', 21, 'delete_organization'),
	(84, 'Can view organization', 21, 'view_organization'),
	(85, 'Can add owner', 22, 'add_owner'),
	(86, 'Can change owner', 22, 'change_owner'),
	(87, 'Can delete owner', 22, 'delete_owner'),
	(88, 'Can view owner', 22, 'view_owner'),
	(89, 'Can add user', 23, 'add_user'),
	(90, 'Can change user', 23, 'change_user'),
	(91, 'Can delete user', 23, 'delete_user'),
	(92, 'Can view user', 23, 'view_user'),
	(93, 'Can add address', 24, 'add_address'),
	(94, 'Can change address', 24, 'change_address'),
	(95, 'Can delete address', 24, 'delete_address'),
	(96, 'Can view address', 24, 'view_address'),
	(97, 'Can add domain alias', 25, 'add_domainalias'),
	(98, 'Can change domain alias', 25, 'change_domainalias'),
	(99, 'Can delete domain alias', 25, 'delete_domainalias'),
	(100, 'Can view domain alias', 25, 'view_domainalias'),
	(101, 'Can add static note', 26, 'add_staticnote'),
	(102, 'Can change static note', 26, 'change_staticnote'),
	(103, 'Can delete static note', 26, 'delete_staticnote'),
	(104, 'Can view static note', 26, 'view_staticnote'),
	(105, 'Can add exemption', 27, 'add_exemption'),
	(106, 'Can change exemption', 27, 'change_exemption'),
	(107, 'Can delete exemption', 27, 'delete_exemption'),
	(108, 'Can view exemption', 27, 'view_exemption'),
	(109, 'Can add static upload', 28, 'add_staticupload'),
	(110, 'Can change static upload', 28, 'change_staticupload'),
	(111, 'Can delete static upload', 28, 'delete_staticupload'),
	(112, 'Can view static upload', 28, 'view_staticupload'),
	(113, 'Can add waiting address', 29, 'add_waitingaddress'),
	(114, 'Can change waiting address', 29, 'change_waitingaddress'),
	(115, 'Can delete waiting address', 29, 'delete_waitingaddress'),
	(116, 'Can view waiting address', 29, 'view_waitingaddress'),
	(117, 'Can add pause', 30, 'add_pause'),
	(118, 'Can change pause', 30, 'change_pause'),
	(119, 'Can delete pause', 30, 'delete_pause'),
	(120, 'Can view pause', 30, 'view_pause'),
	(121, 'Can add census', 31, 'add_census'),
	(122, 'Can change census', 31, 'change_census'),
	(123, 'Can delete census', 31, 'delete_census'),
	(124, 'Can view census', 31, 'view_census'),
	(125, 'Can add restoration', 32, 'add_restoration'),
	(126, 'Can change restoration', 32, 'change_restoration'),
	(127, 'Can delete restoration', 32, 'delete_restoration'),
	(128, 'Can view restoration', 32, 'view_restoration'),
	(129, 'Can add roll mark', 33, 'add_rollmark'),
	(130, 'Can change roll mark', 33, 'change_rollmark'),
	(131, 'Can delete roll mark', 33, 'delete_rollmark'),
	(132, 'Can view roll mark', 33, 'view_rollmark'),
	(133, 'Can add roll survey', 34, 'add_rollsurvey'),
	(134, 'Can change roll survey', 34, 'change_rollsurvey'),
	(135, 'Can delete roll survey', 34, 'delete_rollsurvey'),
	(136, 'Can view roll survey', 34, 'view_rollsurvey'),
	(137, 'Can add roll count', 35, 'add_rollcount'),
	(138, 'Can change roll count', 35, 'change_rollcount'),
	(139, 'Can delete roll count', 35, 'delete_rollcount'),
	(140, 'Can view roll count', 35, 'view_rollcount'),
	(141, 'Can add source', 36, 'add_source'),
	(142, 'Can change source', 36, 'change_source'),
	(143, 'Can delete source', 36, 'delete_source'),
	(144, 'Can view source', 36, 'view_source'),
	(145, 'Can add connection', 37, 'add_connection'),
	(146, 'Can change connection', 37, 'change_connection'),
	(147, 'Can delete connection', 37, 'delete_connection'),
	(148, 'Can view connection', 37, 'view_connection'),
	(149, 'Can add certificate draft', 38, 'add_certificatedraft'),
	(150, 'Can change certificate draft', 38, 'change_certificatedraft'),
	(151, 'Can delete certificate draft', 38, 'delete_certificatedraft'),
	(152, 'Can view certificate draft', 38, 'view_certificatedraft'),
	(153, 'Can add consent link', 39, 'add_consentlink'),
	(154, 'Can change consent link', 39, 'change_consentlink'),
	(155, 'Can delete consent link', 39, 'delete_consentlink'),
	(156, 'Can view consent link', 39, 'view_consentlink'),
	(157, 'Can add consent attempt', 40, 'add_consentattempt'),
	(158, 'Can change consent attempt', 40, 'change_consentattempt'),
	(159, 'Can delete consent attempt', 40, 'delete_consentattempt'),
	(160, 'Can view consent attempt', 40, 'view_consentattempt'),
	(161, 'Can add dns proof', 41, 'add_dnsproof'),
	(162, 'Can change dns proof', 41, 'change_dnsproof'),
	(163, 'Can delete dns proof', 41, 'delete_dnsproof'),
	(164, 'Can view dns proof', 41, 'view_dnsproof'),
	(165, 'Can add parted subscription', 42, 'add_partedsubscription'),
	(166, 'Can change parted subscription', 42, 'change_partedsubscription'),
	(167, 'Can delete parted subscription', 42, 'delete_partedsubscription'),
	(168, 'Can view parted subscription', 42, 'view_partedsubscription'),
	(169, 'Can add change subscription', 43, 'add_changesubscription'),
	(170, 'Can change change subscription', 43, 'change_changesubscription'),
	(171, 'Can delete change subscription', 43, 'delete_changesubscription'),
	(172, 'Can view change subscription', 43, 'view_changesubscription'),
	(173, 'Can add run', 44, 'add_run'),
	(174, 'Can change run', 44, 'change_run'),
	(175, 'Can delete run', 44, 'delete_run'),
	(176, 'Can view run', 44, 'view_run'),
	(177, 'Can add run change', 45, 'add_runchange'),
	(178, 'Can change run change', 45, 'change_runchange'),
	(179, 'Can delete run change', 45, 'delete_runchange'),
	(180, 'Can view run change', 45, 'view_runchange'),
	(181, 'Can add run skip', 46, 'add_runskip'),
	(182, 'Can change run skip', 46, 'change_runskip'),
	(183, 'Can delete run skip', 46, 'delete_runskip'),
	(184, 'Can view run skip', 46, 'view_runskip'),
	(185, 'Can add run progress', 47, 'add_runprogress'),
	(186, 'Can change run progress', 47, 'change_runprogress'),
	(187, 'Can delete run progress', 47, 'delete_runprogress'),
	(188, 'Can view run progress', 47, 'view_runprogress'),
	(189, 'Can add schedule', 48, 'add_schedule'),
	(190, 'Can change schedule', 48, 'change_schedule'),
	(191, 'Can delete schedule', 48, 'delete_schedule'),
	(192, 'Can view schedule', 48, 'view_schedule'),
	(193, 'Can add run request', 49, 'add_runrequest'),
	(194, 'Can change run request', 49, 'change_runrequest'),
	(195, 'Can delete run request', 49, 'delete_runrequest'),
	(196, 'Can view run request', 49, 'view_runrequest'),
	(197, 'Can add sample', 50, 'add_sample'),
	(198, 'Can change sample', 50, 'change_sample'),
	(199, 'Can delete sample', 50, 'delete_sample'),
	(200, 'Can view sample', 50, 'view_sample'),
	(201, 'Can add mailbox purpose', 51, 'add_mailboxpurpose'),
	(202, 'Can change mailbox purpose', 51, 'change_mailboxpurpose'),
	(203, 'Can delete mailbox purpose', 51, 'delete_mailboxpurpose'),
	(204, 'Can view mailbox purpose', 51, 'view_mailboxpurpose'),
	(205, 'Can add mailbox access', 52, 'add_mailboxaccess'),
	(206, 'Can change mailbox access', 52, 'change_mailboxaccess'),
	(207, 'Can delete mailbox access', 52, 'delete_mailboxaccess'),
	(208, 'Can view mailbox access', 52, 'view_mailboxaccess'),
	(209, 'Can add unfinished reading', 53, 'add_unfinishedreading'),
	(210, 'Can change unfinished reading', 53, 'change_unfinishedreading'),
	(211, 'Can delete unfinished reading', 53, 'delete_unfinishedreading'),
	(212, 'Can view unfinished reading', 53, 'view_unfinishedreading'),
	(213, 'Can add unfinished page', 54, 'add_unfinishedpage'),
	(214, 'Can change unfinished page', 54, 'change_unfinishedpage'),
	(215, 'Can delete unfinished page', 54, 'delete_unfinishedpage'),
	(216, 'Can view unfinished page', 54, 'view_unfinishedpage'),
	(217, 'Can add address question', 55, 'add_addressquestion'),
	(218, 'Can change address question', 55, 'change_addressquestion'),
	(219, 'Can delete address question', 55, 'delete_addressquestion'),
	(220, 'Can view address question', 55, 'view_addressquestion'),
	(221, 'Can add steady state', 56, 'add_steadystate'),
	(222, 'Can change steady state', 56, 'change_steadystate'),
	(223, 'Can delete steady state', 56, 'delete_steadystate'),
	(224, 'Can view steady state', 56, 'view_steadystate'),
	(225, 'Can add domain standing', 57, 'add_domainstanding'),
	(226, 'Can change domain standing', 57, 'change_domainstanding'),
	(227, 'Can delete domain standing', 57, 'delete_domainstanding'),
	(228, 'Can view domain standing', 57, 'view_domainstanding'),
	(229, 'Can add counted total', 58, 'add_countedtotal'),
	(230, 'Can change counted total', 58, 'change_countedtotal'),
	(231, 'Can delete counted total', 58, 'delete_countedtotal'),
	(232, 'Can view counted total', 58, 'view_countedtotal'),
	(233, 'Can add quiet spell', 59, 'add_quietspell'),
	(234, 'Can change quiet spell', 59, 'change_quietspell'),
	(235, 'Can delete quiet spell', 59, 'delete_quietspell'),
	(236, 'Can view quiet spell', 59, 'view_quietspell'),
	(237, 'Can add unit bucket', 60, 'add_unitbucket'),
	(238, 'Can change unit bucket', 60, 'change_unitbucket'),
	(239, 'Can delete unit bucket', 60, 'delete_unitbucket'),
	(240, 'Can view unit bucket', 60, 'view_unitbucket'),
	(241, 'Can add standing sum', 61, 'add_standingsum'),
	(242, 'Can change standing sum', 61, 'change_standingsum'),
	(243, 'Can delete standing sum', 61, 'delete_standingsum'),
	(244, 'Can view standing sum', 61, 'view_standingsum'),
	(245, 'Can add run count', 62, 'add_runcount'),
	(246, 'Can change run count', 62, 'change_runcount'),
	(247, 'Can delete run count', 62, 'delete_runcount'),
	(248, 'Can view run count', 62, 'view_runcount'),
	(249, 'Can add change summary', 63, 'add_changesummary'),
	(250, 'Can change change summary', 63, 'change_changesummary'),
	(251, 'Can delete change summary', 63, 'delete_changesummary'),
	(252, 'Can view change summary', 63, 'view_changesummary'),
	(253, 'Can add listing trace', 64, 'add_listingtrace'),
	(254, 'Can change listing trace', 64, 'change_listingtrace'),
	(255, 'Can delete listing trace', 64, 'delete_listingtrace'),
	(256, 'Can view listing trace', 64, 'view_listingtrace'),
	(257, 'Can add answer count', 65, 'add_answercount'),
	(258, 'Can change answer count', 65, 'change_answercount'),
	(259, 'Can delete answer count', 65, 'delete_answercount'),
	(260, 'Can view answer count', 65, 'view_answercount'),
	(261, 'Can add asker', 66, 'add_asker'),
	(262, 'Can change asker', 66, 'change_asker'),
	(263, 'Can delete asker', 66, 'delete_asker'),
	(264, 'Can view asker', 66, 'view_asker'),
	(265, 'Can add known address', 67, 'add_knownaddress'),
	(266, 'Can change known address', 67, 'change_knownaddress'),
	(267, 'Can delete known address', 67, 'delete_knownaddress'),
	(268, 'Can view known address', 67, 'view_knownaddress'),
	(269, 'Can add refused address', 68, 'add_refusedaddress'),
	(270, 'Can change refused address', 68, 'change_refusedaddress'),
	(271, 'Can delete refused address', 68, 'delete_refusedaddress'),
	(272, 'Can view refused address', 68, 'view_refusedaddress'),
	(273, 'Can add missing rows', 69, 'add_missingrows'),
	(274, 'Can change missing rows', 69, 'change_missingrows'),
	(275, 'Can delete missing rows', 69, 'delete_missingrows'),
	(276, 'Can view missing rows', 69, 'view_missingrows'),
	(277, 'Can add listening place', 70, 'add_listeningplace'),
	(278, 'Can change listening place', 70, 'change_listeningplace'),
	(279, 'Can delete listening place', 70, 'delete_listeningplace'),
	(280, 'Can view listening place', 70, 'view_listeningplace'),
	(281, 'Can add alert check', 71, 'add_alertcheck'),
	(282, 'Can change alert check', 71, 'change_alertcheck'),
	(283, 'Can delete alert check', 71, 'delete_alertcheck'),
	(284, 'Can view alert check', 71, 'view_alertcheck'),
	(285, 'Can add alert', 72, 'add_alert'),
	(286, 'Can change alert', 72, 'change_alert'),
	(287, 'Can delete alert', 72, 'delete_alert'),
	(288, 'Can view alert', 72, 'view_alert'),
	(289, 'Can add alert channel', 73, 'add_alertchannel'),
	(290, 'Can change alert channel', 73, 'change_alertchannel'),
	(291, 'Can delete alert channel', 73, 'delete_alertchannel'),
	(292, 'Can view alert channel', 73, 'view_alertchannel'),
	(293, 'Can add alert delivery', 74, 'add_alertdelivery'),
	(294, 'Can change alert delivery', 74, 'change_alertdelivery'),
	(295, 'Can delete alert delivery', 74, 'delete_alertdelivery'),
	(296, 'Can view alert delivery', 74, 'view_alertdelivery'),
	(297, 'Can add alert rule', 75, 'add_alertrule'),
	(298, 'Can change alert rule', 75, 'change_alertrule'),
	(299, 'Can delete alert rule', 75, 'delete_alertrule'),
	(300, 'Can view alert rule', 75, 'view_alertrule'),
	(301, 'Can add alert digest', 76, 'add_alertdigest'),
	(302, 'Can change alert digest', 76, 'change_alertdigest'),
	(303, 'Can delete alert digest', 76, 'delete_alertdigest'),
	(304, 'Can view alert digest', 76, 'view_alertdigest'),
	(305, 'Can add digest day', 77, 'add_digestday'),
	(306, 'Can change digest day', 77, 'change_digestday'),
	(307, 'Can delete digest day', 77, 'delete_digestday'),
	(308, 'Can view digest day', 77, 'view_digestday'),
	(309, 'Can add email address', 78, 'add_emailaddress'),
	(310, 'Can change email address', 78, 'change_emailaddress'),
	(311, 'Can delete email address', 78, 'delete_emailaddress'),
	(312, 'Can view email address', 78, 'view_emailaddress'),
	(313, 'Can add email confirmation', 79, 'add_emailconfirmation'),
	(314, 'Can change email confirmation', 79, 'change_emailconfirmation'),
	(315, 'Can delete email confirmation', 79, 'delete_emailconfirmation'),
	(316, 'Can view email confirmation', 79, 'view_emailconfirmation'),
	(317, 'Can add authenticator', 80, 'add_authenticator'),
	(318, 'Can change authenticator', 80, 'change_authenticator'),
	(319, 'Can delete authenticator', 80, 'delete_authenticator'),
	(320, 'Can view authenticator', 80, 'view_authenticator'),
	(321, 'Can add social account', 81, 'add_socialaccount'),
	(322, 'Can change social account', 81, 'change_socialaccount'),
	(323, 'Can delete social account', 81, 'delete_socialaccount'),
	(324, 'Can view social account', 81, 'view_socialaccount'),
	(325, 'Can add social application', 82, 'add_socialapp'),
	(326, 'Can change social application', 82, 'change_socialapp'),
	(327, 'Can delete social application', 82, 'delete_socialapp'),
	(328, 'Can view social application', 82, 'view_socialapp'),
	(329, 'Can add social application token', 83, 'add_socialtoken'),
	(330, 'Can change social application token', 83, 'change_socialtoken'),
	(331, 'Can delete social application token', 83, 'delete_socialtoken'),
	(332, 'Can view social application token', 83, 'view_socialtoken');

INSERT INTO public.django_content_type VALUES
	(1, 'contenttypes', 'contenttype'),
	(2, 'auth', 'permission'),
	(3, 'auth', 'group'),
	(4, 'procrastinate', 'procrastinateevent'),
	(5, 'procrastinate', 'procrastinatejob'),
	(6, 'procrastinate', 'procrastinateperiodicdefer'),
	(7, 'procrastinate', 'procrastinateworker'),
	(8, 'sessions', 'session'),
	(9, 'audit', 'auditentry'),
	(10, 'audit', 'repetition'),
	(11, 'accounts', 'operator'),
	(12, 'accounts', 'invitation'),
	(13, 'accounts', 'membership'),
	(14, 'accounts', 'signinpolicy'),
	(15, 'accounts', 'token'),
	(16, 'accounts', 'throttle'),
	(17, 'accounts', 'visit'),
	(18, 'accounts', 'lettercount'),
	(19, 'directory', 'domain'),
	(20, 'directory', 'group'),
	(21, 'directory', 'organization'),
	(22, 'directory', 'owner'),
	(23, 'directory', 'user'),
	(24, 'directory', 'address'),
	(25, 'directory', 'domainalias'),
	(26, 'directory', 'staticnote'),
	(27, 'directory', 'exemption'),
	(28, 'directory', 'staticupload'),
	(29, 'directory', 'waitingaddress'),
	(30, 'directory', 'pause'),
	(31, 'directory', 'census'),
	(32, 'directory', 'restoration'),
	(33, 'directory', 'rollmark'),
	(34, 'directory', 'rollsurvey'),
	(35, 'directory', 'rollcount'),
	(36, 'connections', 'source'),
	(37, 'connections', 'connection'),
	(38, 'connections', 'certificatedraft'),
	(39, 'connections', 'consentlink'),
	(40, 'connections', 'consentattempt'),
	(41, 'connections', 'dnsproof'),
	(42, 'connections', 'partedsubscription'),
	(43, 'connections', 'changesubscription'),
	(44, 'sync', 'run'),
	(45, 'sync', 'runchange'),
	(46, 'sync', 'runskip'),
	(47, 'sync', 'runprogress'),
	(48, 'sync', 'schedule'),
	(49, 'sync', 'runrequest'),
	(50, 'sync', 'sample'),
	(51, 'sync', 'mailboxpurpose'),
	(52, 'sync', 'mailboxaccess'),
	(53, 'sync', 'unfinishedreading'),
	(54, 'sync', 'unfinishedpage'),
	(55, 'sync', 'addressquestion'),
	(56, 'sync', 'steadystate'),
	(57, 'sync', 'domainstanding'),
	(58, 'sync', 'countedtotal'),
	(59, 'sync', 'quietspell'),
	(60, 'sync', 'unitbucket'),
	(61, 'sync', 'standingsum'),
	(62, 'sync', 'runcount'),
	(63, 'sync', 'changesummary'),
	(64, 'sync', 'listingtrace'),
	(65, 'gateway', 'answercount'),
	(66, 'gateway', 'asker'),
	(67, 'gateway', 'knownaddress'),
	(68, 'gateway', 'refusedaddress'),
	(69, 'gateway', 'missingrows'),
	(70, 'gateway', 'listeningplace'),
	(71, 'alerts', 'alertcheck'),
	(72, 'alerts', 'alert'),
	(73, 'alerts', 'alertchannel'),
	(74, 'alerts', 'alertdelivery'),
	(75, 'alerts', 'alertrule'),
	(76, 'alerts', 'alertdigest'),
	(77, 'alerts', 'digestday'),
	(78, 'account', 'emailaddress'),
	(79, 'account', 'emailconfirmation'),
	(80, 'mfa', 'authenticator'),
	(81, 'socialaccount', 'socialaccount'),
	(82, 'socialaccount', 'socialapp'),
	(83, 'socialaccount', 'socialtoken');

SELECT pg_catalog.setval('public.auth_permission_id_seq', 332, true);

SELECT pg_catalog.setval('public.django_content_type_id_seq', 83, true);

ALTER TABLE ONLY gateway.noted
    ADD CONSTRAINT noted_pkey PRIMARY KEY (domain_id);

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_auditentry
    ADD CONSTRAINT accounts_auditentry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_cache
    ADD CONSTRAINT accounts_cache_pkey PRIMARY KEY (cache_key);

ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.accounts_lettercount
    ADD CONSTRAINT accounts_lettercount_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT accounts_membership_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_operator
    ADD CONSTRAINT accounts_operator_email_key UNIQUE (email);

ALTER TABLE ONLY public.accounts_operator
    ADD CONSTRAINT accounts_operator_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_signinpolicy
    ADD CONSTRAINT accounts_signinpolicy_pkey PRIMARY KEY (organization_id);

ALTER TABLE ONLY public.accounts_throttle
    ADD CONSTRAINT accounts_throttle_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.accounts_token
    ADD CONSTRAINT accounts_token_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.accounts_token_organizations
    ADD CONSTRAINT accounts_token_organizat_token_id_organization_id_847b2ae6_uniq UNIQUE (token_id, organization_id);

ALTER TABLE ONLY public.accounts_token_organizations
    ADD CONSTRAINT accounts_token_organizations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_token
    ADD CONSTRAINT accounts_token_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_visit
    ADD CONSTRAINT accounts_visit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.alerts_digestday
    ADD CONSTRAINT alert_digest_once_a_day UNIQUE (operator_id, day);

ALTER TABLE ONLY public.alerts_alertrule
    ADD CONSTRAINT alert_rule_once UNIQUE (cause, organization_id);

ALTER TABLE ONLY public.alerts_alert
    ADD CONSTRAINT alerts_alert_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.alerts_alertchannel
    ADD CONSTRAINT alerts_alertchannel_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.alerts_alertcheck
    ADD CONSTRAINT alerts_alertcheck_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.alerts_alertdelivery
    ADD CONSTRAINT alerts_alertdelivery_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.alerts_alertdigest
    ADD CONSTRAINT alerts_alertdigest_pkey PRIMARY KEY (organization_id);

ALTER TABLE ONLY public.alerts_alertrule_channels
    ADD CONSTRAINT alerts_alertrule_channel_alertrule_id_alertchanne_59d2744e_uniq UNIQUE (alertrule_id, alertchannel_id);

ALTER TABLE ONLY public.alerts_alertrule_channels
    ADD CONSTRAINT alerts_alertrule_channels_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.alerts_alertrule
    ADD CONSTRAINT alerts_alertrule_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.alerts_digestday
    ADD CONSTRAINT alerts_digestday_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_domainalias
    ADD CONSTRAINT alias_once_a_domain UNIQUE (domain_id, name);

ALTER TABLE ONLY public.gateway_answercount
    ADD CONSTRAINT answers_once_a_day UNIQUE (domain_id, day, answer);

ALTER TABLE ONLY public.gateway_asker
    ADD CONSTRAINT asker_once_a_domain UNIQUE (domain_id, kind, name);

ALTER TABLE ONLY public.audit_repetition
    ADD CONSTRAINT audit_repetition_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.connections_changesubscription
    ADD CONSTRAINT change_subscription_once_a_type UNIQUE (connection_id, type);

ALTER TABLE ONLY public.connections_changesubscription
    ADD CONSTRAINT connections_changesubscription_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.connections_dnsproof
    ADD CONSTRAINT connections_dnsproof_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.connections_partedsubscription
    ADD CONSTRAINT connections_partedsubscription_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_address
    ADD CONSTRAINT directory_address_pkey PRIMARY KEY (address);

ALTER TABLE ONLY public.directory_census
    ADD CONSTRAINT directory_census_pkey PRIMARY KEY (domain_id);

ALTER TABLE ONLY public.directory_domain
    ADD CONSTRAINT directory_domain_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_domainalias
    ADD CONSTRAINT directory_domainalias_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_exemption
    ADD CONSTRAINT directory_exemption_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_group
    ADD CONSTRAINT directory_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_organization
    ADD CONSTRAINT directory_organization_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_owner
    ADD CONSTRAINT directory_owner_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_pause
    ADD CONSTRAINT directory_pause_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_restoration
    ADD CONSTRAINT directory_restoration_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_rollcount
    ADD CONSTRAINT directory_rollcount_pkey PRIMARY KEY (domain_id);

ALTER TABLE ONLY public.directory_rollmark
    ADD CONSTRAINT directory_rollmark_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_rollsurvey
    ADD CONSTRAINT directory_rollsurvey_pkey PRIMARY KEY (domain_id);

ALTER TABLE ONLY public.directory_staticnote
    ADD CONSTRAINT directory_staticnote_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.directory_user
    ADD CONSTRAINT directory_user_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_waitingaddress
    ADD CONSTRAINT directory_waitingaddress_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);

ALTER TABLE ONLY public.connections_dnsproof
    ADD CONSTRAINT dns_proof_once_a_name UNIQUE (domain_id, name);

ALTER TABLE ONLY public.directory_domain
    ADD CONSTRAINT domain_once_an_organization UNIQUE (organization_id, name);

ALTER TABLE ONLY public.directory_exemption
    ADD CONSTRAINT exemption_once_an_object UNIQUE (domain_id, external_id);

ALTER TABLE ONLY public.gateway_answercount
    ADD CONSTRAINT gateway_answercount_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.gateway_asker
    ADD CONSTRAINT gateway_asker_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.gateway_knownaddress
    ADD CONSTRAINT gateway_knownaddress_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.gateway_listeningplace
    ADD CONSTRAINT gateway_listeningplace_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.gateway_missingrows
    ADD CONSTRAINT gateway_missingrows_pkey PRIMARY KEY (domain_id);

ALTER TABLE ONLY public.gateway_refusedaddress
    ADD CONSTRAINT gateway_refusedaddress_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_group
    ADD CONSTRAINT group_key_once_a_domain UNIQUE (domain_id, key);

ALTER TABLE ONLY public.directory_group
    ADD CONSTRAINT group_of_domain UNIQUE (domain_id, id);

ALTER TABLE ONLY public.directory_group
    ADD CONSTRAINT group_once_a_domain UNIQUE (domain_id, name);

ALTER TABLE ONLY public.gateway_knownaddress
    ADD CONSTRAINT known_once_a_domain UNIQUE (domain_id, address);

ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT membership_once UNIQUE (operator_id, organization_id);

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_owner
    ADD CONSTRAINT owner_of_domain UNIQUE (domain_id, id);

ALTER TABLE ONLY public.directory_pause
    ADD CONSTRAINT pause_once UNIQUE NULLS NOT DISTINCT (domain_id, organization_id);

ALTER TABLE ONLY public.gateway_listeningplace
    ADD CONSTRAINT place_once_a_machine UNIQUE (machine, place);

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);

ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sync_mailboxpurpose
    ADD CONSTRAINT purpose_once_an_object UNIQUE (connection_id, object);

ALTER TABLE ONLY public.gateway_refusedaddress
    ADD CONSTRAINT refused_once_a_domain UNIQUE (domain_id, address);

ALTER TABLE ONLY public.sync_runchange
    ADD CONSTRAINT run_change_in_order UNIQUE (run_id, "position");

ALTER TABLE ONLY public.socialaccount_socialaccount
    ADD CONSTRAINT socialaccount_socialaccount_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.socialaccount_socialaccount
    ADD CONSTRAINT socialaccount_socialaccount_provider_uid_fc810c6e_uniq UNIQUE (provider, uid);

ALTER TABLE ONLY public.socialaccount_socialapp
    ADD CONSTRAINT socialaccount_socialapp_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_socialtoken_app_id_account_id_fca4e0ac_uniq UNIQUE (app_id, account_id);

ALTER TABLE ONLY public.socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_socialtoken_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.connections_source
    ADD CONSTRAINT source_precedence_once_a_domain UNIQUE (domain_id, precedence);

ALTER TABLE ONLY public.sync_addressquestion
    ADD CONSTRAINT sync_addressquestion_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.connections_certificatedraft
    ADD CONSTRAINT sync_certificatedraft_pkey PRIMARY KEY (source_id);

ALTER TABLE ONLY public.sync_changesummary
    ADD CONSTRAINT sync_changesummary_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sync_changesummary
    ADD CONSTRAINT sync_changesummary_run_id_key UNIQUE (run_id);

ALTER TABLE ONLY public.connections_connection
    ADD CONSTRAINT sync_connection_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.connections_consentattempt
    ADD CONSTRAINT sync_consentattempt_consent_hash_key UNIQUE (consent_hash);

ALTER TABLE ONLY public.connections_consentattempt
    ADD CONSTRAINT sync_consentattempt_hand_over_hash_key UNIQUE (hand_over_hash);

ALTER TABLE ONLY public.connections_consentattempt
    ADD CONSTRAINT sync_consentattempt_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.connections_consentattempt
    ADD CONSTRAINT sync_consentattempt_signin_hash_key UNIQUE (signin_hash);

ALTER TABLE ONLY public.connections_consentattempt
    ADD CONSTRAINT sync_consentattempt_start_key UNIQUE (start);

ALTER TABLE ONLY public.connections_consentlink
    ADD CONSTRAINT sync_consentlink_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.connections_consentlink
    ADD CONSTRAINT sync_consentlink_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.sync_countedtotal
    ADD CONSTRAINT sync_countedtotal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sync_domainstanding
    ADD CONSTRAINT sync_domainstanding_pkey PRIMARY KEY (domain_id);

ALTER TABLE ONLY public.sync_listingtrace
    ADD CONSTRAINT sync_listingtrace_pkey PRIMARY KEY (domain_id);

ALTER TABLE ONLY public.sync_mailboxaccess
    ADD CONSTRAINT sync_mailboxaccess_pkey PRIMARY KEY (connection_id);

ALTER TABLE ONLY public.sync_mailboxpurpose
    ADD CONSTRAINT sync_mailboxpurpose_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sync_quietspell
    ADD CONSTRAINT sync_quietspell_pkey PRIMARY KEY (domain_id);

ALTER TABLE ONLY public.sync_run
    ADD CONSTRAINT sync_run_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sync_runchange
    ADD CONSTRAINT sync_runchange_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sync_runcount
    ADD CONSTRAINT sync_runcount_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sync_runprogress
    ADD CONSTRAINT sync_runprogress_pkey PRIMARY KEY (run_id);

ALTER TABLE ONLY public.sync_runrequest
    ADD CONSTRAINT sync_runrequest_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sync_runskip
    ADD CONSTRAINT sync_runskip_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sync_sample
    ADD CONSTRAINT sync_sample_pkey PRIMARY KEY (connection_id);

ALTER TABLE ONLY public.sync_schedule
    ADD CONSTRAINT sync_schedule_pkey PRIMARY KEY (domain_id);

ALTER TABLE ONLY public.connections_source
    ADD CONSTRAINT sync_source_pkey PRIMARY KEY (owner_id);

ALTER TABLE ONLY public.sync_standing_mark
    ADD CONSTRAINT sync_standing_mark_pkey PRIMARY KEY (xid, domain_id);

ALTER TABLE ONLY public.sync_standingsum
    ADD CONSTRAINT sync_standingsum_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_staticupload
    ADD CONSTRAINT sync_staticupload_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sync_steadystate
    ADD CONSTRAINT sync_steadystate_pkey PRIMARY KEY (domain_id);

ALTER TABLE ONLY public.sync_unfinishedpage
    ADD CONSTRAINT sync_unfinishedpage_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sync_unfinishedreading
    ADD CONSTRAINT sync_unfinishedreading_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sync_unitbucket
    ADD CONSTRAINT sync_unitbucket_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.sync_countedtotal
    ADD CONSTRAINT total_once_a_label UNIQUE (name, labels);

ALTER TABLE ONLY public.sync_unfinishedreading
    ADD CONSTRAINT unfinished_once_a_domain_and_connection UNIQUE (domain_id, connection_id);

ALTER TABLE ONLY public.sync_unfinishedpage
    ADD CONSTRAINT unfinished_page_once UNIQUE (reading_id, number);

ALTER TABLE ONLY public.directory_user
    ADD CONSTRAINT user_of_domain UNIQUE (domain_id, id);

ALTER TABLE ONLY public.directory_waitingaddress
    ADD CONSTRAINT waiting_once_a_domain UNIQUE (domain_id, address);

CREATE INDEX feed_by_time ON gateway.feed USING btree (at);

CREATE INDEX feed_by_transaction ON gateway.feed USING btree (xid);

CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);

CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);

CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);

CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);

CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);

CREATE INDEX accounts_cache_expires ON public.accounts_cache USING btree (expires);

CREATE INDEX accounts_invitation_invited_by_id_94a21efc ON public.accounts_invitation USING btree (invited_by_id);

CREATE INDEX accounts_invitation_organization_id_2be75950 ON public.accounts_invitation USING btree (organization_id);

CREATE INDEX accounts_invitation_token_hash_3d59d75c_like ON public.accounts_invitation USING btree (token_hash text_pattern_ops);

CREATE INDEX accounts_lettercount_began_at_92a4a1db ON public.accounts_lettercount USING btree (began_at);

CREATE INDEX accounts_lettercount_key_ab4e36f4_like ON public.accounts_lettercount USING btree (key varchar_pattern_ops);

CREATE INDEX accounts_membership_organization_id_936776de ON public.accounts_membership USING btree (organization_id);

CREATE INDEX accounts_operator_bound_to_id_5623b956 ON public.accounts_operator USING btree (bound_to_id);

CREATE INDEX accounts_operator_email_b0735d8b_like ON public.accounts_operator USING btree (email varchar_pattern_ops);

CREATE INDEX accounts_throttle_key_abf416de_like ON public.accounts_throttle USING btree (key varchar_pattern_ops);

CREATE INDEX accounts_throttle_last_at_a6c31f12 ON public.accounts_throttle USING btree (last_at);

CREATE INDEX accounts_token_organizations_organization_id_45604ec4 ON public.accounts_token_organizations USING btree (organization_id);

CREATE INDEX accounts_token_organizations_token_id_7b7d0b80 ON public.accounts_token_organizations USING btree (token_id);

CREATE INDEX accounts_visit_operator_id_d5ed5cdd ON public.accounts_visit USING btree (operator_id);

CREATE INDEX address_by_user ON public.directory_address USING btree (domain_id, user_id);

CREATE INDEX address_ending ON public.directory_address USING btree (domain_id) WHERE (ending_since IS NOT NULL);

CREATE UNIQUE INDEX address_primary_once_a_user ON public.directory_address USING btree (user_id) WHERE is_primary;

CREATE INDEX alert_by_organization ON public.alerts_alert USING btree (organization_id, since DESC);

CREATE INDEX alert_delivery_by_alert ON public.alerts_alertdelivery USING gin (alerts);

CREATE INDEX alert_delivery_by_time ON public.alerts_alertdelivery USING btree (created_at);

CREATE INDEX alert_delivery_due ON public.alerts_alertdelivery USING btree (next_at) WHERE (next_at IS NOT NULL);

CREATE INDEX alert_ended ON public.alerts_alert USING btree (ended_at) WHERE (ended_at IS NOT NULL);

CREATE UNIQUE INDEX alert_once_a_cause ON public.alerts_alert USING btree (cause, organization_id, key) WHERE (ended_at IS NULL);

CREATE INDEX alert_open ON public.alerts_alert USING btree (organization_id) WHERE (ended_at IS NULL);

CREATE INDEX alerts_alertchannel_organization_id_5ce4bdc8 ON public.alerts_alertchannel USING btree (organization_id);

CREATE INDEX alerts_alertdelivery_channel_id_288634ab ON public.alerts_alertdelivery USING btree (channel_id);

CREATE INDEX alerts_alertdelivery_operator_id_257302f2 ON public.alerts_alertdelivery USING btree (operator_id);

CREATE INDEX alerts_alertrule_channels_alertchannel_id_a42bc5bb ON public.alerts_alertrule_channels USING btree (alertchannel_id);

CREATE INDEX alerts_alertrule_channels_alertrule_id_45a36fc1 ON public.alerts_alertrule_channels USING btree (alertrule_id);

CREATE INDEX alerts_digestday_day_9b24ede1 ON public.alerts_digestday USING btree (day);

CREATE INDEX alias_by_shape ON public.directory_domainalias USING btree (replace(translate(name, '01'::text, 'ol'::text), 'm'::text, 'rn'::text));

CREATE INDEX alias_by_unicode_name ON public.directory_domainalias USING btree (unicode_name) WHERE (NOT (unicode_name = ''::text));

CREATE UNIQUE INDEX alias_proved_once ON public.directory_domainalias USING btree (name) WHERE (proved_at IS NOT NULL);

CREATE INDEX answers_by_day ON public.gateway_answercount USING btree (day);

CREATE INDEX audit_by_action ON public.audit_auditentry USING btree (action, id DESC);

CREATE INDEX audit_by_organization ON public.audit_auditentry USING btree (organization, id DESC);

CREATE INDEX audit_by_time ON public.audit_auditentry USING btree (at);

CREATE INDEX audit_by_user ON public.audit_auditentry USING btree (((details ->> 'user'::text)), id DESC);

CREATE INDEX audit_repetition_key_6b8a9e98_like ON public.audit_repetition USING btree (key varchar_pattern_ops);

CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);

CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);

CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);

CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);

CREATE INDEX change_subscription_due ON public.connections_changesubscription USING btree (attend_at);

CREATE INDEX connection_by_tenant ON public.connections_connection USING btree (tenant_id);

CREATE INDEX connections_changesubscription_connection_id_b63beb9c ON public.connections_changesubscription USING btree (connection_id);

CREATE INDEX connections_consentlink_sent_by_id_120f5534 ON public.connections_consentlink USING btree (sent_by_id);

CREATE INDEX consent_attempt_by_source ON public.connections_consentattempt USING btree (source_id, started_at DESC);

CREATE INDEX consent_link_by_source ON public.connections_consentlink USING btree (source_id, created_at DESC);

CREATE INDEX departure_by_address ON public.directory_departure USING btree (domain_id, address);

CREATE INDEX departure_by_time ON public.directory_departure USING btree (at);

CREATE INDEX directory_domain_organization_id_d0935d9d ON public.directory_domain USING btree (organization_id);

CREATE INDEX directory_domainalias_name_ddd04600_like ON public.directory_domainalias USING btree (name text_pattern_ops);

CREATE INDEX directory_organization_parent_id_e23f8dbe ON public.directory_organization USING btree (parent_id);

CREATE INDEX directory_rollmark_domain_id_5bc3600a ON public.directory_rollmark USING btree (domain_id);

CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);

CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);

CREATE INDEX dns_proof_by_next ON public.connections_dnsproof USING btree (next_at) WHERE (next_at IS NOT NULL);

CREATE INDEX domain_by_name ON public.directory_domain USING btree (name);

CREATE INDEX domain_by_shape ON public.directory_domain USING btree (replace(translate(name, '01'::text, 'ol'::text), 'm'::text, 'rn'::text));

CREATE INDEX domain_by_unicode_name ON public.directory_domain USING btree (unicode_name) WHERE (NOT (unicode_name = ''::text));

CREATE UNIQUE INDEX domain_proved_once ON public.directory_domain USING btree (name) WHERE (proved_at IS NOT NULL);

CREATE INDEX domain_unproved ON public.directory_domain USING btree (organization_id) WHERE (proved_at IS NULL);

CREATE INDEX gateway_knownaddress_last_on_31a78970 ON public.gateway_knownaddress USING btree (last_on);

CREATE INDEX gateway_refusedaddress_last_at_086bece9 ON public.gateway_refusedaddress USING btree (last_at);

CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);

CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON public.mfa_authenticator USING btree (user_id);

CREATE UNIQUE INDEX object_once_a_domain ON public.directory_user USING btree (external_id, domain_id) WHERE (external_id IS NOT NULL);

CREATE INDEX organization_by_name ON public.directory_organization USING btree (lower(name));

CREATE INDEX organization_in_order ON public.directory_organization USING btree (name, id);

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);

CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));

CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);

CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);

CREATE INDEX repetition_by_action ON public.audit_repetition USING btree (action, since);

CREATE UNIQUE INDEX request_one_waiting_a_trigger ON public.sync_runrequest USING btree (domain_id, trigger) WHERE ((decision = ''::text) AND (outcome = ''::text));

CREATE UNIQUE INDEX request_one_waiting_decision_a_run ON public.sync_runrequest USING btree (decides_id) WHERE (outcome = ''::text);

CREATE INDEX run_by_domain ON public.sync_run USING btree (domain_id, started_at DESC);

CREATE INDEX run_by_time ON public.sync_run USING btree (started_at DESC) INCLUDE (id, domain_id, state, waits_in_id) WHERE (((NOT (trigger = ANY (ARRAY['preview'::text, 'import'::text, 'held'::text]))) OR (state = ANY (ARRAY['applying'::text, 'applied'::text])) OR (timings ? 'apply'::text)) AND (parent_id IS NULL));

CREATE INDEX run_change_by_user ON public.sync_runchange USING btree ("user", id DESC);

CREATE INDEX run_doubted_by_time ON public.sync_run USING btree (started_at) INCLUDE (id, domain_id, state, waits_in_id) WHERE ((parent_id IS NULL) AND public.sync_doubted(findings));

CREATE INDEX run_failed_by_time ON public.sync_run USING btree (started_at DESC) WHERE (state = 'failed'::text);

CREATE INDEX run_held_in_order ON public.sync_run USING btree (domain_id, number DESC) WHERE (state = 'held'::text);

CREATE INDEX run_in_effect ON public.sync_run USING btree (domain_id, fence DESC, number DESC);

CREATE INDEX run_in_order ON public.sync_run USING btree (domain_id, number DESC);

CREATE UNIQUE INDEX run_one_under_way_a_domain ON public.sync_run USING btree (domain_id) WHERE (state = ANY (ARRAY['reading'::text, 'applying'::text]));

CREATE INDEX run_skip_by_address ON public.sync_runskip USING btree (address, id DESC);

CREATE INDEX schedule_due ON public.sync_schedule USING btree (next_run_at) WHERE (automatic AND (paused IS NULL));

CREATE INDEX socialaccount_socialaccount_user_id_8146e70c ON public.socialaccount_socialaccount USING btree (user_id);

CREATE INDEX socialaccount_socialtoken_account_id_951f210e ON public.socialaccount_socialtoken USING btree (account_id);

CREATE INDEX socialaccount_socialtoken_app_id_636a42d7 ON public.socialaccount_socialtoken USING btree (app_id);

CREATE INDEX standing_by_age ON public.sync_domainstanding USING btree (read_at) WHERE (read_at IS NOT NULL);

CREATE INDEX standing_by_credential ON public.sync_domainstanding USING btree (credential_ends_at) WHERE (credential_ends_at IS NOT NULL);

CREATE INDEX standing_by_name ON public.sync_domainstanding USING btree (name);

CREATE INDEX standing_by_next_run ON public.sync_domainstanding USING btree (next_run_at) WHERE (automatic AND connected AND (NOT under_way));

CREATE INDEX standing_by_organization ON public.sync_domainstanding USING btree (organization_id, name);

CREATE INDEX standing_pressing ON public.sync_domainstanding USING btree (organization_id, domain_id) WHERE (paused OR failed OR (held_run_id IS NOT NULL) OR doubted OR lacks_permission);

CREATE INDEX sum_in_parts ON public.sync_standingsum USING btree (organization_id) WHERE (NOT is_whole);

CREATE INDEX sync_addressquestion_domain_id_21d41e60 ON public.sync_addressquestion USING btree (domain_id);

CREATE INDEX sync_connection_organization_id_3adbfdca ON public.connections_connection USING btree (organization_id);

CREATE INDEX sync_consentattempt_domain_id_02d5ca88 ON public.connections_consentattempt USING btree (domain_id);

CREATE INDEX sync_consentattempt_link_id_0725ae7e ON public.connections_consentattempt USING btree (link_id);

CREATE INDEX sync_consentattempt_operator_id_be8e649f ON public.connections_consentattempt USING btree (operator_id);

CREATE INDEX sync_consentattempt_source_id_cc873457 ON public.connections_consentattempt USING btree (source_id);

CREATE INDEX sync_consentlink_created_by_id_f10fa470 ON public.connections_consentlink USING btree (created_by_id);

CREATE INDEX sync_consentlink_domain_id_44065275 ON public.connections_consentlink USING btree (domain_id);

CREATE INDEX sync_consentlink_source_id_47623824 ON public.connections_consentlink USING btree (source_id);

CREATE INDEX sync_run_domain_id_9e8f25d9 ON public.sync_run USING btree (domain_id);

CREATE INDEX sync_run_parent_id_e9b56282 ON public.sync_run USING btree (parent_id);

CREATE INDEX sync_run_waits_in_id_368c2b00 ON public.sync_run USING btree (waits_in_id);

CREATE INDEX sync_runcount_slot_e550cda7 ON public.sync_runcount USING btree (slot);

CREATE INDEX sync_runrequest_decides_id_ae9039a4 ON public.sync_runrequest USING btree (decides_id);

CREATE INDEX sync_runrequest_domain_id_406589b8 ON public.sync_runrequest USING btree (domain_id);

CREATE INDEX sync_runrequest_shown_id_6a2ad455 ON public.sync_runrequest USING btree (shown_id);

CREATE INDEX sync_runskip_run_id_1f2992f6 ON public.sync_runskip USING btree (run_id);

CREATE INDEX sync_source_connection_id_b0be2e97 ON public.connections_source USING btree (connection_id);

CREATE INDEX sync_source_domain_id_46d98715 ON public.connections_source USING btree (domain_id);

CREATE INDEX sync_standingsum_organization_id_0799e626 ON public.sync_standingsum USING btree (organization_id);

CREATE INDEX sync_staticupload_domain_id_763a415e ON public.directory_staticupload USING btree (domain_id);

CREATE INDEX sync_steadystate_run_id_c68c73a1 ON public.sync_steadystate USING btree (run_id);

CREATE INDEX sync_unfinishedreading_connection_id_84d3d586 ON public.sync_unfinishedreading USING btree (connection_id);

CREATE INDEX sync_unfinishedreading_domain_id_f61a1629 ON public.sync_unfinishedreading USING btree (domain_id);

CREATE INDEX sync_unitbucket_key_d19e913e_like ON public.sync_unitbucket USING btree (key varchar_pattern_ops);

CREATE UNIQUE INDEX unique_authenticator_type ON public.mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY ((ARRAY['totp'::character varying, 'recovery_codes'::character varying])::text[]));

CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";

CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;

CREATE INDEX user_by_name ON public.directory_user USING btree (domain_id, lower(display_name), id);

CREATE INDEX user_retired_by_name ON public.directory_user USING btree (domain_id, lower(display_name), id) WHERE (retired_at IS NOT NULL);

CREATE INDEX user_static ON public.directory_user USING btree (domain_id) WHERE ((kind = 'static'::text) AND (owner_id IS NULL) AND (retired_at IS NULL));

CREATE TRIGGER check_changed AFTER UPDATE ON public.directory_address REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_check_addresses();

CREATE TRIGGER check_changed AFTER UPDATE ON public.directory_user REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_check_users();

CREATE TRIGGER check_emptied AFTER TRUNCATE ON public.directory_group FOR EACH STATEMENT EXECUTE FUNCTION public.directory_check_emptied();

CREATE TRIGGER check_emptied AFTER TRUNCATE ON public.directory_owner FOR EACH STATEMENT EXECUTE FUNCTION public.directory_check_emptied();

CREATE TRIGGER check_emptied AFTER TRUNCATE ON public.directory_user FOR EACH STATEMENT EXECUTE FUNCTION public.directory_check_emptied();

CREATE TRIGGER check_emptied AFTER TRUNCATE ON public.sync_run FOR EACH STATEMENT EXECUTE FUNCTION public.sync_check_emptied_runs();

CREATE TRIGGER check_gone AFTER DELETE ON public.directory_group REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_check_gone();

CREATE TRIGGER check_gone AFTER DELETE ON public.directory_owner REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_check_gone();

CREATE TRIGGER check_gone AFTER DELETE ON public.directory_user REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_check_gone();

CREATE TRIGGER check_gone AFTER DELETE ON public.sync_run REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_check_gone_run();

CREATE TRIGGER check_new AFTER INSERT ON public.directory_address REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_check_addresses();

CREATE TRIGGER check_new AFTER INSERT ON public.directory_user REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_check_users();

CREATE TRIGGER check_new AFTER INSERT ON public.sync_runchange REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_check_run();

CREATE TRIGGER check_new AFTER INSERT ON public.sync_runskip REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_check_run();

CREATE TRIGGER check_place BEFORE UPDATE OF id, domain_id ON public.directory_group FOR EACH ROW WHEN (((old.id <> new.id) OR (old.domain_id <> new.domain_id))) EXECUTE FUNCTION public.directory_refuse_move();

CREATE TRIGGER check_place BEFORE UPDATE OF id, domain_id ON public.directory_owner FOR EACH ROW WHEN (((old.id <> new.id) OR (old.domain_id <> new.domain_id))) EXECUTE FUNCTION public.directory_refuse_move();

CREATE TRIGGER check_place BEFORE UPDATE OF id, domain_id ON public.directory_user FOR EACH ROW WHEN (((old.id <> new.id) OR (old.domain_id <> new.domain_id))) EXECUTE FUNCTION public.directory_refuse_move();

CREATE TRIGGER check_place BEFORE UPDATE OF id ON public.sync_run FOR EACH ROW WHEN ((old.id <> new.id)) EXECUTE FUNCTION public.sync_refuse_other_run();

CREATE TRIGGER check_place BEFORE UPDATE OF run_id ON public.sync_runchange FOR EACH ROW WHEN ((old.run_id <> new.run_id)) EXECUTE FUNCTION public.sync_refuse_other_run();

CREATE TRIGGER check_place BEFORE UPDATE OF run_id ON public.sync_runskip FOR EACH ROW WHEN ((old.run_id <> new.run_id)) EXECUTE FUNCTION public.sync_refuse_other_run();

CREATE TRIGGER count_runs_changed AFTER UPDATE ON public.sync_run REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_count_runs();

CREATE TRIGGER count_runs_gone AFTER DELETE ON public.sync_run REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_count_runs();

CREATE TRIGGER count_runs_new AFTER INSERT ON public.sync_run REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_count_runs();

CREATE TRIGGER feed_changed AFTER UPDATE ON public.directory_address REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_updated_addresses();

CREATE TRIGGER feed_changed AFTER UPDATE ON public.directory_domain REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_domains();

CREATE TRIGGER feed_changed AFTER UPDATE ON public.directory_domainalias REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_domains();

CREATE TRIGGER feed_changed AFTER UPDATE ON public.directory_waitingaddress REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_updated_addresses();

CREATE TRIGGER feed_everything AFTER TRUNCATE ON public.directory_address FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_everything();

CREATE TRIGGER feed_gone AFTER DELETE ON public.directory_address REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_addresses();

CREATE TRIGGER feed_gone AFTER DELETE ON public.directory_domain REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_domains();

CREATE TRIGGER feed_gone AFTER DELETE ON public.directory_domainalias REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_domains();

CREATE TRIGGER feed_gone AFTER DELETE ON public.directory_waitingaddress REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_addresses();

CREATE TRIGGER feed_new AFTER INSERT ON public.directory_address REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_addresses();

CREATE TRIGGER feed_new AFTER INSERT ON public.directory_domain REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_domains();

CREATE TRIGGER feed_new AFTER INSERT ON public.directory_domainalias REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_domains();

CREATE TRIGGER feed_new AFTER INSERT ON public.directory_waitingaddress REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gateway.feed_addresses();

CREATE TRIGGER forget_summaries_changed AFTER UPDATE ON public.sync_runchange REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_forget_summaries();

CREATE TRIGGER forget_summaries_gone AFTER DELETE ON public.sync_runchange REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_forget_summaries();

CREATE TRIGGER keep_census_changed AFTER UPDATE ON public.directory_user REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_keep_census();

CREATE TRIGGER keep_census_gone AFTER DELETE ON public.directory_user REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_keep_census();

CREATE TRIGGER keep_census_new AFTER INSERT ON public.directory_user REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_keep_census();

CREATE TRIGGER mark_changed AFTER UPDATE ON public.directory_address REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_mark_roll();

CREATE TRIGGER mark_changed AFTER UPDATE ON public.directory_group REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_mark_roll();

CREATE TRIGGER mark_changed AFTER UPDATE ON public.directory_owner REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_mark_roll();

CREATE TRIGGER mark_changed AFTER UPDATE ON public.directory_user REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_mark_roll();

CREATE TRIGGER mark_everything AFTER TRUNCATE ON public.directory_address FOR EACH STATEMENT EXECUTE FUNCTION public.directory_mark_roll();

CREATE TRIGGER mark_everything AFTER TRUNCATE ON public.directory_group FOR EACH STATEMENT EXECUTE FUNCTION public.directory_mark_roll();

CREATE TRIGGER mark_everything AFTER TRUNCATE ON public.directory_owner FOR EACH STATEMENT EXECUTE FUNCTION public.directory_mark_roll();

CREATE TRIGGER mark_everything AFTER TRUNCATE ON public.directory_user FOR EACH STATEMENT EXECUTE FUNCTION public.directory_mark_roll();

CREATE TRIGGER mark_gone AFTER DELETE ON public.directory_address REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_mark_roll();

CREATE TRIGGER mark_gone AFTER DELETE ON public.directory_group REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_mark_roll();

CREATE TRIGGER mark_gone AFTER DELETE ON public.directory_owner REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_mark_roll();

CREATE TRIGGER mark_gone AFTER DELETE ON public.directory_user REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_mark_roll();

CREATE TRIGGER mark_new AFTER INSERT ON public.directory_address REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_mark_roll();

CREATE TRIGGER mark_new AFTER INSERT ON public.directory_group REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_mark_roll();

CREATE TRIGGER mark_new AFTER INSERT ON public.directory_owner REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_mark_roll();

CREATE TRIGGER mark_new AFTER INSERT ON public.directory_user REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_mark_roll();

CREATE TRIGGER mark_standings AFTER UPDATE ON public.connections_connection REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_changed AFTER UPDATE ON public.connections_source REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_changed AFTER UPDATE ON public.directory_census REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_changed AFTER UPDATE ON public.directory_domain REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_changed AFTER UPDATE ON public.sync_run REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_changed AFTER UPDATE ON public.sync_runrequest REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_changed AFTER UPDATE ON public.sync_schedule REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_gone AFTER DELETE ON public.connections_source REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_gone AFTER DELETE ON public.directory_census REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_gone AFTER DELETE ON public.directory_domain REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_gone AFTER DELETE ON public.sync_run REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_gone AFTER DELETE ON public.sync_runrequest REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_gone AFTER DELETE ON public.sync_schedule REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_new AFTER INSERT ON public.connections_source REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_new AFTER INSERT ON public.directory_census REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_new AFTER INSERT ON public.directory_domain REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_new AFTER INSERT ON public.sync_run REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_new AFTER INSERT ON public.sync_runrequest REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER mark_standings_new AFTER INSERT ON public.sync_schedule REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_mark_standings();

CREATE TRIGGER note_departures AFTER DELETE ON public.directory_address REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_note_departures();

CREATE TRIGGER note_departures AFTER DELETE ON public.directory_domain REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_note_departures();

CREATE TRIGGER note_departures AFTER DELETE ON public.directory_domainalias REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.directory_note_departures();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();

CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();

CREATE CONSTRAINT TRIGGER settle_standings AFTER INSERT ON public.sync_standing_mark DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.sync_settle_standings();

CREATE TRIGGER sum_standings_changed AFTER UPDATE ON public.sync_domainstanding REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_sum_standings();

CREATE TRIGGER sum_standings_gone AFTER DELETE ON public.sync_domainstanding REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_sum_standings();

CREATE TRIGGER sum_standings_new AFTER INSERT ON public.sync_domainstanding REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sync_sum_standings();

CREATE TRIGGER wake_admissions AFTER INSERT OR DELETE OR UPDATE OF digest, purposes, expires_at, revoked_at ON public.accounts_token FOR EACH STATEMENT EXECUTE FUNCTION gateway.wake_admissions();

CREATE TRIGGER wake_admissions AFTER INSERT OR DELETE OR UPDATE ON public.accounts_token_organizations FOR EACH STATEMENT EXECUTE FUNCTION gateway.wake_admissions();

CREATE TRIGGER wake_admissions AFTER INSERT OR DELETE OR UPDATE OF parent_id ON public.directory_organization FOR EACH STATEMENT EXECUTE FUNCTION gateway.wake_admissions();

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_accounts_operator_id FOREIGN KEY (user_id) REFERENCES public.accounts_operator(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES public.account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_invited_by_id_94a21efc_fk_accounts_ FOREIGN KEY (invited_by_id) REFERENCES public.accounts_operator(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_organization_id_2be75950_fk_directory FOREIGN KEY (organization_id) REFERENCES public.directory_organization(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT accounts_membership_operator_id_91cc3eb0_fk_accounts_ FOREIGN KEY (operator_id) REFERENCES public.accounts_operator(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT accounts_membership_organization_id_936776de_fk_directory FOREIGN KEY (organization_id) REFERENCES public.directory_organization(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_operator
    ADD CONSTRAINT accounts_operator_bound_to_id_5623b956_fk_directory FOREIGN KEY (bound_to_id) REFERENCES public.directory_organization(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_signinpolicy
    ADD CONSTRAINT accounts_signinpolic_organization_id_42f55937_fk_directory FOREIGN KEY (organization_id) REFERENCES public.directory_organization(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_token_organizations
    ADD CONSTRAINT accounts_token_organ_organization_id_45604ec4_fk_directory FOREIGN KEY (organization_id) REFERENCES public.directory_organization(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_token_organizations
    ADD CONSTRAINT accounts_token_organ_token_id_7b7d0b80_fk_accounts_ FOREIGN KEY (token_id) REFERENCES public.accounts_token(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_visit
    ADD CONSTRAINT accounts_visit_operator_id_d5ed5cdd_fk_accounts_operator_id FOREIGN KEY (operator_id) REFERENCES public.accounts_operator(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.alerts_alert
    ADD CONSTRAINT alerts_alert_organization_id_0ad57ffd_fk_directory FOREIGN KEY (organization_id) REFERENCES public.directory_organization(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.alerts_alertchannel
    ADD CONSTRAINT alerts_alertchannel_organization_id_5ce4bdc8_fk_directory FOREIGN KEY (organization_id) REFERENCES public.directory_organization(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.alerts_alertdelivery
    ADD CONSTRAINT alerts_alertdelivery_channel_id_288634ab_fk_alerts_al FOREIGN KEY (channel_id) REFERENCES public.alerts_alertchannel(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.alerts_alertdelivery
    ADD CONSTRAINT alerts_alertdelivery_operator_id_257302f2_fk_accounts_ FOREIGN KEY (operator_id) REFERENCES public.accounts_operator(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.alerts_alertdigest
    ADD CONSTRAINT alerts_alertdigest_organization_id_1b891c1c_fk_directory FOREIGN KEY (organization_id) REFERENCES public.directory_organization(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.alerts_alertrule_channels
    ADD CONSTRAINT alerts_alertrule_cha_alertchannel_id_a42bc5bb_fk_alerts_al FOREIGN KEY (alertchannel_id) REFERENCES public.alerts_alertchannel(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.alerts_alertrule_channels
    ADD CONSTRAINT alerts_alertrule_cha_alertrule_id_45a36fc1_fk_alerts_al FOREIGN KEY (alertrule_id) REFERENCES public.alerts_alertrule(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.alerts_alertrule
    ADD CONSTRAINT alerts_alertrule_organization_id_e9f348c0_fk_directory FOREIGN KEY (organization_id) REFERENCES public.directory_organization(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.alerts_digestday
    ADD CONSTRAINT alerts_digestday_operator_id_802c0611_fk_accounts_operator_id FOREIGN KEY (operator_id) REFERENCES public.accounts_operator(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.connections_changesubscription
    ADD CONSTRAINT connections_changesu_connection_id_b63beb9c_fk_connectio FOREIGN KEY (connection_id) REFERENCES public.connections_connection(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.connections_consentlink
    ADD CONSTRAINT connections_consentl_sent_by_id_120f5534_fk_accounts_ FOREIGN KEY (sent_by_id) REFERENCES public.accounts_operator(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.connections_dnsproof
    ADD CONSTRAINT connections_dnsproof_domain_id_650b0031_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.directory_domain
    ADD CONSTRAINT directory_domain_organization_id_d0935d9d_fk_directory FOREIGN KEY (organization_id) REFERENCES public.directory_organization(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.directory_domainalias
    ADD CONSTRAINT directory_domainalias_domain_id_7dc74582_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.directory_exemption
    ADD CONSTRAINT directory_exemption_domain_id_5573f480_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.directory_group
    ADD CONSTRAINT directory_group_domain_id_1544f300_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.directory_organization
    ADD CONSTRAINT directory_organizati_parent_id_e23f8dbe_fk_directory FOREIGN KEY (parent_id) REFERENCES public.directory_organization(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.directory_owner
    ADD CONSTRAINT directory_owner_domain_id_33fc12e7_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.directory_pause
    ADD CONSTRAINT directory_pause_domain_id_a206c6aa_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.directory_pause
    ADD CONSTRAINT directory_pause_organization_id_ceeb5238_fk_directory FOREIGN KEY (organization_id) REFERENCES public.directory_organization(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.directory_staticnote
    ADD CONSTRAINT directory_staticnote_user_id_same_domain FOREIGN KEY (domain_id, user_id) REFERENCES public.directory_user(domain_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.directory_waitingaddress
    ADD CONSTRAINT directory_waitingadd_domain_id_0675b5b0_fk_directory FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.gateway_answercount
    ADD CONSTRAINT gateway_answercount_domain_id_d51c0d8d_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.gateway_asker
    ADD CONSTRAINT gateway_asker_domain_id_b449bf41_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.gateway_knownaddress
    ADD CONSTRAINT gateway_knownaddress_domain_id_249270f9_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.gateway_refusedaddress
    ADD CONSTRAINT gateway_refusedaddre_domain_id_a42447e0_fk_directory FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_listingtrace
    ADD CONSTRAINT listingtrace_of_state FOREIGN KEY (domain_id) REFERENCES public.sync_steadystate(domain_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_accounts_operator_id FOREIGN KEY (user_id) REFERENCES public.accounts_operator(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);

ALTER TABLE ONLY public.socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_social_account_id_951f210e_fk_socialacc FOREIGN KEY (account_id) REFERENCES public.socialaccount_socialaccount(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_social_app_id_636a42d7_fk_socialacc FOREIGN KEY (app_id) REFERENCES public.socialaccount_socialapp(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.socialaccount_socialaccount
    ADD CONSTRAINT socialaccount_social_user_id_8146e70c_fk_accounts_ FOREIGN KEY (user_id) REFERENCES public.accounts_operator(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_addressquestion
    ADD CONSTRAINT sync_addressquestion_domain_id_21d41e60_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.connections_certificatedraft
    ADD CONSTRAINT sync_certificatedraf_source_id_4185f7f4_fk_sync_sour FOREIGN KEY (source_id) REFERENCES public.connections_source(owner_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_changesummary
    ADD CONSTRAINT sync_changesummary_run_id_937a9288_fk_sync_run_id FOREIGN KEY (run_id) REFERENCES public.sync_run(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.connections_connection
    ADD CONSTRAINT sync_connection_organization_id_3adbfdca_fk_directory FOREIGN KEY (organization_id) REFERENCES public.directory_organization(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.connections_consentattempt
    ADD CONSTRAINT sync_consentattempt_domain_id_02d5ca88_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.connections_consentattempt
    ADD CONSTRAINT sync_consentattempt_link_id_0725ae7e_fk_sync_consentlink_id FOREIGN KEY (link_id) REFERENCES public.connections_consentlink(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.connections_consentattempt
    ADD CONSTRAINT sync_consentattempt_operator_id_be8e649f_fk_accounts_ FOREIGN KEY (operator_id) REFERENCES public.accounts_operator(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.connections_consentattempt
    ADD CONSTRAINT sync_consentattempt_source_id_cc873457_fk_sync_source_owner_id FOREIGN KEY (source_id) REFERENCES public.connections_source(owner_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.connections_consentlink
    ADD CONSTRAINT sync_consentlink_created_by_id_f10fa470_fk_accounts_operator_id FOREIGN KEY (created_by_id) REFERENCES public.accounts_operator(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.connections_consentlink
    ADD CONSTRAINT sync_consentlink_domain_id_44065275_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.connections_consentlink
    ADD CONSTRAINT sync_consentlink_source_id_47623824_fk_sync_source_owner_id FOREIGN KEY (source_id) REFERENCES public.connections_source(owner_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_mailboxaccess
    ADD CONSTRAINT sync_mailboxaccess_connection_id_18dc9ae8_fk_connectio FOREIGN KEY (connection_id) REFERENCES public.connections_connection(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_mailboxpurpose
    ADD CONSTRAINT sync_mailboxpurpose_connection_id_ae7adffb_fk_sync_conn FOREIGN KEY (connection_id) REFERENCES public.connections_connection(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_quietspell
    ADD CONSTRAINT sync_quietspell_domain_id_090bbdf8_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_run
    ADD CONSTRAINT sync_run_domain_id_9e8f25d9_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_run
    ADD CONSTRAINT sync_run_parent_id_e9b56282_fk_sync_run_id FOREIGN KEY (parent_id) REFERENCES public.sync_run(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_run
    ADD CONSTRAINT sync_run_waits_in_id_368c2b00_fk_sync_run_id FOREIGN KEY (waits_in_id) REFERENCES public.sync_run(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_runprogress
    ADD CONSTRAINT sync_runprogress_run_id_02792a96_fk_sync_run_id FOREIGN KEY (run_id) REFERENCES public.sync_run(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_runrequest
    ADD CONSTRAINT sync_runrequest_decides_id_ae9039a4_fk_sync_run_id FOREIGN KEY (decides_id) REFERENCES public.sync_run(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_runrequest
    ADD CONSTRAINT sync_runrequest_domain_id_406589b8_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_runrequest
    ADD CONSTRAINT sync_runrequest_shown_id_6a2ad455_fk_sync_run_id FOREIGN KEY (shown_id) REFERENCES public.sync_run(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_sample
    ADD CONSTRAINT sync_sample_connection_id_973498aa_fk_sync_connection_id FOREIGN KEY (connection_id) REFERENCES public.connections_connection(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_schedule
    ADD CONSTRAINT sync_schedule_domain_id_015866a4_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.connections_source
    ADD CONSTRAINT sync_source_connection_id_b0be2e97_fk_sync_connection_id FOREIGN KEY (connection_id) REFERENCES public.connections_connection(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.connections_source
    ADD CONSTRAINT sync_source_domain_id_46d98715_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.connections_source
    ADD CONSTRAINT sync_source_owner_id_0d98bb9d_fk_directory_owner_id FOREIGN KEY (owner_id) REFERENCES public.directory_owner(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.directory_staticupload
    ADD CONSTRAINT sync_staticupload_domain_id_763a415e_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_steadystate
    ADD CONSTRAINT sync_steadystate_domain_id_f421b4b5_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_steadystate
    ADD CONSTRAINT sync_steadystate_run_id_c68c73a1_fk_sync_run_id FOREIGN KEY (run_id) REFERENCES public.sync_run(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_unfinishedpage
    ADD CONSTRAINT sync_unfinishedpage_reading_id_d186c035_fk_sync_unfi FOREIGN KEY (reading_id) REFERENCES public.sync_unfinishedreading(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_unfinishedreading
    ADD CONSTRAINT sync_unfinishedreadi_connection_id_84d3d586_fk_connectio FOREIGN KEY (connection_id) REFERENCES public.connections_connection(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_unfinishedreading
    ADD CONSTRAINT sync_unfinishedreadi_domain_id_f61a1629_fk_directory FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

REVOKE ALL ON FUNCTION gateway.access(address text) FROM PUBLIC;

REVOKE ALL ON FUNCTION gateway.answer(asked text, at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION gateway.feed_addresses() FROM PUBLIC;

REVOKE ALL ON FUNCTION gateway.feed_domains() FROM PUBLIC;

REVOKE ALL ON FUNCTION gateway.feed_everything() FROM PUBLIC;

REVOKE ALL ON FUNCTION gateway.feed_updated_addresses() FROM PUBLIC;

REVOKE ALL ON FUNCTION gateway.lookup(address text) FROM PUBLIC;

REVOKE ALL ON FUNCTION gateway.lowered(asked text) FROM PUBLIC;

REVOKE ALL ON FUNCTION gateway.named(asked text) FROM PUBLIC;

REVOKE ALL ON FUNCTION gateway.note(asked text) FROM PUBLIC;

REVOKE ALL ON FUNCTION gateway.plain(asked text) FROM PUBLIC;

REVOKE ALL ON FUNCTION gateway.relay_domain(domain text) FROM PUBLIC;

REVOKE ALL ON FUNCTION gateway.stage(ending_since timestamp with time zone, confirmed_at timestamp with time zone, at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION gateway.wake() FROM PUBLIC;

REVOKE ALL ON FUNCTION gateway.wake_admissions() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.directory_check_addresses() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.directory_check_emptied() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.directory_check_gone() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.directory_check_users() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.directory_hold_domains(domains uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.directory_keep_census() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.directory_mark_roll() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.directory_refuse_move() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.sync_check_emptied_runs() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.sync_check_gone_run() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.sync_check_run() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.sync_count_runs() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.sync_doubted(findings jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.sync_forget_summaries() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.sync_keep_standings(domains uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.sync_mark_standings() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.sync_refuse_other_run() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.sync_settle_standings() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.sync_sum_standings() FROM PUBLIC;
