"""What an alert says: what happened, what it means for mail, what to do, and the page for that. Plain text, no HTML.

Nothing is kept of it: each sentence follows from the facts of the alert, so that it is true of how things stand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.http import urlencode

from mailroll import promises
from mailroll.alerts.causes import AlertCause
from mailroll.alerts.models import Alert
from mailroll.connectors.words import headline
from mailroll.insight import actions
from mailroll.insight.actions import Sign
from mailroll.reconcile import severity
from mailroll.reconcile.findings import Level
from mailroll.sync import store

Say = Callable[[datetime], str]
"""How a time is written: as in “today 09:02” on a page, with its zone in a letter."""
DomainNames = Mapping[Any, str]
"""What the domains of an alert are called in an address of the Console, by their ids."""

_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class AlertWords:
    """What is said of an alert. `named` are names that others chose, which a letter sets apart from its sentences."""

    title: str
    meaning: str
    cure: str
    path: str
    named: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """What happened in one line, with the names."""
        return f"{self.title}: {', '.join(self.named)}" if self.named else self.title


def utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def describe(alert: Alert, names: DomainNames, say: Say = utc) -> AlertWords:
    return _OF_CAUSE[AlertCause(alert.cause)](_Subject(alert, names, say))


@dataclass(frozen=True, slots=True)
class _Subject:
    """An alert, the names of its domains, and how times are written: what a sentence is made of."""

    alert: Alert
    names: DomainNames
    say: Say

    @property
    def facts(self) -> Mapping[str, Any]:
        facts: Mapping[str, Any] = self.alert.facts
        return facts

    def time(self, fact: str) -> str:
        return self.say(datetime.fromisoformat(str(self.facts[fact])))

    def connection(self) -> str:
        return reverse("console:connection", args=[self.facts["connection"]])

    def page(self, name: str) -> str:
        """A page of the domain that it is about; home where that is not here any more."""
        domain = self._domain()
        return reverse(f"console:{name}", args=[domain]) if domain else reverse("console:home")

    def run(self) -> str:
        domain = self._domain()
        return reverse("console:run", args=[domain, self.facts["run"]]) if domain else reverse("console:home")

    def _domain(self) -> str:
        """The one that the facts name, else the first that is still here."""
        key = self.facts.get("domain")
        domains = [domain for domain in self.alert.domains if str(domain) == key] or self.alert.domains
        return next((self.names[domain] for domain in domains if domain in self.names), "")


def _sync_failed(of: _Subject) -> AlertWords:
    error, times = of.facts.get("error") or {}, int(of.facts["times"])
    title = "The last sync failed" if times == 1 else f"{times:,} syncs in a row failed"
    reason = headline(str(error.get("message", "")))
    meaning = " ".join(part for part in (f"{reason}." if reason else "", "The list stays as it was last read.") if part)
    return AlertWords(title, meaning, "Look", of.run())


def _sync_late(of: _Subject) -> AlertWords:
    several = len(of.alert.domains) > 1
    title = f"Syncs of {len(of.alert.domains):,} domains are late" if several else "A sync is late"
    due = f"{'The first' if several else 'It'} was due {of.time('due')}, and no worker has taken it up."
    return AlertWords(title, f"{due} The list{'s stay' if several else ' stays'} in use.", "Look", of.page("domain"))


def _no_access(of: _Subject) -> AlertWords:
    error = of.facts.get("error") or {}
    reason = headline(str(error.get("message", "")))
    title = reason or "Microsoft 365 refuses access"
    if of.alert.state:
        meaning = "Nothing can be read, and a list is too old to tell who is unknown: such mail is put off."
    else:
        meaning = "Nothing can be read: who is new is not in the list yet, and all others get mail as before."
    return AlertWords(title, meaning, "Reconnect", of.connection())


def _list_old(of: _Subject) -> AlertWords:
    several = len(of.alert.domains) > 1
    title = "The lists are old" if several else "The list is old"
    since = f"{'The oldest' if several else 'It'} was read {of.time('read_at')}."
    if of.alert.state:
        after = f"After {int(of.facts['stale_hours'])} hours gateways are not told any more that somebody is unknown"
        return AlertWords(title, f"{since} {after}: such mail is put off.", "Look", of.page("domain"))
    return AlertWords(title, f"{since} Who has joined since may be refused.", "Look", of.page("domain"))


def _removals_wait(of: _Subject) -> AlertWords:
    counts, findings = of.facts["counts"], store.findings_from_json(of.facts["findings"])
    removals = actions.number(counts, Sign.REMOVE)
    whole_plan = severity.level(findings) is Level.HOLDS_PLAN or not removals
    number = actions.number(counts, *Sign) if whole_plan else removals
    outcome = "Nothing was changed" if whole_plan else "Nobody was removed"
    if not number or not severity.releasable(findings):
        title = "A plan waits for another reading"
        return AlertWords(title, f"{outcome}. Mend what it names, then read again.", "Review", of.run())
    noun = "change" if whole_plan else "removal"
    title = f"{number:,} {noun}{'' if number == 1 else 's'} wait{'s' if number == 1 else ''} for you"
    until = of.facts.get("until")
    decide = f" Decide before {of.time('until')}, or the plan is dropped." if until else ""
    return AlertWords(title, f"{outcome}.{decide}", "Review", of.run())


def _permission_missing(of: _Subject) -> AlertWords:
    lacking = [str(name) for name in of.facts["names"]]
    title = f"{'A permission is' if len(lacking) == 1 else 'Permissions are'} missing: {', '.join(lacking)}"
    meaning = "What it is for cannot be read until it is granted. Mail is accepted as before."
    if not of.facts["needed"]:
        meaning = "It was granted once. What it is for is not read any more; mail is accepted as before."
    return AlertWords(title, meaning, "See permissions", of.connection())


def _secret_ends(of: _Subject) -> AlertWords:
    credential = "certificate" if of.facts["credential"] == "certificate" else "client secret"
    ends_at = of.time("ends_at")
    if of.facts["ended"]:
        meaning = "Syncs stop until it is renewed. The lists stay in use, and who is new is not in them."
        return AlertWords(f"The {credential} ended {ends_at}", meaning, "Renew", of.connection())
    meaning = "Then syncs stop. The lists stay in use, and who is new is not in them."
    return AlertWords(f"The {credential} ends {ends_at}", meaning, "Renew", of.connection())


def _domain_unknown(of: _Subject) -> AlertWords:
    strange = [str(name) for name in of.facts["names"]]
    several = len(strange) > 1
    title = (
        f"{len(strange):,} domains of the tenant are not in this Console"
        if several
        else ("A domain of the tenant is not in this Console")
    )
    more = (f"and {len(strange) - _FEW:,} more",) if len(strange) > _FEW else ()
    meaning = "Microsoft 365 has verified it. Where mail for it comes through a gateway, nobody in it is in a list."
    if several:
        meaning = "Microsoft 365 has verified them. Where their mail comes through a gateway, nobody is in a list."
        return AlertWords(title, meaning, "See them", of.connection(), (*strange[:_FEW], *more))
    place = urlencode({"name": strange[0], "organization": str(of.alert.organization_id)})
    return AlertWords(title, meaning, "Add it", f"{reverse('console:domain-add')}?{place}", (strange[0],))


def _static_due(of: _Subject) -> AlertWords:
    number = int(of.facts["count"])
    title = f"{number:,} static addresses are due for review" if number > 1 else "A static address is due for review"
    meaning = "Mail for it is accepted until somebody removes it. Ask its owner whether it is still needed."
    if number > 1:
        meaning = "Mail for them is accepted until somebody removes them. Ask their owners whether they are needed."
    return AlertWords(title, meaning, "Review", of.page("statics"))


def _gateway_silent(of: _Subject) -> AlertWords:
    name = str(of.facts["name"])
    meaning = f"It asked last {of.time('last_at')}. It may use an old list, which lacks who came since."
    title = f"The gateway ({of.facts['kind']}) no longer asks"
    return AlertWords(title, meaning, "Check gateway", of.page("gateway"), (name,) if name else ())


def _would_refuse(of: _Subject) -> AlertWords:
    number = int(of.facts["count"])
    times = "once" if number == 1 else f"{number:,} times"
    title = f"Mail servers asked {times} for addresses that are not in the list"
    meaning = (
        f"That was within {promises.in_words(promises.ASKED)}. None of these was refused, as it is watched only."
        " Look who is missing before the list is served."
    )
    return AlertWords(title, meaning, "See whom", of.page("gateway"))


def _channel_fails(of: _Subject) -> AlertWords:
    meaning = f"{headline(str(of.facts['answer']))}. What is told there alone is not heard; other channels work on."
    path = reverse("console:alert-rules", args=[of.alert.organization_id])
    return AlertWords("A channel of alerts fails", meaning, "See channels", path, (str(of.facts["name"]),))


_OF_CAUSE: Final[Mapping[AlertCause, Callable[[_Subject], AlertWords]]] = {
    AlertCause.SYNC_FAILED: _sync_failed,
    AlertCause.SYNC_LATE: _sync_late,
    AlertCause.NO_ACCESS: _no_access,
    AlertCause.LIST_OLD: _list_old,
    AlertCause.REMOVALS_WAIT: _removals_wait,
    AlertCause.PERMISSION_MISSING: _permission_missing,
    AlertCause.SECRET_ENDS: _secret_ends,
    AlertCause.DOMAIN_UNKNOWN: _domain_unknown,
    AlertCause.STATIC_DUE: _static_due,
    AlertCause.GATEWAY_SILENT: _gateway_silent,
    AlertCause.WOULD_REFUSE: _would_refuse,
    AlertCause.CHANNEL_FAILS: _channel_fails,
}
