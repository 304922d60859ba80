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
from mailroll.sync.purposes.rows import MailboxPurpose
from mailroll.sync.samples.rows import Sample

__all__ = [
    "UNDER_WAY",
    "CertificateDraft",
    "Connection",
    "ConsentAttempt",
    "ConsentLink",
    "CredentialKind",
    "MailboxPurpose",
    "Run",
    "RunChange",
    "RunSkip",
    "RunState",
    "Sample",
    "Source",
    "StaticUpload",
    "Trigger",
]


class Trigger(StrEnum):
    """What made a run begin. HELD is the part of another run that waits for a person; IMPORT is a file of users."""

    PREVIEW = "preview"
    MANUAL = "manual"
    AUTOMATIC = "automatic"
    HELD = "held"
    IMPORT = "import"


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


class Outcome(StrEnum):
    """What became of a request for a run."""

    DONE = "done"
    JOINED = "joined"
    """A run that was under way, or had begun since, does what was asked for."""
    CANCELLED = "cancelled"
    """Before it began."""


class Step(StrEnum):
    """The steps of a run, in their order."""

    CONNECT = "connect"
    READ = "read"
    MATCH = "match"
    COMPARE = "compare"
    CHECK = "check"
    APPLY = "apply"


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
    # Mailboxes of this tenant may lie on premises, where the tenant cannot see them.
    hybrid = models.BooleanField(default=False, db_default=False)
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
    # As `reconcile.filters.parsing` writes it; null takes everyone.
    filter = models.JSONField(null=True, blank=True)
    groups = models.BooleanField(default=True, db_default=True)
    contacts = models.BooleanField(default=True, db_default=True)
    guests = models.BooleanField(default=False, db_default=False)
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
        indexes = (
            models.Index(fields=("domain", "-started_at"), name="run_by_domain"),
            # Few are held, and every page that lists domains asks which.
            models.Index(
                fields=("domain", "-started_at"), condition=Q(state=RunState.HELD.value), name="run_held_by_domain"
            ),
        )
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


class Schedule(models.Model):
    """When a domain is synced by itself, or why it is not. A domain without a row was never switched on.

    `jitter` is the domain's own place within an interval, from 0 to below 1, so that thousands of domains do not run
    at once. `previewed_revision` is the revision of the settings under which a person last looked at a preview.
    `failures` counts the runs that failed in a row; `paused` is the error that only a person can mend.
    """

    domain = models.OneToOneField(Domain, models.CASCADE, primary_key=True, related_name="schedule")
    automatic = models.BooleanField(default=False, db_default=False)
    interval = models.PositiveIntegerField(default=60, db_default=60)
    jitter = models.FloatField()
    next_run_at = models.DateTimeField(null=True, blank=True)
    previewed_revision = models.PositiveIntegerField(null=True, blank=True)
    # The revision at which filters last changed without anybody having looked at a preview since.
    filtered_revision = models.PositiveIntegerField(null=True, blank=True)
    switched_by = models.TextField(blank=True)
    switched_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0, db_default=0)
    paused = models.JSONField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("next_run_at",), condition=Q(automatic=True, paused__isnull=True), name="schedule_due"
            ),
        )
        constraints = (
            # Five minutes to seven days.
            models.CheckConstraint(condition=Q(interval__gte=5, interval__lte=10_080), name="schedule_interval_sane"),
            models.CheckConstraint(condition=Q(jitter__gte=0, jitter__lt=1), name="schedule_jitter_below_one"),
            models.CheckConstraint(
                condition=Q(automatic=False) | Q(next_run_at__isnull=False), name="schedule_has_a_next_run_where_on"
            ),
        )

    def __str__(self) -> str:
        return f"{self.domain_id} every {self.interval} minutes, {'on' if self.automatic else 'off'}"


class RunRequest(models.Model):
    """A run that was asked for. Its id is that of the run to come, so that there is a page for it at once.

    `run` is the run that answers it: its own, the one under way that it joined, or the one that was begun again after
    a worker died. `outcome` is empty until it is settled.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    domain = models.ForeignKey(Domain, models.CASCADE, related_name="requests")
    trigger = models.TextField()
    actor = models.TextField()
    asked_at = models.DateTimeField()
    # No foreign key: it is named before the run exists.
    run = models.UUIDField(null=True, blank=True)
    outcome = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=_among("trigger", Trigger), name="request_trigger_known"),
            models.CheckConstraint(condition=Q(outcome="") | _among("outcome", Outcome), name="request_outcome_known"),
            # A double click, and a tick beside a person, ask for one run.
            models.UniqueConstraint(
                fields=("domain", "trigger"), condition=Q(outcome=""), name="request_one_waiting_a_trigger"
            ),
        )

    def __str__(self) -> str:
        return f"{self.trigger} {self.domain_id} {self.outcome or 'waiting'}"


class RunProgress(models.Model):
    """How far a run has come. Written beside the run's own transactions, so that readers see it at once.

    `began` has the time at which each step began; `objects_read` counts what was read in all.
    """

    run = models.OneToOneField(Run, models.CASCADE, primary_key=True, related_name="progress")
    step = models.TextField()
    done = models.PositiveIntegerField(default=0, db_default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    objects_read = models.PositiveIntegerField(default=0, db_default=0)
    began = models.JSONField(default=dict)
    cancelled_by = models.TextField(blank=True, db_default="")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=_among("step", Step), name="progress_step_known"),)

    def __str__(self) -> str:
        return f"{self.step} {self.done}"


class StaticUpload(models.Model):
    """A file of static addresses that a person looks through before it takes effect; it is read again then."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    domain = models.ForeignKey(Domain, models.CASCADE, related_name="static_uploads")
    name = models.TextField()
    content = models.BinaryField()
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


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
