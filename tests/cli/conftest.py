"""The command line runs in this process, on this test's database, for a connected customer."""

from tests.sync.conftest import customer, simulator, tenant

__all__ = ["customer", "simulator", "tenant"]
