"""Operators, what they may do where, and what of the audit trail they may read."""
