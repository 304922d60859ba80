"""What a reading lets one conclude about one object, judged without the pipeline."""

from collections.abc import Iterable
from enum import StrEnum

from mailroll.reconcile.addresses import AddressFault, ProxyRole, canonical, mail_domain
from mailroll.reconcile.filters.model import RuleOperator, rules
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, ObjectType, Purpose, Reading, Record, Scope, Selection, Snapshot
from mailroll.reconcile.reasons import ReasonCode
from tests.reconcile.world import (
    SCOPE,
    trusted,
    usable,
    versions,
)

FILTERED_OUT = ReasonCode.FILTERED_OUT


class Conclusion(StrEnum):
    """What a reading lets one conclude about one object, judged without the pipeline."""

    HERE = "has an address here"
    UNCLEAR = "answered, but cannot be judged"
    NOTHING = "answered, and has no place here"
    GONE = "said to be gone"
    EITHER = "here or not, by a kind that depends on the roll"


def conclusions(key: ExternalId | None, readings: Iterable[Reading], scope: Scope = SCOPE) -> set[Conclusion]:
    """Collect what every trusted reading says of an object; empty where none mentions it."""
    found: set[Conclusion] = set()
    heard = trusted(readings, scope)
    for reading in readings:
        shot = heard.get(reading.source.id)
        if shot is None:
            continue
        if any(broken.id == key for broken in shot.unreadable):
            found.add(Conclusion.UNCLEAR)
        for one in versions(shot).get(key, []) if key else []:
            found.add(_concluded(one, scope, shot, reading.source.selection))
        if key is not None and key in shot.asked and shot.asked[key] is None:
            found.add(Conclusion.GONE)
    return found


def _concluded(one: Record, scope: Scope, shot: Snapshot, selection: Selection) -> Conclusion:
    if one.type is ObjectType.GROUP and one.mail_enabled is False:
        return Conclusion.NOTHING
    if one.proxies is UNSET:
        return Conclusion.UNCLEAR
    if usable(one, scope, shot.verified):
        return _selected(one, shot, selection)
    texts = [proxy.text for proxy in one.proxies if proxy.role is not ProxyRole.OTHER]
    garbled = [text for text in texts if isinstance(canonical(text), AddressFault)]
    accepted = scope.accepts & shot.verified
    if any(mail_domain(text.rpartition("@")[2]) in accepted for text in garbled):
        return Conclusion.UNCLEAR
    only_mail = len(garbled) == len(texts) and isinstance(one.mail, str)
    if only_mail and mail_domain(str(one.mail).rpartition("@")[2]) in accepted:
        return Conclusion.UNCLEAR
    return Conclusion.NOTHING


def _selected(one: Record, shot: Snapshot, selection: Selection) -> Conclusion:
    """Whether a source takes whoever has an address here."""
    if one.type is not ObjectType.USER:
        takes = selection.groups if one.type is ObjectType.GROUP else selection.contacts
        return Conclusion.HERE if takes else Conclusion.NOTHING
    own = one.mailbox_plan is True or isinstance(one.purpose, Purpose)
    if one.guest and not own and not selection.guests:
        return Conclusion.NOTHING
    if selection.filter is None:
        return Conclusion.HERE
    ((_, rule),) = rules(selection.filter.group)
    if rule.field == "kind":
        return Conclusion.EITHER
    if rule.field == "memberOf":
        members = shot.memberships.get(str(rule.value), UNSET)
        return Conclusion.UNCLEAR if members is UNSET else Conclusion.HERE if one.id in members else Conclusion.NOTHING
    value = one.attributes["department"]
    if value is UNSET:
        return Conclusion.UNCLEAR
    return Conclusion.HERE if (value == rule.value) == (rule.operator is RuleOperator.IS) else Conclusion.NOTHING
