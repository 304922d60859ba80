"""Becomes a program that may do no more than a service of ours.

`python -m tests.cli.confined SET... -- WORDS...` takes the sets of calls that SystemCallFilter names; those with `~`
are taken away again. Executable memory cannot be gained either, as MemoryDenyWriteExecute has it, nor privileges.
"""

import ctypes
import errno
import os
import subprocess
import sys
from collections.abc import Iterator

# linux/prctl.h
_NO_NEW_PRIVILEGES, _DENY_EXECUTABLE_MEMORY = 38, 65
# seccomp.h of libseccomp 2.5; EPERM, as SystemCallErrorNumber says.
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1


def main(words: list[str]) -> None:
    filters, program = words[: words.index("--")], words[words.index("--") + 1 :]
    allowed = set(_members("@default"))
    for each in filters:
        if each.startswith("~"):
            allowed -= set(_members(each[1:])) - set(_members("@default"))
        else:
            allowed |= set(_members(each))
    calls = ctypes.CDLL("libseccomp.so.2")
    calls.seccomp_init.restype = ctypes.c_void_p
    table = ctypes.c_void_p(calls.seccomp_init(ctypes.c_uint32(_REFUSE)))
    for name in allowed:
        number = calls.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            calls.seccomp_rule_add(table, ctypes.c_uint32(_ALLOW), number, 0)
    own = ctypes.CDLL(None, use_errno=True)
    for option in (_NO_NEW_PRIVILEGES, _DENY_EXECUTABLE_MEMORY):
        # Linux before 6.3 does not know the second of them.
        if own.prctl(option, 1, 0, 0, 0) and ctypes.get_errno() != errno.EINVAL:
            raise OSError(ctypes.get_errno(), f"prctl {option}")
    if calls.seccomp_load(table):
        raise OSError("the calls could not be taken away")
    os.execv(program[0], program)  # noqa: S606 - the words are ours


def _members(name: str) -> Iterator[str]:
    """Read what a set holds from the systemd that is here; sets may hold sets."""
    if not name.startswith("@"):
        yield name
        return
    words = ["systemd-analyze", "syscall-filter", "--no-pager", name]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout  # noqa: S603 - the words are ours
    for line in told.splitlines()[1:]:
        member = line.strip()
        if member and not member.startswith("#"):
            yield from _members(member)


if __name__ == "__main__":
    main(sys.argv[1:])
