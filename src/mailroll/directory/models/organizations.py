"""Organizations, and what holds for all of them."""

from uuid import UUID, uuid4

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower, Now
from django.db.models.lookups import LessThanOrEqual

MAIN = "Main"
"""The group that every domain has."""


def octets(field: str) -> Func:
    return Func(F(field), function="octet_length", output_field=models.IntegerField())


def octets_at_most(field: str, most: int) -> LessThanOrEqual:
    return LessThanOrEqual(octets(field), most)


class Organization(models.Model):
    """A customer, or the provider above it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.TextField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    # Where people of this organization, and of those below that say nothing else, find help and open a ticket.
    help_url = models.TextField(blank=True, default="", db_default="")
    ticket_url = models.TextField(blank=True, default="", db_default="")
    # Whether it is kept which addresses of its domains gateways ask for.
    keeps_asked = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        # Several may have one name, and lists tell those apart.
        indexes = (
            models.Index(Lower("name"), name="organization_by_name"),
            models.Index(fields=("name", "id"), name="organization_in_order"),
        )
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="organization_named"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="organization_not_its_own_parent"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def organization_id(self) -> UUID:
        """Its own: what is noted of an organization belongs to it."""
        return self.id


class Restoration(models.Model):
    """That this installation was restored from a backup, which was made at `made_at` by `version`."""

    at = models.DateTimeField()
    made_at = models.DateTimeField()
    version = models.TextField()
    actor = models.TextField()

    def __str__(self) -> str:
        return f"of {self.made_at}"
