"""Which properties can be filtered by what, with the default engine and with the advanced one."""

from collections.abc import Mapping
from dataclasses import dataclass

_NONE = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Rules:
    """Names of properties by what may be asked of them; `_advanced` needs the header and $count=true."""

    equal: frozenset[str]
    equal_advanced: frozenset[str] = _NONE
    ranged: frozenset[str] = _NONE  # ge and le, for which the same engine is needed as for eq
    starts: frozenset[str] = _NONE
    ends: frozenset[str] = _NONE
    collections: frozenset[str] = _NONE
    collections_advanced: frozenset[str] = _NONE


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_USER = Rules(
    equal=_names(
        "id accountEnabled ageGroup city country creationType department displayName employeeId externalUserState "
        "givenName isResourceAccount jobTitle mail mailNickname onPremisesImmutableId onPremisesLastSyncDateTime "
        "onPremisesSyncEnabled state surname usageLocation userPrincipalName userType"
    ),
    equal_advanced=_names(
        "companyName createdDateTime employeeHireDate employeeType faxNumber mobilePhone officeLocation "
        "onPremisesDistinguishedName onPremisesDomainName onPremisesExtensionAttributes onPremisesSamAccountName "
        "onPremisesSecurityIdentifier onPremisesUserPrincipalName postalCode preferredLanguage showInAddressList "
        "streetAddress"
    ),
    ranged=_names(
        "city companyName country createdDateTime department displayName employeeHireDate employeeId employeeType "
        "faxNumber givenName jobTitle mail mailNickname mobilePhone officeLocation onPremisesImmutableId "
        "onPremisesLastSyncDateTime onPremisesSamAccountName otherMails postalCode preferredLanguage proxyAddresses "
        "state streetAddress surname usageLocation userPrincipalName"
    ),
    starts=_names(
        "city country department displayName givenName jobTitle mail mailNickname proxyAddresses state surname "
        "usageLocation userPrincipalName"
    ),
    ends=_names("mail userPrincipalName otherMails proxyAddresses"),
    collections=_names("assignedLicenses identities imAddresses otherMails proxyAddresses"),
    collections_advanced=_names("assignedPlans provisionedPlans"),
)
_GROUP = Rules(
    equal=_names(
        "id classification createdDateTime displayName hasMembersWithLicenseErrors mail mailEnabled mailNickname "
        "membershipRule onPremisesLastSyncDateTime onPremisesSyncEnabled renewedDateTime securityEnabled"
    ),
    equal_advanced=_names("description expirationDateTime onPremisesSamAccountName preferredLanguage"),
    ranged=_names(
        "classification createdDateTime description displayName expirationDateTime mail mailNickname membershipRule "
        "onPremisesLastSyncDateTime onPremisesSamAccountName preferredLanguage proxyAddresses renewedDateTime"
    ),
    starts=_names("displayName mail mailNickname proxyAddresses"),
    ends=_names("mail proxyAddresses"),
    collections=_names("assignedLicenses groupTypes proxyAddresses"),
)
_CONTACT = Rules(
    equal=_names(
        "id department displayName givenName jobTitle mail mailNickname onPremisesLastSyncDateTime "
        "onPremisesSyncEnabled surname"
    ),
    equal_advanced=_names("companyName"),
    ranged=_names(
        "companyName department displayName givenName jobTitle mail mailNickname onPremisesLastSyncDateTime "
        "proxyAddresses surname"
    ),
    starts=_names("displayName givenName mail mailNickname proxyAddresses surname"),
    ends=_names("mail proxyAddresses"),
    collections=_names("proxyAddresses"),
)

RULES: Mapping[str, Rules] = {"user": _USER, "group": _GROUP, "orgContact": _CONTACT}
ORDERS: Mapping[str, frozenset[str]] = {
    "user": _names("displayName userPrincipalName"),
    "group": _names("displayName"),
    "orgContact": _names("displayName"),
}
