"""The rows of the roll. What a domain's rows refer to lies in the same domain: migration 0002 has the keys."""

from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower, Now
from django.db.models.lookups import LessThanOrEqual

from mailroll.reconcile.addresses import ADDRESS_MAX, DOMAIN_MAX
from mailroll.reconcile.model import Kind, ObjectType

MAIN = "Main"
"""The group that every domain has."""

# Cheap mirrors of the canonical forms: one "@", nothing that folds, the domain in A-labels.
_DOMAIN_FORM = r"^([a-z0-9-]+\.)+[a-z0-9-]+$"
_ADDRESS_FORM = r"^[^@A-Z[:space:]]+@([a-z0-9-]+\.)+[a-z0-9-]+$"


def _octets_at_most(field: str, most: int) -> LessThanOrEqual:
    return LessThanOrEqual(Func(F(field), function="octet_length", output_field=models.IntegerField()), most)


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
        indexes = (models.Index("unicode_name", name="domain_by_unicode_name", condition=~Q(unicode_name="")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(_octets_at_most("name", DOMAIN_MAX), name__regex=_DOMAIN_FORM), name="domain_canonical"
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
                condition=Q(_octets_at_most("name", DOMAIN_MAX), name__regex=_DOMAIN_FORM), name="alias_canonical"
            ),
            models.CheckConstraint(
                condition=Q(proved_at__isnull=True) | Q(claimed_at__isnull=True), name="alias_claimed_or_proved"
            ),
        )

    def __str__(self) -> str:
        return self.name


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
        )
        constraints = (
            # Also the index by domain, and what the key of an address refers to.
            models.UniqueConstraint(fields=("domain", "id"), name="user_of_domain"),
            models.UniqueConstraint(
                fields=("domain", "external_id"), condition=Q(external_id__isnull=False), name="user_once_an_object"
            ),
            models.CheckConstraint(condition=~Q(external_id=""), name="user_external_id_absent_or_given"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in Kind]), name="user_kind_known"),
            models.CheckConstraint(
                condition=Q(object_type__in=[one.value for one in ObjectType]), name="user_object_type_known"
            ),
            models.CheckConstraint(condition=Q(content_hash__regex="^[0-9a-f]{32}$"), name="user_content_hash_form"),
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
                condition=Q(_octets_at_most("address", ADDRESS_MAX), address__regex=_ADDRESS_FORM),
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
