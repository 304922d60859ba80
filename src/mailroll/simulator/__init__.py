"""A simulated Microsoft 365: tenants, Entra sign-in and Microsoft Graph, to try and test against."""

from mailroll.simulator import tenants
from mailroll.simulator.clock import Clock
from mailroll.simulator.objects import Role
from mailroll.simulator.registrations import App
from mailroll.simulator.simulator import Simulator
from mailroll.simulator.tenant import Tenant

__all__ = ["App", "Clock", "Role", "Simulator", "Tenant", "tenants"]
