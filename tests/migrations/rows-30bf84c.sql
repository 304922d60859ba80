SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

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

SET default_tablespace = '';

SET default_table_access_method = heap;

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

CREATE TABLE public.accounts_auditentry (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    actor text NOT NULL,
    organization uuid,
    action text NOT NULL,
    subject text NOT NULL,
    details jsonb NOT NULL
);

ALTER TABLE public.accounts_auditentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
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
    CONSTRAINT invitation_role_known CHECK ((role = ANY (ARRAY['viewer'::text, 'technician'::text, 'administrator'::text])))
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
    CONSTRAINT operator_email_canonical CHECK (((email)::text = lower((email)::text)))
);

CREATE TABLE public.accounts_signinpolicy (
    organization_id uuid NOT NULL,
    second_factor boolean DEFAULT false NOT NULL
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

CREATE TABLE public.directory_address (
    address text NOT NULL COLLATE pg_catalog."C",
    is_primary boolean NOT NULL,
    domain_id uuid NOT NULL,
    user_id uuid NOT NULL,
    CONSTRAINT address_canonical CHECK (((octet_length(address) <= 254) AND (address ~ '^[^@A-Z[:space:]]+@([a-z0-9-]+\.)+[a-z0-9-]+$'::text)))
);

CREATE TABLE public.directory_domain (
    id uuid NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    revision integer DEFAULT 1 NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    read_at timestamp with time zone,
    frozen boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    organization_id uuid NOT NULL,
    CONSTRAINT directory_domain_fence_check CHECK ((fence >= 0)),
    CONSTRAINT directory_domain_revision_check CHECK ((revision >= 0)),
    CONSTRAINT domain_canonical CHECK (((octet_length(name) <= 253) AND (name ~ '^([a-z0-9-]+\.)+[a-z0-9-]+$'::text)))
);

CREATE TABLE public.directory_domainalias (
    name text NOT NULL COLLATE pg_catalog."C",
    domain_id uuid NOT NULL,
    CONSTRAINT alias_canonical CHECK (((octet_length(name) <= 253) AND (name ~ '^([a-z0-9-]+\.)+[a-z0-9-]+$'::text)))
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
    CONSTRAINT organization_named CHECK ((NOT (name = ''::text))),
    CONSTRAINT organization_not_its_own_parent CHECK ((NOT ((parent_id = id) AND (parent_id IS NOT NULL))))
);

CREATE TABLE public.directory_owner (
    id uuid NOT NULL,
    label text NOT NULL,
    domain_id uuid NOT NULL
);

CREATE TABLE public.directory_staticnote (
    user_id uuid NOT NULL,
    responsible text DEFAULT ''::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    review_on date,
    domain_id uuid NOT NULL
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
    CONSTRAINT user_content_hash_form CHECK (((content_hash)::text ~ '^[0-9a-f]{32}$'::text)),
    CONSTRAINT user_external_id_absent_or_given CHECK ((NOT ((external_id = ''::text) AND (external_id IS NOT NULL)))),
    CONSTRAINT user_kind_known CHECK ((kind = ANY (ARRAY['user'::text, 'shared'::text, 'room'::text, 'equipment'::text, 'linked'::text, 'others'::text, 'shared-or-resource'::text, 'unlicensed'::text, 'group'::text, 'contact'::text, 'static'::text]))),
    CONSTRAINT user_object_type_known CHECK ((object_type = ANY (ARRAY['user'::text, 'group'::text, 'contact'::text])))
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

CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);

ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
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

CREATE TABLE public.sync_certificatedraft (
    source_id uuid NOT NULL,
    certificate text NOT NULL,
    sealed_key text NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL
);

CREATE TABLE public.sync_connection (
    id uuid NOT NULL,
    kind text NOT NULL,
    cloud text NOT NULL,
    login_url text NOT NULL,
    graph_url text NOT NULL,
    ca_file text NOT NULL,
    tenant_id text NOT NULL,
    client_id text NOT NULL,
    credential_kind text NOT NULL,
    sealed_credential text NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    organization_id uuid NOT NULL,
    consent jsonb NOT NULL,
    credential_ends_at timestamp with time zone,
    health jsonb NOT NULL,
    hybrid boolean DEFAULT false NOT NULL,
    CONSTRAINT connection_credential CHECK ((credential_kind = ANY (ARRAY['secret'::text, 'certificate'::text, 'installation'::text]))),
    CONSTRAINT connection_credential_sealed CHECK (((NOT (sealed_credential = ''::text)) OR (credential_kind = 'installation'::text)))
);

CREATE TABLE public.sync_consentattempt (
    id uuid NOT NULL,
    start uuid NOT NULL,
    origin text NOT NULL,
    cloud text NOT NULL,
    client_id text NOT NULL,
    step text NOT NULL,
    hand_over_hash bytea,
    signin_hash bytea,
    consent_hash bytea,
    browser_hash bytea,
    sealed text NOT NULL,
    tenant_id text NOT NULL,
    object_id text NOT NULL,
    account text NOT NULL,
    role text NOT NULL,
    refusal jsonb,
    waits jsonb,
    tries integer NOT NULL,
    next_try_at timestamp with time zone,
    started_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    finished_at timestamp with time zone,
    domain_id uuid NOT NULL,
    operator_id uuid,
    source_id uuid NOT NULL,
    link_id uuid,
    CONSTRAINT consent_attempt_by_operator_or_link CHECK ((((link_id IS NULL) AND (operator_id IS NOT NULL)) OR ((link_id IS NOT NULL) AND (operator_id IS NULL)))),
    CONSTRAINT consent_attempt_step_known CHECK ((step = ANY (ARRAY['handed-over'::text, 'signing-in'::text, 'redeeming'::text, 'consenting'::text, 'waiting'::text, 'done'::text, 'refused'::text]))),
    CONSTRAINT sync_consentattempt_tries_check CHECK ((tries >= 0))
);

CREATE TABLE public.sync_consentlink (
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    sealed_token text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    sent_to text NOT NULL,
    sent_at timestamp with time zone,
    opened_at timestamp with time zone,
    accepted_at timestamp with time zone,
    refused jsonb,
    ended_at timestamp with time zone,
    created_by_id uuid NOT NULL,
    domain_id uuid NOT NULL,
    source_id uuid NOT NULL
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
    after jsonb,
    reasons jsonb NOT NULL,
    run_id uuid NOT NULL,
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
    CONSTRAINT request_outcome_known CHECK (((outcome = ''::text) OR (outcome = ANY (ARRAY['done'::text, 'joined'::text, 'cancelled'::text])))),
    CONSTRAINT request_trigger_known CHECK ((trigger = ANY (ARRAY['preview'::text, 'manual'::text, 'automatic'::text, 'held'::text, 'import'::text])))
);

CREATE TABLE public.sync_runskip (
    id bigint NOT NULL,
    external_id text NOT NULL,
    address text NOT NULL,
    reason jsonb NOT NULL,
    run_id uuid NOT NULL
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
    CONSTRAINT schedule_has_a_next_run_where_on CHECK (((NOT automatic) OR (next_run_at IS NOT NULL))),
    CONSTRAINT schedule_interval_sane CHECK ((("interval" >= 5) AND ("interval" <= 10080))),
    CONSTRAINT schedule_jitter_below_one CHECK (((jitter >= (0.0)::double precision) AND (jitter < (1.0)::double precision))),
    CONSTRAINT sync_schedule_failures_check CHECK ((failures >= 0)),
    CONSTRAINT sync_schedule_filtered_revision_check CHECK ((filtered_revision >= 0)),
    CONSTRAINT sync_schedule_interval_check CHECK (("interval" >= 0)),
    CONSTRAINT sync_schedule_previewed_revision_check CHECK ((previewed_revision >= 0))
);

CREATE TABLE public.sync_source (
    owner_id uuid NOT NULL,
    "group" text NOT NULL,
    precedence integer NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    adopts boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    connection_id uuid,
    domain_id uuid NOT NULL,
    kind text DEFAULT 'microsoft365'::text NOT NULL,
    tenant text DEFAULT ''::text NOT NULL,
    contacts boolean DEFAULT true NOT NULL,
    filter jsonb,
    groups boolean DEFAULT true NOT NULL,
    guests boolean DEFAULT false NOT NULL,
    CONSTRAINT source_connected_where_enabled CHECK (((NOT enabled) OR (connection_id IS NOT NULL))),
    CONSTRAINT sync_source_precedence_check CHECK ((precedence >= 0))
);

CREATE TABLE public.sync_staticupload (
    id uuid NOT NULL,
    name text NOT NULL,
    content bytea NOT NULL,
    uploaded_at timestamp with time zone NOT NULL,
    domain_id uuid NOT NULL
);

ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);

INSERT INTO public.accounts_auditentry (id, at, actor, organization, action, subject, details) VALUES
	(1, '2026-11-28 21:31:44.084007+00', 'test:priya', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'organization.added', 'Brightwater Joinery', '{"parent": null}'),
	(2, '2026-11-28 21:31:44.089863+00', 'test:priya', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'domain.added', 'brightwater.example', '{"domain": "da5c8ec8-ff36-4e4f-b517-f98183fc4e02"}'),
	(3, '2026-11-28 21:31:44.092699+00', 'test:priya', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'connection.added', '41329162-c24b-4c98-93d1-3818cb93ef7c', '{"kind": "microsoft365", "cloud": "custom", "client": "1e2feb89-414c-443c-9027-c4d1c386bbc4", "tenant": "11111111-2222-4333-8444-555555555555", "credential": "secret"}'),
	(4, '2026-11-28 21:31:44.100093+00', 'test:priya', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.added', 'brightwater.example', '{"group": "Main", "source": "1946c866-3a1d-4808-9821-fe567d3c2f21", "connection": "41329162-c24b-4c98-93d1-3818cb93ef7c", "precedence": 1}'),
	(5, '2026-11-28 21:31:44.108318+00', 'operator:priya@northgate.example', '04a7e64f-af3b-4647-91cc-030679bd612d', 'organization.added', 'Northgate IT', '{"parent": null}'),
	(6, '2026-11-28 21:31:44.109841+00', 'operator:priya@northgate.example', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be', 'organization.added', 'Brightwater Freight', '{"parent": "bbdf705a-4dd5-4d8f-a06a-f138c864db3f"}'),
	(7, '2026-11-28 21:31:44.114082+00', 'operator:priya@northgate.example', '04a7e64f-af3b-4647-91cc-030679bd612d', 'organization.support_set', 'Northgate IT', '{"help_url": "https://help.example/mail", "ticket_url": "mailto:help@northgate.example"}'),
	(8, '2026-11-28 21:31:44.115815+00', 'operator:priya@northgate.example', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be', 'organization.renamed', 'Brightwater Freight & Sons', '{"before": "Brightwater Freight"}'),
	(9, '2026-11-28 21:31:44.117483+00', 'operator:priya@northgate.example', 'f7d9ca6e-3e2f-47ec-8df2-7b8fac3ab8fc', 'organization.added', 'Closed Ltd', '{"parent": "04a7e64f-af3b-4647-91cc-030679bd612d"}'),
	(10, '2026-11-28 21:31:44.119943+00', 'operator:priya@northgate.example', '04a7e64f-af3b-4647-91cc-030679bd612d', 'organization.removed', 'Closed Ltd', '{"was": "f7d9ca6e-3e2f-47ec-8df2-7b8fac3ab8fc"}'),
	(11, '2026-11-28 21:31:44.129713+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'domain.alias_added', 'brightwater.example', '{"alias": "brightwater.test"}'),
	(12, '2026-11-28 21:31:44.13452+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'domain.alias_added', 'brightwater.example', '{"alias": "old.brightwater.test"}'),
	(13, '2026-11-28 21:31:44.140087+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'domain.alias_removed', 'brightwater.example', '{"alias": "old.brightwater.test"}'),
	(14, '2026-11-28 21:31:44.174521+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'connection.checked', '41329162-c24b-4c98-93d1-3818cb93ef7c', '{"result": "ok"}'),
	(15, '2026-11-28 21:31:44.180093+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'connection.hybrid', '41329162-c24b-4c98-93d1-3818cb93ef7c', '{}'),
	(16, '2026-11-28 21:31:44.182713+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'connection.not_hybrid', '41329162-c24b-4c98-93d1-3818cb93ef7c', '{}'),
	(17, '2026-11-28 21:31:44.186963+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'connection.hybrid', '41329162-c24b-4c98-93d1-3818cb93ef7c', '{}'),
	(18, '2026-11-28 21:31:44.375268+00', 'test:priya', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.applied', 'brightwater.example', '{"run": "ae3d0324-f2eb-4b92-a7a3-05e178fd499f", "digest": "fac4f15373ebc0b814f3bc51ad397f5431c51605f6c3bac641f9411562690237"}'),
	(19, '2026-11-28 21:31:44.523746+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'group.added', 'brightwater.example', '{"group": "Clinical"}'),
	(20, '2026-11-28 21:31:44.529763+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'group.added', 'brightwater.example', '{"group": "Theatre"}'),
	(21, '2026-11-28 21:31:44.534301+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'group.added', 'brightwater.example', '{"group": "Gone"}'),
	(22, '2026-11-28 21:31:44.54016+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'group.renamed', 'brightwater.example', '{"after": "Front desk", "before": "Theatre"}'),
	(23, '2026-11-28 21:31:44.547526+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.moved', 'p10@brightwater.example', '{"user": "9adee5d7-f0b3-5425-b12e-41956e48612d", "after": "Gone", "before": "Main", "domain": "brightwater.example"}'),
	(24, '2026-11-28 21:31:44.562646+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'group.removed', 'brightwater.example', '{"group": "Gone", "users": 1}'),
	(25, '2026-11-28 21:31:44.572859+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.added', 'fax@brightwater.example', '{"kind": "user", "user": "94c0a800-a8c2-4ca1-a4bb-3b9f49912697", "group": "Main", "domain": "brightwater.example", "aliases": ["door.phone@brightwater.example"]}'),
	(26, '2026-11-28 21:31:44.579162+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.renamed', 'fax@brightwater.example', '{"user": "94c0a800-a8c2-4ca1-a4bb-3b9f49912697", "after": "Fax", "before": "Fax and door phone", "domain": "brightwater.example"}'),
	(27, '2026-11-28 21:31:44.594576+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.alias_added', 'fax@brightwater.example', '{"user": "94c0a800-a8c2-4ca1-a4bb-3b9f49912697", "alias": "fax2@brightwater.example", "domain": "brightwater.example"}'),
	(28, '2026-11-28 21:31:44.598388+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.alias_removed', 'fax@brightwater.example', '{"user": "94c0a800-a8c2-4ca1-a4bb-3b9f49912697", "alias": "fax2@brightwater.example", "domain": "brightwater.example"}'),
	(29, '2026-11-28 21:31:44.606755+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.added', 'brief@brightwater.example', '{"kind": "user", "user": "eb4f15f0-901a-4021-b82a-f5e04bedb5bb", "group": "Main", "domain": "brightwater.example", "aliases": []}'),
	(30, '2026-11-28 21:31:44.622936+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.removed', 'brief@brightwater.example', '{"user": "eb4f15f0-901a-4021-b82a-f5e04bedb5bb", "domain": "brightwater.example", "addresses": ["brief@brightwater.example"]}'),
	(31, '2026-11-28 21:31:44.627908+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.pinned', 'p7@brightwater.example', '{"user": "3d373eef-f9cc-5974-bc0e-70726fc3a5b1", "domain": "brightwater.example"}'),
	(32, '2026-11-28 21:31:44.645284+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.moved', 'p7@brightwater.example', '{"user": "3d373eef-f9cc-5974-bc0e-70726fc3a5b1", "after": "Clinical", "before": "Main", "domain": "brightwater.example"}'),
	(33, '2026-11-28 21:31:44.658858+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.pinned', 'p8@brightwater.example', '{"user": "8d561697-e414-51d4-b8a8-332405d12412", "domain": "brightwater.example"}'),
	(34, '2026-11-28 21:31:44.666483+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.unpinned', 'p8@brightwater.example', '{"user": "8d561697-e414-51d4-b8a8-332405d12412", "domain": "brightwater.example"}'),
	(35, '2026-11-28 21:31:44.678427+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.exempted', 'p9@brightwater.example', '{"user": "a0b8210f-14fd-5078-9124-82ba71bbcb4c", "domain": "brightwater.example"}'),
	(36, '2026-11-28 21:31:44.688035+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.exempted', 'p8@brightwater.example', '{"user": "8d561697-e414-51d4-b8a8-332405d12412", "domain": "brightwater.example"}'),
	(37, '2026-11-28 21:31:44.69789+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.unexempted', 'p8@brightwater.example', '{"user": "8d561697-e414-51d4-b8a8-332405d12412", "domain": "brightwater.example"}'),
	(38, '2026-11-28 21:31:44.709024+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.kind_set', 'p6@brightwater.example', '{"user": "73a7b18f-43a8-5c39-beb7-6f616a437b51", "after": "room", "before": "user", "domain": "brightwater.example"}'),
	(39, '2026-11-28 21:31:44.718167+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.kind_set', 'p5@brightwater.example', '{"user": "285af39d-5736-5b0e-9135-9644d17acaf5", "after": "room", "before": "user", "domain": "brightwater.example"}'),
	(40, '2026-11-28 21:31:44.728798+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.kind_unset', 'p5@brightwater.example', '{"user": "285af39d-5736-5b0e-9135-9644d17acaf5", "domain": "brightwater.example"}'),
	(41, '2026-11-28 21:31:44.739477+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.moved', 'p5@brightwater.example', '{"user": "285af39d-5736-5b0e-9135-9644d17acaf5", "after": "Front desk", "before": "Main", "domain": "brightwater.example"}'),
	(42, '2026-11-28 21:31:44.747925+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.group_unset', 'p5@brightwater.example', '{"user": "285af39d-5736-5b0e-9135-9644d17acaf5", "domain": "brightwater.example"}'),
	(43, '2026-11-28 21:31:44.760739+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'static.added', 'all@brightwater.example', '{"note": "Dynamic list of all staff", "user": "e7d646e0-13c7-45a1-aad7-3816fe345afd", "owner": "Tom Ellery", "domain": "brightwater.example", "review": "2026-03-01", "aliases": ["everybody@brightwater.example"]}'),
	(44, '2026-11-28 21:31:44.769888+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'static.added', 'printer@brightwater.example', '{"note": null, "user": "c68ade30-106a-4e72-b47d-b8e5327d58cc", "owner": null, "domain": "brightwater.example", "review": null, "aliases": []}'),
	(45, '2026-11-28 21:31:44.784096+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'static.changed', 'printers@brightwater.example', '{"note": null, "user": "c68ade30-106a-4e72-b47d-b8e5327d58cc", "after": ["printers@brightwater.example"], "owner": "Tom Ellery", "before": ["printer@brightwater.example"], "domain": "brightwater.example", "review": null}'),
	(46, '2026-11-28 21:31:44.789495+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'static.removed', 'printers@brightwater.example', '{"user": "c68ade30-106a-4e72-b47d-b8e5327d58cc", "domain": "brightwater.example", "addresses": ["printers@brightwater.example"]}'),
	(47, '2026-11-28 21:31:44.800474+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'statics.imported', 'brightwater.example', '{"added": 1, "changed": 0, "addresses": ["scanner@brightwater.example"]}'),
	(48, '2026-11-28 21:31:44.827489+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'object.exempted', 'brightwater.example', '{"name": "Scanner Test", "object": "11111111-2222-4333-8444-555555555555:00000000-0000-4000-8000-000000000001", "address": "scan@brightwater.example"}'),
	(49, '2026-11-28 21:31:44.834099+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'object.exempted', 'brightwater.example', '{"name": "Twice", "object": "11111111-2222-4333-8444-555555555555:00000000-0000-4000-8000-000000000002", "address": "twice@brightwater.example"}'),
	(50, '2026-11-28 21:31:44.83885+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'object.unexempted', 'brightwater.example', '{"name": "Twice", "object": "11111111-2222-4333-8444-555555555555:00000000-0000-4000-8000-000000000002", "address": "twice@brightwater.example"}'),
	(51, '2026-11-28 21:31:44.989927+00', 'test:priya', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.applied', 'brightwater.example', '{"run": "63e34b83-690f-4412-b0ad-9cf7375efa31", "digest": "e1c5a5ebe67819e71e07aa55dfb2ab605147137a47752e9425d3f2096fe6a283"}'),
	(52, '2026-11-28 21:31:45.026966+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.restored', 'p11@brightwater.example', '{"user": "fa072b1f-d8fd-554e-85a7-4c0950bea692", "domain": "brightwater.example", "pinned": true}'),
	(53, '2026-11-28 21:31:45.423565+00', 'test:priya', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.applied', 'brightwater.example', '{"run": "2b9f8e76-5806-439e-ae42-93ead2c44a1a", "digest": "71f5ccb5b89fb31807d85054a6239052adb238bb9f024d8f40fc5fc98892bf6e"}'),
	(54, '2026-11-28 21:31:45.445539+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.added', 'jo@brightwater.example', '{"kind": "user", "user": "59fcce03-f767-4ce2-b201-c3bb46ed4091", "group": "Main", "domain": "brightwater.example", "aliases": []}'),
	(55, '2026-11-28 21:31:45.449813+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.adopts', 'brightwater.example', '{"source": "1946c866-3a1d-4808-9821-fe567d3c2f21"}'),
	(56, '2026-11-28 21:31:45.644412+00', 'test:priya', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.applied', 'brightwater.example', '{"run": "42c03948-74b0-47fd-9c38-346c7788ccef", "digest": "77cb58e70f11ebaeba5d9434af339a5f9f4502505e98bc33af9569e123ece419"}'),
	(57, '2026-11-28 21:31:45.721303+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.applied', 'brightwater.example', '{"run": "587ed864-7102-414a-b2d7-f70968d5adc3", "digest": "45bcfebe1cffe477eb2b5019ac849146891ac06fa6d67345404fa1faf1704e31"}'),
	(58, '2026-11-28 21:31:45.73723+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.filter_set', 'brightwater.example', '{"after": "{\"any\": [{\"field\": \"department\", \"operator\": \"is one of\", \"value\": [\"Sales\", \"Gr\\u00f6\\u00dfe & S\\u00f6hne\"]}, {\"all\": [{\"field\": \"accountEnabled\", \"operator\": \"is\", \"value\": true}, {\"field\": \"displayName\", \"operator\": \"matches\", \"value\": \"^(Person|Ines|Amara|Zoe|Orla)\"}]}, {\"field\": \"kind\", \"operator\": \"is\", \"value\": \"shared\"}]}", "before": "null", "source": "1946c866-3a1d-4808-9821-fe567d3c2f21"}'),
	(59, '2026-11-28 21:31:45.744507+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.takes_guests', 'brightwater.example', '{"source": "1946c866-3a1d-4808-9821-fe567d3c2f21"}'),
	(60, '2026-11-28 21:31:45.747926+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.leaves_contacts', 'brightwater.example', '{"source": "1946c866-3a1d-4808-9821-fe567d3c2f21"}'),
	(61, '2026-11-28 21:31:45.753121+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.takes_contacts', 'brightwater.example', '{"source": "1946c866-3a1d-4808-9821-fe567d3c2f21"}'),
	(62, '2026-11-28 21:31:45.757645+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.leaves_groups', 'brightwater.example', '{"source": "1946c866-3a1d-4808-9821-fe567d3c2f21"}'),
	(63, '2026-11-28 21:31:45.761927+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.takes_groups', 'brightwater.example', '{"source": "1946c866-3a1d-4808-9821-fe567d3c2f21"}'),
	(64, '2026-11-28 21:31:45.770311+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.adopts_nobody', 'brightwater.example', '{"source": "1946c866-3a1d-4808-9821-fe567d3c2f21"}'),
	(65, '2026-11-28 21:31:45.778518+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.renamed', 'brightwater.example', '{"after": "Staff", "before": "Office 365", "source": "1946c866-3a1d-4808-9821-fe567d3c2f21"}'),
	(66, '2026-11-28 21:31:45.786427+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'group.added', 'brightwater.example', '{"group": "Staff of Brightwater"}'),
	(67, '2026-11-28 21:31:45.792129+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.destination_set', 'brightwater.example', '{"after": "Staff of Brightwater", "before": "Main", "source": "1946c866-3a1d-4808-9821-fe567d3c2f21"}'),
	(68, '2026-11-28 21:31:45.800654+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.destination_set', 'brightwater.example', '{"after": "Main", "before": "Staff of Brightwater", "source": "1946c866-3a1d-4808-9821-fe567d3c2f21"}'),
	(69, '2026-11-28 21:31:45.963344+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'automatic.on', 'brightwater.example', '{"interval": 60, "previewed": true}'),
	(70, '2026-11-28 21:31:45.9725+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'interval.changed', 'brightwater.example', '{"after": 30, "before": 60}'),
	(71, '2026-11-28 21:31:46.006256+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.discarded', 'brightwater.example', '{"run": "88c4c067-bda5-48c1-85bb-843a6f35317a", "digest": "238ecf5d39c73e48b3c44b9dc65b10c1fea028be03aa4b78a1622c6e8dfe0cf0"}'),
	(72, '2026-11-28 21:31:46.025303+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.asked', 'brightwater.example', '{"run": "eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6", "trigger": "manual"}'),
	(73, '2026-11-28 21:31:46.21444+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.held', 'brightwater.example', '{"run": "eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6", "digest": "238ecf5d39c73e48b3c44b9dc65b10c1fea028be03aa4b78a1622c6e8dfe0cf0"}'),
	(74, '2026-11-28 21:31:46.231543+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.asked', 'brightwater.example', '{"run": "40b81128-4ed2-486d-bab7-e527d9bdd108", "trigger": "manual"}'),
	(75, '2026-11-28 21:31:46.234172+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.cancelled', 'brightwater.example', '{"run": "40b81128-4ed2-486d-bab7-e527d9bdd108"}'),
	(76, '2026-11-28 21:31:46.425133+00', 'schedule', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.unchanged', 'brightwater.example', '{"run": "50e30fae-9b20-4878-a856-a67c99378a7b", "digest": "2dc134eca108da016e0cee1d6427618b42ef3faddf6e36416e9c969635fffd28"}'),
	(77, '2026-11-28 21:31:46.63859+00', 'test:priya', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.applied', 'brightwater.example', '{"run": "bd2da58a-272e-4907-bfd2-f573dae7c355", "digest": "56aa57a08a689190a035ede0a74d5746fac7ba77b7d0064ec10b122171022f2b"}'),
	(78, '2026-11-28 21:31:46.647223+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.moved', 'p5@brightwater.example', '{"user": "285af39d-5736-5b0e-9135-9644d17acaf5", "after": "Clinical", "before": "Main", "domain": "brightwater.example"}'),
	(79, '2026-11-28 21:31:46.651033+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'users.groups_unset', 'brightwater.example', '{"users": 2, "source": "Staff"}'),
	(80, '2026-11-28 21:31:46.95473+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'user.added', 'zoe@brightwater.example', '{"kind": "user", "user": "293d7fba-26ab-4252-9775-c39bea9e2b2e", "group": "Main", "domain": "brightwater.example", "aliases": []}'),
	(81, '2026-11-28 21:31:47.004173+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.cancelled', 'brightwater.example', '{"run": "85653d12-6598-4931-b6aa-4f529e4e2631"}'),
	(82, '2026-11-28 21:31:47.168052+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.asked', 'brightwater.example', '{"run": "c8ed790b-c161-411e-b6c0-ed1dd756a196", "trigger": "preview"}'),
	(83, '2026-11-28 21:31:47.294589+00', 'test:setup', 'b1b0633d-8c27-4c75-a2cd-8ebb0232195f', 'organization.added', 'Somebody Else', '{"parent": null}'),
	(84, '2026-11-28 21:31:49.120804+00', 'command', '04a7e64f-af3b-4647-91cc-030679bd612d', 'membership.added', 'priya@northgate.example', '{"after": "administrator", "before": null}'),
	(85, '2026-11-28 21:31:49.529843+00', 'operator:priya@northgate.example', NULL, 'operator.added', 'leaver@northgate.example', '{"name": "Lee Leaver"}'),
	(86, '2026-11-28 21:31:49.53376+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'membership.added', 'leaver@northgate.example', '{"after": "viewer", "before": null}'),
	(87, '2026-11-28 21:31:49.555898+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'membership.changed', 'leaver@northgate.example', '{"after": "technician", "before": "viewer"}'),
	(88, '2026-11-28 21:31:49.57385+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'membership.removed', 'leaver@northgate.example', '{"after": null, "before": "technician"}'),
	(89, '2026-11-28 21:31:49.579865+00', 'operator:priya@northgate.example', NULL, 'operator.deactivated', 'leaver@northgate.example', '{}'),
	(90, '2026-11-28 21:31:49.992253+00', 'operator:priya@northgate.example', NULL, 'operator.added', 'gone@northgate.example', '{"name": "Gone"}'),
	(91, '2026-11-28 21:31:49.993691+00', 'operator:priya@northgate.example', NULL, 'operator.deactivated', 'gone@northgate.example', '{}'),
	(92, '2026-11-28 21:31:49.99614+00', 'operator:priya@northgate.example', NULL, 'operator.activated', 'gone@northgate.example', '{}'),
	(93, '2026-11-28 21:31:50.018228+00', 'operator:priya@northgate.example', NULL, 'operator.removed', 'gone@northgate.example', '{}'),
	(94, '2026-11-28 21:31:50.045489+00', 'operator:vera@northgate.example', NULL, 'operator.profile_changed', 'vera@northgate.example', '{"time_zone_after": "Europe/Berlin", "time_zone_before": ""}'),
	(95, '2026-11-28 21:31:50.498195+00', 'operator:vera@northgate.example', NULL, 'operator.password_changed', 'vera@northgate.example', '{}'),
	(96, '2026-11-28 21:31:50.517918+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'invitation.sent', 'new@northgate.example', '{"role": "technician"}'),
	(97, '2026-11-28 21:31:51.0013+00', 'operator:new@northgate.example', NULL, 'operator.added', 'new@northgate.example', '{"name": "Nia Newcomer"}'),
	(98, '2026-11-28 21:31:51.004963+00', 'operator:new@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'invitation.accepted', 'new@northgate.example', '{"role": "technician"}'),
	(99, '2026-11-28 21:31:51.017301+00', 'operator:new@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'membership.added', 'new@northgate.example', '{"after": "technician", "before": null}'),
	(100, '2026-11-28 21:31:51.029067+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'invitation.sent', 'never@northgate.example', '{"role": "viewer"}'),
	(101, '2026-11-28 21:31:51.036607+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'invitation.withdrawn', 'never@northgate.example', '{"role": "viewer"}'),
	(102, '2026-11-28 21:31:51.049835+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'invitation.sent', 'open@northgate.example', '{"role": "viewer"}'),
	(103, '2026-11-28 21:31:51.056218+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'invitation.sent', 'late@northgate.example', '{"role": "viewer"}'),
	(104, '2026-11-28 21:31:52.951946+00', 'operator:vera@northgate.example', NULL, 'second_factor.app_added', 'vera@northgate.example', '{}'),
	(105, '2026-11-28 21:31:53.583624+00', 'operator:tom@northgate.example', NULL, 'second_factor.app_added', 'tom@northgate.example', '{}'),
	(106, '2026-11-28 21:31:53.631584+00', 'operator:tom@northgate.example', NULL, 'second_factor.app_removed', 'tom@northgate.example', '{}'),
	(107, '2026-11-28 21:31:53.6432+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'organization.second_factor_demand', 'Brightwater Joinery', '{"after": true, "before": false}'),
	(108, '2026-11-28 21:31:53.653358+00', 'operator:sam@northgate.example', 'b1b0633d-8c27-4c75-a2cd-8ebb0232195f', 'organization.second_factor_demand', 'Somebody Else', '{"after": true, "before": false}'),
	(109, '2026-11-28 21:31:53.658384+00', 'operator:sam@northgate.example', 'b1b0633d-8c27-4c75-a2cd-8ebb0232195f', 'organization.second_factor_demand', 'Somebody Else', '{"after": false, "before": true}'),
	(110, '2026-11-28 21:31:54.287572+00', 'operator:tom@northgate.example', NULL, 'operator.signed_in', 'tom@northgate.example', '{"methods": ["password"]}'),
	(111, '2026-11-28 21:31:55.372624+00', 'operator:priya@northgate.example', '4fb617ea-efba-4ac6-8c56-01cb82c7788d', 'organization.added', 'Coldharbour Surgery', '{"parent": "04a7e64f-af3b-4647-91cc-030679bd612d"}'),
	(112, '2026-11-28 21:31:55.397776+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'domain.added', 'brightwater-freight.example', '{"domain": "cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573"}'),
	(113, '2026-11-28 21:31:55.656316+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'connection.added', '66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d', '{"kind": "microsoft365", "cloud": "custom", "client": "3497553c-b089-4f5a-bca7-cb5fbf05f8fa", "tenant": "11111111-2222-4333-8444-555555555555", "credential": "certificate"}'),
	(114, '2026-11-28 21:31:55.670516+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.added', 'brightwater-freight.example', '{"group": "Main", "source": "0858922e-2bbf-4b34-b121-45e09f37a596", "connection": "66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d", "precedence": 1}'),
	(115, '2026-11-28 21:31:56.077305+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.applied', 'brightwater-freight.example', '{"run": "0d8817db-40f8-4aec-91de-e2078ab8c987", "digest": "3f99ae73b6edbea622ec138f1906b3d2905855ebda16d35e0a71aac186a727f6"}'),
	(116, '2026-11-28 21:31:56.105343+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.added', 'brightwater-freight.example', '{"group": "Main", "source": "4c27332d-407a-494b-9a49-8c12693bf5ed", "connection": "66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d", "precedence": 2}'),
	(117, '2026-11-28 21:31:56.125617+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.disabled', 'brightwater-freight.example', '{"source": "4c27332d-407a-494b-9a49-8c12693bf5ed"}'),
	(118, '2026-11-28 21:31:56.158349+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.moved', 'brightwater-freight.example', '{"place": 1, "source": "4c27332d-407a-494b-9a49-8c12693bf5ed"}'),
	(119, '2026-11-28 21:31:56.172923+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.added', 'brightwater-freight.example', '{"group": "Main", "source": "f3764731-715d-41f9-8e60-55b3ae6ec659", "connection": "66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d", "precedence": 3}'),
	(120, '2026-11-28 21:31:56.182759+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'users.made_by_hand', 'brightwater-freight.example', '{"users": 0, "source": "Office 365 3"}'),
	(121, '2026-11-28 21:31:56.185187+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'source.removed', 'brightwater-freight.example', '{"label": "Office 365 3", "users": "kept", "source": "f3764731-715d-41f9-8e60-55b3ae6ec659"}'),
	(122, '2026-11-28 21:31:56.719917+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.held', 'brightwater-freight.example', '{"run": "e6157d14-4bf8-42b2-85ac-b290066f4370", "digest": "4366dca070af346f90dc701269b84ca9b3518353537bd3b7e34f63a8b195fbda"}'),
	(123, '2026-11-28 21:31:56.759194+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.released', 'brightwater-freight.example', '{"run": "e6157d14-4bf8-42b2-85ac-b290066f4370", "digest": "4366dca070af346f90dc701269b84ca9b3518353537bd3b7e34f63a8b195fbda", "reason": "They left the fleet"}'),
	(124, '2026-11-28 21:31:56.77043+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'automatic.on', 'brightwater-freight.example', '{"interval": 60, "previewed": false}'),
	(125, '2026-11-28 21:31:57.654909+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'run.applied', 'brightwater-freight.example', '{"run": "de335bb9-399d-4a70-a423-88f7572c6bb1", "digest": "1d13747e6a06d41f8fea99b8adb44cf2f49274cff59b884e1442e61bf68f87d1"}'),
	(126, '2026-11-28 21:31:57.671188+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'connection.added', '778b2855-dafc-44c2-9997-1eedaf1e65f6', '{"kind": "microsoft365", "cloud": "global", "client": "99999999-0000-4333-8444-555555555555", "tenant": "99999999-2222-4333-8444-555555555555", "credential": "secret"}'),
	(127, '2026-11-28 21:31:58.02345+00', 'operator:priya@northgate.example', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be', 'domain.added', 'dying.example', '{"domain": "86deb2a7-c5bc-4459-bda2-affba3197512"}'),
	(128, '2026-11-28 21:31:58.03782+00', 'operator:priya@northgate.example', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be', 'source.added', 'dying.example', '{"group": "Main", "source": "df6aae2a-f58d-478a-8112-df26e4e70ae4", "connection": "41329162-c24b-4c98-93d1-3818cb93ef7c", "precedence": 1}'),
	(129, '2026-11-28 21:31:58.06733+00', 'operator:priya@northgate.example', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be', 'domain.added', 'reading.example', '{"domain": "40ce0d52-1753-4233-96aa-90a4f4989527"}'),
	(130, '2026-11-28 21:31:58.095656+00', 'operator:priya@northgate.example', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be', 'source.added', 'reading.example', '{"group": "Main", "source": "ec1494d3-fa2c-4174-b5de-9555b8e84771", "connection": "41329162-c24b-4c98-93d1-3818cb93ef7c", "precedence": 1}'),
	(131, '2026-11-28 21:31:58.113285+00', 'operator:priya@northgate.example', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be', 'domain.added', 'removed.example', '{"domain": "38724114-5e0b-4e6f-ba24-6b990bb049d3"}'),
	(132, '2026-11-28 21:31:58.125818+00', 'operator:priya@northgate.example', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be', 'domain.emptied', 'removed.example', '{"runs": 0, "sources": 0}'),
	(133, '2026-11-28 21:31:58.159396+00', 'operator:priya@northgate.example', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be', 'domain.removed', 'removed.example', '{"users": 0}'),
	(134, '2026-11-28 21:31:58.173421+00', 'operator:priya@northgate.example', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'automatic.resumed', 'brightwater-freight.example', '{}'),
	(135, '2026-11-28 21:31:58.735727+00', 'operator:priya@northgate.example', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be', 'domain.added', 'empty.example', '{"domain": "e219e52d-3fd2-457b-87f2-8a6114a97503"}'),
	(136, '2026-11-28 21:31:58.745882+00', 'operator:priya@northgate.example', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be', 'automatic.on', 'empty.example', '{"interval": 60, "previewed": false}'),
	(137, '2026-11-28 21:31:58.748396+00', 'operator:priya@northgate.example', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be', 'automatic.off', 'empty.example', '{}'),
	(138, '2026-11-28 21:31:58.756535+00', 'operator:priya@northgate.example', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be', 'domain.added', 'orphan.example', '{"domain": "122d340c-229f-4a91-8a9a-25b51b3342e1"}'),
	(139, '2026-11-28 21:31:58.778602+00', 'operator:priya@northgate.example', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be', 'source.added', 'orphan.example', '{"group": "Main", "source": "1cab625c-b638-43cc-9756-f884e609912e", "connection": "41329162-c24b-4c98-93d1-3818cb93ef7c", "precedence": 1}'),
	(140, '2026-11-28 21:31:59.002102+00', 'operator:priya@northgate.example', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be', 'run.applied', 'orphan.example', '{"run": "97d7bcae-ce7b-4a08-a38e-7b79e0b35af7", "digest": "0263c1e3cf11b7a7116ebc1f2aef25d59988a93951317cce452e7b9a573a9d6e"}'),
	(141, '2026-11-28 21:31:59.00985+00', 'operator:priya@northgate.example', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be', 'source.removed', 'orphan.example', '{"label": "Office 365", "users": "retired", "source": "1cab625c-b638-43cc-9756-f884e609912e"}'),
	(142, '2026-11-28 21:31:59.038106+00', 'test', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'organization.added', 'Firm Ltd', '{"parent": null}'),
	(143, '2026-11-28 21:31:59.040462+00', 'test', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'domain.added', 'firm.example', '{"domain": "d18d2586-a927-4e14-a95f-f79727ba6c7e"}'),
	(144, '2026-11-28 21:31:59.047228+00', 'test', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'source.added', 'firm.example', '{"kind": "microsoft365", "source": "1b243fee-b9ca-4dec-a4f6-6ea24973ab6f"}'),
	(145, '2026-11-28 21:31:59.381899+00', 'test', NULL, 'operator.added', 'jo@northgate.example', '{"name": ""}'),
	(146, '2026-11-28 21:31:59.390059+00', 'test', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'membership.added', 'jo@northgate.example', '{"after": "administrator", "before": null}'),
	(147, '2026-11-28 21:31:59.402389+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'connect.started', 'firm.example', '{"origin": "http://localhost:18365", "source": "1b243fee-b9ca-4dec-a4f6-6ea24973ab6f", "attempt": "feb5dc73-e542-44a0-962b-b4130fc8d650"}'),
	(148, '2026-11-28 21:31:59.449457+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'connect.signed_in', 'firm.example', '{"role": "Global Administrator", "source": "1b243fee-b9ca-4dec-a4f6-6ea24973ab6f", "tenant": "aaaaaaaa-1111-4111-8111-111111111111", "account": "ada.admin@firm.example", "attempt": "feb5dc73-e542-44a0-962b-b4130fc8d650"}'),
	(149, '2026-11-28 21:31:59.457283+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'connect.accepted', 'firm.example', '{"source": "1b243fee-b9ca-4dec-a4f6-6ea24973ab6f", "tenant": "aaaaaaaa-1111-4111-8111-111111111111", "account": "ada.admin@firm.example", "attempt": "feb5dc73-e542-44a0-962b-b4130fc8d650"}'),
	(150, '2026-11-28 21:31:59.484851+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'source.connected', 'firm.example', '{"cloud": "custom", "source": "1b243fee-b9ca-4dec-a4f6-6ea24973ab6f", "tenant": "aaaaaaaa-1111-4111-8111-111111111111", "connection": "ad3a9e81-af78-44fe-962a-ac6181ccffd6", "credential": "installation", "shared_with": []}'),
	(151, '2026-11-28 21:31:59.48671+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'connect.done', 'firm.example', '{"role": "Global Administrator", "source": "1b243fee-b9ca-4dec-a4f6-6ea24973ab6f", "tenant": "aaaaaaaa-1111-4111-8111-111111111111", "account": "ada.admin@firm.example", "attempt": "feb5dc73-e542-44a0-962b-b4130fc8d650"}'),
	(152, '2026-11-28 21:31:59.536913+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'connection.checked', 'ad3a9e81-af78-44fe-962a-ac6181ccffd6', '{"result": "ok"}'),
	(153, '2026-11-28 21:31:59.654697+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'run.applied', 'firm.example', '{"run": "eaaa788a-b3c2-4216-a5f8-03b974c07822", "digest": "07683f8cb656a5e09781c023186c7538ffdec3497ae06c33143b9bc358dee052"}'),
	(154, '2026-11-28 21:31:59.667646+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'domain.added', 'two.example', '{"domain": "bc52b7c3-3121-49cf-bfa0-98e74dd3c23c"}'),
	(155, '2026-11-28 21:31:59.67536+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'source.added', 'two.example', '{"kind": "microsoft365", "source": "a0022946-7cf6-4bdc-b9dd-08240d646add"}'),
	(156, '2026-11-28 21:31:59.678179+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'consent_link.made', 'two.example', '{"link": "8d3b329e-86ff-4b1b-b601-3feb4279e8a3", "source": "a0022946-7cf6-4bdc-b9dd-08240d646add"}'),
	(157, '2026-11-28 21:31:59.68568+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'consent_link.made', 'two.example', '{"link": "11b022e3-25b1-4a38-a3a4-93d3f50307b1", "source": "a0022946-7cf6-4bdc-b9dd-08240d646add"}'),
	(158, '2026-11-28 21:31:59.694196+00', 'consent-link:11b022e3-25b1-4a38-a3a4-93d3f50307b1', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'consent_link.opened', 'two.example', '{"link": "11b022e3-25b1-4a38-a3a4-93d3f50307b1", "source": "a0022946-7cf6-4bdc-b9dd-08240d646add"}'),
	(159, '2026-11-28 21:31:59.702601+00', 'consent-link:11b022e3-25b1-4a38-a3a4-93d3f50307b1', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'connect.started', 'two.example', '{"link": "11b022e3-25b1-4a38-a3a4-93d3f50307b1", "source": "a0022946-7cf6-4bdc-b9dd-08240d646add", "attempt": "b382cfab-9252-4591-a821-4ade2bbfab3b"}'),
	(160, '2026-11-28 21:31:59.710454+00', 'consent-link:11b022e3-25b1-4a38-a3a4-93d3f50307b1', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'consent_link.declined', 'two.example', '{"link": "11b022e3-25b1-4a38-a3a4-93d3f50307b1", "source": "a0022946-7cf6-4bdc-b9dd-08240d646add"}'),
	(161, '2026-11-28 21:31:59.719192+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'consent_link.made', 'two.example', '{"link": "6c93cb52-6762-4bf9-b63c-a788be10d8e9", "source": "a0022946-7cf6-4bdc-b9dd-08240d646add"}'),
	(162, '2026-11-28 21:31:59.721395+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'consent_link.sent', 'two.example', '{"to": "boss@two.example", "link": "6c93cb52-6762-4bf9-b63c-a788be10d8e9", "source": "a0022946-7cf6-4bdc-b9dd-08240d646add"}'),
	(163, '2026-11-28 21:31:59.723513+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'domain.added', 'four.example', '{"domain": "df75451e-c497-4fe9-a5b7-204cf738452c"}'),
	(164, '2026-11-28 21:31:59.730796+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'source.added', 'four.example', '{"kind": "microsoft365", "source": "6d567328-bc9f-4b5d-be14-7b30f3b57d6e"}'),
	(165, '2026-11-28 21:31:59.732957+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'consent_link.made', 'four.example', '{"link": "7b4c3804-aa7d-4f43-a46e-2570dd7984d8", "source": "6d567328-bc9f-4b5d-be14-7b30f3b57d6e"}'),
	(166, '2026-11-28 21:31:59.73824+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'consent_link.ended', 'four.example', '{"link": "7b4c3804-aa7d-4f43-a46e-2570dd7984d8", "source": "6d567328-bc9f-4b5d-be14-7b30f3b57d6e"}'),
	(167, '2026-11-28 21:31:59.978085+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'certificate.made', 'two.example', '{"source": "a0022946-7cf6-4bdc-b9dd-08240d646add", "fingerprint": "A9DEF5BADCBAA48491306A877B51390AC4BB2CB96B07FFEF74E7C5F61291CF37"}'),
	(168, '2026-11-28 21:31:59.986593+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'connect.started', 'two.example', '{"origin": "http://localhost:18365", "source": "a0022946-7cf6-4bdc-b9dd-08240d646add", "attempt": "9d168646-7555-4a7a-abc0-b9b517376bc4"}'),
	(169, '2026-11-28 21:31:59.996166+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'connect.started', 'two.example', '{"origin": "http://localhost:18365", "source": "a0022946-7cf6-4bdc-b9dd-08240d646add", "attempt": "fdec2407-e23c-45c8-8a70-b66933b59c14"}'),
	(170, '2026-11-28 21:32:00.007615+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'connect.started', 'two.example', '{"origin": "http://localhost:18365", "source": "a0022946-7cf6-4bdc-b9dd-08240d646add", "attempt": "924df1b9-9b98-4781-837f-ed77104e57a2"}'),
	(171, '2026-11-28 21:32:00.023132+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'connect.refused', 'two.example', '{"code": "not_administrator", "source": "a0022946-7cf6-4bdc-b9dd-08240d646add", "attempt": "924df1b9-9b98-4781-837f-ed77104e57a2"}'),
	(172, '2026-11-28 21:32:00.026566+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'domain.added', 'three.example', '{"domain": "3e4a2562-2f24-4b93-82f8-180c0baf7cb5"}'),
	(173, '2026-11-28 21:32:00.033357+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'source.added', 'three.example', '{"group": "Main", "source": "5ab2021b-846d-465c-893d-e6fdcae1e615", "connection": "ad3a9e81-af78-44fe-962a-ac6181ccffd6", "precedence": 1}'),
	(174, '2026-11-28 21:32:00.040352+00', 'operator:jo@northgate.example', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'source.disconnected', 'three.example', '{"source": "5ab2021b-846d-465c-893d-e6fdcae1e615", "tenant": "aaaaaaaa-1111-4111-8111-111111111111", "connection": "ad3a9e81-af78-44fe-962a-ac6181ccffd6"}'),
	(175, '2026-11-28 21:32:00.061692+00', 'operator:jo@northgate.example', NULL, 'keys.rotated', 'keys', '{"consent": 8, "connections": 3, "second_factors": 2}');

INSERT INTO public.accounts_cache (cache_key, value, expires) VALUES
	(':1:allauth:rl:allauth.account:reauthenticate:10/60/user:user:d60781e4-52f8-466d-aef5-0790599aa485', 'gAWVDQAAAAAAAABdlEdB2sLSEguiJGEu', '2026-11-28 21:32:52+00'),
	(':1:allauth:rl:allauth.account:login_failed:5/300.0/key:4aa1c37bf42bf8de92bf5a2f2c32b1ce15fdff7682d5a0bfc0b081b64400ad4d', 'gAVdlC4=', '2026-11-28 21:36:52+00'),
	(':1:allauth:rl:allauth.account:reauthenticate:10/60/user:user:12acd596-f0db-48fd-a540-3585db65d7f6', 'gAWVDQAAAAAAAABdlEdB2sLSEj8IeGEu', '2026-11-28 21:32:52+00'),
	(':1:allauth:rl:allauth.account:login:30/60/ip:ip:127.0.0.1', 'gAWVIAAAAAAAAABdlChHQdrC0hK5OIJHQdrC0hKTHKJHQdrC0hJqvJZlLg==', '2026-11-28 21:32:54+00'),
	(':1:allauth:rl:allauth.account:login_failed:10/60/ip:ip:127.0.0.1', 'gAWVFwAAAAAAAABdlChHQdrC0hK5wuZHQdrC0hKT37JlLg==', '2026-11-28 21:32:54+00'),
	(':1:allauth:rl:allauth.account:login_failed:5/300.0/key:d816efb0d1b3fea78265ae4ad7ff51e5ae33e26f7bb126c951b5a43d0d8f8eed', 'gAWVFwAAAAAAAABdlChHQdrC0hK56H1HQdrC0hKUUjdlLg==', '2026-11-28 21:36:54+00');

INSERT INTO public.accounts_invitation (id, email, role, token_hash, created_at, expires_at, accepted_at, withdrawn_at, invited_by_id, organization_id) VALUES
	('95189f68-8544-48ee-8886-9172fa06716b', 'new@northgate.example', 'technician', '7e9f52b1ba767bd8bce733c475445222b44ca40e19c75bdcbd85ed433c9fe642', '2026-11-28 21:31:49.125376+00', '2026-12-05 21:31:49.125376+00', '2026-11-28 21:31:49.125376+00', NULL, '8e1f0110-0ee5-42af-b93c-fa16cfbbc5e6', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f'),
	('248d8d69-b808-435e-bb0d-22778e9ab47e', 'never@northgate.example', 'viewer', '4ea5f11dada3f2683efbec71b20c5e0ae4d8dbd1a46a944bf96d362ad3dbf6b7', '2026-11-28 21:31:49.125376+00', '2026-12-05 21:31:49.125376+00', NULL, '2026-11-28 21:31:49.125376+00', '8e1f0110-0ee5-42af-b93c-fa16cfbbc5e6', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f'),
	('c43d9f3e-7987-4ff0-8788-f93950c9f29e', 'open@northgate.example', 'viewer', '3e297150eccfe8ec07482f7060db1bdfe0e78a5498c97724092e9b6ee563fe8a', '2026-11-28 21:31:49.125376+00', '2026-12-05 21:31:49.125376+00', NULL, NULL, '8e1f0110-0ee5-42af-b93c-fa16cfbbc5e6', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f'),
	('d9f7161d-6754-45ad-8df1-e9eee6a97e65', 'late@northgate.example', 'viewer', 'ef0284c6d1052510ccaf7e0216ec250e690ff3290c335feeb47011008f6d743e', '2026-08-30 21:31:49.125376+00', '2026-09-06 21:31:49.125376+00', NULL, NULL, '8e1f0110-0ee5-42af-b93c-fa16cfbbc5e6', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f');

INSERT INTO public.accounts_membership (id, role, created_at, operator_id, organization_id) VALUES
	(1, 'administrator', '2026-11-28 21:31:47.786373+00', '8e1f0110-0ee5-42af-b93c-fa16cfbbc5e6', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f'),
	(2, 'technician', '2026-11-28 21:31:48.227477+00', '12acd596-f0db-48fd-a540-3585db65d7f6', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f'),
	(3, 'viewer', '2026-11-28 21:31:48.646574+00', 'd60781e4-52f8-466d-aef5-0790599aa485', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f'),
	(4, 'administrator', '2026-11-28 21:31:49.113648+00', '0f3dd679-177e-4f0f-b058-4265e152608f', 'b1b0633d-8c27-4c75-a2cd-8ebb0232195f'),
	(5, 'administrator', '2026-11-28 21:31:49.120209+00', '8e1f0110-0ee5-42af-b93c-fa16cfbbc5e6', '04a7e64f-af3b-4647-91cc-030679bd612d'),
	(7, 'technician', '2026-11-28 21:31:51.012614+00', '88a185ed-8f77-43b7-b97f-2af3525b61d3', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f'),
	(8, 'administrator', '2026-11-28 21:31:59.389656+00', 'e1034c09-92b7-485e-8e64-e46a7efea2b8', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7');

INSERT INTO public.accounts_operator (password, last_login, id, email, name, is_active, created_at, time_zone) VALUES
	('argon2$argon2id$v=19$m=102400,t=2,p=8$VVJIR1ZtTWE0cDRFbFd4SVB0VEhPTg$7g/k8BDKSK2ITou7ciINTumekYK1Ghtr6NKYXQALQSc', NULL, '8e1f0110-0ee5-42af-b93c-fa16cfbbc5e6', 'priya@northgate.example', 'Priya Nair', true, '2026-11-28 21:31:47.768758+00', ''),
	('argon2$argon2id$v=19$m=102400,t=2,p=8$Mk41RUc0YzdnbElFYUJyQTFmbG1ITw$kO+3cT307pw4nwQl4qZiNFyF4HISn57PdpNNo5TlbrE', NULL, '0f3dd679-177e-4f0f-b058-4265e152608f', 'sam@northgate.example', 'Sam Stranger', true, '2026-11-28 21:31:49.110282+00', ''),
	('argon2$argon2id$v=19$m=102400,t=2,p=8$VTlxeXZEcHhSeTFkWG0ydEdvM1J4ZQ$wwymfWBGR7w2mSIlG8ZvuY8fEbeufLYzk6alMxhQszU', NULL, '3559836d-b06f-4f83-b474-8f1fc241b635', 'leaver@northgate.example', 'Lee Leaver', false, '2026-11-28 21:31:49.525972+00', ''),
	('argon2$argon2id$v=19$m=102400,t=2,p=8$STE5WUNmRWFjT0hGT0p5UkZIbHRBTA$/zjvmSGVNTXT+KPV6/gZ8CMPA5ghk9kT3H+qyI7xVEc', NULL, '88a185ed-8f77-43b7-b97f-2af3525b61d3', 'new@northgate.example', 'Nia Newcomer', true, '2026-11-28 21:31:50.997449+00', ''),
	('argon2$argon2id$v=19$m=102400,t=2,p=8$QVJvUGZwN0JoVjdoRjQyUDhmUjNYMQ$KAzTVDn6BYX5YtMb9piHhBFWv85JIwMi5Deqhpf1X9c', '2026-11-28 21:31:51.092009+00', 'd60781e4-52f8-466d-aef5-0790599aa485', 'vera@northgate.example', 'Vera Lund', true, '2026-11-28 21:31:48.642277+00', 'Europe/Berlin'),
	('argon2$argon2id$v=19$m=102400,t=2,p=8$aUE5MWNXSjY5czJOOWRkMEtLNHFVNA$x87XuFlD+RWug3AgYO0/52CQdPmg2RIxiwPHlR5fHak', '2026-11-28 21:31:54.286628+00', '12acd596-f0db-48fd-a540-3585db65d7f6', 'tom@northgate.example', 'Tom Ellery', true, '2026-11-28 21:31:48.226483+00', ''),
	('argon2$argon2id$v=19$m=102400,t=2,p=8$Nkx1UU9oVlBnVEtsWkY1b2R1YVJGQQ$E+D6eNYHIBxIYXyIDJ3IpKcFtWGqrazwep6Tj9qbzm4', NULL, 'e1034c09-92b7-485e-8e64-e46a7efea2b8', 'jo@northgate.example', '', true, '2026-11-28 21:31:59.378519+00', '');

INSERT INTO public.accounts_signinpolicy (organization_id, second_factor) VALUES
	('bbdf705a-4dd5-4d8f-a06a-f138c864db3f', true),
	('b1b0633d-8c27-4c75-a2cd-8ebb0232195f', false);

INSERT INTO public.auth_permission (id, name, content_type_id, codename) VALUES
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
	(33, 'Can add operator', 9, 'add_operator'),
	(34, 'Can change operator', 9, 'change_operator'),
	(35, 'Can delete operator', 9, 'delete_operator'),
	(36, 'Can view operator', 9, 'view_operator'),
	(37, 'Can add audit entry', 10, 'add_auditentry'),
	(38, 'Can change audit entry', 10, 'change_auditentry'),
	(39, 'Can delete audit entry', 10, 'delete_auditentry'),
	(40, 'Can view audit entry', 10, 'view_auditentry'),
	(41, 'Can add invitation', 11, 'add_invitation'),
	(42, 'Can change invitation', 11, 'change_invitation'),
	(43, 'Can delete invitation', 11, 'delete_invitation'),
	(44, 'Can view invitation', 11, 'view_invitation'),
	(45, 'Can add membership', 12, 'add_membership'),
	(46, 'Can change membership', 12, 'change_membership'),
	(47, 'Can delete membership', 12, 'delete_membership'),
	(48, 'Can view membership', 12, 'view_membership'),
	(49, 'Can add sign in policy', 13, 'add_signinpolicy'),
	(50, 'Can change sign in policy', 13, 'change_signinpolicy'),
	(51, 'Can delete sign in policy', 13, 'delete_signinpolicy'),
	(52, 'Can view sign in policy', 13, 'view_signinpolicy'),
	(53, 'Can add domain', 14, 'add_domain'),
	(54, 'Can change domain', 14, 'change_domain'),
	(55, 'Can delete domain', 14, 'delete_domain'),
	(56, 'Can view domain', 14, 'view_domain'),
	(57, 'Can add group', 15, 'add_group'),
	(58, 'Can change group', 15, 'change_group'),
	(59, 'Can delete group', 15, 'delete_group'),
	(60, 'Can view group', 15, 'view_group'),
	(61, 'Can add organization', 16, 'add_organization'),
	(62, 'Can change organization', 16, 'change_organization'),
	(63, 'Can delete organization', 16, 'delete_organization'),
	(64, 'Can view organization', 16, 'view_organization'),
	(65, 'Can add owner', 17, 'add_owner'),
	(66, 'Can change owner', 17, 'change_owner'),
	(67, 'Can delete owner', 17, 'delete_owner'),
	(68, 'Can view owner', 17, 'view_owner'),
	(69, 'Can add user', 18, 'add_user'),
	(70, 'Can change user', 18, 'change_user'),
	(71, 'Can delete user', 18, 'delete_user'),
	(72, 'Can view user', 18, 'view_user'),
	(73, 'Can add address', 19, 'add_address'),
	(74, 'Can change address', 19, 'change_address'),
	(75, 'Can delete address', 19, 'delete_address'),
	(76, 'Can view address', 19, 'view_address'),
	(77, 'Can add domain alias', 20, 'add_domainalias'),
	(78, 'Can change domain alias', 20, 'change_domainalias'),
	(79, 'Can delete domain alias', 20, 'delete_domainalias'),
	(80, 'Can view domain alias', 20, 'view_domainalias'),
	(81, 'Can add static note', 21, 'add_staticnote'),
	(82, 'Can change static note', 21, 'change_staticnote'),
	(83, 'Can delete static note', 21, 'delete_staticnote'),
	(84, 'Can view static note', 21, 'view_staticnote'),
	(85, 'Can add exemption', 22, 'add_exemption'),
	(86, 'Can change exemption', 22, 'change_exemption'),
	(87, 'Can delete exemption', 22, 'delete_exemption'),
	(88, 'Can view exemption', 22, 'view_exemption'),
	(89, 'Can add connection', 23, 'add_connection'),
	(90, 'Can change connection', 23, 'change_connection'),
	(91, 'Can delete connection', 23, 'delete_connection'),
	(92, 'Can view connection', 23, 'view_connection'),
	(93, 'Can add run', 24, 'add_run'),
	(94, 'Can change run', 24, 'change_run'),
	(95, 'Can delete run', 24, 'delete_run'),
	(96, 'Can view run', 24, 'view_run'),
	(97, 'Can add run change', 25, 'add_runchange'),
	(98, 'Can change run change', 25, 'change_runchange'),
	(99, 'Can delete run change', 25, 'delete_runchange'),
	(100, 'Can view run change', 25, 'view_runchange'),
	(101, 'Can add run skip', 26, 'add_runskip'),
	(102, 'Can change run skip', 26, 'change_runskip'),
	(103, 'Can delete run skip', 26, 'delete_runskip'),
	(104, 'Can view run skip', 26, 'view_runskip'),
	(105, 'Can add source', 27, 'add_source'),
	(106, 'Can change source', 27, 'change_source'),
	(107, 'Can delete source', 27, 'delete_source'),
	(108, 'Can view source', 27, 'view_source'),
	(109, 'Can add certificate draft', 28, 'add_certificatedraft'),
	(110, 'Can change certificate draft', 28, 'change_certificatedraft'),
	(111, 'Can delete certificate draft', 28, 'delete_certificatedraft'),
	(112, 'Can view certificate draft', 28, 'view_certificatedraft'),
	(113, 'Can add consent attempt', 29, 'add_consentattempt'),
	(114, 'Can change consent attempt', 29, 'change_consentattempt'),
	(115, 'Can delete consent attempt', 29, 'delete_consentattempt'),
	(116, 'Can view consent attempt', 29, 'view_consentattempt'),
	(117, 'Can add consent link', 30, 'add_consentlink'),
	(118, 'Can change consent link', 30, 'change_consentlink'),
	(119, 'Can delete consent link', 30, 'delete_consentlink'),
	(120, 'Can view consent link', 30, 'view_consentlink'),
	(121, 'Can add run progress', 31, 'add_runprogress'),
	(122, 'Can change run progress', 31, 'change_runprogress'),
	(123, 'Can delete run progress', 31, 'delete_runprogress'),
	(124, 'Can view run progress', 31, 'view_runprogress'),
	(125, 'Can add schedule', 32, 'add_schedule'),
	(126, 'Can change schedule', 32, 'change_schedule'),
	(127, 'Can delete schedule', 32, 'delete_schedule'),
	(128, 'Can view schedule', 32, 'view_schedule'),
	(129, 'Can add run request', 33, 'add_runrequest'),
	(130, 'Can change run request', 33, 'change_runrequest'),
	(131, 'Can delete run request', 33, 'delete_runrequest'),
	(132, 'Can view run request', 33, 'view_runrequest'),
	(133, 'Can add sample', 34, 'add_sample'),
	(134, 'Can change sample', 34, 'change_sample'),
	(135, 'Can delete sample', 34, 'delete_sample'),
	(136, 'Can view sample', 34, 'view_sample'),
	(137, 'Can add mailbox purpose', 35, 'add_mailboxpurpose'),
	(138, 'Can change mailbox purpose', 35, 'change_mailboxpurpose'),
	(139, 'Can delete mailbox purpose', 35, 'delete_mailboxpurpose'),
	(140, 'Can view mailbox purpose', 35, 'view_mailboxpurpose'),
	(141, 'Can add static upload', 36, 'add_staticupload'),
	(142, 'Can change static upload', 36, 'change_staticupload'),
	(143, 'Can delete static upload', 36, 'delete_staticupload'),
	(144, 'Can view static upload', 36, 'view_staticupload'),
	(145, 'Can add email address', 37, 'add_emailaddress'),
	(146, 'Can change email address', 37, 'change_emailaddress'),
	(147, 'Can delete email address', 37, 'delete_emailaddress'),
	(148, 'Can view email address', 37, 'view_emailaddress'),
	(149, 'Can add email confirmation', 38, 'add_emailconfirmation'),
	(150, 'Can change email confirmation', 38, 'change_emailconfirmation'),
	(151, 'Can delete email confirmation', 38, 'delete_emailconfirmation'),
	(152, 'Can view email confirmation', 38, 'view_emailconfirmation'),
	(153, 'Can add authenticator', 39, 'add_authenticator'),
	(154, 'Can change authenticator', 39, 'change_authenticator'),
	(155, 'Can delete authenticator', 39, 'delete_authenticator'),
	(156, 'Can view authenticator', 39, 'view_authenticator');

INSERT INTO public.directory_address (address, is_primary, domain_id, user_id) VALUES
	('all.staff@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '73aa8152-3c6b-51c4-8faa-1017a5e66b62'),
	('ann@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 'd80b83bc-af1e-5e2e-932c-761db166ecd9'),
	('board@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 'f3791fc1-5b9a-5041-96a6-6500850917c7'),
	('info@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '955cd500-fdd2-5103-8390-4391b2040618'),
	('p0@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 'd16be1fe-6ecb-5fcb-8f72-2ce8e8a1b2e0'),
	('p10@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '9adee5d7-f0b3-5425-b12e-41956e48612d'),
	('p11@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 'fa072b1f-d8fd-554e-85a7-4c0950bea692'),
	('p1@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 'c1249d0c-567b-5721-89a9-d06028e53ed6'),
	('p2@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 'e9913355-a05a-57f4-9fb1-7905f87fb36c'),
	('p3@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '189dc909-11f4-5d38-8775-506d9a97cd91'),
	('p5@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '285af39d-5736-5b0e-9135-9644d17acaf5'),
	('p6@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '73a7b18f-43a8-5c39-beb7-6f616a437b51'),
	('p7@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '3d373eef-f9cc-5974-bc0e-70726fc3a5b1'),
	('p8@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '8d561697-e414-51d4-b8a8-332405d12412'),
	('p9@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 'a0b8210f-14fd-5078-9124-82ba71bbcb4c'),
	('s.groesser@brightwater.test', false, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '07094554-e936-5f45-8162-9eef0d211a94'),
	('soentje@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '07094554-e936-5f45-8162-9eef0d211a94'),
	('van@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 'db5638b0-ab27-5094-9039-3b1a842f09b9'),
	('door.phone@brightwater.example', false, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '94c0a800-a8c2-4ca1-a4bb-3b9f49912697'),
	('fax@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '94c0a800-a8c2-4ca1-a4bb-3b9f49912697'),
	('all@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 'e7d646e0-13c7-45a1-aad7-3816fe345afd'),
	('everybody@brightwater.example', false, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 'e7d646e0-13c7-45a1-aad7-3816fe345afd'),
	('scanner@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '6ce758cd-5d55-4e29-a78b-47e46e9c690b'),
	('married@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 'ef257013-d12a-577c-9875-946aa0d1cf20'),
	('p4@brightwater.example', false, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 'ef257013-d12a-577c-9875-946aa0d1cf20'),
	('jo@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '59fcce03-f767-4ce2-b201-c3bb46ed4091'),
	('guest.room@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '35f197b5-f4ce-40d5-928d-25f9b15b2ed4'),
	('a.osei@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 'e1919edd-267b-5749-9a34-b9466bd7779b'),
	('ines.calloway@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '4ae9d104-cc87-53ac-a123-69fbd643e9dc'),
	('zoe@brightwater.example', true, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '293d7fba-26ab-4252-9775-c39bea9e2b2e'),
	('a.osei@brightwater-freight.example', true, 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', '512d5112-cb32-57f6-8bd7-f59324723ae1'),
	('d0@brightwater-freight.example', true, 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 'c3b60659-752c-505e-9c45-ac0aab5bde47'),
	('d10@brightwater-freight.example', true, 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', '82ecddca-0803-529d-a67c-7b518e61d24e'),
	('d11@brightwater-freight.example', true, 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 'af2fc5ba-6c61-5349-9066-4622c83d8940'),
	('d1@brightwater-freight.example', true, 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', '9fabb44c-93a4-5bdb-bace-6c4621ae5d0c'),
	('d2@brightwater-freight.example', true, 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', '565db8b9-42d6-5cb1-923d-b87499181859'),
	('d3@brightwater-freight.example', true, 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', '220cfc32-b173-5c49-89bd-931f9b6681a0'),
	('d4@brightwater-freight.example', true, 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', '35ea3bbc-40f8-50cb-a885-257f5ee539ae'),
	('d5@brightwater-freight.example', true, 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', '5a7b3f26-2d50-5c41-b296-2313a0832e08'),
	('d6@brightwater-freight.example', true, 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 'b0f71658-fb68-5412-9ea6-4242f812221b'),
	('d7@brightwater-freight.example', true, 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', '537fde7d-e6a5-53ee-8ca5-2bcb529df4c3'),
	('d8@brightwater-freight.example', true, 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', '273c8cdd-8891-5315-a8c1-28fcf175ba2d'),
	('d9@brightwater-freight.example', true, 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', '2c50fcc3-505e-5f0b-9a17-cd47b1bfa8bd'),
	('d99@brightwater-freight.example', true, 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', '6a40532c-939b-5190-96e5-ac8cd9a57e1d'),
	('orla@orphan.example', true, '122d340c-229f-4a91-8a9a-25b51b3342e1', 'c6644250-1560-539a-a856-d529d0d6bec9'),
	('ada.admin@firm.example', true, 'd18d2586-a927-4e14-a95f-f79727ba6c7e', '4293a987-a864-5da2-b211-fb57b7d70879'),
	('apps@firm.example', true, 'd18d2586-a927-4e14-a95f-f79727ba6c7e', 'ab3bd4be-aab6-5afd-b574-d81ec0bc6d14'),
	('carl.clerk@firm.example', true, 'd18d2586-a927-4e14-a95f-f79727ba6c7e', '04127661-56a7-5c3b-96bc-41195725d27e'),
	('gone@firm.example', true, 'd18d2586-a927-4e14-a95f-f79727ba6c7e', 'b74bba55-1981-5c91-bb46-56255d4f3607');

INSERT INTO public.directory_domain (id, name, revision, fence, read_at, frozen, created_at, organization_id) VALUES
	('86deb2a7-c5bc-4459-bda2-affba3197512', 'dying.example', 2, 1, NULL, false, '2026-11-28 21:31:58.021888+00', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be'),
	('40ce0d52-1753-4233-96aa-90a4f4989527', 'reading.example', 2, 1, NULL, false, '2026-11-28 21:31:58.066078+00', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be'),
	('cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 'brightwater-freight.example', 7, 10, '2026-11-23 15:41:00+00', false, '2026-11-28 21:31:55.391611+00', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f'),
	('e219e52d-3fd2-457b-87f2-8a6114a97503', 'empty.example', 1, 0, NULL, false, '2026-11-28 21:31:58.734821+00', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be'),
	('122d340c-229f-4a91-8a9a-25b51b3342e1', 'orphan.example', 3, 2, '2026-11-23 17:44:00+00', false, '2026-11-28 21:31:58.755687+00', '28a5d191-e67f-4c72-a0c0-ab6e9f1278be'),
	('d18d2586-a927-4e14-a95f-f79727ba6c7e', 'firm.example', 3, 2, '2026-11-23 09:00:45+00', false, '2026-11-28 21:31:59.039791+00', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7'),
	('bc52b7c3-3121-49cf-bfa0-98e74dd3c23c', 'two.example', 2, 0, NULL, false, '2026-11-28 21:31:59.666828+00', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7'),
	('df75451e-c497-4fe9-a5b7-204cf738452c', 'four.example', 2, 0, NULL, false, '2026-11-28 21:31:59.722857+00', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7'),
	('3e4a2562-2f24-4b93-82f8-180c0baf7cb5', 'three.example', 3, 0, NULL, false, '2026-11-28 21:32:00.025885+00', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7'),
	('da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 'brightwater.example', 23, 24, '2026-11-28 21:31:46.270941+00', false, '2026-11-28 21:31:44.087763+00', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f');

INSERT INTO public.directory_domainalias (name, domain_id) VALUES
	('brightwater.test', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02');

INSERT INTO public.directory_exemption (id, external_id, display_name, address, created_at, domain_id) VALUES
	(1, '11111111-2222-4333-8444-555555555555:00000000-0000-4000-8000-000000000001', 'Scanner Test', 'scan@brightwater.example', '2026-11-28 21:31:44.820088+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02');

INSERT INTO public.directory_group (id, name, domain_id) VALUES
	(1, 'Main', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02'),
	(2, 'Clinical', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02'),
	(3, 'Front desk', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02'),
	(5, 'Machines', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02'),
	(6, 'Staff of Brightwater', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02'),
	(7, 'Main', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573'),
	(8, 'Main', '86deb2a7-c5bc-4459-bda2-affba3197512'),
	(9, 'Main', '40ce0d52-1753-4233-96aa-90a4f4989527'),
	(11, 'Main', 'e219e52d-3fd2-457b-87f2-8a6114a97503'),
	(12, 'Main', '122d340c-229f-4a91-8a9a-25b51b3342e1'),
	(13, 'Main', 'd18d2586-a927-4e14-a95f-f79727ba6c7e'),
	(14, 'Main', 'bc52b7c3-3121-49cf-bfa0-98e74dd3c23c'),
	(15, 'Main', 'df75451e-c497-4fe9-a5b7-204cf738452c'),
	(16, 'Main', '3e4a2562-2f24-4b93-82f8-180c0baf7cb5');

INSERT INTO public.directory_organization (id, name, created_at, parent_id, help_url, ticket_url) VALUES
	('bbdf705a-4dd5-4d8f-a06a-f138c864db3f', 'Brightwater Joinery', '2026-11-28 21:31:44.082783+00', '04a7e64f-af3b-4647-91cc-030679bd612d', '', ''),
	('04a7e64f-af3b-4647-91cc-030679bd612d', 'Northgate IT', '2026-11-28 21:31:44.107712+00', NULL, 'https://help.example/mail', 'mailto:help@northgate.example'),
	('28a5d191-e67f-4c72-a0c0-ab6e9f1278be', 'Brightwater Freight & Sons', '2026-11-28 21:31:44.109047+00', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', '', ''),
	('b1b0633d-8c27-4c75-a2cd-8ebb0232195f', 'Somebody Else', '2026-11-28 21:31:47.293303+00', NULL, '', ''),
	('4fb617ea-efba-4ac6-8c56-01cb82c7788d', 'Coldharbour Surgery', '2026-11-28 21:31:55.371646+00', '04a7e64f-af3b-4647-91cc-030679bd612d', '', ''),
	('d235d56e-576f-4c4b-af53-7c2a5a78d0f7', 'Firm Ltd', '2026-11-28 21:31:59.037462+00', '04a7e64f-af3b-4647-91cc-030679bd612d', '', '');

INSERT INTO public.directory_owner (id, label, domain_id) VALUES
	('1946c866-3a1d-4808-9821-fe567d3c2f21', 'Staff', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02'),
	('0858922e-2bbf-4b34-b121-45e09f37a596', 'Office 365', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573'),
	('4c27332d-407a-494b-9a49-8c12693bf5ed', 'Office 365 2', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573'),
	('df6aae2a-f58d-478a-8112-df26e4e70ae4', 'Office 365', '86deb2a7-c5bc-4459-bda2-affba3197512'),
	('ec1494d3-fa2c-4174-b5de-9555b8e84771', 'Office 365', '40ce0d52-1753-4233-96aa-90a4f4989527'),
	('1cab625c-b638-43cc-9756-f884e609912e', 'Office 365', '122d340c-229f-4a91-8a9a-25b51b3342e1'),
	('1b243fee-b9ca-4dec-a4f6-6ea24973ab6f', 'Office 365', 'd18d2586-a927-4e14-a95f-f79727ba6c7e'),
	('a0022946-7cf6-4bdc-b9dd-08240d646add', 'Office 365', 'bc52b7c3-3121-49cf-bfa0-98e74dd3c23c'),
	('6d567328-bc9f-4b5d-be14-7b30f3b57d6e', 'Office 365', 'df75451e-c497-4fe9-a5b7-204cf738452c'),
	('5ab2021b-846d-465c-893d-e6fdcae1e615', 'Office 365', '3e4a2562-2f24-4b93-82f8-180c0baf7cb5');

INSERT INTO public.directory_staticnote (user_id, responsible, note, review_on, domain_id) VALUES
	('e7d646e0-13c7-45a1-aad7-3816fe345afd', 'Tom Ellery', 'Dynamic list of all staff', '2026-03-01', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02'),
	('6ce758cd-5d55-4e29-a78b-47e46e9c690b', '', '', NULL, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02');

INSERT INTO public.directory_user (id, external_id, object_type, display_name, kind, billable, kind_by_hand, pinned, exempt, former_addresses, retired_at, content_hash, created_at, updated_at, domain_id, group_id, owner_id, group_by_hand, kind_rule) VALUES
	('db5638b0-ab27-5094-9039-3b1a842f09b9', '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', 'user', 'Van', 'equipment', false, false, false, false, '{}', NULL, 'a8308174e2c012924c7802b386d51977', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'mailbox_purpose'),
	('d16be1fe-6ecb-5fcb-8f72-2ce8e8a1b2e0', '11111111-2222-4333-8444-555555555555:6513270e-269e-4d37-b2a7-4de452e6b438', 'user', 'Person 0', 'user', true, false, false, false, '{}', NULL, 'de308d00033b7ff262409dbba6bc2c05', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'licensed_mailbox'),
	('73aa8152-3c6b-51c4-8faa-1017a5e66b62', '11111111-2222-4333-8444-555555555555:7f150524-34b9-45df-9e77-69b10f4205b4', 'group', 'All staff', 'group', false, false, false, false, '{}', NULL, '2ccadb0e6e3ccdf3d88769a1f864266a', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'mail_group'),
	('d80b83bc-af1e-5e2e-932c-761db166ecd9', '11111111-2222-4333-8444-555555555555:907a70c3-1012-4037-b64c-e4228c38fb29', 'contact', 'Ann Outside', 'contact', false, false, false, false, '{}', NULL, 'f9dddbe56008b3c5c11fa3e9d3b567a9', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'mail_contact'),
	('955cd500-fdd2-5103-8390-4391b2040618', '11111111-2222-4333-8444-555555555555:92276658-1e27-41c0-8a6a-63ec24ede6a4', 'user', 'Info', 'shared', false, false, false, false, '{}', NULL, '53610ed6a8ccdbb3c0217ee4dee2fe14', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'mailbox_purpose'),
	('e9913355-a05a-57f4-9fb1-7905f87fb36c', '11111111-2222-4333-8444-555555555555:9531985d-5d9d-49f8-9818-e811892f902b', 'user', 'Person 2', 'user', true, false, false, false, '{}', NULL, 'a4e065b52991976537f082148a0dc350', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'licensed_mailbox'),
	('f3791fc1-5b9a-5041-96a6-6500850917c7', '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', 'user', 'Board room', 'room', false, false, false, false, '{}', NULL, '264c5250081dce0254634b9abd59e51b', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'mailbox_purpose'),
	('07094554-e936-5f45-8162-9eef0d211a94', '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 'user', 'Söntje Größer', 'user', true, false, false, false, '{}', NULL, '02d92fdc31537f2229ffa1f1f8091134', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'licensed_mailbox'),
	('c1249d0c-567b-5721-89a9-d06028e53ed6', '11111111-2222-4333-8444-555555555555:d23f0824-128b-4f33-8c5c-7fd0a6a3a450', 'user', 'Person 1', 'user', true, false, false, false, '{}', NULL, '3d55076bdf3290593e948c521ea1aca8', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'licensed_mailbox'),
	('a0b8210f-14fd-5078-9124-82ba71bbcb4c', '11111111-2222-4333-8444-555555555555:0cb1e29c-658c-4a14-95e6-0af593bd04cf', 'user', 'Person 9', 'user', true, false, false, true, '{}', NULL, '8568d11af9b203991ac11059ef5fc697', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'licensed_mailbox'),
	('9adee5d7-f0b3-5425-b12e-41956e48612d', '11111111-2222-4333-8444-555555555555:8e81973e-0bec-47b0-b898-d190f9ebdacc', 'user', 'Person 10', 'user', true, false, false, false, '{}', NULL, 'a16800428327297740b3ffd7f88be03d', '2026-11-23 09:00:00+00', '2026-11-23 09:05:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'licensed_mailbox'),
	('94c0a800-a8c2-4ca1-a4bb-3b9f49912697', NULL, NULL, 'Fax', 'user', true, false, false, false, '{}', NULL, '97591e1d3204576cb00a74ba266d4975', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, NULL, false, ''),
	('8d561697-e414-51d4-b8a8-332405d12412', '11111111-2222-4333-8444-555555555555:0fd630f1-f29d-4da9-953f-48f1a09f76b5', 'user', 'Person 8', 'user', true, false, false, false, '{}', NULL, '8106add3aa3cbaae2178f871b06630d2', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'licensed_mailbox'),
	('293d7fba-26ab-4252-9775-c39bea9e2b2e', NULL, NULL, '', 'user', true, false, false, false, '{}', NULL, '50e58019e1375d453b0e4dfb1637f047', '2026-11-23 14:33:00+00', '2026-11-23 14:33:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, NULL, false, ''),
	('73a7b18f-43a8-5c39-beb7-6f616a437b51', '11111111-2222-4333-8444-555555555555:90c192cf-d3ac-44af-8f21-ddb66cad4a26', 'user', 'Person 6', 'room', false, true, false, false, '{}', NULL, '02e0ea346ff6a733c1a723850a202178', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'kind_by_hand'),
	('189dc909-11f4-5d38-8775-506d9a97cd91', '11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475', 'user', 'Person 3', 'user', true, false, false, false, '{}', NULL, '25481dd379fa55fce8046f3f094a125c', '2026-11-23 09:00:00+00', '2026-11-23 11:11:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'licensed_mailbox'),
	('6ce758cd-5d55-4e29-a78b-47e46e9c690b', NULL, NULL, '', 'static', false, false, false, false, '{}', NULL, 'f92b050e696c36c3d5ea1e1310c3b75d', '2026-11-23 09:05:00+00', '2026-11-23 09:05:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, NULL, false, ''),
	('af2fc5ba-6c61-5349-9066-4622c83d8940', '11111111-2222-4333-8444-555555555555:10a3d6b2-aa05-411a-b271-5945795e8229', 'user', 'Driver 11', 'user', true, false, false, false, '{}', NULL, '3b7058b92ea7e486b95b026cf18cb8b5', '2026-11-23 14:35:00+00', '2026-11-23 14:35:00+00', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 7, '0858922e-2bbf-4b34-b121-45e09f37a596', false, 'licensed_mailbox'),
	('59fcce03-f767-4ce2-b201-c3bb46ed4091', '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', 'user', 'Jo Cloud', 'user', true, false, false, false, '{}', NULL, '57e52a03509f68ad5871828025547c25', '2026-11-23 11:08:00+00', '2026-11-23 11:11:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'licensed_mailbox'),
	('e7d646e0-13c7-45a1-aad7-3816fe345afd', NULL, NULL, '', 'static', false, false, false, false, '{}', NULL, '206d278990ea3c6fb31694c088ee5f2b', '2026-11-23 09:05:00+00', '2026-11-23 09:05:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, NULL, false, ''),
	('fa072b1f-d8fd-554e-85a7-4c0950bea692', '11111111-2222-4333-8444-555555555555:6b4cb242-4a23-4596-a217-beaddbc496cb', 'user', 'Person 11', 'user', true, false, true, false, '{}', NULL, '13fa51f1a7fdce84c90b4065473394b3', '2026-11-23 09:00:00+00', '2026-11-23 10:05:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'licensed_mailbox'),
	('ef257013-d12a-577c-9875-946aa0d1cf20', '11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8', 'user', 'Person Married', 'user', true, false, false, false, '{}', NULL, 'b3e69e110c81a062e95619e20e35d191', '2026-11-23 09:00:00+00', '2026-11-23 11:08:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'licensed_mailbox'),
	('35f197b5-f4ce-40d5-928d-25f9b15b2ed4', NULL, NULL, 'Guest room', 'user', true, false, false, false, '{}', NULL, '80fca41eaca093ed8ea4a73a4b3b9a17', '2026-11-23 12:11:00+00', '2026-11-23 12:11:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 5, NULL, false, ''),
	('4ae9d104-cc87-53ac-a123-69fbd643e9dc', '11111111-2222-4333-8444-555555555555:3f98e277-4cbd-47ad-9c90-a9587403e430', 'user', 'Ines Calloway', 'user', true, false, false, false, '{}', NULL, '4d2d99321dc44724f0c2409817c3d375', '2026-11-23 14:31:00+00', '2026-11-23 14:31:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'licensed_mailbox'),
	('e1919edd-267b-5749-9a34-b9466bd7779b', '11111111-2222-4333-8444-555555555555:c7a2ea20-b2f1-4c94-ae05-319acb5c7427', 'user', 'Amara Osei', 'user', true, false, false, false, '{}', NULL, 'bff03f3cfa19af9340a22990da6abba9', '2026-11-23 14:31:00+00', '2026-11-23 14:31:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 1, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'licensed_mailbox'),
	('2c50fcc3-505e-5f0b-9a17-cd47b1bfa8bd', '11111111-2222-4333-8444-555555555555:119a72d1-74c9-4f6a-8c01-1cdd9474031b', 'user', 'Driver 9', 'user', true, false, false, false, '{}', NULL, 'bcf4573245d3388d41c2e349f7be4376', '2026-11-23 14:35:00+00', '2026-11-23 14:35:00+00', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 7, '0858922e-2bbf-4b34-b121-45e09f37a596', false, 'licensed_mailbox'),
	('3d373eef-f9cc-5974-bc0e-70726fc3a5b1', '11111111-2222-4333-8444-555555555555:a170b338-3926-4059-b28c-105d1fb17c23', 'user', 'Person 7', 'user', true, false, true, false, '{}', NULL, '655209017ae567b59b1a49b1c4c46e80', '2026-11-23 09:00:00+00', '2026-11-23 14:31:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 2, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'licensed_mailbox'),
	('285af39d-5736-5b0e-9135-9644d17acaf5', '11111111-2222-4333-8444-555555555555:8d116ece-1738-47d9-bd9c-172411e20b8f', 'user', 'Person 5', 'user', true, false, false, false, '{}', NULL, '9669bee1db9ffd27a8bd19006e493464', '2026-11-23 09:00:00+00', '2026-11-23 14:31:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 2, '1946c866-3a1d-4808-9821-fe567d3c2f21', false, 'licensed_mailbox'),
	('82ecddca-0803-529d-a67c-7b518e61d24e', '11111111-2222-4333-8444-555555555555:451abd81-f1d6-4ed6-97f5-e837d70820fe', 'user', 'Driver 10', 'user', true, false, false, false, '{}', NULL, '7ff02fa2bbab4dc645d0656eeb13a7f8', '2026-11-23 14:35:00+00', '2026-11-23 14:35:00+00', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 7, '0858922e-2bbf-4b34-b121-45e09f37a596', false, 'licensed_mailbox'),
	('537fde7d-e6a5-53ee-8ca5-2bcb529df4c3', '11111111-2222-4333-8444-555555555555:57124242-5051-41cc-917f-9acae01f5057', 'user', 'Driver 7', 'user', true, false, false, false, '{}', NULL, '3ad041954822e6cb58e93dc31c3aa2d5', '2026-11-23 14:35:00+00', '2026-11-23 14:35:00+00', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 7, '0858922e-2bbf-4b34-b121-45e09f37a596', false, 'licensed_mailbox'),
	('273c8cdd-8891-5315-a8c1-28fcf175ba2d', '11111111-2222-4333-8444-555555555555:7f26144b-9828-4fcd-99a5-4a7bb1fee08f', 'user', 'Driver 8', 'user', true, false, false, false, '{}', NULL, 'f898f396afdb8da999df2dc666a3e0b9', '2026-11-23 14:35:00+00', '2026-11-23 14:35:00+00', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 7, '0858922e-2bbf-4b34-b121-45e09f37a596', false, 'licensed_mailbox'),
	('512d5112-cb32-57f6-8bd7-f59324723ae1', '11111111-2222-4333-8444-555555555555:c7a2ea20-b2f1-4c94-ae05-319acb5c7427', 'user', 'Amara Osei', 'user', true, false, false, false, '{}', NULL, 'e1227e16ab8f33e82fc0ed9c301d931c', '2026-11-23 14:35:00+00', '2026-11-23 14:35:00+00', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 7, '0858922e-2bbf-4b34-b121-45e09f37a596', false, 'licensed_mailbox'),
	('b0f71658-fb68-5412-9ea6-4242f812221b', '11111111-2222-4333-8444-555555555555:ca02135e-92b1-43f2-8ede-0d7ac3baea9e', 'user', 'Driver 6', 'user', true, false, false, false, '{}', NULL, '8e389d30404c89e6b09c6372637692aa', '2026-11-23 14:35:00+00', '2026-11-23 14:35:00+00', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 7, '0858922e-2bbf-4b34-b121-45e09f37a596', false, 'licensed_mailbox'),
	('5a7b3f26-2d50-5c41-b296-2313a0832e08', '11111111-2222-4333-8444-555555555555:13deef86-ab10-41d0-b646-e1f40a097c97', 'user', 'Driver 5', 'user', false, false, false, false, '{}', '2026-11-23 15:35:00+00', 'dbdb3b864dbfeba59d55e40c6e2cc8db', '2026-11-23 14:35:00+00', '2026-11-23 15:35:00+00', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 7, '0858922e-2bbf-4b34-b121-45e09f37a596', false, 'licensed_mailbox'),
	('220cfc32-b173-5c49-89bd-931f9b6681a0', '11111111-2222-4333-8444-555555555555:5790f82e-c1d3-4cff-aa3a-f4d46b0a18e8', 'user', 'Driver 3', 'user', false, false, false, false, '{}', '2026-11-23 15:35:00+00', '04bef50df23501f442a0bd3f4be9a005', '2026-11-23 14:35:00+00', '2026-11-23 15:35:00+00', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 7, '0858922e-2bbf-4b34-b121-45e09f37a596', false, 'licensed_mailbox'),
	('c3b60659-752c-505e-9c45-ac0aab5bde47', '11111111-2222-4333-8444-555555555555:57ee05cd-e009-42c7-bebf-f20686734721', 'user', 'Driver 0', 'user', false, false, false, false, '{}', '2026-11-23 15:35:00+00', '355d3f7c698c66eaad545235750a7704', '2026-11-23 14:35:00+00', '2026-11-23 15:35:00+00', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 7, '0858922e-2bbf-4b34-b121-45e09f37a596', false, 'licensed_mailbox'),
	('35ea3bbc-40f8-50cb-a885-257f5ee539ae', '11111111-2222-4333-8444-555555555555:6bf46c69-7d2c-4f82-aeea-cbe226e87555', 'user', 'Driver 4', 'user', false, false, false, false, '{}', '2026-11-23 15:35:00+00', '4b111c59110b72847691b83f05a135fe', '2026-11-23 14:35:00+00', '2026-11-23 15:35:00+00', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 7, '0858922e-2bbf-4b34-b121-45e09f37a596', false, 'licensed_mailbox'),
	('565db8b9-42d6-5cb1-923d-b87499181859', '11111111-2222-4333-8444-555555555555:830e07bc-1e39-4f10-92bd-4acefaecbd38', 'user', 'Driver 2', 'user', false, false, false, false, '{}', '2026-11-23 15:35:00+00', 'a07e2929978f51111f9f907648e3a190', '2026-11-23 14:35:00+00', '2026-11-23 15:35:00+00', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 7, '0858922e-2bbf-4b34-b121-45e09f37a596', false, 'licensed_mailbox'),
	('9fabb44c-93a4-5bdb-bace-6c4621ae5d0c', '11111111-2222-4333-8444-555555555555:9be4bcfc-49b6-4a08-b2e6-cc3ababced20', 'user', 'Driver 1', 'user', false, false, false, false, '{}', '2026-11-23 15:35:00+00', '75417b035bbe6510e7d59e4fd0b47f79', '2026-11-23 14:35:00+00', '2026-11-23 15:35:00+00', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 7, '0858922e-2bbf-4b34-b121-45e09f37a596', false, 'licensed_mailbox'),
	('6a40532c-939b-5190-96e5-ac8cd9a57e1d', '11111111-2222-4333-8444-555555555555:4f426dcb-b394-4b36-bb2d-420f0f88080b', 'user', 'Driver 99', 'user', true, false, false, false, '{}', NULL, '914d213d43fba76414bcb9c39f8a93e8', '2026-11-23 15:41:00+00', '2026-11-23 15:41:00+00', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 7, '0858922e-2bbf-4b34-b121-45e09f37a596', false, 'licensed_mailbox'),
	('c6644250-1560-539a-a856-d529d0d6bec9', '11111111-2222-4333-8444-555555555555:ae658f33-fe3b-490b-93f4-48b3a5aa3c81', 'user', 'Orla Orphan', 'user', false, false, false, false, '{}', NULL, 'd925d2417bd99b55dc7a1b33a5e00c51', '2026-11-23 17:44:00+00', '2026-11-23 17:44:00+00', '122d340c-229f-4a91-8a9a-25b51b3342e1', 12, '1cab625c-b638-43cc-9756-f884e609912e', false, 'licensed_mailbox'),
	('ab3bd4be-aab6-5afd-b574-d81ec0bc6d14', 'aaaaaaaa-1111-4111-8111-111111111111:309d6b79-965e-4a32-9ae4-45508201e2bd', 'user', 'Apple Admin', 'user', true, false, false, false, '{}', NULL, 'd6373c59ddfde6e6fea22ebd64a733f7', '2026-11-23 09:00:45+00', '2026-11-23 09:00:45+00', 'd18d2586-a927-4e14-a95f-f79727ba6c7e', 13, '1b243fee-b9ca-4dec-a4f6-6ea24973ab6f', false, 'licensed_mailbox'),
	('04127661-56a7-5c3b-96bc-41195725d27e', 'aaaaaaaa-1111-4111-8111-111111111111:73ab4876-7734-47c1-87fd-e805ec99108d', 'user', 'Carl Clerk', 'user', true, false, false, false, '{}', NULL, '775a668c8daae131c653e6f9481b928e', '2026-11-23 09:00:45+00', '2026-11-23 09:00:45+00', 'd18d2586-a927-4e14-a95f-f79727ba6c7e', 13, '1b243fee-b9ca-4dec-a4f6-6ea24973ab6f', false, 'licensed_mailbox'),
	('b74bba55-1981-5c91-bb46-56255d4f3607', 'aaaaaaaa-1111-4111-8111-111111111111:79cb9e86-830c-41c2-8dcc-69292f45e678', 'user', 'Dora Gone', 'user', true, false, false, false, '{}', NULL, '6046ad88d9324bbf85892fcf0111f103', '2026-11-23 09:00:45+00', '2026-11-23 09:00:45+00', 'd18d2586-a927-4e14-a95f-f79727ba6c7e', 13, '1b243fee-b9ca-4dec-a4f6-6ea24973ab6f', false, 'licensed_mailbox'),
	('4293a987-a864-5da2-b211-fb57b7d70879', 'aaaaaaaa-1111-4111-8111-111111111111:db5b5fab-8f4d-4e27-9da1-494c73cf256d', 'user', 'Ada Admin', 'user', true, false, false, false, '{}', NULL, '1d98d5bbde668e3e216aa42dda323b6f', '2026-11-23 09:00:45+00', '2026-11-23 09:00:45+00', 'd18d2586-a927-4e14-a95f-f79727ba6c7e', 13, '1b243fee-b9ca-4dec-a4f6-6ea24973ab6f', false, 'licensed_mailbox');

INSERT INTO public.django_content_type (id, app_label, model) VALUES
	(1, 'contenttypes', 'contenttype'),
	(2, 'auth', 'permission'),
	(3, 'auth', 'group'),
	(4, 'procrastinate', 'procrastinateevent'),
	(5, 'procrastinate', 'procrastinatejob'),
	(6, 'procrastinate', 'procrastinateperiodicdefer'),
	(7, 'procrastinate', 'procrastinateworker'),
	(8, 'sessions', 'session'),
	(9, 'accounts', 'operator'),
	(10, 'accounts', 'auditentry'),
	(11, 'accounts', 'invitation'),
	(12, 'accounts', 'membership'),
	(13, 'accounts', 'signinpolicy'),
	(14, 'directory', 'domain'),
	(15, 'directory', 'group'),
	(16, 'directory', 'organization'),
	(17, 'directory', 'owner'),
	(18, 'directory', 'user'),
	(19, 'directory', 'address'),
	(20, 'directory', 'domainalias'),
	(21, 'directory', 'staticnote'),
	(22, 'directory', 'exemption'),
	(23, 'sync', 'connection'),
	(24, 'sync', 'run'),
	(25, 'sync', 'runchange'),
	(26, 'sync', 'runskip'),
	(27, 'sync', 'source'),
	(28, 'sync', 'certificatedraft'),
	(29, 'sync', 'consentattempt'),
	(30, 'sync', 'consentlink'),
	(31, 'sync', 'runprogress'),
	(32, 'sync', 'schedule'),
	(33, 'sync', 'runrequest'),
	(34, 'sync', 'sample'),
	(35, 'sync', 'mailboxpurpose'),
	(36, 'sync', 'staticupload'),
	(37, 'account', 'emailaddress'),
	(38, 'account', 'emailconfirmation'),
	(39, 'mfa', 'authenticator');

INSERT INTO public.django_migrations (id, app, name, applied) VALUES
	(1, 'accounts', '0001_initial', '2026-11-28 21:31:41.523618+00'),
	(2, 'account', '0001_initial', '2026-11-28 21:31:41.547585+00'),
	(3, 'account', '0002_email_max_length', '2026-11-28 21:31:41.554179+00'),
	(4, 'account', '0003_alter_emailaddress_create_unique_verified_email', '2026-11-28 21:31:41.569464+00'),
	(5, 'account', '0004_alter_emailaddress_drop_unique_email', '2026-11-28 21:31:41.575885+00'),
	(6, 'account', '0005_emailaddress_idx_upper_email', '2026-11-28 21:31:41.581062+00'),
	(7, 'account', '0006_emailaddress_lower', '2026-11-28 21:31:41.590687+00'),
	(8, 'account', '0007_emailaddress_idx_email', '2026-11-28 21:31:41.60239+00'),
	(9, 'account', '0008_emailaddress_unique_primary_email_fixup', '2026-11-28 21:31:41.610237+00'),
	(10, 'account', '0009_emailaddress_unique_primary_email', '2026-11-28 21:31:41.618336+00'),
	(11, 'directory', '0001_initial', '2026-11-28 21:31:42.114476+00'),
	(12, 'directory', '0002_same_domain', '2026-11-28 21:31:42.120261+00'),
	(13, 'accounts', '0002_membership', '2026-11-28 21:31:42.220562+00'),
	(14, 'accounts', '0003_no_theme', '2026-11-28 21:31:42.237822+00'),
	(15, 'accounts', '0004_cache', '2026-11-28 21:31:42.242632+00'),
	(16, 'accounts', '0005_audit_by_user', '2026-11-28 21:31:42.247465+00'),
	(17, 'contenttypes', '0001_initial', '2026-11-28 21:31:42.257558+00'),
	(18, 'contenttypes', '0002_remove_content_type_name', '2026-11-28 21:31:42.274974+00'),
	(19, 'auth', '0001_initial', '2026-11-28 21:31:42.309039+00'),
	(20, 'auth', '0002_alter_permission_name_max_length', '2026-11-28 21:31:42.312924+00'),
	(21, 'auth', '0003_alter_user_email_max_length', '2026-11-28 21:31:42.316363+00'),
	(22, 'auth', '0004_alter_user_username_opts', '2026-11-28 21:31:42.323124+00'),
	(23, 'auth', '0005_alter_user_last_login_null', '2026-11-28 21:31:42.333445+00'),
	(24, 'auth', '0006_require_contenttypes_0002', '2026-11-28 21:31:42.335449+00'),
	(25, 'auth', '0007_alter_validators_add_error_messages', '2026-11-28 21:31:42.339812+00'),
	(26, 'auth', '0008_alter_user_username_max_length', '2026-11-28 21:31:42.344589+00'),
	(27, 'auth', '0009_alter_user_last_name_max_length', '2026-11-28 21:31:42.351243+00'),
	(28, 'auth', '0010_alter_group_name_max_length', '2026-11-28 21:31:42.359203+00'),
	(29, 'auth', '0011_update_proxy_permissions', '2026-11-28 21:31:42.378744+00'),
	(30, 'auth', '0012_alter_user_first_name_max_length', '2026-11-28 21:31:42.388977+00'),
	(31, 'directory', '0003_group_by_hand', '2026-11-28 21:31:42.415097+00'),
	(32, 'directory', '0004_support', '2026-11-28 21:31:42.429575+00'),
	(33, 'directory', '0005_retired_by_name', '2026-11-28 21:31:42.435983+00'),
	(34, 'directory', '0006_kind_rule', '2026-11-28 21:31:42.448403+00'),
	(35, 'directory', '0007_alias_domains', '2026-11-28 21:31:42.476499+00'),
	(36, 'directory', '0008_static_note', '2026-11-28 21:31:42.493801+00'),
	(37, 'directory', '0009_exemptions', '2026-11-28 21:31:42.516006+00'),
	(38, 'mfa', '0001_initial', '2026-11-28 21:31:42.535102+00'),
	(39, 'mfa', '0002_authenticator_timestamps', '2026-11-28 21:31:42.545613+00'),
	(40, 'mfa', '0003_authenticator_type_uniq', '2026-11-28 21:31:42.567717+00'),
	(41, 'procrastinate', '0001_initial', '2026-11-28 21:31:42.588088+00'),
	(42, 'procrastinate', '0002_drop_started_at_column', '2026-11-28 21:31:42.589904+00'),
	(43, 'procrastinate', '0003_drop_started_at_column', '2026-11-28 21:31:42.591223+00'),
	(44, 'procrastinate', '0004_drop_procrastinate_version_table', '2026-11-28 21:31:42.592714+00'),
	(45, 'procrastinate', '0005_fix_procrastinate_fetch_job', '2026-11-28 21:31:42.594156+00'),
	(46, 'procrastinate', '0006_fix_trigger_status_events_insert', '2026-11-28 21:31:42.59515+00'),
	(47, 'procrastinate', '0007_add_queueing_lock_column', '2026-11-28 21:31:42.597607+00'),
	(48, 'procrastinate', '0008_close_fetch_job_race_condition', '2026-11-28 21:31:42.59956+00'),
	(49, 'procrastinate', '0009_add_defer_job_function', '2026-11-28 21:31:42.602104+00'),
	(50, 'procrastinate', '0010_add_procrastinate_periodic_defers', '2026-11-28 21:31:42.606245+00'),
	(51, 'procrastinate', '0011_add_foreign_key_index', '2026-11-28 21:31:42.609646+00'),
	(52, 'procrastinate', '0012_add_locks_to_periodic_defer', '2026-11-28 21:31:42.612994+00'),
	(53, 'procrastinate', '0013_fix_procrastinate_defer_periodic_job', '2026-11-28 21:31:42.615289+00'),
	(54, 'procrastinate', '0014_add_finish_job_and_retry_job_functions', '2026-11-28 21:31:42.618166+00'),
	(55, 'procrastinate', '0015_add_trigger_on_job_deletion', '2026-11-28 21:31:42.619159+00'),
	(56, 'procrastinate', '0016_delete_finished_jobs', '2026-11-28 21:31:42.620044+00'),
	(57, 'procrastinate', '0017_add_checks_to_finish_job', '2026-11-28 21:31:42.620952+00'),
	(58, 'procrastinate', '0018_add_checks_to_retry_job', '2026-11-28 21:31:42.622776+00'),
	(59, 'procrastinate', '0019_fix_finish_job_compat_issue', '2026-11-28 21:31:42.623637+00'),
	(60, 'procrastinate', '0020_add_index_on_procrastinate_jobs', '2026-11-28 21:31:42.627286+00'),
	(61, 'procrastinate', '0021_add_kwargs_to_defer_periodic_job', '2026-11-28 21:31:42.629413+00'),
	(62, 'procrastinate', '0022_null_locks_excluded', '2026-11-28 21:31:42.631534+00'),
	(63, 'procrastinate', '0023_remove_old_finish_job_function', '2026-11-28 21:31:42.633384+00'),
	(64, 'procrastinate', '0024_job_id_bigint', '2026-11-28 21:31:42.639559+00'),
	(65, 'procrastinate', '0025_add_models', '2026-11-28 21:31:42.643949+00'),
	(66, 'procrastinate', '0026_add_job_priority', '2026-11-28 21:31:42.647983+00'),
	(67, 'procrastinate', '0027_add_periodic_job_priority', '2026-11-28 21:31:42.650867+00'),
	(68, 'procrastinate', '0028_add_cancel_states', '2026-11-28 21:31:42.654413+00'),
	(69, 'procrastinate', '0029_add_additional_params_to_retry_job', '2026-11-28 21:31:42.656828+00'),
	(70, 'procrastinate', '0030_alter_procrastinateevent_options', '2026-11-28 21:31:42.658118+00'),
	(71, 'procrastinate', '0031_add_indexes_for_fetch_job', '2026-11-28 21:31:42.66229+00'),
	(72, 'procrastinate', '0032_pre_cancel_notification', '2026-11-28 21:31:42.667282+00'),
	(73, 'procrastinate', '0033_post_cancel_notification', '2026-11-28 21:31:42.68107+00'),
	(74, 'procrastinate', '0034_pre_add_heartbeat', '2026-11-28 21:31:42.690766+00'),
	(75, 'procrastinate', '0035_post_add_heartbeat', '2026-11-28 21:31:42.693128+00'),
	(76, 'procrastinate', '0036_add_worker_model', '2026-11-28 21:31:42.697734+00'),
	(77, 'procrastinate', '0037_pre_batch_defer_jobs', '2026-11-28 21:31:42.700354+00'),
	(78, 'procrastinate', '0038_post_batch_defer_jobs', '2026-11-28 21:31:42.70216+00'),
	(79, 'procrastinate', '0039_pre_priority_lock_fetch_job', '2026-11-28 21:31:42.704856+00'),
	(80, 'procrastinate', '0040_pre_retry_failed_job', '2026-11-28 21:31:42.705951+00'),
	(81, 'procrastinate', '0041_post_retry_failed_job', '2026-11-28 21:31:42.707876+00'),
	(82, 'sessions', '0001_initial', '2026-11-28 21:31:42.716005+00'),
	(83, 'sync', '0001_initial', '2026-11-28 21:31:42.951672+00'),
	(84, 'sync', '0002_waiting_sources', '2026-11-28 21:31:43.036742+00'),
	(85, 'sync', '0003_consent', '2026-11-28 21:31:43.586671+00'),
	(86, 'sync', '0004_schedule_and_progress', '2026-11-28 21:31:43.653878+00'),
	(87, 'sync', '0005_run_held_by_domain', '2026-11-28 21:31:43.670028+00'),
	(88, 'sync', '0006_kinds_and_filters', '2026-11-28 21:31:43.807021+00'),
	(89, 'sync', '0007_static_upload', '2026-11-28 21:31:43.831353+00'),
	(90, 'sync', '0008_import_runs', '2026-11-28 21:31:43.886309+00');

INSERT INTO public.django_session (session_key, session_data, expire_date) VALUES
	('9kovlesq8txd71spqb84yg7lhwv5bawc', '.eJyVkM1ugzAQhF9l5TMgm39ya6-99lKFCC32EmgSjGzTqIry7jU0UtJT1IOl9aznm11fWIOz65vZkmkGxTZM5bwoBaVhFndlmOa5CpG6LORFxbOqQkzLjAWPthblgcbFi8fjIkcopZ5HF61vbm0bvfgbjW6Q6AY9vt5cf1A92t5zEllymWPcVqnsZCJ5iVRKJdo2ybiKKWmrLu66tsAS00QlUlAsChK5kEnrGx56G2Fl30ObE7leK8s22wv7rX3chNaetVlmQcc2oqiyiotMxFEh8rjiRcAMPYDIm5yZ6bp7lrNu9Y9PPZG1uCc_H9tua9Y0n3aFrWrNAuABxFkANXvvCXCaYLBgycE8RfChZ0DjZXsgBZ02gCC18oID-iLzDXbYj-EwRgupZjXbBfA0ZQH6M9IZDEm9chaqjeCNaAK_9gn0CBNOZO7kHbv-AA79xIQ:1xXQ1Q:EXoGkQ6OOrFznFe6nw0A0tnAK_3Sn_9Uw95hpZNGv9M', '2026-12-12 21:31:52.953702+00'),
	('l3b5wjnonljn7enlbu70o5rez42hsnyo', '.eJyVkMFugzAQRH9l5TMgU7CB3Nprr71UIUKLvQTaBCPbNKqq_nsNTZX0FOVgyR573sz6izU4-76ZHdlm0GzD0gdUWlQy7rhu47zsdIwi53EmSqFbKXTRSRZd21pU7zQuXjwcFjlBpcw8-mR9c752yWM40egHhX4w49PZ9Q_Vo-sDR1bEyyItJZIs84pnORddrrQqNOdSdEoJbDupu_Ak421IUGVBVcErEkVJKkDPFVb2JbQ5ku-Ndmyz_WK_-xA3oXMnY5cu6NkmLSpR8VSkWZIVqcyzLGKWrkAUTN7O9L27lbNOdcenHsk53FPox7bbmjXNm1thq1qzCHgEDyKCmr30BDhNMDhw5GGeEng1M6ANsnsnDZ2xgKCMDoIH-iD7CW7Yj_EwJgupZjXbRXAzZQGGNdIJLCmzchaqS-CZaIIw9hHMCBNOZO8i__W3dAxYffHu2PcP-XPXMA:1xXQ1R:kEea3P3K15LfDJRpRV5dubsU2aKWivCQwY7Ehe3wspY', '2026-12-12 21:31:53.633794+00'),
	('bd3qtdzv8d9s12sfkn5m482ahgw52h5l', '.eJydkM1uhDAMhN8lZ0BmIX-ctn2NqkImcQoqEESCutVq372BctlTpd4se77xaO4MjfHbHFvcYk9zHAzGwc_tRLH3NrDm7c5-Z9awBUP48qtlGcPImlJqrqHkZV1cJAcpdMZowmFM0uin6-zX2H9gpIJuOC0jscd79sfDdgu0Jr68oLFci9yB7fJaOZsjryGvuOK2E9xKJ1KMw-Vg2sH-C-vQfNK8sziO-7o4AxaH5jyH4uUp7utJPVn1GPrkIzSBkqUSSELVGqoauKuNNdICCO6M4dg5YV2SVNClD0ZJ0hI0canI7KaBQthbodsyrN-p6gtoAfD4AWzxjdY:1xXQ1S:QjosXZy3d6dNH6C08DrpgUBcGFV6kE-TGj0qkgtbnMQ', '2026-12-12 21:31:54.290872+00');

INSERT INTO public.mfa_authenticator (id, type, data, user_id, created_at, last_used_at) VALUES
	(3, 'webauthn', '{"name": "Key ring", "credential": {"id": "bWFkZS11cA", "type": "public-key", "rawId": "bWFkZS11cA", "response": {"clientDataJSON": "bWFkZS11cA", "attestationObject": "bWFkZS11cA"}, "clientExtensionResults": {}, "authenticatorAttachment": "cross-platform"}, "passwordless": true}', '8e1f0110-0ee5-42af-b93c-fa16cfbbc5e6', '2026-11-28 21:31:49.125376+00', NULL),
	(1, 'totp', '{"secret": "gAAAAABrC0hQjBur6OPqwoaK62H7zzmzLyuWUfGKHB-IgGMjBFGtzNaDSHPRvUVOdPJ717sXF9B1EQIU18fNov51ecab_8g5OrywxiPfmBT02U6jNSbsneOG-3U0JmDd9yYAJofAhwBfNgV4x9KCyKc7uObYVSe9MQ=="}', 'd60781e4-52f8-466d-aef5-0790599aa485', '2026-11-28 21:31:52.945472+00', NULL),
	(2, 'recovery_codes', '{"seed": "gAAAAABrC0hQyNFiJn5OTyZTDgm1OZpETvB9UZmHx-9M0ztr38XWawFdoIPhxJVCqty64P_CdZu_KmfDzLIBgB785D6HINenC9Ftyt6TPgpNTWXTIQDK539XEJyq4zbXcP4Q-pU5GgC7KD1W1wOlVTX5TYCeygVjYHPgtp1UFeBFpEowvELaqt1LAfypdQQclEir0-tqAMxFWgalGXdzHUeNRxWuEzxcUg==", "used_mask": 0}', 'd60781e4-52f8-466d-aef5-0790599aa485', '2026-11-28 21:31:52.948836+00', NULL);

INSERT INTO public.procrastinate_events (id, job_id, type, at) VALUES
	(1, 1, 'deferred', '2026-11-28 21:31:46.017298+00'),
	(2, 2, 'deferred', '2026-11-28 21:31:46.22935+00'),
	(3, 3, 'deferred', '2026-11-28 21:31:46.234935+00'),
	(4, 1, 'started', '2026-11-28 21:31:46.440977+00'),
	(5, 1, 'succeeded', '2026-11-28 21:31:46.443243+00'),
	(6, 4, 'deferred', '2026-11-28 21:31:47.165163+00'),
	(7, 5, 'deferred', '2026-11-28 21:31:47.176172+00'),
	(8, 6, 'deferred', '2026-11-28 21:31:58.458523+00');

INSERT INTO public.procrastinate_jobs (id, queue_name, task_name, lock, args, status, scheduled_at, attempts, queueing_lock, priority, abort_requested, worker_id) VALUES
	(2, 'sync', 'mailroll.sync.tasks.answer', 'domain:da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '{"request": "40b81128-4ed2-486d-bab7-e527d9bdd108"}', 'todo', NULL, 0, 'request:40b81128-4ed2-486d-bab7-e527d9bdd108', 10, false, NULL),
	(3, 'sync', 'mailroll.sync.tasks.answer', 'domain:da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '{"request": "50e30fae-9b20-4878-a856-a67c99378a7b"}', 'todo', NULL, 0, 'request:50e30fae-9b20-4878-a856-a67c99378a7b', 0, false, NULL),
	(1, 'sync', 'mailroll.sync.tasks.answer', 'domain:da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '{"request": "eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6"}', 'succeeded', NULL, 0, 'request:eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6', 10, false, NULL),
	(4, 'sync', 'mailroll.sync.tasks.answer', 'domain:da5c8ec8-ff36-4e4f-b517-f98183fc4e02', '{"request": "c8ed790b-c161-411e-b6c0-ed1dd756a196"}', 'todo', NULL, 0, 'request:c8ed790b-c161-411e-b6c0-ed1dd756a196', 10, false, NULL),
	(5, 'sync', 'mailroll.sync.tasks.sample', 'sample:41329162-c24b-4c98-93d1-3818cb93ef7c', '{"connection_id": "41329162-c24b-4c98-93d1-3818cb93ef7c"}', 'todo', NULL, 0, 'sample:41329162-c24b-4c98-93d1-3818cb93ef7c', 10, false, NULL),
	(6, 'sync', 'mailroll.sync.tasks.sample', 'sample:66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d', '{"connection_id": "66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d"}', 'todo', NULL, 0, 'sample:66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d', 10, false, NULL);

INSERT INTO public.procrastinate_workers (id, last_heartbeat) OVERRIDING SYSTEM VALUE VALUES
	(1, '2026-11-28 21:31:46.444536+00');

INSERT INTO public.sync_certificatedraft (source_id, certificate, sealed_key, ends_at, created_at) VALUES
	('a0022946-7cf6-4bdc-b9dd-08240d646add', '-----BEGIN CERTIFICATE-----
MIIDyjCCAjKgAwIBAgIUH+BnvtNmeRU1T6umcDGkboe1maswDQYJKoZIhvcNAQEL
BQAwHzEdMBsGA1UEAwwUTWFpbHJvbGwgdHdvLmV4YW1wbGUwHhcNMjYxMTIzMDgw
MDQ1WhcNMjcxMTIzMDkwMDQ1WjAfMR0wGwYDVQQDDBRNYWlscm9sbCB0d28uZXhh
bXBsZTCCAaIwDQYJKoZIhvcNAQEBBQADggGPADCCAYoCggGBAKetXkl1fIkOiCFj
wkejZPxGie3CtCjaEWOaBobrXnQ+0qieoQ6ggoBGsBj7MOJ+ZOMUsGcxbUco4hIm
bO0DKgcSwakCcplLb3KvsLlqxzIiv6wZK4lAMkxuMyytlJUDs5Q3/v0daJVpYbhM
R1VR5W1UHpE+Upan2JsE8QFI2Pcr7tNgavwrgZXRSh8VMkFbnTTzkQ68G7ZnTSct
HZJAOAp4mZq1dEjjPnrnt8flZEGMJd+KeCLNQC5uH1a/eK1UvWfSy4/NT4CuMKab
aQSimGdFfwcEvuiQ20Cd8ddMofhhUaEBIHmKTyxtUKCzaRTAs4Yu6/0CoynZ74br
Q1hxcSJg+Koum428q2K82jav+eY3lFCeqoHq5JgI/jPsqijuSoNncVIQaGAtnX2d
GfADPDB+Mef9AdlILVHnFspFt/+2jn05gaPALCDM4vzLIoSC7qwCiX8kHano02jX
1UkkTiBJ26w79V0YE2ra+DWXpP0x+m0rweYxseqBqnICLlmYTwIDAQABMA0GCSqG
SIb3DQEBCwUAA4IBgQCC6pNAezVI52XW1lJKJVjEYEqfWwxNFYkMBoNpv0ff/OAf
1/Hcv2G8Pd4QI5apDzXjwqaHoHoH5VQFVopqPO0N7qQaB9gNx3dt2ISW65eypyaJ
7GV9IvPtHPN4j6+kChvtd528Z1n2SuEJ9nwsmkvmAJh+Hd6D2AYO5RAg2IqTbe8X
vJmUgv3r8y2HDgiBFrdXuzs+KPfEw0+DuzvuUVcUuhcVq3Q+/79Xj1Gmns72Jb2W
jsjiEo0IKA86MdBqtsV3JEdeMEfl5NrQ74ozSi1BWM/eE2gR/6nXIHfr9uRIeIhK
DirQdgsjJ6VXi/B9ozdnVs82PljSCCUgnmAHKhAjsMo8w5Y9h0XhT3+M+U38CnXp
fFS5UVURaylMN+DfXzci0tnHsjkuwYb9EOaXg+KOSaPxSZ2Z2h9ofaPlCDV8l3MK
JtyJ1nMV7uZ/C+vTc5nB6lm2Gtxi+4whCKvJcNbAxeduCT33spuQxWS6DcfJJZLJ
3Iegh6bXak1x8zDTpCY=
-----END CERTIFICATE-----
', 'gAAAAABrC0hQwJiXvdCzgCEvRecB6Q3XSP5Vc6eu1HFLS7c1U5P6gIzRYk2Lgp5s6Yz-hRKTX_3cCLDWG5NWdLJRltId8Sa6Y-2E2k09MVZn0UnS0R3yyqGvlYy27cj4D3mfWsJyLOnpckPMOgOgf1kwsBhrbdAW8juyZ__9z7tPWQ0dJxqaHn4Fg4JioN_zrkPAIaGQoIQCh9E3JvQe_HfuqQmEGOuuGO5eV9pnV8CzLM6z__RwUC8i9sL88GzQA6mSMGVeju2brqH1_VR23yGkZG1_RARb_kO07abxYHoxWg2KmL_vB0ebyBd7l18W3_0B4PtsNXzsoiBmNNwvkBMzWS11IJ10wW9Embwzw2H1m9Q5yKX3Ciq8qN786UrPsMTUWPVJGuQvqqFzFxrAr7_U8-OZxAsQcuKTubkcCxbsdbiObsupPUJ8LylXqZFABu0laJvLyy666oLf2iMOkYtRngVgpGyNLnIIMJ0st511geVaYqaj6dGTskVR83CGMvqaWaB65Hk42zQpxt08fzQhEy4r4Rc-c_GnefiGLHLOzS7jsLXsDBpgk6KmoQPQ989rFf8wyqwUgN0hpPFN0nQXMGIwTGso_pSI9iTrHqNzFlnm07cpw2EOovq0tS3wOlmK-H7YGH8OH2yBlPhkFUR7cVmqgjkCUna1N4AJ1IwG-KFGI97MZuu64oQcF7H2ru_d0FZXbwjW9EjGg1-dTfjUzcrE3eRoipB78wWK7qTrFd4MXhiZODrcwYpbiE7VwLOam0Xqiq4_yykkISE-rU52xgyGxSBKk0wsTGsunMSRuQ0seoCn4QXz_Pz6W3luJMuX1WlPhfwq3im7pDz7PyHjHckS6oOYk3GUzJOkKs5g9QBcykrurkChXieTtH1dLcK1ZKjLqT506q_jCRCyNSoiJXi_9SJ6W4Qu2HXdn1ghZMPjPe5opJtA2qs0XKkQ7_PnE-OIB2ausWh2ca9gJxkaKqWEFcXygoTb8xfZ1TzPoVmPqvOcrH7sjYiN5hdbUUn4zn2zJPduew_3YWsl-KYI_uZYS3YytndmQRaA7_vYX4UUQFKRLj3XVgMLwkqVAD6lW37jj-i7BGVUzRsqPhVW3rpJtJx6h1AbbygiwGwlsUiU0P9KCQYdXY4f5kGOBtRo8ShjBTJ09EpEySeP-Lx5l-PVZACNwpT3hauYd5Ohl3BbxP7Gi3pfibQhMeDJYW_ylMAnA_S_X_AhsxkTzU3cCGZ9SiVzkSaPRII0fA_XqDaTFXBDonAiCUTV3w5Diy2stiJjDvMW-fUXpsDCCKd1WqrxizpxVFBR5HAxxKFPlVQ0a2CFPaShXiVDhQ596gBqoEI48EcVxR6jJYY0amCuM6RF24nx5z6JC3OT6o9EUfbW_aIf_kU63JSyzuW_fu7GeMZpf0Y1p0BfUJo63ezPIHAC_-Tru1FQI3kWFJMYp84oUYGWJL7dkzmPk66LgWfArIGlM-jwtonyce9MWRVgnD4If9pUMA7HaDMeR0ryZR0DGXi0oildYG8hMT9qmM0JF_DpvvX15Xm_QRcIUzAtW6cEBfUM-u9yyMG8BfBgM-bWOUBoXYvmPWCwdm9VIsIR5cGGUEby5J2pPHGnDU3C1_Jfl7xR64SciMsUqaUIqE882rOY2IwX8Qc-1jZhAUFgnUpK_vlvVUu2nWJIv7k-i9V05AyNGxwzgc3gWQdJffzN_NpMfOTYkLANE9mRvTe5bnWl6uMPVu18iVy9FM0s132lpCHEnCCziJrVqz9b68HuNxQkDmuLQF7IlMR4DNFEFNDVQ4rvfc6XaORepCq0Hrn-_5_I_1AZdx5b81OmPPPBio2d9IP5AuylxyQHSfruHGGw4GqyM_V83rc3VH_O8BdXAuMaULbfs4b-uKVMc1kttfUhzUGytn5y8JN6OPD_V_gkJP3ekOh6Fz-uUW8A3UkecDguX0SM8DwWMGVsL5lHsEOKTCO-B_cAjPoivAHZwck6PuRqFjpNdpwTGrc5wzLd875ZTbY4jMxbxFmqg-3MFmcEujTdH98_ltDzIamKlXaTKa_AVKmmlGYhwixwAtKOpWoZv04OfWTVGUylkC3mxxvo0fHsniIZHZ4XK0W1NxMHq770oK9yOEnme6MDHQQvMrg4jXGtsulntvhkJ2TbRIiTsSymMyR7NKrZneqWn8avNoPwVNUJljNXvzkhnG7qlMYnQrCH3pBCaBkuEf4KaFhokEWS_vf3zMQLdXI0-wfSX5x6pPAWLn8Bbq9YdeRNK2qvy5260Z-X7G5eqTvkTGIOrr-oEj0GcchU1hvOKSXD35QG1w9zNR39Nl696BpoiXpbhEj8B2e03BPHKJ05AaBsHzNdqDK9SNR1dbWQlxj1Y0s5yK3HscSkgnygJMy_OdjHKkaZOZ0FZ3fYBCn61UbL70kc-japlHiUybypLGOBRbD9ovEvHNl-d3qZJHKVhn-Zx2IzDxEdmj8ATWlrkbur_w7hdx4NH_qj8FMx2GpnomU61nW82cX-U9Ljd97LxGluQ8edPO5zI_K20VkPV1WiiEwE5cGxu1fPFYZIdmoLXNuOhSyq025KF4CqPeGuEgTKReEMnUSGG-saePYu_ECYF5TT7pH88O0Xn9AZSnJiywFPc05a3WpFD6IniDyxVMfnqLXhB6ufXVi1IsPPQOeSwbXwnC7P0FQHukiy3xXOfM1ndCKubzYzV79ocjCIzEPSUoOGBdDdMGmAFml-Ay9_XIjBM9fc4JV0WPG2Z2aH6M9hHlmNJcA_oiEjDIRF6AXFsp3vfu3JrFamc0tqxaTWn1R6AF5hBDAv_NAXy0v1I_LN2ff0Qhz8qoewQLegdOzsizCGmPiGBGKCdZ27gQ9CByHOKzoffw0fhooQcUy1txYnCH8Iav02s3DEPa7y7-SYBy_Tw68_vIeBKZhY_DVhN8fA3JZQSbb02pUiJcJQXlEcOkLVJ9RfkbEXXrZLzCYuOHpD96offunJv7PCSgmTakrmDppezSAGT5IJ-FJWL853aTeecnd6JJwKWM6OI0EscvEIrc0Ba_huA4UQ04AGjPOelz9Zl2-apGjtOrGDTbErOOTuL1ai0Om1-RvJzmxv47z2Lb2Xr75u9BiK_VkBYUKyF6EHolzD_HnmzbgWYby_1J_3Hsq5wHwfccrxjif2a-7EsMwAzIVP2dEI6gFyjpRwrbdBLa8uKZlbLvBf_Xd6yMfJXXKP-jWZRSeIZYGtB_TVIrwU8DuUAes1jJCg6oPsOjfzcnab9-hHKISuLs8wMw9n_DsjQaGpbtLXhQ_ALc7-Nfc5mRTQ57ZmjCjR8aPMmkcoadNtMdZudaJryNzIuSf4ld2uzi45Ah9MVLvGUZkfVrpwLqt7IaOXvs4Qfj8AX_-ENeA66eJyQVnjkXS3eQ-_KZThqW1w4oCLdX4X2T3JDwH40YvexuVxtp7sboLlo8zjX-ZEDOxppbI9sEaP7p8VXHXDlUgi30ERJ2SyCV3U3R6bW82oYBB-6_vHeOgxGrfBcdTQd3ipTfRZrTU9', '2027-11-23 09:00:45+00', '2026-11-28 21:31:59.973062+00');

INSERT INTO public.sync_connection (id, kind, cloud, login_url, graph_url, ca_file, tenant_id, client_id, credential_kind, sealed_credential, created_at, organization_id, consent, credential_ends_at, health, hybrid) VALUES
	('778b2855-dafc-44c2-9997-1eedaf1e65f6', 'microsoft365', 'global', '', '', '', '99999999-2222-4333-8444-555555555555', '99999999-0000-4333-8444-555555555555', 'secret', 'gAAAAABrC0hQGToQ48BzhNafMgQLCIqaMq-N0H3AGCQnp3pMMAddtFOA_HEX-9nciy1DcKZL-_DRP0Z910NjY0hhvaUmNOF4mCcSfjEg2w1LEiHMBsi6nytJcKK_HqDpX9eOTURMz_jYW18kdarOpWtPu9-lkEUqNs9lKnMkM3jbtE_enteAmVWYWdGld0ZPbYMQ1Rhwz1oghnE3Ht7znBrs4yaot8Ltyg==', '2026-11-28 21:31:57.670151+00', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', '{}', NULL, '{}', false),
	('ad3a9e81-af78-44fe-962a-ac6181ccffd6', 'microsoft365', 'custom', 'https://localhost:36955', 'https://localhost:38225', '/etc/mailroll/ca.pem', 'aaaaaaaa-1111-4111-8111-111111111111', '1e2feb89-414c-443c-9027-c4d1c386bbc4', 'installation', '', '2026-11-28 21:31:59.483713+00', 'd235d56e-576f-4c4b-af53-7c2a5a78d0f7', '{"at": "2026-11-23T09:00:00+00:00", "by": "ada.admin@firm.example", "role": "Global Administrator", "object": "db5b5fab-8f4d-4e27-9da1-494c73cf256d"}', NULL, '{"people": {"firm.example": 4}, "domains": ["firm.example"], "checked_at": "2026-11-23T09:00:45+00:00", "permissions": [{"fix": "Add the application permission User.Read.All to the registration and let an administrator consent again.", "why": "Reads users with their addresses and licences.", "name": "User.Read.All", "state": "granted", "required": true}, {"fix": "Add the application permission Domain.Read.All to the registration and let an administrator consent again.", "why": "Reads which mail domains the tenant has verified.", "name": "Domain.Read.All", "state": "granted", "required": true}, {"fix": "Add the application permission Organization.Read.All to the registration and let an administrator consent again.", "why": "Reads which tenant it is that answers, and which products it has.", "name": "Organization.Read.All", "state": "granted", "required": true}, {"fix": "Add the application permission GroupMember.Read.All to the registration and let an administrator consent again.", "why": "Reads groups with their addresses, and who is in them.", "name": "GroupMember.Read.All", "state": "granted", "required": false}, {"fix": "Add the application permission OrgContact.Read.All to the registration and let an administrator consent again.", "why": "Reads the contacts in the address book.", "name": "OrgContact.Read.All", "state": "granted", "required": false}, {"fix": "Add the application permission MailboxSettings.Read to the registration and let an administrator consent again.", "why": "Tells shared mailboxes, rooms and equipment from people.", "name": "MailboxSettings.Read", "state": "granted", "required": false}, {"fix": "Add the application permission Place.Read.All to the registration and let an administrator consent again.", "why": "Reads the list of rooms.", "name": "Place.Read.All", "state": "granted", "required": false}], "tenant_name": "Firm Ltd"}', false),
	('41329162-c24b-4c98-93d1-3818cb93ef7c', 'microsoft365', 'custom', 'https://localhost:43609', 'https://localhost:35669', '/etc/mailroll/ca.pem', '11111111-2222-4333-8444-555555555555', '1e2feb89-414c-443c-9027-c4d1c386bbc4', 'secret', 'gAAAAABrC0hQTISuNxvlZ-K7AYG2j6R484EMJm70EHACK2cb-9WY6PKHcWqxUILQrm4shno5eqkHF_Ot02KwRtgQWdLlY49ACk6s9oUTca9JTHov-KnT4lMwJZc595z9CnqBWFYyw7SrUNzQn47qJ5J6WxyN3UbrqjDSNYOU8OMYcI4XwsAJGGcsGL4u9KRKfUznxMc7L0wYwj4NspR6_ZOfhBKDE_k5OSd_DC2s8sXRswFwoKXIpog=', '2026-11-28 21:31:44.092055+00', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', '{}', NULL, '{"people": {"brightwater.example": 12}, "domains": ["brightwater-freight.example", "brightwater.example", "brightwater.test", "old.brightwater.test"], "checked_at": "2026-11-23T09:00:00+00:00", "permissions": [{"fix": "Add the application permission User.Read.All to the registration and let an administrator consent again.", "why": "Reads users with their addresses and licences.", "name": "User.Read.All", "state": "granted", "required": true}, {"fix": "Add the application permission Domain.Read.All to the registration and let an administrator consent again.", "why": "Reads which mail domains the tenant has verified.", "name": "Domain.Read.All", "state": "granted", "required": true}, {"fix": "Add the application permission Organization.Read.All to the registration and let an administrator consent again.", "why": "Reads which tenant it is that answers, and which products it has.", "name": "Organization.Read.All", "state": "granted", "required": true}, {"fix": "Add the application permission GroupMember.Read.All to the registration and let an administrator consent again.", "why": "Reads groups with their addresses, and who is in them.", "name": "GroupMember.Read.All", "state": "granted", "required": false}, {"fix": "Add the application permission OrgContact.Read.All to the registration and let an administrator consent again.", "why": "Reads the contacts in the address book.", "name": "OrgContact.Read.All", "state": "granted", "required": false}, {"fix": "Add the application permission MailboxSettings.Read to the registration and let an administrator consent again.", "why": "Tells shared mailboxes, rooms and equipment from people.", "name": "MailboxSettings.Read", "state": "granted", "required": false}, {"fix": "Add the application permission Place.Read.All to the registration and let an administrator consent again.", "why": "Reads the list of rooms.", "name": "Place.Read.All", "state": "granted", "required": false}], "tenant_name": "Brightwater Joinery"}', true),
	('66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d', 'microsoft365', 'custom', 'https://localhost:43609', 'https://localhost:35669', '/etc/mailroll/ca.pem', '11111111-2222-4333-8444-555555555555', '3497553c-b089-4f5a-bca7-cb5fbf05f8fa', 'certificate', 'gAAAAABrC0hQAU0NQcZlM6T0NGmaYTTma75IB6lCKKYt_TiH7X6D4gySjRGCtx60PwBkJjEhVlHz5Zjmc7as1Xf7M7bAApYrAY0LCRGXMLpCx1GeHKSEqWN7wU5ks-I3_vzSx849AR6VVArs76B8T2yFaybv3QPrGCGQBR2UbnttcIrnUhzl_WqoV9eMEH4krbR4DnwUC_-Ezp61otI1KPVS-ohzw26_JF9cZnctsZV9FRCydPjuiVuVgL4QM0vLTkiu_8U6jAqAPzimBo6fi4eH4VDJwo_pHDuk3a9OcEjkBhflS9vNLFqshIw8FC4SDbR-isd3FV6KXm_l8CCpgBWx2n1Q0IwV3zSIwhZybgqfxcRtg-TU357_nWUsZEyi95sAH7d2CnpmjnuwHYCxE2boQFZXLeIwIpnYO680tDQeGqYK4WYxD0N2Z0wmn785WTWtgBLdfl3TGAHJcxzVRaqV5hvmNsTABKr9vUKFjHkCp4bZ0S6FOU3s3vgR1yl5um1shTBS1dZ6e2Y3FmCFmicILHBW-Cxp91FDqBmTH2CzhgACf0RrDWzJI8CdLxD2NG41l_Bjsu5a3A8TQ1VOd3nLNtCrFLAhhXPUu1wJOrVFhS-L1vS0ZPwHrXOUuTG32rK23HTd-FVHpJLBmaO_I618v0j7-vPEwKfFVWuI9kyKYz7OcptTd9GWLh5_OH_Nytme8iu0E6WkKSGIC-5MMviRukj84PAt0QKWSzlRtIvrzWw36Exbzk2fdtnuTihHDxo3PUl7tYAfm345HtpE9jOJqzXH662o2O8kA4nMVith-YtGBzFoJ3Qj91iecPMJZ1l4OanVTefJmjw1yBFXm8MiiFS8rpPFWRE0KZ2PRqBA82C3mZVclRFjN0PQU_TTAusuSN2SPXSp2cuZ4OutX1JlJqE0ZxtY-Cjf1ywIXWeOVPDVv1l-ucU7chuL-78z2rdAv1gHdOBDSzTnSTYv-PV21LKd49GVjHRLQbY2Z1F4xaCSB0zQvLIkdi5BidXFcb05Mi7deDMQ28bsEvIThKM-KlUmm7w8QR2AQxYUTcX4fGhcMcxEVRzyBkomsqZIiJ07Othab-44zLdd9B9jpEAXWQsRltZDf8wbOIyeW0C7IamppD-1IG4jpIK68uhkgiHLF0sN1KJeLV1XTEXSDg4Zr9N9v1y5gT0tTSsPyMlLZw7aAM-8luf-T-lheI7pZanS6fd1nwDYcIPrktbhCycmn4-kV2gpMu7BIlustDrQvaST5-A7ktgfw70vE7g8H3dGLcTeaVlQIhVpl1emQWIlN3X38peblmVchGnKHrvG2KFVY5mUOtylIZg_lrn9V8ci8PZIfpim-kOiHiuGfhYAHmRxxFrRD_z-CLLEhYK5cAZ0lmAZj6U1o6ie-nXj-Bn_QpBAu32ET1KvqtRRQg0Z8nAFM3fq_sO4TkM1V6mrKqyixqzY09z8iVq77S0DSyxMbSUqbKOoxDQh5g2RHjnvi56GURkDuaJK-bFIwRLoFq8zFurxtCYlr9opFh7SxfLYGXRETuLPq2zXLamNcpayuq4eSzyGhsVz9_fUBXAFDsUlpsfkeXCvbQrzkYC_kvZFNN_-Sxqy7IGVIHUIWAjgIrHqZb8hXdEwxMVLTgxyrUmlNFjVpl9UN2UhSBJ96YkwoiOndAenDhOzW_Gni6gan3LDbw88Osoc6bJ1u5kEY0Hkn5utjpdqy7U-x0kMYWZOlEUkvg7gwafFfGzHhj688LlBMedDIj7hjShqO3vhPUmmUijRiyHgUn2VPeF-EXFm5Va0x5Ln0r4bt2dX0OX86PR7ZLoOdgWqPcHG1bmDi7Ksw8RzTHjW5kiHZQ3FRM70VbIZdrPWuzqt2o6Aw1gaYR6Xchu2dwHWKn4zWQZ_cyoICQBD5AkKhtBniLbYvONADzrMAdjyUdQrkxmIROKJLLfCDdAnDQi2Km09RdxXbYzi-Enw6F4xQX8ACrsGK8tdzOGuiyXnLmSLwTSKMVqYZL72kyPE8vL3jgERIGGnJWn7j4pw4baWKEMHgEca9P2iInzioxLJdr4NTekfgb0hWMuxGw3-y_hT_5bfJ5oLncfEuBDjY_0kLamxckmuU2ZVmnBDlGQDszXuLsHfHBJQXsg9NBT3PorhEn8ELPb_gdXFzp5YAi1Q-TPMagWTWnB-EXmojiLa6IB3zTeaPBL5gHsdl-J_y_TIBA4r4x3c14uMfpRQT3JJiWfwbRsoL05P-1Ggo9wvpc5ou_detrvCHv0k0LSwp8zG8r-oe-i3P3SO5CkqjEdE2qaJmtsEZPSKryRIakKKr9yu1KxG16FhmqIMeQvXL9gyjF-3aEsYAPK-RcvqhI10iLg4BbaQThB-nubzqzT7t1OD9_zYSS5mNRNYb78TB73lNK_bN1LobywMC0jAKOp_mjlEX1joYvxuSpHRdzlF990ITRAw5v5SMcxBG2Nubf9-W7LSHgc0pHphDeh6hHBS4eb5oghbgSz4Xsgysdkb8V7X9cJIEdyK5a7Ooy50a4MCGEnEhGt_2Pbs4tsOgsEx1FrlcXzDRjUs24FIJeEsisD3YzQzreNeXR424ORvcByPutJKrGGPDrxQYpTztA6vuMomZzOKhoG_qc6gvju33wueWXu1rTEnswnxgYmJK5in5DNlhY2vBXTzWaHP2dmSmTbIc0yvX6yR7rUc3h4UVvl4X2hDcwzS2U0WH8BoGlJrxb5_ft7Nh86RizJVCt4g3GnSIZjp_qSw2JOtuw0x6kb2Q053CxOSE93suPrcTV8sJ8lTFuUCSQdPIv2FBTE3F8CJ6B1sy-rabceXocXlXxXTFHJGmfy1jMt847jwmDEqUI5W6tIqJa-ZnbbXhtAGMfVRbhj_mVNzGoGCkpMYXYLHgBv66L0dx9EE42d3z6keFPtLNUKjp_KmaofPe6fBWGVDolzv7KNZO1FJgwbIcbvXS85eREx6znW9TsNKw6xMBm0v7Vuo7yz73LzlPEICuESUCc5mJR-qf1LpHpj1dEWBC8C_Zr3DzRRERQqFIsmpIY0s8IiTfQmakOIgzUq2ngZmvBOrhJCVHWmCECCHTXSm3f1ppXxVzjfP5aOIGcwbGHkpECPgv7ec7xCqT3dK_F3CoTpmtD0ewkJ2D8BXGpzjnS-NKem1Qejc33VYTjfy-7gVoC8KP1IKKK1UNq5r4xcWuh-9KdraZdtoTzdBtv9wVoVoRHeTGNFOSmfdFo2FcOQfmoZtkkczRFiXs7c5scbmClhBQbN1SW5T9aOutmBmA1X4xLM6pv5M18ani86FaBQuAI1_rqeseR3s_KufmMMi05sf8mwXfuEXk_bdVj-PFbuhDxsX1CWMJ9Qt41jQL5sYeqIM0vle81KrF6e9Bhhqg7Xwn71q29L8l1A7MxpVqjJE2FMpk4LLugzlfQ4AHiDA0uS7EG1ymdmCYpohzSh68_YnjKyCua6Y1IS1eUr3p3V-7x-49mG-46DLcSgXL6Q_fXZtxkxivBfJgTCyjhNOAGGJ3PeVEQvgPJ--OxZUEyopXuOrkmfziuXLQC7Q2mBCJyqvOyO_f9buUw_BjxrMviJ_K10QQruHzuvjh-BxrIds2FXDg1d14q9ripWymbr-VPRZDJTnVwq9UHBuZv4ZP_PASDAMAMQ1h32XRqtTpGRF53Mg6r7_br6adG0Rl8T7Vk4sREe8kIimLc6n1Y0x0-DI_0iyAqN2_kdB3DP42Fsgt0HDF_HVXEoncdQY-Wd1UDPS8U2e5q5VxSmgDZ7M8ofYrgoUCs_q-uJ5RviVoy1g6MbPpxD2ci-0z9FhZuMk--LGPAd8LJjQEGaB_qaq5mxccVPR8MQgq7iSGdvc6VQ-g35phLNZsLBRfg==', '2026-11-28 21:31:55.655195+00', 'bbdf705a-4dd5-4d8f-a06a-f138c864db3f', '{}', NULL, '{}', false);

INSERT INTO public.sync_consentattempt (id, start, origin, cloud, client_id, step, hand_over_hash, signin_hash, consent_hash, browser_hash, sealed, tenant_id, object_id, account, role, refusal, waits, tries, next_try_at, started_at, expires_at, accepted_at, finished_at, domain_id, operator_id, source_id, link_id) VALUES
	('924df1b9-9b98-4781-837f-ed77104e57a2', '3cb1a45f-5819-4b77-b729-578a872ff262', 'http://localhost:18365', 'custom', '1e2feb89-414c-443c-9027-c4d1c386bbc4', 'refused', NULL, '\x2b4bfd1a7d1bde340d125d9cda590b4445dfef1a2e3a1f17ec85653a989a4d00', NULL, '\xbdd8b2e4f6a4ce30bace49e1d1ae96ebef7c71be1aa47153cf423160e20f6bd0', '', '', '', '', '', '{"code": "not_administrator", "help": "Sign in with an administrator''s account. A role that has to be activated first counts once it is active.", "message": "You signed in as reception@two.example. That account is not a Global Administrator or Privileged Role Administrator, and nobody else may accept for the whole tenant (AADSTS90094)."}', NULL, 0, NULL, '2026-11-23 09:00:45+00', '2026-11-23 09:10:45+00', NULL, '2026-11-23 09:00:45+00', 'bc52b7c3-3121-49cf-bfa0-98e74dd3c23c', 'e1034c09-92b7-485e-8e64-e46a7efea2b8', 'a0022946-7cf6-4bdc-b9dd-08240d646add', NULL),
	('9d168646-7555-4a7a-abc0-b9b517376bc4', '46be932f-519d-4912-bbdb-862e2bdb0638', 'http://localhost:18365', 'custom', '1e2feb89-414c-443c-9027-c4d1c386bbc4', 'waiting', NULL, '\xf2304848bc6c663aaacfcd2a0fa4ef9609ee6e196b8b3af0039a2ead58f26891', NULL, '\x0cd79ab62581a4b4661d313d14dc7a586ceb5c56821c35b547a8f30517a3f081', 'gAAAAABrC0hQuwsc0TzeRa50CdAUn7M02ZtF759d_ChFeJGJUXb1-Vzs8YhxLAk0AH6b2cfM3J8Z62h4pNqHW32DBANM03oceT7AoeEkdxQifYFGmDcRRaPL67Ef3_IzrRoUYMw6fpa8FGIBAVrmpxpf_NQ3vbzWjyWOjImK4cpi_chPN8USH7UWRadkwLBLFmLjNRrZGtIp_4dGUmuDFujEADijC1UDB8E0c9Zlz6a1y406e5PykaTqkhRRfHTY7bAdtieXTNhzXVomhzzmxpKHTxXJ3ZPmmTd6cCwcHd69HsWT6smbyi0=', '', '', 'it@two.example', 'Global Administrator', NULL, '{"code": "permissions_missing"}', 0, '2026-11-24 09:00:45+00', '2026-11-23 09:00:45+00', '2026-11-23 09:10:45+00', '2026-11-23 09:00:45+00', NULL, 'bc52b7c3-3121-49cf-bfa0-98e74dd3c23c', 'e1034c09-92b7-485e-8e64-e46a7efea2b8', 'a0022946-7cf6-4bdc-b9dd-08240d646add', NULL),
	('b382cfab-9252-4591-a821-4ade2bbfab3b', 'e5165393-a6c2-42b3-ac3d-d90b06f5b070', 'http://localhost:18365', 'custom', '1e2feb89-414c-443c-9027-c4d1c386bbc4', 'signing-in', NULL, '\xbe3a5be46b77c2bc9ed6d9e38eacb9a4f092c0cbd24b59cf75d75ac32d53c4ec', NULL, '\xaeba02aa8d4537b5b38d1a216ea88b0bf1917c2d8975e4c9e7301aa2acb3345f', 'gAAAAABrC0hQSjiqJ-FSAqPf3xAYPfHSDO6m3SJEmQHHxABZ_offXbvSgv4Vi_3J4BlDrsj0kr31UOX4DVkdpEoZ6yA0VebYAryFzRnizLl7B9yWnuLU8Zxx0safOWzxu0SSUuZxyVhGz75gfFGUdmjcwH_gSmBBlue_5j7hP279SBxo-IS6HHfaBWc3PTH_YyF3PCh7BOkbiGZ-_BMLM5aMsNFOGpxpak1gFv45j9bQzZyMpCSDm-gMAcGBJqMKUTpR7HaRLJe_yMtWh1RO_3aG8uMSSwxwvOPej_q8XcBYXzXQXbvQV9o=', '', '', '', '', NULL, NULL, 0, NULL, '2026-11-23 09:00:45+00', '2026-11-23 09:10:45+00', NULL, NULL, 'bc52b7c3-3121-49cf-bfa0-98e74dd3c23c', NULL, 'a0022946-7cf6-4bdc-b9dd-08240d646add', '11b022e3-25b1-4a38-a3a4-93d3f50307b1'),
	('fdec2407-e23c-45c8-8a70-b66933b59c14', 'd749bb18-cbd1-4b60-b0d1-0ea576b51e11', 'http://localhost:18365', 'custom', '1e2feb89-414c-443c-9027-c4d1c386bbc4', 'signing-in', NULL, '\xb8000384293b9a38811fa5c55751e1d83960e9a1a46625fff508dbcb9cad9a5e', NULL, '\x7cce72fcc7bb9cddafeb08a1dcf474a8fc243392532ef26f34317b80414615cb', 'gAAAAABrC0hQmI_TPMiDJVpJ2ED29mOwmt1TkeBfc9fnUNtSAUFXeSonnFN8jzr4boNpA-63AXun9CjOqnlV7aFhB3CcG-Ni5gLUbTTJImrmtvfv-nrNFFVzdXmqSd8uJ9qWe-UhbRdLoqN7y7nfD-PtouKMNxZc3_OsFiAVL6xCO-TMXBid8JsECiZ_fIQ6hy7c2o60d-7e9giJNECVVvP2e-Ivc8Kun-H6QFnJGbesjxhzB1dod9bGqrPvNjTpB8sxmxWBPH_vqcm5Kl-DxKZgofgDuHIu32YYoQoZyFnUBirkHvU38rQ=', '', '', '', '', NULL, NULL, 0, NULL, '2026-11-23 09:00:45+00', '2026-11-23 09:10:45+00', NULL, NULL, 'bc52b7c3-3121-49cf-bfa0-98e74dd3c23c', 'e1034c09-92b7-485e-8e64-e46a7efea2b8', 'a0022946-7cf6-4bdc-b9dd-08240d646add', NULL),
	('feb5dc73-e542-44a0-962b-b4130fc8d650', '9f58a0e6-d33c-40e3-9df3-a09f0078105f', 'http://localhost:18365', 'custom', '1e2feb89-414c-443c-9027-c4d1c386bbc4', 'done', NULL, '\x4b3e5f7edab874897c2ba64757730aaf3745cd4e6fabab4c8d571afcd4d2ec7d', '\xbcb141e530b49780a69d6266fd176f37cfee76c6a5b2bb70db09b7ecff3dfb54', '\x791ac322b69bd8c85a62b1096d259e183bb3fa00f07eacd9723de89ea33caa7d', '', 'aaaaaaaa-1111-4111-8111-111111111111', 'db5b5fab-8f4d-4e27-9da1-494c73cf256d', 'ada.admin@firm.example', 'Global Administrator', NULL, NULL, 1, '2026-11-23 09:00:16+00', '2026-11-23 09:00:00+00', '2026-11-23 09:15:00+00', '2026-11-23 09:00:00+00', '2026-11-23 09:00:15+00', 'd18d2586-a927-4e14-a95f-f79727ba6c7e', 'e1034c09-92b7-485e-8e64-e46a7efea2b8', '1b243fee-b9ca-4dec-a4f6-6ea24973ab6f', NULL);

INSERT INTO public.sync_consentlink (id, token_hash, sealed_token, created_at, expires_at, sent_to, sent_at, opened_at, accepted_at, refused, ended_at, created_by_id, domain_id, source_id) VALUES
	('8d3b329e-86ff-4b1b-b601-3feb4279e8a3', '\xfd19deca494f336596feeed05a316c0a65cc680f8ab16bfd95f6b28a6b4d36c5', 'gAAAAABrC0hQ1xyYvEWxUrTMkXyDWivNlVwtP-tfbnUoYW6glct8fXhTZN-My0JuzANSTmpxDpkgKOf5OVzvwSKS4KqnJmcSQSsGhGp99xYKaL1KsYa46DvP1WoHpcbmH0Uj6K0zrms9xZwFEXuJdxUQY9AtAO9hfPdPpGtmy0fniEXgHwMeV6kM0ne6KekAq7KRF9AYuqWfYaTM0MfKxhwfhDxICsc9vg==', '2026-11-23 09:00:45+00', '2026-11-30 09:00:45+00', '', NULL, NULL, NULL, NULL, '2026-11-23 09:00:45+00', 'e1034c09-92b7-485e-8e64-e46a7efea2b8', 'bc52b7c3-3121-49cf-bfa0-98e74dd3c23c', 'a0022946-7cf6-4bdc-b9dd-08240d646add'),
	('11b022e3-25b1-4a38-a3a4-93d3f50307b1', '\x46c913d6a39c55c3f95d03ed079b685cc2c760c1ff85e83f6bc571c00033839a', 'gAAAAABrC0hQ7Ove8UvhcbP53LoByDI8sm8BLzhBFB6SnrF03SIxbvlaN66FDzygos-npm8wMdX8Jb9PWaHSFagfAP8-19adduCFFNGsTGseQn24KBfiU3LcwQe3n-1IhO7uTAM6V0fjtG4TYxr3hZP4U-MBcBjNMpjXLPoQTC0a4iDN1ReD-XXfJaIXD5NubiDSlR54LfgAxab9Vi24yH7Q7AUrnQWTFQ==', '2026-11-23 09:00:45+00', '2026-11-30 09:00:45+00', '', NULL, '2026-11-23 09:00:45+00', NULL, '{"code": "declined_here", "help": "", "message": "The person with the link does not want this."}', '2026-11-23 09:00:45+00', 'e1034c09-92b7-485e-8e64-e46a7efea2b8', 'bc52b7c3-3121-49cf-bfa0-98e74dd3c23c', 'a0022946-7cf6-4bdc-b9dd-08240d646add'),
	('6c93cb52-6762-4bf9-b63c-a788be10d8e9', '\x3b920bf3310ae45b95b1b9c4a27924daa9b42905a14bb0cca5c3b68279ee4529', 'gAAAAABrC0hQ2doFd852fPzgoO2IbQJANd22BNQDIC_RmPAHLcXAQWE5FGIvzhi4kW-QnxmieJ5ulSch6q-cEmY0aDZGW4plzv6WrpxV-cXLBy6J1y9_TkYLOq8WOMjfikPabEzLa177_Ch6mrfnpWYRGMIYF-T--YFUjwquVMtCMAbmeEGtieAUacNYqQ1WA49NmdsPlLGJWDY3dYcU30GPoyUy83okxw==', '2026-11-23 09:00:45+00', '2026-11-30 09:00:45+00', 'boss@two.example', '2026-11-23 09:00:45+00', NULL, NULL, NULL, NULL, 'e1034c09-92b7-485e-8e64-e46a7efea2b8', 'bc52b7c3-3121-49cf-bfa0-98e74dd3c23c', 'a0022946-7cf6-4bdc-b9dd-08240d646add'),
	('7b4c3804-aa7d-4f43-a46e-2570dd7984d8', '\x2e442c075d4ac35ae004e915ca690443a4a10421cf9f31240950323c59f06092', 'gAAAAABrC0hQMVn0ZHjO_CFLBLkkgl40yHol0oo0nOkMYfWPBa8C6yjeBLcwy17ah8peeaBRKtEXOpsFJSIbWAFdW_mg-asuHtPjU6_C_5-JqEYXqGGWnrrNBMeFsBBn9hiAV4tRRfT0esp5EWDiimL8efO5n9RhOWq6MQiuMXAdf4pUK4Q_cx5sbdFddslYx6jPOv8JndkdG_fBgLLLBDDQKqo6Aa3UDA==', '2026-11-23 09:00:45+00', '2026-11-30 09:00:45+00', '', NULL, NULL, NULL, NULL, '2026-11-23 09:00:45+00', 'e1034c09-92b7-485e-8e64-e46a7efea2b8', 'df75451e-c497-4fe9-a5b7-204cf738452c', '6d567328-bc9f-4b5d-be14-7b30f3b57d6e');

INSERT INTO public.sync_mailboxpurpose (id, object, state, purpose, key, tries, asked_at, connection_id) VALUES
	(3, '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', 'known', 'equipment', '48d47ff36a6672b3', 0, '2026-11-23 09:00:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(4, '11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475', 'known', 'user', '2a8a7f1c962271f5', 0, '2026-11-23 09:00:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(5, '11111111-2222-4333-8444-555555555555:6513270e-269e-4d37-b2a7-4de452e6b438', 'known', 'user', '4d3028cc81e03e8a', 0, '2026-11-23 09:00:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(7, '11111111-2222-4333-8444-555555555555:6b4cb242-4a23-4596-a217-beaddbc496cb', 'known', 'user', '66d7c451a82c6d03', 0, '2026-11-23 09:00:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(8, '11111111-2222-4333-8444-555555555555:8d116ece-1738-47d9-bd9c-172411e20b8f', 'known', 'user', '00779072e319b7d4', 0, '2026-11-23 09:00:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(9, '11111111-2222-4333-8444-555555555555:8e81973e-0bec-47b0-b898-d190f9ebdacc', 'known', 'user', '2e9883e23f51cca8', 0, '2026-11-23 09:00:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(10, '11111111-2222-4333-8444-555555555555:90c192cf-d3ac-44af-8f21-ddb66cad4a26', 'known', 'user', '91b6b03267517d67', 0, '2026-11-23 09:00:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(11, '11111111-2222-4333-8444-555555555555:92276658-1e27-41c0-8a6a-63ec24ede6a4', 'known', 'shared', '427b36506dbf0525', 0, '2026-11-23 09:00:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(12, '11111111-2222-4333-8444-555555555555:9531985d-5d9d-49f8-9818-e811892f902b', 'known', 'user', '38cce71ec449a1b1', 0, '2026-11-23 09:00:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(13, '11111111-2222-4333-8444-555555555555:a170b338-3926-4059-b28c-105d1fb17c23', 'known', 'user', '91a5cc5c5942d794', 0, '2026-11-23 09:00:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(14, '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', 'known', 'room', 'a9e071be7954ffa4', 0, '2026-11-23 09:00:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(15, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 'known', 'user', '553ac6099b90372d', 0, '2026-11-23 09:00:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(16, '11111111-2222-4333-8444-555555555555:d23f0824-128b-4f33-8c5c-7fd0a6a3a450', 'known', 'user', '0cbdab581c342bd9', 0, '2026-11-23 09:00:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(6, '11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8', 'known', 'user', '6385b38bb2b192c4', 0, '2026-11-23 11:08:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(18, '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', 'known', 'user', 'fa010c84d964dc8a', 0, '2026-11-28 21:31:46.160768+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(20, '11111111-2222-4333-8444-555555555555:3f98e277-4cbd-47ad-9c90-a9587403e430', 'known', 'user', 'eea22ac8ad93f189', 0, '2026-11-23 14:31:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(21, '11111111-2222-4333-8444-555555555555:c7a2ea20-b2f1-4c94-ae05-319acb5c7427', 'known', 'user', '211b74dc33fe883e', 0, '2026-11-23 14:31:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(22, '11111111-2222-4333-8444-555555555555:4cdd2055-930d-4eaf-94f4-733f3e7d1bfb', 'known', 'user', '5cc10646d2415b97', 0, '2026-11-23 14:32:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(23, '11111111-2222-4333-8444-555555555555:10a3d6b2-aa05-411a-b271-5945795e8229', 'known', 'user', 'f0fbfc70aa41225d', 0, '2026-11-23 14:35:00+00', '66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d'),
	(24, '11111111-2222-4333-8444-555555555555:119a72d1-74c9-4f6a-8c01-1cdd9474031b', 'known', 'user', '6c2b37b50f191a73', 0, '2026-11-23 14:35:00+00', '66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d'),
	(25, '11111111-2222-4333-8444-555555555555:13deef86-ab10-41d0-b646-e1f40a097c97', 'known', 'user', '598804ebf4f82b76', 0, '2026-11-23 14:35:00+00', '66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d'),
	(26, '11111111-2222-4333-8444-555555555555:451abd81-f1d6-4ed6-97f5-e837d70820fe', 'known', 'user', '18f3a2e8ab15d9b5', 0, '2026-11-23 14:35:00+00', '66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d'),
	(27, '11111111-2222-4333-8444-555555555555:57124242-5051-41cc-917f-9acae01f5057', 'known', 'user', 'c69856fe4f72c767', 0, '2026-11-23 14:35:00+00', '66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d'),
	(28, '11111111-2222-4333-8444-555555555555:5790f82e-c1d3-4cff-aa3a-f4d46b0a18e8', 'known', 'user', 'c04e9b299d606936', 0, '2026-11-23 14:35:00+00', '66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d'),
	(29, '11111111-2222-4333-8444-555555555555:57ee05cd-e009-42c7-bebf-f20686734721', 'known', 'user', '856ad7a4ccefc513', 0, '2026-11-23 14:35:00+00', '66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d'),
	(30, '11111111-2222-4333-8444-555555555555:6bf46c69-7d2c-4f82-aeea-cbe226e87555', 'known', 'user', '4e2ea1e153e76393', 0, '2026-11-23 14:35:00+00', '66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d'),
	(31, '11111111-2222-4333-8444-555555555555:7f26144b-9828-4fcd-99a5-4a7bb1fee08f', 'known', 'user', 'f4841bea2c349f19', 0, '2026-11-23 14:35:00+00', '66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d'),
	(32, '11111111-2222-4333-8444-555555555555:830e07bc-1e39-4f10-92bd-4acefaecbd38', 'known', 'user', 'e0c5c92192f7c868', 0, '2026-11-23 14:35:00+00', '66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d'),
	(33, '11111111-2222-4333-8444-555555555555:9be4bcfc-49b6-4a08-b2e6-cc3ababced20', 'known', 'user', 'e0f68f31bc43ab6f', 0, '2026-11-23 14:35:00+00', '66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d'),
	(34, '11111111-2222-4333-8444-555555555555:c7a2ea20-b2f1-4c94-ae05-319acb5c7427', 'known', 'user', '211b74dc33fe883e', 0, '2026-11-23 14:35:00+00', '66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d'),
	(35, '11111111-2222-4333-8444-555555555555:ca02135e-92b1-43f2-8ede-0d7ac3baea9e', 'known', 'user', '8d1efa13b6f929b6', 0, '2026-11-23 14:35:00+00', '66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d'),
	(36, '11111111-2222-4333-8444-555555555555:4f426dcb-b394-4b36-bb2d-420f0f88080b', 'known', 'user', 'e0c064202c25ea16', 0, '2026-11-23 15:38:00+00', '66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d'),
	(37, '11111111-2222-4333-8444-555555555555:ae658f33-fe3b-490b-93f4-48b3a5aa3c81', 'known', 'user', '5d7f48003b9845c6', 0, '2026-11-23 17:44:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(38, 'aaaaaaaa-1111-4111-8111-111111111111:309d6b79-965e-4a32-9ae4-45508201e2bd', 'known', 'user', '1b57ec02c124dfed', 0, '2026-11-23 09:00:45+00', 'ad3a9e81-af78-44fe-962a-ac6181ccffd6'),
	(39, 'aaaaaaaa-1111-4111-8111-111111111111:73ab4876-7734-47c1-87fd-e805ec99108d', 'known', 'user', 'f10a22e568d0c772', 0, '2026-11-23 09:00:45+00', 'ad3a9e81-af78-44fe-962a-ac6181ccffd6'),
	(40, 'aaaaaaaa-1111-4111-8111-111111111111:79cb9e86-830c-41c2-8dcc-69292f45e678', 'known', 'user', 'f15b401bb1d343d5', 0, '2026-11-23 09:00:45+00', 'ad3a9e81-af78-44fe-962a-ac6181ccffd6'),
	(41, 'aaaaaaaa-1111-4111-8111-111111111111:db5b5fab-8f4d-4e27-9da1-494c73cf256d', 'known', 'user', '04ec6b5920edb843', 0, '2026-11-23 09:00:45+00', 'ad3a9e81-af78-44fe-962a-ac6181ccffd6'),
	(1, '11111111-2222-4333-8444-555555555555:0cb1e29c-658c-4a14-95e6-0af593bd04cf', 'none', '', 'c63d0af05db11876', 0, '2026-11-23 09:00:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c'),
	(2, '11111111-2222-4333-8444-555555555555:0fd630f1-f29d-4da9-953f-48f1a09f76b5', 'unknown', '', '28b59f14a4b037b4', 2, '2026-11-23 09:00:00+00', '41329162-c24b-4c98-93d1-3818cb93ef7c');

INSERT INTO public.sync_run (id, trigger, state, actor, fence, revision, tenants, digest, fingerprint, counts, findings, error, timings, started_at, read_at, valid_until, finished_at, decided_by, decision_reason, domain_id, parent_id, waits_in_id, opened_at) VALUES
	('ae3d0324-f2eb-4b92-a7a3-05e178fd499f', 'manual', 'applied', 'test:priya', 2, 8, '{11111111-2222-4333-8444-555555555555}', 'fac4f15373ebc0b814f3bc51ad397f5431c51605f6c3bac641f9411562690237', '41f9d7376d307a1372fb3d9dde2fc75c7fdb0311af8bacee314696f104915760', '{"adopt": 0, "users": 0, "create": 18, "remove": 0, "retire": 0, "update": 0, "restore": 0, "skipped": 0, "billable": 0, "unchanged": 0, "users_after": 18, "billable_after": 13}', '[]', NULL, '{"read": 0.108, "apply": 0.014, "compare": 0.032}', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', NULL, '2026-11-23 09:00:00+00', '', '', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', NULL, NULL, NULL),
	('c2a6ba9f-0d15-4f76-a588-b0613beffa77', 'manual', 'unchanged', 'test:priya', 3, 8, '{11111111-2222-4333-8444-555555555555}', '2dc134eca108da016e0cee1d6427618b42ef3faddf6e36416e9c969635fffd28', 'cb489ef9dbcd87999d4e1972dc72fd560c7dbddb8306b5b3c017be1299357770', '{"adopt": 0, "users": 18, "create": 0, "remove": 0, "retire": 0, "update": 0, "restore": 0, "skipped": 0, "billable": 13, "unchanged": 18, "users_after": 18, "billable_after": 13}', '[]', NULL, '{"read": 0.068, "compare": 0.019}', '2026-11-23 09:05:00+00', '2026-11-23 09:05:00+00', NULL, '2026-11-23 09:05:00+00', '', '', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', NULL, NULL, NULL),
	('63e34b83-690f-4412-b0ad-9cf7375efa31', 'manual', 'applied', 'test:priya', 5, 13, '{11111111-2222-4333-8444-555555555555}', 'e1c5a5ebe67819e71e07aa55dfb2ab605147137a47752e9425d3f2096fe6a283', 'e8d83cccb3d99c36aa6aa26030253e06d2d2dd631b57e3ffd3ed821b6711fefc', '{"adopt": 0, "users": 21, "create": 0, "remove": 0, "retire": 1, "update": 1, "restore": 0, "skipped": 1, "billable": 12, "unchanged": 19, "users_after": 20, "billable_after": 12}', '[]', NULL, '{"read": 0.063, "apply": 0.028, "compare": 0.01}', '2026-11-23 10:05:00+00', '2026-11-23 10:05:00+00', NULL, '2026-11-23 10:05:00+00', '', '', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', NULL, NULL, NULL),
	('44d73f39-8c20-4464-9d6c-fa9e8be4bfbd', 'manual', 'unchanged', 'test:priya', 6, 13, '{11111111-2222-4333-8444-555555555555}', '2dc134eca108da016e0cee1d6427618b42ef3faddf6e36416e9c969635fffd28', '01a6c41a7c90ddcfd8c41893b7479a18ba03ea4482a47b6686f4d38f6d6361e4', '{"adopt": 0, "users": 21, "create": 0, "remove": 0, "retire": 0, "update": 0, "restore": 0, "skipped": 2, "billable": 13, "unchanged": 21, "users_after": 21, "billable_after": 13}', '[]', NULL, '{"read": 0.062, "compare": 0.015}', '2026-11-23 11:05:00+00', '2026-11-23 11:05:00+00', NULL, '2026-11-23 11:05:00+00', '', '', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', NULL, NULL, NULL),
	('2b9f8e76-5806-439e-ae42-93ead2c44a1a', 'manual', 'applied', 'test:priya', 8, 13, '{11111111-2222-4333-8444-555555555555}', '71f5ccb5b89fb31807d85054a6239052adb238bb9f024d8f40fc5fc98892bf6e', '6444ab8654504c2bc1aece7924f55f26e2430996766c2f335a5a36d546baa13e', '{"adopt": 0, "users": 21, "create": 0, "remove": 0, "retire": 1, "update": 1, "restore": 0, "skipped": 2, "billable": 13, "unchanged": 19, "users_after": 20, "billable_after": 12}', '[]', NULL, '{"read": 0.161, "apply": 0.046, "compare": 0.009}', '2026-11-23 11:08:00+00', '2026-11-23 11:08:00+00', NULL, '2026-11-23 11:08:00+00', '', '', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', NULL, NULL, NULL),
	('42c03948-74b0-47fd-9c38-346c7788ccef', 'manual', 'applied', 'test:priya', 10, 14, '{11111111-2222-4333-8444-555555555555}', '77cb58e70f11ebaeba5d9434af339a5f9f4502505e98bc33af9569e123ece419', 'd4cb085a0a7fc0810530e817e471708eb4487b6b2e1695cfc1de68ac203339d7', '{"adopt": 1, "users": 21, "create": 0, "remove": 0, "retire": 0, "update": 0, "restore": 1, "skipped": 2, "billable": 13, "unchanged": 20, "users_after": 22, "billable_after": 14}', '[]', NULL, '{"read": 0.13, "apply": 0.026, "compare": 0.007}', '2026-11-23 11:11:00+00', '2026-11-23 11:11:00+00', NULL, '2026-11-23 11:11:00+00', '', '', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', NULL, NULL, NULL),
	('587ed864-7102-414a-b2d7-f70968d5adc3', 'import', 'applied', 'operator:priya@northgate.example', 12, 14, '{}', '45bcfebe1cffe477eb2b5019ac849146891ac06fa6d67345404fa1faf1704e31', '9424ec5ecd3fb5de777fbcd934a32b426691cea8e182917f5c21f19708333d5b', '{"adopt": 0, "users": 22, "create": 1, "remove": 0, "retire": 0, "update": 0, "restore": 0, "skipped": 1, "billable": 14, "unchanged": 22, "users_after": 23, "billable_after": 15}', '[]', NULL, '{"apply": 0.027, "compare": 0.009}', '2026-11-23 12:11:00+00', NULL, NULL, '2026-11-23 12:11:00+00', '', '', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', NULL, NULL, NULL),
	('88c4c067-bda5-48c1-85bb-843a6f35317a', 'preview', 'discarded', 'test:priya', 13, 23, '{11111111-2222-4333-8444-555555555555}', '238ecf5d39c73e48b3c44b9dc65b10c1fea028be03aa4b78a1622c6e8dfe0cf0', 'bea13cd2b19035ce5b0f7a20b3572d70d8861e504f6bee2aa8844e4265286b16', '{"adopt": 0, "users": 23, "create": 0, "remove": 0, "retire": 4, "update": 0, "restore": 0, "skipped": 6, "billable": 15, "unchanged": 19, "users_after": 19, "billable_after": 13}', '[{"of": "plan", "code": "removal_limit", "facts": {"limit": "3", "total": "19", "users": "4"}, "level": "holds-removals"}, {"of": "plan", "code": "address_limit", "facts": {"limit": "3", "total": "21", "addresses": "5"}, "level": "holds-removals"}]', NULL, '{"read": 0.076, "compare": 0.021}', '2026-11-23 12:21:00+00', '2026-11-23 12:21:00+00', NULL, '2026-11-23 12:21:00+00', 'operator:priya@northgate.example', '', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', NULL, NULL, '2026-11-23 12:21:00+00'),
	('50e30fae-9b20-4878-a856-a67c99378a7b', 'automatic', 'unchanged', 'schedule', 17, 23, '{11111111-2222-4333-8444-555555555555}', '2dc134eca108da016e0cee1d6427618b42ef3faddf6e36416e9c969635fffd28', 'bea13cd2b19035ce5b0f7a20b3572d70d8861e504f6bee2aa8844e4265286b16', '{"adopt": 0, "users": 23, "create": 0, "remove": 0, "retire": 0, "update": 0, "restore": 0, "skipped": 6, "billable": 15, "unchanged": 19, "users_after": 23, "billable_after": 15}', '[{"of": "plan", "code": "removal_limit", "facts": {"limit": "3", "total": "19", "users": "4"}, "level": "holds-removals"}, {"of": "plan", "code": "address_limit", "facts": {"limit": "3", "total": "21", "addresses": "5"}, "level": "holds-removals"}]', NULL, '{"read": 0.084, "apply": 0.025, "compare": 0.026}', '2026-11-28 21:31:46.255425+00', '2026-11-28 21:31:46.270941+00', NULL, '2026-11-28 21:31:46.423771+00', '', '', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', NULL, 'eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6', NULL),
	('eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6', 'manual', 'superseded', 'operator:priya@northgate.example', 15, 23, '{11111111-2222-4333-8444-555555555555}', '238ecf5d39c73e48b3c44b9dc65b10c1fea028be03aa4b78a1622c6e8dfe0cf0', 'bea13cd2b19035ce5b0f7a20b3572d70d8861e504f6bee2aa8844e4265286b16', '{"adopt": 0, "users": 23, "create": 0, "remove": 0, "retire": 4, "update": 0, "restore": 0, "skipped": 6, "billable": 15, "unchanged": 19, "users_after": 19, "billable_after": 13}', '[{"of": "plan", "code": "removal_limit", "facts": {"limit": "3", "total": "19", "users": "4"}, "level": "holds-removals"}, {"of": "plan", "code": "address_limit", "facts": {"limit": "3", "total": "21", "addresses": "5"}, "level": "holds-removals"}]', NULL, '{"read": 0.098, "apply": 0.018, "compare": 0.019}', '2026-11-28 21:31:46.044076+00', '2026-11-28 21:31:46.06471+00', '2026-11-29 21:31:46.21205+00', '2026-11-23 14:31:00+00', '', '', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', NULL, NULL, NULL),
	('7d7408e3-6ef8-49b9-a415-4a8b22f4bd38', 'held', 'held', 'test:priya', 19, 23, '{11111111-2222-4333-8444-555555555555}', 'f56fe3902a73acafb80d9a64efee11eb7778f409b82dcdd760e864663715f709', 'a87381cf4623b969a90c6419afc48f93cb5a08c0618f36a6a0f1c72853f329fa', '{"adopt": 0, "users": 25, "create": 0, "remove": 0, "retire": 9, "update": 0, "restore": 0, "skipped": 0, "billable": 17, "unchanged": 0, "users_after": 16, "billable_after": 10}', '[{"of": "reading", "code": "conflicts", "facts": {"addresses": "1"}, "level": "warning"}, {"of": "reading", "code": "tenant_domain_not_here", "facts": {"told": "1 address there is", "domain": "brightwater-freight.example", "addresses": "1"}, "level": "note"}, {"of": "plan", "code": "removal_limit", "facts": {"limit": "3", "total": "19", "users": "9"}, "level": "holds-removals"}, {"of": "plan", "code": "address_limit", "facts": {"limit": "3", "total": "21", "addresses": "11"}, "level": "holds-removals"}]', NULL, '{}', '2026-11-23 14:31:00+00', '2026-11-23 14:31:00+00', '2026-11-24 14:31:00+00', '2026-11-23 14:31:00+00', '', '', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 'bd2da58a-272e-4907-bfd2-f573dae7c355', NULL, NULL),
	('85653d12-6598-4931-b6aa-4f529e4e2631', 'manual', 'cancelled', 'operator:priya@northgate.example', 23, 23, '{}', '', '', '{}', '[]', NULL, '{}', '2026-11-23 14:34:00+00', NULL, NULL, '2026-11-23 14:34:00+00', '', '', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', NULL, NULL, NULL),
	('939693f8-d95a-40da-acba-b3edb5192386', 'preview', 'planned', 'test:priya', 24, 23, '{11111111-2222-4333-8444-555555555555}', '968fbde38d6a29457c52ed7b00e810117772dc9cede0539faa03f811e1e5b281', '5fdcd2316522abf63993689f0041278c5bd2835e4df7ecc5d490e3f528d8c65e', '{"adopt": 0, "users": 26, "create": 0, "remove": 0, "retire": 9, "update": 2, "restore": 0, "skipped": 8, "billable": 18, "unchanged": 15, "users_after": 17, "billable_after": 11}', '[{"of": "reading", "code": "conflicts", "facts": {"addresses": "2"}, "level": "warning"}, {"of": "reading", "code": "tenant_domain_not_here", "facts": {"told": "1 address there is", "domain": "brightwater-freight.example", "addresses": "1"}, "level": "note"}, {"of": "plan", "code": "removal_limit", "facts": {"limit": "3", "total": "21", "users": "9"}, "level": "holds-removals"}, {"of": "plan", "code": "address_limit", "facts": {"limit": "3", "total": "23", "addresses": "11"}, "level": "holds-removals"}]', NULL, '{"read": 0.086, "compare": 0.015}', '2026-11-23 14:35:00+00', '2026-11-23 14:35:00+00', '2026-11-24 14:35:00+00', '2026-11-23 14:35:00+00', '', '', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', NULL, NULL, NULL),
	('0d8817db-40f8-4aec-91de-e2078ab8c987', 'manual', 'applied', 'operator:priya@northgate.example', 2, 2, '{11111111-2222-4333-8444-555555555555}', '3f99ae73b6edbea622ec138f1906b3d2905855ebda16d35e0a71aac186a727f6', '94086b83e70d5541a3e3960713736a4d6fbc2ea56dbb5b27d0c27d8b2398d355', '{"adopt": 0, "users": 0, "create": 13, "remove": 0, "retire": 0, "update": 0, "restore": 0, "skipped": 15, "billable": 0, "unchanged": 0, "users_after": 13, "billable_after": 13}', '[]', NULL, '{"read": 0.336, "apply": 0.024, "compare": 0.011}', '2026-11-23 14:35:00+00', '2026-11-23 14:35:00+00', NULL, '2026-11-23 14:35:00+00', '', '', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', NULL, NULL, NULL),
	('bd2da58a-272e-4907-bfd2-f573dae7c355', 'manual', 'applied', 'test:priya', 19, 23, '{11111111-2222-4333-8444-555555555555}', '56aa57a08a689190a035ede0a74d5746fac7ba77b7d0064ec10b122171022f2b', 'a0da94d6ee3c778cf725e2dbdabc01fe539cecde114c8b46f485bf7308e32eec', '{"adopt": 0, "users": 23, "create": 2, "remove": 0, "retire": 0, "update": 0, "restore": 0, "skipped": 7, "billable": 15, "unchanged": 14, "users_after": 25, "billable_after": 17}', '[{"of": "reading", "code": "conflicts", "facts": {"addresses": "1"}, "level": "warning"}, {"of": "reading", "code": "tenant_domain_not_here", "facts": {"told": "1 address there is", "domain": "brightwater-freight.example", "addresses": "1"}, "level": "note"}, {"of": "plan", "code": "removal_limit", "facts": {"limit": "3", "total": "19", "users": "9"}, "level": "holds-removals"}, {"of": "plan", "code": "address_limit", "facts": {"limit": "3", "total": "21", "addresses": "11"}, "level": "holds-removals"}]', NULL, '{"read": 0.102, "apply": 0.03, "compare": 0.019}', '2026-11-23 14:31:00+00', '2026-11-23 14:31:00+00', NULL, '2026-11-23 14:31:00+00', '', '', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', NULL, '7d7408e3-6ef8-49b9-a415-4a8b22f4bd38', NULL),
	('89603ee7-83a5-4719-9640-f28d3337ed9e', 'preview', 'planned', 'test:priya', 20, 23, '{11111111-2222-4333-8444-555555555555}', '1d88721d2d28f73cf5fa0075bbcb5bf2134992bb8b0c67959872e12479971f3b', 'ee1a1730d7172ea675768719e119972bcdc8c29c3326665ca4212925cd3a7cb4', '{"adopt": 0, "users": 25, "create": 1, "remove": 0, "retire": 9, "update": 2, "restore": 0, "skipped": 7, "billable": 17, "unchanged": 14, "users_after": 17, "billable_after": 11}', '[{"of": "reading", "code": "conflicts", "facts": {"addresses": "1"}, "level": "warning"}, {"of": "reading", "code": "tenant_domain_not_here", "facts": {"told": "1 address there is", "domain": "brightwater-freight.example", "addresses": "1"}, "level": "note"}, {"of": "plan", "code": "removal_limit", "facts": {"limit": "3", "total": "21", "users": "9"}, "level": "holds-removals"}, {"of": "plan", "code": "address_limit", "facts": {"limit": "3", "total": "23", "addresses": "11"}, "level": "holds-removals"}]', NULL, '{"read": 0.096, "compare": 0.022}', '2026-11-23 14:32:00+00', '2026-11-23 14:32:00+00', '2026-11-24 14:32:00+00', '2026-11-23 14:32:00+00', '', '', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', NULL, NULL, NULL),
	('bffb934d-e030-4609-9f59-7c5469e87d02', 'preview', 'lapsed', 'test:priya', 22, 23, '{11111111-2222-4333-8444-555555555555}', '1d88721d2d28f73cf5fa0075bbcb5bf2134992bb8b0c67959872e12479971f3b', 'ee1a1730d7172ea675768719e119972bcdc8c29c3326665ca4212925cd3a7cb4', '{"adopt": 0, "users": 25, "create": 1, "remove": 0, "retire": 9, "update": 2, "restore": 0, "skipped": 7, "billable": 17, "unchanged": 14, "users_after": 17, "billable_after": 11}', '[{"of": "reading", "code": "conflicts", "facts": {"addresses": "1"}, "level": "warning"}, {"of": "reading", "code": "tenant_domain_not_here", "facts": {"told": "1 address there is", "domain": "brightwater-freight.example", "addresses": "1"}, "level": "note"}, {"of": "plan", "code": "removal_limit", "facts": {"limit": "3", "total": "21", "users": "9"}, "level": "holds-removals"}, {"of": "plan", "code": "address_limit", "facts": {"limit": "3", "total": "23", "addresses": "11"}, "level": "holds-removals"}]', '{"code": "plan_moved_on", "help": "Make a new preview.", "message": "What this plan would change has changed in the meantime, so it was not applied."}', '{"read": 0.063, "compare": 0.018}', '2026-11-23 14:33:00+00', '2026-11-23 14:33:00+00', NULL, '2026-11-23 14:33:00+00', '', '', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', NULL, NULL, NULL),
	('e6157d14-4bf8-42b2-85ac-b290066f4370', 'manual', 'applied', 'operator:priya@northgate.example', 5, 7, '{11111111-2222-4333-8444-555555555555}', '4366dca070af346f90dc701269b84ca9b3518353537bd3b7e34f63a8b195fbda', 'c744e27946285fc6807f13789f8e4d2ee39cdeeefaa743b7c7eef809af7f1960', '{"adopt": 0, "users": 13, "create": 0, "remove": 0, "retire": 6, "update": 0, "restore": 0, "skipped": 15, "billable": 13, "unchanged": 7, "users_after": 7, "billable_after": 7}', '[{"of": "plan", "code": "removal_limit", "facts": {"limit": "3", "total": "13", "users": "6"}, "level": "holds-removals"}, {"of": "plan", "code": "address_limit", "facts": {"limit": "3", "total": "13", "addresses": "6"}, "level": "holds-removals"}]', NULL, '{"read": 0.408, "apply": 0.023, "compare": 0.008}', '2026-11-23 15:35:00+00', '2026-11-23 15:35:00+00', NULL, '2026-11-23 15:35:00+00', 'operator:priya@northgate.example', 'They left the fleet', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', NULL, NULL, NULL),
	('c8139455-2f48-4d0d-af2f-e66ab7669219', 'preview', 'superseded', 'operator:priya@northgate.example', 6, 7, '{11111111-2222-4333-8444-555555555555}', '1d13747e6a06d41f8fea99b8adb44cf2f49274cff59b884e1442e61bf68f87d1', 'a14dc9a0b03f10ad19d6dc0a25a2b350da1a2b72828140a4f7ab6adaf438b877', '{"adopt": 0, "users": 7, "create": 1, "remove": 0, "retire": 0, "update": 0, "restore": 0, "skipped": 15, "billable": 7, "unchanged": 7, "users_after": 8, "billable_after": 8}', '[]', NULL, '{"read": 0.544, "compare": 0.009}', '2026-11-23 15:38:00+00', '2026-11-23 15:38:00+00', '2026-11-24 15:38:00+00', '2026-11-23 15:41:00+00', '', '', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', NULL, NULL, NULL),
	('de335bb9-399d-4a70-a423-88f7572c6bb1', 'manual', 'applied', 'operator:priya@northgate.example', 8, 7, '{11111111-2222-4333-8444-555555555555}', '1d13747e6a06d41f8fea99b8adb44cf2f49274cff59b884e1442e61bf68f87d1', 'a14dc9a0b03f10ad19d6dc0a25a2b350da1a2b72828140a4f7ab6adaf438b877', '{"adopt": 0, "users": 7, "create": 1, "remove": 0, "retire": 0, "update": 0, "restore": 0, "skipped": 15, "billable": 7, "unchanged": 7, "users_after": 8, "billable_after": 8}', '[]', NULL, '{"read": 0.221, "apply": 0.025, "compare": 0.017}', '2026-11-23 15:41:00+00', '2026-11-23 15:41:00+00', NULL, '2026-11-23 15:41:00+00', '', '', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', NULL, NULL, NULL),
	('b8e75eba-7af2-432f-b0a4-45be0932d489', 'manual', 'failed', 'operator:priya@northgate.example', 9, 7, '{}', '', '', '{}', '[]', '{"code": "app_not_in_tenant", "help": "Check the application ID and the tenant ID. Let an administrator of the tenant grant consent again, and wait a few minutes.", "message": "The application is not known in this tenant. (AADSTS700016, trace 61e1e80d-d9db-40af-b8a1-0e703db18a28)"}', '{}', '2026-11-23 16:41:00+00', NULL, NULL, '2026-11-23 16:41:00+00', '', '', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', NULL, NULL, NULL),
	('37b848f1-5520-4b42-9a17-37fe3f2353a0', 'automatic', 'applying', 'operator:priya@northgate.example', 1, 2, '{}', '', '', '{}', '[]', NULL, '{}', '2026-11-23 16:41:00+00', NULL, NULL, NULL, '', '', '86deb2a7-c5bc-4459-bda2-affba3197512', NULL, NULL, NULL),
	('111145d0-bc77-4991-970c-6921f7c354cb', 'manual', 'reading', 'operator:priya@northgate.example', 1, 2, '{}', '', '', '{}', '[]', NULL, '{}', '2026-11-23 16:41:00+00', NULL, NULL, NULL, '', '', '40ce0d52-1753-4233-96aa-90a4f4989527', NULL, NULL, NULL),
	('7237889a-771e-4e2f-a729-20f5b7576d6f', 'manual', 'failed', 'operator:priya@northgate.example', 10, 7, '{}', '', '', '{}', '[]', '{"code": "app_not_in_tenant", "help": "Check the application ID and the tenant ID. Let an administrator of the tenant grant consent again, and wait a few minutes.", "message": "The application is not known in this tenant. (AADSTS700016, trace e8acabff-9f55-45fc-a057-2aeb70293815)"}', '{}', '2026-11-23 16:44:00+00', NULL, NULL, '2026-11-23 16:44:00+00', '', '', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', NULL, NULL, NULL),
	('97d7bcae-ce7b-4a08-a38e-7b79e0b35af7', 'manual', 'applied', 'operator:priya@northgate.example', 2, 2, '{11111111-2222-4333-8444-555555555555}', '0263c1e3cf11b7a7116ebc1f2aef25d59988a93951317cce452e7b9a573a9d6e', 'ff194f5854c9e43683b430e339ce195eb13d3bc363243c68af098bb55ae8f402', '{"adopt": 0, "users": 0, "create": 1, "remove": 0, "retire": 0, "update": 0, "restore": 0, "skipped": 23, "billable": 0, "unchanged": 0, "users_after": 1, "billable_after": 0}', '[]', NULL, '{"read": 0.157, "apply": 0.018, "compare": 0.005}', '2026-11-23 17:44:00+00', '2026-11-23 17:44:00+00', NULL, '2026-11-23 17:44:00+00', '', '', '122d340c-229f-4a91-8a9a-25b51b3342e1', NULL, NULL, NULL),
	('eaaa788a-b3c2-4216-a5f8-03b974c07822', 'manual', 'applied', 'operator:jo@northgate.example', 2, 3, '{aaaaaaaa-1111-4111-8111-111111111111}', '07683f8cb656a5e09781c023186c7538ffdec3497ae06c33143b9bc358dee052', 'cd6ea01c4b9c60f28793dca02d946505302b9c8a27ff110f4137191bc8d0ee0a', '{"adopt": 0, "users": 0, "create": 4, "remove": 0, "retire": 0, "update": 0, "restore": 0, "skipped": 1, "billable": 0, "unchanged": 0, "users_after": 4, "billable_after": 4}', '[]', NULL, '{"read": 0.069, "apply": 0.02, "compare": 0.005}', '2026-11-23 09:00:45+00', '2026-11-23 09:00:45+00', NULL, '2026-11-23 09:00:45+00', '', '', 'd18d2586-a927-4e14-a95f-f79727ba6c7e', NULL, NULL, NULL);

INSERT INTO public.sync_runchange (id, "position", action, "user", external_id, address, before, after, reasons, run_id) VALUES
	(1, 0, 'create', 'a0b8210f-14fd-5078-9124-82ba71bbcb4c', '11111111-2222-4333-8444-555555555555:0cb1e29c-658c-4a14-95e6-0af593bd04cf', 'p9@brightwater.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p9@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:0cb1e29c-658c-4a14-95e6-0af593bd04cf", "display_name": "Person 9"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(2, 1, 'create', '8d561697-e414-51d4-b8a8-332405d12412', '11111111-2222-4333-8444-555555555555:0fd630f1-f29d-4da9-953f-48f1a09f76b5', 'p8@brightwater.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p8@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:0fd630f1-f29d-4da9-953f-48f1a09f76b5", "display_name": "Person 8"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(3, 2, 'create', 'db5638b0-ab27-5094-9039-3b1a842f09b9', '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', 'van@brightwater.example', NULL, '{"kind": "equipment", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "van@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547", "display_name": "Van"}', '[{"code": "new_at_source"}, {"code": "mailbox_purpose", "purpose": "equipment"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(4, 3, 'create', '189dc909-11f4-5d38-8775-506d9a97cd91', '11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475', 'p3@brightwater.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p3@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475", "display_name": "Person 3"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(5, 4, 'create', 'd16be1fe-6ecb-5fcb-8f72-2ce8e8a1b2e0', '11111111-2222-4333-8444-555555555555:6513270e-269e-4d37-b2a7-4de452e6b438', 'p0@brightwater.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p0@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:6513270e-269e-4d37-b2a7-4de452e6b438", "display_name": "Person 0"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(6, 5, 'create', 'ef257013-d12a-577c-9875-946aa0d1cf20', '11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8', 'p4@brightwater.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p4@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8", "display_name": "Person 4"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(7, 6, 'create', 'fa072b1f-d8fd-554e-85a7-4c0950bea692', '11111111-2222-4333-8444-555555555555:6b4cb242-4a23-4596-a217-beaddbc496cb', 'p11@brightwater.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p11@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:6b4cb242-4a23-4596-a217-beaddbc496cb", "display_name": "Person 11"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(8, 7, 'create', '73aa8152-3c6b-51c4-8faa-1017a5e66b62', '11111111-2222-4333-8444-555555555555:7f150524-34b9-45df-9e77-69b10f4205b4', 'all.staff@brightwater.example', NULL, '{"kind": "group", "rule": "mail_group", "type": "group", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "all.staff@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:7f150524-34b9-45df-9e77-69b10f4205b4", "display_name": "All staff"}', '[{"code": "new_at_source"}, {"code": "mail_group", "form": "distribution list"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(9, 8, 'create', '285af39d-5736-5b0e-9135-9644d17acaf5', '11111111-2222-4333-8444-555555555555:8d116ece-1738-47d9-bd9c-172411e20b8f', 'p5@brightwater.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p5@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:8d116ece-1738-47d9-bd9c-172411e20b8f", "display_name": "Person 5"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(10, 9, 'create', '9adee5d7-f0b3-5425-b12e-41956e48612d', '11111111-2222-4333-8444-555555555555:8e81973e-0bec-47b0-b898-d190f9ebdacc', 'p10@brightwater.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p10@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:8e81973e-0bec-47b0-b898-d190f9ebdacc", "display_name": "Person 10"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(11, 10, 'create', 'd80b83bc-af1e-5e2e-932c-761db166ecd9', '11111111-2222-4333-8444-555555555555:907a70c3-1012-4037-b64c-e4228c38fb29', 'ann@brightwater.example', NULL, '{"kind": "contact", "rule": "mail_contact", "type": "contact", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "ann@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:907a70c3-1012-4037-b64c-e4228c38fb29", "display_name": "Ann Outside"}', '[{"code": "new_at_source"}, {"code": "mail_contact"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(12, 11, 'create', '73a7b18f-43a8-5c39-beb7-6f616a437b51', '11111111-2222-4333-8444-555555555555:90c192cf-d3ac-44af-8f21-ddb66cad4a26', 'p6@brightwater.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p6@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:90c192cf-d3ac-44af-8f21-ddb66cad4a26", "display_name": "Person 6"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(13, 12, 'create', '955cd500-fdd2-5103-8390-4391b2040618', '11111111-2222-4333-8444-555555555555:92276658-1e27-41c0-8a6a-63ec24ede6a4', 'info@brightwater.example', NULL, '{"kind": "shared", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "info@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:92276658-1e27-41c0-8a6a-63ec24ede6a4", "display_name": "Info"}', '[{"code": "new_at_source"}, {"code": "mailbox_purpose", "purpose": "shared"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(14, 13, 'create', 'e9913355-a05a-57f4-9fb1-7905f87fb36c', '11111111-2222-4333-8444-555555555555:9531985d-5d9d-49f8-9818-e811892f902b', 'p2@brightwater.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p2@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:9531985d-5d9d-49f8-9818-e811892f902b", "display_name": "Person 2"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(15, 14, 'create', '3d373eef-f9cc-5974-bc0e-70726fc3a5b1', '11111111-2222-4333-8444-555555555555:a170b338-3926-4059-b28c-105d1fb17c23', 'p7@brightwater.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p7@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:a170b338-3926-4059-b28c-105d1fb17c23", "display_name": "Person 7"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(16, 15, 'create', 'f3791fc1-5b9a-5041-96a6-6500850917c7', '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', 'board@brightwater.example', NULL, '{"kind": "room", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "board@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38", "display_name": "Board room"}', '[{"code": "new_at_source"}, {"code": "mailbox_purpose", "purpose": "room"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(17, 16, 'create', '07094554-e936-5f45-8162-9eef0d211a94', '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 'soentje@brightwater.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["s.groesser@brightwater.test"], "primary": "soentje@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154", "display_name": "Söntje Größer"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(18, 17, 'create', 'c1249d0c-567b-5721-89a9-d06028e53ed6', '11111111-2222-4333-8444-555555555555:d23f0824-128b-4f33-8c5c-7fd0a6a3a450', 'p1@brightwater.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p1@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:d23f0824-128b-4f33-8c5c-7fd0a6a3a450", "display_name": "Person 1"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'ae3d0324-f2eb-4b92-a7a3-05e178fd499f'),
	(19, 0, 'retire', 'fa072b1f-d8fd-554e-85a7-4c0950bea692', '11111111-2222-4333-8444-555555555555:6b4cb242-4a23-4596-a217-beaddbc496cb', 'p11@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p11@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:6b4cb242-4a23-4596-a217-beaddbc496cb", "display_name": "Person 11"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p11@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:6b4cb242-4a23-4596-a217-beaddbc496cb", "display_name": "Person 11"}', '[{"code": "gone_at_source"}]', '63e34b83-690f-4412-b0ad-9cf7375efa31'),
	(20, 1, 'update', '285af39d-5736-5b0e-9135-9644d17acaf5', '11111111-2222-4333-8444-555555555555:8d116ece-1738-47d9-bd9c-172411e20b8f', 'p5@brightwater.example', '{"kind": "room", "rule": "kind_by_hand", "type": "user", "group": "Front desk", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p5@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:8d116ece-1738-47d9-bd9c-172411e20b8f", "display_name": "Person 5"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p5@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:8d116ece-1738-47d9-bd9c-172411e20b8f", "display_name": "Person 5"}', '[{"code": "kind_changed", "after": "user", "before": "room"}, {"to": "billable", "code": "billable_changed"}, {"code": "group_changed", "after": "Main", "before": "Front desk"}, {"code": "licensed_mailbox"}]', '63e34b83-690f-4412-b0ad-9cf7375efa31'),
	(21, 0, 'retire', '189dc909-11f4-5d38-8775-506d9a97cd91', '11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475', 'p3@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p3@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475", "display_name": "Person 3"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p3@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475", "display_name": "Person 3"}', '[{"code": "gone_at_source"}]', '2b9f8e76-5806-439e-ae42-93ead2c44a1a'),
	(22, 1, 'update', 'ef257013-d12a-577c-9875-946aa0d1cf20', '11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8', 'married@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p4@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8", "display_name": "Person 4"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["p4@brightwater.example"], "primary": "married@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8", "display_name": "Person Married"}', '[{"code": "primary_changed", "after": "married@brightwater.example", "before": "p4@brightwater.example"}, {"code": "alias_added", "address": "married@brightwater.example"}, {"code": "renamed", "after": "Person Married", "before": "Person 4"}, {"code": "licensed_mailbox"}]', '2b9f8e76-5806-439e-ae42-93ead2c44a1a'),
	(23, 0, 'adopt', '59fcce03-f767-4ce2-b201-c3bb46ed4091', '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', 'jo@brightwater.example', '{"kind": "user", "group": "Main", "owner": null, "former": [], "aliases": [], "primary": "jo@brightwater.example", "retired": false, "billable": true, "external_id": null, "display_name": "Jo by hand"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "jo@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef", "display_name": "Jo Cloud"}', '[{"code": "adopted"}, {"code": "renamed", "after": "Jo Cloud", "before": "Jo by hand"}, {"code": "licensed_mailbox"}]', '42c03948-74b0-47fd-9c38-346c7788ccef'),
	(24, 1, 'restore', '189dc909-11f4-5d38-8775-506d9a97cd91', '11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475', 'p3@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p3@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475", "display_name": "Person 3"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p3@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475", "display_name": "Person 3"}', '[{"code": "back_at_source"}, {"code": "licensed_mailbox"}]', '42c03948-74b0-47fd-9c38-346c7788ccef'),
	(25, 0, 'create', '35f197b5-f4ce-40d5-928d-25f9b15b2ed4', '', 'guest.room@brightwater.example', NULL, '{"kind": "user", "group": "Machines", "owner": null, "former": [], "aliases": [], "primary": "guest.room@brightwater.example", "retired": false, "billable": true, "external_id": null, "display_name": "Guest room"}', '[{"code": "new_in_file"}]', '587ed864-7102-414a-b2d7-f70968d5adc3'),
	(26, 0, 'retire', 'db5638b0-ab27-5094-9039-3b1a842f09b9', '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', 'van@brightwater.example', '{"kind": "equipment", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "van@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547", "display_name": "Van"}', '{"kind": "equipment", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "van@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547", "display_name": "Van"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', '88c4c067-bda5-48c1-85bb-843a6f35317a'),
	(27, 1, 'retire', 'f3791fc1-5b9a-5041-96a6-6500850917c7', '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', 'board@brightwater.example', '{"kind": "room", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "board@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38", "display_name": "Board room"}', '{"kind": "room", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "board@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38", "display_name": "Board room"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', '88c4c067-bda5-48c1-85bb-843a6f35317a'),
	(28, 2, 'retire', '07094554-e936-5f45-8162-9eef0d211a94', '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 'soentje@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["s.groesser@brightwater.test"], "primary": "soentje@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154", "display_name": "Söntje Größer"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["s.groesser@brightwater.test"], "primary": "soentje@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154", "display_name": "Söntje Größer"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', '88c4c067-bda5-48c1-85bb-843a6f35317a'),
	(29, 3, 'retire', '59fcce03-f767-4ce2-b201-c3bb46ed4091', '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', 'jo@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "jo@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef", "display_name": "Jo Cloud"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "jo@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef", "display_name": "Jo Cloud"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', '88c4c067-bda5-48c1-85bb-843a6f35317a'),
	(30, 0, 'retire', 'db5638b0-ab27-5094-9039-3b1a842f09b9', '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', 'van@brightwater.example', '{"kind": "equipment", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "van@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547", "display_name": "Van"}', '{"kind": "equipment", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "van@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547", "display_name": "Van"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', 'eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6'),
	(31, 1, 'retire', 'f3791fc1-5b9a-5041-96a6-6500850917c7', '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', 'board@brightwater.example', '{"kind": "room", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "board@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38", "display_name": "Board room"}', '{"kind": "room", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "board@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38", "display_name": "Board room"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', 'eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6'),
	(32, 2, 'retire', '07094554-e936-5f45-8162-9eef0d211a94', '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 'soentje@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["s.groesser@brightwater.test"], "primary": "soentje@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154", "display_name": "Söntje Größer"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["s.groesser@brightwater.test"], "primary": "soentje@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154", "display_name": "Söntje Größer"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', 'eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6'),
	(33, 3, 'retire', '59fcce03-f767-4ce2-b201-c3bb46ed4091', '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', 'jo@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "jo@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef", "display_name": "Jo Cloud"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "jo@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef", "display_name": "Jo Cloud"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', 'eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6'),
	(49, 0, 'create', '4ae9d104-cc87-53ac-a123-69fbd643e9dc', '11111111-2222-4333-8444-555555555555:3f98e277-4cbd-47ad-9c90-a9587403e430', 'ines.calloway@brightwater.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "ines.calloway@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:3f98e277-4cbd-47ad-9c90-a9587403e430", "display_name": "Ines Calloway"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'bd2da58a-272e-4907-bfd2-f573dae7c355'),
	(50, 1, 'create', 'e1919edd-267b-5749-9a34-b9466bd7779b', '11111111-2222-4333-8444-555555555555:c7a2ea20-b2f1-4c94-ae05-319acb5c7427', 'a.osei@brightwater.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "a.osei@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:c7a2ea20-b2f1-4c94-ae05-319acb5c7427", "display_name": "Amara Osei"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'bd2da58a-272e-4907-bfd2-f573dae7c355'),
	(51, 0, 'retire', 'db5638b0-ab27-5094-9039-3b1a842f09b9', '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', 'van@brightwater.example', '{"kind": "equipment", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "van@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547", "display_name": "Van"}', '{"kind": "equipment", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "van@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547", "display_name": "Van"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', '7d7408e3-6ef8-49b9-a415-4a8b22f4bd38'),
	(52, 1, 'retire', '189dc909-11f4-5d38-8775-506d9a97cd91', '11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475', 'p3@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p3@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475", "display_name": "Person 3"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p3@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475", "display_name": "Person 3"}', '[{"code": "gone_at_source"}]', '7d7408e3-6ef8-49b9-a415-4a8b22f4bd38'),
	(53, 2, 'retire', 'd16be1fe-6ecb-5fcb-8f72-2ce8e8a1b2e0', '11111111-2222-4333-8444-555555555555:6513270e-269e-4d37-b2a7-4de452e6b438', 'p0@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p0@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:6513270e-269e-4d37-b2a7-4de452e6b438", "display_name": "Person 0"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p0@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:6513270e-269e-4d37-b2a7-4de452e6b438", "display_name": "Person 0"}', '[{"code": "gone_at_source"}]', '7d7408e3-6ef8-49b9-a415-4a8b22f4bd38'),
	(54, 3, 'retire', 'ef257013-d12a-577c-9875-946aa0d1cf20', '11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8', 'married@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["p4@brightwater.example"], "primary": "married@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8", "display_name": "Person Married"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["p4@brightwater.example"], "primary": "married@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8", "display_name": "Person Married"}', '[{"code": "gone_at_source"}]', '7d7408e3-6ef8-49b9-a415-4a8b22f4bd38'),
	(55, 4, 'retire', 'e9913355-a05a-57f4-9fb1-7905f87fb36c', '11111111-2222-4333-8444-555555555555:9531985d-5d9d-49f8-9818-e811892f902b', 'p2@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p2@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:9531985d-5d9d-49f8-9818-e811892f902b", "display_name": "Person 2"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p2@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:9531985d-5d9d-49f8-9818-e811892f902b", "display_name": "Person 2"}', '[{"code": "gone_at_source"}]', '7d7408e3-6ef8-49b9-a415-4a8b22f4bd38'),
	(56, 5, 'retire', 'f3791fc1-5b9a-5041-96a6-6500850917c7', '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', 'board@brightwater.example', '{"kind": "room", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "board@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38", "display_name": "Board room"}', '{"kind": "room", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "board@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38", "display_name": "Board room"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', '7d7408e3-6ef8-49b9-a415-4a8b22f4bd38'),
	(57, 6, 'retire', '07094554-e936-5f45-8162-9eef0d211a94', '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 'soentje@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["s.groesser@brightwater.test"], "primary": "soentje@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154", "display_name": "Söntje Größer"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["s.groesser@brightwater.test"], "primary": "soentje@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154", "display_name": "Söntje Größer"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', '7d7408e3-6ef8-49b9-a415-4a8b22f4bd38'),
	(58, 7, 'retire', 'c1249d0c-567b-5721-89a9-d06028e53ed6', '11111111-2222-4333-8444-555555555555:d23f0824-128b-4f33-8c5c-7fd0a6a3a450', 'p1@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p1@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:d23f0824-128b-4f33-8c5c-7fd0a6a3a450", "display_name": "Person 1"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p1@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:d23f0824-128b-4f33-8c5c-7fd0a6a3a450", "display_name": "Person 1"}', '[{"code": "gone_at_source"}]', '7d7408e3-6ef8-49b9-a415-4a8b22f4bd38'),
	(59, 8, 'retire', '59fcce03-f767-4ce2-b201-c3bb46ed4091', '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', 'jo@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "jo@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef", "display_name": "Jo Cloud"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "jo@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef", "display_name": "Jo Cloud"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', '7d7408e3-6ef8-49b9-a415-4a8b22f4bd38'),
	(60, 0, 'create', 'e48bfd90-ad1e-5e09-8df3-760c9cd9f0b7', '11111111-2222-4333-8444-555555555555:4cdd2055-930d-4eaf-94f4-733f3e7d1bfb', 'zoe@brightwater.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "zoe@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:4cdd2055-930d-4eaf-94f4-733f3e7d1bfb", "display_name": "Zoe Last"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(61, 1, 'retire', 'db5638b0-ab27-5094-9039-3b1a842f09b9', '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', 'van@brightwater.example', '{"kind": "equipment", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "van@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547", "display_name": "Van"}', '{"kind": "equipment", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "van@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547", "display_name": "Van"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(62, 2, 'retire', '189dc909-11f4-5d38-8775-506d9a97cd91', '11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475', 'p3@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p3@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475", "display_name": "Person 3"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p3@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475", "display_name": "Person 3"}', '[{"code": "gone_at_source"}]', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(63, 3, 'retire', 'd16be1fe-6ecb-5fcb-8f72-2ce8e8a1b2e0', '11111111-2222-4333-8444-555555555555:6513270e-269e-4d37-b2a7-4de452e6b438', 'p0@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p0@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:6513270e-269e-4d37-b2a7-4de452e6b438", "display_name": "Person 0"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p0@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:6513270e-269e-4d37-b2a7-4de452e6b438", "display_name": "Person 0"}', '[{"code": "gone_at_source"}]', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(64, 4, 'retire', 'ef257013-d12a-577c-9875-946aa0d1cf20', '11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8', 'married@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["p4@brightwater.example"], "primary": "married@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8", "display_name": "Person Married"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["p4@brightwater.example"], "primary": "married@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8", "display_name": "Person Married"}', '[{"code": "gone_at_source"}]', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(65, 5, 'retire', 'e9913355-a05a-57f4-9fb1-7905f87fb36c', '11111111-2222-4333-8444-555555555555:9531985d-5d9d-49f8-9818-e811892f902b', 'p2@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p2@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:9531985d-5d9d-49f8-9818-e811892f902b", "display_name": "Person 2"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p2@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:9531985d-5d9d-49f8-9818-e811892f902b", "display_name": "Person 2"}', '[{"code": "gone_at_source"}]', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(66, 6, 'retire', 'f3791fc1-5b9a-5041-96a6-6500850917c7', '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', 'board@brightwater.example', '{"kind": "room", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "board@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38", "display_name": "Board room"}', '{"kind": "room", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "board@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38", "display_name": "Board room"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(67, 7, 'retire', '07094554-e936-5f45-8162-9eef0d211a94', '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 'soentje@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["s.groesser@brightwater.test"], "primary": "soentje@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154", "display_name": "Söntje Größer"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["s.groesser@brightwater.test"], "primary": "soentje@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154", "display_name": "Söntje Größer"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(68, 8, 'retire', 'c1249d0c-567b-5721-89a9-d06028e53ed6', '11111111-2222-4333-8444-555555555555:d23f0824-128b-4f33-8c5c-7fd0a6a3a450', 'p1@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p1@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:d23f0824-128b-4f33-8c5c-7fd0a6a3a450", "display_name": "Person 1"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p1@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:d23f0824-128b-4f33-8c5c-7fd0a6a3a450", "display_name": "Person 1"}', '[{"code": "gone_at_source"}]', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(69, 9, 'retire', '59fcce03-f767-4ce2-b201-c3bb46ed4091', '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', 'jo@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "jo@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef", "display_name": "Jo Cloud"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "jo@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef", "display_name": "Jo Cloud"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(70, 10, 'update', '285af39d-5736-5b0e-9135-9644d17acaf5', '11111111-2222-4333-8444-555555555555:8d116ece-1738-47d9-bd9c-172411e20b8f', 'p5@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Clinical", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p5@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:8d116ece-1738-47d9-bd9c-172411e20b8f", "display_name": "Person 5"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p5@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:8d116ece-1738-47d9-bd9c-172411e20b8f", "display_name": "Person 5"}', '[{"code": "group_changed", "after": "Main", "before": "Clinical"}, {"code": "licensed_mailbox"}]', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(71, 11, 'update', '3d373eef-f9cc-5974-bc0e-70726fc3a5b1', '11111111-2222-4333-8444-555555555555:a170b338-3926-4059-b28c-105d1fb17c23', 'p7@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Clinical", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p7@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:a170b338-3926-4059-b28c-105d1fb17c23", "display_name": "Person 7"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p7@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:a170b338-3926-4059-b28c-105d1fb17c23", "display_name": "Person 7"}', '[{"code": "group_changed", "after": "Main", "before": "Clinical"}, {"code": "licensed_mailbox"}]', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(72, 0, 'create', 'e48bfd90-ad1e-5e09-8df3-760c9cd9f0b7', '11111111-2222-4333-8444-555555555555:4cdd2055-930d-4eaf-94f4-733f3e7d1bfb', 'zoe@brightwater.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "zoe@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:4cdd2055-930d-4eaf-94f4-733f3e7d1bfb", "display_name": "Zoe Last"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(73, 1, 'retire', 'db5638b0-ab27-5094-9039-3b1a842f09b9', '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', 'van@brightwater.example', '{"kind": "equipment", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "van@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547", "display_name": "Van"}', '{"kind": "equipment", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "van@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547", "display_name": "Van"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(74, 2, 'retire', '189dc909-11f4-5d38-8775-506d9a97cd91', '11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475', 'p3@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p3@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475", "display_name": "Person 3"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p3@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475", "display_name": "Person 3"}', '[{"code": "gone_at_source"}]', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(75, 3, 'retire', 'd16be1fe-6ecb-5fcb-8f72-2ce8e8a1b2e0', '11111111-2222-4333-8444-555555555555:6513270e-269e-4d37-b2a7-4de452e6b438', 'p0@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p0@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:6513270e-269e-4d37-b2a7-4de452e6b438", "display_name": "Person 0"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p0@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:6513270e-269e-4d37-b2a7-4de452e6b438", "display_name": "Person 0"}', '[{"code": "gone_at_source"}]', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(76, 4, 'retire', 'ef257013-d12a-577c-9875-946aa0d1cf20', '11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8', 'married@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["p4@brightwater.example"], "primary": "married@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8", "display_name": "Person Married"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["p4@brightwater.example"], "primary": "married@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8", "display_name": "Person Married"}', '[{"code": "gone_at_source"}]', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(77, 5, 'retire', 'e9913355-a05a-57f4-9fb1-7905f87fb36c', '11111111-2222-4333-8444-555555555555:9531985d-5d9d-49f8-9818-e811892f902b', 'p2@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p2@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:9531985d-5d9d-49f8-9818-e811892f902b", "display_name": "Person 2"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p2@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:9531985d-5d9d-49f8-9818-e811892f902b", "display_name": "Person 2"}', '[{"code": "gone_at_source"}]', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(78, 6, 'retire', 'f3791fc1-5b9a-5041-96a6-6500850917c7', '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', 'board@brightwater.example', '{"kind": "room", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "board@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38", "display_name": "Board room"}', '{"kind": "room", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "board@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38", "display_name": "Board room"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(79, 7, 'retire', '07094554-e936-5f45-8162-9eef0d211a94', '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 'soentje@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["s.groesser@brightwater.test"], "primary": "soentje@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154", "display_name": "Söntje Größer"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["s.groesser@brightwater.test"], "primary": "soentje@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154", "display_name": "Söntje Größer"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(80, 8, 'retire', 'c1249d0c-567b-5721-89a9-d06028e53ed6', '11111111-2222-4333-8444-555555555555:d23f0824-128b-4f33-8c5c-7fd0a6a3a450', 'p1@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p1@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:d23f0824-128b-4f33-8c5c-7fd0a6a3a450", "display_name": "Person 1"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p1@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:d23f0824-128b-4f33-8c5c-7fd0a6a3a450", "display_name": "Person 1"}', '[{"code": "gone_at_source"}]', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(81, 9, 'retire', '59fcce03-f767-4ce2-b201-c3bb46ed4091', '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', 'jo@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "jo@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef", "display_name": "Jo Cloud"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "jo@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef", "display_name": "Jo Cloud"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(82, 10, 'update', '285af39d-5736-5b0e-9135-9644d17acaf5', '11111111-2222-4333-8444-555555555555:8d116ece-1738-47d9-bd9c-172411e20b8f', 'p5@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Clinical", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p5@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:8d116ece-1738-47d9-bd9c-172411e20b8f", "display_name": "Person 5"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p5@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:8d116ece-1738-47d9-bd9c-172411e20b8f", "display_name": "Person 5"}', '[{"code": "group_changed", "after": "Main", "before": "Clinical"}, {"code": "licensed_mailbox"}]', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(83, 11, 'update', '3d373eef-f9cc-5974-bc0e-70726fc3a5b1', '11111111-2222-4333-8444-555555555555:a170b338-3926-4059-b28c-105d1fb17c23', 'p7@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Clinical", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p7@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:a170b338-3926-4059-b28c-105d1fb17c23", "display_name": "Person 7"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p7@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:a170b338-3926-4059-b28c-105d1fb17c23", "display_name": "Person 7"}', '[{"code": "group_changed", "after": "Main", "before": "Clinical"}, {"code": "licensed_mailbox"}]', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(84, 0, 'retire', 'db5638b0-ab27-5094-9039-3b1a842f09b9', '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', 'van@brightwater.example', '{"kind": "equipment", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "van@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547", "display_name": "Van"}', '{"kind": "equipment", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "van@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547", "display_name": "Van"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', '939693f8-d95a-40da-acba-b3edb5192386'),
	(85, 1, 'retire', '189dc909-11f4-5d38-8775-506d9a97cd91', '11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475', 'p3@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p3@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475", "display_name": "Person 3"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p3@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:36f675cc-81e7-4ef5-a8e2-5d940ed90475", "display_name": "Person 3"}', '[{"code": "gone_at_source"}]', '939693f8-d95a-40da-acba-b3edb5192386'),
	(86, 2, 'retire', 'd16be1fe-6ecb-5fcb-8f72-2ce8e8a1b2e0', '11111111-2222-4333-8444-555555555555:6513270e-269e-4d37-b2a7-4de452e6b438', 'p0@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p0@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:6513270e-269e-4d37-b2a7-4de452e6b438", "display_name": "Person 0"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p0@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:6513270e-269e-4d37-b2a7-4de452e6b438", "display_name": "Person 0"}', '[{"code": "gone_at_source"}]', '939693f8-d95a-40da-acba-b3edb5192386'),
	(87, 3, 'retire', 'ef257013-d12a-577c-9875-946aa0d1cf20', '11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8', 'married@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["p4@brightwater.example"], "primary": "married@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8", "display_name": "Person Married"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["p4@brightwater.example"], "primary": "married@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:6b0d549b-6f03-475a-9600-a35a099950d8", "display_name": "Person Married"}', '[{"code": "gone_at_source"}]', '939693f8-d95a-40da-acba-b3edb5192386'),
	(88, 4, 'retire', 'e9913355-a05a-57f4-9fb1-7905f87fb36c', '11111111-2222-4333-8444-555555555555:9531985d-5d9d-49f8-9818-e811892f902b', 'p2@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p2@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:9531985d-5d9d-49f8-9818-e811892f902b", "display_name": "Person 2"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p2@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:9531985d-5d9d-49f8-9818-e811892f902b", "display_name": "Person 2"}', '[{"code": "gone_at_source"}]', '939693f8-d95a-40da-acba-b3edb5192386'),
	(89, 5, 'retire', 'f3791fc1-5b9a-5041-96a6-6500850917c7', '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', 'board@brightwater.example', '{"kind": "room", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "board@brightwater.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38", "display_name": "Board room"}', '{"kind": "room", "rule": "mailbox_purpose", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "board@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38", "display_name": "Board room"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', '939693f8-d95a-40da-acba-b3edb5192386'),
	(90, 6, 'retire', '07094554-e936-5f45-8162-9eef0d211a94', '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 'soentje@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["s.groesser@brightwater.test"], "primary": "soentje@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154", "display_name": "Söntje Größer"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": ["s.groesser@brightwater.test"], "primary": "soentje@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154", "display_name": "Söntje Größer"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', '939693f8-d95a-40da-acba-b3edb5192386'),
	(91, 7, 'retire', 'c1249d0c-567b-5721-89a9-d06028e53ed6', '11111111-2222-4333-8444-555555555555:d23f0824-128b-4f33-8c5c-7fd0a6a3a450', 'p1@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p1@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:d23f0824-128b-4f33-8c5c-7fd0a6a3a450", "display_name": "Person 1"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p1@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:d23f0824-128b-4f33-8c5c-7fd0a6a3a450", "display_name": "Person 1"}', '[{"code": "gone_at_source"}]', '939693f8-d95a-40da-acba-b3edb5192386'),
	(92, 8, 'retire', '59fcce03-f767-4ce2-b201-c3bb46ed4091', '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', 'jo@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "jo@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef", "display_name": "Jo Cloud"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "jo@brightwater.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef", "display_name": "Jo Cloud"}', '[{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}]', '939693f8-d95a-40da-acba-b3edb5192386'),
	(93, 9, 'update', '285af39d-5736-5b0e-9135-9644d17acaf5', '11111111-2222-4333-8444-555555555555:8d116ece-1738-47d9-bd9c-172411e20b8f', 'p5@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Clinical", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p5@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:8d116ece-1738-47d9-bd9c-172411e20b8f", "display_name": "Person 5"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p5@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:8d116ece-1738-47d9-bd9c-172411e20b8f", "display_name": "Person 5"}', '[{"code": "group_changed", "after": "Main", "before": "Clinical"}, {"code": "licensed_mailbox"}]', '939693f8-d95a-40da-acba-b3edb5192386'),
	(94, 10, 'update', '3d373eef-f9cc-5974-bc0e-70726fc3a5b1', '11111111-2222-4333-8444-555555555555:a170b338-3926-4059-b28c-105d1fb17c23', 'p7@brightwater.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Clinical", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p7@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:a170b338-3926-4059-b28c-105d1fb17c23", "display_name": "Person 7"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1946c866-3a1d-4808-9821-fe567d3c2f21", "former": [], "aliases": [], "primary": "p7@brightwater.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:a170b338-3926-4059-b28c-105d1fb17c23", "display_name": "Person 7"}', '[{"code": "group_changed", "after": "Main", "before": "Clinical"}, {"code": "licensed_mailbox"}]', '939693f8-d95a-40da-acba-b3edb5192386'),
	(95, 0, 'create', 'af2fc5ba-6c61-5349-9066-4622c83d8940', '11111111-2222-4333-8444-555555555555:10a3d6b2-aa05-411a-b271-5945795e8229', 'd11@brightwater-freight.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d11@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:10a3d6b2-aa05-411a-b271-5945795e8229", "display_name": "Driver 11"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', '0d8817db-40f8-4aec-91de-e2078ab8c987'),
	(96, 1, 'create', '2c50fcc3-505e-5f0b-9a17-cd47b1bfa8bd', '11111111-2222-4333-8444-555555555555:119a72d1-74c9-4f6a-8c01-1cdd9474031b', 'd9@brightwater-freight.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d9@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:119a72d1-74c9-4f6a-8c01-1cdd9474031b", "display_name": "Driver 9"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', '0d8817db-40f8-4aec-91de-e2078ab8c987'),
	(97, 2, 'create', '5a7b3f26-2d50-5c41-b296-2313a0832e08', '11111111-2222-4333-8444-555555555555:13deef86-ab10-41d0-b646-e1f40a097c97', 'd5@brightwater-freight.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d5@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:13deef86-ab10-41d0-b646-e1f40a097c97", "display_name": "Driver 5"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', '0d8817db-40f8-4aec-91de-e2078ab8c987'),
	(98, 3, 'create', '82ecddca-0803-529d-a67c-7b518e61d24e', '11111111-2222-4333-8444-555555555555:451abd81-f1d6-4ed6-97f5-e837d70820fe', 'd10@brightwater-freight.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d10@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:451abd81-f1d6-4ed6-97f5-e837d70820fe", "display_name": "Driver 10"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', '0d8817db-40f8-4aec-91de-e2078ab8c987'),
	(99, 4, 'create', '537fde7d-e6a5-53ee-8ca5-2bcb529df4c3', '11111111-2222-4333-8444-555555555555:57124242-5051-41cc-917f-9acae01f5057', 'd7@brightwater-freight.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d7@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:57124242-5051-41cc-917f-9acae01f5057", "display_name": "Driver 7"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', '0d8817db-40f8-4aec-91de-e2078ab8c987'),
	(100, 5, 'create', '220cfc32-b173-5c49-89bd-931f9b6681a0', '11111111-2222-4333-8444-555555555555:5790f82e-c1d3-4cff-aa3a-f4d46b0a18e8', 'd3@brightwater-freight.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d3@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:5790f82e-c1d3-4cff-aa3a-f4d46b0a18e8", "display_name": "Driver 3"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', '0d8817db-40f8-4aec-91de-e2078ab8c987'),
	(101, 6, 'create', 'c3b60659-752c-505e-9c45-ac0aab5bde47', '11111111-2222-4333-8444-555555555555:57ee05cd-e009-42c7-bebf-f20686734721', 'd0@brightwater-freight.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d0@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:57ee05cd-e009-42c7-bebf-f20686734721", "display_name": "Driver 0"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', '0d8817db-40f8-4aec-91de-e2078ab8c987'),
	(102, 7, 'create', '35ea3bbc-40f8-50cb-a885-257f5ee539ae', '11111111-2222-4333-8444-555555555555:6bf46c69-7d2c-4f82-aeea-cbe226e87555', 'd4@brightwater-freight.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d4@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:6bf46c69-7d2c-4f82-aeea-cbe226e87555", "display_name": "Driver 4"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', '0d8817db-40f8-4aec-91de-e2078ab8c987'),
	(103, 8, 'create', '273c8cdd-8891-5315-a8c1-28fcf175ba2d', '11111111-2222-4333-8444-555555555555:7f26144b-9828-4fcd-99a5-4a7bb1fee08f', 'd8@brightwater-freight.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d8@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:7f26144b-9828-4fcd-99a5-4a7bb1fee08f", "display_name": "Driver 8"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', '0d8817db-40f8-4aec-91de-e2078ab8c987'),
	(104, 9, 'create', '565db8b9-42d6-5cb1-923d-b87499181859', '11111111-2222-4333-8444-555555555555:830e07bc-1e39-4f10-92bd-4acefaecbd38', 'd2@brightwater-freight.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d2@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:830e07bc-1e39-4f10-92bd-4acefaecbd38", "display_name": "Driver 2"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', '0d8817db-40f8-4aec-91de-e2078ab8c987'),
	(105, 10, 'create', '9fabb44c-93a4-5bdb-bace-6c4621ae5d0c', '11111111-2222-4333-8444-555555555555:9be4bcfc-49b6-4a08-b2e6-cc3ababced20', 'd1@brightwater-freight.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d1@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:9be4bcfc-49b6-4a08-b2e6-cc3ababced20", "display_name": "Driver 1"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', '0d8817db-40f8-4aec-91de-e2078ab8c987'),
	(106, 11, 'create', '512d5112-cb32-57f6-8bd7-f59324723ae1', '11111111-2222-4333-8444-555555555555:c7a2ea20-b2f1-4c94-ae05-319acb5c7427', 'a.osei@brightwater-freight.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "a.osei@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:c7a2ea20-b2f1-4c94-ae05-319acb5c7427", "display_name": "Amara Osei"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', '0d8817db-40f8-4aec-91de-e2078ab8c987'),
	(107, 12, 'create', 'b0f71658-fb68-5412-9ea6-4242f812221b', '11111111-2222-4333-8444-555555555555:ca02135e-92b1-43f2-8ede-0d7ac3baea9e', 'd6@brightwater-freight.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d6@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:ca02135e-92b1-43f2-8ede-0d7ac3baea9e", "display_name": "Driver 6"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', '0d8817db-40f8-4aec-91de-e2078ab8c987'),
	(108, 0, 'retire', '5a7b3f26-2d50-5c41-b296-2313a0832e08', '11111111-2222-4333-8444-555555555555:13deef86-ab10-41d0-b646-e1f40a097c97', 'd5@brightwater-freight.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d5@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:13deef86-ab10-41d0-b646-e1f40a097c97", "display_name": "Driver 5"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d5@brightwater-freight.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:13deef86-ab10-41d0-b646-e1f40a097c97", "display_name": "Driver 5"}', '[{"code": "gone_at_source"}]', 'e6157d14-4bf8-42b2-85ac-b290066f4370'),
	(119, 2, 'create', 'b74bba55-1981-5c91-bb46-56255d4f3607', 'aaaaaaaa-1111-4111-8111-111111111111:79cb9e86-830c-41c2-8dcc-69292f45e678', 'gone@firm.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1b243fee-b9ca-4dec-a4f6-6ea24973ab6f", "former": [], "aliases": [], "primary": "gone@firm.example", "retired": false, "billable": true, "external_id": "aaaaaaaa-1111-4111-8111-111111111111:79cb9e86-830c-41c2-8dcc-69292f45e678", "display_name": "Dora Gone"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'eaaa788a-b3c2-4216-a5f8-03b974c07822'),
	(109, 1, 'retire', '220cfc32-b173-5c49-89bd-931f9b6681a0', '11111111-2222-4333-8444-555555555555:5790f82e-c1d3-4cff-aa3a-f4d46b0a18e8', 'd3@brightwater-freight.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d3@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:5790f82e-c1d3-4cff-aa3a-f4d46b0a18e8", "display_name": "Driver 3"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d3@brightwater-freight.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:5790f82e-c1d3-4cff-aa3a-f4d46b0a18e8", "display_name": "Driver 3"}', '[{"code": "gone_at_source"}]', 'e6157d14-4bf8-42b2-85ac-b290066f4370'),
	(110, 2, 'retire', 'c3b60659-752c-505e-9c45-ac0aab5bde47', '11111111-2222-4333-8444-555555555555:57ee05cd-e009-42c7-bebf-f20686734721', 'd0@brightwater-freight.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d0@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:57ee05cd-e009-42c7-bebf-f20686734721", "display_name": "Driver 0"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d0@brightwater-freight.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:57ee05cd-e009-42c7-bebf-f20686734721", "display_name": "Driver 0"}', '[{"code": "gone_at_source"}]', 'e6157d14-4bf8-42b2-85ac-b290066f4370'),
	(111, 3, 'retire', '35ea3bbc-40f8-50cb-a885-257f5ee539ae', '11111111-2222-4333-8444-555555555555:6bf46c69-7d2c-4f82-aeea-cbe226e87555', 'd4@brightwater-freight.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d4@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:6bf46c69-7d2c-4f82-aeea-cbe226e87555", "display_name": "Driver 4"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d4@brightwater-freight.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:6bf46c69-7d2c-4f82-aeea-cbe226e87555", "display_name": "Driver 4"}', '[{"code": "gone_at_source"}]', 'e6157d14-4bf8-42b2-85ac-b290066f4370'),
	(112, 4, 'retire', '565db8b9-42d6-5cb1-923d-b87499181859', '11111111-2222-4333-8444-555555555555:830e07bc-1e39-4f10-92bd-4acefaecbd38', 'd2@brightwater-freight.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d2@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:830e07bc-1e39-4f10-92bd-4acefaecbd38", "display_name": "Driver 2"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d2@brightwater-freight.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:830e07bc-1e39-4f10-92bd-4acefaecbd38", "display_name": "Driver 2"}', '[{"code": "gone_at_source"}]', 'e6157d14-4bf8-42b2-85ac-b290066f4370'),
	(113, 5, 'retire', '9fabb44c-93a4-5bdb-bace-6c4621ae5d0c', '11111111-2222-4333-8444-555555555555:9be4bcfc-49b6-4a08-b2e6-cc3ababced20', 'd1@brightwater-freight.example', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d1@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:9be4bcfc-49b6-4a08-b2e6-cc3ababced20", "display_name": "Driver 1"}', '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d1@brightwater-freight.example", "retired": true, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:9be4bcfc-49b6-4a08-b2e6-cc3ababced20", "display_name": "Driver 1"}', '[{"code": "gone_at_source"}]', 'e6157d14-4bf8-42b2-85ac-b290066f4370'),
	(114, 0, 'create', '6a40532c-939b-5190-96e5-ac8cd9a57e1d', '11111111-2222-4333-8444-555555555555:4f426dcb-b394-4b36-bb2d-420f0f88080b', 'd99@brightwater-freight.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d99@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:4f426dcb-b394-4b36-bb2d-420f0f88080b", "display_name": "Driver 99"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'c8139455-2f48-4d0d-af2f-e66ab7669219'),
	(115, 0, 'create', '6a40532c-939b-5190-96e5-ac8cd9a57e1d', '11111111-2222-4333-8444-555555555555:4f426dcb-b394-4b36-bb2d-420f0f88080b', 'd99@brightwater-freight.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "0858922e-2bbf-4b34-b121-45e09f37a596", "former": [], "aliases": [], "primary": "d99@brightwater-freight.example", "retired": false, "billable": true, "external_id": "11111111-2222-4333-8444-555555555555:4f426dcb-b394-4b36-bb2d-420f0f88080b", "display_name": "Driver 99"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'de335bb9-399d-4a70-a423-88f7572c6bb1'),
	(116, 0, 'create', 'c6644250-1560-539a-a856-d529d0d6bec9', '11111111-2222-4333-8444-555555555555:ae658f33-fe3b-490b-93f4-48b3a5aa3c81', 'orla@orphan.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1cab625c-b638-43cc-9756-f884e609912e", "former": [], "aliases": [], "primary": "orla@orphan.example", "retired": false, "billable": false, "external_id": "11111111-2222-4333-8444-555555555555:ae658f33-fe3b-490b-93f4-48b3a5aa3c81", "display_name": "Orla Orphan"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}, {"code": "billed_in_primary_domain"}]', '97d7bcae-ce7b-4a08-a38e-7b79e0b35af7'),
	(117, 0, 'create', 'ab3bd4be-aab6-5afd-b574-d81ec0bc6d14', 'aaaaaaaa-1111-4111-8111-111111111111:309d6b79-965e-4a32-9ae4-45508201e2bd', 'apps@firm.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1b243fee-b9ca-4dec-a4f6-6ea24973ab6f", "former": [], "aliases": [], "primary": "apps@firm.example", "retired": false, "billable": true, "external_id": "aaaaaaaa-1111-4111-8111-111111111111:309d6b79-965e-4a32-9ae4-45508201e2bd", "display_name": "Apple Admin"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'eaaa788a-b3c2-4216-a5f8-03b974c07822'),
	(118, 1, 'create', '04127661-56a7-5c3b-96bc-41195725d27e', 'aaaaaaaa-1111-4111-8111-111111111111:73ab4876-7734-47c1-87fd-e805ec99108d', 'carl.clerk@firm.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1b243fee-b9ca-4dec-a4f6-6ea24973ab6f", "former": [], "aliases": [], "primary": "carl.clerk@firm.example", "retired": false, "billable": true, "external_id": "aaaaaaaa-1111-4111-8111-111111111111:73ab4876-7734-47c1-87fd-e805ec99108d", "display_name": "Carl Clerk"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'eaaa788a-b3c2-4216-a5f8-03b974c07822'),
	(120, 3, 'create', '4293a987-a864-5da2-b211-fb57b7d70879', 'aaaaaaaa-1111-4111-8111-111111111111:db5b5fab-8f4d-4e27-9da1-494c73cf256d', 'ada.admin@firm.example', NULL, '{"kind": "user", "rule": "licensed_mailbox", "type": "user", "group": "Main", "owner": "1b243fee-b9ca-4dec-a4f6-6ea24973ab6f", "former": [], "aliases": [], "primary": "ada.admin@firm.example", "retired": false, "billable": true, "external_id": "aaaaaaaa-1111-4111-8111-111111111111:db5b5fab-8f4d-4e27-9da1-494c73cf256d", "display_name": "Ada Admin"}', '[{"code": "new_at_source"}, {"code": "licensed_mailbox"}]', 'eaaa788a-b3c2-4216-a5f8-03b974c07822');

INSERT INTO public.sync_runprogress (run_id, step, done, total, objects_read, began, cancelled_by, updated_at) VALUES
	('88c4c067-bda5-48c1-85bb-843a6f35317a', 'check', 0, NULL, 18, '{"read": "2026-11-23T12:21:00+00:00", "check": "2026-11-23T12:21:00+00:00", "match": "2026-11-23T12:21:00+00:00", "compare": "2026-11-23T12:21:00+00:00", "connect": "2026-11-23T12:21:00+00:00"}', '', '2026-11-23 12:21:00+00'),
	('e6157d14-4bf8-42b2-85ac-b290066f4370', 'apply', 0, 6, 22, '{"read": "2026-11-23T15:35:00+00:00", "apply": "2026-11-23T15:35:00+00:00", "check": "2026-11-23T15:35:00+00:00", "match": "2026-11-23T15:35:00+00:00", "compare": "2026-11-23T15:35:00+00:00", "connect": "2026-11-23T15:35:00+00:00"}', '', '2026-11-23 15:35:00+00'),
	('ae3d0324-f2eb-4b92-a7a3-05e178fd499f', 'apply', 0, 18, 18, '{"read": "2026-11-23T09:00:00+00:00", "apply": "2026-11-23T09:00:00+00:00", "check": "2026-11-23T09:00:00+00:00", "match": "2026-11-23T09:00:00+00:00", "compare": "2026-11-23T09:00:00+00:00", "connect": "2026-11-23T09:00:00+00:00"}', '', '2026-11-23 09:00:00+00'),
	('bffb934d-e030-4609-9f59-7c5469e87d02', 'check', 0, NULL, 16, '{"read": "2026-11-23T14:33:00+00:00", "check": "2026-11-23T14:33:00+00:00", "match": "2026-11-23T14:33:00+00:00", "compare": "2026-11-23T14:33:00+00:00", "connect": "2026-11-23T14:33:00+00:00"}', '', '2026-11-23 14:33:00+00'),
	('eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6', 'apply', 0, 4, 18, '{"read": "2026-11-28T21:31:46.109330+00:00", "apply": "2026-11-28T21:31:46.192504+00:00", "check": "2026-11-28T21:31:46.182047+00:00", "match": "2026-11-28T21:31:46.162639+00:00", "compare": "2026-11-28T21:31:46.171752+00:00", "connect": "2026-11-28T21:31:46.051888+00:00"}', '', '2026-11-28 21:31:46.192529+00'),
	('c2a6ba9f-0d15-4f76-a588-b0613beffa77', 'check', 0, NULL, 18, '{"read": "2026-11-23T09:05:00+00:00", "check": "2026-11-23T09:05:00+00:00", "match": "2026-11-23T09:05:00+00:00", "compare": "2026-11-23T09:05:00+00:00", "connect": "2026-11-23T09:05:00+00:00"}', '', '2026-11-23 09:05:00+00'),
	('85653d12-6598-4931-b6aa-4f529e4e2631', 'connect', 0, NULL, 0, '{}', 'operator:priya@northgate.example', '2026-11-23 14:34:00+00'),
	('37b848f1-5520-4b42-9a17-37fe3f2353a0', 'apply', 3, 9, 40, '{}', '', '2026-11-23 16:41:00+00'),
	('63e34b83-690f-4412-b0ad-9cf7375efa31', 'apply', 0, 2, 17, '{"read": "2026-11-23T10:05:00+00:00", "apply": "2026-11-23T10:05:00+00:00", "check": "2026-11-23T10:05:00+00:00", "match": "2026-11-23T10:05:00+00:00", "compare": "2026-11-23T10:05:00+00:00", "connect": "2026-11-23T10:05:00+00:00"}', '', '2026-11-23 10:05:00+00'),
	('111145d0-bc77-4991-970c-6921f7c354cb', 'connect', 0, NULL, 0, '{}', '', '2026-11-23 16:41:00+00'),
	('50e30fae-9b20-4878-a856-a67c99378a7b', 'apply', 0, 4, 18, '{"read": "2026-11-28T21:31:46.330422+00:00", "apply": "2026-11-28T21:31:46.394339+00:00", "check": "2026-11-28T21:31:46.381301+00:00", "match": "2026-11-28T21:31:46.355462+00:00", "compare": "2026-11-28T21:31:46.363631+00:00", "connect": "2026-11-28T21:31:46.262304+00:00"}', '', '2026-11-28 21:31:46.394372+00'),
	('44d73f39-8c20-4464-9d6c-fa9e8be4bfbd', 'check', 0, NULL, 17, '{"read": "2026-11-23T11:05:00+00:00", "check": "2026-11-23T11:05:00+00:00", "match": "2026-11-23T11:05:00+00:00", "compare": "2026-11-23T11:05:00+00:00", "connect": "2026-11-23T11:05:00+00:00"}', '', '2026-11-23 11:05:00+00'),
	('939693f8-d95a-40da-acba-b3edb5192386', 'check', 0, NULL, 16, '{"read": "2026-11-23T14:35:00+00:00", "check": "2026-11-23T14:35:00+00:00", "match": "2026-11-23T14:35:00+00:00", "compare": "2026-11-23T14:35:00+00:00", "connect": "2026-11-23T14:35:00+00:00"}', '', '2026-11-23 14:35:00+00'),
	('c8139455-2f48-4d0d-af2f-e66ab7669219', 'check', 0, NULL, 23, '{"read": "2026-11-23T15:38:00+00:00", "check": "2026-11-23T15:38:00+00:00", "match": "2026-11-23T15:38:00+00:00", "compare": "2026-11-23T15:38:00+00:00", "connect": "2026-11-23T15:38:00+00:00"}', '', '2026-11-23 15:38:00+00'),
	('2b9f8e76-5806-439e-ae42-93ead2c44a1a', 'apply', 0, 2, 16, '{"read": "2026-11-23T11:08:00+00:00", "apply": "2026-11-23T11:08:00+00:00", "check": "2026-11-23T11:08:00+00:00", "match": "2026-11-23T11:08:00+00:00", "compare": "2026-11-23T11:08:00+00:00", "connect": "2026-11-23T11:08:00+00:00"}', '', '2026-11-23 11:08:00+00'),
	('bd2da58a-272e-4907-bfd2-f573dae7c355', 'apply', 0, 11, 15, '{"read": "2026-11-23T14:31:00+00:00", "apply": "2026-11-23T14:31:00+00:00", "check": "2026-11-23T14:31:00+00:00", "match": "2026-11-23T14:31:00+00:00", "compare": "2026-11-23T14:31:00+00:00", "connect": "2026-11-23T14:31:00+00:00"}', '', '2026-11-23 14:31:00+00'),
	('7237889a-771e-4e2f-a729-20f5b7576d6f', 'connect', 0, NULL, 0, '{"connect": "2026-11-23T16:44:00+00:00"}', '', '2026-11-23 16:44:00+00'),
	('42c03948-74b0-47fd-9c38-346c7788ccef', 'apply', 0, 2, 18, '{"read": "2026-11-23T11:11:00+00:00", "apply": "2026-11-23T11:11:00+00:00", "check": "2026-11-23T11:11:00+00:00", "match": "2026-11-23T11:11:00+00:00", "compare": "2026-11-23T11:11:00+00:00", "connect": "2026-11-23T11:11:00+00:00"}', '', '2026-11-23 11:11:00+00'),
	('587ed864-7102-414a-b2d7-f70968d5adc3', 'connect', 0, NULL, 0, '{}', '', '2026-11-23 12:11:00+00'),
	('89603ee7-83a5-4719-9640-f28d3337ed9e', 'check', 0, NULL, 16, '{"read": "2026-11-23T14:32:00+00:00", "check": "2026-11-23T14:32:00+00:00", "match": "2026-11-23T14:32:00+00:00", "compare": "2026-11-23T14:32:00+00:00", "connect": "2026-11-23T14:32:00+00:00"}', '', '2026-11-23 14:32:00+00'),
	('0d8817db-40f8-4aec-91de-e2078ab8c987', 'apply', 0, 13, 28, '{"read": "2026-11-23T14:35:00+00:00", "apply": "2026-11-23T14:35:00+00:00", "check": "2026-11-23T14:35:00+00:00", "match": "2026-11-23T14:35:00+00:00", "compare": "2026-11-23T14:35:00+00:00", "connect": "2026-11-23T14:35:00+00:00"}', '', '2026-11-23 14:35:00+00'),
	('de335bb9-399d-4a70-a423-88f7572c6bb1', 'apply', 0, 1, 23, '{"read": "2026-11-23T15:41:00+00:00", "apply": "2026-11-23T15:41:00+00:00", "check": "2026-11-23T15:41:00+00:00", "match": "2026-11-23T15:41:00+00:00", "compare": "2026-11-23T15:41:00+00:00", "connect": "2026-11-23T15:41:00+00:00"}', '', '2026-11-23 15:41:00+00'),
	('b8e75eba-7af2-432f-b0a4-45be0932d489', 'connect', 0, NULL, 0, '{"connect": "2026-11-23T16:41:00+00:00"}', '', '2026-11-23 16:41:00+00'),
	('eaaa788a-b3c2-4216-a5f8-03b974c07822', 'apply', 0, 4, 5, '{"read": "2026-11-23T09:00:45+00:00", "apply": "2026-11-23T09:00:45+00:00", "check": "2026-11-23T09:00:45+00:00", "match": "2026-11-23T09:00:45+00:00", "compare": "2026-11-23T09:00:45+00:00", "connect": "2026-11-23T09:00:45+00:00"}', '', '2026-11-23 09:00:45+00'),
	('97d7bcae-ce7b-4a08-a38e-7b79e0b35af7', 'apply', 0, 1, 24, '{"read": "2026-11-23T17:44:00+00:00", "apply": "2026-11-23T17:44:00+00:00", "check": "2026-11-23T17:44:00+00:00", "match": "2026-11-23T17:44:00+00:00", "compare": "2026-11-23T17:44:00+00:00", "connect": "2026-11-23T17:44:00+00:00"}', '', '2026-11-23 17:44:00+00');

INSERT INTO public.sync_runrequest (id, trigger, actor, asked_at, run, outcome, settled_at, domain_id) VALUES
	('eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6', 'manual', 'operator:priya@northgate.example', '2026-11-23 12:21:00+00', 'eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6', 'done', '2026-11-28 21:31:46.223777+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02'),
	('40b81128-4ed2-486d-bab7-e527d9bdd108', 'manual', 'operator:priya@northgate.example', '2026-11-23 12:31:00+00', NULL, 'cancelled', '2026-11-23 12:31:00+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02'),
	('50e30fae-9b20-4878-a856-a67c99378a7b', 'automatic', 'schedule', '2026-11-28 21:31:46.234872+00', '50e30fae-9b20-4878-a856-a67c99378a7b', 'done', '2026-11-28 21:31:46.43904+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02'),
	('c8ed790b-c161-411e-b6c0-ed1dd756a196', 'preview', 'operator:priya@northgate.example', '2026-11-23 14:35:00+00', NULL, '', NULL, 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02'),
	('03857b84-9476-482e-b4ab-257ee13e5404', 'manual', 'operator:priya@northgate.example', '2026-11-23 16:41:00+00', '111145d0-bc77-4991-970c-6921f7c354cb', '', NULL, '40ce0d52-1753-4233-96aa-90a4f4989527'),
	('7a8bb399-f0e8-4156-839d-a8fa6dd33b4f', 'preview', 'operator:priya@northgate.example', '2026-11-23 16:41:00+00', '111145d0-bc77-4991-970c-6921f7c354cb', 'joined', '2026-11-23 16:41:00+00', '40ce0d52-1753-4233-96aa-90a4f4989527');

INSERT INTO public.sync_runskip (id, external_id, address, reason, run_id) VALUES
	(1, '11111111-2222-4333-8444-555555555555:0cb1e29c-658c-4a14-95e6-0af593bd04cf', 'p9@brightwater.example', '{"code": "exempt"}', '63e34b83-690f-4412-b0ad-9cf7375efa31'),
	(2, '11111111-2222-4333-8444-555555555555:0cb1e29c-658c-4a14-95e6-0af593bd04cf', 'p9@brightwater.example', '{"code": "exempt"}', '44d73f39-8c20-4464-9d6c-fa9e8be4bfbd'),
	(3, '11111111-2222-4333-8444-555555555555:6b4cb242-4a23-4596-a217-beaddbc496cb', 'p11@brightwater.example', '{"code": "pinned"}', '44d73f39-8c20-4464-9d6c-fa9e8be4bfbd'),
	(4, '11111111-2222-4333-8444-555555555555:0cb1e29c-658c-4a14-95e6-0af593bd04cf', 'p9@brightwater.example', '{"code": "exempt"}', '2b9f8e76-5806-439e-ae42-93ead2c44a1a'),
	(5, '11111111-2222-4333-8444-555555555555:6b4cb242-4a23-4596-a217-beaddbc496cb', 'p11@brightwater.example', '{"code": "pinned"}', '2b9f8e76-5806-439e-ae42-93ead2c44a1a'),
	(6, '11111111-2222-4333-8444-555555555555:0cb1e29c-658c-4a14-95e6-0af593bd04cf', 'p9@brightwater.example', '{"code": "exempt"}', '42c03948-74b0-47fd-9c38-346c7788ccef'),
	(7, '11111111-2222-4333-8444-555555555555:6b4cb242-4a23-4596-a217-beaddbc496cb', 'p11@brightwater.example', '{"code": "pinned"}', '42c03948-74b0-47fd-9c38-346c7788ccef'),
	(8, 'line 3', 'p1@brightwater.example', '{"code": "kept_by_source", "source": "Office 365"}', '587ed864-7102-414a-b2d7-f70968d5adc3'),
	(9, '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '88c4c067-bda5-48c1-85bb-843a6f35317a'),
	(10, '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', 'van@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '88c4c067-bda5-48c1-85bb-843a6f35317a'),
	(11, '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '88c4c067-bda5-48c1-85bb-843a6f35317a'),
	(12, '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', 'board@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '88c4c067-bda5-48c1-85bb-843a6f35317a'),
	(13, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '88c4c067-bda5-48c1-85bb-843a6f35317a'),
	(14, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 's.groesser@brightwater.test', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '88c4c067-bda5-48c1-85bb-843a6f35317a'),
	(15, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 'soentje@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '88c4c067-bda5-48c1-85bb-843a6f35317a'),
	(16, '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '88c4c067-bda5-48c1-85bb-843a6f35317a'),
	(17, '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', 'jo@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '88c4c067-bda5-48c1-85bb-843a6f35317a'),
	(18, '11111111-2222-4333-8444-555555555555:0cb1e29c-658c-4a14-95e6-0af593bd04cf', 'p9@brightwater.example', '{"code": "exempt"}', '88c4c067-bda5-48c1-85bb-843a6f35317a'),
	(19, '11111111-2222-4333-8444-555555555555:6b4cb242-4a23-4596-a217-beaddbc496cb', 'p11@brightwater.example', '{"code": "pinned"}', '88c4c067-bda5-48c1-85bb-843a6f35317a'),
	(20, '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6'),
	(21, '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', 'van@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6'),
	(22, '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6'),
	(23, '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', 'board@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6'),
	(24, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6'),
	(25, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 's.groesser@brightwater.test', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6'),
	(26, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 'soentje@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6'),
	(27, '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6'),
	(28, '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', 'jo@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6'),
	(29, '11111111-2222-4333-8444-555555555555:0cb1e29c-658c-4a14-95e6-0af593bd04cf', 'p9@brightwater.example', '{"code": "exempt"}', 'eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6'),
	(30, '11111111-2222-4333-8444-555555555555:6b4cb242-4a23-4596-a217-beaddbc496cb', 'p11@brightwater.example', '{"code": "pinned"}', 'eee2a0ff-c5aa-4dba-861d-a9ab30a79fc6'),
	(31, '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '50e30fae-9b20-4878-a856-a67c99378a7b'),
	(32, '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', 'van@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '50e30fae-9b20-4878-a856-a67c99378a7b'),
	(33, '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '50e30fae-9b20-4878-a856-a67c99378a7b'),
	(34, '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', 'board@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '50e30fae-9b20-4878-a856-a67c99378a7b'),
	(35, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '50e30fae-9b20-4878-a856-a67c99378a7b'),
	(36, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 's.groesser@brightwater.test', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '50e30fae-9b20-4878-a856-a67c99378a7b'),
	(37, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 'soentje@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '50e30fae-9b20-4878-a856-a67c99378a7b'),
	(38, '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '50e30fae-9b20-4878-a856-a67c99378a7b'),
	(39, '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', 'jo@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '50e30fae-9b20-4878-a856-a67c99378a7b'),
	(40, '11111111-2222-4333-8444-555555555555:0cb1e29c-658c-4a14-95e6-0af593bd04cf', 'p9@brightwater.example', '{"code": "exempt"}', '50e30fae-9b20-4878-a856-a67c99378a7b'),
	(41, '11111111-2222-4333-8444-555555555555:6b4cb242-4a23-4596-a217-beaddbc496cb', 'p11@brightwater.example', '{"code": "pinned"}', '50e30fae-9b20-4878-a856-a67c99378a7b'),
	(42, '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bd2da58a-272e-4907-bfd2-f573dae7c355'),
	(43, '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', 'van@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bd2da58a-272e-4907-bfd2-f573dae7c355'),
	(44, '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bd2da58a-272e-4907-bfd2-f573dae7c355'),
	(45, '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', 'board@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bd2da58a-272e-4907-bfd2-f573dae7c355'),
	(46, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bd2da58a-272e-4907-bfd2-f573dae7c355'),
	(47, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 's.groesser@brightwater.test', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bd2da58a-272e-4907-bfd2-f573dae7c355'),
	(48, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 'soentje@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bd2da58a-272e-4907-bfd2-f573dae7c355'),
	(49, '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bd2da58a-272e-4907-bfd2-f573dae7c355'),
	(50, '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', 'jo@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bd2da58a-272e-4907-bfd2-f573dae7c355'),
	(51, '11111111-2222-4333-8444-555555555555:0cb1e29c-658c-4a14-95e6-0af593bd04cf', 'p9@brightwater.example', '{"code": "exempt"}', 'bd2da58a-272e-4907-bfd2-f573dae7c355'),
	(52, '11111111-2222-4333-8444-555555555555:6b4cb242-4a23-4596-a217-beaddbc496cb', 'p11@brightwater.example', '{"code": "pinned"}', 'bd2da58a-272e-4907-bfd2-f573dae7c355'),
	(53, '11111111-2222-4333-8444-555555555555:c7a2ea20-b2f1-4c94-ae05-319acb5c7427', 'fax@brightwater.example', '{"code": "address_taken", "rule": "by_hand", "holder": "fax@brightwater.example", "source": "1946c866-3a1d-4808-9821-fe567d3c2f21", "wanted": "a.osei@brightwater.example", "holder_by": "", "wanted_by": "Staff", "holder_kind": "user", "holder_name": "Fax", "wanted_kind": "user", "wanted_name": "Amara Osei"}', 'bd2da58a-272e-4907-bfd2-f573dae7c355'),
	(54, '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(55, '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', 'van@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(56, '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(57, '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', 'board@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(58, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(59, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 's.groesser@brightwater.test', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(60, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 'soentje@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(61, '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(62, '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', 'jo@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(63, '11111111-2222-4333-8444-555555555555:0cb1e29c-658c-4a14-95e6-0af593bd04cf', 'p9@brightwater.example', '{"code": "exempt"}', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(64, '11111111-2222-4333-8444-555555555555:6b4cb242-4a23-4596-a217-beaddbc496cb', 'p11@brightwater.example', '{"code": "pinned"}', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(65, '11111111-2222-4333-8444-555555555555:c7a2ea20-b2f1-4c94-ae05-319acb5c7427', 'fax@brightwater.example', '{"code": "address_taken", "rule": "by_hand", "holder": "fax@brightwater.example", "source": "1946c866-3a1d-4808-9821-fe567d3c2f21", "wanted": "a.osei@brightwater.example", "holder_by": "", "wanted_by": "Staff", "holder_kind": "user", "holder_name": "Fax", "wanted_kind": "user", "wanted_name": "Amara Osei"}', '89603ee7-83a5-4719-9640-f28d3337ed9e'),
	(66, '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(67, '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', 'van@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(68, '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(69, '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', 'board@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(70, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(71, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 's.groesser@brightwater.test', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(72, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 'soentje@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(73, '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(74, '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', 'jo@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(75, '11111111-2222-4333-8444-555555555555:0cb1e29c-658c-4a14-95e6-0af593bd04cf', 'p9@brightwater.example', '{"code": "exempt"}', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(76, '11111111-2222-4333-8444-555555555555:6b4cb242-4a23-4596-a217-beaddbc496cb', 'p11@brightwater.example', '{"code": "pinned"}', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(77, '11111111-2222-4333-8444-555555555555:c7a2ea20-b2f1-4c94-ae05-319acb5c7427', 'fax@brightwater.example', '{"code": "address_taken", "rule": "by_hand", "holder": "fax@brightwater.example", "source": "1946c866-3a1d-4808-9821-fe567d3c2f21", "wanted": "a.osei@brightwater.example", "holder_by": "", "wanted_by": "Staff", "holder_kind": "user", "holder_name": "Fax", "wanted_kind": "user", "wanted_name": "Amara Osei"}', 'bffb934d-e030-4609-9f59-7c5469e87d02'),
	(78, '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '939693f8-d95a-40da-acba-b3edb5192386'),
	(79, '11111111-2222-4333-8444-555555555555:18f135d2-5f55-4203-b018-50c5a38fd547', 'van@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '939693f8-d95a-40da-acba-b3edb5192386'),
	(80, '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '939693f8-d95a-40da-acba-b3edb5192386'),
	(81, '11111111-2222-4333-8444-555555555555:ae97ba94-d0ed-482f-8f6d-05584ef8aa38', 'board@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '939693f8-d95a-40da-acba-b3edb5192386'),
	(82, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '939693f8-d95a-40da-acba-b3edb5192386'),
	(83, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 's.groesser@brightwater.test', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '939693f8-d95a-40da-acba-b3edb5192386'),
	(84, '11111111-2222-4333-8444-555555555555:c6f87718-6d76-407e-881e-d162ae2eb154', 'soentje@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '939693f8-d95a-40da-acba-b3edb5192386'),
	(85, '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', '', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '939693f8-d95a-40da-acba-b3edb5192386'),
	(86, '11111111-2222-4333-8444-555555555555:ec66a787-95e7-41d1-b731-af10506bf2ef', 'jo@brightwater.example', '{"code": "filtered_out", "rule": "none of its alternatives is true", "source": "Staff"}', '939693f8-d95a-40da-acba-b3edb5192386'),
	(87, '11111111-2222-4333-8444-555555555555:0cb1e29c-658c-4a14-95e6-0af593bd04cf', 'p9@brightwater.example', '{"code": "exempt"}', '939693f8-d95a-40da-acba-b3edb5192386'),
	(88, '11111111-2222-4333-8444-555555555555:6b4cb242-4a23-4596-a217-beaddbc496cb', 'p11@brightwater.example', '{"code": "pinned"}', '939693f8-d95a-40da-acba-b3edb5192386'),
	(89, '11111111-2222-4333-8444-555555555555:c7a2ea20-b2f1-4c94-ae05-319acb5c7427', 'fax@brightwater.example', '{"code": "address_taken", "rule": "by_hand", "holder": "fax@brightwater.example", "source": "1946c866-3a1d-4808-9821-fe567d3c2f21", "wanted": "a.osei@brightwater.example", "holder_by": "", "wanted_by": "Staff", "holder_kind": "user", "holder_name": "Fax", "wanted_kind": "user", "wanted_name": "Amara Osei"}', '939693f8-d95a-40da-acba-b3edb5192386'),
	(90, '11111111-2222-4333-8444-555555555555:4cdd2055-930d-4eaf-94f4-733f3e7d1bfb', 'zoe@brightwater.example', '{"code": "address_taken", "rule": "by_hand", "holder": "zoe@brightwater.example", "source": "1946c866-3a1d-4808-9821-fe567d3c2f21", "wanted": "zoe@brightwater.example", "holder_by": "", "wanted_by": "Staff", "holder_kind": "user", "holder_name": "", "wanted_kind": "user", "wanted_name": "Zoe Last"}', '939693f8-d95a-40da-acba-b3edb5192386');

INSERT INTO public.sync_sample (connection_id, data, read_at, asked_at, memberships, error) VALUES
	('41329162-c24b-4c98-93d1-3818cb93ef7c', '\x7801ed5a4b6fdcd615f6be9b2ebae872d2ba690bf40a7c3fbaaaac388e02cb11223b8ba2807b79efb912e519922539b65574d1557705d4ba2eba6a11499664f951bb89e5d4722cc0fa0f290628f21bfa0fd2430ea919de21250a76b4d24aa373cf3de790fcbeef3effb01103e5ff3d77e901f793a84b57aed01edc5ff46f4290fdda4afa71807f377ad4ef3e8ee2f0f6ca34e7312409240f32dbc5807a5de03b61ba04f11c1a928799f98acf6e64fd9ef61388e7633f607e44bb59c4edcc72752582c794b1b01fa44584273449fcc500f8659f4180e11f9586f92e0d92072cec4534c8cbdbe110d138ed41906e2f87de553fedc2e35008ec78396434f5c360077a51375c0198e50fcb9f59d26deedff493cc8185493a8311207e523a7ce0c7f01e4de15192c60069f1a03b117ad2ee4cc86183f9e9ca3dfc2f85adbcf678e5b1d74ffc00dfc7fc52887f1ef442cfef42fecf7d416f5fe9f73c881ff8bdc3b7f6a89fd0c5c33a9f46310888637c6c1a2cf6b1e5d9a1054ba1e5f36c63cba538ec47cf59882f2748e7e3f0a6cf81bf1fc6737e10c67b5d58a4dde9c26ba69bbd3c7c21f9cbf80c6ea7f84af1a9a7d334f6bd7e0a6a8d4dabb1e93536a3c666d6d8ac1a9b5d63736a6ceee735352b7546b5cea8d519f53aa3516734ffc9901529f00c0d57fd1e3cccffc7179861e869561ab2a27b0d91bc9081617fc232b3849f330753d6fda99f7c0c49d88f194c0f41ff023f503a8f1fe95618f3aaf37e4683d96001318509934f68d7e7efc761aface54954749b0fbb3ef321791606f331f47ce4ccc24ac00a3eed8daceff949ea23bafc640978c6c1cfc7da42a46b4ef52f46c605da2beaccbcc722654f5c61f3cbb14ec0fa31f26396233c117b108f1536dbebf5d34c2966f98b5197cbf812b292cb47fb57321163cde71b37fc806f4610465df8fbdded79889330e8b87ffecc8bfdc5a5f4167e80780a6e53643cec8ddbc2a0e7b3384c42914ea17cbcfefadcf7c655ee30d248ee3687c14bd5fbd4cd756f37727f311eb7c825c9e15ff616e6aeceffbcde77f0c3a4974672a35460439e575248a9d7b80c1f8ce9f06a4588d72277528b1b121e4af4e61c64f22529f5c18454df199c179a6102630eb14d2a88211c209ea50aa2d9dc5155838329f4671fe99679fdc2b585d92b171716aecf7f7c716ef6dadcfe5cf9913ad8dcb950e869079915701af3ea3880a95c4a85ed6836e196ce88816988e3329da88e26144b381a986c70deb485d03855886deb400c8d0be269589a109e4d355db55dcd1d9c67b6e5ba5c03a2625462609dc40174556dddc2ce8ec3a82a49fceab89aaf56e57cedd2854945bf0701b974419694afbef9d5effef77d84f7e0bcc23c15349711cb74f081a86a10d7048b285498aeee71c5602227c1461ff9b77a4801e7ad51c069a6805350c03901056a7d4b0a541b2530ef46d5e6826aaf24b3d4ab2d059c3a0ad4263ca3c0295340209915a112a1b99c189cba48011d85c4112a555c615b9e394e81f54f687062f41f7c7deebbe30340162447f7f39b346803ef97b9c237380fcee7122fb74a506d4ab57f4cbf76105fc72893186fca790cc85f4fe8fc6a558b578f54c623044fc5afaa9b5c23a6304dd46645279ea23ac4549849754770d3b0f3af7d1f7ed3f7a36ca2bf7af7d12cceaf3b33b4db0d6fd195137f7c79f4af861be9df4696a69c006c97e972980cdec966fa53ac28a10d6206efe69039b6df602a074fb39f04a316a50c7eda3a5a3b703daac49b84598b9a8e41dcd9cc62b44e7c2b330b5db80e68b64d0ce6a1acda941397b90aa1aee9d886a283a12be3b2bafdcb103ad9acfc8de9751869c4ac750c5e126b234b32d4dedf86d0864943ed6d702eb4576e9548f35c6e2f6617fbb25dead78e1eeb186592144d39cf9870ba130c8371ae2938dab8ba824c005c09b8863088adeb42079bab9ef02a4c289699e69b33a18c346282bccc348b39b6d98608c532b3d6b79c63571b2538ef46d5e6c33976d52cf56a4782b5c89ce44043c2330a9c2e051caeaa16305cebdaba8383017789c771d5a9da9aa1e20254f19cca32f37e015c5579630e8c423592604d5586e341a42a6d68301c0f1a9c8bf1406e9520fd5c6e2fc703d92ef56b4785758c32c985a69c676438653280a3bad9ce90e201eeb9d89e423cc77508575d45b8e0713c9da81b0fac37e642b9ed683552e153ab180fac364428c6835adf723ca8364a70de8daacd87e341d52cf56a4782b5c89ae44043c2330a9c2e055c85a9aec604e13a450a1838257284a612ce3dcb62941b54b3c629802b63119e18fef2a64b1e25c7f7173ec66b83f02f8b3574bdf7e047c5d2596a96f0da986dd099a843eada0eea1b599849b037e63d06eedfdeee8bab69b6855bcd04c77c5c19aa4c210eb528b174609a011c2c6ae4df7d3359a2783239da70b64ffcf5e55d9752fcec66f1b30bf1b3db40a310bf5adf52fcaa8dd2b7dd8daacd87e257354bbdda21622db227f1d090f018349ced8cbce59d11aada8aa7e33c5877358b188a8993610d4f5f54c5e4aaf0549b69fab8f8ed5c08f12caa138761efc4249025702c568ef57f7b59ec36707f952b61a3fbe0dd5c0a27db25f836271cbc736ce776d8bf97c799847f73ea6318f0ede92105d7f6a86b10ae006e0de029228e831627b85be018201c8a5bd24328645f7ff5ee938583dd205d86cea5f860f7e01f10df39e949f493f1d3e414925496c9891423b9dc2ab2973b69db65153994f6921037cb97dbeca8fd75d0c9d174448fc14f723cd57948881a74869e538b71985d0e8a2b68ce1ef1a8ca50a96bca9652ec25cdc1db6172abc83289caa38a3b069767cafc969599e111be6de36990c5ed4c996d3c927754c09599a551d0c053cde1f4a4380ddf99eed198763e4ac0bf337efd838818b2fb21e5d590939254e6e4589e111befe5c94b2e6e6445e43c7c41a742fc5d614131b590ae8dfc6d3f6761b3ffe0c739b56a1c2482bcccfdf0d2595dd6c628f26b3aa2f2c10f8e2fe27953fe9abe72ea762cde1c163149e2232a3fe3f0e92e2d195eb101aae19e8a8667fa06c3c1958262121dafd930cf64b6a10d0f78cb1b2d1f869d996ed8e7279e5bc92cdd2e238d38baf6615812f45e9e64b8c0586eb5f61c2e30ea7d8b0586d428b172576a2e17189259ead58e0a6bcb350bce86846714385d0a00b32c6a3b7676952b5b65739578b6ae122a7089a1589ed0607cb77dab975fb54b7ebf8933a87e94fc092fbad94235155333886e782e314cbc97e6021ee65aaea72a02af4d989e717fbadbede08d6421bec46b0953f9af3afddfca6e4cfbb4fb7a2bbbef7d9da6fff9e6677fb47e7de33b1fccfc1f42641338', '2026-11-28 21:31:47.186863+00', NULL, '[]', NULL),
	('66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d', NULL, '2026-11-28 21:31:58.461931+00', NULL, '[]', '{"code": "app_not_in_tenant", "help": "Check the application ID and the tenant ID. Let an administrator of the tenant grant consent again, and wait a few minutes.", "message": "The application is not known in this tenant. (AADSTS700016, trace 4ba44898-a917-4a05-9e3b-25e5e8c7a01d)"}');

INSERT INTO public.sync_schedule (domain_id, automatic, "interval", jitter, next_run_at, previewed_revision, switched_by, switched_at, failures, paused, filtered_revision) VALUES
	('da5c8ec8-ff36-4e4f-b517-f98183fc4e02', true, 30, 0.8529748190194368, '2026-11-23 14:55:35+00', 23, 'operator:priya@northgate.example', '2026-11-23 12:21:00+00', 0, NULL, NULL),
	('cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', true, 60, 0.8097590387333184, '2026-11-23 16:45:09.717108+00', NULL, 'operator:priya@northgate.example', '2026-11-23 15:35:00+00', 1, '{"code": "app_not_in_tenant", "help": "Check the application ID and the tenant ID. Let an administrator of the tenant grant consent again, and wait a few minutes.", "message": "The application is not known in this tenant. (AADSTS700016, trace e8acabff-9f55-45fc-a057-2aeb70293815)"}', NULL),
	('e219e52d-3fd2-457b-87f2-8a6114a97503', false, 60, 0.883207629667595, NULL, NULL, 'operator:priya@northgate.example', '2026-11-23 16:44:00+00', 0, NULL, NULL);

INSERT INTO public.sync_source (owner_id, "group", precedence, enabled, adopts, created_at, connection_id, domain_id, kind, tenant, contacts, filter, groups, guests) VALUES
	('6d567328-bc9f-4b5d-be14-7b30f3b57d6e', 'Main', 1, false, false, '2026-11-28 21:31:59.730082+00', NULL, 'df75451e-c497-4fe9-a5b7-204cf738452c', 'microsoft365', '', true, NULL, true, false),
	('5ab2021b-846d-465c-893d-e6fdcae1e615', 'Main', 1, false, false, '2026-11-28 21:32:00.032694+00', NULL, '3e4a2562-2f24-4b93-82f8-180c0baf7cb5', 'microsoft365', 'aaaaaaaa-1111-4111-8111-111111111111', true, NULL, true, false),
	('1946c866-3a1d-4808-9821-fe567d3c2f21', 'Main', 1, true, false, '2026-11-28 21:31:44.098511+00', '41329162-c24b-4c98-93d1-3818cb93ef7c', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02', 'microsoft365', '11111111-2222-4333-8444-555555555555', true, '{"any": [{"field": "department", "value": ["Sales", "Größe & Söhne"], "operator": "is one of"}, {"all": [{"field": "accountEnabled", "value": true, "operator": "is"}, {"field": "displayName", "value": "^(Person|Ines|Amara|Zoe|Orla)", "operator": "matches"}]}, {"field": "kind", "value": "shared", "operator": "is"}]}', true, true),
	('4c27332d-407a-494b-9a49-8c12693bf5ed', 'Main', 1, false, false, '2026-11-28 21:31:56.092129+00', '66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 'microsoft365', '11111111-2222-4333-8444-555555555555', true, NULL, true, false),
	('0858922e-2bbf-4b34-b121-45e09f37a596', 'Main', 2, true, false, '2026-11-28 21:31:55.669757+00', '66ab1ce2-5bb1-48c3-8dfd-c5bd4a93505d', 'cf4c5e4d-b2f2-43f5-bd44-125cd9fe3573', 'microsoft365', '11111111-2222-4333-8444-555555555555', true, NULL, true, false),
	('df6aae2a-f58d-478a-8112-df26e4e70ae4', 'Main', 1, true, false, '2026-11-28 21:31:58.036671+00', '41329162-c24b-4c98-93d1-3818cb93ef7c', '86deb2a7-c5bc-4459-bda2-affba3197512', 'microsoft365', '11111111-2222-4333-8444-555555555555', true, NULL, true, false),
	('ec1494d3-fa2c-4174-b5de-9555b8e84771', 'Main', 1, true, false, '2026-11-28 21:31:58.093958+00', '41329162-c24b-4c98-93d1-3818cb93ef7c', '40ce0d52-1753-4233-96aa-90a4f4989527', 'microsoft365', '11111111-2222-4333-8444-555555555555', true, NULL, true, false),
	('1b243fee-b9ca-4dec-a4f6-6ea24973ab6f', 'Main', 1, true, false, '2026-11-28 21:31:59.046594+00', 'ad3a9e81-af78-44fe-962a-ac6181ccffd6', 'd18d2586-a927-4e14-a95f-f79727ba6c7e', 'microsoft365', 'aaaaaaaa-1111-4111-8111-111111111111', true, NULL, true, false),
	('a0022946-7cf6-4bdc-b9dd-08240d646add', 'Main', 1, false, false, '2026-11-28 21:31:59.674666+00', NULL, 'bc52b7c3-3121-49cf-bfa0-98e74dd3c23c', 'microsoft365', '', true, NULL, true, false);

INSERT INTO public.sync_staticupload (id, name, content, uploaded_at, domain_id) VALUES
	('b2940dc3-36e2-406e-8091-2ce04af7dd56', 'list.csv', '\x616464726573730a6c6973744062726967687477617465722e6578616d706c650a', '2026-11-28 21:31:44.806863+00', 'da5c8ec8-ff36-4e4f-b517-f98183fc4e02');

SELECT pg_catalog.setval('public.account_emailaddress_id_seq', 1, false);

SELECT pg_catalog.setval('public.account_emailconfirmation_id_seq', 1, false);

SELECT pg_catalog.setval('public.accounts_auditentry_id_seq', 175, true);

SELECT pg_catalog.setval('public.accounts_membership_id_seq', 8, true);

SELECT pg_catalog.setval('public.auth_group_id_seq', 1, false);

SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 1, false);

SELECT pg_catalog.setval('public.auth_permission_id_seq', 156, true);

SELECT pg_catalog.setval('public.directory_exemption_id_seq', 2, true);

SELECT pg_catalog.setval('public.directory_group_id_seq', 16, true);

SELECT pg_catalog.setval('public.django_content_type_id_seq', 39, true);

SELECT pg_catalog.setval('public.django_migrations_id_seq', 90, true);

SELECT pg_catalog.setval('public.mfa_authenticator_id_seq', 5, true);

SELECT pg_catalog.setval('public.procrastinate_events_id_seq', 8, true);

SELECT pg_catalog.setval('public.procrastinate_jobs_id_seq', 6, true);

SELECT pg_catalog.setval('public.procrastinate_periodic_defers_id_seq', 1, false);

SELECT pg_catalog.setval('public.procrastinate_workers_id_seq', 1, true);

SELECT pg_catalog.setval('public.sync_mailboxpurpose_id_seq', 41, true);

SELECT pg_catalog.setval('public.sync_runchange_id_seq', 120, true);

SELECT pg_catalog.setval('public.sync_runskip_id_seq', 90, true);

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_auditentry
    ADD CONSTRAINT accounts_auditentry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_cache
    ADD CONSTRAINT accounts_cache_pkey PRIMARY KEY (cache_key);

ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT accounts_membership_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_operator
    ADD CONSTRAINT accounts_operator_email_key UNIQUE (email);

ALTER TABLE ONLY public.accounts_operator
    ADD CONSTRAINT accounts_operator_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_signinpolicy
    ADD CONSTRAINT accounts_signinpolicy_pkey PRIMARY KEY (organization_id);

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

ALTER TABLE ONLY public.directory_address
    ADD CONSTRAINT directory_address_pkey PRIMARY KEY (address);

ALTER TABLE ONLY public.directory_domain
    ADD CONSTRAINT directory_domain_name_key UNIQUE (name);

ALTER TABLE ONLY public.directory_domain
    ADD CONSTRAINT directory_domain_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_domainalias
    ADD CONSTRAINT directory_domainalias_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.directory_exemption
    ADD CONSTRAINT directory_exemption_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_group
    ADD CONSTRAINT directory_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_organization
    ADD CONSTRAINT directory_organization_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_owner
    ADD CONSTRAINT directory_owner_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_staticnote
    ADD CONSTRAINT directory_staticnote_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.directory_user
    ADD CONSTRAINT directory_user_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);

ALTER TABLE ONLY public.directory_exemption
    ADD CONSTRAINT exemption_once_an_object UNIQUE (domain_id, external_id);

ALTER TABLE ONLY public.directory_group
    ADD CONSTRAINT group_of_domain UNIQUE (domain_id, id);

ALTER TABLE ONLY public.directory_group
    ADD CONSTRAINT group_once_a_domain UNIQUE (domain_id, name);

ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT membership_once UNIQUE (operator_id, organization_id);

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_owner
    ADD CONSTRAINT owner_of_domain UNIQUE (domain_id, id);

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

ALTER TABLE ONLY public.sync_runchange
    ADD CONSTRAINT run_change_in_order UNIQUE (run_id, "position");

ALTER TABLE ONLY public.sync_source
    ADD CONSTRAINT source_precedence_once_a_domain UNIQUE (domain_id, precedence);

ALTER TABLE ONLY public.sync_certificatedraft
    ADD CONSTRAINT sync_certificatedraft_pkey PRIMARY KEY (source_id);

ALTER TABLE ONLY public.sync_connection
    ADD CONSTRAINT sync_connection_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sync_consentattempt
    ADD CONSTRAINT sync_consentattempt_consent_hash_key UNIQUE (consent_hash);

ALTER TABLE ONLY public.sync_consentattempt
    ADD CONSTRAINT sync_consentattempt_hand_over_hash_key UNIQUE (hand_over_hash);

ALTER TABLE ONLY public.sync_consentattempt
    ADD CONSTRAINT sync_consentattempt_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sync_consentattempt
    ADD CONSTRAINT sync_consentattempt_signin_hash_key UNIQUE (signin_hash);

ALTER TABLE ONLY public.sync_consentattempt
    ADD CONSTRAINT sync_consentattempt_start_key UNIQUE (start);

ALTER TABLE ONLY public.sync_consentlink
    ADD CONSTRAINT sync_consentlink_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sync_consentlink
    ADD CONSTRAINT sync_consentlink_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.sync_mailboxpurpose
    ADD CONSTRAINT sync_mailboxpurpose_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sync_run
    ADD CONSTRAINT sync_run_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sync_runchange
    ADD CONSTRAINT sync_runchange_pkey PRIMARY KEY (id);

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

ALTER TABLE ONLY public.sync_source
    ADD CONSTRAINT sync_source_pkey PRIMARY KEY (owner_id);

ALTER TABLE ONLY public.sync_staticupload
    ADD CONSTRAINT sync_staticupload_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_user
    ADD CONSTRAINT user_of_domain UNIQUE (domain_id, id);

CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);

CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);

CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);

CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);

CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);

CREATE INDEX accounts_cache_expires ON public.accounts_cache USING btree (expires);

CREATE INDEX accounts_invitation_invited_by_id_94a21efc ON public.accounts_invitation USING btree (invited_by_id);

CREATE INDEX accounts_invitation_organization_id_2be75950 ON public.accounts_invitation USING btree (organization_id);

CREATE INDEX accounts_invitation_token_hash_3d59d75c_like ON public.accounts_invitation USING btree (token_hash text_pattern_ops);

CREATE INDEX accounts_membership_organization_id_936776de ON public.accounts_membership USING btree (organization_id);

CREATE INDEX accounts_operator_email_b0735d8b_like ON public.accounts_operator USING btree (email varchar_pattern_ops);

CREATE INDEX address_by_user ON public.directory_address USING btree (domain_id, user_id);

CREATE UNIQUE INDEX address_primary_once_a_user ON public.directory_address USING btree (user_id) WHERE is_primary;

CREATE INDEX audit_by_organization ON public.accounts_auditentry USING btree (organization, id DESC);

CREATE INDEX audit_by_user ON public.accounts_auditentry USING btree (((details ->> 'user'::text)), id DESC);

CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);

CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);

CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);

CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);

CREATE INDEX consent_attempt_by_source ON public.sync_consentattempt USING btree (source_id, started_at DESC);

CREATE INDEX consent_link_by_source ON public.sync_consentlink USING btree (source_id, created_at DESC);

CREATE INDEX directory_domain_name_c77d8d77_like ON public.directory_domain USING btree (name text_pattern_ops);

CREATE INDEX directory_domain_organization_id_d0935d9d ON public.directory_domain USING btree (organization_id);

CREATE INDEX directory_domainalias_domain_id_7dc74582 ON public.directory_domainalias USING btree (domain_id);

CREATE INDEX directory_domainalias_name_ddd04600_like ON public.directory_domainalias USING btree (name text_pattern_ops);

CREATE INDEX directory_organization_parent_id_e23f8dbe ON public.directory_organization USING btree (parent_id);

CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);

CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);

CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);

CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON public.mfa_authenticator USING btree (user_id);

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);

CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));

CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);

CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);

CREATE UNIQUE INDEX request_one_waiting_a_trigger ON public.sync_runrequest USING btree (domain_id, trigger) WHERE (outcome = ''::text);

CREATE INDEX run_by_domain ON public.sync_run USING btree (domain_id, started_at DESC);

CREATE INDEX run_change_by_user ON public.sync_runchange USING btree ("user", id DESC);

CREATE INDEX run_held_by_domain ON public.sync_run USING btree (domain_id, started_at DESC) WHERE (state = 'held'::text);

CREATE UNIQUE INDEX run_one_under_way_a_domain ON public.sync_run USING btree (domain_id) WHERE (state = ANY (ARRAY['reading'::text, 'applying'::text]));

CREATE INDEX run_skip_by_address ON public.sync_runskip USING btree (address, id DESC);

CREATE INDEX schedule_due ON public.sync_schedule USING btree (next_run_at) WHERE (automatic AND (paused IS NULL));

CREATE INDEX sync_connection_organization_id_3adbfdca ON public.sync_connection USING btree (organization_id);

CREATE INDEX sync_consentattempt_domain_id_02d5ca88 ON public.sync_consentattempt USING btree (domain_id);

CREATE INDEX sync_consentattempt_link_id_0725ae7e ON public.sync_consentattempt USING btree (link_id);

CREATE INDEX sync_consentattempt_operator_id_be8e649f ON public.sync_consentattempt USING btree (operator_id);

CREATE INDEX sync_consentattempt_source_id_cc873457 ON public.sync_consentattempt USING btree (source_id);

CREATE INDEX sync_consentlink_created_by_id_f10fa470 ON public.sync_consentlink USING btree (created_by_id);

CREATE INDEX sync_consentlink_domain_id_44065275 ON public.sync_consentlink USING btree (domain_id);

CREATE INDEX sync_consentlink_source_id_47623824 ON public.sync_consentlink USING btree (source_id);

CREATE INDEX sync_run_domain_id_9e8f25d9 ON public.sync_run USING btree (domain_id);

CREATE INDEX sync_run_parent_id_e9b56282 ON public.sync_run USING btree (parent_id);

CREATE INDEX sync_run_waits_in_id_368c2b00 ON public.sync_run USING btree (waits_in_id);

CREATE INDEX sync_runrequest_domain_id_406589b8 ON public.sync_runrequest USING btree (domain_id);

CREATE INDEX sync_runskip_run_id_1f2992f6 ON public.sync_runskip USING btree (run_id);

CREATE INDEX sync_source_connection_id_b0be2e97 ON public.sync_source USING btree (connection_id);

CREATE INDEX sync_source_domain_id_46d98715 ON public.sync_source USING btree (domain_id);

CREATE INDEX sync_staticupload_domain_id_763a415e ON public.sync_staticupload USING btree (domain_id);

CREATE UNIQUE INDEX unique_authenticator_type ON public.mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY ((ARRAY['totp'::character varying, 'recovery_codes'::character varying])::text[]));

CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";

CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;

CREATE INDEX user_by_name ON public.directory_user USING btree (domain_id, lower(display_name), id);

CREATE UNIQUE INDEX user_once_an_object ON public.directory_user USING btree (domain_id, external_id) WHERE (external_id IS NOT NULL);

CREATE INDEX user_retired_by_name ON public.directory_user USING btree (domain_id, lower(display_name), id) WHERE (retired_at IS NOT NULL);

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();

CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();

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

ALTER TABLE ONLY public.accounts_signinpolicy
    ADD CONSTRAINT accounts_signinpolic_organization_id_42f55937_fk_directory FOREIGN KEY (organization_id) REFERENCES public.directory_organization(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.directory_address
    ADD CONSTRAINT directory_address_user_id_same_domain FOREIGN KEY (domain_id, user_id) REFERENCES public.directory_user(domain_id, id);

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

ALTER TABLE ONLY public.directory_staticnote
    ADD CONSTRAINT directory_staticnote_user_id_same_domain FOREIGN KEY (domain_id, user_id) REFERENCES public.directory_user(domain_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.directory_user
    ADD CONSTRAINT directory_user_group_id_same_domain FOREIGN KEY (domain_id, group_id) REFERENCES public.directory_group(domain_id, id);

ALTER TABLE ONLY public.directory_user
    ADD CONSTRAINT directory_user_owner_id_same_domain FOREIGN KEY (domain_id, owner_id) REFERENCES public.directory_owner(domain_id, id);

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_accounts_operator_id FOREIGN KEY (user_id) REFERENCES public.accounts_operator(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);

ALTER TABLE ONLY public.sync_certificatedraft
    ADD CONSTRAINT sync_certificatedraf_source_id_4185f7f4_fk_sync_sour FOREIGN KEY (source_id) REFERENCES public.sync_source(owner_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_connection
    ADD CONSTRAINT sync_connection_organization_id_3adbfdca_fk_directory FOREIGN KEY (organization_id) REFERENCES public.directory_organization(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_consentattempt
    ADD CONSTRAINT sync_consentattempt_domain_id_02d5ca88_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_consentattempt
    ADD CONSTRAINT sync_consentattempt_link_id_0725ae7e_fk_sync_consentlink_id FOREIGN KEY (link_id) REFERENCES public.sync_consentlink(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_consentattempt
    ADD CONSTRAINT sync_consentattempt_operator_id_be8e649f_fk_accounts_ FOREIGN KEY (operator_id) REFERENCES public.accounts_operator(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_consentattempt
    ADD CONSTRAINT sync_consentattempt_source_id_cc873457_fk_sync_source_owner_id FOREIGN KEY (source_id) REFERENCES public.sync_source(owner_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_consentlink
    ADD CONSTRAINT sync_consentlink_created_by_id_f10fa470_fk_accounts_operator_id FOREIGN KEY (created_by_id) REFERENCES public.accounts_operator(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_consentlink
    ADD CONSTRAINT sync_consentlink_domain_id_44065275_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_consentlink
    ADD CONSTRAINT sync_consentlink_source_id_47623824_fk_sync_source_owner_id FOREIGN KEY (source_id) REFERENCES public.sync_source(owner_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_mailboxpurpose
    ADD CONSTRAINT sync_mailboxpurpose_connection_id_ae7adffb_fk_sync_conn FOREIGN KEY (connection_id) REFERENCES public.sync_connection(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_run
    ADD CONSTRAINT sync_run_domain_id_9e8f25d9_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_run
    ADD CONSTRAINT sync_run_parent_id_e9b56282_fk_sync_run_id FOREIGN KEY (parent_id) REFERENCES public.sync_run(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_run
    ADD CONSTRAINT sync_run_waits_in_id_368c2b00_fk_sync_run_id FOREIGN KEY (waits_in_id) REFERENCES public.sync_run(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_runchange
    ADD CONSTRAINT sync_runchange_run_id_5947b451_fk_sync_run_id FOREIGN KEY (run_id) REFERENCES public.sync_run(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_runprogress
    ADD CONSTRAINT sync_runprogress_run_id_02792a96_fk_sync_run_id FOREIGN KEY (run_id) REFERENCES public.sync_run(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_runrequest
    ADD CONSTRAINT sync_runrequest_domain_id_406589b8_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_runskip
    ADD CONSTRAINT sync_runskip_run_id_1f2992f6_fk_sync_run_id FOREIGN KEY (run_id) REFERENCES public.sync_run(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_sample
    ADD CONSTRAINT sync_sample_connection_id_973498aa_fk_sync_connection_id FOREIGN KEY (connection_id) REFERENCES public.sync_connection(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_schedule
    ADD CONSTRAINT sync_schedule_domain_id_015866a4_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_source
    ADD CONSTRAINT sync_source_connection_id_b0be2e97_fk_sync_connection_id FOREIGN KEY (connection_id) REFERENCES public.sync_connection(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_source
    ADD CONSTRAINT sync_source_domain_id_46d98715_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_source
    ADD CONSTRAINT sync_source_owner_id_0d98bb9d_fk_directory_owner_id FOREIGN KEY (owner_id) REFERENCES public.directory_owner(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sync_staticupload
    ADD CONSTRAINT sync_staticupload_domain_id_763a415e_fk_directory_domain_id FOREIGN KEY (domain_id) REFERENCES public.directory_domain(id) DEFERRABLE INITIALLY DEFERRED;
