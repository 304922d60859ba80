"""A tenant as large as wanted: its users are made when they are looked at, and only changed ones are kept."""

from random import Random

from mailroll.simulator.tenant import Tenant
from mailroll.simulator.tenants.generated_users import GeneratedUsers, Home
from mailroll.simulator.values import guid

DOMAIN = "vastmoor.example"
_INITIAL = "vastmoor.onmicrosoft.com"


def huge(count: int = 1_000_000, chance: Random | None = None) -> Tenant:
    """Make a tenant of `count` users, most of them licensed people with an alias each."""
    chance = chance or Random(4)
    tenant_id = guid(chance)
    tenant = Tenant("Vastmoor Group", _INITIAL, tenant_id, chance)
    tenant.add_domain(DOMAIN, default=True)
    tenant.users = GeneratedUsers(count, Home(DOMAIN, _INITIAL, tenant.created), chance)
    first = [user.id for user in map(tenant.users.at, range(min(count, 500))) if user is not None]
    tenant.add_group("First floor", kind="distribution", members=first)
    return tenant
