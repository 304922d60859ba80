"""What is kept of directories between runs: what mailboxes are for, samples, unfinished readings, questions."""

from enum import StrEnum
from uuid import uuid4

from django.db import models
from django.db.models import Q

from mailroll.connections.models import Connection
from mailroll.directory.models import Domain


class PurposeState(StrEnum):
    """What came of asking. An error is unknown, never none."""

    KNOWN = "known"
    NONE = "none"
    UNKNOWN = "unknown"


class MailboxPurpose(models.Model):
    """The purpose of one mailbox of a connection's tenant.

    `key` stands for the licence, mail and sign-in it was asked under: where they differ by now, it has to be asked
    again. `tries` counts the answers in a row that told nothing.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="purposes", db_index=False)
    object = models.TextField(db_collation="C")
    state = models.TextField()
    purpose = models.TextField(blank=True)
    key = models.CharField(max_length=16)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("connection", "object"), name="purpose_once_an_object"),
            models.CheckConstraint(
                condition=Q(state__in=[purpose_state.value for purpose_state in PurposeState]),
                name="purpose_state_known",
            ),
            models.CheckConstraint(condition=~Q(state=PurposeState.KNOWN.value) | ~Q(purpose=""), name="purpose_named"),
        )

    def __str__(self) -> str:
        return f"{self.object} {self.purpose or self.state}"


class MailboxAccess(models.Model):
    """Whether the mailboxes of a connection's tenant tell anything: `refusal` is the error where none does.

    `grants` stands for what was known to be granted when they were last asked: where that is another now, whoever told
    nothing is asked again at once. `tries` counts the refusals in a row.
    """

    connection = models.OneToOneField(Connection, models.CASCADE, primary_key=True, related_name="mailbox_access")
    grants = models.CharField(max_length=16)
    refusal = models.JSONField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.connection_id} {'refuses' if self.refusal else 'tells'}"


class Sample(models.Model):
    """One reading of a connection, packed. Dropped after a day: it holds more of a directory than the roll does.

    `asked_at` is set while somebody waits for a newer one, `memberships` are the groups it shall tell the members of,
    `error` is why the last try came to nothing.
    """

    connection = models.OneToOneField(Connection, models.CASCADE, primary_key=True, related_name="sample")
    data = models.BinaryField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    memberships = models.JSONField(default=list)
    error = models.JSONField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.connection_id} of {self.read_at}"


class UnfinishedReading(models.Model):
    """What came of a reading that Microsoft asked to go on with later. Whoever goes on deletes it first.

    `key` stands for all that it depends on: where that is another now, it is void.
    """

    domain = models.ForeignKey(Domain, models.CASCADE, related_name="unfinished")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="unfinished")
    key = models.CharField(max_length=64)
    began_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("domain", "connection"), name="unfinished_once_a_domain_and_connection"),
        )

    def __str__(self) -> str:
        return f"{self.domain_id} {self.connection_id} of {self.began_at}"


class UnfinishedPage(models.Model):
    """One page of an unfinished reading: people of the tenant, and a link with its page token."""

    reading = models.ForeignKey(UnfinishedReading, models.CASCADE, related_name="pages", db_index=False)
    number = models.PositiveIntegerField()
    sealed = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("reading", "number"), name="unfinished_page_once"),)

    def __str__(self) -> str:
        return f"{self.reading_id} {self.number}"


class AddressQuestion(models.Model):
    """What a directory has of one address, as somebody asked. Kept for an hour: it holds what the roll does not.

    `answer` is written by `sync/addresses/replies.py`, or `error` (code, message, help) says why there is none.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    domain = models.ForeignKey(Domain, models.CASCADE, related_name="+")
    address = models.TextField(db_collation="C")
    actor = models.TextField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)
    error = models.JSONField(null=True, blank=True)

    def __str__(self) -> str:
        return self.address
