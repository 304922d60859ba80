"""Whether what is here was restored from a backup, and when."""

from datetime import datetime

from django.db.models import Max

from mailroll.directory.models import Domain, Restoration


def restoration_of(domain: Domain) -> Restoration | None:
    """The last restore that a domain went through; None for one that was added since."""
    return Restoration.objects.filter(at__gte=domain.created_at).order_by("-at").first()


def latest_at() -> datetime | None:
    """When this installation was restored last."""
    latest: datetime | None = Restoration.objects.aggregate(at=Max("at"))["at"]
    return latest
