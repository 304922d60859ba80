"""The rows of the audit trail."""

from django.db import models
from django.db.models import F
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Now


class AuditEntry(models.Model):
    """What somebody did. Written by `notes.note`, never changed. Outlives what it is about: no foreign keys."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    actor = models.TextField()
    organization = models.UUIDField(null=True)
    action = models.TextField()
    subject = models.TextField()
    details = models.JSONField(default=dict)
    client = models.TextField(default="", db_default="")
    """The network address that it was asked for from; empty where no request did it."""
    agent = models.TextField(default="", db_default="")
    """What the browser there calls itself."""

    class Meta:
        indexes = (
            models.Index(fields=("organization", "-id"), name="audit_by_organization"),
            models.Index(KeyTextTransform("user", "details"), F("id").desc(), name="audit_by_user"),
            models.Index(fields=("at",), name="audit_by_time"),
            models.Index(fields=("action", "-id"), name="audit_by_action"),
        )

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.subject}"


class Repetition(models.Model):
    """How often one thing happened since it first did, for a day (see `repetitions`). The key is a hash."""

    key = models.CharField(primary_key=True, max_length=64, db_collation="C")
    action = models.TextField()
    times = models.BigIntegerField()
    since = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("action", "since"), name="repetition_by_action"),)

    def __str__(self) -> str:
        return f"{self.action} {self.times} times"
