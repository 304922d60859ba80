"""The rows of the roll. What a domain's rows refer to lies in the same domain: migration 0028 has the checks."""

from mailroll.directory.models.addresses import Address, StaticNote, StaticUpload, WaitingAddress
from mailroll.directory.models.domains import STALE_AFTER, Domain, DomainAlias, Pause, ProvedBy, Serving
from mailroll.directory.models.organizations import MAIN, Organization, Restoration
from mailroll.directory.models.users import Census, Exemption, Group, Owner, RollCount, RollMark, RollSurvey, User

__all__ = [
    "MAIN",
    "STALE_AFTER",
    "Address",
    "Census",
    "Domain",
    "DomainAlias",
    "Exemption",
    "Group",
    "Organization",
    "Owner",
    "Pause",
    "ProvedBy",
    "Restoration",
    "RollCount",
    "RollMark",
    "RollSurvey",
    "Serving",
    "StaticNote",
    "StaticUpload",
    "User",
    "WaitingAddress",
]
