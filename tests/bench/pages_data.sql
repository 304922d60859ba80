-- A provider with many customers, as set statements: five domains and one connection a customer, ten users a domain.
-- %(domains)s domains in all. One in a hundred domains failed, one in a hundred is held, one in twenty is off.
INSERT INTO directory_organization (id, name, parent_id) VALUES (pg_temp.key('o', 0), 'Northgate', NULL);
INSERT INTO directory_organization (id, name, parent_id)
SELECT pg_temp.key('o', n), 'Customer ' || n, pg_temp.key('o', 0) FROM generate_series(1, %(domains)s / 5) n;

INSERT INTO directory_domain (id, organization_id, name, proved_at, proved_by, revision, has_source, read_at)
SELECT pg_temp.key('d', n), pg_temp.key('o', 1 + (n - 1) / 5), 'customer' || n || '.example', now(), 'tenant', 3, true,
       now() - (n %% 60) * interval '1 minute'
  FROM generate_series(1, %(domains)s) n;

INSERT INTO directory_owner (id, domain_id, label)
SELECT pg_temp.key('s', n), pg_temp.key('d', n), 'Microsoft 365' FROM generate_series(1, %(domains)s) n;

INSERT INTO connections_connection (id, organization_id, kind, cloud, login_url, graph_url, ca_file, tenant_id,
    client_id, credential_kind, sealed_credential, credential_ends_at, consent, health)
SELECT pg_temp.key('c', n), pg_temp.key('o', n), 'microsoft365', 'global', 'https://login.microsoftonline.com',
       'https://graph.microsoft.com', '', pg_temp.key('t', n)::text, pg_temp.key('a', n)::text, 'secret', 'sealed',
       now() + (n %% 300) * interval '1 day', '{}',
       jsonb_build_object('state', 'ok', 'tenant_name', 'Tenant ' || n, 'checked_at', now()::text)
  FROM generate_series(1, %(domains)s / 5) n;

INSERT INTO connections_source (owner_id, domain_id, connection_id, tenant, "group", precedence, enabled, adopts,
    groups, contacts, guests, read_at)
SELECT pg_temp.key('s', n), pg_temp.key('d', n), pg_temp.key('c', 1 + (n - 1) / 5),
       pg_temp.key('t', 1 + (n - 1) / 5)::text, 'Main', 1, true, false, true, true, false,
       now() - (n %% 60) * interval '1 minute'
  FROM generate_series(1, %(domains)s) n;

INSERT INTO sync_schedule (domain_id, automatic, "interval", jitter, next_run_at, previewed_revision, switched_by, failures)
SELECT pg_temp.key('d', n), n %% 20 <> 0, 60, (n %% 997) / 997.0, now() + interval '1 day' + n %% 60 * interval '1 minute', 3, '', 0
  FROM generate_series(1, %(domains)s) n;

INSERT INTO directory_group (domain_id, name, key)
SELECT pg_temp.key('d', n), name, lower(name) FROM generate_series(1, %(domains)s) n, unnest(ARRAY['Main', 'Sales']) name;

INSERT INTO directory_user (id, domain_id, group_id, owner_id, external_id, object_type, display_name, kind,
    kind_rule, billable, former_addresses, content_hash, created_at, updated_at)
SELECT pg_temp.key('u', n), g.domain_id, g.id, pg_temp.key('s', 1 + (n - 1) / 10),
       'user:' || pg_temp.key('t', 1 + (n - 1) / 50) || ':' || pg_temp.key('x', n), 'user', 'Person ' || n, 'user',
       '', n %% 4 <> 0, '{}', md5(n::text), now() - interval '90 days', now() - interval '1 day'
  FROM generate_series(1, %(domains)s * 10) n
  JOIN directory_group g ON g.domain_id = pg_temp.key('d', 1 + (n - 1) / 10) AND g.name = 'Main';

INSERT INTO directory_address (address, user_id, domain_id, is_primary)
SELECT 'person' || n || '@customer' || 1 + (n - 1) / 10 || '.example', pg_temp.key('u', n),
       pg_temp.key('d', 1 + (n - 1) / 10), true
  FROM generate_series(1, %(domains)s * 10) n;

-- Three runs a domain since yesterday: most change nothing.
INSERT INTO sync_run (id, domain_id, trigger, state, actor, fence, revision, tenants, sources, digest, fingerprint, counts,
    findings, timings, started_at, read_at, valid_until, finished_at, decided_by, decision_reason)
SELECT pg_temp.key('r', n * 3 + k), pg_temp.key('d', n), 'automatic',
       CASE WHEN k = 2 AND n %% 100 = 1 THEN 'failed' WHEN k = 2 AND n %% 100 = 2 THEN 'held'
            WHEN n %% 7 = k THEN 'applied' ELSE 'unchanged' END,
       'schedule', k + 1, 3, ARRAY[pg_temp.key('t', 1 + (n - 1) / 5)::text],
       jsonb_build_array(jsonb_build_object('id', pg_temp.key('s', n), 'name', 'Microsoft 365', 'answered', true,
           'trusted', true)),
       md5(n::text), '', jsonb_build_object('unchanged', 10, 'skipped', 0, 'users', 10, 'billable', 7,
           'users_after', 10, 'billable_after', 7, 'create', (n %% 7 = k)::int, 'retire', (n %% 100 = 2)::int * 9),
       '[]', '{"read": 0.4, "compare": 0.01}', at, at,
       CASE WHEN k = 2 AND n %% 100 = 2 THEN at + interval '24 hours' END, at + interval '2 seconds', '', ''
  FROM generate_series(1, %(domains)s) n, generate_series(0, 2) k,
       LATERAL (SELECT now() - (2 - k) * interval '8 hours' - (1 + n %% 60) * interval '1 minute' AS at) at;

INSERT INTO accounts_operator (id, password, email, name, is_active)
SELECT pg_temp.key('p', n), '!', 'person' || n || '@northgate.example', 'Operator ' || n, true
  FROM generate_series(0, 1 + %(domains)s / 50) n;
INSERT INTO accounts_membership (operator_id, organization_id, role)
SELECT pg_temp.key('p', n), pg_temp.key('o', n), CASE WHEN n = 0 THEN 'administrator' ELSE 'viewer' END
  FROM generate_series(0, 1 + %(domains)s / 50) n;

INSERT INTO audit_auditentry (at, actor, organization, action, subject, details)
SELECT now() - n * interval '1 second', 'operator:' || pg_temp.key('p', n %% 50), pg_temp.key('o', 1 + n %% (%(domains)s / 5)),
       'interval.changed', pg_temp.key('d', 1 + n %% %(domains)s)::text, '{"before": 60, "after": 30}'
  FROM generate_series(1, %(domains)s * 2) n;

-- What gateways asked: one kind of them for each domain, a week of answers for one in ten, half of the addresses.
INSERT INTO gateway_asker (domain_id, kind, name, last_at)
SELECT pg_temp.key('d', n), 'socketmap', '', now() - interval '3 minutes' FROM generate_series(1, %(domains)s) n;
INSERT INTO gateway_answercount (domain_id, day, answer, count)
SELECT pg_temp.key('d', n), current_date - day, answer, 100 + n
  FROM generate_series(1, %(domains)s, 10) n, generate_series(0, 6) day, unnest(ARRAY['accept', 'unknown']) answer;
INSERT INTO gateway_knownaddress (domain_id, address, last_on, counts)
SELECT pg_temp.key('d', 1 + (n - 1) / 10), 'person' || n || '@customer' || 1 + (n - 1) / 10 || '.example', current_date,
       ARRAY[3, 1, 0, 2, 0, 0, 1]
  FROM generate_series(1, %(domains)s * 10, 2) n;

-- One customer in twenty has something that needs a person.
INSERT INTO alerts_alert (id, cause, organization_id, key, severity, domains, users, facts, since, seen_at, changed_at)
SELECT pg_temp.key('w', n), 'removals_wait', pg_temp.key('o', n), pg_temp.key('d', n * 5)::text, 'decide',
       ARRAY[pg_temp.key('d', n * 5)], 10,
       jsonb_build_object('run', pg_temp.key('r', n * 15 + 2), 'domain', pg_temp.key('d', n * 5),
           'counts', jsonb_build_object('retire', 9), 'findings', '[]'::jsonb), now() - interval '1 hour', now(), now() - interval '1 hour'
  FROM generate_series(1, %(domains)s / 5, 20) n;

-- One domain that is large by itself, of the last customer: half as many users as there are domains, a group for each
-- hundred of these, many static addresses, and a run in which all of it was added.
INSERT INTO directory_domain (id, organization_id, name, proved_at, proved_by, revision, has_source, read_at)
VALUES (pg_temp.key('d', 0), pg_temp.key('o', %(domains)s / 5), 'large.example', now(), 'tenant', 3, true, now());
INSERT INTO directory_owner (id, domain_id, label) VALUES (pg_temp.key('s', 0), pg_temp.key('d', 0), 'Microsoft 365');
INSERT INTO connections_source (owner_id, domain_id, connection_id, tenant, "group", precedence, enabled, adopts,
    groups, contacts, guests, read_at)
VALUES (pg_temp.key('s', 0), pg_temp.key('d', 0), pg_temp.key('c', %(domains)s / 5),
        pg_temp.key('t', %(domains)s / 5)::text, 'Main', 1, true, false, true, true, false, now());
INSERT INTO directory_group (domain_id, name, key)
SELECT pg_temp.key('d', 0), 'Group ' || n, 'group ' || n FROM generate_series(0, %(domains)s / 100) n;
INSERT INTO directory_user (id, domain_id, group_id, owner_id, external_id, object_type, display_name, kind,
    kind_rule, billable, former_addresses, content_hash, created_at, updated_at)
SELECT pg_temp.key('v', n), g.domain_id, g.id, CASE WHEN n %% 20 > 0 THEN pg_temp.key('s', 0) END,
       CASE WHEN n %% 20 > 0 THEN 'user:' || pg_temp.key('t', %(domains)s / 5) || ':' || pg_temp.key('y', n) END, 'user',
       'Somebody ' || n, CASE WHEN n %% 20 > 0 THEN 'user' ELSE 'static' END, '', n %% 20 > 0, '{}', md5(n::text),
       now() - interval '90 days', now() - interval '1 day'
  FROM generate_series(1, %(domains)s / 2) n
  JOIN directory_group g ON g.domain_id = pg_temp.key('d', 0) AND g.key = 'group ' || n %% (1 + %(domains)s / 100);
INSERT INTO directory_address (address, user_id, domain_id, is_primary)
SELECT 'somebody' || n || '@large.example', pg_temp.key('v', n), pg_temp.key('d', 0), true
  FROM generate_series(1, %(domains)s / 2) n;
INSERT INTO sync_run (id, domain_id, trigger, state, actor, fence, revision, tenants, sources, digest, fingerprint,
    counts, findings, timings, started_at, read_at, finished_at, decided_by, decision_reason)
SELECT pg_temp.key('r', 0), pg_temp.key('d', 0), 'manual', 'applied', 'cli:root', 1, 3,
       ARRAY[pg_temp.key('t', %(domains)s / 5)::text],
       jsonb_build_array(jsonb_build_object('id', pg_temp.key('s', 0), 'name', 'Microsoft 365', 'answered', true,
           'trusted', true)),
       'd', '', jsonb_build_object('unchanged', 0, 'skipped', 0, 'users', 0, 'users_after', %(domains)s / 2,
           'create', %(domains)s / 2), '[]', '{"read": 9.4, "compare": 4.1, "apply": 8.0}', now() - interval '1 hour',
       now() - interval '1 hour', now() - interval '59 minutes', '', '';
INSERT INTO sync_runchange (run_id, position, action, "user", external_id, address, reasons, lead, owner, object_type,
    content_hash, display_name, kind, kind_rule, billable, kept, "group", "primary", aliases, former, retired)
SELECT pg_temp.key('r', 0), n, 'create', pg_temp.key('v', n), 'user:' || n, 'somebody' || n || '@large.example',
       '[{"code": "new_at_source", "directory": "Microsoft 365"}]', 'new_at_source', pg_temp.key('s', 0), 'user',
       '', 'Somebody ' || n, 'user', '', true, false, 'Group ' || n %% (1 + %(domains)s / 100),
       'somebody' || n || '@large.example', '{}', '{}', false
  FROM generate_series(1, %(domains)s / 2) n;
