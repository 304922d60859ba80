"""Connecting a source: its editor, the way to Microsoft and back, links for customers, and what is connected."""
