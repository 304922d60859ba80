"""A page on which a person plays the tenant: somebody leaves, consent is withdrawn, Microsoft is slow."""
