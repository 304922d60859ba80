"""A customer of a provider, for every test of alerts."""

from tests.sync.conftest import customer, simulator, tenant

__all__ = ["customer", "simulator", "tenant"]
