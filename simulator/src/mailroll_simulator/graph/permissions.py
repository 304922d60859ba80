"""Which application permissions open what: any one of a set is enough."""

from collections.abc import Mapping

DIRECTORY = frozenset(("Directory.Read.All", "Directory.ReadWrite.All"))

USERS = DIRECTORY | {"User.Read.All", "User.ReadWrite.All"}
USERS_BASIC = USERS | {"User.ReadBasic.All"}
GROUPS = DIRECTORY | {"GroupMember.Read.All", "GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All"}
GROUPS_BASIC = GROUPS | {"Group.ReadBasic.All"}
MEMBERS = GROUPS | {"GroupMember.ReadBasic.All"}
MEMBERSHIPS = GROUPS_BASIC | USERS
HIDDEN_MEMBERS = frozenset(("Member.Read.Hidden",))
CONTACTS = DIRECTORY | {"OrgContact.Read.All"}
ROLES = DIRECTORY | {"RoleManagement.Read.Directory", "RoleManagement.Read.All"}
DOMAINS = DIRECTORY | {"Domain.Read.All", "Domain.ReadWrite.All"}
ORGANIZATION = DIRECTORY | {"Organization.Read.All", "Organization.ReadWrite.All"}
ORGANIZATION_BASIC = ORGANIZATION | USERS_BASIC
LICENCES = ORGANIZATION | {"LicenseAssignment.Read.All"}
PLACES = frozenset(("Place.Read.All", "Place.ReadWrite.All"))
MAILBOX_SETTINGS = frozenset(("MailboxSettings.Read", "MailboxSettings.ReadWrite"))
DELETED_GROUPS = DIRECTORY | {"Group.Read.All", "Group.ReadWrite.All"}
SIGN_INS = frozenset(("AuditLog.Read.All",))

# What opens objects of one kind where several kinds come together.
BY_KIND: Mapping[str, frozenset[str]] = {
    "user": USERS,
    "group": GROUPS_BASIC,
    "orgContact": CONTACTS,
    "directoryRole": ROLES,
}
# All that User.ReadBasic.All shows of a user.
BASIC_USER = frozenset("id displayName givenName surname mail userPrincipalName userType mailNickname".split())
BASIC_ORGANIZATION = frozenset("id displayName verifiedDomains".split())
