"""Keeps the list of people a mail gateway protects in step with Microsoft 365."""
