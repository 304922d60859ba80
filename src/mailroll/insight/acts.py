"""The acts that could do most harm, each a line in the Activity of the organization that it touches, whoever did it.

This is the table: an act that is not in it raises no line.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mailroll.accounts import trail
from mailroll.accounts.models import Membership, Operator
from mailroll.audit.models import AuditEntry
from mailroll.directory import tree
from mailroll.directory.models import Organization
from mailroll.insight import act_entries

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Act:
    """What is said of it, by its subject and details.

    `of_person`: it is about somebody, and concerns where they have a role. `by_others`: only if it was not they who did
    it. `reaches`: it is told below as well, as it takes effect there.
    """

    words: str
    of_person: bool = False
    by_others: bool = False
    reaches: bool = False


ACTS: Final[Mapping[str, Act]] = {
    "invitation.sent": Act("Invited {subject} as {role}"),
    "membership.added": Act("Made {subject} {after}"),
    "membership.changed": Act("Made {subject} {after}, from {before}"),
    "membership.removed": Act("Took a role away from {subject}, who was {before}"),
    "operator.password_changed": Act("Set another password for {subject}", of_person=True, by_others=True),
    "operator.sessions_ended": Act("Ended sessions of {subject}", of_person=True, by_others=True),
    "operator.deactivated": Act("Switched {subject} off", of_person=True),
    "operator.activated": Act("Switched {subject} on", of_person=True),
    "second_factor.taken_away": Act("Took the second factors of {subject} away", of_person=True),
    "organization.second_factor_demand": Act("Changed of whom {subject} demands a second factor", reaches=True),
    "token.added": Act("Made the token {subject}"),
    "token.revoked": Act("Revoked the token {subject}"),
    "domain.added": Act("Added the domain {subject}"),
    "domain.moved_away": Act("Moved the domain {subject} to another organization"),
    "domain.moved_here": Act("Moved the domain {subject} here from another organization"),
    "domain.removed": Act("Removed the domain {subject}"),
    "domain.alias_added": Act("Added the alias domain {alias} to {subject}"),
    "consent_link.made": Act("Made a link that asks for consent, for {subject}"),
    "connection.added": Act("Added a connection to a tenant of Microsoft 365"),
    "source.connected": Act("Connected {subject} to Microsoft 365"),
    "source.disconnected": Act("Disconnected {subject} from Microsoft 365"),
    "source.removed": Act("Removed the source {label} of {subject}"),
    "source.filter_set": Act("Set a filter of {subject}"),
    "domain.serving_set": Act("Set how mail servers are answered for {subject}"),
    "removals.paused": Act("Paused removals of {subject}", reaches=True),
    "removals.resumed": Act("Let removals of {subject} go on", reaches=True),
    "run.released": Act("Released held changes of {subject}"),
    "domain.missing_accepted": Act("Let mail servers lose {count} addresses of {subject}"),
    "gateway.shrink_accepted": Act("Let a list for mail servers lose {addresses} addresses of {subject}"),
    "static.added": Act("Made the static address {subject}"),
    "statics.imported": Act("Brought static addresses of {subject} from a file: {added} new, {changed} changed"),
    "run.exported": Act("Exported the changes of a run of {subject}"),
    "users.exported": Act("Exported the users of {subject}"),
    "people.exported": Act("Exported people and roles of {subject} and below", reaches=True),
    "organization.erased": Act("Erased {subject} with all that was kept of it"),
    "organization.exported": Act("Exported everything of {subject} and below", reaches=True),
    "audit.exported": Act("Exported the audit log of {subject} and below", reaches=True),
}


@dataclass(frozen=True, slots=True)
class ActLine:
    """One line: when, what, by whom, and where if that is not the organization that is looked at."""

    entry: int
    at: datetime
    words: str
    by: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class ActPage:
    """Lines, the latest first; `older` is the id before which the next ones are, None where there are none."""

    lines: Sequence[ActLine]
    older: int | None


def page(place: Organization, reader: Operator, before: int | None = None, size: int = PAGE) -> ActPage:
    """Tell what was done in an organization and below it, to one of its administrators."""
    entries = act_entries.latest(
        place,
        _above(place),
        of_place=[action for action, act in ACTS.items() if not act.of_person],
        of_person=[action for action, act in ACTS.items() if act.of_person],
        by_others=[action for action, act in ACTS.items() if act.by_others],
        reaching=[action for action, act in ACTS.items() if act.reaches],
        before=before,
        size=size + 1,
    )
    page_entries = entries[:size]
    names = trail.organization_names(page_entries)
    speakers = _speakers(page_entries, place, reader)
    lines = [
        ActLine(
            entry.id,
            entry.at,
            said(entry),
            speakers[entry.actor],
            names.get(str(entry.organization), "") if entry.organization not in {None, place.id} else "",
        )
        for entry in page_entries
    ]
    return ActPage(lines, page_entries[-1].id if len(entries) > size else None)


def said(entry: AuditEntry) -> str:
    facts: defaultdict[str, object] = defaultdict(str, entry.details)
    facts["subject"] = entry.subject
    return ACTS[entry.action].words.format_map(facts)


def _above(place: Organization) -> Sequence[Organization]:
    if place.parent is None:
        return ()
    # Nearly always the one above is the top, and it was read with this one.
    return [place.parent] if place.parent.parent_id is None else list(tree.above(place).exclude(id=place.id))


def _speakers(entries: Iterable[AuditEntry], place: Organization, reader: Operator) -> Mapping[str, str]:
    actors = {entry.actor for entry in entries}
    emails = {name for sort, _, name in (actor_text.partition(":") for actor_text in actors) if sort == "operator"} - {
        reader.email
    }
    # Nobody acted, or the reader alone: nothing has to be asked.
    audience = trail.Audience(reader) if emails else None
    operators = {operator.email: operator for operator in Operator.objects.filter(email__in=emails)} if emails else {}
    return {actor: _speaker(actor, place, reader, audience, operators) for actor in actors}


def _speaker(
    actor: str,
    place: Organization,
    reader: Operator,
    audience: trail.Audience | None,
    operators: Mapping[str, Operator],
) -> str:
    """Name who did it: a colleague by name, who comes from above by the organization that they speak for."""
    sort, _, name = actor.partition(":")
    match sort:
        case "operator" if name == reader.email:
            return "you"
        case "operator":
            operator = operators.get(name)
            if audience is not None and audience.knows(name):
                return (operator and operator.name) or name
            return _speaks_for(operator, place) or "somebody who has no role here any more"
        case "cli":
            return f"{name}, on the command line"
        case "schedule":
            return "the automatic sync"
        case "consent-link":
            return "whoever had the link for consent"
        case _:
            return actor


def _speaks_for(operator: Operator | None, place: Organization) -> str:
    """Return the name of the highest organization above in which they have a role: in its name they act."""
    memberships = Membership.objects.filter(operator=operator, organization__in=tree.above(place)).select_related(
        "organization"
    )
    names = {tree.above(membership.organization).count(): membership.organization.name for membership in memberships}
    return names[min(names)] if names else ""
