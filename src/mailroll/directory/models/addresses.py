"""Addresses of users, those that wait, and what is noted of static ones."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from mailroll.directory.models.domains import Domain
from mailroll.directory.models.organizations import octets_at_most
from mailroll.directory.models.users import User
from mailroll.reconcile.addresses import ADDRESS_MAX

ADDRESS_FORM = r"^[^@A-Z[:space:]]+@([a-z0-9-]+\.)+[a-z0-9-]+$"


class Address(models.Model):
    """A canonical address, in the whole installation held by one user. `domain` is its user's, not its own.

    `ending_since`: since when no source and no person wants it any more; null while it is in service. `confirmed_at`:
    when a reading that nobody doubts began that still lacked it. `lifecycle.stage` tells what follows from them.
    """

    address = models.TextField(primary_key=True, db_collation="C")
    user = models.ForeignKey(User, models.PROTECT, related_name="addresses", db_index=False, db_constraint=False)
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    is_primary = models.BooleanField()
    ending_since = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            # Domain first: every query of addresses is scoped by it.
            models.Index(fields=("domain", "user"), name="address_by_user"),
            models.Index(fields=("domain",), name="address_ending", condition=Q(ending_since__isnull=False)),
        )
        constraints = (
            models.UniqueConstraint(fields=("user",), condition=Q(is_primary=True), name="address_primary_once_a_user"),
            models.CheckConstraint(
                condition=Q(octets_at_most("address", ADDRESS_MAX), address__regex=ADDRESS_FORM),
                name="address_canonical",
            ),
            models.CheckConstraint(
                condition=Q(ending_since__isnull=False) | Q(confirmed_at__isnull=True), name="address_confirmed_ending"
            ),
        )

    def __str__(self) -> str:
        return self.address


class WaitingAddress(models.Model):
    """An address that the newest undoubted reading shows, and that is not in the roll only because its plan waits.

    A gateway is told "later" of it, never "unknown".
    """

    domain = models.ForeignKey(Domain, models.CASCADE, related_name="waiting", db_index=False)
    address = models.TextField(db_collation="C")
    since = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("domain", "address"), name="waiting_once_a_domain"),)

    def __str__(self) -> str:
        return self.address


class StaticNote(models.Model):
    """What people keep of a static address: who answers for it, what it is for, when to ask whether it still is.

    It goes with its user: migration 0006 has the key.
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="static_note", db_constraint=False)
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    # “Owner” on screens; in the roll that word means what manages a user.
    responsible = models.TextField(blank=True, default="", db_default="")
    note = models.TextField(blank=True, default="", db_default="")
    review_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.note


class StaticUpload(models.Model):
    """A file of static addresses that a person looks through before it takes effect; it is read again then."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    domain = models.ForeignKey(Domain, models.CASCADE, related_name="static_uploads")
    name = models.TextField()
    content = models.BinaryField()
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
