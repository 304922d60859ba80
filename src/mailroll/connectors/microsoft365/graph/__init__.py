"""Asking Graph: within its limits, with what is granted, and what its refusals mean."""
