"""The rows of runs and their schedule. A run's changes are its plan, one row each, so that people can ask."""

from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q, Value

from mailroll.connections.models import Connection
from mailroll.directory.models import Domain, Organization
from mailroll.reconcile.plan import Action


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


class RequestOutcome(StrEnum):
    """What became of a request."""

    DONE = "done"
    JOINED = "joined"
    """A run that was under way, or had begun since, does what was asked for."""
    CANCELLED = "cancelled"
    """Before it began."""
    REFUSED = "refused"
    """A decision that could not take effect; the request's `error` says why."""


class Decision(StrEnum):
    """What a person decides about the stored plan of a run, for a worker to carry out."""

    APPLY = "apply"
    RELEASE = "release"


class RunStep(StrEnum):
    """The steps of a run, in their order."""

    CONNECT = "connect"
    READ = "read"
    MATCH = "match"
    COMPARE = "compare"
    CHECK = "check"
    APPLY = "apply"


UNDER_WAY = (RunState.READING, RunState.APPLYING)

SHOWN_FIRST = (Trigger.PREVIEW, Trigger.IMPORT, Trigger.HELD)
"""What waits for a person before anything of it takes effect; by itself it is no more than a look."""

TOOK_EFFECT = (
    ~Q(trigger__in=SHOWN_FIRST)
    | Q(state__in=(RunState.APPLYING, RunState.APPLIED))
    # How long it took is written in the transaction in which a plan takes effect, whatever became of it.
    | Q(timings__has_key="apply")
)
"""The runs that were more than a look. An applied preview is one, and so are removals that were released."""


def _among(field: str, values: type[StrEnum]) -> Q:
    return Q(**{f"{field}__in": [value.value for value in values]})


class Run(models.Model):
    """One pass over one domain, with its plan, findings and outcome.

    `digest` names the plan, `fingerprint` what it touches; both are checked when it is applied. Where less of a plan
    took effect than people were shown, `shown_digest` names what they were shown. `parent` is set on
    the part of a plan that waits, and `waits_in` on every run whose removals wait in another, or did once. `fence`
    grows with every run of the domain and every decision: an older one may no longer write, and what took effect later
    has the higher one. `number` tells which run began later, whatever the clock said. `opened_at` is when a person
    first looked at its plan.
    `sources` are those it was made with, as they were called then (see `store`); empty where that is not known.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.BigIntegerField(db_default=Func(Value("sync_run_number"), function="nextval"), editable=False)
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="runs")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    waits_in = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    trigger = models.TextField()
    state = models.TextField()
    actor = models.TextField()
    fence = models.PositiveBigIntegerField()
    revision = models.PositiveIntegerField()
    tenants = ArrayField(models.TextField(), default=list)
    sources = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    digest = models.TextField(blank=True)
    shown_digest = models.TextField(blank=True, default="", db_default="")
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
            models.Index(fields=("domain", "-number"), name="run_in_order"),
            models.Index(fields=("domain", "-fence", "-number"), name="run_in_effect"),
            # How today's runs did is counted of all domains, in the index alone.
            models.Index(
                fields=("-started_at",),
                include=("id", "domain", "state", "waits_in"),
                condition=TOOK_EFFECT & Q(parent__isnull=True),
                name="run_by_time",
            ),
            # Few are held, and every page that lists domains asks which.
            models.Index(
                fields=("domain", "-number"), condition=Q(state=RunState.HELD.value), name="run_held_in_order"
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

    @property
    def took_effect(self) -> bool:
        """Whether it was more than a look: `TOOK_EFFECT` of one row."""
        ran = self.state in {RunState.APPLYING, RunState.APPLIED} or "apply" in self.timings
        return self.trigger not in SHOWN_FIRST or ran

    @property
    def happened_at(self) -> datetime:
        """When it was made; what a person looked through first happened when that person said so."""
        decided = self.trigger in SHOWN_FIRST and self.took_effect
        return (self.finished_at if decided else None) or self.started_at

    @property
    def waits(self) -> "Run | None":
        """The run in which something of this one waits for a person now: itself, or another."""
        held = self if self.state == RunState.HELD else self.waits_in
        return held if held is not None and held.state == RunState.HELD else None

    @property
    def of_file(self) -> bool:
        """Whether a file is behind the run, or behind the one that it is a part of."""
        return Trigger.IMPORT in {self.trigger, self.parent.trigger if self.parent is not None else None}


class SteadyState(models.Model):
    """What the last run with nothing to do was made of, as hashes (`unchanged`), and until when that counts.

    A run that is made of the same has nothing to do either. `since`: with what the next reading begins, sealed (see
    the module of that name); empty where it lists everything. `footing`, `trace`, `left_out`: so that it looks only at
    what is new (see `footing`); null where it looks at everything. `footing_hash` stands for these three. `amended`:
    what runs that asked for some objects by id, as the directory told of them, made of it since; of the last one is
    `run`, which may have had something to do.
    """

    domain = models.OneToOneField(Domain, models.CASCADE, primary_key=True, related_name="steady")
    run = models.ForeignKey(Run, models.CASCADE, related_name="+")
    place = models.CharField(max_length=64)
    said = models.CharField(max_length=64)
    imprint = models.CharField(max_length=64)
    since = models.TextField(default="", db_default="")
    footing = models.JSONField(null=True)
    trace = models.BinaryField(null=True)
    left_out = models.BinaryField(null=True)
    footing_hash = models.CharField(max_length=64, default="", db_default="")
    amended = models.JSONField(null=True)
    made_at = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.domain_id} until {self.until}"


class QuietSpell(models.Model):
    """The time since a run in which a directory says that nothing changed: then it is asked again without any run.

    `ground` stands for all that our own side brings to a run (see the module of that name), `types` for those of
    objects in the roll. `until`: when a run is due at the latest; null once there is anything for one to look at.
    `checks` counts how often it was asked since the spell `began_at`, `checked_at` is when it was last. Whoever asks
    holds the `lease` with the highest number until `leased_until`.
    """

    domain = models.OneToOneField(Domain, models.CASCADE, primary_key=True, related_name="quiet")
    ground = models.CharField(max_length=64)
    types = ArrayField(models.TextField(), default=list)
    began_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    checks = models.PositiveIntegerField(default=0, db_default=0)
    checked_at = models.DateTimeField(null=True, blank=True)
    lease = models.PositiveBigIntegerField(default=0, db_default=0)
    leased_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.domain_id} quiet since {self.began_at}"


class Schedule(models.Model):
    """When a domain is synced by itself, or why it is not. A domain without a row was never switched on.

    `jitter` is the domain's own place within an interval, from 0 to below 1, so that thousands of domains do not run
    at once. `previewed_revision` is the revision of the settings under which a person last looked at a preview.
    `failures` counts the runs that failed in a row, and `failing` is the error of the last of them; `rung` is how far
    the next attempt is put off (see `pace.LADDER`). `paused` is the error that only a person can mend. `hinted_at` is
    when a directory last told that something changed in it.
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
    rung = models.PositiveIntegerField(default=0, db_default=0)
    failing = models.JSONField(null=True, blank=True)
    paused = models.JSONField(null=True, blank=True)
    hinted_at = models.DateTimeField(null=True, blank=True)

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
    """What was asked of the workers: a run, or a decision about the plan of one.

    Where it asks for a run its id is that of the run to come, so that there is a page for it at once. `run` is the one
    that answers it: its own, the one under way that it joined, or the one that was begun again after a worker died.
    A `decision` is about the run that it `decides`; `trigger` and `run` are then that run's. `shown` is the preview
    that waited when somebody asked for a sync: what goes beyond it waits as well. `outcome` is empty until it is
    settled; `error` (code, message, help) says why a decision was refused.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    domain = models.ForeignKey(Domain, models.CASCADE, related_name="requests")
    trigger = models.TextField()
    actor = models.TextField()
    asked_at = models.DateTimeField()
    # No foreign key: it is named before the run exists.
    run = models.UUIDField(null=True, blank=True)
    decision = models.TextField(blank=True, default="", db_default="")
    decides = models.ForeignKey(Run, models.CASCADE, null=True, blank=True, related_name="decisions")
    reason = models.TextField(blank=True, default="", db_default="")
    shown = models.ForeignKey(Run, models.SET_NULL, null=True, blank=True, related_name="+")
    outcome = models.TextField(blank=True)
    error = models.JSONField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=_among("trigger", Trigger), name="request_trigger_known"),
            models.CheckConstraint(
                condition=Q(outcome="") | _among("outcome", RequestOutcome), name="request_outcome_known"
            ),
            # A double click, and a tick beside a person, ask for one run.
            models.UniqueConstraint(
                fields=("domain", "trigger"),
                condition=Q(outcome="", decision=""),
                name="request_one_waiting_a_trigger",
            ),
            models.UniqueConstraint(
                fields=("decides",), condition=Q(outcome=""), name="request_one_waiting_decision_a_run"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decides__isnull=True, reason="")
                | (_among("decision", Decision) & Q(decides__isnull=False)),
                name="request_decision_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.decision or self.trigger} {self.domain_id} {self.outcome or 'waiting'}"


class DomainStanding(models.Model):
    """What pages that list domains know of one. Triggers write it anew at the end of each transaction that moves it.

    Nothing here depends on the clock: what does, is kept as the times that it follows from (see `standings.judging`).
    Name and organization are the domain's, so that a list is found and sorted in one table. `last_run`: the newest
    that ended and was more than a look; `failed` and `doubted` are about it. `held_run`: the newest that is held.
    `lacks_permission`: an enabled source's connection is known to lack one. `connected`: an enabled source has one.
    `under_way`: a run is, or is asked for. `previewed`: there was a run of some kind.
    """

    domain = models.OneToOneField(
        Domain, models.CASCADE, primary_key=True, related_name="standing", db_constraint=False
    )
    organization = models.ForeignKey(
        Organization, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    name = models.TextField(db_collation="C")
    # Not larger than they need be: what is summed over a hundred thousand rows is summed as it is kept.
    users = models.IntegerField()
    billable = models.IntegerField()
    sources = models.PositiveIntegerField()
    has_source = models.BooleanField()
    read_at = models.DateTimeField(null=True)
    automatic = models.BooleanField()
    paused = models.BooleanField()
    next_run_at = models.DateTimeField(null=True)
    last_run = models.ForeignKey(
        Run, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    failed = models.BooleanField()
    doubted = models.BooleanField()
    held_run = models.ForeignKey(
        Run, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    held_until = models.DateTimeField(null=True)
    connected = models.BooleanField()
    lacks_permission = models.BooleanField()
    credential_ends_at = models.DateTimeField(null=True)
    under_way = models.BooleanField()
    previewed = models.BooleanField()

    class Meta:
        indexes = (
            models.Index(fields=("organization", "name"), name="standing_by_organization"),
            models.Index(fields=("name",), name="standing_by_name"),
            models.Index(fields=("read_at",), name="standing_by_age", condition=Q(read_at__isnull=False)),
        )

    def __str__(self) -> str:
        return self.name


class CountedTotal(models.Model):
    """How often something has happened since there is this installation: see `totals`. `labels` is a list in JSON."""

    name = models.TextField()
    labels = models.TextField()
    value = models.FloatField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("name", "labels"), name="total_once_a_label"),)

    def __str__(self) -> str:
        return f"{self.name} {self.labels} {self.value}"


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
        constraints = (models.CheckConstraint(condition=_among("step", RunStep), name="progress_step_known"),)

    def __str__(self) -> str:
        return f"{self.step} {self.done}"


class RunChange(models.Model):
    """One change of a run's plan, in the plan's order. `sync/changes.py` writes it and reads it back.

    What the user will be stands in columns from `owner` on; `kind` is empty where nothing of it will be left.
    `before` is what it was, where it was something. `content_hash` is that of the row of the roll, as long as nobody
    decided anything about the user; empty in rows from before it was kept. `lead` is the code of the reason that it is
    told as.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="changes", db_index=False)
    position = models.PositiveIntegerField()
    action = models.TextField()
    user = models.UUIDField()
    external_id = models.TextField(blank=True)
    address = models.TextField(blank=True)
    before = models.JSONField(null=True)
    reasons = models.JSONField()
    lead = models.TextField(blank=True, default="")
    content_hash = models.CharField(max_length=32, blank=True, default="")
    owner = models.UUIDField(null=True, blank=True)
    object_type = models.TextField(blank=True, default="")
    display_name = models.TextField(blank=True, default="")
    kind = models.TextField(blank=True, default="")
    kind_rule = models.TextField(blank=True, default="")
    billable = models.BooleanField(default=False)
    kept = models.BooleanField(default=False)
    group = models.TextField(blank=True, default="")
    primary = models.TextField(blank=True, default="")
    aliases = ArrayField(models.TextField(), default=list, blank=True)
    former = ArrayField(models.TextField(), default=list, blank=True)
    retired = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=("user", "-id"), name="run_change_by_user"),)
        constraints = (
            models.UniqueConstraint(fields=("run", "position"), name="run_change_in_order"),
            models.CheckConstraint(condition=_among("action", Action), name="run_change_action_known"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.address}"


class RunSkip(models.Model):
    """A record, or one address of it, that a run left out of the roll, and why.

    `name` is what people know the record by, its name or else an address, which may be of another domain; empty where
    the directory told neither.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="skips")
    name = models.TextField(blank=True, default="", db_default="")
    external_id = models.TextField(blank=True)
    address = models.TextField(blank=True)
    reason = models.JSONField()

    class Meta:
        indexes = (models.Index(fields=("address", "-id"), name="run_skip_by_address"),)

    def __str__(self) -> str:
        return self.address or self.external_id


class PurposeState(StrEnum):
    """What came of asking. An error is unknown, never none."""

    KNOWN = "known"
    NONE = "none"
    UNKNOWN = "unknown"


class MailboxPurpose(models.Model):
    """The purpose of one mailbox of a connection's tenant.

    `key` stands for the licence, mail and sign-in it was asked under: where they differ by now, it has to be asked
    again. `tries` counts the answers in a row that told nothing.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="purposes", db_index=False)
    object = models.TextField(db_collation="C")
    state = models.TextField()
    purpose = models.TextField(blank=True)
    key = models.CharField(max_length=16)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("connection", "object"), name="purpose_once_an_object"),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in PurposeState]), name="purpose_state_known"
            ),
            models.CheckConstraint(condition=~Q(state=PurposeState.KNOWN.value) | ~Q(purpose=""), name="purpose_named"),
        )

    def __str__(self) -> str:
        return f"{self.object} {self.purpose or self.state}"


class MailboxAccess(models.Model):
    """Whether the mailboxes of a connection's tenant tell anything: `refusal` is the error where none does.

    `grants` stands for what was known to be granted when they were last asked: where that is another now, whoever told
    nothing is asked again at once. `tries` counts the refusals in a row.
    """

    connection = models.OneToOneField(Connection, models.CASCADE, primary_key=True, related_name="mailbox_access")
    grants = models.CharField(max_length=16)
    refusal = models.JSONField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.connection_id} {'refuses' if self.refusal else 'tells'}"


class Sample(models.Model):
    """One reading of a connection, packed. Dropped after a day: it holds more of a directory than the roll does.

    `asked_at` is set while somebody waits for a newer one, `memberships` are the groups it shall tell the members of,
    `error` is why the last try came to nothing.
    """

    connection = models.OneToOneField(Connection, models.CASCADE, primary_key=True, related_name="sample")
    data = models.BinaryField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    memberships = models.JSONField(default=list)
    error = models.JSONField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.connection_id} of {self.read_at}"


class UnfinishedReading(models.Model):
    """What came of a reading that Microsoft asked to go on with later. Whoever goes on deletes it first.

    `key` stands for all that it depends on: where that is another now, it is void.
    """

    domain = models.ForeignKey(Domain, models.CASCADE, related_name="unfinished")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="unfinished")
    key = models.CharField(max_length=64)
    began_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("domain", "connection"), name="unfinished_once_a_domain_and_connection"),
        )

    def __str__(self) -> str:
        return f"{self.domain_id} {self.connection_id} of {self.began_at}"


class UnfinishedPage(models.Model):
    """One page of an unfinished reading: people of the tenant, and a link with its page token."""

    reading = models.ForeignKey(UnfinishedReading, models.CASCADE, related_name="pages", db_index=False)
    number = models.PositiveIntegerField()
    sealed = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("reading", "number"), name="unfinished_page_once"),)

    def __str__(self) -> str:
        return f"{self.reading_id} {self.number}"


class AddressQuestion(models.Model):
    """What a directory has of one address, as somebody asked. Kept for an hour: it holds what the roll does not.

    `answer` is written by `sync/addresses/replies.py`, or `error` (code, message, help) says why there is none.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    domain = models.ForeignKey(Domain, models.CASCADE, related_name="+")
    address = models.TextField(db_collation="C")
    actor = models.TextField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)
    error = models.JSONField(null=True, blank=True)

    def __str__(self) -> str:
        return self.address


class UnitBucket(models.Model):
    """Units that processes lease before they ask a directory (see `shared_units`): `level` are there at `filled_at`.

    It gains `rate` a second. `granted` is what the last lease got; nothing is leased until `paused_until`.
    """

    key = models.CharField(max_length=64, primary_key=True)
    level = models.FloatField()
    granted = models.FloatField()
    rate = models.FloatField()
    filled_at = models.DateTimeField()
    paused_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.level:.0f}"
