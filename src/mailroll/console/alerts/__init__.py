"""Alerts in the Console: one list, each alert, and what people do with it."""
