"""What a run has to say beside the guards: what could not be read, what is not proved, and what is twice."""

from collections.abc import Container, Iterable, Iterator
from datetime import datetime
from itertools import chain

from django.db.models import QuerySet

from mailroll.connectors.words import parted
from mailroll.directory import pauses, queries
from mailroll.directory.models import Domain
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import MailrollError
from mailroll.reconcile.findings import Finding, FindingCode
from mailroll.sync.models import Run, RunState
from mailroll.sync.readings.reading import ReadingOutcome


def of_reading(outcome: ReadingOutcome) -> Iterator[Finding]:
    """Say what a reading lacked. Whoever it is about stays, so it is a warning.

    Two connections that lack the same differ in what Microsoft's support asks for alone: that is said once.
    """
    gaps = chain.from_iterable(outcome.lacking.values())
    for lacking in {(gap.what, gap.type, parted(gap.error.message)[0]): gap for gap in gaps}.values():
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


def last_proved(domain: Domain, names: Iterable[DomainName]) -> dict[DomainName, datetime]:
    """When each alias domain was last not missed by a reading that took effect; none where there was no such."""
    runs = Run.objects.filter(domain=domain, state__in=(RunState.APPLIED, RunState.UNCHANGED), read_at__isnull=False)
    newest_by_name = {name: _newest(runs.exclude(findings__contains=[_unproved(name)])) for name in names}
    return {name: at for name, at in newest_by_name.items() if at is not None}


def _newest(runs: "QuerySet[Run]") -> datetime | None:
    return runs.order_by("-read_at").values_list("read_at", flat=True).first()


def _unproved(name: DomainName) -> dict[str, object]:
    return {"code": FindingCode.DOMAIN_UNPROVED.value, "facts": {"domain": name}}


def of_names(domain: Domain, claimed: Container[str]) -> Iterator[Finding]:
    """Tell of a domain, or an alias domain of it, that is proved twice; neither side learns who the other is.

    `claimed`: what tenants have verified whose word is no proof.
    """
    for name in queries.names(domain.id):
        if name.is_own:
            if name.is_claimed:
                yield Finding.of(FindingCode.DOMAIN_CLAIMED, domain=name.text)
        elif name.is_of_another:
            yield Finding.of(FindingCode.ALIAS_PROVED_ELSEWHERE, domain=name.text)
        elif name.is_proved and name.is_claimed:
            yield Finding.of(FindingCode.ALIAS_CLAIMED, domain=name.text)
        elif not name.is_proved and name.text in claimed:
            yield Finding.of(FindingCode.ALIAS_NOT_VOUCHED, domain=name.text)


def of_pauses(domain: Domain) -> Finding | None:
    """Say that removals are paused, and since when; of several pauses the oldest speaks."""
    standing_pauses = pauses.over(domain)
    if not standing_pauses:
        return None
    reach, since = pauses.reach(standing_pauses[0], domain), f"{standing_pauses[0].since:%Y-%m-%d %H:%M} UTC"
    return Finding.of(FindingCode.REMOVALS_PAUSED, where=reach, since=since)
