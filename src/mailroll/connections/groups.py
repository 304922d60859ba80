"""The use cases of groups that reach beyond the roll: the sources that lead to a group follow it."""

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.connections.models import Source
from mailroll.directory import edit
from mailroll.directory.models import Domain


def rename(domain: Domain, group: int, name: str, acting: Acting) -> edit.MovedGroup:
    with transaction.atomic():
        moved_group = edit.rename_group(domain, group, name, acting)
        _lead(domain, moved_group)
    return moved_group


def remove(domain: Domain, group: int, acting: Acting) -> edit.MovedGroup:
    """Remove a group: its users go to Main at once, and what led there leads to Main."""
    with transaction.atomic():
        moved_group = edit.remove_group(domain, group, acting)
        _lead(domain, moved_group)
    return moved_group


def _lead(domain: Domain, moved_group: edit.MovedGroup) -> None:
    # The edit has counted a change of the domain's settings: no plan made before can put anybody there any more.
    Source.objects.filter(domain=domain, group=moved_group.before).update(group=moved_group.after)
