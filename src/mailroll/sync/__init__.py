"""Connections, sources and runs: reading outside directories into the roll, and every decision about it."""
