"""Screens about those who sign in: the way in, second factors, people and roles, the audit log."""
