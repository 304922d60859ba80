"""How a domain, or an alias domain, is proved by a record in its own zone."""
