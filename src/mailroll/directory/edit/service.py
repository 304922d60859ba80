"""What gateways are told of a domain: served, watched or passed through, with tags or not, and how old it may be."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import note
from mailroll.directory.edit.domains import lock
from mailroll.directory.models import Domain, Serving
from mailroll.reconcile.errors import BadInput

STALE_HOURS: Final = (1, 720)
"""The least and the most hours that a list may be old."""


@dataclass(frozen=True, slots=True)
class ServingWay:
    """How gateways are served with a domain. `stale_hours`: how old a list may be that still refuses anybody."""

    serving: Serving
    plus_tags: bool
    stale_hours: int

    @classmethod
    def of(cls, domain: Domain) -> "ServingWay":
        return cls(Serving(domain.serving), domain.plus_tags, int(domain.stale_after / timedelta(hours=1)))


def set_serving(domain: Domain, way: ServingWay, acting: Acting) -> None:
    """Serve a domain another way; gateways follow at once. Raises `BadInput` for an age outside `STALE_HOURS`."""
    least, most = STALE_HOURS
    if not least <= way.stale_hours <= most:
        raise BadInput(
            "stale_hours_malformed",
            f"A list may be from {least} to {most} hours old.",
            "Give a number of hours; 72 is the usual one.",
        )
    with transaction.atomic():
        lock(domain)
        domain.refresh_from_db()
        had = ServingWay.of(domain)
        if had == way:
            return
        domain.serving, domain.plus_tags = way.serving, way.plus_tags
        domain.stale_after = timedelta(hours=way.stale_hours)
        domain.save(update_fields=("serving", "plus_tags", "stale_after"))
        note(
            acting,
            "domain.serving_set",
            domain,
            before=had.serving.value,
            after=way.serving.value,
            plus_tags=way.plus_tags,
            stale_hours=way.stale_hours,
        )
