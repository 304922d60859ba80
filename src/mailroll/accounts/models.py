"""The rows of operators, and of what they may do where."""

from enum import StrEnum
from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from mailroll.directory.models import Organization
from mailroll.reconcile.addresses import ADDRESS_MAX, AddressFault, canonical
from mailroll.reconcile.errors import BadInput
from mailroll.settings import Demand


class Role(StrEnum):
    """What an operator may do in an organization and in all below it, the weakest first."""

    VIEWER = "viewer"
    TECHNICIAN = "technician"
    ADMINISTRATOR = "administrator"

    @property
    def strength(self) -> int:
        return tuple(Role).index(self)

    @property
    def included_in(self) -> tuple["Role", ...]:
        """Every role that has this one's rights, itself too."""
        return tuple(Role)[self.strength :]


def _one_of(kind: type[StrEnum], column: str) -> Q:
    return Q(**{f"{column}__in": [member.value for member in kind]})


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
    """A person who signs in to the Console. No Django permissions: who may do what follows from memberships.

    Without a `time_zone` times are shown in that of the browser. Whoever is not proved holds roles in `bound_to` and
    below it at most (see `proof`).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(max_length=ADDRESS_MAX, unique=True, db_collation="C")
    name = models.TextField(blank=True)
    is_active = models.BooleanField(default=True, db_default=True)
    time_zone = models.TextField(default="", db_default="", blank=True)
    created_at = models.DateTimeField(db_default=Now())
    is_proved = models.BooleanField(default=True, db_default=True)
    bound_to = models.ForeignKey(Organization, models.SET_NULL, null=True, blank=True, related_name="+")

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


class Visit(models.Model):
    """A session of somebody: from where, by what device, and when it was last used (see `visits`)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    operator = models.ForeignKey(Operator, models.CASCADE, related_name="visits")
    address = models.TextField()
    agent = models.TextField()
    methods = ArrayField(models.TextField())
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.operator_id} since {self.began_at}"


class Membership(models.Model):
    """The role of an operator in an organization and in all below it."""

    operator = models.ForeignKey(Operator, models.CASCADE, related_name="memberships", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="memberships")
    role = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("operator", "organization"), name="membership_once"),
            models.CheckConstraint(condition=_one_of(Role, "role"), name="membership_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.operator_id} {self.role} {self.organization_id}"


class SignInPolicy(models.Model):
    """Of whom with a role in an organization, or below it, a second factor is demanded (see `demands`)."""

    organization = models.OneToOneField(Organization, models.CASCADE, primary_key=True, related_name="sign_in_policy")
    demand = models.TextField()

    class Meta:
        constraints = (models.CheckConstraint(condition=_one_of(Demand, "demand"), name="sign_in_demand_known"),)

    def __str__(self) -> str:
        return f"{self.organization_id} second factor: {self.demand}"


class Invitation(models.Model):
    """A role offered to an address. Only the hash of its link's token is kept; it works once, until `expires_at`.

    `mailed` is whether nobody but the address got the link; else who invited was shown it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(max_length=ADDRESS_MAX, db_collation="C")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="invitations")
    role = models.TextField()
    token_hash = models.TextField(unique=True, db_collation="C")
    invited_by = models.ForeignKey(Operator, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    mailed = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = (models.CheckConstraint(condition=_one_of(Role, "role"), name="invitation_role_known"),)

    def __str__(self) -> str:
        return f"{self.email} {self.role} {self.organization_id}"


class Token(models.Model):
    """What a program signs in with: for some organizations and all below them, and for some purposes.

    Only the SHA-256 of its text is kept (see `tokens`). One that was revoked or has expired stays, so that its name
    and last use can still be told.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.TextField()
    organizations = models.ManyToManyField(Organization, related_name="tokens")
    purposes = ArrayField(models.TextField())
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(name=""), name="token_named"),)

    def __str__(self) -> str:
        return self.name


class Throttle(models.Model):
    """How often something was tried, and when it may be tried next (see `throttle`). The key is a hash."""

    key = models.CharField(primary_key=True, max_length=64, db_collation="C")
    tries = models.PositiveIntegerField()
    last_at = models.DateTimeField(db_index=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.tries} tries"


class LetterCount(models.Model):
    """How many letters counted under one name since its day began (see `letter_limits`). The key is a hash."""

    key = models.CharField(primary_key=True, max_length=64, db_collation="C")
    letters = models.PositiveIntegerField()
    began_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.letters} letters"
