"""The rows of operators and of the audit trail."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from mailroll.reconcile.addresses import ADDRESS_MAX, AddressFault, canonical
from mailroll.reconcile.errors import BadInput


class OperatorManager(BaseUserManager["Operator"]):
    """Makes and finds operators by the canonical form of their e-mail address."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Return the canonical form, or the text itself where it has none: then it finds nobody."""
        text = (email or "").strip()
        address = canonical(text)
        return text if isinstance(address, AddressFault) else address

    def get_by_natural_key(self, username: str | None) -> "Operator":
        return self.get(email=self.normalize_email(username))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Operator":
        """Make an operator; without a password there is no way in by one. Raises `BadInput`."""
        address = canonical(email.strip())
        if isinstance(address, AddressFault):
            raise BadInput(
                "operator_email_malformed", f"“{email}” is not an e-mail address.", "Give one like jo@example.com."
            )
        operator = self.model(email=address, **fields)
        operator.set_password(password)
        operator.save(using=self._db)
        return operator


class Operator(AbstractBaseUser):
    """A person who signs in to the Console. No Django permissions: who may do what follows from memberships."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(max_length=ADDRESS_MAX, unique=True, db_collation="C")
    name = models.TextField(blank=True)
    is_active = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = OperatorManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            # The column's collation is "C", so only ASCII is lowered: the canonical form.
            models.CheckConstraint(condition=Q(email=Lower(F("email"))), name="operator_email_canonical"),
        )

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        self.email = OperatorManager.normalize_email(self.email)


class AuditEntry(models.Model):
    """What somebody did. Written by `audit.record`, never changed. Outlives what it is about: no foreign keys."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    actor = models.TextField()
    organization = models.UUIDField(null=True)
    action = models.TextField()
    subject = models.TextField()
    details = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=("organization", "-id"), name="audit_by_organization"),)

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.subject}"
