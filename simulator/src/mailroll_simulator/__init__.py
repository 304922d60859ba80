"""A simulated Microsoft 365: tenants, Entra sign-in and Microsoft Graph, to try and test against."""

from mailroll_simulator import tenants
from mailroll_simulator.clock import Clock
from mailroll_simulator.objects import Role
from mailroll_simulator.registrations import App
from mailroll_simulator.simulator import Simulator
from mailroll_simulator.tenant import Tenant

__all__ = ["App", "Clock", "Role", "Simulator", "Tenant", "tenants"]
