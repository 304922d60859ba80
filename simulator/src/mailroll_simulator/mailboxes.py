"""What a fresh object of each kind carries, and what a licence adds to it or takes away."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from mailroll_simulator.licences import LICENCES, assigned_licences, assigned_plans, provisioned_plans, with_status
from mailroll_simulator.values import Json, instant

_LETTERS = {"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "ł": "l", "Ł": "L"}  # letters that do not decompose


class Home(Protocol):
    """What of a tenant a new object is made from."""

    @property
    def default_domain(self) -> str: ...
    @property
    def initial_domain(self) -> str: ...
    @property
    def created(self) -> datetime: ...


def local_part(display_name: str) -> str:
    """Make `given.surname` in ASCII out of a name as it is shown."""
    spelt = "".join(_LETTERS.get(letter, letter) for letter in display_name)
    plain = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode("ascii").lower()
    words = ("".join(letter for letter in word if letter.isalnum() or letter == "-") for word in plain.split())
    return ".".join(word for word in words if word) or "user"


def person_properties(home: Home, display_name: str, *, local: str | None, domain: str | None) -> dict[str, Json]:
    """Give what a person has before any licence: a sign-in name, and no mail."""
    given, _, surname = display_name.partition(" ")
    name = local or local_part(display_name)
    return {
        "accountEnabled": True,
        "createdDateTime": instant(home.created),
        "displayName": display_name,
        "givenName": given,
        "surname": surname or None,
        "mail": None,
        "mailNickname": name[:64],
        "proxyAddresses": (),
        "userPrincipalName": f"{name}@{domain or home.default_domain}",
        "userType": "Member",
        "usageLocation": "GB",
        "preferredLanguage": "en-GB",
    }


def mailbox_properties(
    home: Home, display_name: str, *, local: str, domain: str | None, enabled: bool
) -> dict[str, Json]:
    """Give what a shared mailbox, a room or equipment has: addresses without a licence."""
    address = f"{local}@{domain or home.default_domain}"
    return {
        "accountEnabled": enabled,
        "createdDateTime": instant(home.created),
        "displayName": display_name,
        "mail": address,
        "mailNickname": local[:64],
        "proxyAddresses": [f"SMTP:{address}", f"smtp:{local}@{home.initial_domain}"],
        "userPrincipalName": address,
        "userType": "Member",
    }


def guest_properties(home: Home, display_name: str, mail: str) -> dict[str, Json]:
    return {
        "accountEnabled": True,
        "createdDateTime": instant(home.created),
        "creationType": "Invitation",
        "displayName": display_name,
        "externalUserState": "Accepted",
        "mail": mail,
        "mailNickname": mail.replace("@", "_") + "#EXT#",
        "proxyAddresses": [f"SMTP:{mail}"],
        "userPrincipalName": mail.replace("@", "_") + f"#EXT#@{home.initial_domain}",
        "userType": "Guest",
    }


def contact_properties(display_name: str, mail: str) -> dict[str, Json]:
    given, _, surname = display_name.partition(" ")
    return {
        "displayName": display_name,
        "givenName": given,
        "surname": surname or None,
        "mail": mail,
        "mailNickname": mail.partition("@")[0],
        "proxyAddresses": [f"SMTP:{mail}"],
    }


def group_properties(
    home: Home, display_name: str, kind: str, local: str | None, domain: str | None
) -> dict[str, Json]:
    """Give what a new group has; `kind` is microsoft365, security, mail_security or distribution."""
    mailed = {"microsoft365": True, "security": False, "mail_security": True, "distribution": True}[kind]
    name = local or local_part(display_name).replace(".", "-")
    address = f"{name}@{domain or home.default_domain}"
    found: dict[str, Json] = {
        "createdDateTime": instant(home.created),
        "displayName": display_name,
        "groupTypes": ["Unified"] if kind == "microsoft365" else [],
        "mail": address if mailed else None,
        "mailEnabled": mailed,
        "mailNickname": name,
        "proxyAddresses": [f"SMTP:{address}", f"smtp:{name}@{home.initial_domain}"] if mailed else [],
        "renewedDateTime": instant(home.created),
        "securityEnabled": kind in {"security", "mail_security"},
        "visibility": "Private" if kind == "microsoft365" else None,
    }
    return found


def licensed(properties: Mapping[str, Json], part: str, initial_domain: str, since: str) -> dict[str, Json]:
    """Give what a licence sets: its plans, and addresses where one of them is a mailbox plan."""
    found: dict[str, Json] = {
        "assignedLicenses": assigned_licences((part,)),
        "assignedPlans": assigned_plans((part,), since),
        "provisionedPlans": provisioned_plans((part,)),
    }
    mail = properties.get("mail")
    # Whoever lost the mailbox was left with the initial domain's address, and gets the own one back.
    without = not isinstance(mail, str) or mail.endswith(f"@{initial_domain}")
    if LICENCES[part].mailbox and without:
        upn, nickname = properties["userPrincipalName"], properties["mailNickname"]
        found["mail"] = upn
        found["proxyAddresses"] = [f"SMTP:{upn}", f"smtp:{nickname}@{initial_domain}"]
    return found


def unlicensed(properties: Mapping[str, Json], initial_domain: str) -> dict[str, Json]:
    """Give what is left once all licences are taken: plans marked Deleted, the initial domain's address."""
    address = f"{properties['mailNickname']}@{initial_domain}"
    return {
        "assignedLicenses": [],
        "assignedPlans": with_status(properties.get("assignedPlans"), "Deleted"),
        "provisionedPlans": with_status(properties.get("provisionedPlans"), "Deleted"),
        "mail": address,
        "proxyAddresses": [f"SMTP:{address}"],
    }
