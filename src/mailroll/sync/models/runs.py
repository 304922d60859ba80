"""A run, its plan, one row a change so that people can ask, and what it says while it lasts."""

from datetime import datetime
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q, Value

from mailroll.directory.models import Domain
from mailroll.reconcile.plan import Action
from mailroll.sync.models.values import SHOWN_FIRST, TOOK_EFFECT, UNDER_WAY, RunState, RunStep, Trigger, among


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
            models.Index(fields=("-started_at",), condition=Q(state=RunState.FAILED.value), name="run_failed_by_time"),
            # Few are held, and every page that lists domains asks which.
            models.Index(
                fields=("domain", "-number"), condition=Q(state=RunState.HELD.value), name="run_held_in_order"
            ),
        )
        constraints = (
            models.CheckConstraint(condition=among("state", RunState), name="run_state_known"),
            models.CheckConstraint(condition=among("trigger", Trigger), name="run_trigger_known"),
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
        held_run = self if self.state == RunState.HELD else self.waits_in
        return held_run if held_run is not None and held_run.state == RunState.HELD else None

    @property
    def of_file(self) -> bool:
        """Whether a file is behind the run, or behind the one that it is a part of."""
        return Trigger.IMPORT in {self.trigger, self.parent.trigger if self.parent is not None else None}


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
        constraints = (models.CheckConstraint(condition=among("step", RunStep), name="progress_step_known"),)

    def __str__(self) -> str:
        return f"{self.step} {self.done}"


class RunCount(models.Model):
    """A part of how many runs ended well that began in a quarter of an hour: the whole is the sum of its rows.

    Triggers add to it as they do to `StandingSum`; of days that are over it is cleared away.
    """

    id = models.BigAutoField(primary_key=True)
    slot = models.DateTimeField(db_index=True)
    number = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.slot} {self.number:+}"


class RunChange(models.Model):
    """One change of a run's plan, in the plan's order. `sync/plans/plan_rows.py` writes it and reads it back.

    What the user will be stands in columns from `owner` on; `kind` is empty where nothing of it will be left.
    `before` is what it was, where it was something. `content_hash` is that of the row of the roll, as long as nobody
    decided anything about the user; empty in rows from before it was kept. `lead` is the code of the reason that it is
    told as.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="changes", db_index=False, db_constraint=False)
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
            models.CheckConstraint(condition=among("action", Action), name="run_change_action_known"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.address}"


class ChangeSummary(models.Model):
    """What the changes of a large run come to (see `insight.run_summary`): counted by who looks first, for a `digest`.

    Whoever changes or removes one of these changes removes it; a trigger sees to that.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.OneToOneField(Run, models.CASCADE, related_name="summary")
    digest = models.TextField()
    lines = models.JSONField()

    def __str__(self) -> str:
        return f"{self.run_id} {self.digest[:8]}"


class RunSkip(models.Model):
    """A record, or one address of it, that a run left out of the roll, and why.

    `name` is what people know the record by, its name or else an address, which may be of another domain; empty where
    the directory told neither.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="skips", db_constraint=False)
    name = models.TextField(blank=True, default="", db_default="")
    external_id = models.TextField(blank=True)
    address = models.TextField(blank=True)
    reason = models.JSONField()

    class Meta:
        indexes = (models.Index(fields=("address", "-id"), name="run_skip_by_address"),)

    def __str__(self) -> str:
        return self.address or self.external_id
