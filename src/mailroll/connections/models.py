"""The rows of connections, User Sources, and of the consent that connects them."""

from enum import StrEnum
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from mailroll.directory.models import Domain, Organization, Owner


class CredentialKind(StrEnum):
    """What a connection proves itself with. INSTALLATION: the registration of this installation, sealed nowhere."""

    SECRET = "secret"  # noqa: S105 - the kind, not one of them
    CERTIFICATE = "certificate"
    INSTALLATION = "installation"


class Connection(models.Model):
    """Stored permission to read one tenant. The hosts are pinned here when it is added, for good.

    `health` is what the last check found, `consent` who accepted it: both empty until they are known. `vouched`: made
    by somebody at the top (see `access.stands_on_top`), so that what is read through a custom cloud is proof, too.
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
    vouched = models.BooleanField(default=False, db_default=False)
    credential_ends_at = models.DateTimeField(null=True, blank=True)
    consent = models.JSONField(default=dict)
    health = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(credential_kind__in=[kind.value for kind in CredentialKind]), name="connection_credential"
            ),
            models.CheckConstraint(
                condition=~Q(sealed_credential="") | Q(credential_kind=CredentialKind.INSTALLATION.value),
                name="connection_credential_sealed",
            ),
        )
        indexes = (models.Index(fields=("tenant_id",), name="connection_by_tenant"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.tenant_id}"


class ChangeSubscription(models.Model):
    """That a directory tells of changes of one type of object, or what keeps it from that.

    `remote_id` is what the directory calls it, empty where there is none; then `problem` may say why. What it brings to
    prove itself is derived from the id of this row and a key of the installation (`subscriptions.states`), of which
    `state_hash` is a SHA-256. `attend_at`: when a worker looks after it next.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="subscriptions")
    type = models.TextField()
    remote_id = models.TextField(blank=True, default="")
    url = models.TextField(blank=True, default="")
    state_hash = models.BinaryField(max_length=32, default=b"")
    ends_at = models.DateTimeField(null=True, blank=True)
    attend_at = models.DateTimeField()
    attended_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0, db_default=0)
    problem = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("connection", "type"), name="change_subscription_once_a_type"),)
        indexes = (models.Index(fields=("attend_at",), name="change_subscription_due"),)

    def __str__(self) -> str:
        return f"{self.type} of {self.connection_id}"


class PartedSubscription(models.Model):
    """A subscription of a connection that is gone, until a worker has ended it: with what that takes, sealed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.TextField()
    remote_id = models.TextField()
    sealed_access = models.TextField()
    parted_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.remote_id


class Source(models.Model):
    """A User Source on a domain. It shares its id with the owner that the roll knows.

    A source without a connection is one whose kind was chosen and that waits to be connected; it is off.
    `tenant` is the one it was bound to, kept when it is disconnected: it never silently turns to another. `read_at` is
    when its last reading that nobody doubts began (see `ages`).
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
    # As `reconcile.filters.parser` reads it; null takes everyone.
    filter = models.JSONField(null=True, blank=True)
    groups = models.BooleanField(default=True, db_default=True)
    contacts = models.BooleanField(default=True, db_default=True)
    guests = models.BooleanField(default=False, db_default=False)
    read_at = models.DateTimeField(null=True, blank=True)
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


class AttemptStep(StrEnum):
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
    source = models.ForeignKey(Source, models.CASCADE, related_name="links")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token_hash = models.BinaryField(max_length=32, unique=True)
    sealed_token = models.TextField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_to = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
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
    source = models.ForeignKey(Source, models.CASCADE, related_name="attempts")
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
                condition=Q(step__in=[step.value for step in AttemptStep]), name="consent_attempt_step_known"
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

    source = models.OneToOneField(Source, models.CASCADE, primary_key=True, related_name="draft")
    certificate = models.TextField()
    sealed_key = models.TextField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"certificate for source {self.source_id}"


class DnsProof(models.Model):
    """The record that proves a name of a domain, its own or an alias domain's, and what the last look for it found.

    It waits while `next_at` says when a worker looks again. `asked_at`: the last look, by whomever.
    """

    domain = models.ForeignKey(Domain, models.CASCADE, related_name="dns_proofs", db_index=False)
    name = models.TextField(db_collation="C")
    token = models.TextField()
    created_at = models.DateTimeField(db_default=Now())
    asked_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    error = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("domain", "name"), name="dns_proof_once_a_name"),
            models.CheckConstraint(condition=~models.Q(token=""), name="dns_proof_has_a_token"),
        )
        indexes = (models.Index("next_at", name="dns_proof_by_next", condition=models.Q(next_at__isnull=False)),)

    def __str__(self) -> str:
        return self.name
