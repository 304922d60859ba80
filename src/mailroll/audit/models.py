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

    class Meta:
        indexes = (
            models.Index(fields=("organization", "-id"), name="audit_by_organization"),
            models.Index(KeyTextTransform("user", "details"), F("id").desc(), name="audit_by_user"),
        )

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.subject}"
