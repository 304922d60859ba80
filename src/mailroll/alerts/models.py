"""The rows of alerts."""

from enum import StrEnum
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from mailroll.alerts.causes import AlertCause, Severity
from mailroll.directory.models import Organization

FAILS: Final = 3
"""So many messages in a row that did not arrive are an alert of their own, told by the other channels."""


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


class ChannelKind(StrEnum):
    """How a channel brings what it is told."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    SERVICE = "service"

    @property
    def words(self) -> str:
        return self.capitalize()


class AlertChannel(models.Model):
    """Where alerts of an organization, and of those below it, can be told. Administrators are told by mail besides.

    `sealed` holds the address, and of a webhook the secret that signs it; `shown` is what of it people may see.
    `failures` counts the times in a row that nothing arrived; `last_answer` says what became of the last message.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="alert_channels")
    kind = models.TextField()
    name = models.TextField()
    shown = models.TextField()
    sealed = models.TextField()
    failures = models.PositiveIntegerField(default=0, db_default=0)
    last_at = models.DateTimeField(null=True, blank=True)
    last_answer = models.TextField(blank=True, default="", db_default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in ChannelKind]), name="alert_channel_kind_known"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(sealed=""), name="alert_channel_whole"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def fails(self) -> bool:
        return self.failures >= FAILS


class AlertRule(models.Model):
    """What an organization says of one cause, for itself and for those below that say nothing else.

    A rule without a row is the one above, and at the top that of `causes`. `administrators` are told by mail.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="alert_rules", db_index=False)
    cause = models.TextField()
    severity = models.TextField()
    threshold = models.PositiveIntegerField(null=True, blank=True)
    administrators = models.BooleanField()
    channels = models.ManyToManyField(AlertChannel, related_name="rules")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("cause", "organization"), name="alert_rule_once"),
            models.CheckConstraint(
                condition=Q(severity__in=[severity.value for severity in Severity]), name="alert_rule_severity_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization_id} {self.cause}"


class AlertDigest(models.Model):
    """Whether those who administer an organization get a daily digest, and at which minute of their day."""

    organization = models.OneToOneField(Organization, models.CASCADE, primary_key=True, related_name="alert_digest")
    on = models.BooleanField()
    minute = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(minute__lt=24 * 60), name="alert_digest_minute_of_day"),)

    def __str__(self) -> str:
        return f"{self.organization_id} {'on' if self.on else 'off'}"


class DigestDay(models.Model):
    """A day whose digest somebody has had, or had nothing to be told of."""

    operator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("operator", "day"), name="alert_digest_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.operator_id} {self.day}"


class AlertDelivery(models.Model):
    """One message that is to leave: to a channel, or to an administrator by mail.

    `events` name alerts and what became of each (a `Turn`). While it waits, `next_at` says when it is
    tried; then `sent_at` says when it arrived, or it was given up. Its id is that of the message, however often it is
    tried: it may arrive twice where a worker dies between sending and writing that down, and never not at all.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    channel = models.ForeignKey(AlertChannel, models.CASCADE, null=True, blank=True, related_name="deliveries")
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    events = models.JSONField()
    alerts = ArrayField(models.UUIDField())
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0, db_default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, default="", db_default="")

    class Meta:
        indexes = (
            models.Index(fields=("next_at",), condition=Q(next_at__isnull=False), name="alert_delivery_due"),
            models.Index(fields=("created_at",), name="alert_delivery_by_time"),
            GinIndex(fields=("alerts",), name="alert_delivery_by_alert"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(channel__isnull=False, operator__isnull=True)
                | Q(channel__isnull=True, operator__isnull=False),
                name="alert_delivery_to_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.answer}"

    @property
    def target(self) -> str:
        """Where it goes, as jobs name it."""
        return f"operator:{self.operator_id}" if self.channel_id is None else f"channel:{self.channel_id}"
