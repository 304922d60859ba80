"""The groups of a domain."""
