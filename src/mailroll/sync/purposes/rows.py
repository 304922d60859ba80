"""The row of what is known of one mailbox."""

from enum import StrEnum

from django.db import models
from django.db.models import Q


class Known(StrEnum):
    """What came of asking. An error is unknown, never none."""

    KNOWN = "known"
    NONE = "none"
    UNKNOWN = "unknown"


class MailboxPurpose(models.Model):
    """The purpose of one mailbox of a connection's tenant.

    `key` stands for the licence, mail and sign-in it was asked under: where they differ by now, it has to be asked
    again. `tries` counts the answers in a row that told nothing.
    """

    connection = models.ForeignKey("sync.Connection", models.CASCADE, related_name="purposes", db_index=False)
    object = models.TextField(db_collation="C")
    state = models.TextField()
    purpose = models.TextField(blank=True)
    key = models.CharField(max_length=16)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    asked_at = models.DateTimeField()

    class Meta:
        app_label = "sync"
        constraints = (
            models.UniqueConstraint(fields=("connection", "object"), name="purpose_once_an_object"),
            models.CheckConstraint(condition=Q(state__in=[one.value for one in Known]), name="purpose_state_known"),
            models.CheckConstraint(condition=~Q(state=Known.KNOWN.value) | ~Q(purpose=""), name="purpose_named"),
        )

    def __str__(self) -> str:
        return f"{self.object} {self.purpose or self.state}"
