"""The simulated tenant of the bench: `python -m tests.bench.tenant` with the words of the simulator.

Its mailboxes tell nothing. Otherwise a sync asks some of them each time, and hundreds of syncs pass until none is left.
"""

from mailroll_simulator import command

if __name__ == "__main__":
    command.PERMISSIONS = tuple(name for name in command.PERMISSIONS if name != "MailboxSettings.Read")
    command.main()
