"""What a run has to say beside the guards of the core: what could not be read."""

from collections.abc import Iterator

from mailroll.reconcile.errors import MailrollError
from mailroll.reconcile.findings import Finding, FindingCode
from mailroll.sync.reading import Outcome


def of_reading(outcome: Outcome) -> Iterator[Finding]:
    """Say what a reading lacked. Whoever it is about stays, so it is a warning."""
    for lacking in outcome.lacking:
        if lacking.type is not None:
            yield Finding.of(FindingCode.TYPE_UNREAD, what=f"{lacking.what}s", why=lacking.error.message)
        else:
            yield Finding.of(
                FindingCode.GROUP_NOT_TOLD,
                group=lacking.what,
                why=lacking.error.message,
                help=lacking.error.help,
            )


def of_mailboxes(source: str, refusal: MailrollError) -> Finding:
    """Say that no mailbox of a source's tenant tells what it is for."""
    return Finding.of(FindingCode.MAILBOXES_SILENT, source=source, why=refusal.message, help=refusal.help)
