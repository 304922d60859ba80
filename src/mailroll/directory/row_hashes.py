"""What each row of a roll says now, as hashes, so that of hardly anybody an object is made to compare it."""

from uuid import UUID

from django.db import transaction

from mailroll.directory import load
from mailroll.reconcile import storage
from mailroll.reconcile.residents import RowHashes


def read(domain: UUID) -> RowHashes:
    """Hash all rows of a domain as they are at one moment; their own `content_hash` is not believed."""
    found = RowHashes()
    with transaction.atomic():
        for user in load.each(domain):
            content = storage.content_hash(
                user.state,
                pinned=user.pinned,
                exempt=user.exempt,
                kind_by_hand=user.kind_by_hand,
                group_by_hand=user.group_by_hand,
            )
            found.add(user.id.bytes, bytes.fromhex(content))
    return found
