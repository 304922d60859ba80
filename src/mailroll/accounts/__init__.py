"""Operators, and the audit trail of what people and commands did."""
