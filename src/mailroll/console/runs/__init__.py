"""Runs: under way, as a preview, held, done; and the history of a domain."""
