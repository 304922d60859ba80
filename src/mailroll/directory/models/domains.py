"""Domains with their alias domains, and what holds for one."""

from datetime import timedelta
from typing import Final
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from mailroll.directory.models.organizations import Organization, octets_at_most
from mailroll.reconcile.addresses import DOMAIN_MAX

# Cheap mirrors of the canonical forms: one "@", nothing that folds, the domain in A-labels.
DOMAIN_FORM = r"^([a-z0-9-]+\.)+[a-z0-9-]+$"


class Serving(models.TextChoices):
    """What gateways are told of a domain's addresses."""

    SERVE = "serve", "Serve the list"
    WATCH = "watch", "Watch only"
    PASS = "pass", "Pass through"


class ProvedBy(models.TextChoices):
    """How a domain was proved to be its organization's.

    TOP: somebody at the top of the organizations added it, or vouched for it; whoever has the shell of the machine
    stands there too. BEFORE: it was here before domains had to be proved.
    """

    DNS = "dns", "DNS record"
    TENANT = "tenant", "Microsoft 365 tenant"
    TOP = "top", "Vouched for"
    BEFORE = "before", "From before"


STALE_AFTER: Final = timedelta(hours=72)
"""How old a reading may be before a domain no longer says of an address that it is unknown."""


class Domain(models.Model):
    """A mail domain: the unit of sync. Whoever writes its roll holds this row's lock.

    `revision` counts changes of its sources and limits. `fence` is the newest worker's number: an older one may no
    longer write. `unicode_name` is the name in U-labels, which mail servers ask by too; empty where it is the same.
    What gateways are told follows from `serving`, `plus_tags` (an address with a tag counts as the one without),
    `read_at` and `stale_after`.

    `has_source`: a source is switched on. `read_at`: when the oldest reading that the list rests on began, of the last
    ones of these sources that nobody doubts. Both follow from the sources (`connections.ages`). Null beside a source
    means that it was never read; without a source nothing grows old, and it is null always.

    Any organization may add a name; it belongs to the one that proved it (`proved_at`, `proved_by`). While nobody did,
    the domain has sources to connect and nothing else: no users, no runs, and no gateway is told of it. `claimed_at`:
    since when this one is proved as well, although the name was another's before.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="domains")
    name = models.TextField(db_collation="C")
    proved_at = models.DateTimeField(null=True, blank=True)
    proved_by = models.TextField(choices=ProvedBy, blank=True, default="", db_default="")
    claimed_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, db_default=1)
    fence = models.PositiveBigIntegerField(default=0, db_default=0)
    has_source = models.BooleanField(default=False, db_default=False)
    read_at = models.DateTimeField(null=True, blank=True)
    unicode_name = models.TextField(blank=True, default="", db_default="", db_collation="C")
    serving = models.TextField(choices=Serving, default=Serving.SERVE, db_default=Serving.SERVE)
    plus_tags = models.BooleanField(default=True, db_default=True)
    stale_after = models.DurationField(default=STALE_AFTER, db_default=STALE_AFTER)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (
            # The one that is proved has an index of its own, which does not help whoever asks for all of a name.
            models.Index("name", name="domain_by_name"),
            models.Index("unicode_name", name="domain_by_unicode_name", condition=~Q(unicode_name="")),
            # Few, so that all that are proved need not be counted.
            models.Index("organization", name="domain_unproved", condition=Q(proved_at__isnull=True)),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(octets_at_most("name", DOMAIN_MAX), name__regex=DOMAIN_FORM), name="domain_canonical"
            ),
            models.UniqueConstraint(fields=("organization", "name"), name="domain_once_an_organization"),
            models.UniqueConstraint(fields=("name",), condition=Q(proved_at__isnull=False), name="domain_proved_once"),
            models.CheckConstraint(
                condition=Q(proved_at__isnull=True, proved_by="")
                | Q(proved_at__isnull=False, claimed_at__isnull=True, proved_by__in=ProvedBy.values),
                name="domain_proved_somehow",
            ),
            # Nothing is read for whoever has not proved that they may.
            models.CheckConstraint(
                condition=Q(proved_at__isnull=False) | Q(has_source=False), name="domain_unproved_unread"
            ),
            models.CheckConstraint(condition=Q(serving__in=Serving.values), name="domain_serving_known"),
            models.CheckConstraint(condition=Q(stale_after__gt=timedelta()), name="domain_stale_after_some_time"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """What stands for it in addresses of pages: of one name there may be several, but only one is proved."""
        return self.name if self.proved_at is not None else f"{self.organization_id}:{self.name}"


class Pause(models.Model):
    """Removals by syncs and imports are paused: of one domain, of an organization and all below it, or of everybody."""

    domain = models.ForeignKey(Domain, models.CASCADE, null=True, blank=True, related_name="pauses", db_index=False)
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="pauses", db_index=False
    )
    since = models.DateTimeField()
    actor = models.TextField()
    reason = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("domain", "organization"), name="pause_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(domain__isnull=True) | Q(organization__isnull=True), name="pause_of_one_thing"
            ),
        )

    def __str__(self) -> str:
        return self.reason


class DomainAlias(models.Model):
    """Another name that mail of a domain comes under. Any domain may register one; it belongs to whoever proved it.

    `proved_at`: since when it is this domain's; addresses under it are accepted from then on. `claimed_at`: since when
    a tenant of this domain proves it as well, although it was another's before.
    """

    name = models.TextField(db_collation="C")
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="aliases", db_index=False)
    proved_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    unicode_name = models.TextField(blank=True, default="", db_default="", db_collation="C")

    class Meta:
        indexes = (models.Index("unicode_name", name="alias_by_unicode_name", condition=~Q(unicode_name="")),)
        constraints = (
            models.UniqueConstraint(fields=("domain", "name"), name="alias_once_a_domain"),
            models.UniqueConstraint(fields=("name",), condition=Q(proved_at__isnull=False), name="alias_proved_once"),
            models.CheckConstraint(
                condition=Q(octets_at_most("name", DOMAIN_MAX), name__regex=DOMAIN_FORM), name="alias_canonical"
            ),
            models.CheckConstraint(
                condition=Q(proved_at__isnull=True) | Q(claimed_at__isnull=True), name="alias_claimed_or_proved"
            ),
        )

    def __str__(self) -> str:
        return self.name
