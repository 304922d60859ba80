"""A customer with a life behind it, and a neighbour whom nothing of it may touch."""

from tests.sync.conftest import customer, simulator, tenant

__all__ = ["customer", "simulator", "tenant"]
