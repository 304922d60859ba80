"""The customer of a run, for those who ask about it."""

from tests.sync.conftest import customer, simulator, tenant

__all__ = ["customer", "simulator", "tenant"]
