"""What is taken out of an organization and all below it: a table each, with its columns by name.

By name, so that a column that comes later, which may hold a credential, is taken out only when somebody puts it here.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Extract:
    """One file of an export. `select` is of the organizations `%(places)s`; `sheet`: it is written as CSV, too."""

    name: str
    select: str
    sheet: bool = False


_OWN: Final = "JOIN directory_domain d ON d.id = {table}.domain_id AND d.organization_id = ANY (%(places)s)"
_OF_RUN: Final = f"JOIN sync_run r ON r.id = x.run_id {_OWN.format(table='r')}"


def _of_domain(name: str, columns: str, table: str, order: str, *, sheet: bool = False, more: str = "") -> Extract:
    """A table whose rows belong to a domain, which stands in the first column by its name."""
    join_clause = _OWN.format(table="x")
    select = f"SELECT d.name AS domain, {columns} FROM {table} x {join_clause} {more} ORDER BY {order}"  # noqa: S608
    return Extract(name, select, sheet)


def _of_run(name: str, columns: str, table: str, order: str) -> Extract:
    """A table whose rows belong to a run of a domain."""
    select = f"SELECT d.name AS domain, x.run_id AS run, {columns} FROM {table} x {_OF_RUN} ORDER BY {order}"  # noqa: S608
    return Extract(name, select)


def _of_place(name: str, columns: str, table: str, order: str) -> Extract:
    return Extract(name, f"SELECT {columns} FROM {table} x WHERE x.organization_id = ANY (%(places)s) ORDER BY {order}")  # noqa: S608


EXTRACTS: Final = (
    Extract(
        "organizations",
        "SELECT x.id, x.name, x.parent_id AS parent, x.help_url, x.ticket_url, x.keeps_asked, x.created_at,"
        " s.demand AS second_factor"
        " FROM directory_organization x LEFT JOIN accounts_signinpolicy s ON s.organization_id = x.id"
        " WHERE x.id = ANY (%(places)s) ORDER BY x.id",
    ),
    _of_place(
        "domains",
        "x.name AS domain, x.id, x.organization_id AS organization, x.unicode_name, x.proved_at, x.proved_by,"
        " x.claimed_at, x.serving, x.plus_tags, extract(epoch FROM x.stale_after)::bigint / 3600 AS stale_after_hours,"
        " x.has_source, x.read_at, x.created_at",
        "directory_domain",
        "x.name, x.id",
    ),
    _of_domain("alias_domains", "x.name, x.unicode_name, x.proved_at, x.claimed_at", "directory_domainalias", "1, 2"),
    _of_domain("groups", "x.id, x.name", "directory_group", "1, 3, 2", sheet=True),
    _of_domain(
        "users",
        'x.id, x.display_name, x.kind, x.kind_rule, x.billable, g.name AS "group", o.label AS managed_by,'
        " x.external_id, x.object_type, x.pinned, x.kept, x.exempt, x.kind_by_hand, x.group_by_hand,"
        " x.former_addresses, x.retired_at, x.created_at, x.updated_at",
        "directory_user",
        "1, 2",
        sheet=True,
        more="JOIN directory_group g ON g.id = x.group_id LEFT JOIN directory_owner o ON o.id = x.owner_id",
    ),
    _of_domain(
        "addresses",
        'x.address, x.user_id AS "user", x.is_primary, x.ending_since, x.confirmed_at',
        "directory_address",
        "1, 2",
        sheet=True,
    ),
    _of_domain(
        "static_addresses",
        'a.address, x.id AS "user", n.responsible, n.note, n.review_on',
        "directory_user",
        "1, 2, 3",
        sheet=True,
        more="JOIN directory_address a ON a.user_id = x.id AND a.is_primary"
        " LEFT JOIN directory_staticnote n ON n.user_id = x.id WHERE x.kind = 'static'",
    ),
    _of_domain("exemptions", "x.external_id, x.display_name, x.address, x.created_at", "directory_exemption", "1, 2"),
    Extract(
        "pauses",
        "SELECT d.name AS domain, x.organization_id AS organization, x.since, x.actor, x.reason FROM directory_pause x"
        " LEFT JOIN directory_domain d ON d.id = x.domain_id"
        " WHERE coalesce(d.organization_id, x.organization_id) = ANY (%(places)s) ORDER BY x.id",
    ),
    _of_place(
        "connections",
        "x.id, x.organization_id AS organization, x.kind, x.cloud, x.login_url, x.graph_url, x.tenant_id, x.client_id,"
        " x.credential_kind, x.credential_ends_at, x.hybrid, x.consent, x.health, x.created_at",
        "connections_connection",
        "x.id",
    ),
    _of_domain(
        "sources",
        'x.owner_id AS id, o.label, x.kind, x.connection_id AS connection, x.tenant, x."group", x.precedence,'
        " x.enabled, x.adopts, x.filter, x.groups, x.contacts, x.guests, x.read_at, x.created_at",
        "connections_source",
        "1, x.precedence",
        more="JOIN directory_owner o ON o.id = x.owner_id",
    ),
    _of_domain(
        "schedules",
        "x.automatic, x.interval, x.next_run_at, x.switched_by, x.switched_at, x.failures, x.failing, x.paused",
        "sync_schedule",
        "1",
    ),
    _of_domain(
        "runs",
        "x.id, x.number, x.parent_id AS parent, x.waits_in_id AS waits_in, x.trigger, x.state, x.actor, x.tenants,"
        " x.sources, x.counts, x.findings, x.error, x.timings, x.started_at, x.read_at, x.finished_at, x.opened_at,"
        " x.decided_by, x.decision_reason",
        "sync_run",
        "1, x.number",
    ),
    _of_run(
        "changes",
        'x.position, x.action, x."user", x.external_id, x.address, x.before, x.reasons, x.object_type, x.display_name,'
        ' x.kind, x.kind_rule, x.billable, x.kept, x."group", x."primary", x.aliases, x.former, x.retired',
        "sync_runchange",
        "x.run_id, x.position",
    ),
    _of_run("skips", "x.name, x.external_id, x.address, x.reason", "sync_runskip", "x.id"),
    _of_domain(
        "requests",
        "x.id, x.trigger, x.actor, x.asked_at, x.run, x.decision, x.reason, x.outcome, x.error, x.settled_at",
        "sync_runrequest",
        "1, x.asked_at, x.id",
    ),
    _of_domain("answers_given", "x.day, x.answer, x.count", "gateway_answercount", "1, 2, 3"),
    _of_domain("gateways", "x.kind, x.name, x.last_at", "gateway_asker", "1, 2, 3"),
    _of_domain("addresses_asked", "x.address, x.last_on, x.counts", "gateway_knownaddress", "1, 2"),
    _of_domain(
        "addresses_refused", "x.address, x.watched, x.first_at, x.last_at, x.count", "gateway_refusedaddress", "1, 2"
    ),
    Extract(
        "people",
        "SELECT o.email, o.name, x.role, x.organization_id AS organization, o.is_active, x.created_at"
        " FROM accounts_membership x JOIN accounts_operator o ON o.id = x.operator_id"
        " WHERE x.organization_id = ANY (%(places)s) ORDER BY x.id",
        sheet=True,
    ),
    _of_place(
        "alerts",
        "x.id, x.cause, x.organization_id AS organization, x.severity, x.state, x.size, x.domains, x.users, x.facts,"
        " x.since, x.changed_at, x.ended_at, x.snoozed_until, x.snoozed_by, x.acknowledged_at, x.acknowledged_by,"
        " x.acknowledged_note",
        "alerts_alert",
        "x.since, x.id",
    ),
    _of_place(
        "alert_channels",
        "x.id, x.organization_id AS organization, x.kind, x.name, x.shown, x.created_at, x.last_at, x.last_answer",
        "alerts_alertchannel",
        "x.created_at, x.id",
    ),
    _of_place(
        "alert_rules",
        "x.organization_id AS organization, x.cause, x.severity, x.threshold, x.administrators,"
        " ARRAY(SELECT t.alertchannel_id FROM alerts_alertrule_channels t WHERE t.alertrule_id = x.id ORDER BY 1)"
        " AS channels",
        "alerts_alertrule",
        "x.organization_id, x.cause",
    ),
    _of_place(
        "alert_digests",
        'x.organization_id AS organization, x."on", x.minute',
        "alerts_alertdigest",
        "x.organization_id",
    ),
    _of_place(
        "invitations",
        "x.email, x.role, x.organization_id AS organization, x.created_at, x.expires_at, x.accepted_at, x.withdrawn_at",
        "accounts_invitation",
        "x.created_at, x.id",
    ),
    Extract(
        "tokens",
        "SELECT t.id, t.name, t.purposes, x.organization_id AS organization, t.created_at, t.expires_at, t.revoked_at,"
        " t.last_used_at FROM accounts_token t JOIN accounts_token_organizations x ON x.token_id = t.id"
        " WHERE x.organization_id = ANY (%(places)s) ORDER BY t.id, x.id",
    ),
)
