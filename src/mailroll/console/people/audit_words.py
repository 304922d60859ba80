"""The words of the audit log."""

import re
from collections.abc import Mapping

from django.utils.dateparse import parse_datetime

from mailroll.console.templatetags.words import say_time

_DEEDS = {
    "address.asked": "Directory asked for an address",
    "audit.cleared": "Old entries of the audit log cleared away",
    "automatic.off": "Automatic sync switched off",
    "automatic.on": "Automatic sync switched on",
    "automatic.resumed": "Automatic sync goes on",
    "connect.accepted": "Consent accepted",
    "connect.done": "Connected by consent",
    "connect.refused": "Consent refused",
    "connect.signed_in": "Signed in at Microsoft",
    "connect.started": "Connecting begun",
    "connection.hybrid": "Connection marked as hybrid",
    "connection.not_hybrid": "Connection no longer hybrid",
    "connection.tenant_shared": "Tenant connected for several organizations",
    "domain.claimed": "Domain proved that is another organization's",
    "domain.claimed_elsewhere": "Name proved by another organization, too",
    "domain.looks_like": "Domain added that is easily taken for another",
    "domain.missing_accepted": "A smaller list for mail servers accepted",
    "domain.moved_away": "Domain moved to another organization",
    "domain.serving_set": "Gateway setting changed",
    "gateway.shrink_accepted": "A smaller list for a gateway accepted",
    "gateway.granted": "Database role for mail servers granted",
    "run.details_cleared": "Changes of old runs cleared",
    "installation.begun": "First operator made by the link that was printed",
    "installation.link_refused": "Link of the first run tried in vain",
    "invitation.sent": "Invited",
    "installation.backed_up": "Everything written into a backup",
    "installation.restored": "Everything restored from a backup",
    "keys.made": "Key made in place of a lost one",
    "keys.rotated": "Credentials sealed anew",
    "membership.added": "Role given",
    "membership.changed": "Role changed",
    "membership.removed": "Role taken away",
    "operator.confirmed": "Confirmed that it is them",
    "operator.confirmed_too_soon": "Tried to confirm too often",
    "operator.not_confirmed": "Did not confirm that it is them",
    "identity.connected": "Account of the issuer connected",
    "identity.disconnected": "Account of the issuer disconnected",
    "operator.proved": "Address proved, and the account given to whom it belongs",
    "operator.refused": "Page refused",
    "operator.sign_in_failed": "Sign-in failed",
    "operator.sign_in_too_soon": "Sign-in tried too often",
    "organization.second_factor_demand": "Demand for a second factor",
    "organization.support_set": "Help and tickets set",
    "run.applied": "Plan applied",
    "run.apply_asked": "Apply asked for",
    "run.asked": "Run asked for",
    "run.decision_cancelled": "Decision cancelled before it took effect",
    "run.discarded": "Plan discarded",
    "run.exported": "Changes of a run exported",
    "run.release_asked": "Release asked for",
    "run.released": "Held plan released",
    "second_factor.app_added": "App for codes set up",
    "second_factor.app_removed": "App for codes removed",
    "second_factor.codes_made": "Recovery codes made",
    "second_factor.passkey_added": "Passkey added",
    "second_factor.passkey_removed": "Passkey removed",
    "second_factor.passkey_renamed": "Passkey renamed",
    "second_factor.taken_away": "Second factors taken away",
    "people.exported": "People and roles exported",
    "object.exempted": "Object exempt before it was in the list",
    "source.adopts": "Source takes hand-made users over",
    "source.adopts_nobody": "Source leaves hand-made users alone",
    "source.leaves_contacts": "Source leaves contacts out",
    "source.leaves_groups": "Source leaves groups out",
    "source.leaves_guests": "Source leaves guests out",
    "static.added": "Static address added",
    "static.changed": "Static address changed",
    "static.removed": "Static address removed",
    "statics.imported": "Static addresses imported",
    "user.group_fixed": "Group of a user fixed by hand",
    "user.group_unset": "Group left to the sync",
    "user.kind_unset": "Kind left to the sync",
    "users.groups_unset": "Groups of a source's users left to the sync",
    "users.made_by_hand": "Users of a source kept by hand",
    "alert_channel.added": "Channel of alerts added",
    "alert_channel.changed": "Channel of alerts changed",
    "alert_channel.removed": "Channel of alerts removed",
    "alert_digest.set": "Daily digest of alerts set",
    "alert_rules.inherited": "Rules of alerts left to the organization above",
    "alert_rules.set": "Rules of alerts changed",
    "alert.reopened": "Alert opened again",
    "alert.snoozed": "Alert put off",
    "audit.exported": "Audit log exported",
    "consent_link.refused": "Consent link used in vain",
    "domain.alias_added": "Alias domain added",
    "domain.alias_proved": "Alias domain proved",
    "domain.alias_removed": "Alias domain removed",
    "operator.activated": "Operator switched on",
    "operator.deactivated": "Operator switched off",
    "operator.password_changed": "Password changed",
    "operator.profile_changed": "Profile changed",
    "operator.sessions_ended": "Sessions ended",
    "operator.signed_in": "Signed in",
    "object.unexempted": "Object no longer exempt",
    "source.filter_set": "Filter of a source set",
    "connection.permission_lost": "Permission lost",
    "source.destination_set": "Destination set",
    "source.disabled": "Source switched off",
    "source.enabled": "Source switched on",
    "token.added": "Token made",
    "user.added": "User added by hand",
    "user.alias_added": "Alias added by hand",
    "user.alias_removed": "Alias removed by hand",
    "user.kind_set": "Kind set by hand",
    "user.moved": "User moved to another group",
    "user.removed": "User removed by hand",
    "user.renamed": "User renamed by hand",
    "user.restored": "User restored by hand",
    "user.unexempted": "User no longer exempt",
    "user.unkept": "User no longer kept",
    "user.unpinned": "User no longer pinned",
}


_TIME = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+\+00:00$")
"""A time as it is noted."""
_FOR_PROGRAMS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,}")


def deed(action: str) -> str:
    """Say an action in words: most codes say it themselves, as `group.renamed` does."""
    return _DEEDS.get(action) or action.replace(".", " ", 1).replace("_", " ").capitalize()


def actor(code: str) -> str:
    """Say who did it without doubt: an operator by address, not by a name that two may have."""
    sort, _, name = code.partition(":")
    match sort:
        case "operator":
            return name
        case "cli":
            return f"{name}, on the command line"
        case "schedule":
            return "the automatic sync"
        case "visitor":
            return "somebody not signed in"
        case _:
            return code


def laid_out(details: Mapping[str, object]) -> tuple[tuple[str, str, str], ...]:
    """Lay details out as (name, before, after); where there is no before, the value stands in after.

    Ids and digests are for programs: the exported file has them.
    """
    rows: list[tuple[str, str, str]] = []
    for key, value in details.items():
        stem, _, end = key.rpartition("_")
        if key == "before" or end == "before":
            continue
        if key == "after" or end == "after":
            before = details.get("before" if key == "after" else f"{stem}_before")
            rows.append((_word(stem), _said(before), _said(value)))
        elif value not in (None, "", []) and not _FOR_PROGRAMS.fullmatch(str(value)):
            rows.append((_word(key), "", _said(value)))
    return tuple(rows)


def _word(key: str) -> str:
    return key.replace("_", " ")


def _said(value: object) -> str:
    match value:
        case None | "" | []:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(str(element) for element in value)
        case str() if _TIME.match(value) and (at := parse_datetime(value)) is not None:
            return say_time(at)
        case _:
            return str(value)
