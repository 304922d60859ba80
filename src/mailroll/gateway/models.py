"""What is kept of what gateways asked: small, and of refused addresses a sample only."""

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from mailroll import promises
from mailroll.directory.models import Domain

SAMPLE: Final = 1_000
"""Refused addresses that are kept of one domain."""

DAYS: Final = promises.ASKED.days
"""How long a refused address is kept, and how far back the counts of a known one reach."""


class AnswerCount(models.Model):
    """How often a domain's gateways got an answer on one day, in UTC. It says nothing of anybody.

    `answer` is a value of `answers.Answer`, or `would_refuse` where a watched domain said yes instead.
    """

    domain = models.ForeignKey(Domain, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    answer = models.TextField()
    count = models.PositiveBigIntegerField()

    class Meta:
        # The answers of today, and those that are too old to be kept, are asked for of all domains. Without the count:
        # an update of it shall touch no index.
        indexes = (models.Index(fields=("day",), name="answers_by_day"),)
        constraints = (models.UniqueConstraint(fields=("domain", "day", "answer"), name="answers_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.day} {self.answer} {self.count}"


class KnownAddress(models.Model):
    """An address of the roll that a gateway asked for: on which day the last time, and how often in 7 days.

    `counts` begins with that day, and goes back a day with each number.
    """

    domain = models.ForeignKey(Domain, models.CASCADE, related_name="+", db_index=False)
    address = models.TextField(db_collation="C")
    last_on = models.DateField(db_index=True)
    counts = ArrayField(models.IntegerField())

    class Meta:
        constraints = (models.UniqueConstraint(fields=("domain", "address"), name="known_once_a_domain"),)

    def __str__(self) -> str:
        return self.address


class RefusedAddress(models.Model):
    """One of the sample of addresses that were refused, or would have been in a domain that is watched only."""

    domain = models.ForeignKey(Domain, models.CASCADE, related_name="+", db_index=False)
    address = models.TextField(db_collation="C")
    watched = models.BooleanField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    count = models.PositiveBigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("domain", "address"), name="refused_once_a_domain"),)

    def __str__(self) -> str:
        return self.address


class Asker(models.Model):
    """When a domain was last asked about, by each kind of gateway; `name` is that of a token where there is one."""

    domain = models.ForeignKey(Domain, models.CASCADE, related_name="+", db_index=False)
    kind = models.TextField()
    name = models.TextField(blank=True, default="", db_default="")
    last_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("domain", "kind", "name"), name="asker_once_a_domain"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".rstrip()


class MissingRows(models.Model):
    """What a server's copy of the roll has and the roll lacks, although nothing accounts for it: still accepted.

    Of a domain that may be missing itself, so without a key to it. `sample` names some of the addresses.
    """

    domain_id = models.UUIDField(primary_key=True, editable=False)
    name = models.TextField()
    count = models.PositiveBigIntegerField()
    sample = ArrayField(models.TextField())
    since = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.name} {self.count}"


class ListeningPlace(models.Model):
    """Where a server of `mailroll gateway serve` answers, as that server tells while it runs: see `listening`."""

    machine = models.TextField()
    place = models.TextField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("machine", "place"), name="place_once_a_machine"),)

    def __str__(self) -> str:
        return f"{self.place} on {self.machine}"
