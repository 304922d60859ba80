"""When a domain runs, what was asked for, and what is kept of runs that had nothing to do."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mailroll.directory.models import Domain, Organization
from mailroll.sync.models.runs import Run
from mailroll.sync.models.values import Decision, RequestOutcome, Trigger, among


class SteadyState(models.Model):
    """What the last run was made of, as hashes (see `steady_state`), and until when that counts.

    Where it had nothing to do, it has an `imprint`, and a run that is made of the same has nothing to do either.
    `since`: with what the next reading begins, sealed (see the module of that name); empty where it lists everything.
    `footing`, `left_out`, a `ListingTrace`: so that it looks only at what is new (see `footing`); null where it looks
    at everything. `footing_hash` stands for these. `amended`: what runs that asked for some objects by id, as the
    directory told of them, made of it since; of the last one is `run`. `beside`: what in `place` stands for all but the
    roll, as long as it has this `ground` (see `Standpoint`).
    """

    domain = models.OneToOneField(Domain, models.CASCADE, primary_key=True, related_name="steady")
    run = models.ForeignKey(Run, models.CASCADE, related_name="+")
    place = models.CharField(max_length=64)
    ground = models.CharField(max_length=64, default="", db_default="")
    beside = models.CharField(max_length=64, default="", db_default="")
    said = models.CharField(max_length=64)
    imprint = models.CharField(max_length=64)
    since = models.TextField(default="", db_default="")
    footing = models.JSONField(null=True)
    left_out = models.BinaryField(null=True)
    footing_hash = models.CharField(max_length=64, default="", db_default="")
    amended = models.JSONField(null=True)
    made_at = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.domain_id} until {self.until}"


class ListingTrace(models.Model):
    """What stands for each object that a footing is of, and for a few of them together (see `footing`).

    It is as long as the list, and written wherever that is another. So PostgreSQL keeps no log of its table: behind a
    crash, and on a standby that takes over, it is empty, and whoever looks for it compares everybody.
    """

    # Whoever deletes a state has this one deleted by the database.
    steady = models.OneToOneField(
        SteadyState,
        models.DO_NOTHING,
        primary_key=True,
        related_name="listed",
        db_constraint=False,
        db_column="domain_id",
    )
    trace = models.BinaryField()
    marks = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.steady_id}: {len(self.trace)} bytes"


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
            models.CheckConstraint(condition=among("trigger", Trigger), name="request_trigger_known"),
            models.CheckConstraint(
                condition=Q(outcome="") | among("outcome", RequestOutcome), name="request_outcome_known"
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
                | (among("decision", Decision) & Q(decides__isnull=False)),
                name="request_decision_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.decision or self.trigger} {self.domain_id} {self.outcome or 'waiting'}"


class DomainStanding(models.Model):
    """What pages that list domains know of one. Triggers write it anew at the end of each transaction that moves it.

    Nothing here depends on the clock: what does, is kept as the times that it follows from (see `standings.judgement`).
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
            # Few press, for each cause of `standings.judgement` by one of these.
            models.Index(
                fields=("organization", "domain"),
                name="standing_pressing",
                condition=Q(paused=True)
                | Q(failed=True)
                | Q(held_run__isnull=False)
                | Q(doubted=True)
                | Q(lacks_permission=True),
            ),
            models.Index(
                fields=("credential_ends_at",),
                name="standing_by_credential",
                condition=Q(credential_ends_at__isnull=False),
            ),
            models.Index(
                fields=("next_run_at",),
                name="standing_by_next_run",
                condition=Q(automatic=True, connected=True, under_way=False),
            ),
        )

    def __str__(self) -> str:
        return self.name


class StandingSum(models.Model):
    """A part of what the standings of an organization's domains come to: the whole is the sum of its rows.

    Triggers add a row with the difference to what there was, so that nobody waits for another; `standings.sums` puts
    several into one, which `is_whole` until there is another. `kept` counts the domains that are synced by themselves
    and have a list.
    """

    id = models.BigAutoField(primary_key=True)
    # No foreign key: it is written for organizations that go.
    organization_id = models.UUIDField(db_index=True)
    domains = models.IntegerField()
    users = models.BigIntegerField()
    billable = models.BigIntegerField()
    automatic = models.IntegerField()
    kept = models.IntegerField()
    is_whole = models.BooleanField(default=False, db_default=False)

    class Meta:
        # The few that came since the last beat of a worker.
        indexes = (models.Index("organization_id", name="sum_in_parts", condition=models.Q(is_whole=False)),)

    def __str__(self) -> str:
        return f"{self.organization_id} {self.domains:+}"


class CountedTotal(models.Model):
    """How often something has happened since there is this installation: see `totals`. `labels` is a list in JSON."""

    name = models.TextField()
    labels = models.TextField()
    value = models.FloatField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("name", "labels"), name="total_once_a_label"),)

    def __str__(self) -> str:
        return f"{self.name} {self.labels} {self.value}"


class UnitBucket(models.Model):
    """Units that processes lease before they ask a directory (see `shared_units`): `level` are there at `filled_at`.

    It gains `rate` a second. `granted` is what the last lease got; nothing is leased until `paused_until`. `tried_at`:
    when a person last asked in spite of a pause.
    """

    key = models.CharField(max_length=64, primary_key=True)
    level = models.FloatField()
    granted = models.FloatField()
    rate = models.FloatField()
    filled_at = models.DateTimeField()
    paused_until = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.level:.0f}"
