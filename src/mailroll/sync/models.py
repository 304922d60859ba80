"""The rows of connections, sources and runs. A run's changes are its plan, one row each, so that people can ask."""

from enum import StrEnum
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from mailroll.directory.models import Domain, Organization, Owner
from mailroll.reconcile.plan import Action
from mailroll.sync.consent.rows import CertificateDraft, ConsentAttempt, ConsentLink

__all__ = [
    "UNDER_WAY",
    "CertificateDraft",
    "Connection",
    "ConsentAttempt",
    "ConsentLink",
    "CredentialKind",
    "Run",
    "RunChange",
    "RunSkip",
    "RunState",
    "Source",
    "Trigger",
]


class Trigger(StrEnum):
    """What made a run begin. HELD is the part of another run that waits for a person."""

    PREVIEW = "preview"
    MANUAL = "manual"
    AUTOMATIC = "automatic"
    HELD = "held"


class RunState(StrEnum):
    """Where a run stands."""

    READING = "reading"
    PLANNED = "planned"
    HELD = "held"
    APPLYING = "applying"
    APPLIED = "applied"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


UNDER_WAY = (RunState.READING, RunState.APPLYING)


def _among(field: str, values: type[StrEnum]) -> Q:
    return Q(**{f"{field}__in": [value.value for value in values]})


class CredentialKind(StrEnum):
    """What a connection proves itself with. INSTALLATION: the registration of this installation, sealed nowhere."""

    SECRET = "secret"  # noqa: S105 - the kind, not one of them
    CERTIFICATE = "certificate"
    INSTALLATION = "installation"


class Connection(models.Model):
    """Stored permission to read one tenant. The hosts are pinned here when it is added, for good.

    `health` is what the last check found, `consent` who accepted it: both empty until they are known.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="connections")
    kind = models.TextField()
    cloud = models.TextField()
    login_url = models.TextField()
    graph_url = models.TextField()
    ca_file = models.TextField(blank=True)
    tenant_id = models.TextField()
    client_id = models.TextField()
    credential_kind = models.TextField()
    sealed_credential = models.TextField(blank=True)
    credential_ends_at = models.DateTimeField(null=True, blank=True)
    consent = models.JSONField(default=dict)
    health = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.CheckConstraint(condition=_among("credential_kind", CredentialKind), name="connection_credential"),
            models.CheckConstraint(
                condition=~Q(sealed_credential="") | Q(credential_kind=CredentialKind.INSTALLATION.value),
                name="connection_credential_sealed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.tenant_id}"


class Source(models.Model):
    """A User Source on a domain. It shares its id with the owner that the roll knows.

    A source without a connection is one whose kind was chosen and that waits to be connected; it is off.
    `tenant` is the one it was bound to, kept when it is disconnected: it never silently turns to another.
    """

    owner = models.OneToOneField(Owner, models.PROTECT, primary_key=True, related_name="source")
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="sources")
    kind = models.TextField(default="microsoft365", db_default="microsoft365")
    connection = models.ForeignKey(Connection, models.PROTECT, null=True, blank=True, related_name="sources")
    tenant = models.TextField(blank=True, default="", db_default="")
    group = models.TextField()
    precedence = models.PositiveIntegerField()
    enabled = models.BooleanField(default=True, db_default=True)
    adopts = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("domain", "precedence"), name="source_precedence_once_a_domain"),
            models.CheckConstraint(
                condition=Q(enabled=False) | Q(connection__isnull=False), name="source_connected_where_enabled"
            ),
        )

    def __str__(self) -> str:
        return str(self.owner)


class Run(models.Model):
    """One pass over one domain, with its plan, findings and outcome.

    `digest` names the plan, `fingerprint` what it touches; both are checked when it is applied. `parent` is set on
    the part of a plan that waits, and `waits_in` on every run whose removals wait in another. `fence` grows with
    every run of the domain: an older one may no longer write. `opened_at` is when a person first looked at its plan.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="runs")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    waits_in = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    trigger = models.TextField()
    state = models.TextField()
    actor = models.TextField()
    fence = models.PositiveBigIntegerField()
    revision = models.PositiveIntegerField()
    tenants = ArrayField(models.TextField(), default=list)
    digest = models.TextField(blank=True)
    fingerprint = models.TextField(blank=True)
    counts = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    error = models.JSONField(null=True, blank=True)
    timings = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.TextField(blank=True)
    decision_reason = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=("domain", "-started_at"), name="run_by_domain"),)
        constraints = (
            models.CheckConstraint(condition=_among("state", RunState), name="run_state_known"),
            models.CheckConstraint(condition=_among("trigger", Trigger), name="run_trigger_known"),
            # The advisory lock keeps runs apart; this keeps the rows honest if a lock is ever lost.
            models.UniqueConstraint(
                fields=("domain",),
                condition=Q(state__in=[state.value for state in UNDER_WAY]),
                name="run_one_under_way_a_domain",
            ),
        )

    def __str__(self) -> str:
        return f"{self.trigger} {self.state}"


class RunChange(models.Model):
    """One change of a run's plan, in the plan's order."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="changes", db_index=False)
    position = models.PositiveIntegerField()
    action = models.TextField()
    user = models.UUIDField()
    external_id = models.TextField(blank=True)
    address = models.TextField(blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reasons = models.JSONField()

    class Meta:
        indexes = (models.Index(fields=("user", "-id"), name="run_change_by_user"),)
        constraints = (
            models.UniqueConstraint(fields=("run", "position"), name="run_change_in_order"),
            models.CheckConstraint(condition=_among("action", Action), name="run_change_action_known"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.address}"


class RunSkip(models.Model):
    """A record, or one address of it, that a run left out of the roll, and why."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="skips")
    external_id = models.TextField(blank=True)
    address = models.TextField(blank=True)
    reason = models.JSONField()

    class Meta:
        indexes = (models.Index(fields=("address", "-id"), name="run_skip_by_address"),)

    def __str__(self) -> str:
        return self.address or self.external_id
