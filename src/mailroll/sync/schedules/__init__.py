"""When a domain's turn comes: its interval, its patience after a failure, its quiet spells, and who goes first."""
