"""What people change in the roll. Each edit notes itself through the caller's recorder, in its own transaction."""

from mailroll.directory.edit.domains import add_domain, add_group, add_organization, bump_revision, next_fence
from mailroll.directory.edit.owners import give_up_users
from mailroll.directory.edit.recording import Detail, Recorder
from mailroll.directory.edit.users import (
    add_user,
    exempt,
    pin,
    remove_user,
    set_kind,
    unexempt,
    unpin,
    unset_kind,
)

__all__ = [
    "Detail",
    "Recorder",
    "add_domain",
    "add_group",
    "add_organization",
    "add_user",
    "bump_revision",
    "exempt",
    "give_up_users",
    "next_fence",
    "pin",
    "remove_user",
    "set_kind",
    "unexempt",
    "unpin",
    "unset_kind",
]
