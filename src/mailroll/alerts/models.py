"""The rows of alerts."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mailroll.alerts.causes import AlertCause, Severity
from mailroll.directory.models import Organization


class Alert(models.Model):
    """One cause that needs a person in one organization, from when it was seen until it is over.

    `key` tells causes of one kind apart: a connection, a domain, what failed. `domains` are those whose mail it is
    about, `users` how many those have. `facts` are what its sentences are made of (see `sentences`). It has changed
    where `state` is another, where it is urgent now, or where `size` has doubled since it was told: `told_size`.
    A snooze ends at a time, or with the next change. An acknowledgement says that somebody sees to it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cause = models.TextField()
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="alerts", db_index=False)
    key = models.TextField()
    severity = models.TextField()
    state = models.TextField(blank=True, default="", db_default="")
    size = models.BigIntegerField(default=1, db_default=1)
    told_size = models.BigIntegerField(default=1, db_default=1)
    domains = ArrayField(models.UUIDField(), default=list)
    users = models.BigIntegerField(default=0, db_default=0)
    facts = models.JSONField(default=dict)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    snoozed_until_change = models.BooleanField(default=False, db_default=False)
    snoozed_by = models.TextField(blank=True, default="", db_default="")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.TextField(blank=True, default="", db_default="")
    acknowledged_note = models.TextField(blank=True, default="", db_default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("cause", "organization", "key"), condition=Q(ended_at__isnull=True), name="alert_once_a_cause"
            ),
            models.CheckConstraint(
                condition=Q(cause__in=[cause.value for cause in AlertCause]), name="alert_cause_known"
            ),
            models.CheckConstraint(
                condition=Q(severity__in=[severity.value for severity in Severity]), name="alert_severity_known"
            ),
        )
        indexes = (
            models.Index(fields=("organization",), condition=Q(ended_at__isnull=True), name="alert_open"),
            models.Index(fields=("ended_at",), condition=Q(ended_at__isnull=False), name="alert_ended"),
            models.Index(fields=("organization", "-since"), name="alert_by_organization"),
        )

    def __str__(self) -> str:
        return f"{self.cause} {self.key}"

    @property
    def is_urgent(self) -> bool:
        return self.severity == Severity.URGENT


class AlertCheck(models.Model):
    """When all causes were last looked for; one row, which whoever looks holds."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="alert_check_one_row"),)

    def __str__(self) -> str:
        return f"{self.at}"
