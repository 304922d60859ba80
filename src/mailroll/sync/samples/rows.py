"""The row of a sample."""

from django.db import models


class Sample(models.Model):
    """One reading of a connection, packed. Dropped after a day: it holds more of a directory than the roll does.

    `asked_at` is set while somebody waits for a newer one, `memberships` are the groups it shall tell the members of,
    `error` is why the last try came to nothing.
    """

    connection = models.OneToOneField("sync.Connection", models.CASCADE, primary_key=True, related_name="sample")
    data = models.BinaryField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    memberships = models.JSONField(default=list)
    error = models.JSONField(null=True, blank=True)

    class Meta:
        app_label = "sync"

    def __str__(self) -> str:
        return f"{self.connection_id} of {self.read_at}"
