"""What builds the documentation; no part of what is installed."""
