"""What an administrator's consent, and a mere sign-in, leave behind in a tenant."""

from mailroll_simulator.registrations import App, ServicePrincipal
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.values import guid
from mailroll_simulator.world import World


def grant(world: World, app: App, tenant: Tenant, *, delay: float = 0.0) -> ServicePrincipal:
    """Give the app all that its registration asks for, in place of whatever it had.

    For half of `delay` (seconds of the simulator's clock) the tenant does not know a new app at all;
    for the whole of it, tokens lack the roles.
    """
    now = world.clock.timestamp()
    with tenant.lock:
        known = tenant.principals.get(app.client_id)
        tenant.principals[app.client_id] = ServicePrincipal(
            known.id if known else guid(world.chance),
            app.client_id,
            app.permissions,
            known.known_at if known else now + delay / 2,
            now + delay,
        )
        return tenant.principals[app.client_id]


def introduce(world: World, app: App, tenant: Tenant) -> None:
    """Note that somebody of the tenant signed in to the app: it is known there from now on, without any role."""
    now = world.clock.timestamp()
    with tenant.lock:
        if app.client_id not in tenant.principals:
            tenant.principals[app.client_id] = ServicePrincipal(guid(world.chance), app.client_id, (), now, now)


def withdraw(app: App, tenant: Tenant) -> None:
    """Delete the app from the tenant, as an administrator does under its enterprise applications."""
    with tenant.lock:
        tenant.principals.pop(app.client_id, None)
