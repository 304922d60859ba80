"""Readers of outside directories. Each turns one kind of directory into the core's records."""
