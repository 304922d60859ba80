"""Domains of a tenant, and how /domains and /organization show them."""

from dataclasses import dataclass

from mailroll_simulator.values import Json

MAIL_SERVICES = ("Email", "OfficeCommunicationsOnline", "Intune")


@dataclass(slots=True)
class Domain:
    """A domain name that was added to a tenant; only a verified one is proved to be theirs."""

    name: str
    verified: bool = True
    default: bool = False
    initial: bool = False
    root: bool = True
    services: tuple[str, ...] = MAIL_SERVICES

    def as_domain(self) -> dict[str, Json]:
        return {
            "id": self.name,
            "authenticationType": "Managed",
            "availabilityStatus": None,
            "isAdminManaged": True,
            "isDefault": self.default,
            "isInitial": self.initial,
            "isRoot": self.root,
            "isVerified": self.verified,
            "manufacturer": None,
            "model": None,
            "passwordNotificationWindowInDays": 14,
            "passwordValidityPeriodInDays": 2147483647,
            "state": None,
            "supportedServices": self.services if self.verified else (),
        }

    def as_verified_domain(self) -> dict[str, Json]:
        return {
            "capabilities": ", ".join(self.services),
            "isDefault": self.default,
            "isInitial": self.initial,
            "name": self.name,
            "type": "Managed",
        }
