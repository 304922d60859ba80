"""Which tenant the first segment of a path means."""

from mailroll_simulator.login.aadsts import LoginError
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.world import World

ORGANIZATIONS = "organizations"
SHARED = frozenset((ORGANIZATIONS, "common"))
CONSUMERS = frozenset(("consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"))
# In the metadata of shared paths, for the client to fill in.
PLACEHOLDER = "{tenantid}"


def issuer(world: World, tenant_id: str) -> str:
    return f"{world.login_url}/{tenant_id}/v2.0"


def tenant_of(world: World, name: str) -> Tenant | None:
    """Give the tenant named by id or verified domain, None on a shared path; refuse any other."""
    if name.lower() in SHARED:
        return None
    tenant = None if name.lower() in CONSUMERS else world.tenant(name)
    if tenant is None:
        raise LoginError(
            90002,
            f"Tenant '{name}' not found. Check that you have the correct tenant ID and are signing into "
            "the correct cloud.",
        )
    return tenant
