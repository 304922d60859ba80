"""What people change in the roll. Each edit is told who acts, and notes itself in its own transaction."""

from mailroll.directory.edit.alias_domains import add_domain_alias, prove_aliases, remove_domain_alias
from mailroll.directory.edit.decisions import (
    exempt,
    leave_group_to_sync,
    move_user,
    pin,
    set_kind,
    unexempt,
    unpin,
    unset_kind,
)
from mailroll.directory.edit.domains import (
    add_domain,
    add_organization,
    bump_revision,
    expect_empty,
    move_domain,
    next_fence,
    refuse_unproved,
    remove_domain,
    remove_organization,
    rename_organization,
    take_over,
)
from mailroll.directory.edit.exemptions import exempt_object, unexempt_object
from mailroll.directory.edit.groups import MovedGroup, add_group, remove_group, rename_group
from mailroll.directory.edit.owners import give_up_users, leave_groups_to_sync
from mailroll.directory.edit.ownership import prove_domain
from mailroll.directory.edit.pauses import Paused, pause_removals, resume_removals
from mailroll.directory.edit.problems import FieldProblem, Malformed, Taken
from mailroll.directory.edit.question_log import keep_asked
from mailroll.directory.edit.restoration import Restoring, preview_restoring, restore, restore_users, unkeep
from mailroll.directory.edit.service import STALE_HOURS, ServingWay, set_serving
from mailroll.directory.edit.static_list import BadList, LineProblem, Prepared, add_statics, prepare
from mailroll.directory.edit.statics import Static, add_static, change_static, remove_static
from mailroll.directory.edit.support import set_support
from mailroll.directory.edit.users import add_alias, add_user, remove_alias, remove_user, rename_user

__all__ = [
    "STALE_HOURS",
    "BadList",
    "FieldProblem",
    "LineProblem",
    "Malformed",
    "MovedGroup",
    "Paused",
    "Prepared",
    "Restoring",
    "ServingWay",
    "Static",
    "Taken",
    "add_alias",
    "add_domain",
    "add_domain_alias",
    "add_group",
    "add_organization",
    "add_static",
    "add_statics",
    "add_user",
    "bump_revision",
    "change_static",
    "exempt",
    "exempt_object",
    "expect_empty",
    "give_up_users",
    "keep_asked",
    "leave_group_to_sync",
    "leave_groups_to_sync",
    "move_domain",
    "move_user",
    "next_fence",
    "pause_removals",
    "pin",
    "prepare",
    "preview_restoring",
    "prove_aliases",
    "prove_domain",
    "refuse_unproved",
    "remove_alias",
    "remove_domain",
    "remove_domain_alias",
    "remove_group",
    "remove_organization",
    "remove_static",
    "remove_user",
    "rename_group",
    "rename_organization",
    "rename_user",
    "restore",
    "restore_users",
    "resume_removals",
    "set_kind",
    "set_serving",
    "set_support",
    "take_over",
    "unexempt",
    "unexempt_object",
    "unkeep",
    "unpin",
    "unset_kind",
]
