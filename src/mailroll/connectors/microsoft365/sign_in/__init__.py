"""Signing in at Microsoft: as the application, and as the administrator who consents."""
