"""Permission to read a tenant, and the User Sources of domains that use it."""
