"""The use cases of static addresses in a file that a person looks through first."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.directory.models import Domain, StaticUpload
from mailroll.directory.sheets import statics as sheet
from mailroll.reconcile.errors import BadInput

KEPT = timedelta(days=1)
"""How long a file waits for a decision."""

_NAME_MAX = 200


def preview_file(content: bytes, domain: Domain) -> tuple[edit.Prepared, sheet.Parsed]:
    """Say what a file would do, with what was read of it and left to other domains; nothing is written.

    Raises `BadInput`, and `BadList` with everything that is wrong with it.
    """
    parsed = sheet.parse(content, domain)
    prepared = edit.prepare(domain, parsed.rows)
    if prepared.problems:
        raise edit.BadList.of(prepared.problems)
    return prepared, parsed


def take(content: bytes, domain: Domain, acting: Acting, digest: str | None = None) -> edit.Prepared:
    """Add and change what a file says, all of it or nothing; with a digest exactly what was shown."""
    rows = sheet.parse(content, domain).rows
    return edit.add_statics(domain, rows, acting, digest=digest)


def keep(name: str, content: bytes, domain: Domain, acting: Acting) -> UUID:
    """Keep a good file until a person has looked through it; raises what `preview_file` raises, and keeps none then."""
    preview_file(content, domain)
    now = acting.now()
    with transaction.atomic():
        StaticUpload.objects.filter(domain=domain, uploaded_at__lt=now - KEPT).delete()
        upload = StaticUpload.objects.create(
            domain=domain, name=name[:_NAME_MAX].replace("\0", ""), content=content, uploaded_at=now
        )
    return upload.id


def waiting(upload: UUID, domain: Domain, acting: Acting) -> StaticUpload | None:
    young = StaticUpload.objects.filter(domain=domain, uploaded_at__gte=acting.now() - KEPT)
    return young.filter(id=upload).first()


def confirm(upload: UUID, digest: str, domain: Domain, acting: Acting) -> edit.Prepared:
    """Have a file that waits take effect, exactly as it was shown. Raises `BadList`, `BadInput` and `Refused`."""
    with transaction.atomic():
        row = waiting(upload, domain, acting)
        if row is None:
            raise BadInput("upload_unknown", "This file is no longer here.", "Bring it again.")
        prepared_list = take(bytes(row.content), domain, acting, digest)
        row.delete()
    return prepared_list


def drop(upload: UUID, domain: Domain) -> None:
    """Forget a file that waits; nothing of it was written."""
    StaticUpload.objects.filter(domain=domain, id=upload).delete()
