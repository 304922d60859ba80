"""Django's way to PostgreSQL, with times read quickly."""
