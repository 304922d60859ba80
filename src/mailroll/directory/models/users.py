"""The users of a domain, their groups and owners, and how many there are."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.db.models.lookups import Exact

from mailroll.directory.models.domains import Domain
from mailroll.directory.models.organizations import octets
from mailroll.reconcile.model import Kind, ObjectType


class Group(models.Model):
    """A group of users inside a domain. `key`: its name as names are compared, which no two groups share."""

    domain = models.ForeignKey(Domain, models.PROTECT, related_name="groups", db_index=False)
    name = models.TextField()
    # Null: from before names were compared so, beside another that looks the same.
    key = models.TextField(null=True, blank=True)  # noqa: DJ001

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("domain", "name"), name="group_once_a_domain"),
            models.UniqueConstraint(fields=("domain", "key"), name="group_key_once_a_domain"),
            # What the key of a user refers to, so that its group lies in its own domain.
            models.UniqueConstraint(fields=("domain", "id"), name="group_of_domain"),
            models.CheckConstraint(condition=~Q(name=""), name="group_named"),
        )

    def __str__(self) -> str:
        return self.name


class Owner(models.Model):
    """What manages users of a domain: the roll's side of a source, which lives in a layer above."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="owners", db_index=False)
    label = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("domain", "id"), name="owner_of_domain"),)

    def __str__(self) -> str:
        return self.label


class User(models.Model):
    """An entry of the roll. The id is given by whoever makes it; without an owner it is hand-made."""

    id = models.UUIDField(primary_key=True, editable=False)
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="users", db_index=False, db_constraint=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="users", db_index=False, db_constraint=False)
    owner = models.ForeignKey(
        Owner, models.PROTECT, null=True, blank=True, related_name="users", db_index=False, db_constraint=False
    )
    # Null, not empty: what is unique must be absent where there is none.
    external_id = models.TextField(null=True, blank=True, db_collation="C")  # noqa: DJ001
    object_type = models.TextField(null=True, blank=True)  # noqa: DJ001
    display_name = models.TextField(blank=True)
    kind = models.TextField()
    # The code of the rule that decided the kind; nothing where nobody but a person ever did.
    kind_rule = models.TextField(blank=True, default="", db_default="")
    billable = models.BooleanField()
    kind_by_hand = models.BooleanField(default=False, db_default=False)
    group_by_hand = models.BooleanField(default=False, db_default=False)
    pinned = models.BooleanField(default=False, db_default=False)
    # A person restored it: no run retires it until it is listed again.
    kept = models.BooleanField(default=False, db_default=False)
    exempt = models.BooleanField(default=False, db_default=False)
    former_addresses = ArrayField(models.TextField(), default=list, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    content_hash = models.CharField(max_length=32)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        # What lists are read by, page by page, in the order that people see; the retired are few among many.
        indexes = (
            models.Index("domain", Lower("display_name"), "id", name="user_by_name"),
            models.Index(
                "domain",
                Lower("display_name"),
                "id",
                name="user_retired_by_name",
                condition=Q(retired_at__isnull=False),
            ),
            models.Index(
                "domain",
                name="user_static",
                condition=Q(kind=Kind.STATIC.value, owner__isnull=True, retired_at__isnull=True),
            ),
        )
        constraints = (
            # Also the index by domain, and what the key of an address refers to.
            models.UniqueConstraint(fields=("domain", "id"), name="user_of_domain"),
            # The object first: it is looked up by itself, whatever statistics say of its domain.
            models.UniqueConstraint(
                fields=("external_id", "domain"), condition=Q(external_id__isnull=False), name="object_once_a_domain"
            ),
            models.CheckConstraint(condition=~Q(external_id=""), name="user_external_id_absent_or_given"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in Kind]), name="user_kind_known"),
            models.CheckConstraint(
                condition=Q(object_type__in=[object_type.value for object_type in ObjectType]),
                name="user_object_type_known",
            ),
            # By what it lacks: what counts to 32 is many steps, which PostgreSQL works out anew for each row.
            models.CheckConstraint(
                condition=Q(~Q(content_hash__regex="[^0-9a-f]"), Exact(octets("content_hash"), 32)),
                name="user_content_hash_form",
            ),
        )

    def __str__(self) -> str:
        return self.display_name


class Census(models.Model):
    """How many users a domain has: in service, billable among them, retired. Triggers keep it; see migration 0022.

    A domain that never had a user has no row.
    """

    domain = models.OneToOneField(Domain, models.CASCADE, primary_key=True, related_name="census", db_constraint=False)
    users = models.BigIntegerField()
    billable = models.BigIntegerField()
    retired = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.users} users of {self.domain_id}"


class RollMark(models.Model):
    """That somebody wrote rows of a domain's roll. Triggers leave it, a new one for each statement (migration 0026)."""

    id = models.UUIDField(primary_key=True, editable=False)
    domain = models.ForeignKey(Domain, models.CASCADE, related_name="marks", db_constraint=False)

    def __str__(self) -> str:
        return f"{self.id} of {self.domain_id}"


class RollSurvey(models.Model):
    """What the marks and the rows of a domain's roll were when all of them were last looked through (`rollmarks`)."""

    domain = models.OneToOneField(Domain, models.CASCADE, primary_key=True, related_name="survey", db_constraint=False)
    marks = models.TextField()
    rows = models.TextField()

    def __str__(self) -> str:
        return f"{self.domain_id} with {self.marks}"


class RollCount(models.Model):
    """How many users a domain's roll had when its stamp was this one (`headcounts`)."""

    domain = models.OneToOneField(Domain, models.CASCADE, primary_key=True, related_name="counted", db_constraint=False)
    stamp = models.TextField()
    counts = models.JSONField()

    def __str__(self) -> str:
        return f"{self.domain_id} at {self.stamp}"


class Exemption(models.Model):
    """An object that no sync takes into the domain, although nobody here stands for it. Its name is what it had then.

    Who is in the list is exempt by a mark of its own.
    """

    domain = models.ForeignKey(Domain, models.PROTECT, related_name="exemptions", db_index=False)
    external_id = models.TextField(db_collation="C")
    display_name = models.TextField(blank=True)
    address = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("domain", "external_id"), name="exemption_once_an_object"),
            models.CheckConstraint(condition=~Q(external_id=""), name="exemption_of_an_object"),
        )

    def __str__(self) -> str:
        return self.display_name or self.address or self.external_id
