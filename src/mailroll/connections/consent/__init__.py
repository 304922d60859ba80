"""How a source gets permission to read a tenant: sign-in, consent, proof, and only then a connection."""
