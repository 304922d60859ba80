"""What a mail server is told of an address, where the list alone does not say it: by the gateway's own verdict."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from mailroll.directory import restorations
from mailroll.directory.models import Address, Domain
from mailroll.gateway.answers import Because, Verdict
from mailroll.insight.why.address_sayings import AddressSaying
from mailroll.insight.why.steps import WhyStep
from mailroll.promises import GRACE

_HOUR = timedelta(hours=1)


def tell(verdict: Verdict, domain: Domain) -> Iterator[WhyStep]:
    """Say what settled an answer for an address of this domain; nothing where the list did."""
    match verdict.because:
        case Because.PASSED:
            yield WhyStep.say(AddressSaying.PASSED, domain=domain.name)
        case Because.POSTMASTER:
            yield WhyStep.say(AddressSaying.POSTMASTER)
        case Because.WAITING:
            yield WhyStep.say(AddressSaying.KNOWN_WAITING)
        case Because.STALE if domain.read_at is None:
            yield unread(AddressSaying.UNREAD, AddressSaying.RESTORED, domain)
        case Because.STALE:
            yield WhyStep.say(
                AddressSaying.STALE, domain.read_at, domain=domain.name, allowed=hours(domain.stale_after)
            )
        case Because.EMPTY:
            yield WhyStep.say(AddressSaying.EMPTY, domain=domain.name)
        case _:
            pass
    if verdict.refused:
        yield WhyStep.say(AddressSaying.WATCHED, domain=domain.name)


def unread(never: AddressSaying, restored: AddressSaying, domain: Domain) -> WhyStep:
    """Say of a list without a reading that there never was one, or that a restore made it so."""
    restoration = restorations.restoration_of(domain)
    if restoration is None:
        return WhyStep.say(never, domain=domain.name)
    return WhyStep.say(restored, restoration.made_at, domain=domain.name)


def accepted_until(verdict: Verdict) -> datetime | None:
    """When an address that ends is no longer accepted; None where it does not end, or nobody can say yet."""
    life = _row(verdict) if verdict.because is Because.ENDING else None
    if life is None or life.ending_since is None or life.confirmed_at is None:
        return None
    return life.ending_since + GRACE


def hours(span: timedelta) -> str:
    """A span as people say it: “72 hours”, “90 minutes”."""
    if span % _HOUR:
        return f"{span // timedelta(minutes=1):,} minutes"
    return f"{span // _HOUR:,} hours" if span != _HOUR else "1 hour"


def _row(verdict: Verdict) -> Address | None:
    return Address.objects.filter(address=verdict.address).first()
