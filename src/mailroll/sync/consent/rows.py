"""The rows of consent: attempts to connect, links that customers get, and certificates made for a registration."""

from enum import StrEnum
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from mailroll.directory.models import Domain


class Step(StrEnum):
    """How far an attempt is. Every state value is spent by the step that it leads to."""

    HANDED_OVER = "handed-over"
    SIGNING_IN = "signing-in"
    REDEEMING = "redeeming"
    CONSENTING = "consenting"
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


class ConsentLink(models.Model):
    """A link for somebody without an account here: it serves one source of one domain, and works once.

    The token is found by its hash, and kept sealed so that the operator can copy it again.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    domain = models.ForeignKey(Domain, models.CASCADE, related_name="+")
    source = models.ForeignKey("sync.Source", models.CASCADE, related_name="links")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token_hash = models.BinaryField(max_length=32, unique=True)
    sealed_token = models.TextField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_to = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    refused = models.JSONField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("source", "-created_at"), name="consent_link_by_source"),)

    def __str__(self) -> str:
        return f"consent link {self.id}"


class ConsentAttempt(models.Model):
    """One attempt to connect a source, from the click to the connection or the refusal.

    `start` names the link that was clicked, `browser_hash` the cookie of the browser that went to Microsoft. What
    the tenant is was told by a validated sign-in, never by the address a browser came back with. `sealed` holds the
    PKCE verifier and the nonce. An attempt of a consent link has no operator.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    domain = models.ForeignKey(Domain, models.CASCADE, related_name="+")
    source = models.ForeignKey("sync.Source", models.CASCADE, related_name="attempts")
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    link = models.ForeignKey(ConsentLink, models.CASCADE, null=True, blank=True, related_name="attempts")
    start = models.UUIDField(unique=True)
    origin = models.TextField()
    cloud = models.TextField()
    client_id = models.TextField()
    step = models.TextField()
    hand_over_hash = models.BinaryField(max_length=32, null=True, unique=True)
    signin_hash = models.BinaryField(max_length=32, null=True, unique=True)
    consent_hash = models.BinaryField(max_length=32, null=True, unique=True)
    browser_hash = models.BinaryField(max_length=32, null=True)
    sealed = models.TextField(blank=True)
    tenant_id = models.TextField(blank=True)
    object_id = models.TextField(blank=True)
    account = models.TextField(blank=True)
    role = models.TextField(blank=True)
    refusal = models.JSONField(null=True, blank=True)
    waits = models.JSONField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("source", "-started_at"), name="consent_attempt_by_source"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(step__in=[step.value for step in Step]), name="consent_attempt_step_known"
            ),
            models.CheckConstraint(
                condition=Q(operator__isnull=False, link__isnull=True) | Q(operator__isnull=True, link__isnull=False),
                name="consent_attempt_by_operator_or_link",
            ),
        )

    def __str__(self) -> str:
        return f"attempt {self.id}"


class CertificateDraft(models.Model):
    """A certificate made for the customer's own registration; it becomes a credential once it was proved."""

    source = models.OneToOneField("sync.Source", models.CASCADE, primary_key=True, related_name="draft")
    certificate = models.TextField()
    sealed_key = models.TextField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"certificate for source {self.source_id}"
